/* SPDX-License-Identifier: Apache-2.0 */
/* receipt - see receipt.h; every list is printed from the tables that made the plan */
#include "runner/receipt.h"
#include "runner/base/names.h"
#include "runner/base/own.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void add_layers(const struct plan *plan, bool started, struct json *receipt)
{
	struct json *enforced = json_add_object(receipt, "enforced");
	struct json *mechanism = json_add_object(receipt, "mechanism");

	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		json_add_bool(enforced, layer_names[i], started && plan->enforced[i]);
		json_add_text(mechanism, layer_names[i],
			      started && plan->mechanism[i] ? plan->mechanism[i]
							    : "none");
	}
}

static void add_remarks(struct json *receipt, const char *key, const char *text_key,
			const struct plan_remark *remarks, size_t count)
{
	struct json *list = json_add_array(receipt, key);

	for (size_t i = 0; i < count; i++) {
		struct json *remark = json_object();

		json_add_text(remark, "layer", layer_names[remarks[i].layer]);
		json_add_text(remark, text_key, remarks[i].text);
		json_append(list, remark);
	}
}

/* What a limit did without ending the run. */
static void add_event(struct json *receipt, uint64_t count, const char *what)
{
	struct json *note;
	char text[64];

	if (!count)
		return;
	(void)snprintf(text, sizeof(text), "%s%llu", what, (unsigned long long)count);
	note = json_object();
	json_add_text(note, "layer", layer_names[LAYER_RESOURCES]);
	json_add_text(note, "note", text);
	json_append(json_member(receipt, "notes"), note);
}

/* Beside a layer's name, one of which every cause carries; those of the base libraries do not. */
static void add_failure(struct json *receipt, const struct err *failure)
{
	enum layer_id layer = LAYER_LIFECYCLE;
	struct json *note;

	if (!failure)
		return;
	for (unsigned int i = 0; failure->layer && i < LAYER_COUNT; i++)
		if (str_equal(failure->layer, layer_names[i]))
			layer = i;
	note = json_object();
	json_add_text(note, "layer", layer_names[layer]);
	json_add_text(note, "note", failure->msg);
	json_append(json_member(receipt, "notes"), note);
}

/* A script whose network went away is not to be searched for the fault. */
static void add_uplink(const struct plan *plan, const struct view *view,
		       struct json *receipt)
{
	struct json *note;

	if (!view || !plan_find(plan, OP_UPLINK) ||
	    uplink_lives(&view->spawn->outlet.uplink))
		return;
	note = json_object();
	json_add_text(note, "layer", layer_names[LAYER_NETWORK]);
	json_add_text(note, "note", "the uplink ended during the run");
	json_append(json_member(receipt, "notes"), note);
}

static void add_promises(const struct plan *plan, bool started, struct json *receipt)
{
	struct json *promises = json_add_object(receipt, "promises");

	for (unsigned int i = 0; started && i < REQ_COUNT; i++)
		if (plan->promises[i] != PROMISE_NOTHING)
			json_add_text(promises, requirement_ids[i],
				      promise_words[plan->promises[i]]);
}

/* The numbers of the kernel behind a name; init has a share of the tasks. */
static const struct {
	const char *name;
	enum op op;
	uint64_t spare;
} limit_rows[] = {
	{ "cpuSeconds", OP_RLIMIT_CPU, 0 },
	{ "maxOpenFiles", OP_RLIMIT_FILES, 0 },
	{ "maxFileSizeBytes", OP_RLIMIT_FILE_SIZE, 0 },
	{ "maxProcesses", OP_CGROUP_PIDS, 1 },
	{ "maxProcesses", OP_RLIMIT_TASKS, 1 },
	{ "memoryBytes", OP_CGROUP_MEMORY, 0 },
	{ "memoryBytes", OP_RLIMIT_DATA, 0 },
};

/* What was asked for, or less where the caller's own limits are stricter. */
static uint64_t in_force(const struct plan_limit *limit, const struct view *view)
{
	uint64_t value = limit->value;

	for (size_t i = 0; view && i < ARRAY_SIZE(limit_rows); i++) {
		uint64_t seen;

		if (!str_equal(limit->name, limit_rows[i].name))
			continue;
		seen = verify_limit(view, limit_rows[i].op);
		if (seen && seen - limit_rows[i].spare < value)
			value = seen - limit_rows[i].spare;
	}
	return value;
}

static void add_limits(const struct plan *plan, const struct view *view,
		       struct json *receipt)
{
	struct json *list = json_add_array(receipt, "limits");

	for (size_t i = 0; i < plan->limit_count; i++) {
		struct json *limit = json_object();

		json_add_text(limit, "name", plan->limits[i].name);
		json_add_u64(limit, "value", in_force(&plan->limits[i], view));
		json_add_text(limit, "scope", scope_words[plan->limits[i].scope]);
		json_add_text(limit, "mechanism", plan->limits[i].mechanism);
		json_append(list, limit);
	}
}

static void add_status(const struct outcome *outcome, struct json *receipt)
{
	const char *name = outcome->has_status && WIFSIGNALED(outcome->status)
				   ? name_of_signal(WTERMSIG(outcome->status))
				   : NULL;
	bool ran = outcome->has_status && !outcome->exec_error;

	json_add_text(receipt, "outcome", outcome_words[outcome->word]);
	if (ran && WIFEXITED(outcome->status))
		json_add_u64(receipt, "exitCode", (uint64_t)WEXITSTATUS(outcome->status));
	else
		json_add_null(receipt, "exitCode");
	if (ran && WIFSIGNALED(outcome->status)) {
		json_add_text(receipt, "signal", name ? name : "SIG?");
	} else {
		json_add_null(receipt, "signal");
	}
	json_add_bool(receipt, "timedOut", outcome->timed_out);
	json_add_bool(receipt, "outputTruncated", outcome->output_truncated);
	if (outcome->limit_fired) {
		json_add_text(receipt, "limitFired", outcome->limit_fired);
		json_add_text(receipt, "limitWitness", outcome->limit_witness);
	} else {
		json_add_null(receipt, "limitFired");
		json_add_null(receipt, "limitWitness");
	}
}

