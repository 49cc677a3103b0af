/* SPDX-License-Identifier: Apache-2.0 */
/* The answer and what to fix first: the same in every writer, of a run and of a fleet. */
#include "reports/fleet.h"
#include "reports/line.h"
#include "reports/merge.h"
#include "reports/tests/many.h"
#include "reports/urgent.h"
#include "runner/base/tests/each.h"

#define ROW(row, seen, promised)                                                         \
	{                                                                                \
		row, SEEN_##seen, PROMISE_##promised                                     \
	}

/* --- one run --- */

static const struct sample_probe breached[] = {
	ROW(0, HELD, DEGRADED), ROW(1, LEAKED, ENFORCED), ROW(2, LEAKED, NOTHING),
	ROW(3, OURS_BROKE, ENFORCED), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe absent[] = {
	ROW(0, HELD, ENFORCED), ROW(1, HELD, ENFORCED), ROW(2, LEAKED, NOTHING),
	ROW(3, LEAKED, NOTHING), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe broke[] = {
	ROW(0, PREREQUISITE_MISSING, ENFORCED), ROW(1, OURS_BROKE, ENFORCED),
	ROW(2, HELD, DEGRADED), ROW(3, HELD, ENFORCED), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe degraded[] = {
	ROW(0, HELD, ENFORCED), ROW(1, HELD, ENFORCED), ROW(2, HELD, ENFORCED),
	ROW(3, HELD, DEGRADED), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe elsewhere[] = {
	ROW(0, HELD, ENFORCED), ROW(1, HELD, DEGRADED), ROW(2, HELD, ENFORCED),
	ROW(3, HELD, ENFORCED), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe refused[] = {
	ROW(0, REFUSED, NOTHING), ROW(1, HELD, DEGRADED), ROW(2, HELD, ENFORCED),
	ROW(3, HELD, ENFORCED), ROW(4, HELD, ENFORCED)
};
static const struct sample_probe unselected[] = { ROW(0, HELD, ENFORCED),
						  ROW(1, HELD, ENFORCED),
						  ROW(2, HELD, ENFORCED),
						  ROW(3, HELD, ENFORCED) };
/* What is above the required level is not in its way. */
static const struct sample_probe above[] = {
	ROW(0, HELD, ENFORCED), ROW(1, HELD, ENFORCED), ROW(2, HELD, ENFORCED),
	ROW(3, HELD, ENFORCED), ROW(4, HELD, ENFORCED), ROW(5, LEAKED, NOTHING)
};

#define PROBES(name) name, sizeof(name) / sizeof((name)[0])
#define GOOD         NULL, 0

static const struct {
	const char *name, *answer, *first, *remedy;
	const struct sample_probe *probes;
	size_t count;
	struct sample run; /* its flags */
} rows[] = {
	{ "good", "YES", "", "", GOOD, { 0 } },
	{ "above", "YES", "", "", PROBES(above), { 0 } },
	{ "a false claim before a wall that is absent",
	  "NO",
	  "FS-01 a requirement (breached, a false claim), then 3 more",
	  "mount it read-only",
	  PROBES(breached),
	  { .stated_by = STATED_BY_FILE } },
	{ "the order of the document",
	  "NO",
	  "FS-03 a requirement (breached), then 1 more",
	  "mount it read-only",
	  PROBES(absent),
	  { 0 } },
	{ "an error before what is untestable, and both before degraded",
	  "UNKNOWN",
	  "FS-01 a requirement (error), then 2 more",
	  "mount it read-only",
	  PROBES(broke),
	  { 0 } },
	{ "degraded",
	  "NO",
	  "NET-01 a requirement (degraded)",
	  "mount it read-only",
	  PROBES(degraded),
	  { 0 } },
	{ "degraded elsewhere",
	  "NO",
	  "FS-01 a requirement (degraded)",
	  "mount it read-only",
	  PROBES(elsewhere),
	  { 0 } },
	{ "refused is no more than degraded",
	  "NO",
	  "RES-01 a requirement (untestable), then 1 more",
	  "mount it read-only",
	  PROBES(refused),
	  { 0 } },
	{ "what nobody looked at",
	  "UNKNOWN",
	  "RPT-01 a requirement (not tested)",
	  "none of its probes was selected, or none is there yet",
	  PROBES(unselected),
	  { 0 } },
	{ "--fail-on breached: still in the way",
	  "NO",
	  "NET-01 a requirement (degraded)",
	  "mount it read-only",
	  PROBES(degraded),
	  { .fail_on = FAIL_ON_BREACHED } },
	{ "--fail-on breached: a refusal of the policy, and the level is met",
	  "YES",
	  "",
	  "",
	  GOOD,
	  { .fail_on = FAIL_ON_BREACHED, .refused_policy = true } },
	{ "--fail-on never",
	  "NO",
	  "FS-03 a requirement (breached), then 1 more",
	  "mount it read-only",
	  PROBES(absent),
	  { .fail_on = FAIL_ON_NEVER } },
	{ "the run control before every breach",
	  "UNKNOWN",
	  "the run control did not come out as it must; nothing of this run can be "
	  "believed, "
	  "then 2 more",
	  "run the suite again where nothing",
	  PROBES(absent),
	  { .control_failed = true } },
	{ "a breach before a run that was cut short",
	  "NO",
	  "FS-03 a requirement (breached), then 2 more",
	  "mount it read-only",
	  PROBES(absent),
	  { .incomplete = true } },
	{ "cut short",
	  "UNKNOWN",
	  "the run was cut short; what is missing here was not tried",
	  "run the suite again, to its end",
	  GOOD,
	  { .incomplete = true } },
	{ "partial",
	  "UNKNOWN",
	  "a filter left probes out; a partial run reaches no level",
	  "run the suite again without --only and --skip",
	  GOOD,
	  { .partial = true } },
	{ "the shield changes it",
	  "UNKNOWN",
	  "the suite's own shield changes this target; what was seen says nothing about "
	  "it",
	  "look at the differences",
	  GOOD,
	  { .parity_failed = true } },
	{ "the policy was refused",
	  "NO",
	  "the target refused the policy on this host; what is shown was tried with a "
	  "policy that "
	  "may degrade, then 1 more",
	  "do what the refusal names",
	  PROBES(degraded),
	  { .refused_policy = true } },
	{ "nothing tested",
	  "UNKNOWN",
	  "nothing was tested",
	  "run `confine host` there",
	  unselected,
	  0,
	  { .stated_by = STATED_BY_COUNT } },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static size_t row_of(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (str_equal(rows[i].name, name))
			return i;
	ck_abort_msg("no row %s", name);
	return 0;
}

static struct sample sample_of(size_t i)
{
	struct sample sample = sample_good();

	if (rows[i].probes) {
		sample.probes = rows[i].probes;
		sample.count = rows[i].count;
	}
	if (rows[i].run.stated_by == STATED_BY_FILE)
		sample.stated_by = STATED_BY_FILE;
	if (rows[i].run.fail_on || strstr(rows[i].name, "never"))
		sample.fail_on = rows[i].run.fail_on;
	sample.control_failed = rows[i].run.control_failed;
	sample.incomplete = rows[i].run.incomplete;
	sample.partial = rows[i].run.partial;
	sample.parity_failed = rows[i].run.parity_failed;
	sample.refused_policy = rows[i].run.refused_policy;
	return sample;
}

static void read_row(size_t i, struct results *results, struct outcome *outcome)
{
	struct sample sample = sample_of(i);

	many_read(&sample, results);
	results->stated_level = LEVEL_MAX; /* what its rows say */
	outcome_compute(results, outcome);
}

static void check_part(const struct str *text, const char *part, const char *what)
{
	ck_assert_msg(strstr(str_text(text), part) != NULL, "%s: no \"%s\" in:\n%s", what,
		      part, str_text(text));
}

START_TEST(test_first)
{
	owned_results struct results results = { 0 };
	owned_str struct str first = { 0 };
	struct outcome outcome;
	const struct urgent *list;
	size_t count;

	read_row((size_t)_i, &results, &outcome);
	list = urgent_list(&results.arena, &results, &outcome, &count);
	urgent_add_first(&first, list, count);
	ck_assert_str_eq(urgent_answer(&results, &outcome), rows[_i].answer);
	ck_assert_msg(str_equal(str_text(&first), rows[_i].first), "%s: %s",
		      rows[_i].name, str_text(&first));
	ck_assert_msg(!count || str_has_prefix(list->remedy, rows[_i].remedy), "%s: %s",
		      rows[_i].name, list->remedy);
}
END_TEST

/* Every writer that people read says it, and before anything else where it is read from its start. */
START_TEST(test_writers)
{
	static const struct {
		const char *format, *answer, *first;
		size_t within; /* bytes from the start, or from the end */
		bool end;
	} places[] = {
		{ "html", "<strong>", "Fix first: <a href=\"#first\">", 800, false },
		{ "markdown", "### confine: ", "\n\n**Fix first:** ", 600, false },
		{ "text", "\n", "\nfix first: ", 700, true },
	};
	owned_results struct results results = { 0 };
	struct outcome outcome;

	read_row((size_t)_i, &results, &outcome);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		owned_str struct str text = { 0 }, part = { 0 }, answer = { 0 };
		const char *body;

		write_as(places[i].format, &results, &outcome, &text);
		body = strstr(text.text, "<body>");
		body = body ? body : text.text;
		if (places[i].end && text.length > places[i].within)
			body = text.text + text.length - places[i].within;
		str_add_bytes(&part, body, strnlen(body, places[i].within));
		str_add(&answer, places[i].answer);
		str_add(&answer, rows[_i].answer);
		check_part(&part, answer.text, places[i].format);
		if (rows[_i].first[0])
			check_part(&part, places[i].first, places[i].format);
		else
			ck_assert_ptr_null(strstr(part.text, places[i].first));
	}
}
END_TEST

/* YES has nothing to fix; everything else names what is in the way. */
static void check_mix(const struct results *results, const struct outcome *outcome)
{
	struct arena arena = { 0 };
	size_t count;
	const struct urgent *list = urgent_list(&arena, results, outcome, &count);
	bool yes = str_equal(urgent_answer(results, outcome), "YES");

	check_each(!yes || count == 0, "YES, and %zu to fix", count);
	/* A record may state less than its rows say; nothing of it can be named then. */
	check_each(yes || count > 0 || results->stated_level < results->run.require,
		   "nothing to fix, and not YES");
	for (size_t i = 1; i < count; i++)
		check_each(outcome_rank(list[i - 1].exit) <= outcome_rank(list[i].exit),
			   "%s before %s", list[i - 1].id, list[i].id);
	if (count && results->run.fail_on == FAIL_ON_DEGRADED &&
	    !outcome->findings[FINDING_DISAGREES])
		check_each(list->exit == outcome->exit,
			   "%s makes %d, and the status is %d", list->id, (int)list->exit,
			   (int)outcome->exit);
	arena_done(&arena);
}

START_TEST(test_mixes)
{
	many_each(check_mix);
}
END_TEST

/* What got worse than a baseline is in the way of a host that is met, and comes after what is not. */
START_TEST(test_regressed)
{
	static const struct {
		const char *row, *first, *banner;
	} cases[] = {
		{ "good",
		  "something got worse than it is in the baseline: FS-01 up -> down",
		  "The required level 1, contained, is met, but something got worse than "
		  "it "
		  "is in the baseline" },
		{ "the order of the document",
		  "FS-03 a requirement (breached), then 2 more",
		  "The required level 1, contained, is not met: a required act was not "
		  "stopped" },
	};
	owned_results struct results results = { 0 };
	owned_str struct str first = { 0 }, banner = { 0 };
	const struct urgent *list;
	struct outcome outcome;
	size_t count;

	read_row(row_of(cases[_i].row), &results, &outcome);
	results.regressed.count = 1;
	results.regressed.what = "FS-01 up -> down";
	outcome_compute(&results, &outcome);
	list = urgent_list(&results.arena, &results, &outcome, &count);
	urgent_add_first(&first, list, count);
	urgent_add_banner(&banner, &results, &outcome);
	ck_assert_str_eq(urgent_answer(&results, &outcome), "NO");
	ck_assert_str_eq(str_text(&first), cases[_i].first);
	ck_assert_str_eq(str_text(&banner), cases[_i].banner);
}
END_TEST

/* --- waived --- */

#define WAIVER(id, expires)                                                              \
	"{\"id\":\"" id "\",\"reason\":\"r\",\"owner\":\"a\",\"approver\":\"b\","        \
	"\"expires\":\"" expires "\"}"

static const struct {
	const char *name, *row, *waivers, *answer, *waived;
} waived[] = {
	{ "one", "degraded", WAIVER("NET-01", "2026-02-01"), "YES",
	  "NET-01 (waived until 2026-02-01)" },
	{ "the first to end first", "the order of the document",
	  WAIVER("FS-03", "2026-02-02") "," WAIVER("NET-01", "2026-02-01"), "YES",
	  "NET-01 (waived until 2026-02-01), then 1 more" },
	{ "a part of it", "the order of the document", WAIVER("FS-03", "2026-02-02"),
	  "NO", "FS-03 (waived until 2026-02-02)" },
	{ "expired", "degraded", WAIVER("NET-01", "2026-01-01"), "NO", "" },
	{ "not needed", "good", WAIVER("NET-01", "2026-02-01"), "YES", "" },
	{ "a false claim cannot be", "a false claim before a wall that is absent",
	  WAIVER("FS-01", "2026-02-01"), "NO", "" },
};

START_TEST(test_waived)
{
	static const struct {
		const char *format, *before;
	} places[] = { { "html", "Fix %s: <a href=\"#waivers\">" },
		       { "markdown", "**Fix %s:** " },
		       { "text", "\nfix %s: " } };
	bool yes = str_equal(waived[_i].answer, "YES");
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str document = { 0 }, line = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	read_row(row_of(waived[_i].row), &results, &outcome);
	str_addf(&document, "{\"schema\":\"confine-waivers/1\",\"waivers\":[%s]}",
		 waived[_i].waivers);
	ck_assert_msg(waivers_read_text("waivers", document.text, document.length,
					&waivers, &err) == 0 &&
			      waivers_apply(&waivers, &results, &err) == 0,
		      "%s", err.msg);
	outcome_compute(&results, &outcome);
	urgent_add_waived(&line, &results);
	ck_assert_str_eq(urgent_answer(&results, &outcome), waived[_i].answer);
	ck_assert_msg(str_equal(str_text(&line), waived[_i].waived), "%s: %s",
		      waived[_i].name, str_text(&line));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		owned_str struct str text = { 0 }, wanted = { 0 };
		const char *cut = strstr(places[i].before, "%s");

		write_as(places[i].format, &results, &outcome, &text);
		str_add_bytes(&wanted, places[i].before,
			      (size_t)(cut - places[i].before));
		str_add(&wanted, yes ? "next" : "later");
		str_add(&wanted, cut + 2);
		str_add(&wanted, waived[_i].waived);
		if (waived[_i].waived[0])
			check_part(&text, wanted.text, places[i].format);
		else
			ck_assert_msg(!strstr(text.text, wanted.text), "%s", wanted.text);
		/* With a waiver there is always something left to do. */
		if (i == 0)
			ck_assert_int_eq(strstr(text.text, "nothing to fix") != NULL,
					 yes && !waived[_i].waived[0]);
	}
}
END_TEST

/* --- fleets --- */

#define FLEET_MAX 4

static const struct {
	const char *name;
	const char *runs[FLEET_MAX]; /* names of rows above */
	const char *expect;
	const char *answer, *first;
} fleets[] = {
	{ "all well", { "good", "above" }, NULL, "YES", "" },
	{ "all that were expected", { "good", "above" }, "host-0\nhost-1\n", "YES", "" },
	{ "a host is missing",
	  { "good" },
	  "host-0\nhost-8\nhost-9\n",
	  "UNKNOWN",
	  "2 of 3 expected hosts did not report, host-8 among them" },
	{ "one host is missing",
	  { "good" },
	  "host-0\nhost-9\n",
	  "UNKNOWN",
	  "1 of 2 expected hosts did not report, host-9" },
	{ "a breach before a missing host",
	  { "good", "the order of the document" },
	  "host-0\nhost-1\nhost-9\n",
	  "NO",
	  "FS-03 a requirement (breached) in 1 run, host-1; then 2 more" },
	{ "a missing host before what is degraded",
	  { "degraded", "good" },
	  "host-0\nhost-1\nhost-9\n",
	  "UNKNOWN",
	  "1 of 3 expected hosts did not report, host-9, then 1 more" },
	{ "the worse verdict of one run before the milder one of two",
	  { "degraded", "refused is no more than degraded", "degraded" },
	  NULL,
	  "NO",
	  "RES-01 a requirement (untestable) in 1 run, host-1; then 2 more" },
	{ "equally bad: the one of more runs",
	  { "degraded elsewhere", "degraded", "degraded" },
	  NULL,
	  "NO",
	  "NET-01 a requirement (degraded) in 2 runs, host-1 among them; then 1 more" },
	{ "what was not looked at before what is degraded",
	  { "what nobody looked at", "degraded" },
	  NULL,
	  "UNKNOWN",
	  "RPT-01 a requirement (not tested) in 1 run, host-0; then 1 more" },
	{ "the worst run of a requirement is the one that is named",
	  { "the policy was refused", "degraded",
	    "a false claim before a wall that is absent" },
	  NULL,
	  "NO",
	  "FS-01 a requirement (breached, a false claim) in 1 run, host-2; then 4 more" },
	{ "the same in two runs",
	  { "the order of the document", "good", "the order of the document" },
	  NULL,
	  "NO",
	  "FS-03 a requirement (breached) in 2 runs, host-0 among them; then 1 more" },
	{ "evidence before a breach",
	  { "the order of the document", "the run control before every breach" },
	  NULL,
	  "UNKNOWN",
	  "the run control did not come out as it must; nothing of this run can be "
	  "believed in 1 run, "
	  "host-1; then 2 more" },
};
#define FLEETS (sizeof(fleets) / sizeof(fleets[0]))

static void gather_fleet(size_t at, struct fleet *fleet)
{
	static const char *const hosts[FLEET_MAX] = { "host-0", "host-1", "host-2",
						      "host-3" };
	struct err err = { 0 };

	if (fleets[at].expect) {
		owned_str struct str text = { 0 };

		str_add(&text, fleets[at].expect);
		ck_assert_int_eq(fleet_expect_text(fleet, "hosts", &text, &err), 0);
	}
	for (size_t i = 0; i < FLEET_MAX && fleets[at].runs[i]; i++) {
		owned_results struct results results = { 0 };
		struct outcome outcome;

		read_row(row_of(fleets[at].runs[i]), &results, &outcome);
		results.hostname = hosts[i];
		results.run.id = hosts[i];
		ck_assert_int_eq(fleet_add(fleet, "run", &results, &outcome, 0, &err), 0);
	}
	ck_assert_int_eq(fleet_finish(fleet, &err), 0);
}

START_TEST(test_fleet)
{
	owned_fleet struct fleet fleet = { 0 };
	owned_str struct str first = { 0 }, html = { 0 }, text = { 0 }, part = { 0 };
	const struct urgent *list;
	size_t count;

	gather_fleet((size_t)_i, &fleet);
	list = fleet_urgent(&fleet, &count);
	urgent_add_first(&first, list, count);
	ck_assert_str_eq(fleet_answer(&fleet), fleets[_i].answer);
	ck_assert_msg(str_equal(str_text(&first), fleets[_i].first), "%s: %s",
		      fleets[_i].name, str_text(&first));

	merge_html(&fleet, NULL, &html);
	str_addf(&part, "<strong>%s</strong> ", fleets[_i].answer);
	check_part(&html, part.text, "html");
	merge_text(&fleet, NULL, &text);
	str_clear(&part);
	str_addf(&part, "\n%s: ", fleets[_i].answer);
	check_part(&text, part.text, "text");
	str_clear(&part);
	if (!count) {
		ck_assert_ptr_null(strstr(html.text, "ix first"));
		ck_assert_ptr_null(strstr(text.text, "fix first"));
		return;
	}
	str_addf(&part, "<p>Fix first: <a href=\"#first\">%s</a></p>", fleets[_i].first);
	check_part(&html, part.text, "html");
	check_part(&html, "<h2 id=\"first\">What to fix first</h2>", "html");
	str_clear(&part);
	str_addf(&part, "\nfix first: %s\nwhat to do: %.20s", fleets[_i].first,
		 list->remedy);
	check_part(&text, part.text, "text");
}
END_TEST

/* What is kept of it does not grow with the hosts. */
START_TEST(test_fleet_kept)
{
	owned_fleet struct fleet fleet = { 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < 500; i++) {
		owned_results struct results results = { 0 };
		struct outcome outcome;
		owned_str struct str name = { 0 };

		str_addf(&name, "host-%zu", i);
		read_row(i % ROWS, &results, &outcome);
		results.hostname = results.run.id = name.text;
		ck_assert_int_eq(fleet_add(&fleet, "run", &results, &outcome, 0, &err),
				 0);
	}
	ck_assert_uint_le(fleet.urgent_count, SAMPLE_ROWS + FINDING_COUNT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("urgent");
	TCase *tcase = tcase_create("urgent");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, test_first, 0, ROWS);
	tcase_add_loop_test(tcase, test_writers, 0, ROWS);
	tcase_add_test(tcase, test_mixes);
	tcase_add_loop_test(tcase, test_regressed, 0, 2);
	tcase_add_loop_test(tcase, test_waived, 0, sizeof(waived) / sizeof(waived[0]));
	tcase_add_loop_test(tcase, test_fleet, 0, FLEETS);
	tcase_add_test(tcase, test_fleet_kept);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
