/* SPDX-License-Identifier: Apache-2.0 */
/* Every format over every mix: the same bytes twice, visible UTF-8, and the rules of each. */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/tests/many.h"
#include "runner/base/str.h"
#include "runner/base/tests/each.h"
#include <libxml/parser.h>
#include <math.h>

static void check_any(const struct results *results, const struct outcome *outcome)
{
	for (const struct format *format = formats; format->name; format++) {
		owned_str struct str once = { 0 }, twice = { 0 };

		write_as(format->name, results, outcome, &once);
		write_as(format->name, results, outcome, &twice);
		ck_assert_msg(once.length > 0 && once.length == twice.length &&
				      memcmp(once.text, twice.text, once.length) == 0,
			      "%s: two runs differ", format->name);
		ck_assert_msg(str_is_utf8(once.text, once.length), "%s", format->name);
		ck_assert_int_eq(once.text[once.length - 1], '\n');
		for (const char *at = once.text; *at; at++) {
			check_each((unsigned char)*at >= 0x20 || strchr("\n\t", *at),
				   "%s: byte %02x", format->name, (unsigned char)*at);
			check_each(strncmp(at, "\xe2\x80\xae", 3) != 0, "%s: RLO",
				   format->name);
			check_each(strncmp(at, "\xc2\x9b", 2) != 0, "%s: CSI",
				   format->name);
		}
	}
}

START_TEST(test_any_format)
{
	many_each(check_any);
}
END_TEST

/* --- prometheus: what promtool looks at --- */

static size_t metric_length(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

	ck_assert_msg(length > 0, "no name: %s", text);
	return length;
}

static void copy_name(char name[100], const char *text, size_t length)
{
	ck_assert_uint_lt(length, 100);
	memcpy(name, text, length);
	name[length] = '\0';
}

/* The labels from "{" to "}"; returns what follows. */
static const char *after_labels(const char *at)
{
	if (*at != '{')
		return at;
	do {
		at++;
		at += strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		ck_assert_msg(strncmp(at, "=\"", 2) == 0, "label: %s", at);
		for (at += 2; *at != '"'; at++) {
			check_each(*at != '\0' && *at != '\n', "open label");
			if (*at == '\\') {
				at++;
				ck_assert(strchr("\\\"n", *at) != NULL);
			}
		}
		at++;
	} while (*at == ',');
	ck_assert_int_eq(*at, '}');
	return at + 1;
}

static void check_prometheus(const struct results *results, const struct outcome *outcome)
{
	char current[100] = "", help[100] = "", *lines, *rest, *line;
	owned_str struct str text = { 0 }, seen = { 0 };

	write_as("prometheus", results, outcome, &text);
	rest = lines = strdup(text.text);
	while ((line = strsep(&rest, "\n")) != NULL && *line) {
		char *end;
		size_t length;
		double value;

		if (str_has_prefix(line, "# HELP ")) {
			length = metric_length(line + 7);
			copy_name(help, line + 7, length);
			ck_assert_int_eq(line[7 + length], ' ');
			ck_assert_msg(line[strlen(line) - 1] == '.', "%s", line);
			/* Each name has one group. */
			str_addf(&seen, "\n%s ", help);
			end = strstr(seen.text, help);
			ck_assert(end == seen.text + seen.length - strlen(help) - 1 ||
				  strncmp(end + strlen(help), " ", 1) != 0);
			continue;
		}
		if (str_has_prefix(line, "# TYPE ")) {
			length = metric_length(line + 7);
			copy_name(current, line + 7, length);
			ck_assert_str_eq(line + 7 + length, " gauge");
			ck_assert_str_eq(current, help);
			ck_assert(!str_has_suffix(current, "_total"));
			continue;
		}
		length = metric_length(line);
		ck_assert_msg(strlen(current) == length &&
				      strncmp(line, current, length) == 0,
			      "%s outside its group", line);
		end = (char *)(uintptr_t)after_labels(line + length);
		ck_assert_int_eq(*end, ' ');
		value = strtod(end + 1, &end);
		ck_assert_msg(*end == '\0' && isfinite(value), "%s", line);
	}
	ck_assert_msg(!rest || !*rest, "an empty line before the end");
	free(lines);
}

START_TEST(test_prometheus)
{
	many_each(check_prometheus);
}
END_TEST

/* --- markdown: tables keep their columns, nothing of the texts is markup --- */

/* Takes code spans out of a line: what is left is ours, or plain words. */
static void without_code(const char *line, struct str *ret)
{
	for (size_t i = 0; line[i];) {
		size_t fence = strspn(line + i, "`"), end;

		if (!fence) {
			str_add_bytes(ret, line + i++, 1);
			continue;
		}
		for (end = i + fence; line[end];) {
			size_t run = strspn(line + end, "`");

			if (run == fence)
				break;
			end += run ? run : 1;
		}
		ck_assert_msg(line[end] == '`', "open code: %s", line);
		/* A table looks for bars before it looks for code. */
		for (size_t k = i; k < end; k++)
			if (line[k] == '|' && line[k - 1] != '\\')
				str_add(ret, "|");
		i = end + fence;
	}
}

static size_t count_letter(const char *text, char letter)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == letter;
	return count;
}

