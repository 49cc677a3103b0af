/* SPDX-License-Identifier: Apache-2.0 */
/* A good document, then the same with one thing wrong: every fault has its place in the error. */
#include "reports/read.h"
#include "reports/tests/sample.h"
#include "runner/base/str.h"
#include <check.h>

static int read_tree(struct json *document, struct results *results, struct err *err)
{
	char *text = json_print(document, false);
	int status = read_text("r.json", text, strlen(text), results, err);

	free(text);
	return status;
}

START_TEST(test_good)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	owned_results struct results results = { 0 };
	struct err err = { 0 };

	ck_assert_msg(read_tree(document, &results, &err) == 0, "%s", err.msg);
	json_delete(&document);
	ck_assert(results.complete && !results.partial);
	ck_assert_str_eq(results.hostname, "host-a");
	ck_assert_uint_eq(results.host_count, 7);
	ck_assert_str_eq(results.host[0].name, "kernel");
	ck_assert_str_eq(results.host[4].value, "2");
	ck_assert_str_eq(results.host[6].value, "true");
	ck_assert_uint_eq(results.run.fail_on, FAIL_ON_DEGRADED);
	ck_assert_ptr_null(results.policy.sha256);
	ck_assert_uint_eq(results.requirement_count, SAMPLE_ROWS);
	ck_assert_uint_eq(results.probe_count, 5);
	ck_assert_ptr_eq(results.probes[1].requirement, &results.requirements[1]);
	ck_assert_str_eq(results.probes[1].attack.word, "EROFS");
	ck_assert_str_eq(results.probes[1].evidence[0].value, "unchanged");
	ck_assert_uint_eq(results.layers[LAYER_FILESYSTEM].required, 2);
	ck_assert_str_eq(results.layers[LAYER_IPC].mechanism, "a wall");
}
END_TEST

