/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two tables: what a verdict at the required level does to the exit status, and what a
 * finding about the run does. The status is the worst of all that apply.
 */
#include "reports/outcome.h"
#include <assert.h>
#include <string.h>

struct rule {
	enum ruling_kind kind;
	const char *type;
	enum outcome_exit exit;
	enum fail_on from; /* the weakest --fail-on that lets it count */
};

/* Of a required case. */
static const struct rule required_rules[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = { RULING_FAILURE, "breached", OUTCOME_BREACHED,
			       FAIL_ON_BREACHED },
	[VERDICT_ERROR] = { RULING_ERROR, "probe-error", OUTCOME_INCOMPLETE,
			    FAIL_ON_UNTESTABLE },
	[VERDICT_UNTESTABLE] = { RULING_ERROR, "untestable", OUTCOME_INCOMPLETE,
				 FAIL_ON_UNTESTABLE },
	[VERDICT_DEGRADED] = { RULING_FAILURE, "degraded", OUTCOME_DEGRADED,
			       FAIL_ON_DEGRADED },
	[VERDICT_OPEN] = { RULING_FAILURE, "breached", OUTCOME_BREACHED,
			   FAIL_ON_BREACHED },
	[VERDICT_ENFORCED] = { RULING_PASS, NULL, OUTCOME_PASS, FAIL_ON_NEVER },
	[VERDICT_NOT_APPLICABLE] = { RULING_SKIPPED, NULL, OUTCOME_PASS, FAIL_ON_NEVER },
	[VERDICT_NONE] = { RULING_ERROR, "untestable", OUTCOME_INCOMPLETE,
			   FAIL_ON_UNTESTABLE },
};

static const struct {
	const char *name;
	enum verdict verdict;
	struct rule rule;
	const char *text, *remedy;
} findings[] = {
	[FINDING_CONTROL] = { "run.control",
			      VERDICT_ERROR,
			      { RULING_ERROR, "probe-error", OUTCOME_EVIDENCE,
				FAIL_ON_NEVER },
			      "the run control did not come out as it must; nothing of "
			      "this run can be believed",
			      "run the suite again where nothing else disturbs it; if "
			      "this stays, the suite cannot tell a leak from a wall on "
			      "this host: report it" },
	[FINDING_PARITY] = { "run.parity",
			     VERDICT_UNTESTABLE,
			     { RULING_ERROR, "untestable", OUTCOME_INCOMPLETE,
			       FAIL_ON_UNTESTABLE },
			     "the suite's own shield changes this target; what was seen "
			     "says nothing about it",
			     "look at the differences in the record; test this target "
			     "where it is deployed, without a shield around it that "
			     "changes it" },
	[FINDING_DISAGREES] = { "run.outcome",
				VERDICT_ERROR,
				{ RULING_ERROR, "probe-error", OUTCOME_EVIDENCE,
				  FAIL_ON_NEVER },
				"the exit status that the document states does not "
				"follow "
				"from its rows",
				"do not use this record; take a new one on the host "
				"itself, and find out who changed this one" },
	[FINDING_INCOMPLETE] = { "run.complete",
				 VERDICT_ERROR,
				 { RULING_ERROR, "probe-error", OUTCOME_INCOMPLETE,
				   FAIL_ON_NEVER },
				 "the run was cut short; what is missing here was not "
				 "tried",
				 "run the suite again, to its end" },
	[FINDING_PARTIAL] = { "run.partial",
			      VERDICT_UNTESTABLE,
			      { RULING_ERROR, "untestable", OUTCOME_INCOMPLETE,
				FAIL_ON_UNTESTABLE },
			      "a filter left probes out; a partial run reaches no "
			      "level",
			      "run the suite again without --only and --skip" },
	[FINDING_NOTHING_TESTED] = { "run.tested",
				     VERDICT_UNTESTABLE,
				     { RULING_ERROR, "untestable", OUTCOME_NOTHING_TESTED,
				       FAIL_ON_NEVER },
				     "nothing was tested",
				     "run `confine host` there: it says what this host "
				     "lacks for a test" },
	[FINDING_REGRESSED] = { "run.baseline",
				VERDICT_BREACHED,
				{ RULING_FAILURE, "breached", OUTCOME_BREACHED,
				  FAIL_ON_BREACHED },
				"something got worse than it is in the baseline",
				"find the change that did it, or, where it is meant, "
				"waive it or write a new baseline" },
	[FINDING_REFUSED] = { "run.policy",
			      VERDICT_DEGRADED,
			      { RULING_FAILURE, "degraded", OUTCOME_DEGRADED,
				FAIL_ON_DEGRADED },
			      "the target refused the policy on this host; what is shown "
			      "was tried with a policy that may degrade",
			      "do what the refusal names, or choose a policy that this "
			      "host can keep: `confine host` says what it has" },
};

