/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole input space of a verdict against an oracle that is written the other way round:
 * conditions instead of an order. Facts and promise are walked through apart, because what was
 * seen may not depend on what was promised.
 *
 * `make check` walks all combinations of the two arms, and every 101st of those with something
 * known beforehand; CONFINE_SOAK=1 walks all; without fork (valgrind, sanitizers) it samples.
 */
#include "conformance/verdict.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Sets of refusals: each word alone, all, none; the oracle reads them as bits. */
enum {
	ACCEPT_WORD = 1,
	ACCEPT_SIGNAL = 2,
	ACCEPT_CEILING = 4,
	ACCEPT_WITNESS = 8,
	ACCEPT_KILLED = 16,
	ACCEPT_REFUSED = 32,
};

static const struct {
	unsigned int bits;
	const char *words[8];
} sets[] = {
	{ 0, { NULL } },
	{ ACCEPT_WORD, { "EROFS", NULL } },
	{ ACCEPT_SIGNAL, { "SIGKILL", NULL } },
	{ ACCEPT_CEILING, { "ceiling", NULL } },
	{ ACCEPT_WITNESS, { "witness", NULL } },
	{ ACCEPT_KILLED, { "killed", NULL } },
	{ ACCEPT_REFUSED, { "refused", NULL } },
	{ 63,
	  { "EPERM", "EROFS", "SIGKILL", "ceiling", "witness", "killed", "refused",
	    NULL } },
};

/* What the script says inside, with the kinds of words that make a difference. */
static const struct {
	enum said said;
	const char *word;
	bool outside_word; /* one that no script can say for itself */
} sayings[] = {
	{ SAID_NOTHING, "", false },      { SAID_REACHED, "-", false },
	{ SAID_CANNOT_TELL, "x", false }, { SAID_DENIED, "EROFS", false },
	{ SAID_DENIED, "ENOENT", false }, { SAID_DENIED, "ceiling", true },
	{ SAID_DENIED, "witness", true },
};

static const char *const signals[] = { NULL, "SIGKILL", "SIGSEGV" };

/* Digits of one combination. */
struct facts {
	unsigned int set, saying, signal, ceiling, attack_witness, launcher;
	unsigned int reach_said, reach_witness;
	bool reach_ran, works, nonce, alive, attempted, timed_out, limit;
	bool fault, prerequisite, closed, never;
};

static unsigned int take(unsigned long *rest, unsigned int radix)
{
	unsigned int digit = (unsigned int)(*rest % radix);

	*rest /= radix;
	return digit;
}

static const unsigned long arms_count =
	8UL * 7 * 3 * 3 * 4 * 7 * 4 * 4 * 2 * 2 * 2 * 2 * 2 * 2 * 2;

/* `before`: the four things that are known before the arms, as bits. */
static struct facts facts_of(unsigned long number, unsigned int before)
{
	return (struct facts){
		.set = take(&number, 8),
		.saying = take(&number, 7),
		.signal = take(&number, 3),
		.ceiling = take(&number, 3),
		.attack_witness = take(&number, 4),
		.launcher = take(&number, 7),
		.reach_said = take(&number, 4),
		.reach_witness = take(&number, 4),
		.reach_ran = take(&number, 2),
		.works = take(&number, 2),
		.nonce = take(&number, 2),
		.alive = take(&number, 2),
		.attempted = take(&number, 2),
		.timed_out = take(&number, 2),
		.limit = take(&number, 2),
		.fault = before & 1,
		.prerequisite = before & 2,
		.closed = before & 4,
		.never = before & 8,
	};
}

static void fill(const struct facts *facts, struct verdict_input *input)
{
	*input = (struct verdict_input){
		.refusals = sets[facts->set].words,
		.harness_fault = facts->fault ? "fault" : NULL,
		.prerequisite = facts->prerequisite ? "prerequisite" : NULL,
		.closed_by_host = facts->closed ? "closed" : NULL,
		.never = facts->never ? "never" : NULL,
		.reach_ran = facts->reach_ran,
		.reach_said = (enum said)facts->reach_said,
		.reach_witness = (enum witness)facts->reach_witness,
		.launcher = (enum launcher)facts->launcher,
		.launcher_works = facts->works,
		.nonce = facts->nonce,
		.alive = facts->alive,
		.attempted = facts->attempted,
		.timed_out = facts->timed_out,
		.limit = facts->limit ? "memory" : NULL,
		.signal = signals[facts->signal],
		.attack_said = sayings[facts->saying].said,
		.attack_witness = (enum witness)facts->attack_witness,
		.ceiling = (enum ceiling)facts->ceiling,
	};
	memcpy(input->attack_word, sayings[facts->saying].word,
	       strlen(sayings[facts->saying].word) + 1);
}

