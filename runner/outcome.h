/* SPDX-License-Identifier: Apache-2.0 */
/* outcome - how a run ended, which limit ended it and by what it is known, what was used */
#ifndef RUNNER_OUTCOME_H
#define RUNNER_OUTCOME_H

#include "runner/base/err.h"
#include "runner/plan.h"
#include "runner/result.h"

enum outcome_word {
	OUTCOME_EXITED,
	OUTCOME_SIGNALED,
	OUTCOME_TIMEOUT,
	OUTCOME_LIMIT,
	OUTCOME_REFUSED,
	OUTCOME_CANNOT_EXECUTE,
	OUTCOME_NOT_FOUND,
	OUTCOME_INTERRUPTED,
	OUTCOME_NO_RESULT,
	OUTCOME_FAILED,
};
extern const char *const outcome_words[];

/* Exit statuses of our own: DESIGN, and what shells and timeout(1) use. */
enum {
	EXIT_NO_RESULT = 123,
	EXIT_TIMEOUT = 124,
	EXIT_REFUSED = 125,
	EXIT_CANNOT_EXECUTE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_LIMIT = 137,
};

/* A source is NULL where the number was not to be had. */
struct usage {
	double cpu_seconds, wall_seconds;
	uint64_t peak_memory_bytes, peak_tasks, scratch_bytes;
	const char *cpu_source, *memory_source, *tasks_source, *scratch_source;
	uint64_t output_bytes;   /* passed on */
	uint64_t output_dropped; /* read from the script and not passed on */
	uint64_t oom_kills, refused_tasks;
};

struct outcome {
	enum outcome_word word;
	bool has_status; /* the script's own end is known: */
	int status;      /* as from wait(2) */
	int64_t cpu_us;  /* what RLIMIT_CPU was held against, where a signal ended it */
	bool timed_out;
	bool output_truncated; /* not all that the script wrote was passed on */
	bool output_spent;     /* the tree was killed for its output */
	bool tree_cpu_spent;   /* the tree was killed for its time */
	const char *limit_fired, *limit_witness; /* field name of the policy, or NULL */
	int interrupted;                         /* signal that ended the run, or 0 */
	int exec_error;                          /* errno of exec, or 0 */
	int output_error; /* errno of a write that lost output of the script, or 0 */
	const struct result *
		result; /* what came over the result's descriptor; NULL = none was asked for */
	bool result_counts;        /* it is whole, and the script ended by itself */
	const struct err *failure; /* why there was no run, or NULL */
	int confine_exit;
	struct usage usage;
};

/* From what was heard and counted: word, limit_fired, confine_exit. Pure. */
void outcome_conclude(struct outcome *outcome, const struct plan *plan);

#endif
