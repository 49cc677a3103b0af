/* SPDX-License-Identifier: Apache-2.0 */
/* test_json_tree - building, asking, comparing, printing; what is read is printed the same. */
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct json *tree_of(const char *text)
{
	struct json *tree = NULL;
	struct err err = { 0 };

	ck_assert_msg(json_parse("t", text, strlen(text), &json_small, &tree, &err) == 0,
		      "%s", err.msg);
	return tree;
}

/* --- read and printed --- */

static const struct {
	const char *text, *compact; /* NULL = as it was */
} trips[] = {
	{ "{}", NULL },
	{ "[]", NULL },
	{ "[[],{},[{}]]", NULL },
	{ "[true,false,null]", NULL },
	{ "{\"b\":1,\"a\":{\"c\":[1,2]},\"\":\"\"}", NULL }, /* order is kept */
	{ " [ 1 , { \"a\" : \"b\" } ] ", "[1,{\"a\":\"b\"}]" },
	/* strings: decoded, and written in one way */
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
	{ "\"\\u0001\\u001f\\u007f\"", "\"\\u0001\\u001f\x7f\"" },
	{ "\"\\u0041\\u00e9\\u20ac\\uFFFF\"", "\"A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf\"" },
	{ "\"\\u007f\\u0080\\u07ff\\u0800\"", "\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\"" },
	{ "\"\\ud800\\udc00\"", "\"\xf0\x90\x80\x80\"" },
	{ "\"\\uD83D\\uDE00\"", "\"\xf0\x9f\x98\x80\"" },
	{ "\"\\udbff\\udfff\"", "\"\xf4\x8f\xbf\xbf\"" },
	{ "{\"\\u006b\\u0022\":0}", "{\"k\\\"\":0}" },
	/* numbers: exact, and as short as can be */
	{ "9007199254740992", NULL },
	{ "-9007199254740992", NULL },
	{ "9007199254740991", NULL },
	{ "1000000000000001", NULL },
	{ "-0", "0" },
	{ "1e3", "1000" },
	{ "1E+2", "100" },
	{ "1e15", "1000000000000000" },
	{ "0.1", NULL },
	{ "0.30000000000000004", NULL },
	{ "1700000000.123456", NULL },
	{ "-1.5e-3", "-0.0015" },
	{ "1e-7", "1e-07" },
	{ "4503599627370495.5", NULL },
	{ "0.5e-300", "5e-301" },
};

START_TEST(round_trip)
{
	owned_json struct json *tree = tree_of(trips[_i].text), *again = NULL;
	owned_mem char *compact = json_print(tree, false);
	owned_mem char *pretty = json_print(tree, true);

	ck_assert_str_eq(compact, trips[_i].compact ? trips[_i].compact : trips[_i].text);
	again = tree_of(compact);
	ck_assert(json_equal(tree, again));
	json_delete(&again);
	ck_assert_ptr_null(again);
	again = tree_of(pretty);
	ck_assert(json_equal(tree, again));
}
END_TEST

START_TEST(pretty)
{
	owned_json struct json *tree = tree_of("{\"a\":[1,{\"b\":{}},[]],\"c\":null}");
	owned_mem char *text = json_print(tree, true);

	ck_assert_str_eq(text, "{\n"
			       "\t\"a\":\t[1, {\n"
			       "\t\t\t\"b\":\t{\n"
			       "\t\t\t}\n"
			       "\t\t}, []],\n"
			       "\t\"c\":\tnull\n"
			       "}");
}
END_TEST

/* Doubles of every size come back bit for bit. */
START_TEST(doubles_survive)
{
	uint64_t state = 42;

	for (unsigned int i = 0; i < 20000; i++) {
		owned_json struct json *tree = json_array(), *again = NULL;
		owned_mem char *text = NULL;
		double number;

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		number = ldexp((double)(int64_t)state, -(int)(i % 120) - 11);
		json_append(tree, json_number(number));
		text = json_print(tree, false);
		again = tree_of(text);
		ck_assert_msg(again->first->number == number, "%s", text);
	}
}
END_TEST

START_TEST(what_is_no_number_is_null)
{
	owned_json struct json *tree = json_array();
	owned_mem char *text = NULL;

	json_append(tree, json_number((double)NAN));
	json_append(tree, json_number((double)INFINITY));
	text = json_print(tree, false);
	ck_assert_str_eq(text, "[null,null]");
}
END_TEST

/* In pairs this would take minutes. */
START_TEST(long_lists_are_quick)
{
	owned_str struct str text = { 0 };
	owned_json struct json *tree = NULL;
	owned_mem char *printed = NULL;

	str_add(&text, "[0");
	while (text.length < json_small.max_bytes - 8)
		str_add(&text, ",[1]");
	str_add(&text, "]");
	tree = tree_of(text.text);
	printed = json_print(tree, false);
	ck_assert_str_eq(printed, text.text);
	ck_assert_uint_eq(json_count(tree), (text.length + 1) / 4);
}
END_TEST

/* A tree given up half-way is freed: the leak checkers look at this one. */
START_TEST(half_a_tree_is_freed)
{
	static const char text[] = "{\"a\":[1,\"x\",{\"b\":[true,";
	struct json *tree = NULL;
	struct err err = { 0 };

	ck_assert_int_eq(
		json_parse("t", text, sizeof(text) - 1, &json_small, &tree, &err), -1);
	ck_assert_ptr_null(tree);
}
END_TEST