static_assert(sizeof(findings) / sizeof(findings[0]) == FINDING_COUNT,
	      "one row per finding");

static struct ruling rule(const struct results *results, const struct rule *row)
{
	if (results->run.fail_on >= row->from)
		return (struct ruling){ row->kind, row->type, row->exit };
	return (struct ruling){ RULING_SKIPPED, NULL, OUTCOME_PASS };
}

static const struct ruling skipped = { RULING_SKIPPED, NULL, OUTCOME_PASS };

static struct ruling rule_verdict(const struct results *results, bool required,
				  enum verdict verdict)
{
	if (required || verdict == VERDICT_ENFORCED)
		return rule(results, &required_rules[verdict]);
	return skipped;
}

/* What it makes of the status when nothing is waived. */
static struct ruling rule_unwaived(const struct results *results,
				   const struct results_probe *probe)
{
	struct ruling ruling = rule_verdict(results, probe->required, probe->verdict);

	/* Failing closed is something that was seen: less than a missing answer. */
	if (probe->seen == SEEN_REFUSED && ruling.exit == OUTCOME_INCOMPLETE)
		ruling.exit = OUTCOME_DEGRADED;
	return ruling;
}

struct ruling outcome_rule_probe(const struct results *results,
				 const struct results_probe *probe)
{
	return probe->waiver ? skipped : rule_unwaived(results, probe);
}

bool outcome_stands_alone(const struct results *results,
			  const struct results_requirement *requirement)
{
	if (requirement->verdict != VERDICT_NONE)
		return requirement->verdict != requirement->from_probes;
	return requirement->required && results->complete && !results->partial;
}

struct ruling outcome_rule_requirement(const struct results *results,
				       const struct results_requirement *requirement)
{
	if (requirement->waiver)
		return skipped;
	return rule_verdict(results, requirement->required, requirement->verdict);
}

struct ruling outcome_rule_finding(const struct results *results, enum finding finding)
{
	return rule(results, &findings[finding].rule);
}

const char *outcome_finding_name(enum finding finding)
{
	return findings[finding].name;
}

enum verdict outcome_finding_verdict(enum finding finding)
{
	return findings[finding].verdict;
}

const char *outcome_finding_text(enum finding finding)
{
	return findings[finding].text;
}

const char *outcome_finding_remedy(enum finding finding)
{
	return findings[finding].remedy;
}

bool outcome_finding_counts(const struct outcome *outcome, enum finding finding)
{
	return outcome->findings[finding] &&
	       !(outcome->findings[FINDING_NOTHING_TESTED] &&
		 (finding == FINDING_PARTIAL || finding == FINDING_PARITY));
}

/* --- the status --- */

/* What is left of DESIGN's order once a document could be read. */
int outcome_rank(enum outcome_exit exit)
{
	static const enum outcome_exit order[] = {
		OUTCOME_EVIDENCE,       OUTCOME_BREACHED, OUTCOME_INCOMPLETE,
		OUTCOME_NOTHING_TESTED, OUTCOME_DEGRADED, OUTCOME_PASS,
	};
	int i = 0;

	while (order[i] != exit && order[i] != OUTCOME_PASS)
		i++;
	return i;
}

static enum outcome_exit worse_exit(enum outcome_exit a, enum outcome_exit b)
{
	return outcome_rank(a) <= outcome_rank(b) ? a : b;
}

/* A refusal counts: something was tried, and failing closed was what was seen. */
static bool nothing_tested(const struct results *results)
{
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		if (probe->seen == SEEN_REFUSED ||
		    (verdict_is_tested(probe->verdict) &&
		     probe->verdict != VERDICT_NOT_APPLICABLE))
			return false;
	}
	return true;
}

