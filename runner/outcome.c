/* SPDX-License-Identifier: Apache-2.0 */
/* outcome - see outcome.h. A signal alone proves no limit, since a script can send it to itself. */
#include "runner/outcome.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

const char *const outcome_words[] = {
	[OUTCOME_EXITED] = "exited",       [OUTCOME_SIGNALED] = "signaled",
	[OUTCOME_TIMEOUT] = "timeout",     [OUTCOME_LIMIT] = "limit",
	[OUTCOME_REFUSED] = "refused",     [OUTCOME_CANNOT_EXECUTE] = "cannot-execute",
	[OUTCOME_NOT_FOUND] = "not-found", [OUTCOME_INTERRUPTED] = "interrupted",
	[OUTCOME_NO_RESULT] = "no-result", [OUTCOME_FAILED] = "failed",
};

static int signal_of(const struct outcome *outcome)
{
	return outcome->has_status && WIFSIGNALED(outcome->status)
		       ? WTERMSIG(outcome->status)
		       : 0;
}

static bool by_output(const struct outcome *outcome, const struct plan *plan)
{
	(void)plan;
	return outcome->output_spent;
}

static bool by_result(const struct outcome *outcome, const struct plan *plan)
{
	(void)plan;
	return outcome->result && result_state(outcome->result) == RESULT_TOO_LARGE;
}

static bool by_tree_cpu(const struct outcome *outcome, const struct plan *plan)
{
	(void)plan;
	return outcome->tree_cpu_spent;
}

/* No second witness: the file may be gone, and the kernel counts no refused write. */
static bool by_file_size(const struct outcome *outcome, const struct plan *plan)
{
	return signal_of(outcome) == SIGXFSZ && plan_find(plan, OP_RLIMIT_FILE_SIZE);
}

static bool by_memory(const struct outcome *outcome, const struct plan *plan)
{
	(void)plan;
	return outcome->usage.oom_kills &&
	       (signal_of(outcome) == SIGKILL || !outcome->has_status);
}

static bool by_cpu(const struct outcome *outcome, const struct plan *plan)
{
	const struct step *step = plan_find(plan, OP_RLIMIT_CPU);
	int sig = signal_of(outcome);

	return step && (sig == SIGXCPU || sig == SIGKILL) &&
	       outcome->cpu_us >= (int64_t)step->number * 1000000;
}

/* The first that holds. */
static const struct {
	const char *name, *witness;
	bool (*fired)(const struct outcome *, const struct plan *);
} limits[] = {
	{ "maxOutputBytes", "bytes counted by the supervisor", by_output },
	{ "maxResultBytes", "bytes counted by the supervisor", by_result },
	{ "treeCpuSeconds", "CPU time counted by the cgroup", by_tree_cpu },
	{ "maxFileSizeBytes", "SIGXFSZ alone, which a script can send to itself",
	  by_file_size },
	{ "memoryBytes", "kills counted by the cgroup", by_memory },
	{ "cpuSeconds", "the clock that the kernel holds against RLIMIT_CPU", by_cpu },
};

static void find_limit(struct outcome *outcome, const struct plan *plan)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (!limits[i].fired(outcome, plan))
			continue;
		outcome->limit_fired = limits[i].name;
		outcome->limit_witness = limits[i].witness;
		return;
	}
}

static void end_as(struct outcome *outcome, enum outcome_word word, int confine_exit)
{
	outcome->word = word;
	outcome->confine_exit = confine_exit;
}

/* What a script leaves behind that was stopped is no answer of its. */
static void judge_result(struct outcome *outcome)
{
	bool whole;

	if (!outcome->result || outcome->word != OUTCOME_EXITED)
		return;
	whole = result_state(outcome->result) == RESULT_RETURNED;
	outcome->result_counts = whole;
	if (!whole && outcome->confine_exit == 0)
		end_as(outcome, OUTCOME_NO_RESULT, EXIT_NO_RESULT);
}

void outcome_conclude(struct outcome *outcome, const struct plan *plan)
{
	bool missing = outcome->exec_error == ENOENT || outcome->exec_error == ENOTDIR;

	if (outcome->output_error && !outcome->interrupted)
		return; /* failed, as it was to begin with */
	if (!outcome->timed_out && !outcome->interrupted)
		find_limit(outcome, plan);
	if (outcome->interrupted)
		end_as(outcome, OUTCOME_INTERRUPTED, 128 + outcome->interrupted);
	else if (outcome->timed_out)
		end_as(outcome, OUTCOME_TIMEOUT, EXIT_TIMEOUT);
	else if (outcome->limit_fired)
		end_as(outcome, OUTCOME_LIMIT, EXIT_LIMIT);
	else if (outcome->exec_error)
		end_as(outcome, missing ? OUTCOME_NOT_FOUND : OUTCOME_CANNOT_EXECUTE,
		       missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
	else if (!outcome->has_status)
		end_as(outcome, OUTCOME_FAILED, EXIT_REFUSED);
	else if (WIFSIGNALED(outcome->status))
		end_as(outcome, OUTCOME_SIGNALED, 128 + WTERMSIG(outcome->status));
	else
		end_as(outcome, OUTCOME_EXITED, WEXITSTATUS(outcome->status));
	judge_result(outcome);
}
