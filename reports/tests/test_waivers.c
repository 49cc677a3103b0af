/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: each member needed, a false claim stays, an expired one is none and is named. */
#include "reports/message.h"
#include "reports/tests/many.h"

#define ROW(id, owner, approver, expires)                                                \
	"{\"id\":\"" id "\",\"reason\":\"ticket 7\",\"owner\":\"" owner                  \
	"\",\"approver\":\"" approver "\",\"expires\":\"" expires "\"}"
#define FILE_OF(rows) "{\"schema\":\"confine-waivers/1\",\"waivers\":[" rows "]}"

static int read_waivers(const char *text, struct waivers *waivers, struct err *err)
{
	return waivers_read_text("w.json", text, strlen(text), waivers, err);
}

static const struct {
	const char *text, *wanted;
} refused[] = {
	{ "[]", "must be an object" },
	{ "{\"schema\":\"confine-waivers/2\",\"waivers\":[]}", "/schema: must be" },
	{ "{\"schema\":\"confine-waivers/1\"}", "/waivers: must be there" },
	{ "{\"schema\":\"confine-waivers/1\",\"waivers\":[],\"x\":1}", "/x" },
	{ FILE_OF("1"), "/waivers/0: must be an object" },
	{ FILE_OF("{}"), "/waivers/0/id: must be there" },
	{ FILE_OF(ROW("a b", "a", "b", "2026-01-05")), "/waivers/0/id: must be an id" },
	{ FILE_OF(ROW("FS-01", "", "b", "2026-01-05")), "/waivers/0/owner: must be" },
	{ FILE_OF(ROW("FS-01", " ", "b", "2026-01-05")), "/waivers/0/approver: must be" },
	{ FILE_OF(ROW("FS-01", "a", "A ", "2026-01-05")),
	  "/waivers/0/approver: must be somebody else than the owner" },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-02-29")), "/waivers/0/expires: must be" },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-01-05T00:00:00Z")), "/expires: must be" },
	{ FILE_OF(ROW("FS-01", "a", "b", "soon")), "/expires: must be a day" },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-01-05") "," ROW("FS-01", "a", "b",
							       "2026-01-06")),
	  "/waivers/1/id: \"FS-01\" comes twice" },
	{ "{\"schema\":\"confine-waivers/1\",\"waivers\":[{\"id\":\"FS-01\",\"reason\":"
	  "\" \",\"owner\":\"a\",\"approver\":\"b\",\"expires\":\"2026-01-05\"}]}",
	  "/waivers/0/reason: must say why" },
	{ "{\"schema\":\"confine-waivers/1\",\"waivers\":[{\"id\":\"FS-01\",\"reason\":"
	  "\"r\",\"owner\":\"a\",\"approver\":\"b\",\"expires\":\"2026-01-05\","
	  "\"forever\":true}]}",
	  "/waivers/0/forever" },
	{ "{\"schema\":\"confine-waivers/1\",", "line 1" },
};

START_TEST(test_refused)
{
	owned_waivers struct waivers waivers = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(read_waivers(refused[_i].text, &waivers, &err), -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, refused[_i].wanted) != NULL, "%s", err.msg);
	ck_assert_ptr_null(waivers.document);
}
END_TEST

/* A leak that nobody had promised to stop, and all else well. */
static void read_leaky(enum promise promised, int require, struct results *results)
{
	struct sample_probe probes[] = {
		{ 0, SEEN_HELD, PROMISE_ENFORCED }, { 1, SEEN_LEAKED, promised },
		{ 1, SEEN_LEAKED, promised },       { 2, SEEN_HELD, PROMISE_ENFORCED },
		{ 3, SEEN_HELD, PROMISE_ENFORCED }, { 4, SEEN_HELD, PROMISE_ENFORCED },
	};
	struct sample sample = sample_good();

	sample.require = require;
	sample.probes = probes;
	sample.count = 6;
	many_read(&sample, results);
	/* What a suite would state of it. */
	results->stated_level = 0;
}

