/* SPDX-License-Identifier: Apache-2.0 */
/* What is written is parsed again, and looked at by dialect.h. */
#include "reports/format.h"
#include "reports/read.h"
#include "reports/tests/dialect.h"
#include "reports/tests/hostile.h"
#include "reports/tests/sample.h"
#include <check.h>

#define PROBES_MAX 24

static xmlDoc *check_results(const struct results *results, struct str *text)
{
	const struct format_taste taste = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	outcome_compute(results, &outcome);
	ck_assert_msg(junit_write(results, &outcome, &taste, text, &err) == 0, "%s",
		      err.msg);
	return check_text(text, &outcome);
}

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

static const xmlNode *find_case(const xmlDoc *document, const char *key)
{
	const xmlNode *root = xmlDocGetRootElement(document);

	for (const xmlNode *suite = next_element(root->children); suite;
	     suite = next_element(suite->next))
		for (const xmlNode *node = next_element(suite->children); node;
		     node = next_element(node->next)) {
			char found[1200];

			if (is_named(node, "testcase") &&
			    strcmp(case_key(node, found, sizeof(found)), key) == 0)
				return node;
		}
	return NULL;
}

/* --- tests --- */

/* One probe of FS-01, the others well: how it is shown. */
static const struct {
	enum seen seen;
	enum promise promised;
	enum fail_on fail_on;
	const char *element, *type, *message;
} shown[] = {
	{ SEEN_HELD, PROMISE_ENFORCED, FAIL_ON_DEGRADED, NULL, NULL, NULL },
	{ SEEN_LEAKED, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "failure", "breached",
	  "BREACHED: false claim: refused: EROFS; FS-01 a requirement; " },
	{ SEEN_LEAKED, PROMISE_NOTHING, FAIL_ON_DEGRADED, "failure", "breached",
	  "BREACHED: refused: EROFS; " },
	{ SEEN_LEAKED, PROMISE_ENFORCED, FAIL_ON_NEVER, "skipped", NULL, "BREACHED: " },
	{ SEEN_HELD, PROMISE_DEGRADED, FAIL_ON_DEGRADED, "failure", "degraded",
	  "DEGRADED: " },
	{ SEEN_HELD, PROMISE_DEGRADED, FAIL_ON_UNTESTABLE, "skipped", NULL,
	  "DEGRADED: " },
	{ SEEN_REFUSED, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "error", "untestable",
	  "UNTESTABLE: " },
	{ SEEN_PREREQUISITE_MISSING, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "error",
	  "untestable", "UNTESTABLE: " },
	{ SEEN_PREREQUISITE_MISSING, PROMISE_ENFORCED, FAIL_ON_BREACHED, "skipped", NULL,
	  "UNTESTABLE: " },
	{ SEEN_OURS_BROKE, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "error", "probe-error",
	  "ERROR: " },
	{ SEEN_CLOSED_BY_HOST, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "skipped", NULL,
	  "NOT-APPLICABLE: " },
	{ SEEN_TARGET_BROKE, PROMISE_ENFORCED, FAIL_ON_DEGRADED, "failure", "breached",
	  "BREACHED: " },
};

START_TEST(test_shown)
{
	struct sample_probe probes[5];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	const xmlNode *node;
	xmlDoc *document;

	memcpy(probes, sample_good_probes, sizeof(probes));
	probes[1].seen = shown[_i].seen;
	probes[1].promised = shown[_i].promised;
	sample.probes = probes;
	sample.fail_on = shown[_i].fail_on;
	read_sample(&sample, &results);
	document = check_results(&results, &text);
	node = find_case(document, "filesystem filesystem.probe-1");
	ck_assert_ptr_nonnull(node);
	node = next_element(node->children);
	ck_assert_int_eq(node != NULL, shown[_i].element != NULL);
	if (node) {
		ck_assert_str_eq((const char *)node->name, shown[_i].element);
		ck_assert_msg(
			str_has_prefix(attribute(node, "message"), shown[_i].message),
			"%s", attribute(node, "message"));
		if (shown[_i].type)
			ck_assert_str_eq(attribute(node, "type"), shown[_i].type);
	}
	xmlFreeDoc(document);
}
END_TEST

