/* SPDX-License-Identifier: Apache-2.0 */
/* The record: what is in it, that it is written whole, and that no text can break it. */
#include "conformance/document.h"
#include "conformance/matrix.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PROBES = 3,
};

static const char *const nothing[] = { NULL };
static const char *const words[] = { "confine", "check", "--only", "x\x1b[31m\xff",
				     NULL };
static const char *mechanisms[LAYER_COUNT];
static const char *const *probes_of[64];
static struct probe probes[PROBES];
static struct result_probe found[PROBES];
static struct target target = { .name = "confine",
				.title = "the reference runner",
				.stated_by = STATED_BY_RECEIPT };
static const struct result_evidence evidence[] = { { "canary", "unchanged" } };

static void fill_probe(size_t i, const char *id, const char *requirement, enum seen seen)
{
	enum promise promise = PROMISE_ENFORCED;

	probes[i] = (struct probe){
		.id = id,
		.title = "Try it",
		.requirement = requirement_find(requirement),
		.layer = requirement_find(requirement)->layer,
		.what = "what",
		.why = "why",
		.remedy = "remedy",
	};
	found[i] = (struct result_probe){
		.probe = &probes[i],
		.promise = promise,
		.outcome = { .verdict = verdict_cell(seen, promise, true, false),
			     .if_required = verdict_cell(seen, promise, true, false),
			     .seen = seen,
			     .false_claim = seen == SEEN_LEAKED,
			     .reason = "refused: EROFS" },
		.mechanism = "EROFS: read-only mount",
		.scope = "host",
		.seconds = 0.1234567,
		.attempts = 1,
		.reach = { .ran = true,
			   .said = SAID_REACHED,
			   .word = "-",
			   .seconds = 0.01 },
		.attack = { .ran = true,
			    .said = SAID_DENIED,
			    .word = "EROFS",
			    .exit = -1,
			    .signal = "SIGKILL" },
		.alive = true,
		.evidence = evidence,
		.evidence_count = 1,
		.repeat = "confine check --only x",
	};
}

static struct results sample(void)
{
	for (size_t i = 0; i < LAYER_COUNT; i++)
		mechanisms[i] = "";
	for (size_t i = 0; i < requirement_count; i++)
		probes_of[i] = nothing;
	fill_probe(0, "filesystem.a", "FS-01", SEEN_HELD);
	fill_probe(1, "network.a", "NET-01", SEEN_OURS_BROKE);
	fill_probe(2, "ipc.a", "IPC-11", SEEN_LEAKED);
	return (struct results){
		.run = { .id = "00112233445566778899aabbccddeeff",
			 .started = { .tv_sec = 1 },
			 .seconds = 1.5,
			 .command_line = words,
			 .uid = 1000,
			 .gid = 1000,
			 .require = 1,
			 .fail_on = FAIL_ON_UNTESTABLE,
			 .only = nothing,
			 .skip = nothing,
			 .jobs = 1 },
		.host = { .hostname = "host",
			  .kernel = "6.1",
			  .machine = "x86_64",
			  .os = "Debian",
			  .lsm = "landlock",
			  .cgroup = "v2 pids",
			  .landlock_abi = 4 },
		.target = &target,
		.target_version = "0.1.0",
		.policy_source = "built-in default",
		.control = { .ok = true,
			     .leaky = VERDICT_BREACHED,
			     .deny_all = VERDICT_ERROR,
			     .silent = VERDICT_ERROR,
			     .reason = "" },
		.parity_ok = true,
		.parity_differences = nothing,
		.probes = found,
		.probe_count = PROBES,
		.mechanisms = mechanisms,
		.probes_of = probes_of,
	};
}

static const struct json *at(const struct json *object, const char *path)
{
	owned_mem char *copy = strdup(path);
	char *rest = copy, *key;

	while ((key = strsep(&rest, "/")) != NULL) {
		object = key[0] >= '0' && key[0] <= '9'
				 ? json_item(object, (size_t)atoi(key))
				 : json_member(object, key);
		ck_assert_msg(object != NULL, "%s", path);
	}
	return object;
}

static const char *text_at(const struct json *object, const char *path)
{
	const struct json *item = at(object, path);

	ck_assert_msg(json_is(item, JSON_STRING), "%s", path);
	return item->text;
}

