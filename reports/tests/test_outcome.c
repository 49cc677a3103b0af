/* SPDX-License-Identifier: Apache-2.0 */
/* Rows by hand for what the rules say; then seeded mixes against a plain second opinion. */
#include "reports/outcome.h"
#include "reports/read.h"
#include "reports/tests/sample.h"
#include <check.h>

static void read_sample(const struct sample *sample, struct results *results)
{
	struct json *document = sample_document(sample);
	char *text = json_print(document, false);
	struct err err = { 0 };
	int status = read_text("sample", text, strlen(text), results, &err);

	ck_assert_msg(status == 0, "%s", err.msg);
	free(text);
	json_delete(&document);
}

/* --- rows --- */

static const struct {
	const char *what;
	enum seen seen; /* of the one probe of FS-01; the others are well */
	enum promise promised;
	enum fail_on fail_on;
	enum outcome_exit exit;
	enum ruling_kind kind;
	const char *type;
} rows[] = {
	{ "all well", SEEN_HELD, PROMISE_ENFORCED, FAIL_ON_DEGRADED, OUTCOME_PASS,
	  RULING_PASS, NULL },
	{ "a leak", SEEN_LEAKED, PROMISE_ENFORCED, FAIL_ON_DEGRADED, OUTCOME_BREACHED,
	  RULING_FAILURE, "breached" },
	{ "a leak that nobody promised to stop", SEEN_LEAKED, PROMISE_NOTHING,
	  FAIL_ON_DEGRADED, OUTCOME_BREACHED, RULING_FAILURE, "breached" },
	{ "a leak, weakest gate that counts it", SEEN_LEAKED, PROMISE_ENFORCED,
	  FAIL_ON_BREACHED, OUTCOME_BREACHED, RULING_FAILURE, "breached" },
	{ "a leak, no gate", SEEN_LEAKED, PROMISE_ENFORCED, FAIL_ON_NEVER, OUTCOME_PASS,
	  RULING_SKIPPED, NULL },
	{ "a declared leak", SEEN_LEAKED, PROMISE_DEGRADED, FAIL_ON_DEGRADED,
	  OUTCOME_DEGRADED, RULING_FAILURE, "degraded" },
	{ "a declared leak, weaker gate", SEEN_LEAKED, PROMISE_DEGRADED,
	  FAIL_ON_UNTESTABLE, OUTCOME_PASS, RULING_SKIPPED, NULL },
	{ "held by chance", SEEN_HELD, PROMISE_NOTHING, FAIL_ON_DEGRADED,
	  OUTCOME_DEGRADED, RULING_FAILURE, "degraded" },
	{ "a broken probe", SEEN_OURS_BROKE, PROMISE_ENFORCED, FAIL_ON_DEGRADED,
	  OUTCOME_INCOMPLETE, RULING_ERROR, "probe-error" },
	{ "a broken probe, weaker gate", SEEN_OURS_BROKE, PROMISE_ENFORCED,
	  FAIL_ON_BREACHED, OUTCOME_PASS, RULING_SKIPPED, NULL },
	{ "a prerequisite", SEEN_PREREQUISITE_MISSING, PROMISE_ENFORCED,
	  FAIL_ON_UNTESTABLE, OUTCOME_INCOMPLETE, RULING_ERROR, "untestable" },
	{ "a refusal", SEEN_REFUSED, PROMISE_ENFORCED, FAIL_ON_DEGRADED, OUTCOME_DEGRADED,
	  RULING_ERROR, "untestable" },
	{ "closed by the host", SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED, FAIL_ON_DEGRADED,
	  OUTCOME_PASS, RULING_SKIPPED, NULL },
	{ "a dead launcher", SEEN_TARGET_BROKE, PROMISE_ENFORCED, FAIL_ON_DEGRADED,
	  OUTCOME_BREACHED, RULING_FAILURE, "breached" },
};

START_TEST(test_row)
{
	struct sample_probe probes[5];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;
	struct ruling ruling;

	memcpy(probes, sample_good_probes, sizeof(probes));
	probes[1].seen = rows[_i].seen;
	probes[1].promised = rows[_i].promised;
	sample.probes = probes;
	sample.fail_on = rows[_i].fail_on;
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	ruling = outcome_rule_probe(&results, &results.probes[1]);
	ck_assert_msg(outcome.exit == rows[_i].exit, "%s: exit %d", rows[_i].what,
		      (int)outcome.exit);
	ck_assert_msg(ruling.kind == rows[_i].kind, "%s: kind %d", rows[_i].what,
		      (int)ruling.kind);
	ck_assert_pstr_eq(ruling.type, rows[_i].type);
}
END_TEST

/* Findings about the run, each alone on a run that is well otherwise. */
static const struct {
	enum finding finding;
	enum fail_on fail_on;
	enum outcome_exit exit;
} found[] = {
	{ FINDING_CONTROL, FAIL_ON_NEVER, OUTCOME_EVIDENCE },
	{ FINDING_PARITY, FAIL_ON_UNTESTABLE, OUTCOME_INCOMPLETE },
	{ FINDING_PARITY, FAIL_ON_BREACHED, OUTCOME_PASS },
	{ FINDING_INCOMPLETE, FAIL_ON_NEVER, OUTCOME_INCOMPLETE },
	{ FINDING_PARTIAL, FAIL_ON_UNTESTABLE, OUTCOME_INCOMPLETE },
	{ FINDING_PARTIAL, FAIL_ON_BREACHED, OUTCOME_PASS },
	{ FINDING_REFUSED, FAIL_ON_DEGRADED, OUTCOME_DEGRADED },
	{ FINDING_REFUSED, FAIL_ON_UNTESTABLE, OUTCOME_PASS },
};

