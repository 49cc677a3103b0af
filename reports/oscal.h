/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscal - assessment results, one document of many runs
 *
 * Valid under 1.0.6 and 1.2.1. host -> inventory item, layer -> component, probe -> observation,
 * requirement -> finding, what is breached, open or degraded -> risk, waiver -> an approved
 * deviation. The objectives are our own requirements; controls are links, about which nothing is
 * concluded. Every id is name-based: the same host, layer and probe keep theirs between runs.
 * begin, add for every run, end: nothing of a run is kept.
 */
#ifndef REPORTS_OSCAL_H
#define REPORTS_OSCAL_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/str.h"

#define OSCAL_VERSION "1.2.1"

struct oscal {
	size_t count;      /* of runs so far */
	char id[37];       /* of the document: follows from the runs in their order */
	char modified[24]; /* the latest end of a run */
	char tool_version[128];   /* of the first run */
	const char *version;      /* of the format; static */
	bool counts_runs;         /* receipts of real runs were counted: */
	size_t runs, runs_passed; /* that ran, and that ran under what passed */
};

void oscal_begin(struct oscal *oscal, const char *version, struct str *ret);
void oscal_add(struct oscal *oscal, const struct results *results,
	       const struct outcome *outcome, struct str *ret);
void oscal_end(struct oscal *oscal, struct str *ret);

#endif
