/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a probe: every pair of verdicts, and baselines that read back as they were. */
#include "reports/change.h"
#include "reports/tests/many.h"
#include "runner/base/tests/each.h"

static struct change_row row_of(enum verdict verdict, bool false_claim)
{
	return (struct change_row){
		.id = "x", .verdict = verdict, .false_claim = false_claim, .evidence = "e"
	};
}

static bool is_green(enum verdict verdict)
{
	return verdict == VERDICT_ENFORCED || verdict == VERDICT_NOT_APPLICABLE;
}

START_TEST(test_pairs)
{
	for (enum verdict a = 0; a <= VERDICT_NONE; a++)
		for (enum verdict b = 0; b <= VERDICT_NONE; b++) {
			struct change_row old = row_of(a, false), new = row_of(b, false);
			enum change change = change_of(&old, &new), back;

			back = change_of(&new, &old);
			if (change == CHANGE_FIXED)
				ck_assert(is_green(b) && !is_green(a));
			else if (is_green(b) && !is_green(a))
				ck_abort_msg("green, and not fixed");
			if (a == b)
				ck_assert_int_eq(change, CHANGE_NONE);
			else if (is_green(a) && is_green(b))
				ck_assert_int_eq(change, CHANGE_EVIDENCE);
			else if (is_green(a))
				ck_assert_int_eq(change, CHANGE_REGRESSED);
			if (b == VERDICT_NONE && a > VERDICT_UNTESTABLE &&
			    a < VERDICT_NONE)
				ck_assert_int_eq(change, CHANGE_REGRESSED);
			ck_assert_int_eq(change == CHANGE_REGRESSED,
					 back == CHANGE_FIXED || back == CHANGE_OTHER);
		}
}
END_TEST

START_TEST(test_special)
{
	struct change_row plain = row_of(VERDICT_BREACHED, false);
	struct change_row lie = row_of(VERDICT_BREACHED, true);
	struct change_row other = row_of(VERDICT_BREACHED, false);
	struct change_row unknown = row_of(VERDICT_UNTESTABLE, false);
	struct change_row open = row_of(VERDICT_OPEN, false);

	ck_assert_int_eq(change_of(&plain, &lie), CHANGE_REGRESSED);
	ck_assert_int_eq(change_of(&lie, &plain), CHANGE_OTHER);
	/* Seen now, and neither promised nor held. */
	ck_assert_int_eq(change_of(&unknown, &open), CHANGE_OTHER);
	ck_assert_int_eq(change_of(&plain, &unknown), CHANGE_OTHER);
	ck_assert_int_eq(change_of(NULL, &plain), CHANGE_NEW);
	ck_assert_int_eq(change_of(&plain, NULL), CHANGE_GONE);
	other.evidence = "another";
	ck_assert_int_eq(change_of(&plain, &other), CHANGE_EVIDENCE);
}
END_TEST

/* A baseline says what its run says, whatever is in the run. */
static void check_baseline(const struct results *results, const struct outcome *outcome)
{
	owned_snapshot struct snapshot taken = { 0 }, read = { 0 };
	owned_str struct str text = { 0 }, report = { 0 };
	size_t counts[CHANGE_COUNT];
	struct err err = { 0 };
	int status;

	snapshot_take(results, outcome, &taken);
	snapshot_write(&taken, &text);
	status = snapshot_read_text("b", text.text, text.length, &read, &err);
	/* A host's or a target's name may be one that no reader takes. */
	if (strlen(results->hostname) > 0 && status < 0)
		ck_assert_msg(strstr(err.msg, "/hostname") || strstr(err.msg, "/target"),
			      "%s", err.msg);
	if (status < 0)
		return;
	ck_assert_uint_eq(read.count, results->probe_count + results->requirement_count);
	for (size_t i = 0; i < read.count; i++) {
		ck_assert_str_eq(read.rows[i].id, taken.rows[i].id);
		ck_assert_int_eq(read.rows[i].verdict, taken.rows[i].verdict);
		ck_assert_int_eq(read.rows[i].false_claim, taken.rows[i].false_claim);
	}
	change_write(&taken, &read, counts, &report);
	ck_assert_uint_eq(counts[CHANGE_REGRESSED], 0);
	ck_assert_uint_eq(counts[CHANGE_FIXED] + counts[CHANGE_OTHER], 0);
	ck_assert_uint_eq(counts[CHANGE_NEW] + counts[CHANGE_GONE], 0);
}

START_TEST(test_baseline)
{
	many_each(check_baseline);
}
END_TEST

/* Held against itself nothing got worse; against the best that there is, all that is not green and not
 * waived did. Nothing but the status and one finding changes. */
