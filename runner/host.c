/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - `confine host`: what this host can enforce for this caller, why not, and what to do.
 * Every line was found by setting up a real run and ending it before its exec; what no run needed
 * is not called there.
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/host_guidance.h"
#include "runner/programs.h"
#include "runner/trial.h"
#include <string.h>
#include <sys/utsname.h>

#define EXIT_USAGE     2
#define EXIT_NOT_READY 3
#define EXIT_INTERNAL  70
#define EXIT_OUTPUT    74

/* What the policy of this host does not need is tried by runs of these. */
static const char *const trials[] = {
	"{\"syscalls\":{\"mode\":\"default\",\"refuse\":[\"ptrace\"]}}",
	"{\"filesystem\":{\"mode\":\"off\"}}",
	/* documentation (RFC 5737): nobody is there, and nothing is sent */
	"{\"network\":{\"mode\":\"allowlist\",\"allow\":[\"192.0.2.1\"]}}",
};

enum state {
	STATE_YES,
	STATE_NO,
	STATE_NOT_TRIED
};
static const char *const state_words[] = { "yes", "no", "not tried" };

struct host {
	struct arena arena;
	bool json;
	struct policy policy;
	struct policy_source source;
	struct policy_wish wish; /* --policy, --profile */
	struct attempt *attempt; /* under the policy that applies */
	const char *failure;     /* no run could be set up, or NULL */
	struct {
		enum state state;
		const char *evidence; /* the step that worked, or how a try ended */
	} found[CAPABILITY_COUNT];
	struct guidance guidance[GUIDANCE_MAX];
	size_t guidance_count;
};

/* --- measuring --- */

static void learn(struct host *host, const struct attempt *attempt, bool stood)
{
	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
		const char *step;

		if (host->found[i].state == STATE_NO)
			continue;
		if (!attempt->caps.is[i].here) {
			host->found[i].state = STATE_NO;
			host->found[i].evidence =
				arena_strdup(&host->arena, attempt->caps.is[i].why);
		} else if (stood && host->found[i].state == STATE_NOT_TRIED &&
			   trial_has_tried(attempt, i, &step)) {
			host->found[i].state = STATE_YES;
			host->found[i].evidence = step;
		}
	}
}

/* A run that cannot be set up is what this host has to say, not a failure of ours. */
static void try_policy(struct host *host, const struct policy *policy, char **argv,
		       struct attempt *attempt)
{
	struct err err;
	bool stood =
		trial_make(policy, &host->source, argv, &host->arena, attempt, &err) == 0;

	if (!stood && !host->failure)
		host->failure = arena_strdup(&host->arena, err.msg);
	learn(host, attempt, stood);
}

static int try_more(struct host *host, char **argv, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(trials); i++) {
		owned_mem struct attempt *attempt = attempt_new();
		struct policy policy;

		if (policy_load(PROFILE_DEFAULT, "trial", trials[i], strlen(trials[i]),
				NULL, 0, NULL, NULL, &host->arena, &policy, err) < 0)
			return -1;
		try_policy(host, &policy, argv, attempt);
	}
	return 0;
}

static int measure(struct host *host, char **argv, struct err *err)
{
	struct capabilities *caps = &host->attempt->caps;

	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		host->found[i].state = STATE_NOT_TRIED;
	if (policy_find(&host->wish, &host->arena, &host->policy, &host->source, err) < 0)
		return -1;
	try_policy(host, &host->policy, argv, host->attempt);
	if (host->failure)
		return 0;
	if (try_more(host, argv, err) < 0)
		return -1;
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		if (host->found[i].state == STATE_NO)
			caps->is[i].here = false;
	host->guidance_count = host_guidance(caps, &host->arena, host->guidance);
	return 0;
}

static bool is_ready(const struct host *host)
{
	return host->policy.enabled && !host->failure &&
	       host->attempt->claims.downgrade_count == 0;
}

/* What was planned is in force only where a run could be set up. */
static bool is_enforced(const struct host *host, enum layer_id layer)
{
	return !host->failure && host->attempt->claims.enforced[layer];
}

/* --- text --- */

