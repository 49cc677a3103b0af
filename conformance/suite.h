/* SPDX-License-Identifier: Apache-2.0 */
/* suite - everything that one run of `confine check` is about, and how it is chosen */
#ifndef CONFORMANCE_SUITE_H
#define CONFORMANCE_SUITE_H

#include "conformance/catalogue.h"
#include "conformance/judge.h"
#include "conformance/options.h"
#include "conformance/paths.h"
#include "conformance/results.h"
#include "conformance/run.h"
#include "conformance/select.h"
#include "conformance/style.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <time.h>

struct suite {
	struct arena arena; /* owns every text below */
	struct options options;
	struct paths paths;
	struct catalogue catalogue;
	struct selection selection;
	struct target target;
	struct session_wants wants;
	struct session *session;
	struct results results;
	struct controls controls;
	struct judge judge;
	struct judge_notes notes; /* of the first receipt that was seen */
	struct timespec started;  /* monotonic */
	const char *temporary;    /* directory of ours, or NULL */
	const char *record;       /* path of results.json, or NULL: not wanted */
};

/* Catalogue and selection: enough for `list`. -1: POLICY is the user's, else ours. */
int suite_select(struct suite *suite, struct err *err);
/* Target, policy and the record to fill. Runs nothing and writes nothing. */
int suite_prepare(struct suite *suite, char *const *argv, struct err *err);
/* "confine check --target x --policy y": what a line that repeats one probe begins with. */
const char *suite_repeat_prefix(struct suite *suite);
/* Accepts a zeroed suite. Removes what is temporary unless it is to be kept. */
void suite_done(struct suite *suite);

#endif