/* A probe above the required level never turns anything red. */
START_TEST(test_open_is_skipped)
{
	struct sample_probe probes[6];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	const xmlNode *node;
	xmlDoc *document;

	memcpy(probes, sample_good_probes, sizeof(sample_good_probes));
	probes[5] = (struct sample_probe){ 5, SEEN_LEAKED, PROMISE_NOTHING };
	sample.probes = probes;
	sample.count = 6;
	read_sample(&sample, &results);
	document = check_results(&results, &text);
	node = find_case(document, "resources resources.probe-5");
	ck_assert_ptr_nonnull(node);
	node = next_element(node->children);
	ck_assert(is_named(node, "skipped"));
	ck_assert(str_has_prefix(attribute(node, "message"), "OPEN: "));
	xmlFreeDoc(document);
}
END_TEST

static const struct {
	const char *key;
	struct sample sample;
	const char *element;
} run_cases[] = {
	{ "run run.control", { .control_failed = true }, "error" },
	{ "run run.parity", { .parity_failed = true }, "error" },
	{ "run run.complete", { .incomplete = true }, "error" },
	{ "run run.partial", { .partial = true }, "error" },
	{ "run run.policy", { .refused_policy = true }, "failure" },
};

START_TEST(test_run_case)
{
	struct sample sample = run_cases[_i].sample, good = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	const xmlNode *node;
	xmlDoc *document;

	sample.require = good.require;
	sample.fail_on = good.fail_on;
	sample.probes = good.probes;
	sample.count = good.count;
	read_sample(&sample, &results);
	document = check_results(&results, &text);
	node = find_case(document, run_cases[_i].key);
	ck_assert_ptr_nonnull(node);
	ck_assert(is_named(next_element(node->children), run_cases[_i].element));
	xmlFreeDoc(document);
}
END_TEST

/* Nothing at all: still one case, and it is an error. */
START_TEST(test_empty)
{
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	const xmlNode *node;
	xmlDoc *document;

	sample.count = 0;
	read_sample(&sample, &results);
	document = check_results(&results, &text);
	node = find_case(document, "run run.tested");
	ck_assert_ptr_nonnull(node);
	ck_assert(is_named(next_element(node->children), "error"));
	/* The layers have no suites; the run speaks for what they lack. */
	ck_assert_ptr_nonnull(find_case(document, "run FS-01"));
	xmlFreeDoc(document);
}
END_TEST

/* A requirement without a verdict is red in the suite of its layer. */
START_TEST(test_missing_requirement)
{
	struct sample_probe probes[5];
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	const xmlNode *node;
	xmlDoc *document;

	memcpy(probes, sample_good_probes, sizeof(probes));
	probes[2].row = 1; /* nobody looks at FS-03 */
	sample.probes = probes;
	read_sample(&sample, &results);
	document = check_results(&results, &text);
	node = find_case(document, "filesystem FS-03");
	ck_assert_ptr_nonnull(node);
	ck_assert_str_eq(attribute(next_element(node->children), "type"), "untestable");
	xmlFreeDoc(document);
}
END_TEST

static void check_hostile(const char *text, size_t fact_count)
{
	static const struct sample_probe probes[] = {
		{ 0, SEEN_LEAKED, PROMISE_ENFORCED },  { 1, SEEN_HELD, PROMISE_DEGRADED },
		{ 2, SEEN_REFUSED, PROMISE_ENFORCED }, { 3, SEEN_HELD, PROMISE_ENFORCED },
		{ 5, SEEN_LEAKED, PROMISE_NOTHING },
	};
	const struct sample sample = { .require = 1,
				       .fail_on = FAIL_ON_DEGRADED,
				       .refused_policy = true,
				       .parity_failed = true,
				       .probes = probes,
				       .count = 5 };
	struct results_fact *facts = calloc(fact_count, sizeof(*facts));
	owned_results struct results results = { 0 };
	owned_str struct str xml = { 0 };

	ck_assert_ptr_nonnull(facts);
	for (size_t i = 0; i < fact_count; i++)
		facts[i] = (struct results_fact){ text, text };
	read_sample(&sample, &results);
	hostile_fill(&results, text, facts, fact_count);
	xmlFreeDoc(check_results(&results, &xml));
	ck_assert_uint_lt(xml.length, 2U << 20); /* an ampersand is five bytes */
	free(facts);
}

