/* SPDX-License-Identifier: Apache-2.0 */
/* results - see results.h. The words, and the one join between probes and requirements. */
#include "reports/results.h"
#include <stdlib.h>
#include <string.h>

const char *const verdict_words[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = "breached",
	[VERDICT_ERROR] = "error",
	[VERDICT_UNTESTABLE] = "untestable",
	[VERDICT_DEGRADED] = "degraded",
	[VERDICT_OPEN] = "open",
	[VERDICT_ENFORCED] = "enforced",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

const char *const verdict_shouts[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = "BREACHED",
	[VERDICT_ERROR] = "ERROR",
	[VERDICT_UNTESTABLE] = "UNTESTABLE",
	[VERDICT_DEGRADED] = "DEGRADED",
	[VERDICT_OPEN] = "OPEN",
	[VERDICT_ENFORCED] = "ENFORCED",
	[VERDICT_NOT_APPLICABLE] = "NOT-APPLICABLE",
};

const char *const promise_words[PROMISE_COUNT + 1] = {
	[PROMISE_NOTHING] = "nothing",
	[PROMISE_DEGRADED] = "degraded",
	[PROMISE_ENFORCED] = "enforced",
};

const char *const seen_words[SEEN_COUNT + 1] = {
	[SEEN_HELD] = "held",
	[SEEN_LEAKED] = "leaked",
	[SEEN_CLOSED_BY_HOST] = "closed-by-host",
	[SEEN_REFUSED] = "refused",
	[SEEN_PREREQUISITE_MISSING] = "prerequisite-missing",
	[SEEN_OURS_BROKE] = "ours-broke",
	[SEEN_TARGET_BROKE] = "target-broke",
};

const char *const layer_words[LAYER_COUNT + 1] = {
	[LAYER_RESOURCES] = "resources", [LAYER_FILESYSTEM] = "filesystem",
	[LAYER_NETWORK] = "network",     [LAYER_PRIVILEGE] = "privilege",
	[LAYER_SYSCALLS] = "syscalls",   [LAYER_IPC] = "ipc",
	[LAYER_LIFECYCLE] = "lifecycle", [LAYER_ENVIRONMENT] = "environment",
	[LAYER_OUTPUT] = "output",       [LAYER_SCRATCH] = "scratch",
	[LAYER_REPORT] = "report",
};

const char *const stated_by_words[STATED_BY_COUNT + 1] = {
	[STATED_BY_RECEIPT] = "receipt",
	[STATED_BY_FILE] = "file",
	[STATED_BY_NOTHING] = "nothing",
};

const char *const fail_on_words[FAIL_ON_COUNT + 1] = {
	[FAIL_ON_NEVER] = "never",
	[FAIL_ON_BREACHED] = "breached",
	[FAIL_ON_UNTESTABLE] = "untestable",
	[FAIL_ON_DEGRADED] = "degraded",
};

const char *const relation_words[RELATION_COUNT + 1] = {
	[RELATION_TESTS] = "tests",
	[RELATION_SUPPORTS] = "supports",
	[RELATION_PARTIAL] = "partial",
	[RELATION_JUDGED] = "judged",
};

const char *const level_names[LEVEL_MAX + 1] = { "none", "contained", "isolated",
						 "hardened" };

const char *const level_scripts[LEVEL_MAX + 1] = {
	"no scripts that are not trusted",
	"careless or opportunistic scripts",
	"scripts of tenants side by side",
	"scripts that hunt for kernel bugs",
};

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return a < b ? a : b;
}

bool verdict_is_tested(enum verdict verdict)
{
	return verdict != VERDICT_NONE && verdict != VERDICT_UNTESTABLE &&
	       verdict != VERDICT_ERROR;
}

bool verdict_is_green(enum verdict verdict)
{
	return verdict == VERDICT_ENFORCED || verdict == VERDICT_NOT_APPLICABLE;
}

const char *results_fact(const struct results *results, const char *name)
{
	for (size_t i = 0; i < results->host_count; i++)
		if (strcmp(results->host[i].name, name) == 0)
			return results->host[i].value;
	return NULL;
}

/* An act that held without a promise is fine above the required level, and is still none
 * that its level could rest on; one that the host closes for everybody is. DESIGN 5. */
static bool accepts(const struct results_probe *probe)
{
	return probe->verdict == VERDICT_ENFORCED ||
	       (probe->verdict == VERDICT_NOT_APPLICABLE &&
		probe->seen == SEEN_CLOSED_BY_HOST);
}

static struct results_requirement *find(struct results *results, const char *id)
{
	for (size_t i = 0; i < results->requirement_count; i++)
		if (strcmp(results->requirements[i].id, id) == 0)
			return &results->requirements[i];
	return NULL;
}

bool results_join(struct results *results, const struct results_probe **orphan)
{
	for (size_t i = 0; i < results->requirement_count; i++) {
		struct results_requirement *row = &results->requirements[i];

		row->probe_count = 0;
		row->from_probes = VERDICT_NONE;
		row->accepted = true;
		row->waiver = NULL;
	}
	for (size_t i = 0; i < results->probe_count; i++) {
		struct results_probe *probe = &results->probes[i];
		struct results_requirement *row = find(results, probe->requirement_id);

		*orphan = probe;
		if (!row)
			return false;
		probe->requirement = row;
		row->probe_count++;
		row->from_probes = verdict_worse(row->from_probes, probe->verdict);
		row->accepted &= accepts(probe);
	}
	for (size_t i = 0; i < results->requirement_count; i++) {
		struct results_requirement *row = &results->requirements[i];

		row->accepted &= row->probe_count > 0 && row->verdict == row->from_probes;
	}
	return true;
}

void results_done(struct results *results)
{
	arena_done(&results->arena);
	json_delete(&results->document);
	memset(results, 0, sizeof(*results));
}
