/* SPDX-License-Identifier: Apache-2.0 */
/* test_result - what counts as one JSON value, in whatever pieces it comes */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/result.h"
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *text;
	enum result_state state;
	uint64_t fault_at;
} rows[] = {
	{ "", RESULT_NONE, 0 },
	{ " \n\t\r", RESULT_NONE, 0 },
	{ "null", RESULT_RETURNED, 0 },
	{ " true ", RESULT_RETURNED, 0 },
	{ "false\n", RESULT_RETURNED, 0 },
	{ "0", RESULT_RETURNED, 0 },
	{ "-0.5e+10", RESULT_RETURNED, 0 },
	{ "123456789012345678901234567890", RESULT_RETURNED, 0 },
	{ "1E400 ", RESULT_RETURNED, 0 },
	{ "\"\"", RESULT_RETURNED, 0 },
	{ "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD800\"", RESULT_RETURNED, 0 },
	{ "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", RESULT_RETURNED, 0 },
	{ "[]", RESULT_RETURNED, 0 },
	{ "{}", RESULT_RETURNED, 0 },
	{ "[1,[2,{\"a\":[]}],\"x\"]", RESULT_RETURNED, 0 },
	{ "{ \"a\" : 1 , \"a\" : { } }", RESULT_RETURNED, 0 },
	{ "[1 ,2.0]", RESULT_RETURNED, 0 },
	/* the start of one */
	{ "nul", RESULT_PART, 0 },
	{ "-", RESULT_PART, 0 },
	{ "1.", RESULT_PART, 0 },
	{ "1e", RESULT_PART, 0 },
	{ "1e-", RESULT_PART, 0 },
	{ "\"a", RESULT_PART, 0 },
	{ "\"a\\", RESULT_PART, 0 },
	{ "\"a\\u12", RESULT_PART, 0 },
	{ "\"\xe2\x82", RESULT_PART, 0 },
	{ "[", RESULT_PART, 0 },
	{ "[1", RESULT_PART, 0 },
	{ "{\"a\"", RESULT_PART, 0 },
	{ "{\"a\":", RESULT_PART, 0 },
	{ "{\"a\":1,", RESULT_PART, 0 },
	/* none, and where that shows */
	{ "hello", RESULT_INVALID, 0 },
	{ "nulL", RESULT_INVALID, 3 },
	{ "01", RESULT_INVALID, 1 },
	{ "+1", RESULT_INVALID, 0 },
	{ "1.e5", RESULT_INVALID, 2 },
	{ "-x", RESULT_INVALID, 1 },
	{ ".5", RESULT_INVALID, 0 },
	{ "1x", RESULT_INVALID, 1 },
	{ "1 2", RESULT_INVALID, 2 },
	{ "{}{}", RESULT_INVALID, 2 },
	{ "1\n2", RESULT_INVALID, 2 },
	{ "[1]]", RESULT_INVALID, 3 },
	{ "[1}", RESULT_INVALID, 2 },
	{ "{\"a\":1]", RESULT_INVALID, 6 },
	{ "[,1]", RESULT_INVALID, 1 },
	{ "[1,]", RESULT_INVALID, 3 },
	{ "[1 2]", RESULT_INVALID, 3 },
	{ "{1:2}", RESULT_INVALID, 1 },
	{ "{\"a\":1,}", RESULT_INVALID, 7 },
	{ "{\"a\" 1}", RESULT_INVALID, 5 },
	{ "'a'", RESULT_INVALID, 0 },
	{ "\"\\x\"", RESULT_INVALID, 2 },
	{ "\"\\u12g4\"", RESULT_INVALID, 5 },
	{ "\"\n\"", RESULT_INVALID, 1 },
	{ "\"\xff\"", RESULT_INVALID, 1 },
	{ "\"\xc0\x80\"", RESULT_INVALID, 1 },
	{ "\"\xe0\x80\x80\"", RESULT_INVALID, 2 },
	{ "\"\xed\xa0\x80\"", RESULT_INVALID, 2 },
	{ "\"\xf4\x90\x80\x80\"", RESULT_INVALID, 2 },
	{ "\"\xe2\x82\"", RESULT_INVALID, 3 },
	{ "\xef\xbb\xbf{}", RESULT_INVALID, 0 },
	{ "NaN", RESULT_INVALID, 0 },
	{ "// x\n1", RESULT_INVALID, 0 },
};