/* path, JSON put there (NULL: taken away), part of the error. */
static const struct {
	const char *path, *json, *error;
} faults[] = {
	{ "schema", NULL, "/schema: must be \"confine-results/1\"" },
	{ "schema", "\"confine-results/2\"", "/schema: must be" },
	{ "schema", "1", "/schema: must be a string" },
	{ "complete", "1", "/complete: must be true or false" },
	{ "complete", NULL, "/complete: must be there" },
	{ "complete", "null", "/complete: must be there" },
	{ "tool", NULL, "/tool: must be there" },
	{ "tool", "[]", "/tool: must be an object" },
	{ "tool/version", "\"\"", "/tool/version: must be 1 to 255 bytes" },
	{ "run/id", "\"a b\"", "/run/id: must be an id" },
	{ "run/id", "\"../x\"", "/run/id: must be an id" },
	{ "run/started", "\"2026-13-02T03:04:05Z\"", "/run/started: must be a time" },
	{ "run/started", "\"2026-02-29T03:04:05Z\"", "/run/started: must be a time" },
	{ "run/started", "\"2026-01-02T24:00:00Z\"", "/run/started: must be a time" },
	{ "run/started", "\"2026-01-02T03:04:05+01:00\"",
	  "/run/started: must be a time" },
	{ "run/started", "\"2026-01-02T03:04:05.5Z\"", "/run/started: must be a time" },
	{ "run/started", "\"\"", "/run/started: must be a time" },
	{ "run/started", "null", "/run/started: must be there" },
	{ "run/seconds", "-1", "/run/seconds: must be a number of seconds" },
	{ "run/seconds", "1e10", "/run/seconds: must be a number of seconds" },
	{ "run/seconds", "\"1\"", "/run/seconds: must be a number of seconds" },
	{ "run/require", "0", "/run/require: must be an integer from 1 to 3" },
	{ "run/require", "1.5", "/run/require: must be an integer" },
	{ "run/invoker", "null", "/run/invoker: must be" },
	{ "run/invoker/uid", "-1", "/run/invoker/uid: must be an integer" },
	{ "run/failOn", "[\"degraded\"]", "/run/failOn: must be a beginning of" },
	{ "run/failOn", "[\"breached\",1]", "/run/failOn: must be a beginning of" },
	{ "run/failOn", "[\"breached\",\"untestable\",\"degraded\",\"open\"]",
	  "/run/failOn: has 4 items, at most 3" },
	{ "run/failOn", NULL, "/run/failOn: must be there" },
	{ "host", "{}", "/host/hostname: must be there" },
	{ "host/hostname", "\"\"", "/host/hostname: must be 1 to 255" },
	{ "host/hostname", "7", "/host/hostname: must be a string" },
	{ "target/statedBy", "\"me\"",
	  "must be one of \"receipt\", \"file\", \"nothing\"" },
	{ "policy/sha256", "\"x y\"", "/policy/sha256: must be an id" },
	{ "policy/refusedUnderFail", "1", "/policy/refusedUnderFail: must be true or" },
	{ "runControl/ok", NULL, "/runControl/ok: must be there" },
	{ "runControl/leaky", "\"enforced\"", "/runControl/ok: is true, but leaky" },
	{ "runControl/leaky", "null", "/runControl/ok: is true, but leaky" },
	{ "runControl/leaky", "\"untestable\"", "/runControl/ok: is true, but leaky" },
	{ "runControl/denyAll", "\"untestable\"",
	  "/runControl/ok: is true, but denyAll" },
	{ "runControl",
	  "{\"ok\":true,\"leaky\":\"untestable\",\"denyAll\":\"untestable\","
	  "\"silent\":\"untestable\"}",
	  "/probes/0/verdict: was tried, and the run control could not be" },
	{ "runControl/denyAll", "\"enforced\"", "/runControl/ok: is true, but denyAll" },
	{ "runControl/silent", "\"open\"", "/runControl/ok: is true, but silent" },
	{ "runControl/silent", "\"maybe\"", "/runControl/silent: must be one of" },
	{ "parity/differences", "{}", "/parity/differences: must be an array" },
	{ "requirements", "{}", "/requirements: must be an array" },
	{ "requirements", NULL, "/requirements: must be there" },
	{ "requirements/0", "[]", "/requirements/0: must be an object" },
	{ "requirements/0/id", "\"fs-1\"", "/requirements/0/id: must be the id of" },
	{ "requirements/0/id", "\"FS-03\"", "/requirements: id \"FS-03\" comes twice" },
	{ "requirements/0/id", "\"XX-99\"",
	  "/probes/0/requirement: \"RES-01\" is not among" },
	{ "requirements/0/layer", "\"files\"", "/requirements/0/layer: must be one of" },
	{ "requirements/0/level", "4", "/requirements/0/level: must be an integer" },
	{ "requirements/0/level", "2", "/probes/0/level: is not what its requirement" },
	{ "requirements/0/verdict", "\"ok\"", "/requirements/0/verdict: must be one of" },
	{ "requirements/0/verdict", "\"degraded\"",
	  "/requirements/0/verdict: degraded is not the worst" },
	{ "requirements/0/verdict", "null",
	  "/requirements/0/verdict: null is not the worst" },
	{ "requirements/0/verdict", "\"breached\"",
	  "/requirements/0/verdict: breached is not the worst" },
	{ "requirements/0/must", "false", "/requirements/0/required: does not follow" },
	{ "probes/1/required", "false", "/probes/1/required: is not what its" },
	{ "requirements/6/required", "true",
	  "/requirements/6/required: does not follow" },
	{ "probes", "7", "/probes: must be an array" },
	{ "probes/1/id", "\"resources.probe-0\"",
	  "/probes: id \"resources.probe-0\" comes twice" },
	{ "probes/1/id", "\"\"", "/probes/1/id: must be an id" },
	{ "probes/1/id", "\"-x\"", "/probes/1/id: must be an id" },
	{ "probes/1/layer", "\"report\\u202e\"", "must be one of" },
	{ "probes/1/verdict", "null", "/probes/1/verdict: must be there" },
	{ "probes/1/verdict", "\"waived\"",
	  "/probes/1/verdict: must be one of \"breached" },
	{ "probes/1/verdict", "\"not-applicable\"",
	  "/probes/1/verdict: \"not-applicable\" is better than what was seen (held)" },
	{ "probes/1/seen", "\"leaked\"", "/probes/1/verdict: \"enforced\" is better" },
	{ "probes/1/seen", "\"ours-broke\"",
	  "/probes/1/verdict: \"enforced\" is better" },
	{ "probes/1/promised", "\"degraded\"",
	  "/probes/1/verdict: \"enforced\" is better" },
	{ "probes/1/promised", "\"nothing\"",
	  "/probes/1/verdict: \"enforced\" is better" },
	{ "probes/1/class", "\"Z\"", "/probes/1/class: must be one of" },
	{ "probes/1/scope", "\"moon\"", "/probes/1/scope: must be one of" },
	{ "probes/1/seconds", "true", "/probes/1/seconds: must be a number" },
	{ "probes/1/attempts", "-3", "/probes/1/attempts: must be an integer" },
	{ "probes/1/reason", NULL, "/probes/1/reason: must be there" },
	{ "probes/1/reason", "[1]", "/probes/1/reason: must be a string" },
	{ "probes/1/arms", "[]", "/probes/1/arms: must be an object" },
	{ "probes/1/arms/reach", "1", "/probes/1/arms/reach: must be an object" },
	{ "probes/1/arms/attack/said", "\"ha\"", "/probes/1/arms/attack/said: must be" },
	{ "probes/1/arms/attack/seconds", "-1", "/probes/1/arms/attack/seconds: must" },
	{ "probes/1/falseClaim", "true", "/probes/1/falseClaim: must be false" },
	{ "probes/1/arms", NULL, "/probes/1/arms/reach/ran: must be true" },
	{ "probes/1/arms/reach", NULL, "/probes/1/arms/reach/ran: must be true" },
	{ "probes/1/arms/reach/ran", "false", "/probes/1/arms/reach/ran: must be true" },
	{ "probes/1/arms/reach/said", "\"denied\"",
	  "/probes/1/arms/reach/said: is \"denied\"" },
	{ "probes/1/arms/reach/timedOut", "true",
	  "/probes/1/arms/reach/timedOut: must be false" },
	{ "probes/1/arms/attack", NULL, "/probes/1/arms/attack/ran: must be true" },
	{ "probes/1/arms/attack/ran", "false",
	  "/probes/1/arms/attack/ran: must be true" },
	{ "probes/1/arms/attack/said", "\"reached\"",
	  "/probes/1/arms/attack/said: is not how" },
	{ "probes/1/arms/attack/said", "\"cannot-tell\"",
	  "/probes/1/arms/attack/said: is not how" },
	{ "probes/1/arms/attack/timedOut", "true",
	  "/probes/1/arms/attack/timedOut: must be false" },
	{ "probes/1/arms/liveness", "1", "/probes/1/arms/liveness: must be an object" },
	{ "probes/1/arms/liveness", "{}", "/probes/1/arms/liveness/ok: must be there" },
	{ "probes/1/arms/liveness/ok", "false",
	  "/probes/1/arms/liveness/ok: must be true" },
	{ "requirements/1/falseClaim", "true", "/requirements/1/falseClaim: is true" },
	{ "probes/1/evidence", "{}", "/probes/1/evidence: must be an array" },
	{ "probes/1/evidence/0", "3", "/probes/1/evidence/0: must be an object" },
	{ "probes/1/evidence/0/name", "\"\"", "/probes/1/evidence/0/name: must be" },
	{ "layers", "{}", "/layers: must be an array" },
	{ "layers/0/layer", "\"filesystem\"",
	  "/layers/1/layer: \"filesystem\" comes twice" },
	{ "layers/0/layer", "\"cellar\"", "/layers/0/layer: must be one of" },
	{ "layers/1/required", "3", "/layers (filesystem)/required: says 3, its rows" },
	{ "layers/1/tested", "1",
	  "/layers (filesystem)/tested: says 1, its rows make 2" },
	{ "layers/1/probes", "9",
	  "/layers (filesystem)/probes: says 9, its rows make 2" },
	{ "layers/1/counts", NULL, "/layers/1/counts: must be there" },
	{ "layers/1/counts/open", NULL, "/layers/1/counts/open: must be there" },
	{ "layers/1/counts/enforced", "3", "/counts/enforced: says 3, its rows make 2" },
	{ "layers/1/counts/breached", "1e9", "must be an integer from 0 to 1000" },
	{ "coverage/required", "14", "/coverage/required: says 14, its rows make 5" },
	{ "coverage/tested", "4", "/coverage/tested: says 4, its rows make 5" },
	{ "counts", "[]", "/counts: must be an object" },
	{ "counts/open", NULL, "/counts/open: must be there" },
	{ "counts/enforced", "4", "/counts/enforced: says 4, its rows make 5" },
	{ "counts/breached", "1", "/counts/breached: says 1, its rows make 0" },
	{ "counts/probes", "6", "/counts/probes: says 6, its rows make 5" },
	{ "counts/selected", "6", "/counts/selected: says 6, its rows make 5" },
	{ "counts/catalogue", "9", "/counts/catalogue: says 9, its rows make 5" },
	{ "level/reached", "2", "/level/reached: says 2, its rows make 1" },
	{ "outcome", "{}", "/outcome/exit: must be there" },
	{ "outcome/word", "\"breached\"",
	  "/outcome/word: is not the word of exit 0, which is \"pass\"" },
	{ "outcome/word", "1", "/outcome/word: must be a string" },
	{ "outcome/exit", "256", "/outcome/exit: must be an integer from 0 to 255" },
};

