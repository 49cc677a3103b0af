/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_policy - profiles, merge, --set, what is refused and where it points
 *
 * T-numbers are those of the upstream behaviours (T13 to T31: its policy tests). Files are in
 * fixtures/policies; every one of them has a row here.
 */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/policy.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loaded {
	struct arena arena;
	struct policy policy;
	struct err err;
	int result;
};

static void loaded_done(struct loaded *loaded)
{
	arena_done(&loaded->arena);
}
#define owned_loaded __attribute__((cleanup(loaded_done)))

static void load(struct loaded *loaded, enum profile profile, const char *text)
{
	loaded->result = policy_load(profile, text ? "p.json" : NULL, text,
				     text ? strlen(text) : 0, NULL, 0, NULL, NULL,
				     &loaded->arena, &loaded->policy, &loaded->err);
}

/* The same as text, so that a failure shows itself. */
static char *print(const struct policy *policy)
{
	owned_json struct json *tree = policy_to_json(policy);

	return json_print(tree, false);
}

/* --- profiles --- */

#define SHIPPED_LIMITS                                                                   \
	"\"resources\":{\"cpuSeconds\":60,\"memoryBytes\":536870912,\"maxOpenFiles\":"   \
	"1024,"                                                                          \
	"\"maxProcesses\":256,\"maxOutputBytes\":5242880,\"maxFileSizeBytes\":"          \
	"268435456}"

static const struct {
	enum profile profile;
	const char *text;
} profiles[] = {
	/* T13, T14: the bare defaults, which an empty policy resolves to */
	{ PROFILE_PERMISSIVE,
	  "{\"enabled\":true,\"onUnavailable\":\"degrade\",\"resources\":{},"
	  "\"filesystem\":{\"mode\":\"off\"},"
	  "\"network\":{\"mode\":\"unrestricted\",\"allow\":[],"
	  "\"denyLinkLocalAndMetadata\":true},\"privilege\":{\"mode\":\"inherit\"},"
	  "\"syscalls\":{\"mode\":\"auto\"}}" },
	/* T19, T20, T21: the shipped default, without ids in the environment */
	{ PROFILE_DEFAULT, "{\"enabled\":true,\"onUnavailable\":\"fail\"," SHIPPED_LIMITS
			   ",\"filesystem\":{\"mode\":\"scratch-plus-ro\"},"
			   "\"network\":{\"mode\":\"allowlist\",\"allow\":[],"
			   "\"denyLinkLocalAndMetadata\":true},\"privilege\":{\"mode\":"
			   "\"drop-to-uid\"},\"syscalls\":{\"mode\":\"default\"}}" },
	/* T32, T35; onUnavailable is our documented difference: closed means refused */
	{ PROFILE_FAIL_CLOSED,
	  "{\"enabled\":true,\"onUnavailable\":\"fail\"," SHIPPED_LIMITS
	  ",\"filesystem\":{\"mode\":\"scratch-plus-ro\"},"
	  "\"network\":{\"mode\":\"deny\",\"allow\":[],"
	  "\"denyLinkLocalAndMetadata\":true},\"privilege\":{\"mode\":\"drop-to-uid\"},"
	  "\"syscalls\":{\"mode\":\"default\"}}" },
};

START_TEST(profile_values)
{
	owned_loaded struct loaded bare = { 0 }, empty = { 0 };
	owned_mem char *text = NULL, *from_empty = NULL;

	load(&bare, profiles[_i].profile, NULL);
	load(&empty, profiles[_i].profile,
	     "{}"); /* T26: nothing to merge leaves the base */
	ck_assert_int_eq(bare.result, 0);
	ck_assert_int_eq(empty.result, 0);
	text = print(&bare.policy);
	from_empty = print(&empty.policy);
	ck_assert_str_eq(text, profiles[_i].text);
	ck_assert_str_eq(from_empty, profiles[_i].text);
}
END_TEST

/* T18, T31: a resolved policy is a policy, and merged over its base it is itself. */
START_TEST(profile_reparses_to_itself)
{
	static const enum profile over[] = { PROFILE_PERMISSIVE, PROFILE_COUNT };

	for (size_t i = 0; i < ARRAY_SIZE(over); i++) {
		owned_loaded struct loaded again = { 0 };
		owned_mem char *text = NULL;

		load(&again, over[i] == PROFILE_COUNT ? profiles[_i].profile : over[i],
		     profiles[_i].text);
		ck_assert_int_eq(again.result, 0);
		text = print(&again.policy);
		ck_assert_str_eq(text, profiles[_i].text);
	}
}
END_TEST

