/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix: every layer has its line, everything that is red is named, nothing steers a
 * terminal. */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/read.h"
#include "reports/tests/hostile.h"
#include "reports/tests/sample.h"
#include "runner/base/tests/each.h"
#include <check.h>

#define PROBES_MAX 24

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

static void write_results(const struct results *results, bool colour, struct str *text)
{
	const struct format_taste taste = { .colour = colour };
	struct outcome outcome;
	struct err err = { 0 };

	outcome_compute(results, &outcome);
	ck_assert_int_eq(text_write(results, &outcome, &taste, text, &err), 0);
}

/* Only lines of visible UTF-8; with colours, our own sequences and nothing else. */
static void check_visible(const struct str *text, bool colour)
{
	ck_assert(str_is_utf8(text->text, text->length));
	for (const char *at = text->text; *at; at++) {
		size_t length = strspn(at + 1, "[0123456789;");

		if (colour && at[0] == '\033' && at[1] == '[' && at[1 + length] == 'm') {
			at += 1 + length;
			continue;
		}
		check_each((unsigned char)*at >= 0x20 || *at == '\n', "byte %02x",
			   (unsigned char)*at);
		check_each(*at != 0x7f, "DEL");
		check_each(strncmp(at, "\xe2\x80\xae", 3) != 0, "RLO");
		check_each(strncmp(at, "\xc2\x9b", 2) != 0, "CSI");
	}
	ck_assert_int_eq(text->text[text->length - 1], '\n');
}

static void check_has(const struct str *text, const char *part)
{
	ck_assert_msg(strstr(text->text, part) != NULL, "no \"%s\" in:\n%s", part,
		      text->text);
}

START_TEST(test_good)
{
	static const char wanted[] =
		"confine check: confine, the runner\n"
		"host-a, Debian, Linux 6.1.0 x86_64, uid 0, policy: built-in default\n"
		"2026-01-02T03:04:05Z, 4.5 s, run 00ff\n"
		"\n"
		"resources   1 enforced                        1/1     a wall\n"
		"filesystem  2 enforced                        2/2     a wall\n"
		"network     1 enforced                        1/1     a wall\n"
		"privilege   nothing required at this level            a wall\n"
		"syscalls    nothing required at this level            a wall\n"
		"ipc         nothing required at this level            a wall\n"
		"lifecycle   nothing required at this level            a wall\n"
		"environment nothing required at this level            a wall\n"
		"output      nothing required at this level            a wall\n"
		"scratch     nothing required at this level            a wall\n"
		"report      1 enforced                        1/1     a wall\n"
		"\n"
		"coverage 5/5 required ids, 5 probes; meets level 1, self-assessed; "
		"not tested at level 2: RES-11, NET-12\n"
		"YES: The required level 1, contained, is met\n"
		"exit 0: pass\n";
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };

	read_sample(&sample, &results);
	results.stated_level = 1;
	write_results(&results, false, &text);
	ck_assert_str_eq(text.text, wanted);
}
END_TEST

START_TEST(test_not_green)
{
	static const struct sample_probe probes[] = {
		{ 0, SEEN_HELD, PROMISE_ENFORCED },
		{ 1, SEEN_LEAKED, PROMISE_ENFORCED },
		{ 2, SEEN_HELD, PROMISE_DEGRADED },
		{ 3, SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED },
		{ 5, SEEN_LEAKED, PROMISE_NOTHING },
	};
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };

	sample.probes = probes;
	sample.count = 5;
	sample.stated_by = STATED_BY_FILE;
	sample.refused_policy = true;
	read_sample(&sample, &results);
	write_results(&results, false, &text);
	check_has(&text,
		  "filesystem  1 breached, 1 degraded            2/2     a wall\n");
	check_has(&text, "\nBREACHED       FS-01   filesystem.probe-1  (A FALSE CLAIM)\n"
			 "    tried   a probe\n");
	check_has(&text, "    cause   refused: EROFS\n    seen    canary: unchanged\n"
			 "    remedy  mount it read-only\n"
			 "    repeat  confine check --only this\n");
	check_has(&text, "\nDEGRADED       FS-03   filesystem.probe-2\n");
	check_has(&text, "\nDEGRADED       the target refused the policy");
	check_has(&text, "\nNOT TESTED     RPT-01  none of its probes was selected");
	check_has(&text, "Above the required level");
	check_has(&text, "\nOPEN           RES-11  resources.probe-4");
	check_has(&text,
		  "Conditions of validity\nNOT-APPLICABLE NET-01  network.probe-3");
	check_has(
		&text,
		"level 0; level 1 lacks FS-01, FS-03; not tested at level 1: RPT-01\n"
		"NO: The required level 1, contained, is not met: a required act was not "
		"stopped\n"
		"fix first: FS-01 a requirement (breached, a false claim), then 3 more\n"
		"what to do: mount it read-only\n"
		"exit 1: breached\n");
}
END_TEST

