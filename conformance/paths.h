/* SPDX-License-Identifier: Apache-2.0 */
/* paths - where the programs and data of this installation are, found from /proc/self/exe */
#ifndef CONFORMANCE_PATHS_H
#define CONFORMANCE_PATHS_H

#include "runner/base/arena.h"
#include "runner/base/err.h"

struct paths {
	const char *confine;          /* the front; NULL when it is not there */
	const char *attack;           /* confine-attack */
	const char *lab;              /* confine-lab; NULL when it is not there */
	const char *report;           /* confine-report; NULL when it is not there */
	const char *probes, *targets; /* directories */
	const char *controls;         /* directory; NULL when it is not there */
	const char *text;             /* CONFORMANCE.md; NULL when it is not there */
};

/* CONFINE_LIBEXEC and CONFINE_SHARE of the environment come first. -1: INTERNAL, what is not
 * where it should be. */
int paths_find(struct arena *arena, struct paths *paths, struct err *err);

#endif
