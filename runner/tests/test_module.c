/* SPDX-License-Identifier: Apache-2.0 */
/* test_module - which source is a module already, and what becomes of the rest (T210 to T216) */
#include "runner/base/own.h"
#include "runner/module.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *source;
	bool statements;
} rows[] = {
	{ "", false },
	{ "return 1", false },                           /* T210 */
	{ "console.log('x')", false },                   /* T211 */
	{ "import fs from 'node:fs'; x", true },         /* T212 */
	{ "const a = 1\nimport { b } from 'c'", true },  /* T212 */
	{ "import'x'", true },                           /* T212 */
	{ "import{a}from'x'", true },                    /* T212 */
	{ "import*as a from'x'", true },                 /* T212 */
	{ "export default 1", true },                    /* T213 */
	{ "export{a}", true },                           /* T213 */
	{ "\n\t  export const a = 1", true },            /* T214 */
	{ "/* first */ export default 1", true },        /* T214 */
	{ "import\n{ a }\nfrom 'x'", true },             /* T214 */
	{ "// this imports nothing\nreturn 1", false },  /* T215 */
	{ "imports()\nexported = 1\nreturn 1", false },  /* T215 */
	{ "/*\nimport a from 'b'\n*/ return 1", false }, /* T215 */
	{ "// import a from 'b'\nreturn 1", false },     /* T215 */
	{ "return `\nimport a from 'b'\n`", false },     /* T222 */
	{ "const a = 'x\\\nimport b from c'; return a", false },
	{ "import('x').then(a)\nreturn 1", false },
	{ "import ('x')\nreturn 1", false },
	{ "import.meta.url\nreturn 1", false },
	{ "return {\nimport: 1,\nexport : 2 }", false },
	{ "a = { x,\nexport,\nimport }", false },
	{ "#!/usr/bin/import node\nreturn 1", false },
	{ "const a = /\"/\nimport b from 'c'",
	  true }, /* a lone quote ends with its line */
	{ "import", false },
	{ "x import a from 'b'", false },
	{ "/* without an end import", false },
	{ "`without an end\nimport a from 'b'", false },
};

START_TEST(tells_rows)
{
	const char *source = rows[_i].source;

	ck_assert_msg(module_has_statements(source, strlen(source)) ==
			      rows[_i].statements,
		      "%s", source);
	/* No byte behind its end is looked at: a copy without room. */
	for (size_t length = 0; length < strlen(source); length++) {
		char *cut = malloc(length + !length);

		memcpy(cut, source, length);
		(void)module_has_statements(cut, length);
		free(cut);
	}
}
END_TEST

static const struct {
	const char *source, *wrapped;
} wraps[] = {
	{ "return 1", "export default async function (context) { return 1\n}\n" },
	/* T216: a comment at the end cannot swallow the brace. */
	{ "a() // x", "export default async function (context) { a() // x\n}\n" },
	{ "#!/bin/node\nb",
	  "export default async function (context) { ///bin/node\nb\n}\n" },
	{ "", "export default async function (context) { \n}\n" },
};

START_TEST(wraps_rows)
{
	struct arena arena = { 0 };
	size_t length = strlen(wraps[_i].source);
	const char *wrapped = module_wrap(wraps[_i].source, &length, &arena);

	ck_assert_str_eq(wrapped, wraps[_i].wrapped);
	ck_assert_uint_eq(length, strlen(wraps[_i].wrapped));
	ck_assert(module_has_statements(wrapped, length));
	arena_done(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("module");
	TCase *tcase = tcase_create("module");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, tells_rows, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, wraps_rows, 0, (int)ARRAY_SIZE(wraps));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
