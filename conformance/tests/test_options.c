/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/options.h"
#include "conformance/select.h"
#include "runner/base/own.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void release(void)
{
	arena_done(&arena);
}

static int parse(const char *const *words, struct options *options, struct err *err)
{
	char *argv[16] = { NULL };

	for (size_t i = 0; words[i]; i++)
		argv[i] = arena_strdup(&arena, words[i]);
	return options_parse(argv, &arena, options, err);
}

START_TEST(defaults)
{
	static const char *const words[] = { "confine-check", NULL };
	struct options options;
	struct err err = { 0 };

	ck_assert_int_eq(parse(words, &options, &err), 0);
	ck_assert_str_eq(options.target, "confine");
	ck_assert_ptr_null(options.target_command);
	ck_assert_uint_eq(options.require, 1);
	ck_assert_int_eq(options.fail_on, FAIL_ON_DEGRADED);
	ck_assert_uint_eq(options.jobs, 0);
	ck_assert_ptr_null(options.only[0]);
	ck_assert(!options.list && !options.dry_run && !options.keep);
	release();
}
END_TEST

START_TEST(everything)
{
	static const char *const words[] = { "confine-check",
					     "--target-command",
					     "bwrap -- {command}",
					     "--only=FS-*",
					     "--only",
					     "network",
					     "--skip",
					     "*.uring",
					     "--require=2",
					     "--fail-on",
					     "never",
					     "--junit=-",
					     "--jobs",
					     "4",
					     "--dry-run",
					     NULL };
	struct options options;
	struct err err = { 0 };

	ck_assert_int_eq(parse(words, &options, &err), 0);
	ck_assert_ptr_null(options.target);
	ck_assert_str_eq(options.target_command, "bwrap -- {command}");
	ck_assert_str_eq(options.only[0], "FS-*");
	ck_assert_str_eq(options.only[1], "network");
	ck_assert_ptr_null(options.only[2]);
	ck_assert_str_eq(options.skip[0], "*.uring");
	ck_assert_uint_eq(options.require, 2);
	ck_assert_int_eq(options.fail_on, FAIL_ON_NEVER);
	ck_assert_str_eq(options.junit, "-");
	ck_assert_uint_eq(options.jobs, 4);
	ck_assert(options.dry_run);
	release();
}
END_TEST

static const struct {
	const char *words[6];
	const char *place; /* must be in the message */
} faults[] = {
	{ { "c", "--tarket", "x" }, "did you mean --target" },
	{ { "c", "--target" }, "--target needs NAME|FILE" },
	{ { "c", "--target=" }, "--target needs NAME|FILE" },
	{ { "c", "--target", "a", "--target", "b" }, "--target is given twice" },
	{ { "c", "--target=a", "--target-command=b" }, "exclude each other" },
	{ { "c", "--require", "0" }, "--require" },
	{ { "c", "--require", "4" }, "--require" },
	{ { "c", "--require", "1x" }, "--require" },
	{ { "c", "--require", "-1" }, "--require" },
	{ { "c", "--jobs", "65" }, "--jobs" },
	{ { "c", "--fail-on", "open" }, "never, breached, untestable, degraded" },
	{ { "c", "--colour", "red" }, "auto, always, never" },
	{ { "c", "--dry-run=yes" }, "--dry-run takes no value" },
	{ { "c", "--junit=-", "--json=-" }, "standard output" },
	{ { "c", "filesystem" }, "unexpected argument \"filesystem\"" },
	{ { "c", "-" }, "unexpected argument" },
	{ { "c", "list", "--target", "x" }, "list takes no --target" },
	{ { "c", "--only", "x", "list" }, "unexpected argument \"list\"" },
};

START_TEST(refuses)
{
	struct options options = { .require = 99 };
	struct err err = { 0 };

	ck_assert_int_eq(parse(faults[_i].words, &options, &err), -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, faults[_i].place) != NULL, "%s", err.msg);
	ck_assert_ptr_null(strchr(err.msg, '\n'));
	ck_assert_uint_eq(options.require, 99);
	release();
}
END_TEST

START_TEST(list_mode)
{
	static const char *const words[] = { "confine-check", "list", "--only", "RES-01",
					     NULL };
	struct options options;
	struct err err = { 0 };

	ck_assert_int_eq(parse(words, &options, &err), 0);
	ck_assert(options.list);
	ck_assert_str_eq(options.only[0], "RES-01");
	release();
}
END_TEST

/* Every option of the issue is in the help, and every line of help fits a terminal. */
START_TEST(help)
{
	static const char *const names[] = { "--target ", "--target-command", "--policy",
					     "--only",    "--skip",           "--require",
					     "--fail-on", "--junit",          "--json",
					     "--jobs",    "--dry-run",        "--keep" };
	owned_str struct str text = { 0 };

	options_add_help(&text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(strstr(str_text(&text), names[i]) != NULL, "%s", names[i]);
	for (const char *line = str_text(&text); *line;) {
		size_t length = strcspn(line, "\n");

		ck_assert_msg(length <= 110, "%.*s", (int)length, line);
		line += length + (line[length] == '\n');
	}
}
END_TEST

/* --- selection --------------------------------------------------------------------------- */

static struct probe probes[3];
static const struct catalogue catalogue = { "", probes, 3 };

static size_t selected(const char *only, const char *skip, const char **unmatched)
{
	const char *const only_list[] = { only, NULL }, *const skip_list[] = { skip,
									       NULL };
	struct selection selection;

	probes[0] = (struct probe){ .id = "filesystem.a",
				    .layer = LAYER_FILESYSTEM,
				    .requirement = requirement_find("FS-01") };
	probes[1] = (struct probe){ .id = "filesystem.b",
				    .layer = LAYER_FILESYSTEM,
				    .requirement = requirement_find("FS-11") };
	probes[2] = (struct probe){ .id = "network.a",
				    .layer = LAYER_NETWORK,
				    .requirement = requirement_find("NET-01") };
	select_probes(&catalogue, only_list, skip_list, &arena, &selection);
	if (unmatched)
		*unmatched = selection.unmatched;
	release();
	return selection.count;
}

START_TEST(selects)
{
	const char *unmatched;

	ck_assert_uint_eq(selected(NULL, NULL, &unmatched), 3);
	ck_assert_ptr_null(unmatched);
	ck_assert_uint_eq(selected("filesystem", NULL, NULL), 2);
	ck_assert_uint_eq(selected("*.a", NULL, NULL), 2);
	ck_assert_uint_eq(selected("FS-*", "filesystem.b", NULL), 1);
	ck_assert_uint_eq(selected("NET-01", NULL, NULL), 1);
	ck_assert_uint_eq(selected(NULL, "*", NULL), 0);
	ck_assert_uint_eq(selected("nosuch*", NULL, &unmatched), 0);
	ck_assert_str_eq(unmatched, "nosuch*");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, defaults);
	tcase_add_test(cases, everything);
	tcase_add_loop_test(cases, refuses, 0, (int)ARRAY_SIZE(faults));
	tcase_add_test(cases, list_mode);
	tcase_add_test(cases, help);
	tcase_add_test(cases, selects);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
