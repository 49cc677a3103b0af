/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outlet - the way out of a run's network namespace: first the rules, then the uplink, then a look
 * at both
 */
#ifndef RUNNER_OUTLET_H
#define RUNNER_OUTLET_H

#include "runner/base/str.h"
#include "runner/uplink.h"

enum outlet_fault {
	OUTLET_SOUND,
	OUTLET_FILTER, /* the rules */
	OUTLET_UPLINK,
};

struct outlet {
	struct uplink uplink;
	struct str rules; /* the kernel's listing, a line each; empty: nothing was read */
	struct str addresses; /* "INTERFACE ADDRESS/PREFIX" a line */
	enum outlet_fault fault;
};

#define OUTLET_NONE                                                                      \
	(struct outlet)                                                                  \
	{                                                                                \
		.uplink = UPLINK_NONE                                                    \
	}

/**
 * outlet_open() - Let packets out of the network namespace of a process, by rules only
 * @init:	pidfd of a process in it, and in the user namespace that owns it
 * @own_user:	that user namespace is not ours
 * @rules:	see egress_rules(); NULL = load none (test builds only)
 * @uplink:	start one (false: test builds only)
 * Return: 0; or -1 with outlet->fault and nothing left running. The rules stand before there is an
 * interface that leads out, and are read back when everything stands.
 */
int outlet_open(int init, bool own_user, const char *rules, bool uplink,
		struct outlet *outlet, struct err *err);

void outlet_done(struct outlet *outlet);

#endif