START_TEST(profile_names_match)
{
	ck_assert_str_eq(profile_names[PROFILE_DEFAULT], "default");
	ck_assert_str_eq(profile_names[PROFILE_PERMISSIVE], "permissive");
	ck_assert_str_eq(profile_names[PROFILE_FAIL_CLOSED], "fail-closed");
	ck_assert_ptr_null(profile_names[PROFILE_COUNT]);
}
END_TEST

/* --- ids from the environment --- */

static const struct {
	const char *uid, *gid;
	int64_t want_uid, want_gid; /* -1 = unset */
} seeds[] = {
	{ NULL, NULL, -1, -1 },             /* T21 */
	{ "65534", "65534", 65534, 65534 }, /* T22 */
	{ "1001", NULL, 1001, -1 },
	{ "0", "0", 0, 0 },
	{ NULL, "65534", -1, -1 }, /* T23: a gid alone is ignored */
	{ "", "65534", -1, -1 },
	{ "nobody", NULL, -1,
	  -1 }, /* T24, and the rows below: malformed is unset, no error */
	{ " ", NULL, -1, -1 },
	{ "1.5", NULL, -1, -1 },
	{ "-1", NULL, -1, -1 },
	{ "0x10", NULL, -1, -1 },
	{ "4294967295", NULL, -1, -1 }, /* (uid_t)-1 */
	{ "99999999999999999999", NULL, -1, -1 },
	{ "1001", "staff", 1001, -1 },
};

static void check_limit(const struct limit *limit, int64_t want)
{
	ck_assert(limit->set == (want >= 0));
	if (limit->set)
		ck_assert_uint_eq(limit->value, (uint64_t)want);
}

START_TEST(seed)
{
	owned_loaded struct loaded seeded = { 0 }, again = { 0 };
	owned_mem char *text = NULL;

	ck_assert_int_eq(policy_load(PROFILE_DEFAULT, NULL, NULL, 0, NULL, 0,
				     seeds[_i].uid, seeds[_i].gid, &seeded.arena,
				     &seeded.policy, &seeded.err),
			 0);
	check_limit(&seeded.policy.privilege.uid, seeds[_i].want_uid);
	check_limit(&seeded.policy.privilege.gid, seeds[_i].want_gid);
	ck_assert_int_eq(seeded.policy.privilege.mode, PRIVILEGE_DROP_TO_UID);
	text = print(&seeded.policy);
	load(&again, PROFILE_PERMISSIVE, text); /* T25 */
	ck_assert_msg(again.result == 0, "%s", again.err.msg);
	/* The two other profiles have no ids of their own. */
	ck_assert_int_eq(policy_load(PROFILE_FAIL_CLOSED, NULL, NULL, 0, NULL, 0,
				     seeds[_i].uid, seeds[_i].gid, &seeded.arena,
				     &seeded.policy, &seeded.err),
			 0);
	check_limit(&seeded.policy.privilege.uid, -1);
}
END_TEST

/* --- merge --- */