static const struct {
	struct sample sample;
	const char *line, *level;
} run_lines[] = {
	{ { .control_failed = true },
	  "\nERROR          the run control did not come out",
	  "no level: the suite's own controls" },
	{ { .parity_failed = true },
	  "\nUNTESTABLE     the suite's own shield changes this target",
	  "no level: the suite's shield" },
	{ { .incomplete = true },
	  "\nERROR          the run was cut short; what is missing here was not tried: 5 "
	  "of 5",
	  "no level: the run was cut short" },
	{ { .partial = true },
	  "\nUNTESTABLE     a filter left probes out",
	  "no level: a partial run" },
};

START_TEST(test_run_line)
{
	struct sample sample = run_lines[_i].sample, good = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };

	sample.require = good.require;
	sample.fail_on = good.fail_on;
	sample.probes = good.probes;
	sample.count = good.count;
	read_sample(&sample, &results);
	write_results(&results, false, &text);
	check_has(&text, run_lines[_i].line);
	check_has(&text, run_lines[_i].level);
}
END_TEST

START_TEST(test_hostile)
{
	static const struct sample_probe probes[] = {
		{ 0, SEEN_LEAKED, PROMISE_ENFORCED },
		{ 1, SEEN_HELD, PROMISE_DEGRADED },
		{ 3, SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED },
		{ 5, SEEN_LEAKED, PROMISE_NOTHING },
	};
	struct results_fact facts[4];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str plain = { 0 }, coloured = { 0 };
	static const char *const names[] = { "kernel", "machine", "os" };

	sample.probes = probes;
	sample.count = 4;
	sample.refused_policy = sample.parity_failed = true;
	read_sample(&sample, &results);
	for (size_t i = 0; i < 3; i++)
		facts[i] = (struct results_fact){ names[i], hostile_texts[_i] };
	facts[3] = (struct results_fact){ hostile_texts[_i], hostile_texts[_i] };
	hostile_fill(&results, hostile_texts[_i], facts, 4);
	write_results(&results, false, &plain);
	check_visible(&plain, false);
	write_results(&results, true, &coloured);
	check_visible(&coloured, true);
}
END_TEST

START_TEST(test_long)
{
	const size_t size = 20U << 20;
	char *filling = malloc(size + 1);
	struct results_fact fact = { filling, filling };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };

	ck_assert_ptr_nonnull(filling);
	memset(filling, '\x1b', size);
	filling[size] = '\0';
	sample.refused_policy = sample.parity_failed = true;
	read_sample(&sample, &results);
	hostile_fill(&results, filling, &fact, 1);
	write_results(&results, false, &text);
	check_visible(&text, false);
	ck_assert_uint_lt(text.length, 100000);
	free(filling);
}
END_TEST

/* Colour is added to the same words, never instead of them. */
START_TEST(test_colour_adds_only)
{
	int count = sample_sweep(100);

	for (int i = 0; i < count; i++) {
		struct sample_probe probes[PROBES_MAX];
		struct sample sample = sample_mix((uint64_t)i + 1, probes, PROBES_MAX);
		owned_results struct results results = { 0 };
		owned_str struct str plain = { 0 }, coloured = { 0 }, stripped = { 0 };

		read_sample(&sample, &results);
		write_results(&results, false, &plain);
		write_results(&results, true, &coloured);
		check_visible(&coloured, true);
		for (const char *at = coloured.text; *at; at++) {
			if (*at == '\033')
				at = strchr(at, 'm');
			else
				str_add_bytes(&stripped, at, 1);
		}
		ck_assert_str_eq(plain.text, stripped.text);
	}
}
END_TEST

/* --- line --- */

static const struct {
	const char *text;
	size_t max;
	const char *line;
} lines[] = {
	{ "", 10, "" },
	{ "plain", 5, "plain" },
	{ "plainer", 5, "plain…" },
	{ "a\x1b[0m", 20, "a\\x1b[0m" },
	{ "\xc3\xa9\xc3\xa9", 4, "éé" },
	{ "\xc3\xa9\xc3\xa9", 3, "é…" },
	{ "\xff", 4, "\\xff" },
	{ "\xff\xff", 4, "\\xff…" },
	{ "a\\b", 10, "a\\\\b" },
	{ "\n", 0, "…" },
};

START_TEST(test_line)
{
	owned_str struct str str = { 0 };

	line_add(&str, lines[_i].text, lines[_i].max);
	ck_assert_str_eq(str_text(&str), lines[_i].line);
}
END_TEST

START_TEST(test_line_raw)
{
	owned_str struct str str = { 0 };

	line_add_raw(&str, "\xc3\xa9\xc3\xa9", 3);
	line_add_raw(&str, "\x1b", 3);
	ck_assert_str_eq(str_text(&str), "é…\x1b");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("matrix");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_good);
	tcase_add_test(tcase, test_not_green);
	tcase_add_loop_test(tcase, test_run_line, 0,
			    sizeof(run_lines) / sizeof(run_lines[0]));
	tcase_add_loop_test(tcase, test_hostile, 0, HOSTILE_COUNT);
	tcase_add_test(tcase, test_long);
	tcase_add_test(tcase, test_colour_adds_only);
	tcase_add_loop_test(tcase, test_line, 0, sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(tcase, test_line_raw);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
