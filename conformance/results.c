/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/results.h"
#include <stdio.h>
#include <stdlib.h>

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory) {
		(void)fputs("confine check: out of memory\n", stderr);
		_Exit(EXIT_INTERNAL);
	}
	return memory;
}

void results_gate(const struct results *results, struct gate *gate)
{
	struct gate_probe *probes = allocate(results->probe_count, sizeof(*probes));
	struct gate_input input = {
		.require = results->run.require,
		.fail_on = results->run.fail_on,
		.partial = results->partial,
		.control_failed = !results->control.ok,
		.refused_under_fail = results->refusal != NULL,
		.stated_by_receipt = results->target->stated_by == STATED_BY_RECEIPT,
		.probes = probes,
		.count = results->probe_count,
	};

	for (size_t i = 0; i < results->probe_count; i++)
		probes[i] = (struct gate_probe){
			.requirement = results->probes[i].probe->requirement,
			.promise = results->probes[i].promise,
			.outcome = &results->probes[i].outcome,
		};
	gate_compute(&input, allocate(requirement_count, sizeof(struct gate_requirement)),
		     gate);
	if (!results->complete || !results->parity_ok)
		gate->level = 0;
	free(probes);
}

void results_gate_done(struct gate *gate)
{
	free(gate->requirements);
	gate->requirements = NULL;
}

/* Those that were tested and do not hold, or those that were not tested. */
static void add_missing(struct str *str, const struct gate *gate, unsigned int level,
			bool tested, const char *before)
{
	for (size_t i = 0; i < requirement_count; i++) {
		const struct gate_requirement *row = &gate->requirements[i];

		if (requirements[i].level != level || !requirements[i].must ||
		    gate_accepts(row) || (row->if_required != VERDICT_NONE) != tested)
			continue;
		str_addf(str, "%s%s", before, requirements[i].id);
		before = ", ";
	}
}

/* "; level 2 lacks RES-11; not tested at level 2: PRV-12" */
static void add_lacking(struct str *str, const struct gate *gate, unsigned int level)
{
	owned_str struct str lacks = { 0 }, untested = { 0 };

	str_addf(&lacks, "; level %u lacks ", level);
	str_addf(&untested, "; not tested at level %u: ", level);
	add_missing(str, gate, level, true, lacks.text);
	add_missing(str, gate, level, false, untested.text);
}

void results_add_banner(struct str *str, const struct results *results,
			const struct gate *gate)
{
	if (!results->control.ok)
		str_add(str, "no level: the suite's own controls did not hold");
	else if (results->control.leaky == VERDICT_UNTESTABLE)
		str_add(str, "no level: the suite's own controls could not be tried");
	else if (!results->parity_ok)
		str_add(str, "no level: the suite's shield changes this target");
	else if (!results->complete)
		str_add(str, "no level: the run was cut short");
	else if (results->partial)
		str_add(str, "no level: a partial run");
	else if (gate->level > 0)
		str_addf(str, "meets level %u, self-assessed", gate->level);
	else if (!results->host.user_namespaces && !results->host.landlock_abi)
		str_add(str,
			"level 0: this host has neither user namespaces nor Landlock");
	else
		str_add(str, "level 0");
	if (results->control.ok && results->control.leaky != VERDICT_UNTESTABLE &&
	    results->parity_ok && results->complete && !results->partial &&
	    gate->level < LEVEL_MAX)
		add_lacking(str, gate, gate->level + 1);
}