static void check_apply(const struct results *results, const struct outcome *outcome)
{
	owned_snapshot struct snapshot best = { 0 };
	struct results held = *results;
	size_t worse = 0, level = 0;
	struct outcome after;
	struct err err = { 0 };

	held.arena = (struct arena){ 0 };
	snapshot_take(results, outcome, &best);
	ck_assert_int_eq(change_apply(&best, &held, &err), 0);
	check_each(held.regressed.count == 0, "worse than itself: %s",
		   held.regressed.what);
	outcome_compute(&held, &after);
	check_each(memcmp(&after, outcome, sizeof(after)) == 0, "changed by itself");

	for (size_t i = 0; i < best.count; i++) {
		struct change_row *row = &best.rows[i];
		bool partial = results->partial && row->verdict == VERDICT_NONE;
		bool good = !row->false_claim && verdict_is_green(row->verdict);

		worse += !good && !row->waived && !partial;
		row->verdict = VERDICT_ENFORCED;
		row->false_claim = false;
	}
	best.level = LEVEL_MAX;
	level = outcome->level < LEVEL_MAX && !results->partial;
	ck_assert_int_eq(change_apply(&best, &held, &err), 0);
	check_each(held.regressed.count == worse + level, "%zu got worse, of %zu: %s",
		   held.regressed.count, worse + level, held.regressed.what);
	outcome_compute(&held, &after);
	check_each(after.findings[FINDING_REGRESSED] == (worse + level > 0),
		   "the finding");
	check_each(after.findings[FINDING_DISAGREES] ==
			   outcome->findings[FINDING_DISAGREES],
		   "a baseline makes no document disagree with itself");
	if (worse + level && results->run.fail_on >= FAIL_ON_BREACHED &&
	    outcome->exit != OUTCOME_EVIDENCE)
		check_each(after.exit == OUTCOME_BREACHED, "status %d", (int)after.exit);
	else
		check_each(after.exit == outcome->exit, "status %d", (int)after.exit);

	best.require = results->run.require % LEVEL_MAX + 1;
	check_each(change_apply(&best, &held, &err) < 0 && err.code == ERR_POLICY,
		   "another level");
	arena_done(&held.arena);
}

/* Of another target, of another host, with less in it, and with nothing that could be compared. */
START_TEST(test_fit)
{
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_snapshot struct snapshot baseline = { 0 };
	owned_str struct str note = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	many_read(&sample, &results);
	outcome_compute(&results, &outcome);
	snapshot_take(&results, &outcome, &baseline);
	ck_assert_int_eq(change_apply(&baseline, &results, &err), 0);
	change_note(&baseline, &results, &note);
	ck_assert_uint_eq(note.length, 0);

	baseline.target = "another\x1b";
	ck_assert_int_lt(change_apply(&baseline, &results, &err), 0);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, "is of target another") != NULL, "%s", err.msg);
	ck_assert_msg(strstr(err.msg, ", this run of confine: ") != NULL, "%s", err.msg);
	ck_assert_ptr_null(strchr(err.msg, '\x1b'));
	baseline.target = results.target.name;

	baseline.hostname = "host\n-b";
	baseline.count -= 2; /* sorted: two probes, after all requirements */
	ck_assert_int_eq(change_apply(&baseline, &results, &err), 0);
	change_note(&baseline, &results, &note);
	ck_assert_msg(strstr(note.text, "is of host host") == note.text + 13, "%s",
		      note.text);
	ck_assert_msg(strstr(note.text,
			     ", this run of host-a\nthe baseline lacks 2 of the "
			     "10 requirements and probes") != NULL,
		      "%s", note.text);

	baseline.count = 1;
	baseline.rows[0].id = "nothing.of-this";
	ck_assert_int_lt(change_apply(&baseline, &results, &err), 0);
	ck_assert_msg(strstr(err.msg, "nothing to compare") != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_apply)
{
	many_each(check_apply);
}
END_TEST

#define HEAD                                                                             \
	"{\"schema\":\"confine-baseline/"                                                \
	"1\",\"run\":\"1\",\"started\":\"2026-01-02T03:04:05Z\","                        \
	"\"hostname\":\"h\",\"target\":\"t\",\"require\":1,\"level\":1,\"rows\":"
#define ROW(id)                                                                          \
	"{\"id\":\"" id                                                                  \
	"\",\"requirement\":false,\"verdict\":\"enforced\",\"falseClaim\":false,"        \
	"\"evidence\":\"\"}"

static const struct {
	const char *text, *wanted; /* NULL: it is read */
} documents[] = {
	{ HEAD "[]}", "/rows: must not be empty" },
	{ HEAD "[" ROW("a") "]}", NULL },
	{ HEAD "[" ROW("a") "," ROW("b") "]}", NULL },
	{ HEAD "[" ROW("a") "," ROW("a") "]}", "/rows/1/id: must come after" },
	{ HEAD "[" ROW("b") "," ROW("a") "]}", "/rows/1/id: must come after" },
	{ HEAD "[1]}", "/rows/0: must be an object" },
	{ HEAD "{}}", "/rows" },
	{ HEAD "[{}]}", "/rows/0/id: must be there" },
	{ "{\"schema\":\"confine-baseline/1\"}", "/run: must be there" },
	{ "{\"schema\":\"confine-baseline/2\"}",
	  "/schema: must be \"confine-results/1\"" },
	{ "[]", "must be an object" },
	{ "{", "line 1" },
};

START_TEST(test_documents)
{
	owned_snapshot struct snapshot snapshot = { 0 };
	struct err err = { 0 };
	int status = snapshot_read_text("b.json", documents[_i].text,
					strlen(documents[_i].text), &snapshot, &err);

	if (!documents[_i].wanted) {
		ck_assert_msg(status == 0, "%s", err.msg);
		return;
	}
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.msg, documents[_i].wanted) != NULL, "%s", err.msg);
	ck_assert_ptr_null(snapshot.arena.blocks);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("change");
	TCase *tcase = tcase_create("change");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_pairs);
	tcase_add_test(tcase, test_special);
	tcase_add_test(tcase, test_baseline);
	tcase_add_test(tcase, test_fit);
	tcase_add_test(tcase, test_apply);
	tcase_add_loop_test(tcase, test_documents, 0,
			    sizeof(documents) / sizeof(documents[0]));
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