START_TEST(test_fault)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	struct results results = { 0 };
	struct err err = { 0 };
	int status;

	sample_put(document, faults[_i].path, faults[_i].json);
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_msg(status < 0, "%s %s is taken", faults[_i].path, faults[_i].json);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_msg(strstr(err.msg, faults[_i].error) != NULL, "%s %s: %s",
		      faults[_i].path, faults[_i].json, err.msg);
	ck_assert_msg(str_has_prefix(err.msg, "r.json: "), "%s", err.msg);
	ck_assert_ptr_null(strpbrk(err.msg, "\n\x1b"));
	ck_assert_ptr_null(results.document); /* zeroed again */
}
END_TEST

/* A false claim must be called one, also where the verdict is right. */
START_TEST(test_false_claim_must_be_said)
{
	struct sample_probe probe = { 1, SEEN_LEAKED, PROMISE_ENFORCED };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	struct json *document;
	int status;

	sample.probes = &probe;
	sample.count = 1;
	document = sample_document(&sample);
	sample_put(document, "probes/0/falseClaim", "false");
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_int_eq(status, -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "/probes/0/falseClaim: must be true"));
}
END_TEST

START_TEST(test_false_claim_is_its_requirements)
{
	struct sample_probe probe = { 1, SEEN_LEAKED, PROMISE_ENFORCED };
	struct sample sample = sample_good();
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	struct json *document;
	int status;

	sample.probes = &probe;
	sample.count = 1;
	document = sample_document(&sample);
	sample_put(document, "requirements/1/falseClaim", "false");
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.msg, "/requirements/1/falseClaim: must be true") != NULL,
		      "%s", err.msg);
}
END_TEST

