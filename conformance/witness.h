/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness - what is looked at from outside: one row for each word of `witness:`
 *
 * probes/README.md says when each of them speaks. Some look inside the shield, in its init, after
 * the last task is gone; the others look from the host, at what the worker counted.
 */
#ifndef CONFORMANCE_WITNESS_H
#define CONFORMANCE_WITNESS_H

#include "conformance/arm.h"
#include "conformance/watch.h"

struct witness_word {
	const char *name;
	/* Either may be absent; the verdict of both counts. */
	enum witness (*inside)(struct arm *arm, const char *value);
	enum witness (*outside)(struct arm *arm, struct watch *watch, const char *value);
};

/* By where they look, each ended by a row without a name. */
extern const struct witness_word witness_inside_words[], witness_outside_words[];

/* Before the launcher starts: what things look like. 0, or -1: the witness is deaf. */
int witness_before(struct arm *arm);
/* In init, after the last task is gone: the worst of all that look there. */
enum witness witness_inside(struct arm *arm);
/* In the worker, at the very end. */
enum witness witness_outside(struct arm *arm, struct watch *watch);
bool witness_exists(const char *text);

/* Of two: the one that saw, else the one that could not look. */
enum witness witness_worse(enum witness a, enum witness b);

#endif
