/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_output - one byte budget over both streams
 *
 * T-numbers are those of the upstream behaviours. T133 to T138 are its stream reader, T139 to T142
 * its text cut; ours is one budget for both, so that binary output is never flagged by its decoding.
 */
#include "runner/base/own.h"
#include "runner/output.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define GRIN  "\xf0\x9f\x98\x80" /* four bytes, one character */
#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define FORTY TEN TEN TEN TEN

static const struct {
	bool limited;
	uint64_t limit;
	const char *chunks[4]; /* as they come in, of either stream */
	size_t kept[4];        /* of each */
	bool exceeded;
} rows[] = {
	/* T133, T139: no limit */
	{ false, 0, { SIXTY, FORTY, SIXTY }, { 60, 40, 60 }, false },
	{ false, 0, { GRIN, "\xff" }, { 4, 1 }, false },
	/* T134, T140: under it */
	{ true, 200, { SIXTY, FORTY }, { 60, 40 }, false },
	/* reaching it exactly is not exceeding */
	{ true, 100, { SIXTY, FORTY }, { 60, 40 }, false },
	{ true, 100, { SIXTY, FORTY, "" }, { 60, 40, 0 }, false },
	{ true, 100, { SIXTY, FORTY, "x" }, { 60, 40, 0 }, true },
	/* T135, T141: 80 + 80 at 100, then nothing more */
	{ true, 100, { SIXTY TEN TEN, SIXTY TEN TEN, "x" }, { 80, 20, 0 }, true },
	/* T138: both streams count, the first keeps its bytes */
	{ true, 100, { SIXTY, SIXTY }, { 60, 40 }, true },
	/* T137, T142: no character is split, so 10 holds two of four bytes */
	{ true, 10, { GRIN GRIN GRIN GRIN GRIN }, { 8 }, true },
	{ true, 10, { GRIN GRIN, GRIN }, { 8, 0 }, true },
	{ true, 3, { GRIN }, { 0 }, true },
	{ true, 4, { "ab\xc3\xa9", "x" }, { 4, 0 }, true },
	{ true, 3, { "ab\xc3\xa9" }, { 2 }, true },
	/* bytes that are no text are bytes: byte-exact, also at the cut */
	{ true, 3, { "\xff\xfe\xfd\xfc" }, { 3 }, true },
	{ true, 4, { "\xff\xfe\xfd\xfc" }, { 4 }, false },
	{ true, 2, { "\x80\x80\x80" }, { 2 }, true },
	{ true, 1, { "ab" }, { 1 }, true },
};

START_TEST(takes_rows)
{
	struct output_budget budget;
	uint64_t seen = 0, kept = 0;

	output_budget_init(&budget, rows[_i].limited, rows[_i].limit);
	for (size_t i = 0; i < ARRAY_SIZE(rows[_i].chunks) && rows[_i].chunks[i]; i++) {
		size_t count = strlen(rows[_i].chunks[i]);
		size_t taken = output_budget_take(&budget, rows[_i].chunks[i], count);

		ck_assert_uint_eq(taken, rows[_i].kept[i]);
		seen += count;
		kept += taken;
	}
	ck_assert(budget.exceeded == rows[_i].exceeded);
	ck_assert_uint_eq(budget.seen_bytes, seen);
	ck_assert_uint_eq(budget.kept_bytes, kept);
}
END_TEST

/* T136: 150 of 10 times 100. T135 too: what exceeds says so once, and stays exceeded. */
START_TEST(told_once)
{
	char chunk[100];
	struct output_budget budget;
	unsigned int told = 0;

	memset(chunk, 'x', sizeof(chunk));
	output_budget_init(&budget, true, 150);
	for (unsigned int i = 0; i < 10; i++) {
		bool before = budget.exceeded;

		(void)output_budget_take(&budget, chunk, sizeof(chunk));
		told += !before && budget.exceeded;
	}
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_eq(budget.kept_bytes, 150);
	ck_assert_uint_eq(budget.seen_bytes, 1000);
}
END_TEST

/* Whatever the cuts, kept never passes the limit, and only the bytes of one character are lost. */
START_TEST(every_cut)
{
	static const char text[] = "a" GRIN "\xff\xc3\xa9" GRIN "\xe2\x82\xac"
				   "b";
	size_t length = sizeof(text) - 1;

	for (size_t limit = 1; limit < length; limit++) {
		char *copy = malloc(
			length); /* exact size: a sanitizer sees every read beyond */
		struct output_budget budget;
		size_t kept;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text, length);
		output_budget_init(&budget, true, limit);
		kept = output_budget_take(&budget, copy, length);
		ck_assert(budget.exceeded);
		ck_assert(kept <= limit && kept + 3 >= limit);
		ck_assert_int_ne((unsigned char)text[kept] & 0xc0,
				 0x80); /* a character starts here */
		free(copy);
	}
}
END_TEST

