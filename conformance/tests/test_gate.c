/* SPDX-License-Identifier: Apache-2.0 */
/* A whole run: one probe for each requirement, all of them fine, and then one thing changed. */
#include "conformance/gate.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROBES_MAX = 64,
};

struct run {
	struct gate_input input;
	struct gate_probe probes[PROBES_MAX];
	struct verdict_output outcomes[PROBES_MAX];
	struct gate_requirement rows[PROBES_MAX];
	struct gate gate;
};

static void set_outcome(struct run *run, size_t i, enum seen seen, enum promise promise)
{
	bool required =
		requirement_is_required(run->probes[i].requirement, run->input.require);

	run->probes[i].promise = promise;
	run->outcomes[i] = (struct verdict_output){
		.verdict = verdict_cell(seen, promise, required, false),
		.if_required = verdict_cell(seen, promise, true, false),
		.seen = seen,
		.false_claim = seen == SEEN_LEAKED && promise == PROMISE_ENFORCED,
	};
	(void)snprintf(run->outcomes[i].reason, sizeof(run->outcomes[i].reason),
		       "reason %zu", i);
}

static void add_probe(struct run *run, const char *id, enum seen seen,
		      enum promise promise)
{
	size_t i = run->input.count++;

	ck_assert_uint_lt(i, PROBES_MAX);
	run->probes[i].requirement = requirement_find(id);
	ck_assert_ptr_nonnull(run->probes[i].requirement);
	run->probes[i].outcome = &run->outcomes[i];
	set_outcome(run, i, seen, promise);
}

/* Everything of every level held and was promised. */
static void all_good(struct run *run, unsigned int require)
{
	memset(run, 0, sizeof(*run));
	run->input.require = require;
	run->input.fail_on = FAIL_ON_DEGRADED;
	run->input.stated_by_receipt = true;
	run->input.probes = run->probes;
	for (size_t i = 0; i < requirement_count; i++)
		add_probe(run, requirements[i].id, SEEN_HELD, PROMISE_ENFORCED);
}

static void change(struct run *run, const char *id, enum seen seen, enum promise promise)
{
	set_outcome(run, requirement_index(requirement_find(id)), seen, promise);
}

static void compute(struct run *run)
{
	gate_compute(&run->input, run->rows, &run->gate);
}

static const struct gate_requirement *row(const struct run *run, const char *id)
{
	return &run->rows[requirement_index(requirement_find(id))];
}

START_TEST(all_is_well)
{
	static struct run run;

	for (unsigned int level = LEVEL_MIN; level <= LEVEL_MAX; level++) {
		all_good(&run, level);
		compute(&run);
		ck_assert_int_eq(run.gate.exit, EXIT_PASS);
		ck_assert_uint_eq(run.gate.level, LEVEL_MAX);
		ck_assert_uint_eq(run.gate.tested, run.gate.required);
	}
	all_good(&run, 1);
	compute(&run);
	ck_assert_uint_eq(run.gate.required, 14);
	ck_assert_uint_eq(run.gate.layers[LAYER_FILESYSTEM].required, 2);
	ck_assert_uint_eq(run.gate.layers[LAYER_FILESYSTEM].counts[VERDICT_ENFORCED], 2);
	ck_assert_uint_eq(run.gate.layers[LAYER_SYSCALLS].required, 0);
	ck_assert_uint_eq(run.gate.layers[LAYER_SYSCALLS].probes, 4);
	ck_assert_uint_eq(run.gate.layers[LAYER_REPORT].tested, 3);
}
END_TEST

/* One requirement of level 1, and one of level 2, seen and promised like this, at level 1. */
static const struct {
	enum seen seen;
	enum promise promise;
	enum gate_exit at_one, at_two; /* exit when it is FS-01; when it is FS-11 */
	unsigned int level_one, level_two;
} singles[] = {
	{ SEEN_HELD, PROMISE_DEGRADED, EXIT_DEGRADED, EXIT_PASS, 0, 1 },
	{ SEEN_HELD, PROMISE_NOTHING, EXIT_DEGRADED, EXIT_PASS, 0, 1 },
	{ SEEN_HELD, PROMISE_UNSTATED, EXIT_PASS, EXIT_PASS, 3, 3 },
	{ SEEN_LEAKED, PROMISE_DEGRADED, EXIT_DEGRADED, EXIT_PASS, 0, 1 },
	{ SEEN_LEAKED, PROMISE_NOTHING, EXIT_BREACHED, EXIT_PASS, 0, 1 },
	{ SEEN_LEAKED, PROMISE_UNSTATED, EXIT_BREACHED, EXIT_PASS, 0, 1 },
	/* A false claim of any level breaches RPT-01, which is of level 1. */
	{ SEEN_LEAKED, PROMISE_ENFORCED, EXIT_BREACHED, EXIT_BREACHED, 0, 0 },
	{ SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED, EXIT_PASS, EXIT_PASS, 3, 3 },
	{ SEEN_CLOSED_BY_HOST, PROMISE_NOTHING, EXIT_PASS, EXIT_PASS, 3, 3 },
	{ SEEN_REFUSED, PROMISE_NOTHING, EXIT_DEGRADED, EXIT_PASS, 0, 1 },
	{ SEEN_PREREQUISITE_MISSING, PROMISE_ENFORCED, EXIT_INCOMPLETE, EXIT_PASS, 0, 1 },
	{ SEEN_OURS_BROKE, PROMISE_ENFORCED, EXIT_INCOMPLETE, EXIT_PASS, 0, 1 },
	{ SEEN_TARGET_BROKE, PROMISE_ENFORCED, EXIT_BREACHED, EXIT_PASS, 0, 1 },
};

