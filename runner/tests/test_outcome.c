/* SPDX-License-Identifier: Apache-2.0 */
/* test_outcome - how a run ended and which limit ended it, from what was heard and counted */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/outcome.h"
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct step steps[] = { { .op = OP_RLIMIT_CPU, .number = 2 },
			       { .op = OP_RLIMIT_FILE_SIZE, .number = 1 } };
static const struct plan limited = { .steps = steps, .count = ARRAY_SIZE(steps) };
static const struct plan free_plan = { .count = 0 };

#define SIGNALED(sig) .has_status = true, .status = (sig)
#define EXITED(code)  .has_status = true, .status = (code) << 8

static const struct {
	const struct plan *plan;
	struct outcome heard;
	enum outcome_word word;
	int confine_exit;
	const char *fired;
} rows[] = {
	{ &limited, { EXITED(7) }, OUTCOME_EXITED, 7, NULL },
	{ &limited, { EXITED(124) }, OUTCOME_EXITED, 124, NULL },
	{ &limited, { SIGNALED(SIGKILL) }, OUTCOME_SIGNALED, 137, NULL },
	{ &limited, { .exec_error = ENOENT }, OUTCOME_NOT_FOUND, 127, NULL },
	{ &limited, { .exec_error = EACCES }, OUTCOME_CANNOT_EXECUTE, 126, NULL },
	{ &limited, { 0 }, OUTCOME_FAILED, 125, NULL },
	{ &limited, { .output_error = ENOSPC, EXITED(0) }, OUTCOME_FAILED, 125, NULL },
	{ &limited,
	  { .timed_out = true, SIGNALED(SIGTERM) },
	  OUTCOME_TIMEOUT,
	  124,
	  NULL },
	{ &limited,
	  { .interrupted = SIGINT, SIGNALED(SIGTERM) },
	  OUTCOME_INTERRUPTED,
	  130,
	  NULL },
	/* A signal proves nothing: the clock that the kernel looks at has to have got there. */
	{ &limited,
	  { SIGNALED(SIGKILL), .cpu_us = 2000000 },
	  OUTCOME_LIMIT,
	  137,
	  "cpuSeconds" },
	{ &limited,
	  { SIGNALED(SIGXCPU), .cpu_us = 2004000 },
	  OUTCOME_LIMIT,
	  137,
	  "cpuSeconds" },
	{ &limited,
	  { SIGNALED(SIGKILL), .cpu_us = 1999999 },
	  OUTCOME_SIGNALED,
	  137,
	  NULL },
	{ &limited,
	  { SIGNALED(SIGTERM), .cpu_us = 2000000 },
	  OUTCOME_SIGNALED,
	  143,
	  NULL },
	{ &limited, { EXITED(0), .cpu_us = 2000000 }, OUTCOME_EXITED, 0, NULL },
	{ &free_plan,
	  { SIGNALED(SIGKILL), .cpu_us = 2000000 },
	  OUTCOME_SIGNALED,
	  137,
	  NULL },
	{ &limited, { SIGNALED(SIGXFSZ) }, OUTCOME_LIMIT, 137, "maxFileSizeBytes" },
	{ &free_plan, { SIGNALED(SIGXFSZ) }, OUTCOME_SIGNALED, 153, NULL },
	{ &limited,
	  { SIGNALED(SIGKILL), .usage.oom_kills = 1 },
	  OUTCOME_LIMIT,
	  137,
	  "memoryBytes" },
	{ &limited, { .usage.oom_kills = 1 }, OUTCOME_LIMIT, 137, "memoryBytes" },
	{ &limited, { EXITED(1), .usage.oom_kills = 1 }, OUTCOME_EXITED, 1, NULL },
	{ &limited,
	  { SIGNALED(SIGKILL), .tree_cpu_spent = true },
	  OUTCOME_LIMIT,
	  137,
	  "treeCpuSeconds" },
	{ &limited, { .tree_cpu_spent = true }, OUTCOME_LIMIT, 137, "treeCpuSeconds" },
	{ &limited,
	  { SIGNALED(SIGKILL), .output_spent = true },
	  OUTCOME_LIMIT,
	  137,
	  "maxOutputBytes" },
	/* Cut, but not ended by it. */
	{ &limited, { EXITED(3), .output_truncated = true }, OUTCOME_EXITED, 3, NULL },
	/* What the caller ordered comes first. */
	{ &limited,
	  { .timed_out = true, .tree_cpu_spent = true },
	  OUTCOME_TIMEOUT,
	  124,
	  NULL },
};

