/* SPDX-License-Identifier: Apache-2.0 */
/* The page: well-formed, small, readable, and nothing in it that a browser would run or fetch. */
#include "reports/controls.h"
#include "reports/html.h"
#include "reports/tests/many.h"
#include <libxml/parser.h>
#include <math.h>

static xmlDoc *parse_html(const struct str *text)
{
	xmlDoc *document = xmlReadMemory(text->text, (int)text->length, "page.html", NULL,
					 XML_PARSE_NONET | XML_PARSE_NOERROR);

	ck_assert_msg(document != NULL, "not well-formed:\n%s", text->text);
	return document;
}

static void check_node(const xmlNode *node)
{
	static const char allowed[] = " html head meta title style body header h1 h2 h3 "
				      "p div strong em b dl dt dd nav "
				      "ul li a main section table caption thead tbody tr "
				      "th td br span code details "
				      "summary ";

	for (; node; node = node->next) {
		owned_str struct str name = { 0 };

		if (node->type != XML_ELEMENT_NODE)
			continue;
		str_addf(&name, " %s ", (const char *)node->name);
		ck_assert_msg(strstr(allowed, name.text) != NULL, "<%s>", name.text);
		for (const xmlAttr *at = node->properties; at; at = at->next) {
			const char *value =
				at->children ? (const char *)at->children->content : "";

			ck_assert_msg(!str_has_prefix((const char *)at->name, "on") &&
					      strcmp((const char *)at->name, "style") !=
						      0,
				      "%s", (const char *)at->name);
			if (strcmp((const char *)at->name, "href") == 0)
				ck_assert_msg(value[0] == '#', "%s", value);
		}
		check_node(node->children);
	}
}

static void check_html(const struct results *results, const struct outcome *outcome)
{
	owned_str struct str text = { 0 };
	xmlDoc *document;

	write_as("html", results, outcome, &text);
	many_keep(&text, "html");
	ck_assert(str_has_prefix(text.text, "<!DOCTYPE html>\n<html lang=\"en\">"));
	document = parse_html(&text);
	check_node(xmlDocGetRootElement(document));
	xmlFreeDoc(document);
	for (enum finding i = 0; i < FINDING_COUNT; i++)
		if (outcome->findings[i])
			ck_assert_ptr_nonnull(strstr(
				text.text, verdict_shouts[outcome_finding_verdict(i)]));
	ck_assert_int_eq(strstr(text.text, "<strong>YES</strong>") != NULL,
			 outcome->exit == 0 && outcome->level >= results->run.require);
}

START_TEST(test_html)
{
	many_each(check_html);
}
END_TEST

/* As many as CONFORMANCE.md has, as many controls each, and as many different ones. */
#define ROWS      42
#define CONTROLS  9
#define DIFFERENT 138

