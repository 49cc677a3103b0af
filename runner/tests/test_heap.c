/* SPDX-License-Identifier: Apache-2.0 */
/* test_heap - malloc of the image, under other names beside the one of this program's libc */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void *heap_malloc(size_t bytes);
void *heap_calloc(size_t count, size_t size);
void *heap_realloc(void *pointer, size_t bytes);
void heap_free(void *pointer);

#define malloc  heap_malloc
#define calloc  heap_calloc
#define realloc heap_realloc
#define free    heap_free
#include "runner/image/heap.c"
#undef malloc
#undef calloc
#undef realloc
#undef free

#define PIECES 300
#define SIZES  (sizeof(sizes) / sizeof(sizes[0]))

static const size_t sizes[] = {
	0,      1,      15,     16,     17,     31,       32,
	100,    1000,   4095,   4096,   20000,  65536,    200000,
	262127, 262128, 262143, 262144, 262145, 1U << 20, 3000000
};

static size_t unlike(const unsigned char *at, size_t size, unsigned char wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < size; i++)
		found += at[i] != wanted;
	return found;
}

/* Every byte of every piece keeps what it was given while others come and go. */
START_TEST(test_pieces_do_not_meet)
{
	static struct {
		unsigned char *at;
		size_t size;
	} pieces[PIECES];
	unsigned int seed = 12345;

	for (unsigned int turn = 0; turn < 20000; turn++) {
		unsigned int i;
		size_t size;

		seed = seed * 1103515245 + 12345;
		i = (seed >> 8) % PIECES;
		size = turn % 97 ? (seed >> 3) % 3000 : sizes[turn % SIZES];
		ck_assert_uint_eq(unlike(pieces[i].at, pieces[i].size, (unsigned char)i),
				  0);
		if (turn % 3 == 0) {
			heap_free(pieces[i].at);
			pieces[i].at = heap_calloc(1, size);
			ck_assert_ptr_nonnull(pieces[i].at);
			ck_assert_uint_eq(unlike(pieces[i].at, size, 0), 0);
		} else {
			pieces[i].at = heap_realloc(pieces[i].at, size);
			ck_assert_ptr_nonnull(pieces[i].at);
			ck_assert_uint_eq(
				unlike(pieces[i].at,
				       size < pieces[i].size ? size : pieces[i].size,
				       (unsigned char)i),
				0);
		}
		ck_assert_uint_eq((uintptr_t)pieces[i].at % alignof(max_align_t), 0);
		pieces[i].size = size;
		if (size)
			memset(pieces[i].at, (int)(unsigned char)i, size);
	}
}
END_TEST

START_TEST(test_sizes)
{
	size_t size = sizes[_i];
	unsigned char *first = heap_malloc(size), *again;

	ck_assert_ptr_nonnull(first);
	memset(first, 0x55, size);
	heap_free(first);
	again = heap_calloc(size, 1);
	ck_assert_ptr_nonnull(again);
	ck_assert_uint_eq(unlike(again, size, 0), 0);
	heap_free(again);
	heap_free(NULL);
}
END_TEST

/* A text that is taken and freed for ever takes no more memory. */
START_TEST(test_is_used_again)
{
	char *first;

	for (unsigned int i = 0; i < 60; i++)
		heap_free(heap_malloc(33 + i));
	first = front;
	for (unsigned int i = 0; i < 100000; i++)
		heap_free(heap_malloc(33 + i % 60));
	ck_assert_ptr_eq(front, first);
}
END_TEST

/* After clone: nothing that was there before is given out again, or written to by its free(). */
START_TEST(test_part)
{
	char *before[8], *was, *after;
	char copy[2500];

	for (unsigned int i = 0; i < 8; i++)
		before[i] = heap_malloc(2500);
	heap_free(before[3]);
	memcpy(copy, before[4] - sizeof(struct block), sizeof(copy));
	was = front;
	pages_part();
	ck_assert(front >= was);
	ck_assert(front >= heap_first + HEAP_AHEAD);
	ck_assert_uint_eq((uintptr_t)front % PAGE, 0);
	heap_free(before[4]);
	ck_assert_mem_eq(copy, before[4] - sizeof(struct block), sizeof(copy));
	for (unsigned int i = 0; i < 4; i++) {
		after = heap_calloc(1, 2500);
		ck_assert_uint_eq(unlike((unsigned char *)after, 2500, 0), 0);
		ck_assert(after > parted);
	}
	heap_free(after);
	ck_assert_ptr_eq(heap_malloc(2500), after);
	/* What was there before still grows, by moving. */
	after = heap_realloc(before[5], 5000);
	ck_assert(after > parted);
	was = front;
	pages_part();
	ck_assert_ptr_eq(front, was);
}
END_TEST

START_TEST(test_too_much)
{
	ck_assert_ptr_null(heap_malloc(SIZE_MAX));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_null(heap_malloc(SIZE_MAX / 2 + 1));
	ck_assert_ptr_null(heap_calloc(SIZE_MAX / 2, 3));
	ck_assert_int_eq(errno, ENOMEM);
}
END_TEST

START_TEST(test_freed_twice)
{
	void *place = heap_malloc(64);

	heap_free(place);
	heap_free(place);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which needs memory of its own */
/* Where the kernel gives no more, what was freed is given out again in pieces, and is zero to calloc. */
START_TEST(test_out_of_more)
{
	const struct rlimit none = { 0, 0 };
	unsigned char *large = heap_malloc(200000), *place;
	size_t given = 0, dirty = 0;

	memset(large, 0xff, 200000);
	heap_free(large);
	ck_assert_int_eq(setrlimit(RLIMIT_DATA, &none), 0);
	while ((place = heap_calloc(1, 1000)) != NULL) {
		dirty += unlike(place, 1000, 0);
		given += place >= large && place < large + 200000;
	}
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_uint_eq(dirty, 0);
	ck_assert_uint_gt(given, 150);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("heap");
	TCase *plain = tcase_create("plain"), *fatal = tcase_create("fatal");
	SRunner *runner;
	int failed;

	tcase_add_test(plain, test_pieces_do_not_meet);
	tcase_add_loop_test(plain, test_sizes, 0, (int)SIZES);
	tcase_add_test(plain, test_is_used_again);
	tcase_add_test(plain, test_part);
	tcase_add_test(plain, test_too_much);
	tcase_set_tags(fatal, "fork");
#ifndef __SANITIZE_ADDRESS__
	tcase_add_test(fatal, test_out_of_more);
#endif
	tcase_add_test_raise_signal(fatal, test_freed_twice, SIGABRT);
	suite_add_tcase(suite, plain);
	suite_add_tcase(suite, fatal);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