/* --- the oracle -------------------------------------------------------------------------- */

static bool reach_is_good(const struct facts *f)
{
	bool saw = f->reach_witness == WITNESS_SAW,
	     none = f->reach_witness == WITNESS_NONE;

	if (!f->reach_ran || f->reach_said == SAID_DENIED)
		return false;
	return saw || (none && f->reach_said == SAID_REACHED);
}

static bool refusal_is_accepted(const struct facts *f)
{
	unsigned int accepts = sets[f->set].bits;
	enum said said = sayings[f->saying].said;
	bool plain_denial = said == SAID_DENIED && !sayings[f->saying].outside_word;
	bool by_word = plain_denial && (accepts & ACCEPT_WORD) && f->saying == 3;
	bool by_signal = said == SAID_NOTHING && f->signal &&
			 ((accepts & ACCEPT_KILLED) ||
			  ((accepts & ACCEPT_SIGNAL) && f->signal == 1));
	bool by_number = f->ceiling == CEILING_HELD && (accepts & ACCEPT_CEILING);
	bool by_witness = (accepts & ACCEPT_WITNESS) &&
			  f->attack_witness == WITNESS_SILENT &&
			  f->reach_witness == WITNESS_SAW &&
			  (said == SAID_REACHED || (said == SAID_NOTHING && f->signal));

	if (said == SAID_REACHED && !(accepts & ACCEPT_WITNESS))
		return false;
	return by_word || by_signal || (!plain_denial && (by_number || by_witness));
}

static bool is_held(const struct facts *f)
{
	bool ran_anyway = f->nonce || f->alive || f->attempted;

	if (f->launcher == LAUNCHER_REFUSED)
		return !ran_anyway && f->works && (sets[f->set].bits & ACCEPT_REFUSED) &&
		       reach_is_good(f);
	return f->launcher == LAUNCHER_RAN && reach_is_good(f) && f->nonce && f->alive &&
	       f->attempted && !f->timed_out && !f->limit &&
	       f->attack_witness != WITNESS_DEAF && refusal_is_accepted(f);
}

static enum seen oracle(const struct facts *f)
{
	bool ran = f->launcher != LAUNCHER_NOT_RUN;
	bool ran_anyway = f->nonce || f->alive || f->attempted;
	bool refused = f->launcher == LAUNCHER_REFUSED;
	bool outside = ran && (f->attack_witness == WITNESS_SAW ||
			       f->ceiling == CEILING_EXCEEDED);
	bool by_word = ran && reach_is_good(f) && f->nonce &&
		       sayings[f->saying].said == SAID_REACHED &&
		       f->attack_witness == WITNESS_NONE &&
		       !(sets[f->set].bits & ACCEPT_WITNESS);
	bool broke = f->launcher == LAUNCHER_DIED || f->launcher == LAUNCHER_NO_RECEIPT ||
		     f->launcher == LAUNCHER_WRONG_CAUSE;
	bool expected = f->works && (sets[f->set].bits & ACCEPT_REFUSED);

	if (f->fault)
		return SEEN_OURS_BROKE;
	if (outside)
		return SEEN_LEAKED;
	if (f->never || f->closed)
		return SEEN_CLOSED_BY_HOST;
	if (f->prerequisite)
		return SEEN_PREREQUISITE_MISSING;
	if (by_word)
		return SEEN_LEAKED;
	if ((broke && !f->limit) || (refused && ran_anyway))
		return SEEN_TARGET_BROKE;
	if (refused && !expected)
		return SEEN_REFUSED;
	return is_held(f) ? SEEN_HELD : SEEN_OURS_BROKE;
}

static void check_one(unsigned long number, unsigned int before)
{
	struct facts facts = facts_of(number, before);
	struct verdict_input input;
	enum seen seen, wanted = oracle(&facts);

	fill(&facts, &input);
	seen = verdict_seen(verdict_cause(&input));
	/* Only where it matters: a check macro for each of millions would be all the time. */
	if (seen != wanted)
		ck_abort_msg("combination %lu, before %u: %s, not %s", number, before,
			     seen_names[seen], seen_names[wanted]);
}