/* --- what is kept of an end --- */

static void put(struct output_tail *tail, unsigned int which, const char *bytes,
		size_t count)
{
	while (count) {
		size_t room;
		char *place = output_tail_room(tail, which, &room);

		ck_assert_ptr_nonnull(place);
		room = count < room ? count : room;
		memcpy(place, bytes, room);
		output_tail_add(tail, which, room);
		bytes += room;
		count -= room;
	}
}

static size_t get(struct output_tail *tail, unsigned int which, char *bytes)
{
	size_t total = 0, count;
	const char *piece;

	while ((count = output_tail_next(tail, which, &piece)) > 0) {
		memcpy(bytes + total, piece, count);
		total += count;
		output_tail_pass(tail, which, count);
	}
	return total;
}

static const struct {
	uint64_t limit;
	const char *text[2], *kept[2];
} tails[] = {
	{ 100, { "out", "err" }, { "out", "err" } },
	{ 6, { "out", "err" }, { "out", "err" } },
	{ 4, { "0123456789", "" }, { "6789", "" } },
	{ 4, { "", "0123456789" }, { "", "6789" } },
	/* whoever wrote less than half of it loses nothing */
	{ 6, { "0123456789", "ab" }, { "6789", "ab" } },
	{ 6, { "ab", "0123456789" }, { "ab", "6789" } },
	{ 6, { "0123456789", "abcdefgh" }, { "789", "fgh" } },
	{ 5, { "0123456789", "abcdefgh" }, { "89", "fgh" } },
	{ 1, { "0123456789", "abcdefgh" }, { "", "h" } },
	/* no character is split, and bytes that are none stay */
	{ 6, { GRIN GRIN GRIN, "" }, { GRIN, "" } },
	{ 3, { GRIN, "" }, { "", "" } },
	{ 4, { "x\xff\xfe\xfd\xfc", "" }, { "\xff\xfe\xfd\xfc", "" } },
	{ 4, { "\x80\x80\x80\x80", "" }, { "\x80\x80\x80\x80", "" } },
};

/* One after the other, or by turns in pieces of `step`. */
static void put_both(struct output_tail *tail, const char *const text[2],
		     unsigned int turn, size_t step)
{
	size_t at[2] = { 0 };

	while (text[0][at[0]] || text[1][at[1]]) {
		unsigned int which = turn++ & 1;
		size_t left = strlen(text[which]) - at[which];
		size_t count = step < left ? step : left;

		put(tail, which, text[which] + at[which], count);
		at[which] += count;
	}
}

/* In whatever pieces and order they come. */
START_TEST(keeps_the_end)
{
	for (size_t step = 1; step < 16; step++) {
		struct output_tail tail;

		output_tail_init(&tail, tails[_i].limit);
		put_both(&tail, tails[_i].text, step & 1, step);
		output_tail_finish(&tail);
		for (unsigned int i = 0; i < 2; i++) {
			char bytes[64] = { 0 };
			size_t count = get(&tail, i, bytes);

			ck_assert_str_eq(bytes, tails[_i].kept[i]);
			ck_assert_uint_eq(tail.of[i].dropped,
					  strlen(tails[_i].text[i]) - count);
		}
		output_tail_done(&tail);
	}
}
END_TEST

static size_t count_blocks(const struct output_block *block)
{
	size_t count = 0;

	for (; block; block = block->next)
		count++;
	return count;
}

/* However much comes: what is held is the limit, and a few blocks. */
START_TEST(holds_no_more_than_the_limit)
{
	const uint64_t limit = 10 * OUTPUT_BLOCK + 7;
	char *chunk = calloc(1, OUTPUT_BLOCK);
	struct output_tail tail;

	ck_assert_ptr_nonnull(chunk);
	output_tail_init(&tail, limit);
	for (unsigned int i = 0; i < 400; i++) {
		put(&tail, i % 5 == 0, chunk, OUTPUT_BLOCK - i);
		ck_assert_uint_le(tail.of[0].bytes + tail.of[1].bytes, limit);
	}
	ck_assert_uint_le(count_blocks(tail.of[0].first) +
				  count_blocks(tail.of[1].first) +
				  count_blocks(tail.spare),
			  10 + 4);
	output_tail_done(&tail);
	free(chunk);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("output");
	TCase *tcase = tcase_create("output");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, takes_rows, 0, (int)ARRAY_SIZE(rows));
	tcase_add_test(tcase, told_once);
	tcase_add_test(tcase, every_cut);
	tcase_add_loop_test(tcase, keeps_the_end, 0, (int)ARRAY_SIZE(tails));
	tcase_add_test(tcase, holds_no_more_than_the_limit);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
