/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome - pure: what the rows of a run amount to, worked out a second time
 *
 * The exit status, the level and the counts are recomputed here from the verdicts of the
 * probes and requirements; what the document concludes is only compared. Each cause of a
 * non-zero status is either a case (a probe, a requirement) or a finding about the run, and a
 * writer shows each of them as a failure or an error: so a reader of JUnit sees exactly the
 * gate. Source: DESIGN section 5.
 */
#ifndef REPORTS_OUTCOME_H
#define REPORTS_OUTCOME_H

#include "reports/results.h"
#include "runner/base/err.h"

enum outcome_exit {
	OUTCOME_PASS = 0,
	OUTCOME_BREACHED = 1,
	OUTCOME_USAGE = 2,
	OUTCOME_DEGRADED = 3,
	OUTCOME_INCOMPLETE = 4,
	OUTCOME_NOTHING_TESTED = 5,
	OUTCOME_EVIDENCE = 6,
	OUTCOME_INTERNAL = 70,
	OUTCOME_NOT_WRITTEN = 74,
};

/* How a case is shown. */
enum ruling_kind {
	RULING_PASS,
	RULING_SKIPPED,
	RULING_FAILURE,
	RULING_ERROR
};

struct ruling {
	enum ruling_kind kind;
	const char *type;       /* of a failure or an error: "breached", …; else NULL */
	enum outcome_exit exit; /* what it makes of the exit status */
};

/* What can be wrong with the run as a whole. */
enum finding {
	FINDING_CONTROL,
	FINDING_PARITY,
	FINDING_DISAGREES, /* the document's exit status is not what its rows say */
	FINDING_INCOMPLETE,
	FINDING_PARTIAL,
	FINDING_NOTHING_TESTED,
	FINDING_REGRESSED, /* against a baseline: change_apply() */
	FINDING_REFUSED, /* the policy under `fail`; a degrading one was tested instead */
	FINDING_COUNT,
};

struct outcome_layer {
	size_t counts[VERDICT_COUNT]; /* over the required ids that have a verdict */
	size_t required, tested;
	size_t probes; /* selected ones of its requirements */
	size_t shown;  /* selected ones that are filed under this layer */
};

struct outcome {
	struct outcome_layer layers[LAYER_COUNT];
	size_t required, tested; /* coverage */
	/* Reached, never above what the document states, but for what waivers excuse. */
	uint64_t level;
	size_t waivers; /* that the level rests on */
	bool findings[FINDING_COUNT];
	enum outcome_exit exit;
};

void outcome_compute(const struct results *results, struct outcome *outcome);
/* Its place in DESIGN's order of priority: the lower number comes first; OUTCOME_PASS is the last. */
int outcome_rank(enum outcome_exit exit);
/* "pass", "breached", …, "not-written". */
const char *outcome_word(enum outcome_exit exit);

struct ruling outcome_rule_probe(const struct results *results,
				 const struct results_probe *probe);
/* Has the requirement a verdict, or the lack of one, that none of its probes carries? Then it
 * is a case of its own. A run that is partial or cut short has one finding for all that is
 * missing. */
bool outcome_stands_alone(const struct results *results,
			  const struct results_requirement *requirement);
struct ruling outcome_rule_requirement(const struct results *results,
				       const struct results_requirement *requirement);
struct ruling outcome_rule_finding(const struct results *results, enum finding finding);
/* Is it found, and not only another word for nothing having been tested? */
bool outcome_finding_counts(const struct outcome *outcome, enum finding finding);
/* "run.control"; the verdict whose word comes first; a sentence; what to do about it. Static. */
const char *outcome_finding_name(enum finding finding);
enum verdict outcome_finding_verdict(enum finding finding);
const char *outcome_finding_text(enum finding finding);
const char *outcome_finding_remedy(enum finding finding);

/**
 * outcome_reconcile() - Do the document's own numbers follow from its rows?
 * @what:	names the document in the error
 * Return: 0; or -1 with POLICY "<what>: <pointer>: …". The exit status is not looked at here:
 * that it differs is a finding, not a fault.
 */
int outcome_reconcile(const char *what, const struct results *results, struct err *err);

#endif
