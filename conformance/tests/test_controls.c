/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped tables, tables with one thing wrong, and the words that heads may use. */
#include "conformance/catalogue.h"
#include "conformance/controls.h"
#include "conformance/glossary.h"
#include "conformance/setup.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *shipped(struct arena *arena, const char *folder)
{
	const char *src = getenv("SRC");

	return arena_printf(arena, "%s/%s", src ? src : ".", folder);
}

START_TEST(shipped_tables)
{
	struct arena arena = { 0 };
	struct controls controls;
	struct err err = { 0 };

	ck_assert_msg(controls_load(shipped(&arena, "conformance/controls"), &arena,
				    &controls, &err) == 0,
		      "%s", err.msg);
	ck_assert_uint_eq(controls.framework_count, 8);
	for (size_t i = 0; i < requirement_count; i++) {
		bool tested = false;

		for (size_t j = 0; j < controls.link_count; j++)
			tested |= controls.links[j].requirement == &requirements[i];
		ck_assert_msg(tested, "%s gives evidence for nothing",
			      requirements[i].id);
	}
	for (size_t i = 0; i < controls.id_count; i++) {
		bool used = false;

		for (size_t j = 0; j < controls.link_count; j++)
			used |= controls.links[j].control == &controls.ids[i];
		ck_assert_msg(used, "%s %s is used by no requirement",
			      controls.ids[i].framework->key, controls.ids[i].id);
	}
	arena_done(&arena);
}
END_TEST

static const char frameworks[] = "# key\nf\tFrame\t1\twho\n";
static const char ids[] = "f\tA-1\ttitle\t-\nf\tA-2\ttitle\tlow\n";
static const char links[] = "FS-01\tf\tA-1\ttests\nFS-01\tf\tA-2\tjudged\n";

/* One of the three tables is another one; the error names the file, the line and the fault. */
static const struct {
	const char *file, *text, *fault;
} faults[] = {
	{ "frameworks.tsv", "f\tFrame\t1\n", "frameworks.tsv:1: not four fields" },
	{ "frameworks.tsv", "f\tFrame\t1\tx\ty\n", "frameworks.tsv:1: not four fields" },
	{ "frameworks.tsv", "f\ta\tb\tc\nf\ta\tb\tc\n", ":2: given twice: f" },
	{ "ids.tsv", "g\tA-1\ttitle\t-\n", "ids.tsv:1: unknown framework: g" },
	{ "ids.tsv", "f\tA-1\t\t-\n", "ids.tsv:1: an empty field" },
	{ "ids.tsv", "f\tA-1\tx\t-\nf\tA-1\ty\t-\n", "ids.tsv:2: given twice: A-1" },
	{ "requirements.tsv", "FS-99\tf\tA-1\ttests\n",
	  ":1: unknown requirement: FS-99" },
	{ "requirements.tsv", "FS-01\tf\tA-9\ttests\n", ":1: not in ids.tsv: A-9" },
	{ "requirements.tsv", "FS-01\tg\tA-1\ttests\n", ":1: unknown framework: g" },
	{ "requirements.tsv", "FS-01\tf\tA-1\tmeets\n",
	  ":1: not one of tests, supports, partial, judged: meets" },
	{ "requirements.tsv", "#\n\nFS-01\tf\tA-1\ttests\nFS-01\tf\tA-1\tjudged\n",
	  ":4: given twice: A-1" },
};

static void write_table(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static int load_tables(const char *file, const char *text, struct err *err)
{
	static const struct {
		const char *name, *text;
	} tables[] = {
		{ "frameworks.tsv", frameworks },
		{ "ids.tsv", ids },
		{ "requirements.tsv", links },
	};
	char folder[] = "/tmp/test-controls.XXXXXX", path[256];
	struct arena arena = { 0 };
	struct controls controls;
	int result;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		write_table(folder, tables[i].name,
			    str_equal(tables[i].name, file) ? text : tables[i].text);
	result = controls_load(folder, &arena, &controls, err);
	if (result == 0)
		ck_assert_uint_eq(controls.link_count, 2);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, tables[i].name);
		(void)unlink(path);
	}
	(void)rmdir(folder);
	arena_done(&arena);
	return result;
}

START_TEST(refuses_tables)
{
	struct err err = { 0 };

	ck_assert_int_eq(load_tables(faults[_i].file, faults[_i].text, &err), -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, faults[_i].fault) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(good_tables)
{
	struct err err = { 0 };

	ck_assert_msg(load_tables(NULL, NULL, &err) == 0, "%s", err.msg);
}
END_TEST

START_TEST(glossary_words)
{
	static const struct {
		enum glossary_part part;
		const char *word, *sentence; /* NULL: not known */
	} rows[] = {
		{ GLOSSARY_NEEDS, "program:/bin/true", "the program /bin/true" },
		{ GLOSSARY_NEEDS, "program", NULL },
		{ GLOSSARY_NEEDS, "program:", NULL },
		{ GLOSSARY_NEEDS, "lab:1", NULL },
		{ GLOSSARY_SETUP, "own-scratch", "no scratch directory is named" },
		{ GLOSSARY_SETUP, "own-scratch=if-any", "no scratch directory is named" },
		{ GLOSSARY_SETUP, "env=A:{probes}/x", "pass A={probes}/x to the script" },
		{ GLOSSARY_SETUP, "handicap=pivot", "pivot_root and chroot fail" },
		{ GLOSSARY_SETUP, "handicap=new", "(new)" },
		{ GLOSSARY_SETUP, "handicap", NULL },
		{ GLOSSARY_WITNESS, "ends=1000", "at most 1000 ms" },
		{ GLOSSARY_WITNESS, "ends", NULL },
		{ GLOSSARY_REFUSALS, "absent", "not there inside" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		owned_str struct str text = { 0 };

		ck_assert_msg(glossary_knows(rows[i].part, rows[i].word) ==
				      (rows[i].sentence != NULL),
			      "%s", rows[i].word);
		glossary_add(&text, rows[i].part, rows[i].word);
		if (rows[i].sentence)
			ck_assert_ptr_nonnull(strstr(str_text(&text), rows[i].sentence));
	}
}
END_TEST

/* What the glossary lets a head ask for, the harness must be able to arrange. */
START_TEST(words_are_arranged)
{
	owned_str struct str words = { 0 };
	char *rest, *word;
	const char *value;

	glossary_add_words(&words, GLOSSARY_SETUP);
	rest = words.text;
	while ((word = strsep(&rest, ", ")) != NULL)
		ck_assert_msg(!word[0] || setup_find(word, &value) != NULL, "%s", word);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("controls");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, shipped_tables);
	tcase_add_test(cases, good_tables);
	tcase_add_loop_test(cases, refuses_tables, 0, (int)ARRAY_SIZE(faults));
	tcase_add_test(cases, glossary_words);
	tcase_add_test(cases, words_are_arranged);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