/* What the suite gives as the reason of what was held, and the arms that lead there. */
static const struct {
	const char *reason, *said;
	bool alive, taken;
} helds[] = {
	{ "refused: EROFS", "denied", true, true },
	{ "refused", "denied", true, true },
	{ "refused: EROFS; first attempt: no answer in time", "denied", true, true },
	{ "refused: EROFS", "nothing", true, false },
	{ "refused before anything ran: no user namespaces", "nothing", false, true },
	{ "refused before anything ran", "nothing", true, false },
	{ "refused before anything ran", "denied", false, false },
	{ "stopped by a signal: SIGSYS", "nothing", true, true },
	{ "stopped by a signal: SIGSYS", "nothing", false, false },
	{ "stopped by a signal: SIGSYS", "reached", true, false },
	{ "the launcher ended the run: SIGKILL", "nothing", true, true },
	{ "the launcher ended the run: SIGKILL", "reached", true, false },
	{ "stopped at the stated ceiling, as counted outside", "cannot-tell", true,
	  true },
	{ "stopped at the stated ceiling, as counted outside", "denied", true, true },
	{ "stopped at the stated ceiling, as counted outside", "nothing", false, false },
	{ "no effect outside, where the same act was seen before", "reached", true,
	  true },
	{ "no effect outside, where the same act was seen before", "nothing", true,
	  true },
	{ "no effect outside, where the same act was seen before", "denied", true,
	  false },
	{ "no effect outside, where the same act was seen before", "reached", false,
	  false },
	{ "in other words", "denied", true, true },
	{ "in other words", "nothing", true, true },
	{ "in other words", "reached", true, false },
	{ "in other words", "nothing", false, false },
};

