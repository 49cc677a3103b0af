/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OSCAL over every mix: what both schemas ask for, and the enumerations and references that only
 * the metaschema has. CONFINE_SAMPLES=DIR keeps every document there, for a validator of others.
 */
#include "reports/digest.h"
#include "reports/format.h"
#include "reports/tests/many.h"
#include "runner/base/fd.h"

/* --- the rules of any value --- */

static bool is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-5xxx-yxxx-xxxxxxxxxxxx";

	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'x'   ? !text[i] || !strchr("0123456789abcdef", text[i])
		    : form[i] == 'y' ? !text[i] || !strchr("89ab", text[i])
				     : text[i] != form[i])
			return false;
	return !text[sizeof(form) - 1];
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

static void check_prop(const struct json *prop)
{
	const char *name = json_text(json_member(prop, "name"));
	const char *value = json_text(json_member(prop, "value"));

	ck_assert(name && value && json_member(prop, "ns"));
	ck_assert_msg(name[0] && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-")],
		      "%s", name);
	ck_assert_msg(value[0] && value[0] != ' ' && value[strlen(value) - 1] != ' ' &&
			      !strpbrk(value, "\n\r\t"),
		      "%s: \"%s\"", name, value);
}

static void check_value(const struct json *value, const char *key)
{
	static const char *const states[] = { "satisfied", "not-satisfied", "operational",
					      NULL };
	static const char *const reasons[] = { "pass", "fail", "other", NULL };
	const struct json *item;
	const char *text = json_text(value);

	if (json_is(value, JSON_ARRAY))
		ck_assert_msg(json_count(value) > 0, "%s is empty", key);
	if (text) {
		size_t length = strlen(key);

		if (length >= 4 && strcmp(key + length - 4, "uuid") == 0)
			ck_assert_msg(is_uuid(text), "%s: %s", key, text);
		if (strcmp(key, "title") == 0 || strcmp(key, "description") == 0)
			ck_assert_msg(text[0] && !strpbrk(text, "\n\r"), "%s", key);
		if (strcmp(key, "state") == 0)
			ck_assert_msg(is_one_of(text, states), "%s", text);
		if (strcmp(key, "reason") == 0)
			ck_assert_msg(is_one_of(text, reasons), "%s", text);
		return;
	}
	json_each(item, value) {
		if (strcmp(key, "props") == 0)
			check_prop(item);
		check_value(item, item->key ? item->key : "");
	}
}

/* --- what it says --- */

static const struct json *find_id(const struct json *list, const char *id)
{
	const struct json *item;

	json_each(item, list)
		if (strcmp(json_text(json_member(item, "uuid")), id) == 0)
			return item;
	return NULL;
}

static const char *prop_of(const struct json *object, const char *name)
{
	const struct json *prop;

	json_each(prop, json_member(object, "props"))
		if (strcmp(json_text(json_member(prop, "name")), name) == 0)
			return json_text(json_member(prop, "value"));
	return NULL;
}

static void check_references(const struct json *result)
{
	const struct json *observations = json_member(result, "observations");
	const struct json *risks = json_member(result, "risks"), *item, *ref;
	const struct json *definitions = json_member(result, "local-definitions");

	json_each(item, json_member(result, "findings")) {
		json_each(ref, json_member(item, "related-observations"))
			ck_assert_ptr_nonnull(
				find_id(observations,
					json_text(json_member(ref, "observation-uuid"))));
		json_each(ref, json_member(item, "related-risks"))
			ck_assert_ptr_nonnull(
				find_id(risks, json_text(json_member(ref, "risk-uuid"))));
	}
	json_each(item, observations)
		json_each(ref, json_member(item, "subjects")) {
			const char *id = json_text(json_member(ref, "subject-uuid"));

			ck_assert(
				find_id(json_member(definitions, "components"), id) ||
				find_id(json_member(definitions, "inventory-items"), id));
		}
}

static void check_result(const struct json *result, const struct results *results)
{
	size_t findings = 0, risks = 0, deviations = 0;
	const struct json *item;

	ck_assert_uint_eq(json_count(json_member(result, "observations")),
			  results->probe_count);
	for (size_t i = 0; i < results->requirement_count; i++) {
		enum verdict verdict = results->requirements[i].verdict;
		bool risky = verdict == VERDICT_BREACHED || verdict == VERDICT_DEGRADED ||
			     verdict == VERDICT_OPEN;

		findings += risky || verdict == VERDICT_ENFORCED;
		risks += risky;
		deviations += risky && results->requirements[i].waiver;
	}
	ck_assert_uint_eq(json_count(json_member(result, "findings")), findings);
	ck_assert_uint_eq(json_count(json_member(result, "risks")), risks);
	json_each(item, json_member(result, "findings")) {
		const char *state = json_text(json_member(
			json_member(json_member(item, "target"), "status"), "state"));

		ck_assert_int_eq(strcmp(state, "satisfied") == 0,
				 strcmp(prop_of(item, "verdict"), "enforced") == 0);
	}
	json_each(item, json_member(result, "risks")) {
		bool approved = strcmp(json_text(json_member(item, "status")),
				       "deviation-approved") == 0;

		ck_assert_int_eq(approved, prop_of(item, "waiver-owner") != NULL);
		ck_assert_int_eq(approved, json_member(item, "deadline") != NULL);
		deviations -= approved;
	}
	ck_assert_uint_eq(deviations, 0);
}

static void check_oscal(const struct results *results, const struct outcome *outcome)
{
	owned_str struct str text = { 0 };
	struct json *document = NULL;
	const struct json *root, *result;
	struct err err = { 0 };

	write_as("oscal", results, outcome, &text);
	many_keep(&text, "oscal.json");
	ck_assert_msg(json_parse("oscal", text.text, text.length, &json_large, &document,
				 &err) == 0,
		      "%s", err.msg);
	root = json_member(document, "assessment-results");
	check_value(root, "assessment-results");
	ck_assert_uint_eq(json_count(json_member(root, "results")), 1);
	result = json_item(json_member(root, "results"), 0);
	check_references(result);
	check_result(result, results);
	json_delete(&document);
}

START_TEST(test_oscal)
{
	many_each(check_oscal);
}
END_TEST

/* The same parts, the same id; where one part ends is told apart. */
START_TEST(test_uuid)
{
	static const char *const ab[] = { "a", "b", NULL },
				 *const joined[] = { "ab", NULL },
				 *const split[] = { "", "ab", NULL };
	char first[DIGEST_UUID], again[DIGEST_UUID];

	digest_uuid(first, ab);
	ck_assert(is_uuid(first));
	digest_uuid(again, ab);
	ck_assert_str_eq(first, again);
	digest_uuid(again, joined);
	ck_assert_str_ne(first, again);
	digest_uuid(again, split);
	ck_assert_str_ne(first, again);
}
END_TEST

START_TEST(test_sha256)
{
	char hex[DIGEST_HEX];

	digest_sha256("abc", 3, hex);
	ck_assert_str_eq(
		hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("oscal");
	TCase *tcase = tcase_create("oscal");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_oscal);
	tcase_add_test(tcase, test_uuid);
	tcase_add_test(tcase, test_sha256);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
