/* SPDX-License-Identifier: Apache-2.0 */
/* receipt - see receipt.h; every list is printed from the tables that made the plan */
#include "runner/receipt.h"
#include "runner/base/own.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void add_layers(const struct plan *plan, bool started, cJSON *receipt)
{
	cJSON *enforced = cJSON_AddObjectToObject(receipt, "enforced");
	cJSON *mechanism = cJSON_AddObjectToObject(receipt, "mechanism");

	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		cJSON_AddBoolToObject(enforced, layer_names[i],
				      started && plan->enforced[i]);
		json_add_text(mechanism, layer_names[i],
			      started && plan->mechanism[i] ? plan->mechanism[i]
							    : "none");
	}
}

static void add_remarks(cJSON *receipt, const char *key, const char *text_key,
			const struct plan_remark *remarks, size_t count)
{
	cJSON *list = cJSON_AddArrayToObject(receipt, key);

	for (size_t i = 0; i < count; i++) {
		cJSON *remark = cJSON_CreateObject();

		json_add_text(remark, "layer", layer_names[remarks[i].layer]);
		json_add_text(remark, text_key, remarks[i].text);
		cJSON_AddItemToArray(list, remark);
	}
}

/* What a limit did without ending the run. */
static void add_event(cJSON *receipt, uint64_t count, const char *what)
{
	cJSON *note;
	char text[64];

	if (!count)
		return;
	(void)snprintf(text, sizeof(text), "%s%llu", what, (unsigned long long)count);
	note = cJSON_CreateObject();
	json_add_text(note, "layer", layer_names[LAYER_RESOURCES]);
	json_add_text(note, "note", text);
	cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(receipt, "notes"), note);
}

/* Beside a layer's name, one of which every cause carries; those of the base libraries do not. */
static void add_failure(cJSON *receipt, const struct err *failure)
{
	enum layer_id layer = LAYER_LIFECYCLE;
	cJSON *note;

	if (!failure)
		return;
	for (unsigned int i = 0; failure->layer && i < LAYER_COUNT; i++)
		if (str_equal(failure->layer, layer_names[i]))
			layer = i;
	note = cJSON_CreateObject();
	json_add_text(note, "layer", layer_names[layer]);
	json_add_text(note, "note", failure->msg);
	cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(receipt, "notes"), note);
}

static void add_promises(const struct plan *plan, bool started, cJSON *receipt)
{
	cJSON *promises = cJSON_AddObjectToObject(receipt, "promises");

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

static void add_limits(const struct plan *plan, const struct view *view, cJSON *receipt)
{
	cJSON *list = cJSON_AddArrayToObject(receipt, "limits");

	for (size_t i = 0; i < plan->limit_count; i++) {
		cJSON *limit = cJSON_CreateObject();

		json_add_text(limit, "name", plan->limits[i].name);
		json_add_u64(limit, "value", in_force(&plan->limits[i], view));
		json_add_text(limit, "scope", scope_words[plan->limits[i].scope]);
		json_add_text(limit, "mechanism", plan->limits[i].mechanism);
		cJSON_AddItemToArray(list, limit);
	}
}

static void add_status(const struct outcome *outcome, cJSON *receipt)
{
	const char *name = outcome->has_status && WIFSIGNALED(outcome->status)
				   ? sigabbrev_np(WTERMSIG(outcome->status))
				   : NULL;
	bool ran = outcome->has_status && !outcome->exec_error;

	json_add_text(receipt, "outcome", outcome_words[outcome->word]);
	if (ran && WIFEXITED(outcome->status))
		json_add_u64(receipt, "exitCode", (uint64_t)WEXITSTATUS(outcome->status));
	else
		cJSON_AddNullToObject(receipt, "exitCode");
	if (ran && WIFSIGNALED(outcome->status)) {
		char text[32];

		(void)snprintf(text, sizeof(text), "SIG%s", name ? name : "?");
		json_add_text(receipt, "signal", text);
	} else {
		cJSON_AddNullToObject(receipt, "signal");
	}
	cJSON_AddBoolToObject(receipt, "timedOut", outcome->timed_out);
	cJSON_AddBoolToObject(receipt, "outputTruncated", outcome->output_truncated);
	if (outcome->limit_fired)
		json_add_text(receipt, "limitFired", outcome->limit_fired);
	else
		cJSON_AddNullToObject(receipt, "limitFired");
}

static void add_usage(const struct outcome *outcome, cJSON *receipt)
{
	cJSON *usage = cJSON_AddObjectToObject(receipt, "usage");

	cJSON_AddNumberToObject(usage, "cpuSeconds", outcome->cpu_seconds);
	json_add_u64(usage, "peakMemoryBytes", outcome->peak_memory_bytes);
	json_add_u64(usage, "peakTasks", outcome->peak_tasks);
	json_add_u64(usage, "outputBytes", outcome->output_bytes);
	cJSON_AddNumberToObject(receipt, "wallSeconds", outcome->wall_seconds);
}

cJSON *receipt_make(const struct plan *plan, const struct view *view,
		    const struct outcome *outcome)
{
	cJSON *receipt = cJSON_CreateObject();
	cJSON *dropped;
	bool started = view != NULL;

	cJSON_AddStringToObject(receipt, "schema", "confine-receipt/1");
	cJSON_AddStringToObject(receipt, "version", CONFINE_VERSION);
	cJSON_AddStringToObject(receipt, "platform", "linux");
	cJSON_AddItemToObject(receipt, "requested", policy_to_json(plan->policy));
	add_layers(plan, started, receipt);
	add_remarks(receipt, "downgrades", "reason", plan->downgrades,
		    plan->downgrade_count);
	/* As upstream: a refused run carries no notes. */
	add_remarks(receipt, "notes", "note", plan->notes,
		    started ? plan->note_count : 0);
	add_failure(receipt, outcome->failure);
	add_event(receipt, outcome->refused_tasks, "maxProcesses refused tasks: ");
	add_event(receipt, outcome->oom_kills, "memoryBytes killed tasks: ");
	add_promises(plan, started, receipt);
	add_limits(plan, view, receipt);
	cJSON_AddItemToObject(receipt, "evidence",
			      view ? verify_evidence(view) : cJSON_CreateObject());
	add_status(outcome, receipt);
	dropped = cJSON_AddArrayToObject(receipt, "droppedEnvironment");
	for (size_t i = 0; i < plan->environment.dropped_count; i++)
		cJSON_AddItemToArray(dropped,
				     cJSON_CreateString(plan->environment.dropped[i]));
	json_add_u64(receipt, "uid", plan->uid);
	json_add_u64(receipt, "gid", plan->gid);
	json_add_text(receipt, "scratch", plan->scratch ? plan->scratch : "");
	add_usage(outcome, receipt);
	json_add_u64(receipt, "confineExit", (uint64_t)outcome->confine_exit);
	return receipt;
}