/* The status and the level of a run under a file of waivers. */
static const struct {
	const char *text;
	enum promise promised;
	int exit, level;
	size_t used;
	const char *refused; /* of the first */
	bool unused;
} cases[] = {
	{ FILE_OF(""), PROMISE_NOTHING, 1, 0, 0, NULL, false },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-01-02")), PROMISE_NOTHING, 0, 1, 1, NULL,
	  false },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-04-02")), PROMISE_NOTHING, 0, 1, 1, NULL,
	  false },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-01-01")), PROMISE_NOTHING, 1, 0, 0,
	  "it has expired", false },
	{ FILE_OF(ROW("FS-01", "a", "b", "2026-02-01")), PROMISE_ENFORCED, 1, 0, 0,
	  "a false claim cannot be waived", false },
	{ FILE_OF(ROW("FS-03", "a", "b", "2026-02-01")), PROMISE_NOTHING, 1, 0, 0, NULL,
	  true },
	/* One of two probes is not enough. */
	{ FILE_OF(ROW("filesystem.probe-1", "a", "b", "2026-02-01")), PROMISE_NOTHING, 1,
	  0, 0, NULL, false },
	{ FILE_OF(ROW("filesystem.probe-1", "a", "b", "2026-02-01") "," ROW(
		  "filesystem.probe-2", "a", "b", "2026-02-01")),
	  PROMISE_NOTHING, 0, 1, 2, NULL, false },
};

START_TEST(test_applied)
{
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str text = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	read_leaky(cases[_i].promised, 1, &results);
	ck_assert_msg(read_waivers(cases[_i].text, &waivers, &err) == 0, "%s", err.msg);
	ck_assert_msg(waivers_apply(&waivers, &results, &err) == 0, "%s", err.msg);
	outcome_compute(&results, &outcome);
	ck_assert_int_eq(outcome.exit, cases[_i].exit);
	ck_assert_uint_eq(outcome.level, (unsigned int)cases[_i].level);
	ck_assert_uint_eq(outcome.waivers, cases[_i].used);
	ck_assert(!outcome.findings[FINDING_DISAGREES]);
	/* The verdict itself stays what it was. */
	ck_assert_int_eq(results.probes[1].verdict, VERDICT_BREACHED);
	if (results.waiver_count) {
		ck_assert_pstr_eq(results.waivers[0].refused, cases[_i].refused);
		ck_assert_int_eq(results.waivers[0].unused, cases[_i].unused);
	}
	message_add_level(&text, &results, &outcome);
	ck_assert_int_eq(strstr(text.text, " waiver") != NULL, cases[_i].used > 0);
}
END_TEST

START_TEST(test_level_is_written_with_its_waivers)
{
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str level = { 0 }, message = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	read_leaky(PROMISE_NOTHING, 1, &results);
	ck_assert_int_eq(read_waivers(cases[1].text, &waivers, &err), 0);
	ck_assert_int_eq(waivers_apply(&waivers, &results, &err), 0);
	outcome_compute(&results, &outcome);
	message_add_level(&level, &results, &outcome);
	ck_assert_msg(str_has_prefix(level.text, "meets level 1 with 1 waiver, "), "%s",
		      level.text);
	message_add_probe(&message, &results.probes[1]);
	ck_assert_msg(
		str_has_prefix(message.text, "WAIVED until 2026-01-02: was BREACHED: "),
		"%s", message.text);
	ck_assert_ptr_nonnull(strstr(message.text, "; waived until 2026-01-02: ticket 7, "
						   "owner a, approved by b"));
}
END_TEST

START_TEST(test_too_long)
{
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	struct err err = { 0 };

	read_leaky(PROMISE_NOTHING, 1, &results);
	ck_assert_int_eq(read_waivers(FILE_OF(ROW("FS-01", "a", "b", "2026-04-03")),
				      &waivers, &err),
			 0);
	ck_assert_int_eq(waivers_apply(&waivers, &results, &err), -1);
	ck_assert_ptr_nonnull(
		strstr(err.msg, "w.json: /waivers/0/expires: is 91 days after the run"));
}
END_TEST

