/* SPDX-License-Identifier: Apache-2.0 */
/* Good heads, heads with one thing wrong, hostile bytes; and the shipped probes themselves. */
#include "conformance/catalogue.h"
#include "conformance/head.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char file[] = "filesystem/write-outside.sh";

static const char *const good[] = {
	"#!/bin/sh",
	"# SPDX-License-Identifier: Apache-2.0",
	"# id: filesystem.write-outside",
	"# title: Overwrite a file outside scratch",
	"# requirement: FS-01",
	"# class: C",
	"# needs: lab program:/bin/true",
	"# policy: /resources/maxProcesses=64",
	"# policy: /filesystem/mode=\"scratch-plus-ro\"",
	"# setup: canary-file env=NAME:VALUE",
	"# witness: canary-file",
	"# refusals: EROFS EACCES SIGSYS absent ceiling witness killed refused",
	"# reach: identity",
	"# budget: seconds=3 tasks=32 memory=64M output=64K",
	"# rests-on: FD-01 FS-11",
	"# what: One line,",
	"#   and another one.",
	"# why: Because.",
	"# remedy: Do it: right.",
	". \"${0%/*}/../lib.sh\"",
	"# class: X",
};

enum {
	LINES = ARRAY_SIZE(good),
};

/* The good head with line `at` (0: none) replaced by `with` (NULL: left out). */
static char *head_with(unsigned int at, const char *with)
{
	owned_str struct str text = { 0 };

	for (unsigned int i = 0; i < LINES; i++) {
		const char *line = i + 1 == at ? with : good[i];

		if (line)
			str_addf(&text, "%s\n", line);
	}
	return strdup(str_text(&text));
}

static int read_head(const char *text, struct arena *arena, struct probe *probe,
		     struct err *err)
{
	return head_read(file, text, strlen(text), arena, probe, err);
}

START_TEST(good_head)
{
	struct arena arena = { 0 };
	owned_mem char *text = head_with(0, NULL);
	struct probe probe;
	struct err err = { 0 };

	ck_assert_msg(read_head(text, &arena, &probe, &err) == 0, "%s", err.msg);
	ck_assert_str_eq(probe.id, "filesystem.write-outside");
	ck_assert_str_eq(probe.file, file);
	ck_assert_ptr_eq(probe.requirement, requirement_find("FS-01"));
	ck_assert_int_eq(probe.class, CLASS_C);
	ck_assert_int_eq(probe.layer, LAYER_FILESYSTEM);
	ck_assert_int_eq(probe.reach, REACH_IDENTITY);
	ck_assert_uint_eq(probe.policy_count, 2);
	ck_assert_str_eq(probe.policy[1].pointer, "/filesystem/mode");
	ck_assert_str_eq(probe.policy[1].json, "\"scratch-plus-ro\"");
	ck_assert_uint_eq(probe.budget.seconds, 3);
	ck_assert_uint_eq(probe.budget.memory_bytes, 64 << 20);
	ck_assert_uint_eq(probe.budget.output_bytes, 64 << 10);
	ck_assert_str_eq(probe.what, "One line, and another one.");
	ck_assert_str_eq(probe.remedy, "Do it: right.");
	ck_assert_str_eq(probe_word(probe.setup, "env"), "NAME:VALUE");
	ck_assert_str_eq(probe_word(probe.setup, "canary-file"), "");
	ck_assert_ptr_null(probe_word(probe.setup, "canary"));
	ck_assert_ptr_null(probe_word(probe.needs, "tty"));
	ck_assert_str_eq(probe.rests_on[1], "FS-11");
	ck_assert_ptr_null(probe.rests_on[2]);
	arena_done(&arena);
}
END_TEST

START_TEST(may_be_left_out)
{
	static const unsigned int lines[] = { 1, 2, 8, 9, 15, 17, 21 };
	struct arena arena = { 0 };
	struct probe probe;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		owned_mem char *text = head_with(lines[i], NULL);

		ck_assert_msg(read_head(text, &arena, &probe, &err) == 0, "line %u: %s",
			      lines[i], err.msg);
	}
	arena_done(&arena);
}
END_TEST

