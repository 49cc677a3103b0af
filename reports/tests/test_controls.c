/* SPDX-License-Identifier: Apache-2.0 */
/* The controls of a record: read with their place, shown where they are, and every framework that
 * the suite's tables know has a name here. */
#include "reports/controls.h"
#include "reports/tests/many.h"
#include "runner/base/fd.h"
#include <stdio.h>

/* The first fields of the lines of a table of the suite. */
START_TEST(test_frameworks_have_names)
{
	const char *source = getenv("SRC");
	owned_str struct str path = { 0 }, text = { 0 };
	struct err err = { 0 };
	char *rest, *line;
	size_t count = 0;

	str_addf(&path, "%s/conformance/controls/frameworks.tsv", source ? source : ".");
	ck_assert_msg(fd_read_file(path.text, 1 << 20, &text, &err) == 0, "%s", err.msg);
	rest = text.text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (!line[0] || line[0] == '#')
			continue;
		line[strcspn(line, "\t")] = '\0';
		ck_assert_msg(framework_find(line) != NULL, "%s", line);
		count++;
	}
	ck_assert_uint_ge(count, 8);
	ck_assert_ptr_null(framework_find("own-rules"));
}
END_TEST

static const struct {
	const char *member, *value, *pattern;
} faults[] = {
	{ "relation", "\"proves\"",
	  "/requirements/0/controls/0/relation: must be one of" },
	{ "relation", "7", "/requirements/0/controls/0/relation: must be one of" },
	{ "id", "\"\"", "/requirements/0/controls/0/id: must be 1 to 255" },
	{ "id", "null", "/requirements/0/controls/0/id: must be there" },
	{ "framework", "\"a b\"", "/requirements/0/controls/0/framework: must be an id" },
	{ "title", "[]", "/requirements/0/controls/0/title: must be a string" },
};

START_TEST(test_fault)
{
	struct sample_probe probes[MANY_PROBES];
	struct sample sample = sample_mix(1, probes, MANY_PROBES);
	owned_json struct json *document = sample_document(&sample), *value = NULL;
	struct json *control =
		json_item(json_member(json_item(json_member(document, "requirements"), 0),
				      "controls"),
			  0);
	owned_results struct results results = { 0 };
	owned_mem char *text = NULL;
	struct err err = { 0 };

	ck_assert_ptr_nonnull(control);
	ck_assert_int_eq(json_parse("v", faults[_i].value, strlen(faults[_i].value),
				    &json_small, &value, &err),
			 0);
	json_remove(control, faults[_i].member);
	json_add(control, faults[_i].member, take_mem(&value));
	text = json_print(document, false);
	ck_assert_int_eq(read_text("r", text, strlen(text), &results, &err), -1);
	ck_assert_msg(strstr(err.msg, faults[_i].pattern) != NULL, "%s", err.msg);
}
END_TEST

/* What the page and the OSCAL document say of the sample's controls. */
START_TEST(test_shown)
{
	struct sample_probe probes[MANY_PROBES];
	struct sample sample = sample_mix(2, probes, MANY_PROBES);
	owned_results struct results results = { 0 };
	owned_str struct str page = { 0 }, oscal = { 0 };
	struct outcome outcome;

	many_read(&sample, &results);
	outcome_compute(&results, &outcome);
	write_as("html", &results, &outcome, &page);
	for (size_t i = 0; i < results.requirement_count; i++)
		ck_assert_uint_eq(results.requirements[i].control_count,
				  i + 1 == results.requirement_count ? 0 : 3);
	ck_assert_ptr_nonnull(strstr(page.text, "<summary>NIST SP 800-53, r5</summary>"));
	ck_assert_ptr_nonnull(strstr(page.text, "Access Enforcement; baseline low"));
	ck_assert_ptr_nonnull(strstr(page.text, "<summary>own-rules, 7</summary>"));
	ck_assert_ptr_nonnull(strstr(page.text, "R &lt;1&gt; &amp; &quot;2&quot;"));
	ck_assert_ptr_nonnull(strstr(page.text, "The MITRE Corporation"));
	write_as("oscal", &results, &outcome, &oscal);
	if (strstr(oscal.text, "\"findings\"")) {
		ck_assert_ptr_nonnull(strstr(oscal.text, "produces-evidence-for"));
		ck_assert_ptr_null(strstr(oscal.text, "proves"));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("controls");
	TCase *tcase = tcase_create("controls");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, test_frameworks_have_names);
	tcase_add_loop_test(tcase, test_fault, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tcase, test_shown);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
