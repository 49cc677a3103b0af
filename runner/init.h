/* SPDX-License-Identifier: Apache-2.0 */
/*
 * init - pid 1 of the run: never the script; reaps, forwards orders, ends the tree
 *
 * Runs in the same confinement as the script and holds one descriptor, the lifeline. Its end is
 * the end of every task in its pid namespace. Without one it is a subreaper and kills what is
 * handed to it.
 */
#ifndef RUNNER_INIT_H
#define RUNNER_INIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/types.h>

enum init_says {
	INIT_STATUS, /* the script ended: status */
};

/* init -> supervisor, one datagram each. */
struct init_report {
	uint32_t says;
	int32_t status; /* as from wait(2) */
	int64_t cpu_us; /* what RLIMIT_CPU was held against, if a signal ended it */
};

/* supervisor -> init */
enum init_order {
	INIT_TERMINATE = 't', /* TERM to every task */
	INIT_KILL = 'k',      /* KILL to every task, then end */
};

struct init {
	int control;  /* lifeline: end of file means that the supervisor is gone */
	int signals;  /* signalfd of SIGCHLD */
	int children; /* /proc/…/children, or -1 in a pid namespace of our own */
	pid_t script;
	bool own_pids;
	bool ends_tree; /* the tree ends with the script, and with the supervisor */
};

/* The descriptor for init.signals, made before there is a script; -1 and errno. */
int init_signals(void);
noreturn void init_run(const struct init *init);
/* Kills every task of the run, then itself. */
noreturn void init_end_tree(const struct init *init);

#endif