START_TEST(document)
{
	struct results results = sample();
	owned_json struct json *root = document_build(&results);

	ck_assert_str_eq(text_at(root, "schema"), "confine-results/1");
	ck_assert(json_is(at(root, "complete"), JSON_BOOL));
	ck_assert_str_eq(text_at(root, "run/started"), "1970-01-01T00:00:01Z");
	ck_assert(json_is(at(root, "run/ended"), JSON_NULL));
	ck_assert_uint_eq(json_count(at(root, "run/failOn")), 2);
	ck_assert_str_eq(text_at(root, "run/commandLine/3"), "x\\x1b[31m\\xff");
	ck_assert_uint_eq(json_count(at(root, "requirements")), requirement_count);
	ck_assert_str_eq(text_at(root, "requirements/0/verdict"), "enforced");
	ck_assert(json_is(at(root, "requirements/1/verdict"), JSON_NULL));
	ck_assert_str_eq(text_at(root, "probes/0/mechanism"), "EROFS: read-only mount");
	ck_assert_str_eq(text_at(root, "probes/0/arms/attack/signal"), "SIGKILL");
	ck_assert(json_is(at(root, "probes/0/arms/attack/exit"), JSON_NULL));
	ck_assert_double_eq(at(root, "probes/0/seconds")->number, 0.123);
	ck_assert_str_eq(text_at(root, "probes/2/seen"), "leaked");
	ck_assert(json_is_true(at(root, "probes/2/falseClaim")));
	ck_assert_double_eq(at(root, "counts/probes")->number, PROBES);
	ck_assert_double_eq(at(root, "counts/enforced")->number, 1);
	ck_assert_double_eq(at(root, "counts/error")->number, 1);
	ck_assert_double_eq(at(root, "counts/breached")->number, 1);
	ck_assert(json_is(at(root, "run/clock/steppedSeconds"), JSON_NULL));
	ck_assert_uint_eq(json_count(at(root, "layers")), LAYER_COUNT);
	ck_assert_double_eq(at(root, "coverage/required")->number, 14);
	ck_assert_double_eq(at(root, "coverage/tested")->number,
			    2); /* FS-01 and RPT-01 */
	ck_assert_str_eq(text_at(root, "level/banner"),
			 "no level: the run was cut short");
	ck_assert_double_eq(at(root, "outcome/exit")->number, EXIT_BREACHED);
	ck_assert_ptr_nonnull(at(root, "level/missing/1"));
}
END_TEST

START_TEST(banners)
{
	struct gate_requirement rows[64];
	struct results results = sample();
	struct gate gate = { .level = 2, .requirements = rows };
	static const char *const wanted[] = {
		"no level: the run was cut short",
		"meets level 2, self-assessed; level 3 lacks SYS-22; not tested at "
		"level 3: FS-21",
		"level 0: this host has neither user namespaces nor Landlock; level 1 "
		"lacks "
		"FS-02",
		"no level: a partial run",
		"no level: the suite's shield changes this target",
		"no level: the suite's own controls did not hold",
	};

	ck_assert_uint_le(requirement_count, ARRAY_SIZE(rows));
	for (size_t i = 0; i < requirement_count; i++)
		rows[i] = (struct gate_requirement){ .if_required = VERDICT_ENFORCED };
	rows[requirement_index(requirement_find("FS-02"))].if_required = VERDICT_DEGRADED;
	rows[requirement_index(requirement_find("SYS-22"))].if_required =
		VERDICT_BREACHED;
	rows[requirement_index(requirement_find("FS-21"))].if_required = VERDICT_NONE;
	for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++) {
		owned_str struct str text = { 0 };

		results.complete = i > 0;
		gate.level = i > 1 ? 0 : 2;
		results.host.landlock_abi = 0;
		results.partial = i > 2;
		results.parity_ok = i <= 3;
		results.control.ok = i <= 4;
		results_add_banner(&text, &results, &gate);
		ck_assert_str_eq(str_text(&text), wanted[i]);
	}
}
END_TEST

static void read_back(const char *path, struct json **ret)
{
	struct err err = { 0 };

	ck_assert_msg(json_read_file(path, &json_large, ret, &err) == 0, "%s", err.msg);
}

