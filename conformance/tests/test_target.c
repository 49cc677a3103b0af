/* SPDX-License-Identifier: Apache-2.0 */
/* Target files and command lines: what they become, and every way of writing them wrongly. */
#include "conformance/expand.h"
#include "conformance/statement.h"
#include "conformance/targets.h"
#include "conformance/words.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void release(void)
{
	arena_done(&arena);
}

static const char *targets_directory(void)
{
	return arena_printf(&arena, "%s/conformance/targets",
			    getenv("SRC") ? getenv("SRC") : ".");
}

/* --- words ------------------------------------------------------------------------------- */

static const struct {
	const char *text, *words; /* joined by | */
} splits[] = {
	{ "a b  c", "a|b|c" },
	{ "  a\tb\nc ", "a|b|c" },
	{ "'a b' c", "a b|c" },
	{ "a'b'\"c\"d", "abcd" },
	{ "'' \"\"", "|" },
	{ "a\\ b", "a b" },
	{ "\"a\\\"b\" \"c\\d\"", "a\"b|c\\d" },
	{ "'|&;<>()$`*?['", "|&;<>()$`*?[" },
	{ "a#b a~b", "a#b|a~b" },
	{ "a\\\nb", "ab" },
	{ "\"a\\\nb\"", "ab" },
	{ "--x='y z'={command}", "--x=y z={command}" },
	{ "", "" },
};

START_TEST(splits_words)
{
	const char *const *words;
	owned_str struct str joined = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(words_split(splits[_i].text, &arena, &words, &err), 0);
	for (size_t i = 0; words[i]; i++)
		str_addf(&joined, "%s%s", i > 0 ? "|" : "", words[i]);
	ck_assert_str_eq(str_text(&joined), splits[_i].words);
	release();
}
END_TEST

START_TEST(refuses_shell_syntax)
{
	static const char *const texts[] = { "a | b",  "a; b",    "a && b", "a > b",
					     "a < b",  "$(a)",    "`a`",    "$A",
					     "\"$A\"", "\"`a`\"", "a *",    "a?",
					     "[a]",    "~/a",     "# a",    "a 'b",
					     "a \"b",  "a\\",     "\"a\\",  "(a)" };
	const char *const *words;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		ck_assert_msg(words_split(texts[i], &arena, &words, &err) == -1, "%s",
			      texts[i]);
		ck_assert_int_eq(err.code, ERR_POLICY);
	}
	release();
}
END_TEST

START_TEST(quotes_back)
{
	static const char *const words[] = { "a",  "a b", "it's",      "",
					     "$x", "a=b", "{command}", NULL };
	const char *const *again;
	owned_str struct str text = { 0 };
	struct err err = { 0 };

	words_join(&text, words);
	ck_assert_int_eq(words_split(str_text(&text), &arena, &again, &err), 0);
	for (size_t i = 0; words[i]; i++)
		ck_assert_str_eq(words[i], again[i]);
	release();
}
END_TEST

/* --- files ------------------------------------------------------------------------------- */

static int parse(const char *text, struct target *target, struct err *err)
{
	return target_parse("t.json", text, strlen(text), &arena, target, err);
}

