/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - `confine host`: what this host can enforce for this caller, why not, and what to do.
 * Every line was found by setting up a real run and ending it before its exec.
 */
#include "runner/attempt.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/programs.h"
#include <string.h>

static void print_capabilities(const struct capabilities *caps)
{
	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
		printf("  %-34s %s\n", capability_names[i],
		       caps->is[i].here ? "yes" : "no");
		if (caps->is[i].here)
			continue;
		printf("    why: %s\n", caps->is[i].why);
		if (capability_advice[i])
			printf("    do:  %s\n", capability_advice[i]);
	}
}

static void print_layers(const struct plan *plan)
{
	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		printf("  %-12s %-13s %s\n", layer_names[i],
		       plan->enforced[i] ? "enforced" : "not enforced",
		       plan->mechanism[i] ? plan->mechanism[i] : "none");
	for (size_t i = 0; i < plan->downgrade_count; i++)
		printf("  missing: %s: %s\n", layer_names[plan->downgrades[i].layer],
		       plan->downgrades[i].text);
	for (size_t i = 0; i < plan->note_count; i++)
		printf("  note: %s: %s\n", layer_names[plan->notes[i].layer],
		       plan->notes[i].text);
}

int host_main(int argc, char **argv)
{
	static const char *const policy_text = "{\"onUnavailable\":\"degrade\"}";
	static char *command[] = { NULL, NULL };
	struct request request = { .kind = RUN_COMMAND,
				   .command = command,
				   .suffix = "",
				   .inherited = environ,
				   .caller_cwd = "/",
				   .host_scratch = "/tmp/confine.host" };
	owned_mem struct attempt *attempt = attempt_new();
	struct arena arena = { 0 };
	struct policy policy;
	struct err err;
	int result = 0;

	if (argc > 1) {
		fprintf(stderr, "confine host: unexpected argument %s\n", argv[1]);
		return 2;
	}
	command[0] = arena_strdup(&arena, "/bin/true");
	if (policy_load(PROFILE_DEFAULT, "host", policy_text, strlen(policy_text), NULL,
			0, NULL, NULL, &arena, &policy, &err) < 0 ||
	    attempt_init(attempt, &policy, &request, argv, &arena, &err) < 0 ||
	    attempt_start(attempt, &err) < 0)
		result = -1;
	attempt_done(attempt);
	if (result < 0) {
		fprintf(stderr, "confine host: %s\n", err.msg);
	} else {
		printf("found by trying, as uid %u:\n", attempt->caps.uid);
		print_capabilities(&attempt->caps);
		printf("with the default policy:\n");
		print_layers(&attempt->claims);
	}
	result = result < 0 ? 70 : attempt->claims.downgrade_count ? 3 : 0;
	arena_done(&arena);
	return result;
}