static unsigned long stride(unsigned int before)
{
	const char *fork = getenv("CK_FORK");

	if (getenv("CONFINE_SOAK"))
		return 1;
	if (fork && strcmp(fork, "no") == 0)
		return 9973;
	return before ? 101 : 1;
}

START_TEST(every_combination)
{
	unsigned int before = (unsigned int)_i;
	unsigned long step = stride(before);

	for (unsigned long number = before; number < arms_count; number += step)
		check_one(number, before);
}
END_TEST

/* --- the table of DESIGN section 1, by hand ------------------------------------------------ */

static const struct {
	enum seen seen;
	const char *enforced, *degraded,
		*beyond; /* promised so; leaks more than declared */
	const char *nothing_required, *nothing, *unstated_required, *unstated;
} table[] = {
	{ SEEN_HELD, "enforced", "degraded", "degraded", "degraded", "not-applicable",
	  "enforced", "enforced" },
	{ SEEN_LEAKED, "breached", "degraded", "breached", "breached", "open", "breached",
	  "open" },
	{ SEEN_CLOSED_BY_HOST, "not-applicable", "not-applicable", "not-applicable",
	  "not-applicable", "not-applicable", "not-applicable", "not-applicable" },
	{ SEEN_REFUSED, "untestable", "untestable", "untestable", "untestable",
	  "untestable", "untestable", "untestable" },
	{ SEEN_PREREQUISITE_MISSING, "untestable", "untestable", "untestable",
	  "untestable", "untestable", "untestable", "untestable" },
	{ SEEN_OURS_BROKE, "error", "error", "error", "error", "error", "error",
	  "error" },
	{ SEEN_TARGET_BROKE, "breached", "breached", "breached", "breached", "breached",
	  "breached", "breached" },
};

static void cell_is(enum seen seen, enum promise promise, bool required, bool beyond,
		    const char *word)
{
	ck_assert_str_eq(verdict_names[verdict_cell(seen, promise, required, beyond)],
			 word);
}

START_TEST(every_cell)
{
	enum seen seen = table[_i].seen;

	for (int required = 0; required < 2; required++) {
		for (int beyond = 0; beyond < 2; beyond++) {
			cell_is(seen, PROMISE_ENFORCED, required, beyond,
				table[_i].enforced);
			cell_is(seen, PROMISE_DEGRADED, required, beyond,
				beyond ? table[_i].beyond : table[_i].degraded);
			cell_is(seen, PROMISE_NOTHING, required, beyond,
				required ? table[_i].nothing_required
					 : table[_i].nothing);
			cell_is(seen, PROMISE_UNSTATED, required, beyond,
				required ? table[_i].unstated_required
					 : table[_i].unstated);
		}
	}
}
END_TEST

/* A verdict is never better than the promise, nor than what was seen. */
START_TEST(never_better)
{
	for (unsigned int seen = 0; seen < SEEN_COUNT; seen++)
		for (unsigned int promise = 0; promise < PROMISE_COUNT; promise++)
			for (unsigned int i = 0; i < 4; i++) {
				enum verdict verdict =
					verdict_cell((enum seen)seen,
						     (enum promise)promise, i & 1, i & 2);

				ck_assert(verdict != VERDICT_ENFORCED ||
					  seen == SEEN_HELD);
				ck_assert(verdict != VERDICT_ENFORCED ||
					  promise == PROMISE_ENFORCED ||
					  promise == PROMISE_UNSTATED);
				ck_assert(seen != SEEN_LEAKED ||
					  verdict < VERDICT_ENFORCED);
			}
}
END_TEST

/* --- one case of each cause ---------------------------------------------------------------- */

static const char *const refusals[] = { "EROFS", "ceiling", NULL };

/* A probe that held; each case changes one thing. */
static struct verdict_input held(void)
{
	return (struct verdict_input){
		.promise = PROMISE_ENFORCED,
		.required = true,
		.refusals = refusals,
		.reach_ran = true,
		.reach_said = SAID_REACHED,
		.reach_word = "-",
		.reach_witness = WITNESS_SAW,
		.launcher = LAUNCHER_RAN,
		.launcher_works = true,
		.nonce = true,
		.alive = true,
		.attempted = true,
		.attack_said = SAID_DENIED,
		.attack_word = "EROFS",
		.attack_witness = WITNESS_SILENT,
	};
}