static void check_markdown(const struct results *results, const struct outcome *outcome)
{
	static const char *const ours[] = { "<details><summary>", "</summary>",
					    "</details>" };
	owned_str struct str text = { 0 };
	size_t columns = 0, open = 0;
	char *lines, *rest, *line;

	write_as("markdown", results, outcome, &text);
	ck_assert_uint_lt(text.length, 65536);
	rest = lines = strdup(text.text);
	while ((line = strsep(&rest, "\n")) != NULL) {
		owned_str struct str bare = { 0 };

		without_code(line, &bare);
		str_add(&bare, "");
		open += strstr(str_text(&bare), ours[0]) != NULL;
		open -= strstr(str_text(&bare), ours[2]) != NULL;
		for (size_t i = 0; i < 3; i++) {
			char *at = bare.text ? strstr(bare.text, ours[i]) : NULL;

			if (at)
				memset(at, ' ', strlen(ours[i]));
		}
		ck_assert_msg(!strpbrk(str_text(&bare), "<>@[]~$!&\\"), "%s", line);
		ck_assert_msg(!strstr(str_text(&bare), "www.") &&
				      !strstr(str_text(&bare), "://"),
			      "%s", line);
		if (line[0] != '|') {
			columns = 0;
			continue;
		}
		if (columns)
			ck_assert_msg(count_letter(bare.text, '|') == columns, "%s",
				      line);
		columns = count_letter(bare.text, '|');
	}
	ck_assert_uint_eq(open, 0);
	free(lines);
}

START_TEST(test_markdown)
{
	many_each(check_markdown);
}
END_TEST

START_TEST(test_markdown_says)
{
	struct sample_probe probes[] = { { 1, SEEN_LEAKED, PROMISE_ENFORCED },
					 { 0, SEEN_HELD, PROMISE_ENFORCED } };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	struct outcome outcome;

	sample.probes = probes;
	sample.count = 2;
	many_read(&sample, &results);
	outcome_compute(&results, &outcome);
	write_as("markdown", &results, &outcome, &text);
	ck_assert(str_has_prefix(text.text, "### confine: NO, exit 1, breached\n"));
	ck_assert_ptr_nonnull(strstr(text.text,
				     "| **BREACHED** (false claim) | 1 | FS-01 a "
				     "requirement | 1 of 1 | mount it read-only |\n"));
	ck_assert_ptr_nonnull(strstr(text.text, "<summary>1 of 2 probes are not "
						"enforced</summary>"));
}
END_TEST

/* Ten thousand probes make no comment that is refused. */
START_TEST(test_markdown_is_bounded)
{
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	struct sample_probe *probes = calloc(3000, sizeof(*probes));
	struct sample sample = sample_good();
	struct outcome outcome;

	for (size_t i = 0; i < 3000; i++)
		probes[i] = (struct sample_probe){ i % SAMPLE_ROWS, SEEN_LEAKED,
						   PROMISE_NOTHING };
	sample.probes = probes;
	sample.count = 3000;
	many_read(&sample, &results);
	outcome_compute(&results, &outcome);
	write_as("markdown", &results, &outcome, &text);
	ck_assert_uint_lt(text.length, 65536);
	ck_assert_ptr_nonnull(strstr(text.text, " more.\n"));
	free(probes);
}
END_TEST

/* --- junit, the rich dialect: more words, the same outcome --- */

static void count_elements(const xmlNode *node, size_t counts[5])
{
	static const char *const names[] = { "testcase", "failure", "error", "skipped",
					     "property" };

	for (; node; node = node->next) {
		for (size_t i = 0; i < 5; i++)
			counts[i] += node->type == XML_ELEMENT_NODE &&
				     strcmp((const char *)node->name, names[i]) == 0;
		count_elements(node->children, counts);
	}
}

static void count_junit(const struct results *results, const struct outcome *outcome,
			bool rich, size_t counts[5])
{
	const struct format_taste taste = { .rich = rich };
	owned_str struct str text = { 0 };
	struct err err = { 0 };
	xmlDoc *document;

	ck_assert_int_eq(junit_write(results, outcome, &taste, &text, &err), 0);
	document = xmlReadMemory(text.text, (int)text.length, "j.xml", NULL,
				 XML_PARSE_NONET | XML_PARSE_NOERROR);
	ck_assert_ptr_nonnull(document);
	count_elements(xmlDocGetRootElement(document), counts);
	xmlFreeDoc(document);
}

static void check_rich(const struct results *results, const struct outcome *outcome)
{
	size_t strict[5] = { 0 }, rich[5] = { 0 };

	count_junit(results, outcome, false, strict);
	count_junit(results, outcome, true, rich);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(strict[i], rich[i]);
	ck_assert_uint_ge(rich[4], strict[4] + 8 * results->probe_count);
}

START_TEST(test_rich)
{
	many_each(check_rich);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("formats");
	TCase *tcase = tcase_create("formats");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_any_format);
	tcase_add_test(tcase, test_prometheus);
	tcase_add_test(tcase, test_markdown);
	tcase_add_test(tcase, test_markdown_says);
	tcase_add_test(tcase, test_markdown_is_bounded);
	tcase_add_test(tcase, test_rich);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
