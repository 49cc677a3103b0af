/* SPDX-License-Identifier: Apache-2.0 */
/* message - see message.h. */
#include "reports/message.h"
#include "reports/line.h"
#include <inttypes.h>

#define REASON_MAX   1000
#define TITLE_MAX    200
#define ARM_WORD_MAX 60
#define VALUE_MAX    200
#define EVIDENCE_MAX 12 /* facts of one probe in its message */

static void add_shout(struct str *str, enum verdict verdict, bool false_claim,
		      const struct results_waiver *waiver)
{
	if (waiver)
		str_addf(str, "WAIVED until %s: was ", waiver->expires);
	/* What nobody looked at is shown as what could not be looked at. */
	str_add(str,
		verdict_shouts[verdict == VERDICT_NONE ? VERDICT_UNTESTABLE : verdict]);
	str_add(str, ": ");
	if (false_claim)
		str_add(str, "false claim: ");
}

void message_add_arms(struct str *str, const struct results_probe *probe)
{
	const struct results_arm *arms[] = { &probe->reach, &probe->attack };
	const char *const names[] = { "reach", "attack" };

	for (size_t i = 0; i < sizeof(arms) / sizeof(arms[0]); i++) {
		str_addf(str, "%s%s ", i ? ", " : "", names[i]);
		str_add(str, arms[i]->ran ? arms[i]->said : "not run");
		if (arms[i]->ran && arms[i]->word[0] && !str_equal(arms[i]->word, "-")) {
			str_add(str, " ");
			line_add_raw(str, arms[i]->word, ARM_WORD_MAX);
		}
		if (arms[i]->signal) {
			str_add(str, " by ");
			line_add_raw(str, arms[i]->signal, ARM_WORD_MAX);
		}
		if (arms[i]->timed_out)
			str_add(str, " (deadline)");
	}
}

void message_add_evidence(struct str *str, const struct results_probe *probe)
{
	for (size_t i = 0; i < probe->evidence_count; i++) {
		if (i == EVIDENCE_MAX) {
			str_addf(str, ", and %zu more", probe->evidence_count - i);
			return;
		}
		str_add(str, i ? ", " : "");
		line_add_raw(str, probe->evidence[i].name, ARM_WORD_MAX);
		str_add(str, " ");
		line_add_raw(str, probe->evidence[i].value, VALUE_MAX);
	}
}

void message_add_waiver(struct str *str, const struct results_waiver *waiver)
{
	str_addf(str, "until %s: ", waiver->expires);
	line_add_raw(str, waiver->reason, TITLE_MAX);
	str_add(str, ", owner ");
	line_add_raw(str, waiver->owner, ARM_WORD_MAX);
	str_add(str, ", approved by ");
	line_add_raw(str, waiver->approver, ARM_WORD_MAX);
}

static void add_waiver(struct str *str, const struct results_waiver *waiver)
{
	str_add(str, "; waived ");
	message_add_waiver(str, waiver);
}

void message_add_probe(struct str *str, const struct results_probe *probe)
{
	const struct results_requirement *row = probe->requirement;

	add_shout(str, probe->verdict, probe->false_claim, probe->waiver);
	line_add_raw(str, probe->reason, REASON_MAX);
	str_addf(str, "; %s ", row->id);
	line_add_raw(str, row->title, TITLE_MAX);
	if (!probe->required)
		str_add(str, " (not required)");
	if (probe->waiver)
		add_waiver(str, probe->waiver);
	str_addf(str, "; promised %s; ", promise_words[probe->promised]);
	message_add_arms(str, probe);
	if (probe->evidence_count) {
		str_add(str, "; evidence: ");
		message_add_evidence(str, probe);
	}
	if (probe->mechanism[0]) {
		str_add(str, "; mechanism: ");
		line_add_raw(str, probe->mechanism, VALUE_MAX);
	}
	if (probe->attempts > 1)
		str_addf(str, "; %" PRIu64 " attempts", probe->attempts);
	if (probe->verdict == VERDICT_ENFORCED)
		return; /* nothing to do about it */
	if (probe->remedy[0]) {
		str_add(str, "; remedy: ");
		line_add_raw(str, probe->remedy, REASON_MAX);
	}
	if (probe->repeat[0]) {
		str_add(str, "; repeat: ");
		line_add_raw(str, probe->repeat, REASON_MAX);
	}
}

void message_add_requirement_text(struct str *str, const struct results_requirement *row)
{
	if (row->verdict == VERDICT_NONE)
		str_add(str, "none of its probes was selected, or none is there yet");
	else
		line_add_raw(str, row->reason, REASON_MAX);
}