/* `heed`: a case that is waived does not count. */
static enum outcome_exit exit_status(const struct results *results,
				     const struct outcome *outcome, bool heed)
{
	bool nothing = outcome->findings[FINDING_NOTHING_TESTED];
	enum outcome_exit exit = OUTCOME_PASS;

	for (size_t i = 0; i < results->probe_count; i++)
		if (!heed || !results->probes[i].waiver)
			exit = worse_exit(
				exit, rule_unwaived(results, &results->probes[i]).exit);
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		/* Where nothing was tested, that is the word for what is missing. */
		if (outcome_stands_alone(results, row) &&
		    !(nothing && row->verdict == VERDICT_NONE) && (!heed || !row->waiver))
			exit = worse_exit(
				exit,
				rule_verdict(results, row->required, row->verdict).exit);
	}
	for (enum finding i = 0; i < FINDING_COUNT; i++)
		if (outcome_finding_counts(outcome, i))
			exit = worse_exit(exit, outcome_rule_finding(results, i).exit);
	return exit;
}

/* --- the counts --- */

static void count_layers(const struct results *results, struct outcome *outcome)
{
	for (size_t i = 0; i < results->probe_count; i++)
		outcome->layers[results->probes[i].layer].shown++;
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];
		struct outcome_layer *layer = &outcome->layers[row->layer];

		layer->probes += row->probe_count;
		if (!row->required)
			continue;
		layer->required++;
		layer->tested += verdict_is_tested(row->verdict);
		if (row->verdict != VERDICT_NONE)
			layer->counts[row->verdict]++;
	}
	for (size_t i = 0; i < LAYER_COUNT; i++) {
		outcome->required += outcome->layers[i].required;
		outcome->tested += outcome->layers[i].tested;
	}
}

static uint64_t level_supported(const struct results *results, bool heed)
{
	uint64_t level = LEVEL_MAX;

	if (results->partial || !results->complete || !results->control.ok ||
	    !results->parity.ok || results->requirement_count == 0)
		return 0;
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (row->must && row->level <= level && !row->accepted &&
		    (!heed || !row->waiver))
			level = row->level - 1;
	}
	return level;
}

/* Does a probe that stands in the way of this level rest on this waiver? */
static bool waiver_carries(const struct results *results,
			   const struct results_waiver *waiver, uint64_t level)
{
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		if (probe->waiver == waiver && probe->requirement->must &&
		    probe->level <= level)
			return true;
	}
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (row->waiver == waiver && row->must && row->level <= level &&
		    !row->accepted)
			return true;
	}
	return false;
}

/* The suite may know of something that no row says; waivers lift only what rows say. */
static void compute_level(const struct results *results, struct outcome *outcome)
{
	uint64_t level = level_supported(results, false);

	outcome->level = level;
	if (results->stated_level < level)
		outcome->level = results->stated_level;
	else if (results->waiver_count)
		outcome->level = level_supported(results, true);
	for (size_t i = 0; i < results->waiver_count; i++)
		outcome->waivers +=
			waiver_carries(results, &results->waivers[i], outcome->level);
}

void outcome_compute(const struct results *results, struct outcome *outcome)
{
	enum outcome_exit unwaived;

	memset(outcome, 0, sizeof(*outcome));
	count_layers(results, outcome);
	compute_level(results, outcome);
	outcome->findings[FINDING_CONTROL] = !results->control.ok;
	outcome->findings[FINDING_PARITY] = !results->parity.ok;
	outcome->findings[FINDING_INCOMPLETE] = !results->complete;
	outcome->findings[FINDING_PARTIAL] = results->partial;
	outcome->findings[FINDING_NOTHING_TESTED] = nothing_tested(results);
	outcome->findings[FINDING_REFUSED] = results->policy.refused_under_fail;
	unwaived = exit_status(results, outcome, false);
	/* The document knows of no baseline. */
	outcome->findings[FINDING_REGRESSED] = results->regressed.count > 0;
	outcome->exit = exit_status(results, outcome, true);
	/* A run that was cut short had not come to a conclusion yet. */
	if (results->complete && results->stated_exit != (uint64_t)unwaived) {
		outcome->findings[FINDING_DISAGREES] = true;
		outcome->exit = OUTCOME_EVIDENCE;
	}
}

const char *outcome_word(enum outcome_exit exit)
{
	static const struct {
		enum outcome_exit exit;
		const char *word;
	} words[] = {
		{ OUTCOME_PASS, "pass" },
		{ OUTCOME_BREACHED, "breached" },
		{ OUTCOME_USAGE, "usage" },
		{ OUTCOME_DEGRADED, "degraded" },
		{ OUTCOME_INCOMPLETE, "incomplete" },
		{ OUTCOME_NOTHING_TESTED, "nothing-tested" },
		{ OUTCOME_EVIDENCE, "evidence" },
		{ OUTCOME_INTERNAL, "internal" },
		{ OUTCOME_NOT_WRITTEN, "not-written" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].exit == exit)
			return words[i].word;
	return "unknown";
}