/* A waiver never makes anything worse, and never touches the verdicts or the counts. */
static void check_overlay(const struct results *results, const struct outcome *outcome)
{
	struct results bare = *results;
	struct outcome without;
	owned_mem struct results_probe *probes =
		calloc(results->probe_count + 1, sizeof(*probes));
	owned_mem struct results_requirement *rows =
		calloc(results->requirement_count + 1, sizeof(*rows));

	for (size_t i = 0; i < results->probe_count; i++) {
		probes[i] = results->probes[i];
		ck_assert(!probes[i].waiver || !probes[i].false_claim);
		ck_assert(!probes[i].waiver || !probes[i].waiver->expired);
		probes[i].waiver = NULL;
	}
	for (size_t i = 0; i < results->requirement_count; i++) {
		rows[i] = results->requirements[i];
		rows[i].waiver = NULL;
	}
	bare.probes = probes;
	bare.requirements = rows;
	bare.waiver_count = 0;
	outcome_compute(&bare, &without);
	ck_assert_int_eq(memcmp(without.layers, outcome->layers, sizeof(without.layers)),
			 0);
	ck_assert_int_eq(
		memcmp(without.findings, outcome->findings, sizeof(without.findings)), 0);
	ck_assert(outcome->level >= without.level);
	if (without.exit == OUTCOME_PASS || without.exit == OUTCOME_EVIDENCE)
		ck_assert_int_eq(outcome->exit, without.exit);
}

START_TEST(test_overlay)
{
	many_each(check_overlay);
}
END_TEST

START_TEST(test_days)
{
	ck_assert_int_eq(waivers_day("2026-03-01") - waivers_day("2026-02-28"), 1);
	ck_assert_int_eq(waivers_day("2024-03-01") - waivers_day("2024-02-28"), 2);
	ck_assert_int_eq(waivers_day("2026-01-01") - waivers_day("2025-12-31"), 1);
	ck_assert_int_eq(waivers_day("2000-03-01") - waivers_day("1970-01-01"), 11017);
	ck_assert_int_eq(waivers_day("2100-03-01") - waivers_day("2100-02-28"), 1);
}
END_TEST

#define LISTED(id, reason, expires)                                                      \
	"{\"id\":\"" id "\",\"reason\":\"" reason                                        \
	"\",\"owner\":\"a\",\"approver\":\"b\",\"expires\":\"" expires "\"}"

static const struct {
	const char *rows, *today, *wanted; /* NULL: refused */
} lists[] = {
	{ "", "2026-01-02", "0 waivers as of 2026-01-02\n" },
	{ LISTED("FS-01", "r", "2026-01-02"), "2026-01-02",
	  "in force  FS-01, until 2026-01-02: r, owner a, approved by b\n"
	  "1 waiver as of 2026-01-02\n" },
	{ LISTED("FS-01", "r", "2026-01-01") "," LISTED("FS-02", "s\\u001b",
							"2026-04-02"),
	  "2026-01-02",
	  "EXPIRED   FS-01, until 2026-01-01: r, owner a, approved by b\n"
	  "in force  FS-02, until 2026-04-02: s\\x1b, owner a, approved by b\n"
	  "2 waivers as of 2026-01-02\n" },
	{ LISTED("FS-01", "r", "2026-04-03"), "2026-01-02", NULL },
};

START_TEST(test_list)
{
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str text = { 0 }, document = { 0 };
	struct err err = { 0 };
	int status;

	str_addf(&document, "{\"schema\":\"confine-waivers/1\",\"waivers\":[%s]}",
		 lists[_i].rows);
	status = waivers_read_text("w", document.text, document.length, &waivers, &err);
	ck_assert_msg(status == 0, "%s", err.msg);
	status = waivers_list(&waivers, lists[_i].today, &text, &err);
	if (lists[_i].wanted) {
		ck_assert_str_eq(str_text(&text), lists[_i].wanted);
		return;
	}
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.msg, "91 days after today") != NULL, "%s", err.msg);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("waivers");
	TCase *tcase = tcase_create("waivers");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_refused, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tcase, test_applied, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_level_is_written_with_its_waivers);
	tcase_add_test(tcase, test_too_long);
	tcase_add_test(tcase, test_overlay);
	tcase_add_test(tcase, test_days);
	tcase_add_loop_test(tcase, test_list, 0, sizeof(lists) / sizeof(lists[0]));
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
