/* SPDX-License-Identifier: Apache-2.0 */
/* test_tree_clock - the time of a tree is looked at in time, and not too often */
#include "runner/base/own.h"
#include "runner/tree_clock.h"
#include <check.h>
#include <stdlib.h>

static const struct {
	uint64_t seconds, processors, spent_us, wait_ms;
} rows[] = {
	{ 1, 1, 0, 1000 },          { 1, 4, 0, 250 },
	{ 1, 1, 999999, 10 },       { 1, 1, 1000000, 0 },
	{ 1, 1, 1000001, 0 },       { 1, 8192, 0, 10 },
	{ 60, 2, 30000000, 15000 }, { UINT64_MAX, 1, 0, UINT64_MAX / 1000 },
};

START_TEST(waits_rows)
{
	struct tree_clock clock;

	tree_clock_init(&clock, rows[_i].seconds);
	ck_assert_uint_ge(clock.processors, 1);
	clock.processors = rows[_i].processors;
	ck_assert_uint_eq(tree_clock_wait_ms(&clock, rows[_i].spent_us),
			  rows[_i].wait_ms);
}
END_TEST

/* However many of the processors a tree keeps busy: it comes past its number by one short wait at most,
 * and a minute of it costs some thirty looks. */
START_TEST(comes_close)
{
	for (uint64_t processors = 1; processors <= 64; processors *= 2)
		for (uint64_t busy = 1; busy <= processors; busy++) {
			struct tree_clock clock;
			uint64_t spent_us = 0, wait_ms, looks = 0;

			tree_clock_init(&clock, 60);
			clock.processors = processors;
			while ((wait_ms = tree_clock_wait_ms(&clock, spent_us)) > 0) {
				spent_us += busy * wait_ms * 1000;
				looks++;
			}
			ck_assert_uint_le(spent_us - clock.limit_us,
					  busy * TREE_CLOCK_STEP_MS * 1000);
			ck_assert_uint_le(looks, 60 + 10 * processors);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tree_clock");
	TCase *tcase = tcase_create("tree_clock");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, waits_rows, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(tcase, comes_close);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