static const struct {
	const char *text, *place;
} faults[] = {
	{ "[]", "must be an object" },
	{ "{", "t.json" },
	{ "{\"name\":\"a\",\"argv\":[\"{command}\"]}",
	  "/schema: must be \"confine-target/1\"" },
	{ "{\"schema\":\"confine-target/2\",\"name\":\"a\",\"argv\":[\"{command}\"]}",
	  "/schema" },
	{ "{\"schema\":\"confine-target/1\",\"argv\":[\"{command}\"]}", "/name" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"A\",\"argv\":[\"{command}\"]}",
	  "/name" },
	{ "{\"schema\":\"confine-target/1\",\"name\":1,\"argv\":[\"{command}\"]}",
	  "/name" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\"}",
	  "/argv: must name a program" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[]}", "/argv" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"x\"]}",
	  "/argv: must contain {command}" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"x\",1]}",
	  "/argv/1" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{command}\",\"{sratch}\"]}",
	  "/argv/1: {sratch} is not known here" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{env}\",\"{command}\"]}",
	  "/argv/0: {env} is not known here" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"x{env}\",\"{command}\"],"
	  "\"parts\":{\"env\":[\"{name}\"]}}",
	  "/argv/0: {env} is not known here" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"parts\":{\"env\":[\"{name}={value}\"]}}",
	  "/argv: must contain {env}" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"policyCheck\":[\"x\"]}",
	  "/policyCheck: without a part" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\","
	  "\"argv\":[\"{policy-option}\",\"{command}\"],"
	  "\"parts\":{\"policy-option\":[\"{policy}\"]},\"policyCheck\":[\"{scratchy}\"]"
	  "}",
	  "/policyCheck/0: {scratchy} is not known here" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{env}\",\"{command}\"],"
	  "\"parts\":{\"env\":[\"{name}={json}\"]}}",
	  "/parts/env/0: {json} is not known here" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"parts\":{\"envv\":[]}}",
	  "envv" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"receipt\":\"{receipt}\"}",
	  "/receipt: \"receipt\" and {receipt} in argv go together" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{command}\",\"{receipt}\"]}",
	  "/receipt" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{command}\",\"{receipt}\"],"
	  "\"receipt\":\"/tmp/r\"}",
	  "/receipt: must be" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{command}\",\"{receipt}\"],"
	  "\"receipt\":\"{receipt}\",\"promises\":{}}",
	  "/promises" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"promises\":{\"FS-99\":\"enforced\"}}",
	  "/promises/FS-99: no such requirement" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"promises\":{\"FS-01\":\"yes\"}}",
	  "/promises/FS-01" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"needs\":{\"program\":[]}}",
	  "program" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"helpers\":[\"/usr/bin/nft\"]}",
	  "/helpers/0: must be the name of a program" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"refusedExits\":[0]}",
	  "/refusedExits/0: must be 1 to 255" },
	{ "{\"schema\":\"confine-target/1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
	  "\"refusedExits\":[1.5]}",
	  "/refusedExits/0" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"argv\":[\"{command}\"],\"argvs\":1}",
	  "argvs" },
	{ "{\"schema\":\"confine-target/"
	  "1\",\"name\":\"a\",\"name\":\"b\",\"argv\":[\"{command}\"]}",
	  "t.json" },
};

START_TEST(refuses_files)
{
	struct target target = { .name = "untouched" };
	struct err err = { 0 };

	ck_assert_msg(parse(faults[_i].text, &target, &err) == -1, "%s", faults[_i].text);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, faults[_i].place) != NULL, "%s, not %s", err.msg,
		      faults[_i].place);
	ck_assert_str_eq(target.name, "untouched");
	release();
}
END_TEST

START_TEST(promises_of_a_file)
{
	struct target target;
	struct err err = { 0 };

	ck_assert_int_eq(parse("{\"schema\":\"confine-target/"
			       "1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
			       "\"promises\":{\"FS-01\":\"degraded\",\"*\":\"enforced\"},"
			       "\"refusedExits\":[1,125],\"helpers\":[\"nft\"]}",
			       &target, &err),
			 0);
	ck_assert_str_eq(target.helpers[0], "nft");
	ck_assert_ptr_null(target.helpers[1]);
	ck_assert_int_eq(statement_promise(&target, NULL, requirement_find("FS-01")),
			 PROMISE_DEGRADED);
	ck_assert_int_eq(statement_promise(&target, NULL, requirement_find("RPT-22")),
			 PROMISE_ENFORCED);
	ck_assert(target_is_refusal(&target, 125) && !target_is_refusal(&target, 2));
	ck_assert_str_eq(target.title, "a");
	ck_assert_int_eq(parse("{\"schema\":\"confine-target/"
			       "1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
			       "\"promises\":{}}",
			       &target, &err),
			 0);
	ck_assert_int_eq(target.stated_by, STATED_BY_FILE);
	ck_assert_int_eq(statement_promise(&target, NULL, requirement_find("FS-01")),
			 PROMISE_NOTHING);
	ck_assert_int_eq(parse("{\"schema\":\"confine-target/"
			       "1\",\"name\":\"a\",\"argv\":[\"{command}\"]}",
			       &target, &err),
			 0);
	ck_assert_int_eq(statement_promise(&target, NULL, requirement_find("FS-01")),
			 PROMISE_UNSTATED);
	release();
}
END_TEST

