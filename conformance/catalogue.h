/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue - every probe of a folder, joined with its requirement
 *
 * A file without class or budget, with an unknown key or requirement, or with an id that is not
 * its path does not load: "file:line: …".
 */
#ifndef CONFORMANCE_CATALOGUE_H
#define CONFORMANCE_CATALOGUE_H

#include "conformance/probe.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stddef.h>

struct catalogue {
	const char *directory; /* of the shipped probes, as given */
	struct probe *probes;  /* ordered by layer, then id */
	size_t count;
};

/**
 * catalogue_load() - Every probe below a directory
 * @directory:	holds <layer>/<name>.sh; other files and folders are left alone
 * @arena:	owns everything that *catalogue points to
 * Return: 0; or -1 with POLICY (the probe is wrong) or SYSTEM (cannot read)
 */
int catalogue_load(const char *directory, struct arena *arena,
		   struct catalogue *catalogue, struct err *err);
/**
 * catalogue_add() - A user's own probes, after those that are there, layer by layer
 * @directory:	of the same shape; a folder that is no layer, an id that is taken and an empty
 *		directory are errors, lib.sh and the like are not needed
 * Return: as catalogue_load(); *catalogue is unchanged on failure
 */
int catalogue_add(const char *directory, struct arena *arena, struct catalogue *catalogue,
		  struct err *err);
/* NULL when there is none. */
const struct probe *catalogue_find(const struct catalogue *catalogue, const char *id);

#endif
