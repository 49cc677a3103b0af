/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness - what init looks at after the last task is gone: one row for each word of `witness:`
 *
 * probes/README.md says when each of them speaks. Those that look from the host are in outside.
 */
#ifndef CONFORMANCE_WITNESS_H
#define CONFORMANCE_WITNESS_H

#include "conformance/arm.h"

struct witness_word {
	const char *name;
	enum witness (*look)(struct arm *arm, const char *value);
};

/* Before the launcher starts: what things look like. 0, or -1: the witness is deaf. */
int witness_before(struct arm *arm);
/* The worst of all that the probe asks for. */
enum witness witness_look(struct arm *arm);
/* Is there such a word, with or without a value? */
bool witness_knows(const char *text);

/* Of two: the one that saw, else the one that could not look. */
enum witness witness_worse(enum witness a, enum witness b);

#endif
