/* SPDX-License-Identifier: Apache-2.0 */
/* test_json - what json_parse() refuses and where it points, the getters, pointers, writing. */
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A literal with its length, so that a NUL inside is a byte like any other. */
#define DOC(text) text, sizeof(text) - 1

static const struct {
	const char *text;
	size_t length;
} good[] = {
	{ DOC("{}") },
	{ DOC("[]") },
	{ DOC(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n") },
	{ DOC("0") },
	{ DOC("-0") },
	{ DOC("-1.5e-3") },
	{ DOC("1E+2") },
	{ DOC("0e999") },
	{ DOC("9007199254740992") },
	{ DOC("-9007199254740992") },
	{ DOC("0.30000000000000004") },
	{ DOC("\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
	{ DOC("\"\xc3\xa9\xf0\x9f\x98\x80\"") },
	{ DOC("{\"a\":1,\"A\":2}") },
	{ DOC("[true,false,null,{\"\":{}}]") },
	{ DOC("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	      "]") }, /* 32 deep */
};

static const struct {
	const char *text;
	size_t length;
	const char *error; /* a part of it, with its place */
} bad[] = {
	{ DOC(""), "line 1, column 1: expected a value" },
	{ DOC("   "), "line 1, column 4: expected a value" },
	{ DOC("\xef\xbb\xbf{}"), "line 1, column 1: byte order mark" },
	{ DOC("\0"), "line 1, column 1: expected a value" },
	/* the first value is not the document */
	{ DOC("{} x"), "line 1, column 4: more text" },
	{ DOC("{}\0"), "line 1, column 3: more text" },
	{ DOC("{}{}"), "more text" },
	{ DOC("1 2"), "more text" },
	/* numbers that strtod(3) reads all the same, and worse */
	{ DOC("01"), "line 1, column 1: number with a leading zero" },
	{ DOC("-01"), "number with a leading zero" },
	{ DOC("[1,\n 007]"), "line 2, column 2: number with a leading zero" },
	{ DOC("+1"), "expected a value" },
	{ DOC(".5"), "expected a value" },
	{ DOC("1."), "line 1, column 3: expected a digit after '.'" },
	{ DOC("1e"), "expected a digit in the exponent" },
	{ DOC("1e+"), "expected a digit in the exponent" },
	{ DOC("-"), "expected a digit after '-'" },
	{ DOC("0x10"), "more text" },
	{ DOC("1e400"), "number out of range: 1e400" },
	{ DOC("-1e400"), "number out of range" },
	{ DOC("1e-400"), "number out of range" },
	{ DOC("NaN"), "expected a value" },
	{ DOC("Infinity"), "expected a value" },
	{ DOC("9007199254740993"),
	  "number beyond 2^53: 9007199254740993" }, /* reads as 2^53 */
	{ DOC("-9007199254740993"), "number beyond 2^53" },
	{ DOC("9007199254740992.5"), "number beyond 2^53" },
	{ DOC("9007199254740992e0"), "number beyond 2^53" },
	{ DOC("1e300"), "number beyond 2^53" },
	{ DOC("18446744073709551616"), "number beyond 2^53" },
	{ DOC("0.0000000000000000000000000000000000000000000000000000000000001"),
	  "number of more than 60 characters" },
	/* strings */
	{ DOC("{\"a\\u0000b\":1}"), "line 1, column 10: U+0000 in a string" },
	{ DOC("\"a\0b\""), "control character 0x00" },
	{ DOC("\"a\nb\""), "control character 0x0a" },
	{ DOC("\"abc"), "string without an end" },
	{ DOC("\"\\"), "unknown escape" },
	{ DOC("\"\\x41\""), "unknown escape" },
	{ DOC("\"\\\0\""), "unknown escape" },
	{ DOC("\"\\u12g4\""), "expected four hexadecimal digits" },
	{ DOC("\"\\u1\""), "expected four hexadecimal digits" },
	{ DOC("\"\\ud800\""), "half of a surrogate pair" },
	{ DOC("\"\\ud800\\u0041\""), "half of a surrogate pair" },
	{ DOC("\"\\ud800\\n1234\""), "half of a surrogate pair" },
	{ DOC("\"\\udc00\""), "half of a surrogate pair" },
	{ DOC("'a'"), "expected a value" },
	/* bytes that are not UTF-8 */
	{ DOC("\"\xff\""), "line 1, column 2: byte 0xff is not UTF-8" },
	{ DOC("\"\x80\""), "not UTF-8" },
	{ DOC("\"\xc0\xaf\""), "not UTF-8" },         /* overlong / */
	{ DOC("\"\xed\xa0\x80\""), "not UTF-8" },     /* surrogate */
	{ DOC("\"\xf4\x90\x80\x80\""), "not UTF-8" }, /* above U+10FFFF */
	{ DOC("\"\xe2\x82\""), "not UTF-8" },         /* cut */
	{ DOC("{\"\xff\":1}"), "not UTF-8" },
	{ DOC("\"\xc3\xa9\xff\""), "line 1, column 3" }, /* columns are characters */
	/* structure */
	{ DOC("{"), "expected a name in double quotes" },
	{ DOC("["), "expected a value" },
	{ DOC("[1,]"), "line 1, column 4: expected a value" },
	{ DOC("[1 2]"), "expected ',' or ']'" },
	{ DOC("[1}"), "expected ',' or ']'" },
	{ DOC("{\"a\":1,}"), "expected a name in double quotes" },
	{ DOC("{\"a\" 1}"), "expected ':'" },
	{ DOC("{\"a\":1]"), "expected ',' or '}'" },
	{ DOC("{a:1}"), "expected a name in double quotes" },
	{ DOC("{1:1}"), "expected a name in double quotes" },
	{ DOC("{} // note"), "more text" },
	{ DOC("tru"), "expected a value (text goes in double quotes)" },
	{ DOC("truex"), "more text" },
	{ DOC("deny"), "text goes in double quotes" },
	{ DOC("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["), "nested more than 32 deep" },
	/* duplicate names, compared decoded */
	{ DOC("{\"a\":1,\"a\":1}"), "t.json: /a: name appears twice" },
	{ DOC("{\"a\":1,\"b\":2,\"\\u0061\":1}"), "/a: name appears twice" },
	{ DOC("[0,{\"x\":[1,{\"b/c\":1,\"b/c\":2}]}]"),
	  "/1/x/1/b~1c: name appears twice" },
	{ DOC("{\"\":1,\"\":2}"), "/: name appears twice" },
};

static int parse(const char *text, size_t length, struct json **ret, struct err *err)
{
	/* A copy of the exact size, so that a sanitizer sees every byte read beyond it. */
	owned_mem char *copy = malloc(length ? length : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, length);
	return json_parse("t.json", copy, length, &json_small, ret, err);
}

START_TEST(accepts)
{
	owned_json struct json *tree = NULL;
	struct err err = { 0 };

	ck_assert_msg(parse(good[_i].text, good[_i].length, &tree, &err) == 0, "%s: %s",
		      good[_i].text, err.msg);
	ck_assert_ptr_nonnull(tree);
}
END_TEST

START_TEST(refuses)
{
	struct json *tree = NULL;
	struct err err = { 0 };

	ck_assert_msg(parse(bad[_i].text, bad[_i].length, &tree, &err) == -1,
		      "accepted: %s", bad[_i].text);
	ck_assert_ptr_null(tree);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strncmp(err.msg, "t.json: ", 8) == 0, "%s", err.msg);
	ck_assert_msg(strstr(err.msg, bad[_i].error) != NULL, "row %d: %s", _i, err.msg);
}
END_TEST

/* Every cut of a good document is refused, and read no further than it goes. */
START_TEST(refuses_every_prefix)
{
	static const char text[] =
		"{\"a\":[1.5e3,true,null,\"\\ud83d\\ude00\xc3\xa9\"],\"b\":{}}";

	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		struct err err = { 0 };
		struct json *tree = NULL;

		ck_assert_int_eq(parse(text, length, &tree, &err), -1);
		ck_assert_int_eq(err.code, ERR_POLICY);
	}
}
END_TEST

START_TEST(bounds_size_and_depth)
{
	size_t length = json_small.max_bytes + 1;
	owned_mem char *text = malloc(length);
	owned_json struct json *tree = NULL;
	struct err err = { 0 };

	ck_assert_ptr_nonnull(text);
	memset(text, '[', length);
	ck_assert_int_eq(json_parse("t.json", text, length, &json_small, &tree, &err),
			 -1);
	ck_assert_str_eq(err.msg, "t.json: larger than 1048576 bytes");
	ck_assert_int_eq(json_parse("t.json", text, length - 1, &json_small, &tree, &err),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "nested more than 32 deep"));
	memset(text, ' ', length);
	text[0] = '1';
	ck_assert_int_eq(json_parse("t.json", text, length - 1, &json_small, &tree, &err),
			 0);
}
END_TEST

/* A million bytes of names are told apart in well under the time that pairs would take. */
START_TEST(many_names_are_quick)
{
	owned_str struct str text = { 0 };
	owned_json struct json *tree = NULL;
	struct err err = { 0 };

	str_add(&text, "{\"n0\":0");
	for (unsigned int i = 1; text.length < json_small.max_bytes - 32; i++)
		str_addf(&text, ",\"n%u\":0", i);
	str_add(&text, ",\"n7\":0}");
	ck_assert_int_eq(
		json_parse("t.json", text.text, text.length, &json_small, &tree, &err),
		-1);
	ck_assert_str_eq(err.msg, "t.json: /n7: name appears twice");
}
END_TEST

/* --- getters --- */

static const char *const words[] = { "off", "on", NULL };
static const char *const names[] = { "flag",   "number", "text", "word",
				     "object", "array",  NULL };

enum getter {
	GET_BOOL,
	GET_U64,
	GET_STRING,
	GET_WORD,
	GET_OBJECT,
	GET_ARRAY,
	GET_ONLY
};

static int get(enum getter getter, const struct json *object, struct err *err)
{
	struct json_at root = json_at_root("t.json"), at = json_at_member(&root, "s");
	bool flag = false;
	uint64_t number = 7;
	const char *text = NULL;
	unsigned int word = 9;
	struct json *member = NULL;

	switch (getter) {
	case GET_BOOL:
		return json_get_bool(object, &at, "flag", &flag, err);
	case GET_U64:
		return json_get_u64(object, &at, "number", 1, 3600, &number, err);
	case GET_STRING:
		return json_get_string(object, &at, "text", &text, err);
	case GET_WORD:
		return json_get_word(object, &at, "word", words, &word, err);
	case GET_OBJECT:
		return json_get_object(object, &at, "object", &member, err);
	case GET_ARRAY:
		return json_get_array(object, &at, "array", &member, err);
	case GET_ONLY:
		return json_only(object, &at, names, err);
	}
	return -1;
}

static const struct {
	enum getter getter;
	const char *text, *error; /* NULL = accepted */
} gets[] = {
	{ GET_BOOL, "{}", NULL },
	{ GET_BOOL, "{\"flag\":true}", NULL },
	{ GET_BOOL, "{\"FLAG\":1}",
	  NULL }, /* another name: json_only() is who refuses it */
	{ GET_BOOL, "{\"flag\":1}", "/s/flag: must be true or false, not a number" },
	{ GET_BOOL, "{\"flag\":null}", "/s/flag: must be true or false, not null" },
	{ GET_U64, "{\"number\":1}", NULL },
	{ GET_U64, "{\"number\":3600}", NULL },
	{ GET_U64, "{\"number\":1.5e2}", NULL },
	{ GET_U64, "{\"number\":0}",
	  "/s/number: must be an integer from 1 to 3600, not 0" },
	{ GET_U64, "{\"number\":3601}", "from 1 to 3600, not 3601" },
	{ GET_U64, "{\"number\":1.5}", "from 1 to 3600, not 1.5" },
	{ GET_U64, "{\"number\":-1}", "not -1" },
	{ GET_U64, "{\"number\":\"1\"}",
	  "must be an integer from 1 to 3600, not a string" },
	{ GET_U64, "{\"number\":true}", "not a boolean" },
	{ GET_U64, "{\"number\":[]}", "not an array" },
	{ GET_STRING, "{\"text\":\"\"}", NULL },
	{ GET_STRING, "{\"text\":{}}", "/s/text: must be a string, not an object" },
	{ GET_WORD, "{\"word\":\"on\"}", NULL },
	{ GET_WORD, "{\"word\":\"On\"}", "must be one of \"off\", \"on\", not \"On\"" },
	{ GET_WORD, "{\"word\":\"\\u001b[31m\"}", "not \"\\x1b[31m\"" },
	{ GET_WORD, "{\"word\":0}", "must be one of \"off\", \"on\", not a number" },
	{ GET_OBJECT, "{\"object\":{}}", NULL },
	{ GET_OBJECT, "{\"object\":[]}", "/s/object: must be an object, not an array" },
	{ GET_ARRAY, "{\"array\":[]}", NULL },
	{ GET_ARRAY, "{\"array\":{}}", "/s/array: must be an array, not an object" },
	{ GET_ONLY, "{\"flag\":0,\"array\":0}", NULL },
	{ GET_ONLY, "{\"nubmer\":0}",
	  "/s/nubmer: unknown name; the nearest known is \"number\"" },
	{ GET_ONLY, "{\"zzzzzzzz\":0}",
	  "known are flag, number, text, word, object, array" },
	{ GET_ONLY, "{\"a~/b\":0}", "/s/a~0~1b: unknown name" },
	{ GET_ONLY, "{\"\\u202e\":0}", "/s/\\xe2\\x80\\xae: unknown name" },
	{ GET_ONLY, "[]", "t.json: /s: must be an object, not an array" },
};

START_TEST(getters)
{
	owned_json struct json *tree = NULL;
	struct err err = { 0 };
	int result;

	ck_assert_int_eq(parse(gets[_i].text, strlen(gets[_i].text), &tree, &err), 0);
	result = get(gets[_i].getter, tree, &err);
	if (!gets[_i].error) {
		ck_assert_msg(result == 0, "%s: %s", gets[_i].text, err.msg);
		return;
	}
	ck_assert_int_eq(result, -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, gets[_i].error) != NULL, "%s", err.msg);
}
END_TEST

START_TEST(getters_give_the_value_or_nothing)
{
	struct json_at at = json_at_root("t.json");
	owned_json struct json *tree = NULL;
	struct err err = { 0 };
	uint64_t number = 7;
	unsigned int word = 9;
	bool flag = true;
	static const char text[] =
		"{\"number\":9007199254740992,\"word\":\"on\",\"flag\":false}";

	ck_assert_int_eq(parse(text, sizeof(text) - 1, &tree, &err), 0);
	ck_assert_int_eq(json_get_u64(tree, &at, "absent", 1, 2, &number, &err), 0);
	ck_assert_uint_eq(number, 7);
	ck_assert_int_eq(json_get_u64(tree, &at, "number", 1, 2, &number, &err), -1);
	ck_assert_uint_eq(number, 7);
	ck_assert_int_eq(json_get_u64(tree, &at, "number", 1, UINT64_MAX, &number, &err),
			 0);
	ck_assert_uint_eq(number, 1ULL << 53);
	ck_assert_int_eq(json_get_word(tree, &at, "word", words, &word, &err), 0);
	ck_assert_uint_eq(word, 1);
	ck_assert_int_eq(json_get_bool(tree, &at, "flag", &flag, &err), 0);
	ck_assert(!flag);
}
END_TEST

START_TEST(a_long_place_is_cut)
{
	struct json_at at = json_at_root("t.json");
	struct err err = { 0 };

	for (unsigned int i = 0; i < 200; i++)
		at = json_at_member(&at, "a-rather-long-name-of-a-member");
	ck_assert_uint_lt(strlen(at.pointer), sizeof(at.pointer));
	ck_assert_int_eq(json_fault(&at, &err, "is %s", "wrong"), -1);
}
END_TEST

/* --- pointers --- */

static const struct {
	const char *before, *pointer, *after, *error;
} sets[] = {
	{ NULL, "/a", "{\"a\":1}", NULL },
	{ NULL, "/a/b/c", "{\"a\":{\"b\":{\"c\":1}}}", NULL },
	{ "{\"a\":{\"b\":2,\"c\":3}}", "/a/b", "{\"a\":{\"c\":3,\"b\":1}}", NULL },
	{ "{\"a\":[1,2]}", "/a", "{\"a\":1}", NULL },
	{ NULL, "/a~1b/m~0n", "{\"a/b\":{\"m~n\":1}}", NULL },
	{ NULL, "/", "{\"\":1}", NULL },
	{ "{\"a\":1}", "", "{\"a\":1}", "is no JSON pointer" },
	{ "{\"a\":1}", "a", "{\"a\":1}", "\"a\" is no JSON pointer" },
	{ "{\"a\":1}", "/a/b", "{\"a\":1}", "through a value that is no object" },
	{ "{\"a\":[1]}", "/a/0", "{\"a\":[1]}", "through a value that is no object" },
	{ "[1]", "/0", "[1]", "through a value that is no object" },
	{ "{}", "/a/~2", "{}", "'~' that is not ~0 or ~1" },
	{ "{}", "/a~", "{}", "'~' that is not ~0 or ~1" },
	{ "{}", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
	  "{}", "is too deep" },
};

START_TEST(pointers)
{
	owned_json struct json *tree = NULL;
	owned_mem char *after = NULL;
	struct err err = { 0 };
	int result;

	if (sets[_i].before)
		ck_assert_int_eq(
			parse(sets[_i].before, strlen(sets[_i].before), &tree, &err), 0);
	result = json_set_pointer(&tree, sets[_i].pointer, json_number(1), &err);
	ck_assert_int_eq(result, sets[_i].error ? -1 : 0);
	if (sets[_i].error)
		ck_assert_msg(strstr(err.msg, sets[_i].error) != NULL, "%s", err.msg);
	after = json_print(tree, false);
	ck_assert_str_eq(after, sets[_i].after);
}
END_TEST

/* --- writing --- */

static const struct {
	const char *bytes;
	size_t count;
	const char *text;
} texts[] = {
	{ DOC("plain \\ \"text\"\n\t"), "plain \\ \"text\"\n\t" },
	{ DOC("a\0b"), "a\\x00b" },
	{ DOC("\x1b[31m\x7f\r"), "\\x1b[31m\\x7f\\x0d" },
	{ DOC("\xff\xc3\xa9\xc3"), "\\xff\xc3\xa9\\xc3" },
	{ DOC("\xc2\x9b"), "\\xc2\\x9b" }, /* C1: CSI */
	{ DOC("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ DOC(""), "" },
};

START_TEST(text_is_made_fit)
{
	owned_json struct json *tree = json_object();

	json_add_text_bytes(tree, "t", texts[_i].bytes, texts[_i].count);
	ck_assert_str_eq(json_member(tree, "t")->text, texts[_i].text);
}
END_TEST

static const struct {
	uint64_t number;
	const char *text;
} numbers[] = {
	{ 0, "{\"n\":0}" },
	{ 999999999999999, "{\"n\":999999999999999}" },
	{ 1000000000000001, "{\"n\":1000000000000001}" },
	{ 9007199254740991, "{\"n\":9007199254740991}" },
	{ 9007199254740992, "{\"n\":9007199254740992}" },
	{ UINT64_MAX, "{\"n\":9007199254740992}" },
};

START_TEST(numbers_are_exact)
{
	owned_json struct json *tree = json_object();
	owned_mem char *text = NULL;

	json_add_u64(tree, "n", numbers[_i].number);
	text = json_print(tree, false);
	ck_assert_str_eq(text, numbers[_i].text);
}
END_TEST

START_TEST(files_are_replaced_whole)
{
	char directory[] = "/tmp/confine-json-XXXXXX", path[64];
	owned_json struct json *tree = json_object(), *again = NULL;
	struct err err = { 0 };
	struct stat status;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/t.json", directory);
	json_add_text(tree, "a", "x");
	ck_assert_int_eq(json_write_file(path, tree, true, &err), 0);
	ck_assert_int_eq(json_write_file(path, tree, false, &err), 0);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, (off_t)strlen("{\"a\":\"x\"}\n"));
	ck_assert_int_eq(json_read_file(path, &json_small, &again, &err), 0);
	ck_assert(json_equal(tree, again));
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(directory), 0); /* nothing else was left in it */
	ck_assert_int_eq(json_write_file(path, tree, true, &err), -1);
	ck_assert_int_eq(json_read_file(path, &json_small, &again, &err), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, accepts, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(tcase, refuses, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(tcase, refuses_every_prefix);
	tcase_add_test(tcase, bounds_size_and_depth);
	tcase_add_test(tcase, many_names_are_quick);
	tcase_add_loop_test(tcase, getters, 0, (int)ARRAY_SIZE(gets));
	tcase_add_test(tcase, getters_give_the_value_or_nothing);
	tcase_add_test(tcase, a_long_place_is_cut);
	tcase_add_loop_test(tcase, pointers, 0, (int)ARRAY_SIZE(sets));
	tcase_add_loop_test(tcase, text_is_made_fit, 0, (int)ARRAY_SIZE(texts));
	tcase_add_loop_test(tcase, numbers_are_exact, 0, (int)ARRAY_SIZE(numbers));
	tcase_add_test(tcase, files_are_replaced_whole);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