/* Written over and over, it is always one whole document, and nothing is left beside it. */
START_TEST(replaces)
{
	char folder[] = "/tmp/confine-results.XXXXXX";
	struct results results = sample();
	struct err err = { 0 };
	char path[64];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/results.json", folder);
	for (size_t i = 0; i <= PROBES; i++) {
		owned_json struct json *root = NULL;

		results.probe_count = i;
		results.complete = i == PROBES;
		ck_assert_int_eq(document_write(&results, path, &err), 0);
		read_back(path, &root);
		ck_assert_uint_eq(json_count(at(root, "probes")), i);
		ck_assert_int_eq(json_is_true(at(root, "complete")), i == PROBES);
	}
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(document_write(&results, path, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
}
END_TEST

/* Whether a probe was printed before or is printed now, the document is the one that is built. */
START_TEST(prints_once)
{
	char path[] = "/tmp/confine-results.XXXXXX";
	struct results results = sample();
	struct result_probe with_text[PROBES];
	struct arena arena = { 0 };
	struct err err = { 0 };
	owned_json struct json *root = document_build(&results);
	owned_mem char *built = json_print(root, true);

	ck_assert_int_eq(close(mkstemp(path)), 0);
	memcpy(with_text, results.probes, sizeof(with_text));
	results.probes = with_text;
	for (size_t i = 0; i <= PROBES; i++) {
		owned_str struct str written = { 0 };

		if (i < PROBES)
			with_text[i].printed =
				document_print_probe(&results, &with_text[i], &arena);
		ck_assert_int_eq(document_write(&results, path, &err), 0);
		ck_assert_int_eq(fd_read_file(path, 1 << 20, &written, &err), 0);
		ck_assert_uint_eq(written.length, strlen(built) + 1);
		ck_assert_int_eq(memcmp(written.text, built, strlen(built)), 0);
	}
	ck_assert_int_eq(unlink(path), 0);
	arena_done(&arena);
}
END_TEST

/* Nothing that a target or a file says can move the cursor or leave its line. */
START_TEST(matrix_is_clean)
{
	struct results results = sample();
	struct style style = { .width = 80 };
	owned_str struct str text = { 0 };
	struct gate gate;

	(void)strcpy(found[1].outcome.reason, "\x1b[2J\r\n\xe2\x80\xae<evil>");
	mechanisms[LAYER_NETWORK] = "\x1b]0;title\x07";
	results.complete = true;
	results_gate(&results, &gate);
	matrix_add_subject(&text, &results, &style);
	matrix_add_layers(&text, &results, &gate, &style);
	matrix_add_findings(&text, &results, &gate, &style);
	matrix_add_summary(&text, &results, &gate, &style);
	results_gate_done(&gate);
	ck_assert_ptr_null(strchr(str_text(&text), '\x1b'));
	ck_assert_ptr_null(strchr(str_text(&text), '\r'));
	ck_assert_ptr_null(strstr(str_text(&text), "\xe2\x80\xae"));
	ck_assert_ptr_nonnull(strstr(str_text(&text), "ERROR"));
	ck_assert_ptr_nonnull(strstr(str_text(&text), "repeat  confine check --only x"));
	ck_assert_ptr_nonnull(strstr(str_text(&text), "exit 1: breached"));
}
END_TEST

/* Layer lines end at the edge of the terminal, wherever that is. */
START_TEST(matrix_fits)
{
	struct results results = sample();
	struct gate gate;

	mechanisms[LAYER_FILESYSTEM] =
		"mount namespace and pivot_root, recursively read-only, "
		"nosuid and nodev, and a good deal more than that…";
	results_gate(&results, &gate);
	for (size_t width = 70; width < 140; width++) {
		struct style style = { .width = width };
		owned_str struct str text = { 0 };

		matrix_add_layers(&text, &results, &gate, &style);
		for (char *rest = text.text, *line; (line = strsep(&rest, "\n")) != NULL;)
			ck_assert_msg(style_columns(line) <= width, "%zu: %s", width,
				      line);
	}
	results_gate_done(&gate);
}
END_TEST

START_TEST(clips_characters)
{
	owned_str struct str text = { 0 };

	style_add_clipped(&text, "äöüß", 4);
	ck_assert_str_eq(str_text(&text), "äöüß");
	str_clear(&text);
	style_add_clipped(&text, "äöüß", 3);
	ck_assert_str_eq(str_text(&text), "äö…");
	str_clear(&text);
	style_add_padded(&text, "ä", 3);
	ck_assert_str_eq(str_text(&text), "ä  ");
}
END_TEST

START_TEST(colours_only_when_told)
{
	struct style plain = { 0 }, colour = { .colour = true };
	owned_str struct str text = { 0 };

	style_add_verdict(&text, &plain, VERDICT_BREACHED, 10);
	ck_assert_str_eq(str_text(&text), "BREACHED  ");
	str_clear(&text);
	style_add_verdict(&text, &colour, VERDICT_BREACHED, 10);
	ck_assert_str_eq(str_text(&text), "\x1b[1;31mBREACHED\x1b[0m  ");
	ck_assert(!style_of(-1, COLOUR_AUTO).colour);
	ck_assert(style_of(-1, COLOUR_ALWAYS).colour);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("results");
	TCase *cases = tcase_create("cases");
	SRunner *runner;
	int failed;

	tcase_add_test(cases, document);
	tcase_add_test(cases, banners);
	tcase_add_test(cases, replaces);
	tcase_add_test(cases, matrix_is_clean);
	tcase_add_test(cases, prints_once);
	tcase_add_test(cases, matrix_fits);
	tcase_add_test(cases, clips_characters);
	tcase_add_test(cases, colours_only_when_told);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