START_TEST(test_held)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	int status;

	sample_put_text(document, "probes/1/reason", helds[_i].reason);
	sample_put_text(document, "probes/1/arms/attack/said", helds[_i].said);
	sample_put(document, "probes/1/arms/liveness/ok",
		   helds[_i].alive ? "true" : "false");
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_msg((status == 0) == helds[_i].taken, "%s, %s: %s", helds[_i].reason,
		      helds[_i].said, status ? err.msg : "is taken");
}
END_TEST

/* An older record has no liveness and no word of the status. */
START_TEST(test_older)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	int status;

	sample_put(document, "outcome/word", NULL);
	for (size_t i = 0; i < sample.count; i++) {
		char path[40];

		(void)snprintf(path, sizeof(path), "probes/%zu/arms/liveness", i);
		sample_put(document, path, NULL);
	}
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_msg(status == 0, "%s", err.msg);
}
END_TEST

/* A target that refused to start ran no script. */
START_TEST(test_refused)
{
	static const char *const faults_of_it[][3] = {
		{ "probes/0/arms/liveness/ok", "true", "/ok: must be false: it refused" },
		{ "probes/0/arms/attack/said", "\"reached\"", "/said: is \"reached\"" },
	};
	struct sample_probe probe = { 1, SEEN_REFUSED, PROMISE_ENFORCED };
	struct sample sample = sample_good();

	sample.probes = &probe;
	sample.count = 1;
	for (size_t i = 0; i < sizeof(faults_of_it) / sizeof(faults_of_it[0]); i++) {
		struct json *document = sample_document(&sample);
		owned_results struct results results = { 0 };
		struct err err = { 0 };

		ck_assert_msg(read_tree(document, &results, &err) == 0, "%s", err.msg);
		results_done(&results);
		sample_put(document, faults_of_it[i][0], faults_of_it[i][1]);
		ck_assert_int_eq(read_tree(document, &results, &err), -1);
		json_delete(&document);
		ck_assert_msg(strstr(err.msg, faults_of_it[i][2]) != NULL, "%s", err.msg);
	}
}
END_TEST

/* Bytes that are no document, or none that strict JSON has. */
static const struct {
	const char *text;
	size_t length; /* 0: strlen */
} broken[] = {
	{ "", 0 },
	{ "{", 0 },
	{ "[]", 0 },
	{ "null", 0 },
	{ "\"confine-results/1\"", 0 },
	{ "{\"schema\":\"confine-results/1\"}", 0 },
	{ "{\"schema\":\"confine-results/1\",\"schema\":\"confine-results/1\"}", 0 },
	{ "{\"schema\":\"confine-results/1\\u0000\"}", 0 },
	{ "{\"schema\":\"\xff\"}", 0 },
	{ "{\"schema\":\"\xed\xa0\x80\"}", 0 },
	{ "{\"schema\":\"\x1b\"}", 0 },
	{ "{\"a\":01}", 0 },
	{ "{\"a\":1e400}", 0 },
	{ "{}{}", 0 },
	{ "{}\0{}", 5 },
	{ "\xef\xbb\xbf{}", 0 },
	{ "<testsuites/>", 0 },
};