START_TEST(one_thing_changed)
{
	static struct run run;

	all_good(&run, 1);
	change(&run, "FS-01", singles[_i].seen, singles[_i].promise);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, singles[_i].at_one);
	ck_assert_uint_eq(run.gate.level, singles[_i].level_one);
	all_good(&run, 1);
	change(&run, "FS-11", singles[_i].seen, singles[_i].promise);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, singles[_i].at_two);
	ck_assert_uint_eq(run.gate.level, singles[_i].level_two);
}
END_TEST

START_TEST(a_false_claim_makes_the_receipt_untrue)
{
	static struct run run;

	all_good(&run, 1);
	change(&run, "IPC-11", SEEN_LEAKED, PROMISE_ENFORCED);
	compute(&run);
	ck_assert_int_eq(row(&run, "RPT-01")->verdict, VERDICT_BREACHED);
	ck_assert(row(&run, "RPT-01")->false_claim);
	ck_assert_str_eq(row(&run, "RPT-01")->reason,
			 "the receipt claims IPC-11 as enforced, and that leaked");
	ck_assert_int_eq(row(&run, "RPT-02")->verdict, VERDICT_ENFORCED);
	/* A file that promises is not a receipt: nothing follows from it. */
	run.input.stated_by_receipt = false;
	compute(&run);
	ck_assert_int_eq(row(&run, "RPT-01")->verdict, VERDICT_ENFORCED);
	ck_assert_int_eq(run.gate.exit, EXIT_PASS);
}
END_TEST

/* Many lies: named as far as there is room, and never past the end. */
START_TEST(every_claim_is_false)
{
	static struct run run;

	all_good(&run, 1);
	for (size_t i = 0; i < run.input.count; i++)
		if (!requirements[i].rests_on_claims)
			set_outcome(&run, i, SEEN_LEAKED, PROMISE_ENFORCED);
	compute(&run);
	ck_assert_ptr_nonnull(
		strstr(row(&run, "RPT-01")->reason, "claims FS-01, FS-02, "));
	ck_assert_ptr_nonnull(
		strstr(row(&run, "RPT-01")->reason, " as enforced, and that leaked"));
}
END_TEST

START_TEST(worst_probe_wins)
{
	static struct run run;

	all_good(&run, 1);
	add_probe(&run, "FS-01", SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED);
	compute(&run);
	ck_assert_int_eq(row(&run, "FS-01")->verdict, VERDICT_ENFORCED);
	add_probe(&run, "FS-01", SEEN_HELD, PROMISE_DEGRADED);
	compute(&run);
	ck_assert_int_eq(row(&run, "FS-01")->verdict, VERDICT_DEGRADED);
	ck_assert_int_eq(row(&run, "FS-01")->promise, PROMISE_DEGRADED);
	add_probe(&run, "FS-01", SEEN_PREREQUISITE_MISSING, PROMISE_ENFORCED);
	compute(&run);
	ck_assert_int_eq(row(&run, "FS-01")->verdict, VERDICT_UNTESTABLE);
	ck_assert_uint_eq(row(&run, "FS-01")->probes, 4);
	ck_assert_uint_eq(run.gate.tested + 1, run.gate.required);
	add_probe(&run, "FS-01", SEEN_LEAKED, PROMISE_NOTHING);
	compute(&run);
	ck_assert_int_eq(row(&run, "FS-01")->verdict, VERDICT_BREACHED);
	ck_assert_int_eq(run.gate.exit, EXIT_BREACHED);
}
END_TEST

/* A SHOULD never stands in the way of a level, nor of an exit status. */
START_TEST(should_is_not_must)
{
	static struct run run;

	all_good(&run, 3);
	change(&run, "PRC-21", SEEN_LEAKED, PROMISE_NOTHING);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_PASS);
	ck_assert_uint_eq(run.gate.level, 3);
	ck_assert_int_eq(row(&run, "PRC-21")->verdict, VERDICT_OPEN);
}
END_TEST

/* 70 and 74 are main's; of the rest: 6, 1, 4, 5, 3, 0. */
START_TEST(priority)
{
	static struct run run;

	all_good(&run, 1);
	change(&run, "ENV-01", SEEN_HELD, PROMISE_DEGRADED);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_DEGRADED);
	change(&run, "FD-01", SEEN_OURS_BROKE, PROMISE_ENFORCED);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_INCOMPLETE);
	change(&run, "NET-01", SEEN_LEAKED, PROMISE_NOTHING);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_BREACHED);
	run.input.control_failed = true;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_EVIDENCE);
	ck_assert_uint_eq(run.gate.level, 0);
	for (unsigned int i = 0; i < FAIL_ON_COUNT; i++) {
		run.input.fail_on = (enum fail_on)i;
		compute(&run);
		ck_assert_int_eq(run.gate.exit, EXIT_EVIDENCE);
	}
}
END_TEST

