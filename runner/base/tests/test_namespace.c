/* SPDX-License-Identifier: Apache-2.0 */
/* test_namespace - whose ids a map knows */
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <check.h>
#include <stdlib.h>

START_TEST(maps)
{
	static const struct {
		const char *map;
		bool all;
	} rows[] = {
		{ "         0          0 4294967295\n", true },
		{ "0 0 1000\n1000 1000 4294966295\n", true },
		{ "0 1000 1\n", false },
		{ "0 0 65536\n", false }, /* 65534 has a place; root may have none */
		{ "0 100000 65536\n70000 200000 1\n", false },
		{ "", false },
		{ "all of them", false },
		{ "0 0", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(namespace_maps_all(rows[i].map) == rows[i].all, "%s",
			      rows[i].map);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("namespace");
	TCase *tcase = tcase_create("namespace");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, maps);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
