/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lab - client of `confine-lab serve`: where network probes run, and who counts what arrives
 *
 * The lab is another program: argv, one JSON line each way, and two namespaces to join.
 */
#ifndef CONFORMANCE_LAB_H
#define CONFORMANCE_LAB_H

#include "runner/base/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LAB_ADDRESS_MAX = 48,
};

struct lab {
	pid_t pid;           /* of our child; 0: not running */
	int to, from;        /* its stdin and stdout */
	int user_ns, net_ns; /* of its host under test; user_ns -1: the lab made none */
	char peer_v4[LAB_ADDRESS_MAX], peer_v6[LAB_ADDRESS_MAX]; /* "" without IPv6 */
	char resolver_v4[LAB_ADDRESS_MAX];
};

struct lab_arrivals {
	uint64_t count;
	bool complete; /* nothing was sent that is not counted */
};

/* UNSUPPORTED: no lab here, with the lab's own reason. */
int lab_open(const char *program, struct lab *lab, struct err *err);
/* Arrivals since the last mark. Everything sent before this call is counted. */
int lab_mark(const struct lab *lab, const char *text, struct lab_arrivals *ret,
	     struct err *err);
/* Accepts a lab that never opened. */
void lab_close(struct lab *lab);

#endif