/* Line `line` of the good head becomes `text`, or goes; the error names this place. */
static const struct {
	unsigned int line;
	const char *text, *place;
} faults[] = {
	{ 3, NULL, ":3: missing before this line: id" },
	{ 4, NULL, ":4: missing before this line: title" },
	{ 5, NULL, ":5: missing before this line: requirement" },
	{ 6, NULL, ":6: missing before this line: class" },
	{ 7, NULL, ":7: missing before this line: needs" },
	{ 10, NULL, ":10: missing before this line: setup" },
	{ 11, NULL, ":11: missing before this line: witness" },
	{ 12, NULL, ":12: missing before this line: refusals" },
	{ 13, NULL, ":13: missing before this line: reach" },
	{ 14, NULL, ":14: missing before this line: budget" },
	{ 18, NULL, ":18: missing before this line: why" },
	{ 19, NULL, ":19: the head ends without: remedy" },
	{ 3, "# id: filesystem.other",
	  ":3: the id of this file must be: filesystem.write-outside" },
	{ 5, "# requirement: FS-99", ":5: unknown requirement: FS-99" },
	{ 5, "# requirement: NET-01",
	  "the folder must be the layer of the requirement: network" },
	{ 7, "# needs: lap",
	  ":7: \"lap\" is none of nothing, root-caller, receipt, lab" },
	{ 7, "# needs: lab=1", ":7: \"lab=1\" is none of nothing" },
	{ 7, "# needs: program", ":7: \"program\" is none of nothing" },
	{ 10, "# setup: canary-fyle", ":10: \"canary-fyle\" is none of nothing" },
	{ 11, "# witness: canary", ":11: \"canary\" is none of nothing, canary-file" },
	{ 6, "# class: Z", ":6: unknown class" },
	{ 6, "# class: PT", ":6: unknown class" },
	{ 6, "# klass: C", ":6: not a line" },
	{ 6, "# class: ", ":6: no value: class" },
	{ 6, "#class: C", ":6: not a line" },
	{ 6, "# class C", ":6: not a line" },
	{ 6, "# title: again", ":6: given twice: title" },
	{ 7, "# needs: lab  tty", ":7: words are separated by one space" },
	{ 7, "# needs: nothing lab", ":7: \"nothing\" stands alone" },
	{ 7, "# needs: lab nothing", ":7: \"nothing\" stands alone" },
	{ 8, "# policy: resources=1", ":8: a policy line is /POINTER=JSON" },
	{ 8, "# policy: /resources/maxProcesses", ":8: a policy line is" },
	{ 8, "# policy: /resources/maxProcesses=064", ":8: no JSON after the =" },
	{ 11, "# policy: /a=1", ":11: out of order: policy" },
	{ 12, "# refusals: EROFS ENOSUCH", ":12: not an errno" },
	{ 12, "# refusals: SIGFOO", ":12: not an errno" },
	{ 12, "# refusals: nothing", ":12: a probe accepts at least one refusal" },
	{ 11, "# witness: nothing", "a refusal by witness needs a witness" },
	{ 13, "# closed: EROFS\n# closed: EPERM", ":14: given twice: closed" },
	{ 13, "# closed: nothing", ":13: leave the line out" },
	{ 13, "# closed: E/A", ":13: no word that a probe says" },
	{ 12, "# closed: EROFS", ":12: missing before this line: refusals" },
	{ 13, "# reach: root", ":13: reach is identity or caller" },
	{ 14, "# budget: seconds=3 tasks=32 memory=64M", ":14: a budget is" },
	{ 14, "# budget: tasks=32 seconds=3 memory=64M output=1", ":14: a budget is" },
	{ 14, "# budget: seconds=3 tasks=32 memory=64M output=64K x=1",
	  ":14: unknown budget" },
	{ 14, "# budget: seconds=301 tasks=32 memory=64M output=64K",
	  ":14: not a number" },
	{ 14, "# budget: seconds=0 tasks=32 memory=64M output=64K", ":14: not a number" },
	{ 14, "# budget: seconds=3 tasks=32 memory=5G output=64K", ":14: not a number" },
	{ 14, "# budget: seconds=3 tasks=32 memory=64MB output=64K",
	  ":14: not a number" },
	{ 14, "# budget: seconds=3 tasks=-1 memory=64M output=64K", ":14: not a number" },
	{ 14, "# budget: nothing", ":14: a budget is" },
	{ 15, "# rests-on: FD-99", ":15: unknown requirement: FD-99" },
	{ 13, "#   reach: identity", ":13: not a line" },
	{ 7, "#", ":7: the head ends without: needs" },
	{ 7, "true", ":7: the head ends without: needs" },
	{ 4, "# title: \x1b[31mred", "a control character" },
	{ 4, "# title: \xff\xfe", "not valid UTF-8" },
	{ 4, "# title: \xed\xa0\x80", "not valid UTF-8" },
};