/* Every requirement, four probes each, texts as long as those of the catalogue. */
static size_t html_size(enum verdict verdict, size_t *ret_probes)
{
	static struct results_requirement rows[64];
	static struct results_probe probes[256];
	static const struct results_fact fact = { "outside: tasks",
						  "332 at most, 64 allowed" };
	static struct results_control controls[ROWS][CONTROLS];
	static char ids[ROWS][8], control_ids[DIFFERENT][16];
	struct results results = { .requirements = rows, .probes = probes };
	const struct results_probe *orphan;
	owned_str struct str text = { 0 };
	struct outcome outcome;

	many_head(&results);
	for (size_t i = 0; i < ROWS; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "FS-%02zu", i + 1);
		rows[i] = (struct results_requirement){
			.id = ids[i],
			.title = "no shared System V object, queue or keyring",
			.reason = "refused: ENOENT",
			.level = 1,
			.layer = (enum layer)(i % LAYER_COUNT),
			.must = true,
			.required = true,
			.verdict = verdict,
			.controls = controls[i],
			.control_count = CONTROLS,
		};
		for (size_t k = 0; k < CONTROLS; k++) {
			size_t number = (i * 5 + k * 11) % DIFFERENT;

			(void)snprintf(control_ids[number], sizeof(control_ids[number]),
				       "SC-%zu(%zu)", number % 50, number);
			controls[i][k] = (struct results_control){
				.framework = frameworks[number % 8].key,
				.version = "2022",
				.id = control_ids[number],
				.title = "Information Flow Enforcement",
				.baseline = number % 8 ? "" : "moderate",
				.relation = (enum relation)(k % RELATION_COUNT),
			};
		}
	}
	results.requirement_count = ROWS;
	for (size_t i = 0; i < results.requirement_count * 4; i++)
		probes[i] = (struct results_probe){
			.id = "filesystem.write-outside",
			.title = "Write through the directory handed over",
			.requirement_id = rows[i / 4].id,
			.reason =
				i % 3 ? "refused: EROFS"
				      : "no effect outside, where the same act was seen "
					"before",
			.mechanism = "EROFS: mount namespace + pivot_root, read-only",
			.class = "C",
			.scope = "host",
			.repeat =
				"confine check --target bubblewrap --only filesystem.xyz",
			.what = MANY_PROSE,
			.why = MANY_PROSE,
			.remedy = MANY_PROSE MANY_PROSE,
			.level = 1,
			.attempts = 1,
			.layer = rows[i / 4].layer,
			.required = true,
			.verdict = verdict,
			.reach = { .ran = true, .said = "reached", .word = "-" },
			.attack = { .ran = true, .said = "denied", .word = "EROFS" },
			.evidence = &fact,
			.evidence_count = 1,
		};
	results.probe_count = results.requirement_count * 4;
	ck_assert(results_join(&results, &orphan));
	outcome_compute(&results, &outcome);
	write_as("html", &results, &outcome, &text);
	*ret_probes = results.probe_count;
	return text.length;
}

START_TEST(test_html_is_small)
{
	size_t probes, size = html_size(VERDICT_ENFORCED, &probes);

	ck_assert_uint_ge(probes, 160);
	ck_assert_msg(size < 60000, "%zu bytes for %zu enforced probes", size, probes);
	size = html_size(VERDICT_BREACHED, &probes);
	ck_assert_msg(size < 250000, "%zu bytes for %zu breached probes", size, probes);
}
END_TEST

/* The contrast of every badge and of the text, out of the style sheet. */
static double light_of(const char *colour)
{
	static const double weights[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (size_t i = 0; i < 3; i++) {
		char digits[3] = { colour[1 + 2 * i], colour[2 + 2 * i], '\0' };
		double part = (double)strtoul(digits, NULL, 16) / 255;

		sum += weights[i] * (part <= 0.03928 ? part / 12.92
						     : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static void check_contrast(const char *a, const char *b, const char *what)
{
	double x = light_of(a), y = light_of(b);
	double ratio = x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);

	ck_assert_msg(ratio >= 4.5, "%s: %.2f", what, ratio);
}

START_TEST(test_contrast)
{
	const char *theme = html_style;
	size_t badges = 0;

	for (const char *at = html_style; (at = strstr(at, "{background:#")) != NULL;
	     at++) {
		check_contrast("#ffffff", strchr(at, '#'), "a badge");
		badges++;
	}
	ck_assert_uint_ge(badges, VERDICT_COUNT + 3);
	for (int i = 0; i < 3; i++, theme++) {
		const char *back, *box;

		theme = strstr(theme, "--back:");
		ck_assert_ptr_nonnull(theme);
		back = strchr(theme, '#');
		box = strchr(strstr(theme, "--box:"), '#');
		check_contrast(back, strchr(strstr(theme, "--text:"), '#'), "text");
		check_contrast(back, strchr(strstr(theme, "--soft:"), '#'), "soft");
		check_contrast(back, strchr(strstr(theme, "--link:"), '#'), "link");
		check_contrast(box, strchr(strstr(theme, "--text:"), '#'), "text in box");
		check_contrast(box, strchr(strstr(theme, "--soft:"), '#'), "soft in box");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html");
	TCase *tcase = tcase_create("html");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_html);
	tcase_add_test(tcase, test_html_is_small);
	tcase_add_test(tcase, test_contrast);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