START_TEST(promises_of_a_receipt)
{
	static const char text[] =
		"{\"promises\":{\"FS-01\":\"enforced\",\"FS-02\":\"degraded\","
		"\"FS-03\":\"maybe\",\"NET-01\":true},"
		"\"mechanism\":{\"filesystem\":\"pivot_root\"}}";
	struct target target = { .stated_by = STATED_BY_RECEIPT };
	owned_json struct json *receipt = NULL;
	struct err err = { 0 };

	ck_assert_int_eq(json_parse("receipt", text, sizeof(text) - 1, &json_small,
				    &receipt, &err),
			 0);
	ck_assert_int_eq(statement_promise(&target, receipt, requirement_find("FS-01")),
			 PROMISE_ENFORCED);
	ck_assert_int_eq(statement_promise(&target, receipt, requirement_find("FS-02")),
			 PROMISE_DEGRADED);
	ck_assert_int_eq(statement_promise(&target, receipt, requirement_find("FS-03")),
			 PROMISE_NOTHING);
	ck_assert_int_eq(statement_promise(&target, receipt, requirement_find("NET-01")),
			 PROMISE_NOTHING);
	ck_assert_int_eq(statement_promise(&target, NULL, requirement_find("FS-01")),
			 PROMISE_NOTHING);
	ck_assert_str_eq(statement_mechanism(receipt, LAYER_FILESYSTEM), "pivot_root");
	ck_assert_ptr_null(statement_mechanism(receipt, LAYER_NETWORK));
	ck_assert_ptr_null(statement_mechanism(NULL, LAYER_NETWORK));
}
END_TEST

/* --- expansion --------------------------------------------------------------------------- */

static const char *const command[] = { "/bin/sh", "/p/x y.sh", NULL };

static const struct target_fill full_fill = {
	.confine = "/c/confine",
	.scratch = "/s",
	.probes = "/p",
	.policy = "/policy.json",
	.receipt = "/r",
	.command = command,
	.sets = (const struct target_pair[]){ { "/a", "1" }, { "/b", "\"x\"" } },
	.set_count = 2,
	.env = (const struct target_pair[]){ { "A", "1 2" } },
	.env_count = 1,
	.timeout_seconds = 7,
};

static const char *expanded(const struct target *target, const struct target_fill *fill,
			    struct err *err)
{
	const char *const *argv;
	owned_str struct str text = { 0 };

	if (target_expand(target, fill, &arena, &argv, err) < 0)
		return NULL;
	for (size_t i = 0; argv[i]; i++)
		str_addf(&text, "%s%s", i > 0 ? "|" : "", argv[i]);
	return arena_strdup(&arena, str_text(&text));
}

START_TEST(expands_confine)
{
	struct target target;
	struct target_fill fill = full_fill;
	struct err err = { 0 };

	ck_assert_int_eq(
		targets_find("confine", targets_directory(), &arena, &target, &err), 0);
	ck_assert_str_eq(expanded(&target, &fill, &err),
			 "/c/confine|run|--policy|/policy.json|--set|/filesystem/"
			 "readOnly=[\"/p\"]|--set|/a=1|--set|/b=\"x\"|--scratch|/s|--env|"
			 "A=1 2|--timeout|7s|--report|/r|--|/bin/sh|/p/x y.sh");
	fill = (struct target_fill){
		.confine = "/c", .probes = "/p", .receipt = "/r", .command = command
	};
	ck_assert_str_eq(
		expanded(&target, &fill, &err),
		"/c|run|--set|/filesystem/readOnly=[\"/p\"]|--report|/r|--|/bin/sh|"
		"/p/x y.sh");
	fill.confine = NULL;
	ck_assert_ptr_null(expanded(&target, &fill, &err));
	ck_assert_int_eq(err.code, ERR_UNSUPPORTED);
	release();
}
END_TEST