static void print_capabilities(const struct host *host)
{
	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
		enum state state = host->found[i].state;

		printf("  %-40s %s", capability_names[i], state_words[state]);
		if (state == STATE_YES)
			printf(": %s\n", host->found[i].evidence);
		else
			printf("\n    why: %s\n",
			       host->found[i].evidence
				       ? host->found[i].evidence
				       : "no step of any trial needed it");
	}
}

static void print_layers(const struct host *host)
{
	const struct plan *plan = &host->attempt->claims;

	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		printf("  %-12s %-13s %s\n", layer_names[i],
		       is_enforced(host, i) ? "enforced" : "not enforced",
		       plan->mechanism[i] ? plan->mechanism[i] : "none");
	for (size_t i = 0; i < plan->downgrade_count; i++)
		printf("  missing: %s: %s\n", layer_names[plan->downgrades[i].layer],
		       plan->downgrades[i].text);
	for (size_t i = 0; i < plan->note_count; i++)
		printf("  note: %s: %s\n", layer_names[plan->notes[i].layer],
		       plan->notes[i].text);
}

static void print_readiness(const struct host *host)
{
	const struct policy *policy = &host->policy;

	if (host->failure)
		printf("not ready: no run can be set up: %s\n", host->failure);
	else if (is_ready(host))
		puts("ready: the policy is enforced on this host");
	else if (!policy->enabled)
		puts("not ready: the policy is disabled, nothing is confined");
	else
		printf("not ready: runs are %s\n",
		       policy->on_unavailable == ON_UNAVAILABLE_FAIL ? "refused"
								     : "degraded");
	if (host->guidance_count)
		puts("what to do for what is missing:");
	for (size_t i = 0; i < host->guidance_count; i++) {
		const struct guidance *item = &host->guidance[i];

		printf("  %s: %s\n", capability_names[item->capability], item->text);
		if (item->command)
			printf("    # %s\n", item->command);
	}
}

static void print_text(struct host *host)
{
	struct utsname kernel;

	(void)uname(&kernel); /* it fails on a bad pointer alone */
	printf("%s, Linux %s, found by trying as uid %u:\n",
	       host_distribution(&host->arena), kernel.release, host->attempt->caps.uid);
	print_capabilities(host);
	printf("with the policy that applies (%s):\n", host->source.reason);
	print_layers(host);
	print_readiness(host);
}

/* --- JSON: confine-host/1 --- */

static void add_capabilities(const struct host *host, struct json *document)
{
	struct json *list = json_add_array(document, "capabilities");

	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
		struct json *item = json_object();

		json_add_string(item, "name", capability_names[i]);
		json_add_string(item, "state", state_words[host->found[i].state]);
		if (host->found[i].evidence)
			json_add_text(item, "evidence", host->found[i].evidence);
		else
			json_add_null(item, "evidence");
		json_append(list, item);
	}
}

static void add_remarks(struct json *document, const char *key,
			const struct plan_remark *remarks, size_t count)
{
	struct json *list = json_add_array(document, key);

	for (size_t i = 0; i < count; i++) {
		struct json *item = json_object();

		json_add_string(item, "layer", layer_names[remarks[i].layer]);
		json_add_text(item, "text", remarks[i].text);
		json_append(list, item);
	}
}

static void add_plan(const struct host *host, struct json *document)
{
	const struct plan *plan = &host->attempt->claims;
	struct json *layers_list = json_add_object(document, "layers");
	struct json *promises = json_add_object(document, "promises");

	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		struct json *item = json_add_object(layers_list, layer_names[i]);

		json_add_bool(item, "enforced", is_enforced(host, i));
		json_add_text(item, "mechanism",
			      plan->mechanism[i] ? plan->mechanism[i] : "none");
	}
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		if (!host->failure && plan->promises[i] != PROMISE_NOTHING)
			json_add_string(promises, requirement_ids[i],
					promise_words[plan->promises[i]]);
	add_remarks(document, "reasons", plan->downgrades, plan->downgrade_count);
	add_remarks(document, "notes", plan->notes, plan->note_count);
}

