/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge - many runs into one document
 *
 * One pass: a run is read, written and forgotten, so memory does not grow with what the runs hold.
 * A directory stands for every file below it that is called results.json or ends in .results.json.
 */
#ifndef REPORTS_MERGE_H
#define REPORTS_MERGE_H

#include "reports/fleet.h"
#include "reports/format.h"
#include "reports/junit.h"
#include "reports/options.h"
#include "reports/oscal.h"
#include "reports/receipts.h"

/* What the writers of one document keep between two runs. */
struct merge_state {
	const struct format_taste *taste;
	const struct receipts *receipts; /* NULL: none were asked for */
	struct junit junit;
	struct oscal oscal;
};

struct merge_writer {
	const char *name; /* of the format */
	/* NULL: nothing is written for it. */
	void (*begin)(struct merge_state *state, struct str *ret);
	void (*add)(struct merge_state *state, const struct results *results,
		    const struct outcome *outcome, struct str *ret);
	int (*end)(struct merge_state *state, struct fleet *fleet, struct str *ret,
		   struct err *err);
};

/* NULL when runs cannot be merged into that format. */
const struct merge_writer *merge_writer_find(const char *name);
/* "html, junit, …": for --help and errors. */
void merge_writer_names(struct str *str);

/* Writes the document; returns the exit status of `confine report`, and fills *err when that is no
 * status of the runs. */
int merge_run(const struct options *options, const struct format_taste *taste,
	      struct err *err);

/* The ends of the documents that are about the fleet alone. */
void merge_html(struct fleet *fleet, const struct receipts *receipts,
		struct str *ret); /* merge_html.c */
void merge_text(struct fleet *fleet, const struct receipts *receipts,
		struct str *ret); /* merge_text.c */
void merge_prometheus(const struct fleet *fleet, const struct receipts *receipts,
		      struct str *ret);
/* What each of them says about receipts: merge_receipts.c. */
void merge_receipts_text(const struct receipts *receipts, struct str *ret);
void merge_receipts_html(const struct receipts *receipts, struct str *ret);
void merge_receipts_prometheus(const struct receipts *receipts, struct str *ret);
void merge_receipts_junit(const struct receipts *receipts, struct junit *junit);

#endif
