/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outside - what the worker looks at from the host: one row for each word of `witness:`
 *
 * Counts, owners, ends, and the receipt against all of it; probes/README.md has the words.
 */
#ifndef CONFORMANCE_OUTSIDE_H
#define CONFORMANCE_OUTSIDE_H

#include "conformance/watched.h"

struct outside_word {
	const char *name;
	enum witness (*look)(struct arm *arm, struct watch *watch, const char *value);
};

enum {
	OUTSIDE_TASKS_TOLERANCE = 16, /* of the witness `tasks` */
};

/* How many the head allows; 0: it does not say. */
uint64_t outside_tasks_allowed(const struct probe *probe);
/* At the very end, when everything was collected: the worst of all that the probe asks for. */
enum witness outside_look(struct arm *arm, struct watch *watch);
/* Is there such a word, with or without a value? */
bool outside_knows(const char *text);

#endif