START_TEST(refuses)
{
	struct arena arena = { 0 };
	owned_mem char *text = head_with(faults[_i].line, faults[_i].text);
	struct probe probe = { .id = "untouched" };
	struct err err = { 0 };

	ck_assert_int_eq(read_head(text, &arena, &probe, &err), -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, faults[_i].place) != NULL, "%s, not %s", err.msg,
		      faults[_i].place);
	ck_assert_str_eq(probe.id, "untouched");
	arena_done(&arena);
}
END_TEST

START_TEST(refuses_paths)
{
	static const char *const paths[] = {
		"write.sh",          "nowhere/write.sh", "filesystem/Write.sh",
		"filesystem/a/b.sh", "filesystem/.sh",   "filesystem/write",
		"filesystem/a b.sh"
	};
	struct arena arena = { 0 };
	struct probe probe;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		ck_assert_int_eq(head_read(paths[i], "", 0, &arena, &probe, &err), -1);
	arena_done(&arena);
}
END_TEST

/* Every beginning of a good head is refused or read, and nothing else happens. */
START_TEST(any_prefix)
{
	struct arena arena = { 0 };
	owned_mem char *text = head_with(0, NULL);
	struct probe probe;
	struct err err = { 0 };

	for (size_t length = 0; text[length]; length++) {
		owned_mem char *cut = strndup(text, length);

		(void)head_read(file, cut, length, &arena, &probe, &err);
	}
	arena_done(&arena);
}
END_TEST

static void write_file(const char *path, const char *text)
{
	owned_file FILE *stream = fopen(path, "we");

	ck_assert_ptr_nonnull(stream);
	ck_assert_int_ge(fputs(text, stream), 0);
}

