/* SPDX-License-Identifier: Apache-2.0 */
/* Which probe begins when: each of them once, never more than may, the lab alone. */
#include "conformance/schedule.h"
#include "runner/base/own.h"
#include <check.h>
#include <stdlib.h>

enum {
	SHORT = 20,
	PROBES = SHORT + 6,
};

static const char *const nothing[] = { NULL };
static const char *const lab[] = { "lab", NULL };
static const char *const deadline[] = { "deadline=1", NULL };
static const char *const killed[] = { "kill-launcher=TERM", NULL };
static const char *const survivors[] = { "survivors", NULL };
static const char *const ends[] = { "ends=1000", NULL };

static struct probe probes[PROBES];
static const struct probe *list[PROBES];

static struct probe probe(enum layer layer, const char *const *setup,
			  const char *const *witness)
{
	return (struct probe){
		.layer = layer, .needs = nothing, .setup = setup, .witness = witness
	};
}

static void fill(void)
{
	for (size_t i = 0; i < PROBES; i++)
		probes[i] = probe(LAYER_FILESYSTEM, nothing, nothing);
	probes[SHORT] = probe(LAYER_RESOURCES, nothing, survivors);
	probes[SHORT + 1] = probe(LAYER_NETWORK, lab, nothing);
	probes[SHORT + 2] = probe(LAYER_NETWORK, nothing, nothing);
	probes[SHORT + 2].needs = lab;
	probes[SHORT + 3] = probe(LAYER_LIFECYCLE, deadline, survivors);
	probes[SHORT + 4] = probe(LAYER_LIFECYCLE, killed, nothing);
	probes[SHORT + 5] = probe(LAYER_OUTPUT, nothing, ends);
	for (size_t i = 0; i < PROBES; i++)
		list[i] = &probes[i];
}

START_TEST(what_waits)
{
	fill();
	for (size_t i = 0; i < PROBES; i++)
		ck_assert_int_eq(schedule_waits(list[i]), i >= SHORT + 3);
}
END_TEST

START_TEST(how_many)
{
	static const struct {
		unsigned int wanted;
		long processors;
		unsigned int jobs;
	} rows[] = {
		{ 0, 1, 4 },  { 0, 2, 8 },  { 1, 2, 1 },   { 3, 2, 3 },
		{ 64, 2, 8 }, { 0, -1, 4 }, { 0, 40, 64 }, { 64, 4096, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_uint_eq(schedule_jobs(rows[i].wanted, rows[i].processors),
				  rows[i].jobs);
}
END_TEST

/* With 1 to 4 jobs on 1 to 4 processors, and one that is run again. */
START_TEST(each_of_them_once)
{
	unsigned int jobs = (unsigned int)_i % 4 + 1,
		     processors = (unsigned int)_i / 4 + 1;
	const struct probe *running[PROBES];
	size_t count = 0, begun = 0, labs = 0, working = 0;
	unsigned int times[PROBES] = { 0 };
	struct arena arena = { 0 };
	struct schedule schedule;
	bool again = true;

	fill();
	schedule_open(&schedule, list, PROBES, jobs, processors, &arena);
	while (schedule.count || count) {
		const struct probe *next = schedule_next(&schedule);

		if (next) {
			running[count++] = next;
			begun++;
			labs += schedule_needs_lab(next);
			working += !schedule_waits(next);
			times[next - probes]++;
		} else {
			ck_assert_uint_gt(count, 0); /* or it would wait for ever */
			next = running[--count];
			labs -= schedule_needs_lab(next);
			working -= !schedule_waits(next);
			schedule_done(&schedule, next);
			if (again && next == &probes[SHORT + 1])
				schedule_again(&schedule, next);
			again = again && next != &probes[SHORT + 1];
		}
		ck_assert_uint_le(labs, 1);
		ck_assert_uint_le(working, processors + 1);
		ck_assert_uint_le(count, jobs);
	}
	ck_assert_uint_eq(begun, PROBES + 1);
	for (size_t i = 0; i < PROBES; i++)
		ck_assert_uint_eq(times[i], i == SHORT + 1 ? 2 : 1);
	arena_done(&arena);
}
END_TEST

START_TEST(the_long_ones_first)
{
	struct arena arena = { 0 };
	struct schedule schedule;

	fill();
	schedule_open(&schedule, list, PROBES, 8, 2, &arena);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[SHORT + 3]);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[SHORT + 4]);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[SHORT + 5]);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[SHORT + 1]);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[SHORT]);
	ck_assert_ptr_eq(schedule_next(&schedule), &probes[0]);
	ck_assert_ptr_null(schedule_next(&schedule)); /* three work, on two processors */
	arena_done(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("schedule");
	TCase *cases = tcase_create("schedule");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, what_waits);
	tcase_add_test(cases, how_many);
	tcase_add_loop_test(cases, each_of_them_once, 0, 16);
	tcase_add_test(cases, the_long_ones_first);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