/* The document over the profile changes these places, and no other. */
static const struct {
	enum profile profile;
	const char *text;
	const char *changes[2][2]; /* pointer, value */
} merges[] = {
	/* T27 */
	{ PROFILE_DEFAULT,
	  "{\"network\":{\"mode\":\"deny\"}}",
	  { { "/network/mode", "\"deny\"" } } },
	/* T28 */
	{ PROFILE_DEFAULT,
	  "{\"resources\":{\"memoryBytes\":1048576}}",
	  { { "/resources/memoryBytes", "1048576" } } },
	/* T29 */
	{ PROFILE_DEFAULT, "{\"enabled\":false}", { { "/enabled", "false" } } },
	/* T30 */
	{ PROFILE_DEFAULT,
	  "{\"onUnavailable\":\"degrade\"}",
	  { { "/onUnavailable", "\"degrade\"" } } },
	{ PROFILE_FAIL_CLOSED,
	  "{\"onUnavailable\":\"degrade\"}",
	  { { "/onUnavailable", "\"degrade\"" } } },
	{ PROFILE_PERMISSIVE,
	  "{\"resources\":{\"cpuSeconds\":3600},\"privilege\":{\"uid\":0}}",
	  { { "/resources/cpuSeconds", "3600" }, { "/privilege/uid", "0" } } },
	{ PROFILE_DEFAULT,
	  "{\"network\":{\"allow\":[\"10.0.0.0/8\"]}}",
	  { { "/network/allow", "[\"10.0.0.0/8\"]" } } },
	{ PROFILE_DEFAULT, "{\"resources\":{},\"filesystem\":{}}", { { NULL, NULL } } },
	/* what is ours appears only where it says more than "auto" */
	{ PROFILE_DEFAULT,
	  "{\"syscalls\":{\"mode\":\"auto\"},\"ipc\":{},\"filesystem\":{\"landlock\":"
	  "\"auto\","
	  "\"readOnly\":[],\"hide\":[]}}",
	  { { "/syscalls/mode", "\"auto\"" } } },
	{ PROFILE_DEFAULT,
	  "{\"syscalls\":{\"allow\":[\"ptrace\"],\"refuse\":[\"uname\",\"mlock\"]}}",
	  { { "/syscalls/allow", "[\"ptrace\"]" },
	    { "/syscalls/refuse", "[\"uname\",\"mlock\"]" } } },
	{ PROFILE_DEFAULT,
	  "{\"syscalls\":{\"mode\":\"strict\"},\"lifecycle\":{\"mode\":\"off\"}}",
	  { { "/syscalls/mode", "\"strict\"" }, { "/lifecycle/mode", "\"off\"" } } },
	{ PROFILE_DEFAULT,
	  "{\"filesystem\":{\"readOnly\":[\"//opt/./tools/\"],\"scratchBytes\":1}}",
	  { { "/filesystem/readOnly", "[\"/opt/tools\"]" },
	    { "/filesystem/scratchBytes", "1" } } },
};

static void set_place(struct json **tree, const char *pointer, const char *json)
{
	struct json *value = NULL;
	struct err err = { 0 };

	ck_assert_int_eq(json_parse("v", json, strlen(json), &json_small, &value, &err),
			 0);
	ck_assert_int_eq(json_set_pointer(tree, pointer, value, &err), 0);
}

START_TEST(merge)
{
	owned_loaded struct loaded base = { 0 }, merged = { 0 };
	owned_json struct json *expected = NULL, *found = NULL;

	load(&base, merges[_i].profile, NULL);
	load(&merged, merges[_i].profile, merges[_i].text);
	ck_assert_msg(merged.result == 0, "%s", merged.err.msg);
	expected = policy_to_json(&base.policy);
	for (size_t i = 0; i < 2 && merges[_i].changes[i][0]; i++)
		set_place(&expected, merges[_i].changes[i][0], merges[_i].changes[i][1]);
	found = policy_to_json(&merged.policy);
	ck_assert_msg(json_equal(expected, found), "row %d", _i);
}
END_TEST

START_TEST(rules_are_parsed)
{
	owned_loaded struct loaded loaded = { 0 };

	load(&loaded, PROFILE_DEFAULT,
	     "{\"network\":{\"allow\":[\"10.0.0.0/8\",\"2001:db8::1 tcp 443\"]}}");
	ck_assert_int_eq(loaded.result, 0);
	ck_assert_uint_eq(loaded.policy.network.allow_count, 2);
	ck_assert_uint_eq(loaded.policy.network.allow[0].prefix, 8);
	ck_assert_uint_eq(loaded.policy.network.allow[1].port, 443);
	ck_assert_str_eq(loaded.policy.network.allow_text[1], "2001:db8::1 tcp 443");
}
END_TEST

/* --- --set --- */

