/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change - what became of every requirement and probe between two runs
 *
 * A snapshot is what can be compared: verdict, false claim and evidence of each id. It is made of
 * a run, or read from a baseline, which is a run boiled down to that. Regressed is what got worse
 * in the order of badness, lost its verdict, or turned into a false claim; a level that sank. Fixed
 * is only what got better and holds now, or does not apply. Exit
 * 1 then; else what the new run says about itself when it cannot be believed (6) or is not whole
 * (4).
 */
#ifndef REPORTS_CHANGE_H
#define REPORTS_CHANGE_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/arena.h"
#include "runner/base/str.h"

#define BASELINE_SCHEMA "confine-baseline/1"

struct change_row {
	const char *id;
	bool is_requirement, false_claim;
	bool waived; /* not part of a baseline */
	enum verdict verdict;
	const char
		*evidence; /* of a probe: reason and what decided; "" of a requirement */
};

struct snapshot {
	const char *run_id, *started, *hostname, *target;
	uint64_t require, level;
	bool whole;              /* of a run that can be believed: fit to be a baseline */
	struct change_row *rows; /* sorted by id */
	size_t count;
	struct arena arena;
};

enum change {
	CHANGE_REGRESSED,
	CHANGE_FIXED,
	CHANGE_NEW,
	CHANGE_GONE,
	CHANGE_OTHER, /* not worse, and nothing holds that did not: untestable -> open */
	CHANGE_EVIDENCE, /* the same verdict for another reason */
	CHANGE_NONE,
	CHANGE_COUNT
};

void snapshot_take(const struct results *results, const struct outcome *outcome,
		   struct snapshot *ret);
/* Of a file that is a baseline or results. POLICY "<path>: …", SYSTEM. */
int snapshot_read(const char *path, struct snapshot *ret, struct err *err);
int snapshot_read_text(const char *what, const char *text, size_t length,
		       struct snapshot *ret, struct err *err);
/* As a baseline, JSON. */
void snapshot_write(const struct snapshot *snapshot, struct str *ret);
void snapshot_done(struct snapshot *snapshot);
#define owned_snapshot __attribute__((cleanup(snapshot_done)))

/* Either may be NULL, not both. */
enum change change_of(const struct change_row *old, const struct change_row *new);
/* Verdicts depend on the level that was asked for: POLICY when that was not the same, or when no
 * requirement and no probe is in both. */
int change_check(const struct snapshot *old, const struct snapshot *new, struct err *err);
/**
 * change_apply() - Holds a run against a baseline: results->regressed
 *
 * A baseline says what one target can do: that of another is refused. It may be another host's,
 * as one baseline serves a fleet. What is waived is accepted, for its while; of a partial run, what it left out is not compared.
 * After waivers_apply(); the outcome has to be computed afterwards.
 * Return: 0; or -1 with POLICY: the two cannot be compared
 */
int change_apply(const struct snapshot *baseline, struct results *results,
		 struct err *err);
/* What a reader should know about that comparison, a sentence a line: that the baseline is of another
 * host, that it lacks some of what the run shows. Nothing when there is nothing to say. */
void change_note(const struct snapshot *baseline, const struct results *results,
		 struct str *ret);
/* Writes every change, and counts them. */
void change_write(const struct snapshot *old, const struct snapshot *new,
		  size_t counts[CHANGE_COUNT], struct str *ret);

#endif
