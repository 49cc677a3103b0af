/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controls - how the frameworks are called whose controls a record names
 *
 * The controls of every requirement, their titles and how far the evidence goes are the record's
 * own. Here are names for the keys of the frameworks, and what has to be said beside them.
 * "Produces evidence for", never "satisfies": whether a control is met is for whoever knows the
 * whole system.
 */
#ifndef REPORTS_CONTROLS_H
#define REPORTS_CONTROLS_H

#include <stddef.h>

struct framework {
	const char *key, *name;
	const char *notice; /* NULL without */
};

/* In the order in which they are shown; a row whose key is NULL ends them. */
extern const struct framework frameworks[];
/* The row of a key; NULL: a framework of somebody else's, shown by its key. */
const struct framework *framework_find(const char *key);

#endif
