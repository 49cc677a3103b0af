/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of controls: every id that a line names is in the list, every requirement of
 * CONFORMANCE.md has its line, no word claims more than evidence. */
#include "reports/controls.h"
#include "runner/base/err.h"
#include "runner/base/fd.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_ids(const char *ids)
{
	size_t count = 0;

	for (; ids && *(ids += strspn(ids, " ")); ids += strcspn(ids, " "))
		count++;
	return count;
}

START_TEST(test_ids_are_known)
{
	struct control_link links[CONTROL_LINKS_MAX];

	for (size_t i = 0; i < control_family_count; i++) {
		const struct control_family *family = &control_families[i];
		size_t wanted = 0;
		char first[16] = "";

		memcpy(first, family->requirements, strcspn(family->requirements, " "));
		for (enum framework k = 0; k < FRAMEWORK_COUNT; k++)
			wanted += count_ids(family->ids[k]);
		ck_assert_uint_gt(wanted, 0);
		ck_assert_uint_lt(wanted, CONTROL_LINKS_MAX);
		ck_assert_msg(controls_of(first, links) == wanted, "%s: %zu of %zu",
			      first, controls_of(first, links), wanted);
	}
}
END_TEST

START_TEST(test_every_requirement)
{
	struct control_link links[CONTROL_LINKS_MAX];
	const char *source = getenv("SRC");
	owned_str struct str path = { 0 }, text = { 0 };
	struct err err = { 0 };
	size_t count = 0;

	str_addf(&path, "%s/CONFORMANCE.md", source ? source : ".");
	ck_assert_msg(fd_read_file(path.text, 1 << 20, &text, &err) == 0, "%s", err.msg);
	for (const char *at = text.text; (at = strstr(at, "\n### ")) != NULL; at++) {
		char id[16] = "";
		size_t length = strcspn(at + 5, " ");

		ck_assert_uint_lt(length, sizeof(id));
		memcpy(id, at + 5, length);
		ck_assert_msg(controls_of(id, links) > 0, "%s has no controls", id);
		count++;
	}
	ck_assert_uint_ge(count, 40);
}
END_TEST

START_TEST(test_table)
{
	for (size_t i = 0; i < control_count; i++) {
		const struct control *row = &controls[i];

		ck_assert(i == 0 || controls[i - 1].framework <= row->framework);
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(controls[k].framework != row->framework ||
					      strcmp(controls[k].id, row->id) != 0,
				      "%s twice", row->id);
		/* Titles stand where their text is free, and nowhere else. */
		ck_assert_int_eq(row->title != NULL,
				 row->framework == FRAMEWORK_NIST ||
					 row->framework == FRAMEWORK_ATTACK);
		ck_assert_int_eq(row->baseline != NULL, row->framework == FRAMEWORK_NIST);
	}
	for (enum framework k = 0; k < FRAMEWORK_COUNT; k++)
		ck_assert(frameworks[k].key && frameworks[k].name &&
			  frameworks[k].version);
}
END_TEST

START_TEST(test_unknown)
{
	struct control_link links[CONTROL_LINKS_MAX];

	ck_assert_uint_eq(controls_of("ZZ-99", links), 0);
	ck_assert_uint_eq(controls_of("FS", links), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("controls");
	TCase *tcase = tcase_create("controls");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, test_ids_are_known);
	tcase_add_test(tcase, test_every_requirement);
	tcase_add_test(tcase, test_table);
	tcase_add_test(tcase, test_unknown);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