static const struct {
	const char *pointer, *json;
	const char *error; /* NULL = accepted */
} sets[] = {
	{ "/resources/cpuSeconds", "5", NULL },
	{ "/network/mode", "\"deny\"", NULL },
	{ "/network/allow", "[\"192.0.2.1\"]", NULL },
	{ "/resources", "{\"cpuSeconds\":5}", NULL },
	{ "/filesystem/readOnly", "[\"/opt\"]", NULL },
	{ "/resources/cpuSeconds", "0",
	  "--set /resources/cpuSeconds: /resources/cpuSeconds: must be an integer from 1 "
	  "to 3600" },
	{ "/resources/cpuSeconds", "05",
	  "--set /resources/cpuSeconds: line 1, column 1" },
	{ "/resources/cpuSeconds", "5 6",
	  "--set /resources/cpuSeconds: line 1, column 3" },
	{ "/resources/cpuSeconds", "", "--set /resources/cpuSeconds: line 1, column 1" },
	{ "/resources/memoryBytes", "9007199254740993", "number beyond 2^53" },
	{ "/network/mode", "deny", "text goes in double quotes" },
	{ "/network/mode", "\"denied\"", "must be one of \"unrestricted\", \"deny\"" },
	{ "/network/allow/0", "\"192.0.2.1\"",
	  "/network/allow: must be an array, not an object" },
	{ "/resources/cpuSecond", "5", "the nearest known is \"cpuSeconds\"" },
	{ "/enabled/x", "1", "/enabled: must be true or false, not an object" },
	{ "resources/cpuSeconds", "5",
	  "--set: \"resources/cpuSeconds\" is no JSON pointer" },
	{ "", "{}", "--set: \"\" is no JSON pointer" },
	{ "/a~", "1", "'~' that is not ~0 or ~1" },
	{ "/\x1b[2J", "1", "--set /\\x1b[2J: /\\x1b[2J: unknown name" },
	{ "/\xff", "1", "unknown name" },
};

START_TEST(set)
{
	const struct policy_set one = { sets[_i].pointer, sets[_i].json };
	owned_loaded struct loaded loaded = { 0 };
	int result = policy_load(PROFILE_DEFAULT, "p.json", "{}", 2, &one, 1, NULL, NULL,
				 &loaded.arena, &loaded.policy, &loaded.err);

	ck_assert_msg(result == (sets[_i].error ? -1 : 0), "%s: %s", sets[_i].pointer,
		      loaded.err.msg);
	if (sets[_i].error) {
		ck_assert_int_eq(loaded.err.code, ERR_POLICY);
		ck_assert_msg(strstr(loaded.err.msg, sets[_i].error) != NULL, "%s",
			      loaded.err.msg);
	}
}
END_TEST

START_TEST(sets_follow_the_file_in_order)
{
	static const char text[] =
		"{\"resources\":{\"cpuSeconds\":10,\"maxProcesses\":11}}";
	static const struct policy_set in_order[] = {
		{ "/resources/cpuSeconds", "20" },
		{ "/network/mode", "\"deny\"" },
		{ "/resources/cpuSeconds", "30" },
	};
	owned_loaded struct loaded loaded = { 0 };

	ck_assert_int_eq(policy_load(PROFILE_DEFAULT, "p.json", text, sizeof(text) - 1,
				     in_order, ARRAY_SIZE(in_order), NULL, NULL,
				     &loaded.arena, &loaded.policy, &loaded.err),
			 0);
	check_limit(&loaded.policy.resources.cpu_seconds, 30);
	check_limit(&loaded.policy.resources.max_processes, 11);
	check_limit(&loaded.policy.resources.max_open_files, 1024);
	ck_assert_int_eq(loaded.policy.network.mode, NETWORK_DENY);
}
END_TEST

/* A fault leaves the caller's policy as it was. */
START_TEST(untouched_on_failure)
{
	static const struct policy_set bad = { "/enabled", "1" };
	owned_loaded struct loaded loaded = { 0 };
	struct policy before;

	load(&loaded, PROFILE_PERMISSIVE, NULL);
	before = loaded.policy;
	load(&loaded, PROFILE_DEFAULT, "{\"enabled\":false,\"onUnavailable\":1}");
	ck_assert_int_eq(loaded.result, -1);
	ck_assert_mem_eq(&loaded.policy, &before, sizeof(before));
	ck_assert_int_eq(policy_load(PROFILE_DEFAULT, "p.json", "{\"enabled\":false}", 17,
				     &bad, 1, NULL, NULL, &loaded.arena, &loaded.policy,
				     &loaded.err),
			 -1);
	ck_assert_mem_eq(&loaded.policy, &before, sizeof(before));
}
END_TEST

/* --- files --- */

static void open_tree(const char *name, struct str *ret)
{
	owned_str struct str path = { 0 };
	const char *tree = getenv("SRC");
	struct err err = { 0 };

	str_addf(&path, "%s/%s", tree ? tree : ".", name);
	ck_assert_msg(fd_read_file(path.text, json_small.max_bytes, ret, &err) == 0, "%s",
		      err.msg);
}

