/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shield - namespaces around one arm, and the init that arranges, starts, reaps and looks
 *
 * Two processes: worker (on the host, watches) and init (process 1 of the shield). Init dies with the
 * worker, and with init dies everything in the shield.
 * Worker and init talk by single bytes on a socket pair, facts go through struct arm_shared.
 */
#ifndef CONFORMANCE_SHIELD_H
#define CONFORMANCE_SHIELD_H

#include "conformance/arm.h"

enum shield_message {
	SHIELD_READY = 'R',  /* init: arranged; two descriptors: /proc, root of the arm */
	SHIELD_FAULT = 'F',  /* init: could not; arm_shared.fault says why */
	SHIELD_START = 'S',  /* worker: start the launcher */
	SHIELD_ENDED = 'E',  /* init: the launcher ended */
	SHIELD_KILL = 'k',   /* worker: the next byte is a signal for the launcher */
	SHIELD_FINISH = 'X', /* worker: end everything, then look */
	SHIELD_LOOKED = 'L', /* init: looked; ends now */
};

struct shield {
	pid_t init;  /* the worker's child */
	int control; /* socket to init */
	int proc;    /* /proc of the shield */
	int root;    /* directory of the arm, in the shield's tmpfs */
};

/* Forks init, which arranges everything; `out` and `errors` become the launcher's.
 * -1: UNSUPPORTED, what the host does not have; SYSTEM. */
int shield_open(struct arm *arm, int out, int errors, struct shield *ret,
		struct err *err);
int shield_send(const struct shield *shield, enum shield_message message, int argument);
/* The next message; 0 when init is gone, -1 and errno. */
int shield_receive(const struct shield *shield);
/* Ends everything that is left, now. Accepts one that never opened. */
void shield_close(struct shield *shield);

#endif
