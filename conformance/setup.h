/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup - what the harness arranges around a probe: one row for each word of `setup:`
 *
 * probes/README.md says what each word means. A word is planned in the worker, where it may add
 * to arguments and environment and touches nothing, and arranged in the shield's init.
 */
#ifndef CONFORMANCE_SETUP_H
#define CONFORMANCE_SETUP_H

#include "conformance/arm.h"

struct setup_word {
	const char *name;
	const char *never; /* for a caller who is not root: why not; NULL: for all */
	int (*plan)(struct arm *arm, const char *value, struct err *err);
	int (*arrange)(struct arm *arm, const char *value, struct err *err);
};

/* By subject, each ended by a row without a name. */
extern const struct setup_word setup_start_words[], setup_file_words[],
	setup_object_words[];

/* NULL when there is no such word; text may have a value ("env=A:B"). */
const struct setup_word *setup_find(const char *text, const char **ret_value);
/* Why this caller can never have what the probe asks for, or NULL. */
const char *setup_never(const struct probe *probe, bool privileged);
int setup_plan(struct arm *arm, struct err *err);
/* UNSUPPORTED when the host does not have what is to be arranged. */
int setup_arrange(struct arm *arm, struct err *err);

#endif
