/* SPDX-License-Identifier: Apache-2.0 */
/*
 * each - an assertion for every byte of a text, or every row of a large table
 *
 * libcheck's own write a mark for each one that holds, two system calls' worth of time: a million
 * of them are most of a minute.
 */
#ifndef RUNNER_BASE_TESTS_EACH_H
#define RUNNER_BASE_TESTS_EACH_H

#include <check.h>

/** check_each() - Fail the test with a message, as printf(3) would write it, unless @holds */
#define check_each(holds, ...)                                                           \
	do {                                                                             \
		if (!(holds))                                                            \
			ck_abort_msg(__VA_ARGS__);                                       \
	} while (0)

#endif