START_TEST(test_finding)
{
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	sample.fail_on = found[_i].fail_on;
	sample.control_failed = found[_i].finding == FINDING_CONTROL;
	sample.parity_failed = found[_i].finding == FINDING_PARITY;
	sample.incomplete = found[_i].finding == FINDING_INCOMPLETE;
	sample.partial = found[_i].finding == FINDING_PARTIAL;
	sample.refused_policy = found[_i].finding == FINDING_REFUSED;
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	for (enum finding i = 0; i < FINDING_COUNT; i++)
		ck_assert_int_eq(outcome.findings[i], i == found[_i].finding);
	ck_assert_int_eq(outcome.exit, found[_i].exit);
}
END_TEST

START_TEST(test_nothing_tested)
{
	const struct sample_probe closed = { 1, SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	sample.count = 0;
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	ck_assert_int_eq(outcome.exit, OUTCOME_NOTHING_TESTED);
	results_done(&results);
	sample.probes = &closed;
	sample.count = 1;
	sample.fail_on = FAIL_ON_NEVER;
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	ck_assert_int_eq(outcome.exit, OUTCOME_NOTHING_TESTED);
}
END_TEST

START_TEST(test_missing_requirement)
{
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	sample.count--; /* RPT-01 */
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	ck_assert(outcome_stands_alone(&results, &results.requirements[4]));
	ck_assert_int_eq(
		outcome_rule_requirement(&results, &results.requirements[4]).kind,
		RULING_ERROR);
	ck_assert_int_eq(outcome.exit, OUTCOME_INCOMPLETE);
	ck_assert_uint_eq(outcome.level, 0);
}
END_TEST

/* A false claim above the required level counts where it makes the receipt untrue. */
START_TEST(test_false_claim_above)
{
	struct sample_probe probes[6];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	memcpy(probes, sample_good_probes, sizeof(sample_good_probes));
	probes[5] = (struct sample_probe){ 5, SEEN_LEAKED, PROMISE_ENFORCED };
	sample.probes = probes;
	sample.count = 6;
	read_sample(&sample, &results);
	outcome_compute(&results, &outcome);
	ck_assert_int_eq(outcome_rule_probe(&results, &results.probes[5]).kind,
			 RULING_SKIPPED);
	ck_assert(outcome_stands_alone(&results, &results.requirements[4]));
	ck_assert_int_eq(
		outcome_rule_requirement(&results, &results.requirements[4]).kind,
		RULING_FAILURE);
	ck_assert_int_eq(outcome.exit, OUTCOME_BREACHED);
}
END_TEST

/* What the document concludes is never taken over. */
START_TEST(test_stated_exit_is_not_trusted)
{
	struct sample_probe probe = { 1, SEEN_LEAKED, PROMISE_ENFORCED };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	sample.probes = &probe;
	sample.count = 1;
	read_sample(&sample, &results);
	results.stated_exit = OUTCOME_PASS;
	outcome_compute(&results, &outcome);
	ck_assert(outcome.findings[FINDING_DISAGREES]);
	ck_assert_int_eq(outcome.exit, OUTCOME_EVIDENCE);
}
END_TEST

START_TEST(test_level)
{
	struct sample_probe probes[8];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct outcome outcome;

	for (size_t i = 0; i < 8; i++)
		probes[i] = (struct sample_probe){ i, SEEN_HELD, PROMISE_ENFORCED };
	sample.probes = probes;
	for (size_t count = 4; count <= 8; count++) {
		static const uint64_t levels[] = {
			[4] = 0, [5] = 1, [6] = 1, [7] = 2, [8] = 3
		};

		sample.count = count;
		read_sample(&sample, &results);
		results.stated_level = LEVEL_MAX;
		outcome_compute(&results, &outcome);
		ck_assert_uint_eq(outcome.level, levels[count]);
		results.stated_level = 0; /* the suite may know a reason for less */
		outcome_compute(&results, &outcome);
		ck_assert_uint_eq(outcome.level, 0);
		results_done(&results);
	}
	/* Held, but nobody promised it: fine above the required level, and no level. */
	probes[7].promised = PROMISE_NOTHING;
	read_sample(&sample, &results);
	results.stated_level = LEVEL_MAX;
	outcome_compute(&results, &outcome);
	ck_assert_uint_eq(outcome.level, 2);
	ck_assert_int_eq(outcome.exit, OUTCOME_PASS);
}
END_TEST

START_TEST(test_sweep)
{
	int count = sample_sweep(300);

	for (int i = 0; i < count; i++) {
		struct sample_probe probes[24];
		struct sample sample = sample_mix((uint64_t)i + 1, probes, 24);
		owned_results struct results results = { 0 };
		struct outcome outcome;

		read_sample(&sample, &results);
		outcome_compute(&results, &outcome);
		ck_assert_msg((int)outcome.exit == sample_exit(&sample),
			      "seed %d: exit %d, not %d", i + 1, (int)outcome.exit,
			      sample_exit(&sample));
		ck_assert(!outcome.findings[FINDING_DISAGREES]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outcome");
	TCase *tcase = tcase_create("rules");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, test_row, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tcase, test_finding, 0, sizeof(found) / sizeof(found[0]));
	tcase_add_test(tcase, test_nothing_tested);
	tcase_add_test(tcase, test_missing_requirement);
	tcase_add_test(tcase, test_false_claim_above);
	tcase_add_test(tcase, test_stated_exit_is_not_trusted);
	tcase_add_test(tcase, test_level);
	tcase_add_test(tcase, test_sweep);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
