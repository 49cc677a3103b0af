/* SPDX-License-Identifier: Apache-2.0 */
/* test_str - growing text, UTF-8, what is shown to people, the nearest name. */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(text) text, sizeof(text) - 1

START_TEST(grows)
{
	owned_str struct str text = { 0 };

	ck_assert_str_eq(str_text(&text), "");
	str_add(&text, "");
	ck_assert_uint_eq(text.length, 0);
	str_add(&text, "ab");
	str_add_bytes(&text, "c\0d", 3);
	ck_assert_uint_eq(text.length, 5);
	ck_assert_mem_eq(text.text, "abc\0d", 6);
	str_clear(&text);
	ck_assert_str_eq(str_text(&text), "");
	for (unsigned int i = 0; i < 10000; i++)
		str_addf(&text, "%u,", i % 10);
	ck_assert_uint_eq(text.length, 20000);
	ck_assert_int_eq(text.text[20000], '\0');
	str_done(&text);
	str_done(&text);
	ck_assert_str_eq(str_text(&text), "");
}
END_TEST

START_TEST(compares)
{
	ck_assert(str_equal("a", "a") && !str_equal("a", "b"));
	ck_assert(str_equal(NULL, NULL) && !str_equal("a", NULL) &&
		  !str_equal(NULL, "a"));
	ck_assert(str_has_prefix("abc", "ab") && str_has_prefix("abc", ""));
	ck_assert(!str_has_prefix("ab", "abc"));
	ck_assert(str_has_suffix("abc", "bc") && str_has_suffix("abc", ""));
	ck_assert(!str_has_suffix("bc", "abc"));
}
END_TEST

static const struct {
	const char *bytes;
	size_t count;
	bool valid;
	size_t floor;
} utf8[] = {
	{ BYTES(""), true, 0 },
	{ BYTES("abc"), true, 3 },
	{ BYTES("\xc3\xa9"), true, 2 },
	{ BYTES("a\xc3"), false, 1 },
	{ BYTES("\xe2\x82\xac"), true, 3 },
	{ BYTES("\xe2\x82"), false, 0 },
	{ BYTES("\xe2"), false, 0 },
	{ BYTES("\xf0\x9f\x98\x80"), true, 4 },
	{ BYTES("x\xf0\x9f\x98"), false, 1 },
	{ BYTES("x\xf0\x9f"), false, 1 },
	{ BYTES("x\xf0"), false, 1 },
	{ BYTES("\xc0\x80"), false, 2 },         /* overlong: invalid, not cut */
	{ BYTES("\xe0\x80\x80"), false, 3 },     /* overlong */
	{ BYTES("\xed\xa0\x80"), false, 3 },     /* surrogate */
	{ BYTES("\xed\xa0"), false, 2 },         /* already invalid: bytes inside stay */
	{ BYTES("\xf4\x90\x80\x80"), false, 4 }, /* above U+10FFFF */
	{ BYTES("\xf5"), false, 1 },
	{ BYTES("\xff"), false, 1 },
	{ BYTES("\x80\x80\x80\x80"), false, 4 },
	{ BYTES("a\0b"), true, 3 },
};

START_TEST(utf8_rows)
{
	ck_assert(str_is_utf8(utf8[_i].bytes, utf8[_i].count) == utf8[_i].valid);
	ck_assert_uint_eq(str_utf8_floor(utf8[_i].bytes, utf8[_i].count), utf8[_i].floor);
}
END_TEST

static const struct {
	const char *bytes;
	size_t count, max;
	const char *shown;
} visible[] = {
	{ BYTES("plain"), 80, "plain" },
	{ BYTES("a\\b"), 80, "a\\\\b" },
	{ BYTES("\x1b[31m\n"), 80, "\\x1b[31m\\x0a" },
	{ BYTES("a\0b"), 80, "a\\x00b" },
	{ BYTES("\xc3\xa9"), 80, "\xc3\xa9" },
	{ BYTES("\xff\xc3"), 80, "\\xff\\xc3" },
	{ BYTES("\xc2\x9b"), 80, "\\xc2\\x9b" },          /* C1 */
	{ BYTES("\xe2\x80\xae"), 80, "\\xe2\\x80\\xae" }, /* right-to-left override */
	{ BYTES("\xef\xbb\xbf"), 80, "\\xef\\xbb\\xbf" }, /* byte order mark */
	{ BYTES("\xf3\xa0\x81\x81"), 80, "\\xf3\\xa0\\x81\\x81" }, /* tag character */
	{ BYTES("abcdef"), 3, "abc\xe2\x80\xa6" },
	{ BYTES("abc"), 3, "abc" },
};

START_TEST(visible_rows)
{
	owned_str struct str text = { 0 };

	str_add_visible(&text, visible[_i].bytes, visible[_i].count, visible[_i].max);
	ck_assert_str_eq(str_text(&text), visible[_i].shown);
}
END_TEST

static const char *const names[] = { "cpuSeconds", "memoryBytes", "mode", "uid", NULL };

static const struct {
	const char *word, *nearest;
} near[] = {
	{ "cpuSecond", "cpuSeconds" },
	{ "cpuseconds", "cpuSeconds" },
	{ "CPUSECONDS", "cpuSeconds" },
	{ "memorybyte", "memoryBytes" },
	{ "mod", "mode" },
	{ "uidd", "uid" },
	{ "", NULL },
	{ "zzzzzzzzzzzz", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  NULL },
};

START_TEST(nearest)
{
	const char *found = str_nearest(near[_i].word, names);

	ck_assert_msg(str_equal(found, near[_i].nearest), "\"%s\" gave %s", near[_i].word,
		      found ? found : "nothing");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("str");
	TCase *tcase = tcase_create("str");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, grows);
	tcase_add_test(tcase, compares);
	tcase_add_loop_test(tcase, utf8_rows, 0, (int)ARRAY_SIZE(utf8));
	tcase_add_loop_test(tcase, visible_rows, 0, (int)ARRAY_SIZE(visible));
	tcase_add_loop_test(tcase, nearest, 0, (int)ARRAY_SIZE(near));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
