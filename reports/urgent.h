/* SPDX-License-Identifier: Apache-2.0 */
/*
 * urgent - what to fix first: the answer of a run, and what stands in the way of the required level,
 * worst first
 *
 * One list for every writer, of a run and of a fleet (fleet.h): a page, a comment and a terminal name
 * the same thing first.
 */
#ifndef REPORTS_URGENT_H
#define REPORTS_URGENT_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/str.h"

/* A requirement, or a finding about the run as a whole. The texts are foreign. */
struct urgent {
	const char *id, *title;
	const char
		*remedy; /* what to do; else why it stands where it stands; may be "" */
	uint64_t level;  /* 0: a finding, which has no requirement */
	enum verdict verdict; /* the worst of its probes, or its own */
	enum outcome_exit
		exit;     /* what it makes of the status, were all of it asked for */
	bool false_claim; /* any of its probes found one */
	size_t failing, probes; /* of one run */
	size_t runs;            /* of a fleet: in how many; 0 for one run */
	const char *hostname;   /* of a fleet: the first on which it is as bad as this */
	size_t order;           /* in the document */
};

/**
 * urgent_list() - What stands in the way of the required level
 *
 * --fail-on plays no part: what it lets pass is still in the way of a level that is not met.
 * Return: the rows, from the arena. First by what they make of the status, in DESIGN's order; then what
 * is about the run as a whole, a false claim, the verdict, the lower level, which the higher ones rest
 * on, and the document's order.
 */
struct urgent *urgent_list(struct arena *arena, const struct results *results,
			   const struct outcome *outcome, size_t *ret_count);
void urgent_sort(struct urgent *rows, size_t count);

/* "FS-01 nothing changes outside scratch (breached, a false claim), then 3 more"; for a fleet with
 * "in 3 runs, host-b among them"; raw; nothing for an empty list. */
void urgent_add_first(struct str *str, const struct urgent *rows, size_t count);
/* "ENV-01 (waived until 2026-12-27), then 6 more": what the level rests on, the first to end first; raw;
 * nothing where nothing is waived. */
void urgent_add_waived(struct str *str, const struct results *results);
/* "fix first: …" and "what to do: …", each a clean line; nothing for an empty list. */
void urgent_add_lines(struct str *str, const struct urgent *rows, size_t count);
/* "The required level 1, contained, is met", and what the status says otherwise: one sentence. */
void urgent_add_banner(struct str *str, const struct results *results,
		       const struct outcome *outcome);
/* "YES", "NO", "UNKNOWN": may scripts run here, as far as this run tells? */
const char *urgent_answer(const struct results *results, const struct outcome *outcome);
/* The same from a status; `met`: everything that was asked for is there. */
const char *urgent_answer_of(enum outcome_exit exit, bool met);

#endif