START_TEST(test_broken)
{
	size_t length = broken[_i].length ? broken[_i].length : strlen(broken[_i].text);
	struct results results = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(read_text("r.json", broken[_i].text, length, &results, &err),
			 -1);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_ptr_null(strpbrk(err.msg, "\n\x1b\xff"));
	ck_assert_ptr_null(results.document);
}
END_TEST

/* No prefix of a good document is one. */
START_TEST(test_cut)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	char *text = json_print(document, false);
	size_t length = strlen(text);

	json_delete(&document);
	for (size_t cut = 0; cut<length; cut += length> 500 ? 37 : 1) {
		struct results results = { 0 };
		struct err err = { 0 };

		ck_assert_int_eq(read_text("r.json", text, cut, &results, &err), -1);
	}
	free(text);
}
END_TEST

/* More rows than are read: one line, not a long wait. */
static void check_many(const char *list, size_t count, const char *error)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample),
		    *array = sample_at(document, list);
	struct results results = { 0 };
	struct err err = { 0 };
	int status;

	for (size_t i = 0; i < count; i++)
		json_append(array, json_null());
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_int_eq(status, -1);
	ck_assert_msg(strstr(err.msg, error) != NULL, "%s", err.msg);
}

START_TEST(test_sizes)
{
	check_many("probes", READ_PROBES_MAX, "/probes: has 10005 items, at most 10000");
	check_many("requirements", READ_REQUIREMENTS_MAX,
		   "/requirements: has 1009 items");
	check_many("layers", 1, "/layers: has 12 items, at most 11");
	check_many("probes/0/evidence", READ_LIST_MAX,
		   "/probes/0/evidence: has 1001 items");
	check_many("parity/differences", READ_LIST_MAX + 1,
		   "/parity/differences: has 1001");
}
END_TEST

START_TEST(test_long_texts)
{
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	const size_t size = 20U << 20;
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	char *text = malloc(size + 1);
	int status;

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', size);
	text[size] = '\0';
	sample_put_text(document, "probes/1/reason", text); /* free text may be long */
	status = read_tree(document, &results, &err);
	ck_assert_msg(status == 0, "%s", err.msg);
	results_done(&results);
	sample_put_text(document, "probes/1/id", text); /* an id may not */
	ck_assert_int_eq(read_tree(document, &results, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "/probes/1/id: must be an id"));
	ck_assert_uint_lt(strlen(err.msg), 400);
	json_delete(&document);
	free(text);
}
END_TEST

/* Unknown members are left alone, wherever they stand. */
START_TEST(test_unknown_members)
{
	static const char *const places[] = { "future",          "run/future",
					      "probes/1/future", "requirements/1/future",
					      "layers/1/future", "probes/1/arms/future" };
	struct sample sample = sample_good();
	struct json *document = sample_document(&sample);
	owned_results struct results results = { 0 };
	struct err err = { 0 };
	int status;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		sample_put(document, places[i], "{\"any\":[1,2]}");
	status = read_tree(document, &results, &err);
	json_delete(&document);
	ck_assert_msg(status == 0, "%s", err.msg);
}
END_TEST

START_TEST(test_files)
{
	struct results results = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(read_file("/does/not/exist.json", &results, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "/does/not/exist.json"));
	ck_assert_int_eq(read_file("/", &results, &err), -1);
	ck_assert_int_eq(read_file("/dev/null", &results, &err), -1);
	ck_assert_ptr_null(results.document);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("read");
	TCase *tcase = tcase_create("documents");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_good);
	tcase_add_loop_test(tcase, test_fault, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tcase, test_false_claim_must_be_said);
	tcase_add_test(tcase, test_false_claim_is_its_requirements);
	tcase_add_loop_test(tcase, test_held, 0, sizeof(helds) / sizeof(helds[0]));
	tcase_add_test(tcase, test_older);
	tcase_add_test(tcase, test_refused);
	tcase_add_loop_test(tcase, test_broken, 0, sizeof(broken) / sizeof(broken[0]));
	tcase_add_test(tcase, test_cut);
	tcase_add_test(tcase, test_sizes);
	tcase_add_test(tcase, test_long_texts);
	tcase_add_test(tcase, test_unknown_members);
	tcase_add_test(tcase, test_files);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