static void load_file(struct loaded *loaded, const char *name)
{
	owned_str struct str path = { 0 }, text = { 0 };

	str_addf(&path, "fixtures/policies/%s", name);
	open_tree(path.text, &text);
	loaded->result =
		policy_load(PROFILE_DEFAULT, name, str_text(&text), text.length, NULL, 0,
			    NULL, NULL, &loaded->arena, &loaded->policy, &loaded->err);
}

/* root-uid.json among them: valid upstream, the plan refuses it, not the reader. */
START_TEST(good_files)
{
	const char *tree = getenv("SRC");
	owned_str struct str path = { 0 };
	owned_dir DIR *directory = NULL;
	size_t count = 0;

	str_addf(&path, "%s/fixtures/policies/good", tree ? tree : ".");
	directory = opendir(path.text);
	ck_assert_ptr_nonnull(directory);
	for (const struct dirent *entry; (entry = readdir(directory));) {
		owned_str struct str name = { 0 };
		owned_loaded struct loaded loaded = { 0 };

		if (!str_has_suffix(entry->d_name, ".json"))
			continue;
		str_addf(&name, "good/%s", entry->d_name);
		load_file(&loaded, name.text);
		ck_assert_msg(loaded.result == 0, "%s", loaded.err.msg);
		count++;
	}
	ck_assert_uint_ge(count, 11);
}
END_TEST

/* A row of refused.tsv: file, place, words; the columns are cut in place. */
static void check_refused(char *row)
{
	owned_loaded struct loaded loaded = { 0 };
	owned_str struct str begin = { 0 };
	char *place = strchr(row, '\t'), *words = place ? strchr(place + 1, '\t') : NULL;

	ck_assert_msg(words != NULL, "%s", row);
	*place++ = '\0';
	*words++ = '\0';
	load_file(&loaded, row);
	ck_assert_msg(loaded.result == -1, "%s was accepted", row);
	ck_assert_int_eq(loaded.err.code, ERR_POLICY);
	str_addf(&begin, "%s: %s%s",
		 str_has_prefix(row, "contradictory/") ? "policy" : row,
		 strcmp(place, "-") == 0 ? "" : place,
		 strcmp(place, "-") == 0 ? "" : ": ");
	ck_assert_msg(str_has_prefix(loaded.err.msg, begin.text), "%s", loaded.err.msg);
	ck_assert_msg(strstr(loaded.err.msg, words) != NULL, "%s", loaded.err.msg);
	ck_assert_ptr_null(strpbrk(loaded.err.msg, "\n\r\x1b"));
}

/* T15, T16, T17 and every other way to be wrong; hostile.test.sh reads the same rows. */
START_TEST(refused_files)
{
	owned_str struct str index = { 0 };
	size_t count = 0;

	open_tree("fixtures/policies/refused.tsv", &index);
	for (char *row = index.text, *end; (end = strchr(row, '\n')); row = end + 1) {
		*end = '\0';
		if (*row == '#')
			continue;
		check_refused(row);
		count++;
	}
	ck_assert_uint_ge(count, 200);
}
END_TEST

/* What a policy resolves to is a policy that resolves to the same. */
START_TEST(every_field_survives_writing)
{
	owned_str struct str text = { 0 };
	owned_loaded struct loaded first = { 0 }, second = { 0 };
	owned_json struct json *document = NULL, *written = NULL;
	owned_mem char *printed = NULL, *again = NULL;
	struct err err = { 0 };

	open_tree("fixtures/policies/good/every-field.json", &text);
	load(&first, PROFILE_PERMISSIVE, str_text(&text));
	ck_assert_msg(first.result == 0, "%s", first.err.msg);
	printed = print(&first.policy);
	load(&second, PROFILE_PERMISSIVE, printed);
	ck_assert_msg(second.result == 0, "%s", second.err.msg);
	again = print(&second.policy);
	ck_assert_str_eq(printed, again);
	ck_assert_int_eq(
		json_parse("f", text.text, text.length, &json_small, &document, &err), 0);
	ck_assert_int_eq(
		json_parse("p", again, strlen(again), &json_small, &written, &err), 0);
	ck_assert(json_equal(document, written));
}
END_TEST

/* --- schema --- */

/* Does the reader take this value at this place of an otherwise empty policy? */
static bool takes(const char *pointer, const char *json)
{
	const struct policy_set one = { pointer, json };
	owned_loaded struct loaded loaded = { 0 };

	return policy_load(PROFILE_DEFAULT, NULL, NULL, 0, &one, 1, NULL, NULL,
			   &loaded.arena, &loaded.policy, &loaded.err) == 0;
}