/* Of a script's value, what a receipt has in it as it is: such as every reader takes, who reads all of a
 * receipt or nothing. Two containers are around it. */
static const struct json_limits value_limits = { 1U << 20, 24, 16384 };

/* Why there is none, where that is not plain. */
static void add_reason(const struct outcome *outcome, struct json *result)
{
	const struct result *given = outcome->result;
	char text[128];

	if (result_state(given) == RESULT_INVALID)
		(void)snprintf(text, sizeof(text), "byte %llu: %s",
			       (unsigned long long)given->fault_at, given->fault);
	else if (result_state(given) == RESULT_RETURNED && !outcome->result_counts)
		(void)snprintf(text, sizeof(text), "the script did not end by itself");
	else {
		json_add_null(result, "reason");
		return;
	}
	json_add_text(result, "reason", text);
}

/* On one line, since a receipt may be one: what stands behind a line end would be a line of its own to
 * whoever reads them, a receipt if it likes. */
static void add_value(const struct outcome *outcome, struct json *result)
{
	owned_str struct str line = { 0 };
	owned_json struct json *tree = NULL;
	struct err ignored = { 0 };

	if (outcome->result->text.length > value_limits.max_bytes)
		return;
	result_add_line(outcome->result, &line);
	if (json_parse("value", str_text(&line), line.length, &value_limits, &tree,
		       &ignored) == 0)
		json_add(result, "value", json_raw(str_text(&line), line.length));
	else
		json_add_string(result, "valueText", str_text(&line));
}

/* The value too, where nobody else is given it. */
static void add_result(const struct plan *plan, const struct outcome *outcome,
		       struct json *receipt)
{
	struct json *result;

	if (!outcome->result) {
		json_add_null(receipt, "result");
		return;
	}
	result = json_add_object(receipt, "result");
	json_add_text(result, "state", result_words[result_state(outcome->result)]);
	json_add_bool(result, "counts", outcome->result_counts);
	json_add_u64(result, "bytes", outcome->result->seen_bytes);
	add_reason(outcome, result);
	if (outcome->result_counts && !plan->request->result_wanted)
		add_value(outcome, result);
}

/* A number, or null where it was not to be had; where it is from stands beside them all. */
static void add_measured(struct json *usage, struct json *sources, const char *name,
			 uint64_t value, const char *source)
{
	if (!source) {
		json_add_null(usage, name);
		return;
	}
	json_add_u64(usage, name, value);
	json_add_string(sources, name, source);
}

static void add_usage(const struct usage *used, struct json *receipt)
{
	struct json *usage = json_add_object(receipt, "usage");
	struct json *sources = json_object();

	if (used->cpu_source) {
		json_add_number(usage, "cpuSeconds", used->cpu_seconds);
		json_add_string(sources, "cpuSeconds", used->cpu_source);
	} else {
		json_add_null(usage, "cpuSeconds");
	}
	add_measured(usage, sources, "peakMemoryBytes", used->peak_memory_bytes,
		     used->memory_source);
	add_measured(usage, sources, "peakTasks", used->peak_tasks, used->tasks_source);
	add_measured(usage, sources, "scratchBytes", used->scratch_bytes,
		     used->scratch_source);
	json_add_u64(usage, "outputBytes", used->output_bytes);
	json_add_u64(usage, "outputDroppedBytes", used->output_dropped);
	json_add(usage, "sources", sources);
	json_add_number(receipt, "wallSeconds", used->wall_seconds);
}

struct json *receipt_make(const struct plan *plan, const struct view *view,
			  const struct outcome *outcome)
{
	struct json *receipt = json_object();
	struct json *dropped;
	bool started = view != NULL;

	json_add_string(receipt, "schema", "confine-receipt/1");
	json_add_string(receipt, "version", CONFINE_VERSION);
	json_add_string(receipt, "platform", "linux");
	json_add(receipt, "requested", policy_to_json(plan->policy));
	json_add(receipt, "policy", policy_source_to_json(plan->request->policy_source));
	add_layers(plan, started, receipt);
	add_remarks(receipt, "downgrades", "reason", plan->downgrades,
		    plan->downgrade_count);
	/* As upstream: a refused run carries no notes. */
	add_remarks(receipt, "notes", "note", plan->notes,
		    started ? plan->note_count : 0);
	add_failure(receipt, outcome->failure);
	add_event(receipt, outcome->usage.refused_tasks, "maxProcesses refused tasks: ");
	add_event(receipt, outcome->usage.oom_kills, "memoryBytes killed tasks: ");
	add_uplink(plan, view, receipt);
	add_promises(plan, started, receipt);
	add_limits(plan, view, receipt);
	json_add(receipt, "evidence", view ? verify_evidence(view) : json_object());
	add_status(outcome, receipt);
	add_result(plan, outcome, receipt);
	dropped = json_add_array(receipt, "droppedEnvironment");
	for (size_t i = 0; i < plan->environment.dropped_count; i++)
		json_append(dropped, json_string(plan->environment.dropped[i]));
	json_add_u64(receipt, "uid", plan->uid);
	json_add_u64(receipt, "gid", plan->gid);
	json_add_text(receipt, "scratch", plan->scratch ? plan->scratch : "");
	add_usage(&outcome->usage, receipt);
	json_add_u64(receipt, "confineExit", (uint64_t)outcome->confine_exit);
	return receipt;
}
