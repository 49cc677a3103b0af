/* SPDX-License-Identifier: Apache-2.0 */
/* test_names - our tables say what glibc's say, for every number there is and the ones around. */
#include "runner/base/err.h"
#include "runner/base/names.h"
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(errnos)
{
	for (int number = -2; number < 4200; number++) {
		const char *ours = name_of_errno(number),
			   *theirs = strerrorname_np(number);

		if (number == 0)
			theirs = NULL; /* glibc calls success "0" */
		ck_assert_msg(!ours == !theirs, "%d: %s, %s", number, ours, theirs);
		if (ours)
			ck_assert_str_eq(ours, theirs);
	}
}
END_TEST

START_TEST(signals)
{
	for (int number = -2; number < 130; number++) {
		const char *ours = name_of_signal(number), *theirs = sigabbrev_np(number);

		ck_assert_msg(!ours == !theirs, "%d: %s, %s", number, ours, theirs);
		if (!ours)
			continue;
		ck_assert_msg(strncmp(ours, "SIG", 3) == 0, "%s", ours);
		ck_assert_str_eq(ours + 3, theirs);
	}
}
END_TEST

START_TEST(unknown_numbers_are_shown)
{
	ck_assert_str_eq(err_name(EPERM), "EPERM");
	ck_assert_str_eq(err_name(999), "errno 999");
	ck_assert_str_eq(err_name(-1), "errno -1");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("names");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, errnos);
	tcase_add_test(tcase, signals);
	tcase_add_test(tcase, unknown_numbers_are_shown);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