/* At once, byte by byte, and cut in two anywhere: the same. */
START_TEST(judges_rows)
{
	const char *text = rows[_i].text;
	size_t length = strlen(text);

	for (size_t cut = 0; cut <= length + 1; cut++) {
		struct result result;

		result_init(&result, -1, 1000);
		if (cut > length)
			for (size_t i = 0; i < length; i++)
				result_feed(&result, text + i, 1);
		else {
			result_feed(&result, text, cut);
			result_feed(&result, text + cut, length - cut);
		}
		ck_assert_msg(result_state(&result) == rows[_i].state, "%s: %s", text,
			      result_words[result_state(&result)]);
		ck_assert_uint_eq(result.seen_bytes, length);
		if (rows[_i].state == RESULT_INVALID) {
			ck_assert_uint_eq(result.fault_at, rows[_i].fault_at);
			ck_assert_ptr_nonnull(result.fault);
		}
		result_done(&result);
	}
}
END_TEST

START_TEST(takes_away_blanks_alone)
{
	static const char text[] = " \n { \"a\" : [ 1e5 ] } \t\n";
	struct result result;
	size_t length;
	const char *value;

	result_init(&result, -1, 100);
	result_feed(&result, text, strlen(text));
	value = result_value(&result, &length);
	ck_assert_int_eq(strncmp(value, "{ \"a\" : [ 1e5 ] }", length), 0);
	ck_assert_uint_eq(length, 17);
	result_done(&result);
}
END_TEST

START_TEST(makes_one_line)
{
	static const char text[] =
		" { \"a b\\\" c\\\\\" :\r\n\t[ 1 ,\n\"\\n \\\\\" ] , \"\" : \" \" }\n";
	owned_str struct str line = { 0 };
	struct result result;

	result_init(&result, -1, 1000);
	result_feed(&result, text, strlen(text));
	ck_assert_uint_eq(result_state(&result), RESULT_RETURNED);
	result_add_line(&result, &line);
	ck_assert_str_eq(str_text(&line),
			 "{\"a b\\\" c\\\\\":[1,\"\\n \\\\\"],\"\":\" \"}");
	result_done(&result);
}
END_TEST

START_TEST(limits_bytes)
{
	struct result result;

	result_init(&result, -1, 4);
	result_feed(&result, "1234", 4);
	ck_assert_int_eq(result_state(&result), RESULT_RETURNED);
	result_feed(&result, " ", 1);
	ck_assert_int_eq(result_state(&result), RESULT_TOO_LARGE);
	ck_assert_ptr_null(result.text.text); /* nothing of it is held any more */
	result_done(&result);
}
END_TEST

START_TEST(limits_depth)
{
	for (size_t depth = RESULT_DEPTH - 1; depth <= RESULT_DEPTH + 1; depth++) {
		struct result result;

		result_init(&result, -1, 10000);
		for (size_t i = 0; i < depth; i++)
			result_feed(&result, i % 2 ? "{\"a\":" : "[", i % 2 ? 5 : 1);
		for (size_t i = depth; i > 0; i--)
			result_feed(&result,
				    i == depth && depth % 2 == 0 ? "1}"
				    : i % 2                      ? "]"
								 : "}",
				    i == depth && depth % 2 == 0 ? 2 : 1);
		ck_assert_int_eq(result_state(&result),
				 depth > RESULT_DEPTH ? RESULT_INVALID : RESULT_RETURNED);
		result_done(&result);
	}
}
END_TEST

/* A writer that goes on for ever has a pipe full left when the run is over. */
START_TEST(ends_with_a_pipe_full)
{
	struct result result;
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_eq(write(ends[1], "[1,2", 4), 4);
	result_init(&result, ends[0], 1000);
	result_move(&result);
	ck_assert_int_eq(result_state(&result), RESULT_PART);
	ck_assert_int_eq(write(ends[1], "]", 1), 1);
	result_end(&result); /* though the other end is open */
	ck_assert_int_eq(result.from, -1);
	ck_assert_int_eq(result_state(&result), RESULT_RETURNED);
	result_done(&result);
	(void)close(ends[1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("result");
	TCase *tcase = tcase_create("result");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, judges_rows, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(tcase, takes_away_blanks_alone);
	tcase_add_test(tcase, makes_one_line);
	tcase_add_test(tcase, limits_bytes);
	tcase_add_test(tcase, limits_depth);
	tcase_add_test(tcase, ends_with_a_pipe_full);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
