/* SPDX-License-Identifier: Apache-2.0 */
/* present - what a run shows: lists, the dry run, the matrix, JUnit XML */
#ifndef CONFORMANCE_PRESENT_H
#define CONFORMANCE_PRESENT_H

#include "conformance/suite.h"

/* Each prints to standard output; -1: it could not be written (SYSTEM). */
int present_list(const struct suite *suite, struct err *err);
/* `explain NAME…`. -1: also POLICY, there is no such name. */
int present_explain(struct suite *suite, struct err *err);
int present_dry_run(const struct suite *suite, struct err *err);
/* The matrix; on standard error when standard output is taken by --json or --junit. */
int present_matrix(const struct suite *suite, const struct gate *gate, struct err *err);
/* --json -: the record on standard output. */
int present_json(const struct suite *suite, struct err *err);
/* In place of the matrix where waivers or a baseline are given: `confine report text` of the record,
 * whose exit status is that of the run. */
int present_report(struct suite *suite, int *ret_exit, struct err *err);
/* --junit FILE: `confine report junit` of the record, whose exit status must be this one. */
int present_junit(struct suite *suite, int exit, struct err *err);

#endif