START_TEST(fail_on)
{
	static const enum gate_exit with[FAIL_ON_COUNT][4] = {
		/* breached, error, refused, degraded */
		[FAIL_ON_NEVER] = { EXIT_PASS, EXIT_PASS, EXIT_PASS, EXIT_PASS },
		[FAIL_ON_BREACHED] = { EXIT_BREACHED, EXIT_PASS, EXIT_PASS, EXIT_PASS },
		[FAIL_ON_UNTESTABLE] = { EXIT_BREACHED, EXIT_INCOMPLETE, EXIT_DEGRADED,
					 EXIT_PASS },
		[FAIL_ON_DEGRADED] = { EXIT_BREACHED, EXIT_INCOMPLETE, EXIT_DEGRADED,
				       EXIT_DEGRADED },
	};
	static const enum seen seen[] = { SEEN_TARGET_BROKE, SEEN_OURS_BROKE,
					  SEEN_REFUSED, SEEN_HELD };
	static struct run run;

	for (unsigned int i = 0; i < 4; i++) {
		all_good(&run, 1);
		run.input.fail_on = (enum fail_on)_i;
		change(&run, "FS-01", seen[i], PROMISE_DEGRADED);
		compute(&run);
		ck_assert_int_eq(run.gate.exit, with[_i][i]);
	}
}
END_TEST

START_TEST(partial_and_missing)
{
	static struct run run;

	all_good(&run, 1);
	run.input.partial = true;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_INCOMPLETE);
	ck_assert_uint_eq(run.gate.level, 0);
	run.input.fail_on = FAIL_ON_BREACHED;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_PASS);
	/* The first probe, of FS-01, is not there at all. */
	all_good(&run, 1);
	run.input.probes = run.probes + 1;
	run.input.count--;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_INCOMPLETE);
	ck_assert_int_eq(row(&run, "FS-01")->verdict, VERDICT_NONE);
	ck_assert_uint_eq(run.gate.level, 0);
	ck_assert_uint_eq(run.gate.tested + 1, run.gate.required);
}
END_TEST

START_TEST(nothing_tested_is_never_green)
{
	static const enum seen seen[] = { SEEN_CLOSED_BY_HOST, SEEN_PREREQUISITE_MISSING,
					  SEEN_OURS_BROKE };
	static const enum gate_exit strict[] = { EXIT_NOTHING_TESTED, EXIT_INCOMPLETE,
						 EXIT_INCOMPLETE };
	static struct run run;

	memset(&run, 0, sizeof(run));
	run.input.require = 1;
	run.input.fail_on = FAIL_ON_DEGRADED;
	run.input.partial = true;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_NOTHING_TESTED);
	for (size_t kind = 0; kind < 3; kind++) {
		all_good(&run, 1);
		for (size_t i = 0; i < run.input.count; i++)
			set_outcome(&run, i, seen[kind], PROMISE_ENFORCED);
		compute(&run);
		ck_assert_int_eq(run.gate.exit, strict[kind]);
		run.input.fail_on = FAIL_ON_NEVER;
		compute(&run);
		ck_assert_int_eq(run.gate.exit, EXIT_NOTHING_TESTED);
	}
}
END_TEST

START_TEST(refused_under_fail)
{
	static struct run run;

	all_good(&run, 1);
	run.input.refused_under_fail = true;
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_DEGRADED);
	for (size_t i = 0; i < run.input.count; i++)
		set_outcome(&run, i, SEEN_REFUSED, PROMISE_NOTHING);
	compute(&run);
	ck_assert_int_eq(run.gate.exit, EXIT_DEGRADED);
	ck_assert_uint_eq(run.gate.level, 0);
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(gate_exit_word(EXIT_NOT_WRITTEN), "not-written");
	ck_assert_str_eq(gate_exit_word(EXIT_NOTHING_TESTED), "nothing-tested");
	ck_assert_str_eq(fail_on_names[FAIL_ON_UNTESTABLE], "untestable");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, all_is_well);
	tcase_add_loop_test(cases, one_thing_changed, 0,
			    (int)(sizeof(singles) / sizeof(singles[0])));
	tcase_add_test(cases, a_false_claim_makes_the_receipt_untrue);
	tcase_add_test(cases, every_claim_is_false);
	tcase_add_test(cases, worst_probe_wins);
	tcase_add_test(cases, should_is_not_must);
	tcase_add_test(cases, priority);
	tcase_add_loop_test(cases, fail_on, 0, FAIL_ON_COUNT);
	tcase_add_test(cases, partial_and_missing);
	tcase_add_test(cases, nothing_tested_is_never_green);
	tcase_add_test(cases, refused_under_fail);
	tcase_add_test(cases, words);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