static void check_edge(const char *pointer, const struct json *edge, long long beyond)
{
	char inside[32], outside[32];
	long long number = (long long)edge->number;

	(void)snprintf(inside, sizeof(inside), "%lld", number);
	(void)snprintf(outside, sizeof(outside), "%lld", number + beyond);
	ck_assert_msg(takes(pointer, inside), "%s %s refused", pointer, inside);
	ck_assert_msg(!takes(pointer, outside), "%s %s taken", pointer, outside);
}

static void check_words(const char *pointer, const struct json *words)
{
	const struct json *word;

	json_each(word, words) {
		owned_mem char *json = json_print(word, false);

		ck_assert_msg(takes(pointer, json), "%s %s refused", pointer, json);
	}
	ck_assert(!takes(pointer, "\"something else\""));
}

static void check_property(const char *pointer, const struct json *property)
{
	const struct json *min = json_member(property, "minimum");
	const struct json *max = json_member(property, "maximum");
	const struct json *words = json_member(property, "enum");
	const struct json *type = json_member(property, "type");
	bool integer = type && strcmp(type->text, "integer") == 0;
	bool boolean = type && strcmp(type->text, "boolean") == 0;
	bool array = type && strcmp(type->text, "array") == 0;

	ck_assert_msg(integer + boolean + array + (words != NULL) == 1, "%s", pointer);
	ck_assert_msg(integer == (min && max), "%s needs both bounds", pointer);
	if (integer) {
		check_edge(pointer, min, -1);
		check_edge(pointer, max, 2); /* 2^53 + 1 is no double */
	}
	if (words)
		check_words(pointer, words);
	ck_assert(takes(pointer, "true") == boolean);
	ck_assert(takes(pointer, "[]") == array);
}

static bool is_closed(const struct json *schema)
{
	const struct json *more = json_member(schema, "additionalProperties");

	return json_is(more, JSON_BOOL) && !more->truth;
}

/* The shipped schema and the reader agree: same names, same words, same bounds. */
START_TEST(schema_agrees)
{
	owned_str struct str text = { 0 }, fixture = { 0 };
	owned_json struct json *schema = NULL, *all = NULL;
	struct err err = { 0 };
	const struct json *property;
	size_t fields = 0, known = 0;

	open_tree("runner/schema/policy.schema.json", &text);
	open_tree("fixtures/policies/good/every-field.json", &fixture);
	ck_assert_int_eq(
		json_parse("s", text.text, text.length, &json_small, &schema, &err), 0);
	ck_assert_int_eq(
		json_parse("f", fixture.text, fixture.length, &json_small, &all, &err),
		0);
	json_each(property, json_member(schema, "properties")) {
		const struct json *nested = json_member(property, "properties"), *field;
		owned_str struct str pointer = { 0 };

		str_addf(&pointer, "/%s", property->key);
		if (!nested) {
			check_property(pointer.text, property);
			fields++;
			continue;
		}
		ck_assert(is_closed(property));
		json_each(field, nested) {
			owned_str struct str place = { 0 };

			str_addf(&place, "%s/%s", pointer.text, field->key);
			check_property(place.text, field);
			fields++;
		}
	}
	ck_assert(is_closed(schema));
	/* The fixture names every field that the writer writes (see above). */
	json_each(property, all)
		known += json_is(property, JSON_OBJECT) ? json_count(property) : 1;
	ck_assert_uint_eq(fields, known);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, profile_values, 0, (int)ARRAY_SIZE(profiles));
	tcase_add_loop_test(tcase, profile_reparses_to_itself, 0,
			    (int)ARRAY_SIZE(profiles));
	tcase_add_test(tcase, profile_names_match);
	tcase_add_loop_test(tcase, seed, 0, (int)ARRAY_SIZE(seeds));
	tcase_add_loop_test(tcase, merge, 0, (int)ARRAY_SIZE(merges));
	tcase_add_test(tcase, rules_are_parsed);
	tcase_add_loop_test(tcase, set, 0, (int)ARRAY_SIZE(sets));
	tcase_add_test(tcase, sets_follow_the_file_in_order);
	tcase_add_test(tcase, untouched_on_failure);
	tcase_add_test(tcase, good_files);
	tcase_add_test(tcase, refused_files);
	tcase_add_test(tcase, every_field_survives_writing);
	tcase_add_test(tcase, schema_agrees);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
