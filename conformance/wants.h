/* SPDX-License-Identifier: Apache-2.0 */
/* wants - what a run of the suite is given to work with */
#ifndef CONFORMANCE_WANTS_H
#define CONFORMANCE_WANTS_H

#include "conformance/target.h"
#include <stdbool.h>

/* What a session needs to know; all of it outlives the session. */
struct session_wants {
	const struct target *target;
	const char *probes;  /* directory of the catalogue */
	const char *confine; /* program, for {confine}; NULL: not there */
	const char *attack;  /* program confine-attack */
	const char *lab;     /* program confine-lab; NULL: no lab */
	const char *policy;  /* for {policy}, or NULL; absolute */
	int stop_fd;         /* readable when the caller wants to stop early, or -1 */
	bool lab_wanted;     /* one of the selected probes needs the lab */
};

#endif