/* A folder of the shape that catalogue_load() reads. */
START_TEST(loads_a_folder)
{
	char folder[] = "/tmp/confine-catalogue.XXXXXX";
	struct arena arena = { 0 };
	owned_mem char *text = head_with(0, NULL);
	struct catalogue catalogue;
	struct err err = { 0 };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(mkdir("filesystem", 0700), 0);
	write_file("lib.sh", "true\n");
	write_file("filesystem/notes.txt", "not a probe\n");
	write_file(file, text);
	ck_assert_msg(catalogue_load(folder, &arena, &catalogue, &err) == 0, "%s",
		      err.msg);
	ck_assert_uint_eq(catalogue.count, 1);
	ck_assert_ptr_nonnull(catalogue_find(&catalogue, "filesystem.write-outside"));
	ck_assert_ptr_null(catalogue_find(&catalogue, "filesystem"));
	write_file("filesystem/copy.sh", text); /* the same id twice */
	ck_assert_int_eq(catalogue_load(folder, &arena, &catalogue, &err), -1);
	ck_assert_ptr_nonnull(
		strstr(err.msg, "filesystem/copy.sh:3: the id of this file"));
	(void)unlink("filesystem/copy.sh");
	(void)unlink("filesystem/notes.txt");
	(void)unlink(file);
	(void)unlink("lib.sh");
	(void)rmdir("filesystem");
	ck_assert_int_eq(chdir("/"), 0);
	(void)rmdir(folder);
	ck_assert_int_eq(catalogue_load(folder, &arena, &catalogue, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
	arena_done(&arena);
}
END_TEST

/* A user's own probes stand beside the others, each with its own directory. */
START_TEST(adds_a_folder)
{
	char folder[] = "/tmp/confine-catalogue.XXXXXX";
	struct arena arena = { 0 };
	owned_mem char *text = head_with(0, NULL);
	struct catalogue shipped, catalogue;
	struct probe probe;
	struct err err = { 0 };

	ck_assert_int_eq(read_head(text, &arena, &probe, &err), 0);
	probe.id = "filesystem.other";
	shipped = (struct catalogue){ .directory = "x", .probes = &probe, .count = 1 };
	catalogue = shipped;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	ck_assert_int_eq(catalogue_add(folder, &arena, &catalogue, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "no probe in it"));
	ck_assert_int_eq(mkdir("filesystem", 0700), 0);
	write_file(file, text);
	ck_assert_msg(catalogue_add(folder, &arena, &catalogue, &err) == 0, "%s",
		      err.msg);
	ck_assert_uint_eq(catalogue.count, 2);
	ck_assert_str_eq(catalogue.probes[0].id, "filesystem.other");
	ck_assert_str_eq(catalogue.probes[1].directory, folder);
	ck_assert_int_eq(catalogue_add(folder, &arena, &catalogue, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "a shipped probe has this id"));
	catalogue = shipped;
	ck_assert_int_eq(mkdir("filesytem", 0700), 0);
	ck_assert_int_eq(catalogue_add(folder, &arena, &catalogue, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "/filesytem: a folder of probes has"));
	ck_assert_uint_eq(catalogue.count, 1);
	(void)rmdir("filesytem");
	(void)unlink(file);
	(void)rmdir("filesystem");
	ck_assert_int_eq(chdir("/"), 0);
	(void)rmdir(folder);
	arena_done(&arena);
}
END_TEST

static size_t probes_of(const struct catalogue *catalogue, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < catalogue->count; i++)
		count += strcmp(catalogue->probes[i].requirement->id, id) == 0;
	return count;
}

/* The suite as it ships: each requirement of level 1 has a probe, and so do those of level 2
 * that CONFORMANCE.md calls probed. */
START_TEST(shipped_probes)
{
	const char *directory = getenv("SRC") ? getenv("SRC") : ".";
	struct arena arena = { 0 };
	struct catalogue catalogue;
	struct err err = { 0 };
	const char *path = arena_printf(&arena, "%s/probes", directory);

	ck_assert_msg(catalogue_load(path, &arena, &catalogue, &err) == 0, "%s", err.msg);
	ck_assert_uint_ge(catalogue.count, 25);
	for (size_t i = 0; i < requirement_count; i++)
		ck_assert_msg(requirements[i].level > 1 ||
				      probes_of(&catalogue, requirements[i].id) > 0,
			      "%s has no probe", requirements[i].id);
	for (size_t i = 1; i < catalogue.count; i++)
		ck_assert(catalogue.probes[i - 1].layer <= catalogue.probes[i].layer);
	arena_done(&arena);
}
END_TEST

/* The table: ids are unique, levels ascend, every requirement is a sentence with its word. */
START_TEST(requirement_table)
{
	for (size_t i = 0; i < requirement_count; i++) {
		const struct requirement *row = &requirements[i];

		ck_assert_ptr_eq(requirement_find(row->id), row);
		ck_assert_uint_eq(requirement_index(row), i);
		ck_assert(row->level >= LEVEL_MIN && row->level <= LEVEL_MAX);
		ck_assert(i == 0 || requirements[i - 1].level <= row->level);
		ck_assert_ptr_nonnull(
			strstr(row->sentence, row->must ? "MUST" : "SHOULD"));
		ck_assert(str_has_suffix(row->sentence, "."));
	}
	ck_assert_ptr_null(requirement_find("FS-0"));
	ck_assert_int_eq(layer_find("network", 7), LAYER_NETWORK);
	ck_assert_int_eq(layer_find("network", 3), LAYER_COUNT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, good_head);
	tcase_add_test(cases, may_be_left_out);
	tcase_add_loop_test(cases, refuses, 0, (int)ARRAY_SIZE(faults));
	tcase_add_test(cases, refuses_paths);
	tcase_add_test(cases, any_prefix);
	tcase_add_test(cases, shipped_probes);
	tcase_add_test(cases, requirement_table);
	tcase_add_test(cases, loads_a_folder);
	tcase_add_test(cases, adds_a_folder);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