void message_add_requirement(struct str *str, const struct results_requirement *row)
{
	add_shout(str, row->verdict, row->false_claim, row->waiver);
	message_add_requirement_text(str, row);
	str_addf(str, "; %s ", row->id);
	line_add_raw(str, row->title, TITLE_MAX);
	if (!row->required)
		str_add(str, " (not required)");
	if (row->waiver)
		add_waiver(str, row->waiver);
}

/* --- findings --- */

static const char *verdict_or_nothing(enum verdict verdict)
{
	return verdict == VERDICT_NONE ? "nothing" : verdict_words[verdict];
}

void message_add_finding_text(struct str *str, const struct results *results,
			      const struct outcome *outcome, enum finding finding)
{
	str_add(str, outcome_finding_text(finding));
	if (finding == FINDING_CONTROL)
		str_addf(str, ": leaky %s, deny-all %s, silent %s",
			 verdict_or_nothing(results->control.leaky),
			 verdict_or_nothing(results->control.deny_all),
			 verdict_or_nothing(results->control.silent));
	if (finding == FINDING_DISAGREES)
		str_addf(str, ": it says %" PRIu64, results->stated_exit);
	if (finding == FINDING_INCOMPLETE || finding == FINDING_PARTIAL)
		str_addf(str, ": %zu of %zu required ids tested", outcome->tested,
			 outcome->required);
	if (finding == FINDING_PARITY && results->parity.first[0]) {
		str_addf(str, " (%zu differences): ", results->parity.differences);
		line_add_raw(str, results->parity.first, REASON_MAX);
	}
	if (finding == FINDING_REGRESSED) {
		str_add(str, ": ");
		line_add_raw(str, results->regressed.what, REASON_MAX);
	}
	if (finding == FINDING_REFUSED && results->policy.refusal[0]) {
		str_add(str, ": ");
		line_add_raw(str, results->policy.refusal, REASON_MAX);
	}
}

void message_add_finding(struct str *str, const struct results *results,
			 const struct outcome *outcome, enum finding finding)
{
	add_shout(str, outcome_finding_verdict(finding), false, NULL);
	message_add_finding_text(str, results, outcome, finding);
}

/* --- the level --- */

static bool has_fact(const struct results *results, const char *name, const char *value)
{
	return str_equal(results_fact(results, name), value);
}

/* Those that were tested and do not hold, or those that were not tested. */
static void add_missing(struct str *str, const struct results *results, uint64_t level,
			bool tested, const char *before)
{
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (!row->must || row->level != level || row->accepted || row->waiver ||
		    (row->verdict != VERDICT_NONE) != tested)
			continue;
		str_addf(str, "%s%s", before, row->id);
		before = ", ";
	}
}

void message_add_lacking(struct str *str, const struct results *results, uint64_t level)
{
	owned_str struct str lacks = { 0 }, untested = { 0 };

	str_addf(&lacks, "; level %" PRIu64 " lacks ", level);
	str_addf(&untested, "; not tested at level %" PRIu64 ": ", level);
	add_missing(str, results, level, true, lacks.text);
	add_missing(str, results, level, false, untested.text);
}

void message_add_level(struct str *str, const struct results *results,
		       const struct outcome *outcome)
{
	static const struct {
		enum finding finding;
		const char *text;
	} obstacles[] = {
		{ FINDING_CONTROL, "no level: the suite's own controls did not hold" },
		{ FINDING_PARITY, "no level: the suite's shield changes this target" },
		{ FINDING_INCOMPLETE, "no level: the run was cut short" },
		{ FINDING_PARTIAL, "no level: a partial run" },
	};

	for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
		if (!outcome->findings[obstacles[i].finding])
			continue;
		str_add(str, obstacles[i].text);
		return;
	}
	if (outcome->level > 0 && outcome->waivers)
		str_addf(str, "meets level %" PRIu64 " with %zu waiver%s, self-assessed",
			 outcome->level, outcome->waivers,
			 outcome->waivers == 1 ? "" : "s");
	else if (outcome->level > 0)
		str_addf(str, "meets level %" PRIu64 ", self-assessed", outcome->level);
	else if (has_fact(results, "userNamespaces", "false") &&
		 has_fact(results, "landlockAbi", "0"))
		str_add(str,
			"level 0: this host has neither user namespaces nor Landlock");
	else
		str_add(str, "level 0");
	if (outcome->level < LEVEL_MAX)
		message_add_lacking(str, results, outcome->level + 1);
}
