/* SPDX-License-Identifier: Apache-2.0 */
/* Counting and comparing only; which of several exit statuses wins is one table. */
#include "conformance/gate.h"
#include <stdio.h>

const char *const fail_on_names[FAIL_ON_COUNT + 1] = {
	[FAIL_ON_NEVER] = "never",
	[FAIL_ON_BREACHED] = "breached",
	[FAIL_ON_UNTESTABLE] = "untestable",
	[FAIL_ON_DEGRADED] = "degraded",
};

static void add_probe(struct gate_requirement *row, const struct gate_probe *probe)
{
	const struct verdict_output *outcome = probe->outcome;

	if (!row->selected || probe->promise < row->promise)
		row->promise = probe->promise;
	if (!row->selected || outcome->verdict < row->verdict)
		row->reason = outcome->reason;
	row->selected = true;
	row->probes++;
	row->verdict = verdict_worse(row->verdict, outcome->verdict);
	row->if_required = verdict_worse(row->if_required, outcome->if_required);
	row->false_claim |= outcome->false_claim;
	row->refused |= outcome->seen == SEEN_REFUSED;
	row->untested |=
		outcome->verdict == VERDICT_ERROR ||
		(outcome->verdict == VERDICT_UNTESTABLE && outcome->seen != SEEN_REFUSED);
}

/* "the receipt claims IPC-11, NET-01 as enforced, and it leaked"; false when there is none. */
static bool name_false_claims(const struct gate_requirement *rows, struct gate *gate)
{
	size_t room = sizeof(gate->claims_reason), used = 0;
	bool any = false;

	for (size_t i = 0; i < requirement_count; i++) {
		/* Three names say enough. */
		if (!rows[i].false_claim || used > room / 4)
			continue;
		used += (size_t)snprintf(gate->claims_reason + used, room - used, "%s%s",
					 any ? ", " : "the receipt claims ",
					 requirements[i].id);
		any = true;
	}
	(void)snprintf(gate->claims_reason + used, room - used,
		       " as enforced, and that leaked");
	return any;
}

/* One false claim, whatever its level, makes the whole receipt untrue. */
static void follow_false_claims(struct gate_requirement *rows, struct gate *gate)
{
	if (!name_false_claims(rows, gate))
		return;
	for (size_t i = 0; i < requirement_count; i++) {
		if (!requirements[i].rests_on_claims || rows[i].false_claim)
			continue;
		rows[i].selected = true;
		rows[i].false_claim = true;
		rows[i].verdict = rows[i].if_required = VERDICT_BREACHED;
		rows[i].reason = gate->claims_reason;
	}
}

static bool is_tested(enum verdict verdict)
{
	return verdict != VERDICT_NONE && verdict != VERDICT_UNTESTABLE &&
	       verdict != VERDICT_ERROR;
}

bool gate_accepts(const struct gate_requirement *row)
{
	return row->if_required == VERDICT_ENFORCED ||
	       row->if_required == VERDICT_NOT_APPLICABLE;
}

static unsigned int level_reached(const struct gate_requirement *rows)
{
	unsigned int level = LEVEL_MAX;

	for (size_t i = 0; i < requirement_count; i++)
		if (requirements[i].must && requirements[i].level <= level &&
		    !gate_accepts(&rows[i]))
			level = requirements[i].level - 1;
	return level;
}

static void count_layers(struct gate *gate)
{
	for (size_t i = 0; i < requirement_count; i++) {
		const struct gate_requirement *row = &gate->requirements[i];
		struct gate_layer *layer = &gate->layers[requirements[i].layer];

		layer->probes += row->probes;
		if (!row->required)
			continue;
		layer->required++;
		layer->tested += is_tested(row->verdict);
		if (row->verdict != VERDICT_NONE)
			layer->counts[row->verdict]++;
	}
	for (size_t i = 0; i < LAYER_COUNT; i++) {
		gate->required += gate->layers[i].required;
		gate->tested += gate->layers[i].tested;
	}
}