START_TEST(test_hostile)
{
	check_hostile(hostile_texts[_i], 3);
}
END_TEST

/* 20 MiB in every field: cut, whatever it is made of. */
START_TEST(test_long)
{
	static const char *const fillings[] = { "x", "\x1b", "\xe2\x82\xac", "\\", "&" };
	const size_t size = 20U << 20;
	const char *filling = fillings[_i];
	char *text = malloc(size + 1);

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < size; i++)
		text[i] = filling[i % strlen(filling)];
	text[size] = '\0';
	check_hostile(text, 20);
	free(text);
}
END_TEST

/* Thousands of hostile cases: the suite's budget ends, the minimum for each stays. */
START_TEST(test_many)
{
	const size_t count = 5000;
	struct sample_probe *probes = calloc(count, sizeof(*probes));
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str xml = { 0 };
	struct results_fact fact = { "canary", "changed" };
	char text[3000];

	ck_assert_ptr_nonnull(probes);
	memset(text, '\x1b', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < count; i++)
		probes[i] = (struct sample_probe){ i % 5, SEEN_LEAKED, PROMISE_ENFORCED };
	sample.probes = probes;
	sample.count = count;
	read_sample(&sample, &results);
	hostile_fill(&results, text, &fact, 1);
	xmlFreeDoc(check_results(&results, &xml));
	ck_assert_uint_lt(xml.length, 8U << 20);
	free(probes);
}
END_TEST

/* Times of any size keep the form that both schemas take. */
START_TEST(test_times)
{
	static const double times[] = { 0, 0.0004, 0.9996, 59.9999, 1e6, 1e9 };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };

	read_sample(&sample, &results);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		owned_str struct str text = { 0 };

		for (size_t k = 0; k < results.probe_count; k++)
			results.probes[k].seconds = times[i];
		xmlFreeDoc(check_results(&results, &text));
	}
}
END_TEST

START_TEST(test_sweep)
{
	int count = sample_sweep(300);

	for (int i = 0; i < count; i++) {
		struct sample_probe probes[PROBES_MAX];
		uint64_t seed = (uint64_t)i + 1;
		struct sample sample = sample_mix(seed, probes, PROBES_MAX);
		owned_results struct results results = { 0 };
		owned_str struct str text = { 0 };
		const char *hostile = hostile_texts[sample_random(&seed, HOSTILE_COUNT)];
		struct results_fact fact = { hostile, hostile };

		read_sample(&sample, &results);
		if (sample_random(&seed, 2) == 0)
			hostile_fill(&results, hostile, &fact, 1);
		xmlFreeDoc(check_results(&results, &text));
	}
}
END_TEST

/* The same results, the same bytes. */
START_TEST(test_stable)
{
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	owned_str struct str first = { 0 }, second = { 0 };

	read_sample(&sample, &results);
	xmlFreeDoc(check_results(&results, &first));
	xmlFreeDoc(check_results(&results, &second));
	ck_assert_str_eq(first.text, second.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("junit");
	TCase *tcase = tcase_create("dialect");
	SRunner *runner = srunner_create(suite);
	int failed;

	load_schemas();
	tcase_set_timeout(tcase, 600);
	tcase_add_loop_test(tcase, test_shown, 0, sizeof(shown) / sizeof(shown[0]));
	tcase_add_test(tcase, test_open_is_skipped);
	tcase_add_loop_test(tcase, test_run_case, 0,
			    sizeof(run_cases) / sizeof(run_cases[0]));
	tcase_add_test(tcase, test_empty);
	tcase_add_test(tcase, test_missing_requirement);
	tcase_add_loop_test(tcase, test_hostile, 0, HOSTILE_COUNT);
	tcase_add_loop_test(tcase, test_long, 0, 5);
	tcase_add_test(tcase, test_many);
	tcase_add_test(tcase, test_times);
	tcase_add_test(tcase, test_sweep);
	tcase_add_test(tcase, test_stable);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	for (size_t i = 0; i < 2; i++)
		xmlSchemaFree(schemas[i]);
	xmlCleanupParser();
	return failed ? 1 : 0;
}
