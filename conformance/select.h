/* SPDX-License-Identifier: Apache-2.0 */
/* select - which probes of the catalogue a run is about */
#ifndef CONFORMANCE_SELECT_H
#define CONFORMANCE_SELECT_H

#include "conformance/catalogue.h"
#include "runner/base/arena.h"
#include <stddef.h>

struct selection {
	const struct probe **probes; /* in the catalogue's order; the arena's */
	size_t count;
	const char *unmatched; /* first --only glob that nothing matches, or NULL */
};

/* A glob (fnmatch(3)) matches a probe by its id, its requirement's id or its layer. Selected is
 * what any of `only` matches (everything when it is empty) and none of `skip` does. */
void select_probes(const struct catalogue *catalogue, const char *const *only,
		   const char *const *skip, struct arena *arena,
		   struct selection *selection);

#endif