/* What holds over the required ids. */
struct findings {
	bool breached, untested, missing, refused, degraded;
};

static struct findings find(const struct gate_requirement *rows)
{
	struct findings found = { false };

	for (size_t i = 0; i < requirement_count; i++) {
		if (!rows[i].required)
			continue;
		found.breached |= rows[i].verdict == VERDICT_BREACHED;
		found.missing |= rows[i].verdict == VERDICT_NONE;
		found.untested |= rows[i].untested;
		found.refused |= rows[i].refused;
		found.degraded |= rows[i].verdict == VERDICT_DEGRADED;
	}
	return found;
}

/* A refusal counts: something was tried, and failing closed was what was seen. */
static bool nothing_tested(const struct gate_input *input)
{
	for (size_t i = 0; i < input->count; i++) {
		const struct verdict_output *outcome = input->probes[i].outcome;

		if (outcome->seen == SEEN_REFUSED ||
		    (is_tested(outcome->verdict) &&
		     outcome->verdict != VERDICT_NOT_APPLICABLE))
			return false;
	}
	return true;
}

static enum gate_exit exit_status(const struct gate_input *input,
				  const struct gate_requirement *rows)
{
	struct findings found = find(rows);
	bool nothing = nothing_tested(input);
	const struct {
		bool holds;
		enum fail_on from; /* the weakest --fail-on that lets it count */
		enum gate_exit exit;
	} table[] = {
		/* Nothing of the run is believed; and nothing was tested: never green. */
		{ input->control_failed, FAIL_ON_NEVER, EXIT_EVIDENCE },
		{ found.breached, FAIL_ON_BREACHED, EXIT_BREACHED },
		{ found.untested, FAIL_ON_UNTESTABLE, EXIT_INCOMPLETE },
		{ (found.missing || input->partial) && !nothing, FAIL_ON_UNTESTABLE,
		  EXIT_INCOMPLETE },
		{ nothing, FAIL_ON_NEVER, EXIT_NOTHING_TESTED },
		{ found.refused, FAIL_ON_UNTESTABLE, EXIT_DEGRADED },
		{ found.degraded || input->refused_under_fail, FAIL_ON_DEGRADED,
		  EXIT_DEGRADED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].holds && input->fail_on >= table[i].from)
			return table[i].exit;
	return EXIT_PASS;
}

void gate_compute(const struct gate_input *input, struct gate_requirement *rows,
		  struct gate *gate)
{
	*gate = (struct gate){ .requirements = rows };
	for (size_t i = 0; i < requirement_count; i++)
		rows[i] = (struct gate_requirement){
			.required =
				requirement_is_required(&requirements[i], input->require),
			.promise = PROMISE_NOTHING,
			.verdict = VERDICT_NONE,
			.if_required = VERDICT_NONE,
			.reason = "",
		};
	for (size_t i = 0; i < input->count; i++)
		add_probe(&rows[requirement_index(input->probes[i].requirement)],
			  &input->probes[i]);
	if (input->stated_by_receipt)
		follow_false_claims(rows, gate);
	count_layers(gate);
	gate->level = input->partial || input->control_failed ? 0 : level_reached(rows);
	gate->exit = exit_status(input, rows);
}

const char *gate_exit_word(enum gate_exit exit)
{
	static const struct {
		enum gate_exit exit;
		const char *word;
	} words[] = {
		{ EXIT_PASS, "pass" },
		{ EXIT_BREACHED, "breached" },
		{ EXIT_USAGE, "usage" },
		{ EXIT_DEGRADED, "degraded" },
		{ EXIT_INCOMPLETE, "incomplete" },
		{ EXIT_NOTHING_TESTED, "nothing-tested" },
		{ EXIT_EVIDENCE, "evidence" },
		{ EXIT_INTERNAL, "internal" },
		{ EXIT_NOT_WRITTEN, "not-written" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].exit == exit)
			return words[i].word;
	return "unknown";
}