START_TEST(says_what_a_target_cannot)
{
	struct target target;
	struct target_fill fill = { .probes = "/p", .scratch = "/s", .command = command };
	struct err err = { 0 };

	ck_assert_int_eq(targets_find("bubblewrap-hardened", targets_directory(), &arena,
				      &target, &err),
			 0);
	ck_assert_ptr_nonnull(strstr(expanded(&target, &fill, &err),
				     "--bind|/s|/s|--chdir|/s|--|/bin/sh|/p/x y.sh"));
	fill.timeout_seconds = 3;
	ck_assert_ptr_null(expanded(&target, &fill, &err));
	ck_assert_str_eq(err.msg, "target bubblewrap-hardened takes no {timeout}");
	fill.timeout_seconds = 0;
	fill.policy = "/x";
	ck_assert_ptr_null(expanded(&target, &fill, &err));
	fill.policy = NULL;
	fill.scratch = NULL;
	ck_assert_ptr_null(expanded(&target, &fill, &err));
	ck_assert_int_eq(err.code, ERR_UNSUPPORTED);
	release();
}
END_TEST

START_TEST(command_lines)
{
	struct target target;
	struct target_fill fill = {
		.probes = "/p", .scratch = "/s", .receipt = "/r", .command = command
	};
	struct err err = { 0 };

	ck_assert_int_eq(targets_from_command("box --rw {scratch} -- {command}", &arena,
					      &target, &err),
			 0);
	ck_assert_int_eq(target.stated_by, STATED_BY_NOTHING);
	ck_assert(!target.has_own_scratch);
	ck_assert_str_eq(expanded(&target, &fill, &err),
			 "box|--rw|/s|--|/bin/sh|/p/x y.sh");
	ck_assert_int_eq(targets_from_command("sh -c 'exec box {command}; {x y}'", &arena,
					      &target, &err),
			 0);
	ck_assert(target.has_own_scratch);
	ck_assert_str_eq(expanded(&target, &fill, &err),
			 "sh|-c|exec box /bin/sh '/p/x y.sh'; {x y}");
	ck_assert_int_eq(
		targets_from_command("confine run --report {receipt} -- {command}",
				     &arena, &target, &err),
		0);
	ck_assert_int_eq(target.stated_by, STATED_BY_RECEIPT);
	release();
}
END_TEST

START_TEST(refuses_command_lines)
{
	static const char *const texts[] = { "",
					     "box",
					     "box | {command}",
					     "A=1 {command}",
					     "box {env} {command}",
					     "box '{command}" };
	struct target target;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_msg(targets_from_command(texts[i], &arena, &target, &err) == -1,
			      "%s", texts[i]);
	release();
}
END_TEST

START_TEST(shipped_targets)
{
	static const char *const names[] = { "confine", "none", "bubblewrap",
					     "bubblewrap-hardened" };
	struct target target;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		ck_assert_msg(targets_find(names[i], targets_directory(), &arena, &target,
					   &err) == 0,
			      "%s", err.msg);
		ck_assert_str_eq(target.name, names[i]);
	}
	ck_assert_int_eq(
		targets_find("nosuch", targets_directory(), &arena, &target, &err), -1);
	ck_assert_str_eq(err.msg,
			 "unknown target nosuch: bubblewrap-hardened, bubblewrap, "
			 "confine, none, or the path of a file");
	ck_assert_int_eq(
		targets_find("./nosuch.json", targets_directory(), &arena, &target, &err),
		-1);
	release();
}
END_TEST

START_TEST(missing_programs)
{
	struct target target;
	struct err err = { 0 };

	ck_assert_int_eq(parse("{\"schema\":\"confine-target/"
			       "1\",\"name\":\"a\",\"argv\":[\"{command}\"],"
			       "\"needs\":{\"programs\":[\"sh\",\"/bin/"
			       "sh\",\"no-such-program\"]}}",
			       &target, &err),
			 0);
	ck_assert_str_eq(targets_missing_program(&target), "no-such-program");
	target.needs = (const char *const[]){ "sh", NULL };
	ck_assert_ptr_null(targets_missing_program(&target));
	release();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("target");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, splits_words, 0, (int)ARRAY_SIZE(splits));
	tcase_add_test(cases, refuses_shell_syntax);
	tcase_add_test(cases, quotes_back);
	tcase_add_loop_test(cases, refuses_files, 0, (int)ARRAY_SIZE(faults));
	tcase_add_test(cases, promises_of_a_file);
	tcase_add_test(cases, promises_of_a_receipt);
	tcase_add_test(cases, expands_confine);
	tcase_add_test(cases, says_what_a_target_cannot);
	tcase_add_test(cases, command_lines);
	tcase_add_test(cases, refuses_command_lines);
	tcase_add_test(cases, shipped_targets);
	tcase_add_test(cases, missing_programs);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