START_TEST(concludes_rows)
{
	struct outcome outcome = rows[_i].heard;

	outcome.word = OUTCOME_FAILED;
	outcome.confine_exit = EXIT_REFUSED;
	outcome_conclude(&outcome, rows[_i].plan);
	ck_assert_str_eq(outcome_words[outcome.word], outcome_words[rows[_i].word]);
	ck_assert_int_eq(outcome.confine_exit, rows[_i].confine_exit);
	ck_assert(str_equal(outcome.limit_fired, rows[_i].fired));
	ck_assert((outcome.limit_fired == NULL) == (outcome.limit_witness == NULL));
}
END_TEST

/* The script's own status comes first; a result that is none makes a good end a bad one. */
static const struct {
	const char *bytes;
	struct outcome heard;
	enum outcome_word word;
	int confine_exit;
	bool counts;
	const char *fired;
} results[] = {
	{ "{}", { EXITED(0) }, OUTCOME_EXITED, 0, true, NULL },
	{ "{}", { EXITED(3) }, OUTCOME_EXITED, 3, true, NULL },
	{ "", { EXITED(0) }, OUTCOME_NO_RESULT, 123, false, NULL },
	{ "", { EXITED(3) }, OUTCOME_EXITED, 3, false, NULL },
	{ "x", { EXITED(0) }, OUTCOME_NO_RESULT, 123, false, NULL },
	{ "[", { EXITED(0) }, OUTCOME_NO_RESULT, 123, false, NULL },
	{ "1 2", { EXITED(0) }, OUTCOME_NO_RESULT, 123, false, NULL },
	{ "[1,2,3,4]", { EXITED(0) }, OUTCOME_LIMIT, 137, false, "maxResultBytes" },
	{ "[1,2,3,4]",
	  { SIGNALED(SIGKILL) },
	  OUTCOME_LIMIT,
	  137,
	  false,
	  "maxResultBytes" },
	{ "{}", { SIGNALED(SIGSEGV) }, OUTCOME_SIGNALED, 139, false, NULL },
	{ "{}", { .timed_out = true, EXITED(0) }, OUTCOME_TIMEOUT, 124, false, NULL },
	{ "[1,2,3,4]", { .timed_out = true }, OUTCOME_TIMEOUT, 124, false, NULL },
	{ "{}",
	  { .interrupted = SIGTERM, EXITED(0) },
	  OUTCOME_INTERRUPTED,
	  143,
	  false,
	  NULL },
	{ "", { .exec_error = ENOENT }, OUTCOME_NOT_FOUND, 127, false, NULL },
	{ "{}", { .output_error = EIO, EXITED(0) }, OUTCOME_FAILED, 125, false, NULL },
};

START_TEST(concludes_results)
{
	struct outcome outcome = results[_i].heard;
	struct result result;

	result_init(&result, -1, 8);
	result_feed(&result, results[_i].bytes, strlen(results[_i].bytes));
	outcome.result = &result;
	outcome.word = OUTCOME_FAILED;
	outcome.confine_exit = EXIT_REFUSED;
	outcome_conclude(&outcome, &free_plan);
	ck_assert_str_eq(outcome_words[outcome.word], outcome_words[results[_i].word]);
	ck_assert_int_eq(outcome.confine_exit, results[_i].confine_exit);
	ck_assert_int_eq(outcome.result_counts, results[_i].counts);
	ck_assert(str_equal(outcome.limit_fired, results[_i].fired));
	result_done(&result);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outcome");
	TCase *tcase = tcase_create("outcome");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, concludes_rows, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, concludes_results, 0, (int)ARRAY_SIZE(results));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
