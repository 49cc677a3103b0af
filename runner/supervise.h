/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - from exec to the end of the last task: bytes, deadline, signals, cause of death
 */
#ifndef RUNNER_SUPERVISE_H
#define RUNNER_SUPERVISE_H

#include "runner/spawn.h"

enum outcome_word {
	OUTCOME_EXITED,
	OUTCOME_SIGNALED,
	OUTCOME_TIMEOUT,
	OUTCOME_LIMIT,
	OUTCOME_REFUSED,
	OUTCOME_CANNOT_EXECUTE,
	OUTCOME_NOT_FOUND,
	OUTCOME_INTERRUPTED,
	OUTCOME_FAILED,
};
extern const char *const outcome_words[];

/* Exit statuses of our own: DESIGN, and what shells and timeout(1) use. */
enum {
	EXIT_TIMEOUT = 124,
	EXIT_REFUSED = 125,
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_LIMIT = 137,
};

struct outcome {
	enum outcome_word word;
	bool has_status; /* the script's own end is known: */
	int status;      /* as from wait(2) */
	bool timed_out;
	bool output_truncated;   /* not all that the script wrote was passed on */
	const char *limit_fired; /* field name of the policy, or NULL */
	int interrupted;         /* signal that ended the run, or 0 */
	int exec_error;          /* errno of exec, or 0 */
	int output_error; /* errno of a write that lost output of the script, or 0 */
	const struct err *failure; /* why there was no run, or NULL */
	int confine_exit;
	uint64_t output_bytes, peak_memory_bytes, peak_tasks, oom_kills, refused_tasks;
	double cpu_seconds, wall_seconds;
};

/**
 * supervise() - Pump until the tree is gone
 * @signals:	signalfd for the signals that end a run
 * @account:	somebody will read the usage
 * The tree is dead and reaped when this returns; what it wrote within the budget has been passed on,
 * unless the reader left, or took nothing for a second after a deadline or a signal.
 */
void supervise(struct spawn *spawn, int signals, bool account, struct outcome *outcome);

#endif