/* --- built and asked --- */

START_TEST(built)
{
	owned_json struct json *tree = json_object();
	struct json *list, *inner;
	owned_mem char *text = NULL;

	json_add_null(tree, "null");
	json_add_bool(tree, "yes", true);
	json_add_number(tree, "number", 1.5);
	json_add_u64(tree, "whole", 7);
	json_add_string(tree, "text", "t");
	list = json_add_array(tree, "list");
	json_append(list, json_bool(false));
	json_append(list, json_null());
	json_append(list, json_string("s"));
	json_append_text(list, "\x1b");
	inner = json_add_object(tree, "inner");
	json_add(inner, "array", json_array());
	text = json_print(tree, false);
	ck_assert_str_eq(text, "{\"null\":null,\"yes\":true,\"number\":1.5,\"whole\":7,"
			       "\"text\":\"t\",\"list\":[false,null,\"s\",\"\\\\x1b\"],"
			       "\"inner\":{\"array\":[]}}");
}
END_TEST

START_TEST(asked)
{
	owned_json struct json *tree = tree_of("{\"a\":[1,\"x\",true],\"A\":0}");
	const struct json *list = json_member(tree, "a"), *item;
	unsigned int seen = 0;

	ck_assert(json_is(tree, JSON_OBJECT) && json_is(list, JSON_ARRAY));
	ck_assert_uint_eq(json_count(list), 3);
	ck_assert_str_eq(json_text(json_item(list, 1)), "x");
	ck_assert(json_is_true(json_item(list, 2)));
	ck_assert_ptr_null(json_item(list, 3));
	ck_assert(json_is(json_member(tree, "A"), JSON_NUMBER));
	ck_assert_ptr_null(json_member(tree, "b"));
	json_each(item, list)
		seen++;
	ck_assert_uint_eq(seen, 3);
	/* What has nothing inside, or is not there. */
	ck_assert_ptr_null(json_member(list, "a"));
	ck_assert_ptr_null(json_member(NULL, "a"));
	ck_assert_ptr_null(json_item(NULL, 0));
	ck_assert_ptr_null(json_text(list));
	ck_assert_ptr_null(json_text(NULL));
	ck_assert_uint_eq(json_count(NULL), 0);
	ck_assert(!json_is(NULL, JSON_NULL) && !json_is_true(NULL));
}
END_TEST

static const struct {
	const char *key, *after;
} removals[] = {
	{ "a", "{\"b\":2,\"c\":3,\"z\":0}" }, /* the first */
	{ "b", "{\"a\":1,\"c\":3,\"z\":0}" },
	{ "c", "{\"a\":1,\"b\":2,\"z\":0}" }, /* the last: the next goes behind b */
	{ "x", "{\"a\":1,\"b\":2,\"c\":3,\"z\":0}" },
};

START_TEST(removed)
{
	owned_json struct json *tree = tree_of("{\"a\":1,\"b\":2,\"c\":3}");
	owned_mem char *text = NULL;

	json_remove(tree, removals[_i].key);
	json_add_u64(tree, "z", 0);
	text = json_print(tree, false);
	ck_assert_str_eq(text, removals[_i].after);
}
END_TEST

START_TEST(the_only_member_is_removed)
{
	owned_json struct json *tree = tree_of("{\"a\":{\"b\":[1]}}");

	json_remove(tree, "a");
	ck_assert_uint_eq(json_count(tree), 0);
	json_add_u64(tree, "a", 1);
	ck_assert_uint_eq(json_count(tree), 1);
}
END_TEST

static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	{ "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", true },
	{ "{\"a\":1}", "{\"a\":1,\"b\":2}", false },
	{ "{\"a\":1,\"b\":2}", "{\"a\":1}", false },
	{ "{\"a\":1}", "{\"b\":1}", false },
	{ "[1,2]", "[2,1]", false },
	{ "[1,2]", "[1]", false },
	{ "[]", "{}", false },
	{ "[]", "[]", true },
	{ "true", "false", false },
	{ "null", "false", false },
	{ "\"a\"", "\"b\"", false },
	{ "1", "1.0", true },
	{ "1", "\"1\"", false },
};

START_TEST(compared)
{
	owned_json struct json *a = tree_of(pairs[_i].a), *b = tree_of(pairs[_i].b);

	ck_assert_int_eq(json_equal(a, b), pairs[_i].equal);
	ck_assert(json_equal(a, a));
	ck_assert(!json_equal(a, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json_tree");
	TCase *tcase = tcase_create("json_tree");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, round_trip, 0, (int)ARRAY_SIZE(trips));
	tcase_add_test(tcase, pretty);
	tcase_add_test(tcase, doubles_survive);
	tcase_add_test(tcase, what_is_no_number_is_null);
	tcase_add_test(tcase, long_lists_are_quick);
	tcase_add_test(tcase, half_a_tree_is_freed);
	tcase_add_test(tcase, built);
	tcase_add_test(tcase, asked);
	tcase_add_loop_test(tcase, removed, 0, (int)ARRAY_SIZE(removals));
	tcase_add_test(tcase, the_only_member_is_removed);
	tcase_add_loop_test(tcase, compared, 0, (int)ARRAY_SIZE(pairs));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