START_TEST(judges_and_explains)
{
	struct verdict_input input = held();
	struct verdict_output output;

	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_ENFORCED);
	ck_assert_str_eq(output.reason, "refused: EROFS");
	ck_assert(!output.false_claim);
	ck_assert(!verdict_may_retry(&output));

	input.attack_witness = WITNESS_SAW;
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_BREACHED);
	ck_assert(output.false_claim);
	ck_assert(!verdict_may_retry(&output));

	input.promise = PROMISE_NOTHING;
	input.required = false;
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_OPEN);
	ck_assert_int_eq(output.if_required, VERDICT_BREACHED);
	ck_assert(!output.false_claim);

	input = held();
	input.attack_word[0] = 'X';
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_ERROR);
	ck_assert_str_eq(output.reason,
			 "stopped, but not by a refusal that this probe accepts: XROFS");
	ck_assert(verdict_may_retry(&output));
}
END_TEST

START_TEST(says_why_for_every_cause)
{
	struct verdict_input input = held();
	struct verdict_output output;

	input.launcher = LAUNCHER_DIED;
	(void)strcpy(input.launcher_detail, "SIGSEGV");
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_BREACHED);
	ck_assert_str_eq(output.reason, "the launcher died: SIGSEGV");
	input.limit = "memory";
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_ERROR);
	ck_assert_str_eq(output.reason,
			 "a limit of the harness's own shield fired: memory");
	input = held();
	input.never = "needs root";
	verdict_judge(&input, &output);
	ck_assert_int_eq(output.verdict, VERDICT_NOT_APPLICABLE);
	ck_assert_str_eq(output.reason, "does not apply here: needs root");
	for (unsigned int cause = 0; cause < CAUSE_COUNT; cause++)
		ck_assert_int_lt(verdict_seen((enum cause)cause), SEEN_COUNT);
}
END_TEST

START_TEST(a_leak_in_any_attempt_is_final)
{
	struct verdict_output leak = { .verdict = VERDICT_BREACHED, .seen = SEEN_LEAKED };
	struct verdict_output error = { .verdict = VERDICT_ERROR,
					.seen = SEEN_OURS_BROKE };
	struct verdict_output good = { .verdict = VERDICT_ENFORCED, .seen = SEEN_HELD };
	struct verdict_output second = good;

	(void)strcpy(error.reason, "no answer in time");
	(void)strcpy(second.reason, "refused: EROFS");
	verdict_merge(&error, &second);
	ck_assert_int_eq(second.verdict, VERDICT_ENFORCED);
	ck_assert_str_eq(second.reason,
			 "refused: EROFS; first attempt: no answer in time");
	second = good;
	verdict_merge(&leak, &second);
	ck_assert_int_eq(second.verdict, VERDICT_BREACHED);
	second = leak;
	verdict_merge(&error, &second);
	ck_assert_int_eq(second.verdict, VERDICT_BREACHED);
}
END_TEST

START_TEST(order_of_badness)
{
	static const char *const order[] = { "breached",      "error", "untestable",
					     "degraded",      "open",  "enforced",
					     "not-applicable" };

	for (unsigned int i = 0; i < VERDICT_COUNT; i++) {
		ck_assert_str_eq(verdict_names[i], order[i]);
		ck_assert_int_eq(verdict_worse((enum verdict)i, VERDICT_NONE), i);
		ck_assert_int_eq(verdict_worse(VERDICT_NONE, (enum verdict)i), i);
	}
	ck_assert_int_eq(verdict_worse(VERDICT_ENFORCED, VERDICT_NOT_APPLICABLE),
			 VERDICT_ENFORCED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict");
	TCase *space = tcase_create("space"), *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_set_timeout(space, 3600);
	tcase_add_loop_test(space, every_combination, 0, 16);
	tcase_add_loop_test(cases, every_cell, 0, SEEN_COUNT);
	tcase_add_test(cases, never_better);
	tcase_add_test(cases, judges_and_explains);
	tcase_add_test(cases, says_why_for_every_cause);
	tcase_add_test(cases, a_leak_in_any_attempt_is_final);
	tcase_add_test(cases, order_of_badness);
	suite_add_tcase(suite, space);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
