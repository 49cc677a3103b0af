/* SPDX-License-Identifier: Apache-2.0 */
/* One function per object of the document, in the order in which they stand there. */
#include "conformance/document.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_strings(struct json *object, const char *key, const char *const *strings)
{
	struct json *array = json_add_array(object, key);

	for (; strings && *strings; strings++)
		json_append_text(array, *strings);
}

static void add_text_or_null(struct json *object, const char *key, const char *text)
{
	if (text)
		json_add_text(object, key, text);
	else
		json_add_null(object, key);
}

/* Milliseconds are as exact as any of it is. */
static void add_seconds(struct json *object, const char *key, double seconds)
{
	long long milliseconds = (long long)(seconds * 1000 + 0.5);

	json_add_number(object, key, (double)milliseconds / 1000);
}

static void add_time(struct json *object, const char *key, const struct timespec *when)
{
	char text[32];
	struct tm utc;

	if (!when->tv_sec || !gmtime_r(&when->tv_sec, &utc) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		json_add_null(object, key);
	else
		json_add_text(object, key, text);
}

static void add_verdict(struct json *object, const char *key, enum verdict verdict)
{
	add_text_or_null(object, key,
			 verdict == VERDICT_NONE ? NULL : verdict_names[verdict]);
}

static void add_run(struct json *root, const struct results *results)
{
	struct json *run = json_add_object(root, "run"), *invoker, *fail_on;

	json_add_text(run, "id", results->run.id);
	add_time(run, "started", &results->run.started);
	add_time(run, "ended", &results->run.ended);
	add_seconds(run, "seconds", results->run.seconds);
	clock_add(run, &results->run.clock_started,
		  results->run.ended.tv_sec ? &results->run.clock_ended : NULL);
	add_text_or_null(run, "bootId", results->run.boot_id);
	add_strings(run, "commandLine", results->run.command_line);
	add_text_or_null(run, "directory", results->run.directory);
	invoker = json_add_object(run, "invoker");
	json_add_u64(invoker, "uid", results->run.uid);
	json_add_u64(invoker, "gid", results->run.gid);
	json_add_bool(invoker, "privileged", results->run.uid == 0);
	json_add_u64(run, "require", results->run.require);
	fail_on = json_add_array(run, "failOn");
	for (unsigned int i = FAIL_ON_BREACHED; i <= results->run.fail_on; i++)
		json_append_text(fail_on, fail_on_names[i]);
	add_strings(run, "only", results->run.only);
	add_strings(run, "skip", results->run.skip);
	json_add_u64(run, "jobs", results->run.jobs);
}

static void add_host(struct json *root, const struct host_facts *facts)
{
	struct json *host = json_add_object(root, "host");

	json_add_text(host, "hostname", facts->hostname);
	json_add_text(host, "kernel", facts->kernel);
	json_add_text(host, "machine", facts->machine);
	json_add_text(host, "os", facts->os);
	json_add_text(host, "lsm", facts->lsm);
	json_add_u64(host, "landlockAbi", (unsigned int)facts->landlock_abi);
	json_add_text(host, "cgroup", facts->cgroup);
	json_add_bool(host, "userNamespaces", facts->user_namespaces);
}

/* Who vouches for it. A nonce shows that the record is not older than the question, and for whom it
 * was made; a host whose root lies can lie to a collector too. */
static void add_attestation(struct json *root, const struct results *results)
{
	struct json *object = json_add_object(root, "attestation");

	json_add_text(object, "label",
		      results->run.challenge ? "collector-witnessed" : "self-attested");
	add_text_or_null(object, "challenge", results->run.challenge);
}

static void add_subject(struct json *root, const struct results *results)
{
	struct json *target = json_add_object(root, "target"), *policy;

	json_add_text(target, "name", results->target->name);
	json_add_text(target, "title", results->target->title);
	json_add_text(target, "statedBy", stated_by_names[results->target->stated_by]);
	json_add_text(target, "version", results->target_version);
	policy = json_add_object(root, "policy");
	json_add_text(policy, "source", results->policy_source);
	add_text_or_null(policy, "sha256",
			 conditions_digest(&results->conditions, "policy"));
	json_add_bool(policy, "refusedUnderFail", results->refusal != NULL);
	add_text_or_null(policy, "refusal", results->refusal);
}

static void add_controls(struct json *root, const struct results *results)
{
	struct json *control = json_add_object(root, "runControl"), *parity;

	json_add_bool(control, "ok", results->control.ok);
	add_verdict(control, "leaky", results->control.leaky);
	add_verdict(control, "denyAll", results->control.deny_all);
	add_verdict(control, "silent", results->control.silent);
	parity = json_add_object(root, "parity");
	json_add_bool(parity, "ok", results->parity_ok);
	add_strings(parity, "differences", results->parity_differences);
}

/* The controls that a requirement gives evidence for. */
static void add_evidence_for(struct json *object, const struct results *results,
			     const struct requirement *requirement)
{
	struct json *array = json_add_array(object, "controls");

	for (size_t i = 0; results->controls && i < results->controls->link_count; i++) {
		const struct control_link *link = &results->controls->links[i];
		struct json *row;

		if (link->requirement != requirement)
			continue;
		row = json_object();
		json_add_text(row, "framework", link->control->framework->key);
		json_add_text(row, "version", link->control->framework->version);
		json_add_text(row, "id", link->control->id);
		json_add_text(row, "title", link->control->title);
		if (strcmp(link->control->baseline, "-") != 0)
			json_add_text(row, "baseline", link->control->baseline);
		json_add_text(row, "relation", relation_names[link->relation]);
		json_append(array, row);
	}
}

static void add_requirements(struct json *root, const struct results *results,
			     const struct gate *gate)
{
	struct json *array = json_add_array(root, "requirements");

	for (size_t i = 0; i < requirement_count; i++) {
		const struct requirement *requirement = &requirements[i];
		const struct gate_requirement *row = &gate->requirements[i];
		struct json *object = json_object();

		json_add_text(object, "id", requirement->id);
		json_add_u64(object, "level", requirement->level);
		json_add_text(object, "layer", layer_names[requirement->layer]);
		json_add_bool(object, "must", requirement->must);
		json_add_text(object, "title", requirement->title);
		json_add_bool(object, "required", row->required);
		json_add_bool(object, "selected", row->selected);
		json_add_text(object, "promised", promise_names[row->promise]);
		add_verdict(object, "verdict", row->verdict);
		json_add_bool(object, "falseClaim", row->false_claim);
		json_add_text(object, "reason", row->reason);
		add_strings(object, "probes", results->probes_of[i]);
		add_evidence_for(object, results, requirement);
		json_append(array, object);
	}
}

static void add_arm(struct json *arms, const char *key, const struct result_arm *arm)
{
	struct json *object = json_add_object(arms, key);

	json_add_bool(object, "ran", arm->ran);
	json_add_text(object, "said", said_names[arm->said]);
	json_add_text(object, "word", arm->word && arm->word[0] ? arm->word : "-");
	add_seconds(object, "seconds", arm->seconds);
	if (arm->exit < 0)
		json_add_null(object, "exit");
	else
		json_add_u64(object, "exit", (unsigned int)arm->exit);
	add_text_or_null(object, "signal", arm->signal);
	json_add_bool(object, "timedOut", arm->timed_out);
}

static void add_arms(struct json *object, const struct result_probe *result)
{
	struct json *arms = json_add_object(object, "arms");

	add_arm(arms, "reach", &result->reach);
	add_arm(arms, "attack", &result->attack);
	json_add_bool(json_add_object(arms, "liveness"), "ok", result->alive);
}

static void add_evidence(struct json *object, const struct result_probe *result)
{
	struct json *array = json_add_array(object, "evidence");

	for (size_t i = 0; i < result->evidence_count; i++) {
		struct json *item = json_object();

		json_add_text(item, "name", result->evidence[i].name);
		json_add_text(item, "value", result->evidence[i].value);
		json_append(array, item);
	}
}

static struct json *probe_object(const struct results *results,
				 const struct result_probe *result)
{
	const struct probe *probe = result->probe;
	const struct requirement *requirement = probe->requirement;
	struct json *object = json_object();

	json_add_text(object, "id", probe->id);
	json_add_text(object, "title", probe->title);
	json_add_text(object, "requirement", requirement->id);
	json_add_u64(object, "level", requirement->level);
	json_add_bool(object, "required",
		      requirement_is_required(requirement, results->run.require));
	json_add_text(object, "layer", layer_names[probe->layer]);
	json_add_text(object, "class", probe_class_names[probe->class]);
	add_verdict(object, "verdict", result->outcome.verdict);
	json_add_bool(object, "falseClaim", result->outcome.false_claim);
	json_add_text(object, "promised", promise_names[result->promise]);
	json_add_text(object, "seen", seen_names[result->outcome.seen]);
	json_add_text(object, "reason", result->outcome.reason);
	json_add_text(object, "mechanism", result->mechanism);
	json_add_text(object, "scope", result->scope);
	add_seconds(object, "seconds", result->seconds);
	json_add_u64(object, "attempts", result->attempts);
	json_add_text(object, "repeat", result->repeat);
	add_arms(object, result);
	add_evidence(object, result);
	json_add_text(object, "what", probe->what);
	json_add_text(object, "why", probe->why);
	json_add_text(object, "remedy", probe->remedy);
	return object;
}

/* So that nobody has to count to see that nothing is missing. */
static void add_counts(struct json *root, const struct results *results)
{
	struct json *counts = json_add_object(root, "counts");
	size_t by[VERDICT_COUNT] = { 0 };

	for (size_t i = 0; i < results->probe_count; i++)
		by[results->probes[i].outcome.verdict]++;
	json_add_u64(counts, "catalogue", results->catalogue_count);
	json_add_u64(counts, "selected", results->selected_count);
	json_add_u64(counts, "probes", results->probe_count);
	for (unsigned int i = 0; i < VERDICT_COUNT; i++)
		json_add_u64(counts, verdict_names[i], by[i]);
}

static void add_layers(struct json *root, const struct results *results,
		       const struct gate *gate)
{
	struct json *array = json_add_array(root, "layers");

	for (size_t i = 0; i < LAYER_COUNT; i++) {
		const struct gate_layer *layer = &gate->layers[i];
		struct json *object = json_object(), *counts;

		json_add_text(object, "layer", layer_names[i]);
		counts = json_add_object(object, "counts");
		/* Best first, as people read them. */
		json_add_u64(counts, "enforced", layer->counts[VERDICT_ENFORCED]);
		json_add_u64(counts, "degraded", layer->counts[VERDICT_DEGRADED]);
		json_add_u64(counts, "breached", layer->counts[VERDICT_BREACHED]);
		json_add_u64(counts, "open", layer->counts[VERDICT_OPEN]);
		json_add_u64(counts, "untestable", layer->counts[VERDICT_UNTESTABLE]);
		json_add_u64(counts, "error", layer->counts[VERDICT_ERROR]);
		json_add_u64(counts, "not-applicable",
			     layer->counts[VERDICT_NOT_APPLICABLE]);
		json_add_u64(object, "required", layer->required);
		json_add_u64(object, "tested", layer->tested);
		json_add_text(object, "mechanism", results->mechanisms[i]);
		json_add_u64(object, "probes", layer->probes);
		json_append(array, object);
	}
}

/* For each level above the one reached: the ids of that level which stand in the way. */
static void add_missing(struct json *level, const struct gate *gate)
{
	struct json *missing = json_add_object(level, "missing");

	for (unsigned int wanted = gate->level + 1; wanted <= LEVEL_MAX; wanted++) {
		const char key[2] = { (char)('0' + wanted), '\0' };
		struct json *ids = json_add_array(missing, key);

		for (size_t i = 0; i < requirement_count; i++)
			if (requirements[i].level == wanted && requirements[i].must &&
			    !gate_accepts(&gate->requirements[i]))
				json_append_text(ids, requirements[i].id);
	}
}

static void add_summary(struct json *root, const struct results *results,
			const struct gate *gate)
{
	struct json *coverage = json_add_object(root, "coverage"), *level, *outcome;
	owned_str struct str banner = { 0 };

	json_add_u64(coverage, "required", gate->required);
	json_add_u64(coverage, "tested", gate->tested);
	level = json_add_object(root, "level");
	json_add_u64(level, "required", results->run.require);
	json_add_u64(level, "reached", gate->level);
	results_add_banner(&banner, results, gate);
	json_add_text(level, "banner", str_text(&banner));
	add_missing(level, gate);
	outcome = json_add_object(root, "outcome");
	json_add_u64(outcome, "exit", gate->exit);
	json_add_text(outcome, "word", gate_exit_word(gate->exit));
}

/* All but what the probes showed: their array is empty. */
static struct json *build_frame(const struct results *results)
{
	struct json *root = json_object(), *tool;
	struct gate gate;

	results_gate(results, &gate);
	json_add_text(root, "schema", "confine-results/1");
	json_add_bool(root, "complete", results->complete);
	json_add_bool(root, "partial", results->partial);
	tool = json_add_object(root, "tool");
	json_add_text(tool, "name", "confine");
	json_add_text(tool, "version", CONFINE_VERSION);
	add_run(root, results);
	add_host(root, &results->host);
	add_attestation(root, results);
	conditions_add(root, &results->conditions);
	add_subject(root, results);
	add_controls(root, results);
	add_requirements(root, results, &gate);
	(void)json_add_array(root, "probes");
	add_counts(root, results);
	add_layers(root, results, &gate);
	add_summary(root, results, &gate);
	results_gate_done(&gate);
	return root;
}

struct json *document_build(const struct results *results)
{
	struct json *root = build_frame(results), *probes = json_member(root, "probes");

	for (size_t i = 0; i < results->probe_count; i++)
		json_append(probes, probe_object(results, &results->probes[i]));
	return root;
}

const char *document_print_probe(const struct results *results,
				 const struct result_probe *result, struct arena *arena)
{
	owned_json struct json *object = probe_object(results, result);
	owned_mem char *text = json_print_part(object, 2);

	return arena_strdup(arena, text);
}

/* Printed, no text holds a line break, so this is the member of the root and nothing else. */
static const char probes_place[] = "\n\t\"probes\":\t[";

static void print_document(const struct results *results, struct arena *arena,
			   struct str *ret)
{
	owned_json struct json *frame = build_frame(results);
	owned_mem char *text = json_print(frame, true);
	const char *rest = strstr(text, probes_place) + strlen(probes_place);

	str_add_bytes(ret, text, (size_t)(rest - text));
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct result_probe *result = &results->probes[i];

		str_add(ret, i ? ", " : "");
		str_add(ret, result->printed
				     ? result->printed
				     : document_print_probe(results, result, arena));
	}
	str_add(ret, rest);
	str_add(ret, "\n");
}

int document_write(const struct results *results, const char *path, struct err *err)
{
	owned_str struct str text = { 0 };
	struct arena arena = { 0 };

	print_document(results, &arena, &text);
	arena_done(&arena);
	if (strcmp(path, "-") != 0)
		return fd_replace_file(path, text.text, text.length, err);
	return fd_write_all(STDOUT_FILENO, text.text, text.length) < 0
		       ? err_sys(err, "json", "cannot write to stdout")
		       : 0;
}