static void add_guidance(const struct host *host, struct json *document)
{
	struct json *list = json_add_array(document, "guidance");

	for (size_t i = 0; i < host->guidance_count; i++) {
		const struct guidance *given = &host->guidance[i];
		struct json *item = json_object();

		json_add_string(item, "capability", capability_names[given->capability]);
		json_add_text(item, "text", given->text);
		if (given->command)
			json_add_text(item, "command", given->command);
		else
			json_add_null(item, "command");
		json_append(list, item);
	}
}

static int print_json(struct host *host, struct err *err)
{
	owned_json struct json *document = json_object();
	struct utsname kernel;

	(void)uname(&kernel); /* it fails on a bad pointer alone */
	json_add_string(document, "schema", "confine-host/1");
	json_add_string(document, "version", CONFINE_VERSION);
	json_add_text(document, "distribution", host_distribution(&host->arena));
	json_add_text(document, "kernel", kernel.release);
	json_add_u64(document, "uid", host->attempt->caps.uid);
	json_add_bool(document, "ready", is_ready(host));
	if (host->failure)
		json_add_text(document, "failure", host->failure);
	else
		json_add_null(document, "failure");
	json_add(document, "policy", policy_source_to_json(&host->source));
	add_capabilities(host, document);
	add_plan(host, document);
	add_guidance(host, document);
	return json_write_file("-", document, true, err);
}

/* --- the command --- */

static int set_profile(struct host *host, const char *name, struct err *err)
{
	for (unsigned int i = 0; i < PROFILE_COUNT; i++)
		if (str_equal(name, profile_names[i])) {
			host->wish.profile = i;
			host->wish.has_profile = true;
			return 0;
		}
	return err_policy(err, "options",
			  "--profile %.100s: default, permissive or fail-closed", name);
}

static int parse(struct host *host, int argc, char **argv, bool *help, struct err *err)
{
	host->wish.profile = PROFILE_DEFAULT;
	for (int i = 1; i < argc; i++) {
		bool policy = str_equal(argv[i], "--policy");

		if (str_equal(argv[i], "--help"))
			*help = true;
		else if (str_equal(argv[i], "--json"))
			host->json = true;
		else if (!policy && !str_equal(argv[i], "--profile"))
			return err_policy(err, "options",
					  "unexpected argument %.100s: --policy, "
					  "--profile, --json or --help",
					  argv[i]);
		else if (i + 1 == argc)
			return err_policy(err, "options", "%s needs %s", argv[i],
					  policy ? "FILE" : "NAME");
		else if (policy)
			host->wish.file = argv[++i];
		else if (set_profile(host, argv[++i], err) < 0)
			return -1;
	}
	return 0;
}

static int print_help(void)
{
	puts("usage: confine host [--policy FILE] [--profile NAME] [--json]\n\n"
	     "  --policy FILE           judge this policy, not the one that applies; - "
	     "reads\n"
	     "                          standard input\n"
	     "  --profile NAME          that it is laid over, or that is judged itself: "
	     "default,\n"
	     "                          permissive or fail-closed\n"
	     "  --json                  the same as one JSON document (confine-host/1)\n"
	     "  --help                  this text\n\n"
	     "exit: 0 the policy that applies is enforced here; 3 it is not; 2 wrong "
	     "usage;\n"
	     "70 our own failure; 74 cannot write");
	return 0;
}

static int finish(int status, int result, const struct err *err)
{
	if (result < 0)
		fprintf(stderr, "confine host: %s\n", err->msg);
	if (fflush(stdout) == EOF)
		return EXIT_OUTPUT;
	return status;
}

int host_main(int argc, char **argv)
{
	struct host host = { .attempt = attempt_new() };
	struct err err = { 0 };
	bool help = false;
	int result = parse(&host, argc, argv, &help, &err);
	int status = result < 0 ? EXIT_USAGE : 0;

	if (result == 0 && !help) {
		result = measure(&host, argv, &err);
		status = result < 0        ? EXIT_INTERNAL
			 : is_ready(&host) ? 0
					   : EXIT_NOT_READY;
	}
	if (result == 0 && help) {
		(void)print_help();
	} else if (result == 0 && host.json) {
		result = print_json(&host, &err);
		status = result < 0 ? EXIT_OUTPUT : status;
	} else if (result == 0) {
		print_text(&host);
	}
	free(host.attempt);
	arena_done(&host.arena);
	return finish(status, result, &err);
}
