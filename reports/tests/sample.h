/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample - documents for the tests: whole, consistent, and made from a few facts for each probe
 *
 * The verdicts, counts and the status are worked out here in the plainest way there is, apart
 * from the code under test. Everything is static: each test program is one file.
 */
#ifndef REPORTS_TESTS_SAMPLE_H
#define REPORTS_TESTS_SAMPLE_H

#include "reports/results.h"
#include "runner/base/json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

static const struct {
	const char *id;
	int level;
	enum layer layer;
	bool must;
} sample_rows[] = {
	{ "RES-01", 1, LAYER_RESOURCES, true },  { "FS-01", 1, LAYER_FILESYSTEM, true },
	{ "FS-03", 1, LAYER_FILESYSTEM, true },  { "NET-01", 1, LAYER_NETWORK, true },
	{ "RPT-01", 1, LAYER_REPORT, true },     { "RES-11", 2, LAYER_RESOURCES, true },
	{ "NET-12", 2, LAYER_NETWORK, true },    { "SYS-21", 3, LAYER_SYSCALLS, true },
	{ "PRC-21", 3, LAYER_LIFECYCLE, false },
};
#define SAMPLE_ROWS (sizeof(sample_rows) / sizeof(sample_rows[0]))

struct sample_probe {
	size_t row; /* in sample_rows */
	enum seen seen;
	enum promise promised;
};

struct sample {
	int require;
	enum fail_on fail_on;
	enum stated_by stated_by;
	bool incomplete, partial, control_failed, parity_failed, refused_policy;
	const struct sample_probe *probes;
	size_t count;
};

/* The table of DESIGN section 1, cell by cell. */
static UNUSED enum verdict sample_verdict(const struct sample *sample,
					  const struct sample_probe *probe, bool required)
{
	if (probe->seen == SEEN_CLOSED_BY_HOST)
		return VERDICT_NOT_APPLICABLE;
	if (probe->seen == SEEN_REFUSED || probe->seen == SEEN_PREREQUISITE_MISSING)
		return VERDICT_UNTESTABLE;
	if (probe->seen == SEEN_OURS_BROKE)
		return VERDICT_ERROR;
	if (probe->seen == SEEN_TARGET_BROKE)
		return VERDICT_BREACHED;
	if (probe->seen == SEEN_LEAKED) {
		if (probe->promised == PROMISE_DEGRADED)
			return VERDICT_DEGRADED;
		return probe->promised == PROMISE_ENFORCED || required ? VERDICT_BREACHED
								       : VERDICT_OPEN;
	}
	if (sample->stated_by == STATED_BY_NOTHING || probe->promised == PROMISE_ENFORCED)
		return VERDICT_ENFORCED;
	if (probe->promised == PROMISE_DEGRADED || required)
		return VERDICT_DEGRADED;
	return VERDICT_NOT_APPLICABLE;
}

static UNUSED bool sample_required(const struct sample *sample, size_t row)
{
	return sample_rows[row].must && sample_rows[row].level <= sample->require;
}

/* Worst of a row's probes; VERDICT_NONE without. A false claim makes RPT-01 untrue. */
static UNUSED enum verdict sample_row_verdict(const struct sample *sample, size_t row,
					      bool *false_claim)
{
	enum verdict worst = VERDICT_NONE;

	*false_claim = false;
	for (size_t i = 0; i < sample->count; i++) {
		const struct sample_probe *probe = &sample->probes[i];
		bool lie =
			probe->seen == SEEN_LEAKED && probe->promised == PROMISE_ENFORCED;

		if (lie && sample->stated_by == STATED_BY_RECEIPT &&
		    strcmp(sample_rows[row].id, "RPT-01") == 0) {
			*false_claim = true;
			worst = VERDICT_BREACHED;
		}
		if (probe->row != row)
			continue;
		*false_claim |= lie;
		worst = verdict_worse(
			worst,
			sample_verdict(sample, probe, sample_required(sample, row)));
	}
	return worst;
}

/* The gate in a few plain questions; DESIGN section 5. */
static UNUSED int sample_exit(const struct sample *sample)
{
	bool breached = false, untested = false, missing = sample->partial, lie;
	bool degraded = sample->refused_policy, refused = false, nothing = true;

	for (size_t row = 0; row < SAMPLE_ROWS; row++) {
		enum verdict verdict = sample_row_verdict(sample, row, &lie);

		if (!sample_required(sample, row))
			continue;
		breached |= verdict == VERDICT_BREACHED;
		missing |= verdict == VERDICT_NONE;
		degraded |= verdict == VERDICT_DEGRADED;
	}
	for (size_t i = 0; i < sample->count; i++) {
		bool required = sample_required(sample, sample->probes[i].row);
		enum seen seen = sample->probes[i].seen;
		enum verdict verdict =
			sample_verdict(sample, &sample->probes[i], required);

		untested |= required && (seen == SEEN_OURS_BROKE ||
					 seen == SEEN_PREREQUISITE_MISSING);
		refused |= required && seen == SEEN_REFUSED;
		nothing &= seen != SEEN_REFUSED &&
			   (verdict == VERDICT_ERROR || verdict == VERDICT_UNTESTABLE ||
			    verdict == VERDICT_NOT_APPLICABLE);
	}
	if (sample->control_failed)
		return 6;
	if (breached && sample->fail_on >= FAIL_ON_BREACHED)
		return 1;
	if (sample->incomplete)
		return 4;
	if (sample->fail_on >= FAIL_ON_UNTESTABLE &&
	    (untested || ((missing || sample->parity_failed) && !nothing)))
		return 4;
	if (nothing)
		return 5;
	if (refused && sample->fail_on >= FAIL_ON_UNTESTABLE)
		return 3;
	return degraded && sample->fail_on >= FAIL_ON_DEGRADED ? 3 : 0;
}

/* --- the document --- */

static void add_word(struct json *object, const char *key, const char *word)
{
	if (word)
		json_add_string(object, key, word);
	else
		json_add_null(object, key);
}

static UNUSED struct json *sample_json(const char *text)
{
	struct json *tree = NULL;
	struct err err = { 0 };

	if (json_parse("sample", text, strlen(text), &json_large, &tree, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	return tree;
}

static struct json *sample_head(const struct sample *sample)
{
	static const char text[] =
		"{\"tool\":{\"name\":\"confine\",\"version\":\"0.1.0\"},"
		"\"host\":{\"hostname\":\"host-a\",\"kernel\":\"6.1.0\","
		"\"machine\":\"x86_64\",\"os\":\"Debian\",\"lsm\":\"landlock\","
		"\"landlockAbi\":2,\"cgroup\":\"v2 pids\",\"userNamespaces\":true},"
		"\"run\":{\"id\":\"00ff\",\"started\":\"2026-01-02T03:04:05Z\","
		"\"ended\":\"2026-01-02T03:04:09Z\",\"seconds\":4.5,"
		"\"commandLine\":[\"confine\",\"check\"],"
		"\"invoker\":{\"uid\":0,\"gid\":0,\"privileged\":true},"
		"\"only\":[],\"skip\":[],\"jobs\":1},"
		"\"target\":{\"name\":\"confine\",\"title\":\"the "
		"runner\",\"version\":\"\"},"
		"\"policy\":{\"source\":\"built-in default\",\"sha256\":null},"
		"\"runControl\":{\"leaky\":\"breached\",\"denyAll\":\"error\","
		"\"silent\":\"error\"},"
		"\"parity\":{\"differences\":[]}}";
	struct json *root = sample_json(text), *fail_on, *item;

	json_add_string(root, "schema", "confine-results/1");
	json_add_bool(root, "complete", !sample->incomplete);
	json_add_bool(root, "partial", sample->partial);
	item = json_member(root, "run");
	json_add_number(item, "require", sample->require);
	fail_on = json_add_array(item, "failOn");
	for (unsigned int i = 1; i <= sample->fail_on; i++)
		json_append(fail_on, json_string(fail_on_words[i]));
	json_add_string(json_member(root, "target"), "statedBy",
			stated_by_words[sample->stated_by]);
	item = json_member(root, "policy");
	json_add_bool(item, "refusedUnderFail", sample->refused_policy);
	json_add_bool(json_member(root, "runControl"), "ok", !sample->control_failed);
	json_add_bool(json_member(root, "parity"), "ok", !sample->parity_failed);
	return root;
}

/* Two of its own, and one that every requirement has. */
static void sample_add_controls(struct json *object, size_t row)
{
	static const struct {
		const char *framework, *version, *id, *title, *baseline, *relation;
	} rows[] = {
		{ "nist-800-53", "r5", "AC-3", "Access Enforcement", "low", "tests" },
		{ "attack", "19.1", "T1611", "Escape to Host", NULL, "judged" },
		{ "own-rules", "7", "R <1> & \"2\"", NULL, NULL, "partial" },
	};
	struct json *list = json_add_array(object, "controls");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *control = json_object();

		json_add_string(control, "framework", rows[i].framework);
		json_add_string(control, "version", rows[i].version);
		json_add_string(control, "id",
				i == row % 3 ? sample_rows[row].id : rows[i].id);
		if (rows[i].title)
			json_add_string(control, "title", rows[i].title);
		if (rows[i].baseline)
			json_add_string(control, "baseline", rows[i].baseline);
		json_add_string(control, "relation", rows[i].relation);
		json_append(list, control);
	}
}

static void sample_add_requirements(struct json *root, const struct sample *sample)
{
	struct json *list = json_add_array(root, "requirements");

	for (size_t row = 0; row < SAMPLE_ROWS; row++) {
		struct json *object = json_object();
		bool lie;
		enum verdict verdict = sample_row_verdict(sample, row, &lie);

		json_add_string(object, "id", sample_rows[row].id);
		json_add_number(object, "level", sample_rows[row].level);
		json_add_string(object, "layer", layer_words[sample_rows[row].layer]);
		json_add_bool(object, "must", sample_rows[row].must);
		json_add_string(object, "title", "a requirement");
		json_add_bool(object, "required", sample_required(sample, row));
		json_add_bool(object, "selected", verdict != VERDICT_NONE);
		json_add_string(object, "promised", "enforced");
		add_word(object, "verdict", verdict_words[verdict]);
		json_add_bool(object, "falseClaim", lie);
		json_add_string(object, "reason", "why it is so");
		json_add_array(object, "probes");
		if (row != SAMPLE_ROWS - 1) /* nor has every record any */
			sample_add_controls(object, row);
		json_append(list, object);
	}
}

static struct json *sample_arm(const char *said, const char *word)
{
	struct json *arm = json_object();

	json_add_bool(arm, "ran", true);
	json_add_string(arm, "said", said);
	json_add_string(arm, "word", word);
	json_add_number(arm, "seconds", 0.01);
	json_add_number(arm, "exit", 0);
	json_add_null(arm, "signal");
	json_add_bool(arm, "timedOut", false);
	return arm;
}

static void sample_add_probe(struct json *list, const struct sample *sample, size_t index)
{
	const struct sample_probe *probe = &sample->probes[index];
	bool required = sample_required(sample, probe->row);
	struct json *object = json_object(), *arms, *evidence, *fact;
	char id[64];

	(void)snprintf(id, sizeof(id), "%s.probe-%zu",
		       layer_words[sample_rows[probe->row].layer], index);
	json_add_string(object, "id", id);
	json_add_string(object, "title", "a probe");
	json_add_string(object, "requirement", sample_rows[probe->row].id);
	json_add_number(object, "level", sample_rows[probe->row].level);
	json_add_bool(object, "required", required);
	json_add_string(object, "layer", layer_words[sample_rows[probe->row].layer]);
	json_add_string(object, "class", "C");
	json_add_string(object, "verdict",
			verdict_words[sample_verdict(sample, probe, required)]);
	json_add_bool(object, "falseClaim",
		      probe->seen == SEEN_LEAKED && probe->promised == PROMISE_ENFORCED);
	json_add_string(object, "promised", promise_words[probe->promised]);
	json_add_string(object, "seen", seen_words[probe->seen]);
	json_add_string(object, "reason", "refused: EROFS");
	json_add_string(object, "mechanism", "read-only mount");
	json_add_string(object, "scope", "host");
	json_add_number(object, "seconds", 0.1234);
	json_add_number(object, "attempts", 1);
	json_add_string(object, "repeat", "confine check --only this");
	arms = json_add_object(object, "arms");
	json_add(arms, "reach", sample_arm("reached", "-"));
	json_add(arms, "attack", sample_arm("denied", "EROFS"));
	json_add_bool(json_add_object(arms, "liveness"), "ok",
		      probe->seen != SEEN_REFUSED);
	evidence = json_add_array(object, "evidence");
	fact = json_object();
	json_add_string(fact, "name", "canary");
	json_add_string(fact, "value", "unchanged");
	json_append(evidence, fact);
	json_add_string(object, "remedy", "mount it read-only");
	json_append(list, object);
}

static void sample_add_layers(struct json *root, const struct sample *sample)
{
	struct json *list = json_add_array(root, "layers"), *coverage;
	int all_required = 0, all_tested = 0;

	for (unsigned int layer = 0; layer < LAYER_COUNT; layer++) {
		struct json *object = json_object(), *counts;
		int required = 0, tested = 0, probes = 0, by[VERDICT_COUNT + 1] = { 0 };

		for (size_t row = 0; row < SAMPLE_ROWS; row++) {
			bool lie;
			enum verdict verdict = sample_row_verdict(sample, row, &lie);

			if (sample_rows[row].layer != layer)
				continue;
			for (size_t i = 0; i < sample->count; i++)
				probes += sample->probes[i].row == row;
			if (!sample_required(sample, row))
				continue;
			required++;
			by[verdict]++;
			tested += verdict != VERDICT_NONE && verdict != VERDICT_ERROR &&
				  verdict != VERDICT_UNTESTABLE;
		}
		json_add_string(object, "layer", layer_words[layer]);
		counts = json_add_object(object, "counts");
		for (size_t i = 0; i < VERDICT_COUNT; i++)
			json_add_number(counts, verdict_words[i], by[i]);
		json_add_number(object, "required", required);
		json_add_number(object, "tested", tested);
		json_add_number(object, "probes", probes);
		json_add_string(object, "mechanism", "a wall");
		json_append(list, object);
		all_required += required;
		all_tested += tested;
	}
	coverage = json_add_object(root, "coverage");
	json_add_number(coverage, "required", all_required);
	json_add_number(coverage, "tested", all_tested);
}

static void sample_add_counts(struct json *root, const struct sample *sample)
{
	struct json *counts = json_add_object(root, "counts");
	size_t by[VERDICT_COUNT] = { 0 };

	for (size_t i = 0; i < sample->count; i++)
		by[sample_verdict(sample, &sample->probes[i],
				  sample_required(sample, sample->probes[i].row))]++;
	json_add_number(counts, "probes", (double)sample->count);
	json_add_number(counts, "selected",
			(double)sample->count + (sample->incomplete ? 1 : 0));
	json_add_number(counts, "catalogue",
			(double)sample->count +
				(sample->incomplete || sample->partial ? 1 : 0));
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		json_add_number(counts, verdict_words[i], (double)by[i]);
}

/* The caller's. The level is stated as 0: less than the rows support is no fault. */
static UNUSED struct json *sample_document(const struct sample *sample)
{
	struct json *root = sample_head(sample), *list, *object;

	sample_add_requirements(root, sample);
	list = json_add_array(root, "probes");
	for (size_t i = 0; i < sample->count; i++)
		sample_add_probe(list, sample, i);
	sample_add_counts(root, sample);
	sample_add_layers(root, sample);
	object = json_add_object(root, "level");
	json_add_number(object, "reached", 0);
	object = json_add_object(root, "outcome");
	json_add_number(object, "exit", sample_exit(sample));
	return root;
}

/* "probes/0/verdict": the value there; NULL when it is not. */
static UNUSED struct json *sample_at(struct json *root, const char *path)
{
	char copy[200], *rest = copy, *key;

	(void)snprintf(copy, sizeof(copy), "%s", path);
	while (root && (key = strsep(&rest, "/")) != NULL)
		root = json_is(root, JSON_ARRAY) ? json_item(root, (size_t)atoi(key))
						 : json_member(root, key);
	return root;
}

/* Makes `item` what `value` is, at its place and under its name; `value` is gone. */
static void sample_become(struct json *item, struct json *value)
{
	struct json old = *item;

	*item = *value;
	item->next = old.next;
	item->key = old.key;
	*value = old;
	value->next = NULL;
	value->key = NULL;
	json_delete(&value);
}

/* Puts JSON text at a path whose parent is there; NULL takes the member away. */
static UNUSED void sample_put(struct json *root, const char *path, const char *json)
{
	char parent[200];
	const char *key = strrchr(path, '/');
	struct json *object = root;

	if (key) {
		(void)snprintf(parent, sizeof(parent), "%s", path);
		parent[key - path] = '\0'; /* paths here are short */
		object = sample_at(root, parent);
	}
	key = key ? key + 1 : path;
	if (json_is(object, JSON_ARRAY)) {
		sample_become(sample_at(object, key), sample_json(json));
		return;
	}
	json_remove(object, key);
	if (json)
		json_add(object, key, sample_json(json));
}

static UNUSED void sample_put_text(struct json *root, const char *path, const char *text)
{
	sample_become(sample_at(root, path), json_string(text));
}

/* One probe for each required row of level 1, all well. */
static const struct sample_probe sample_good_probes[] = {
	{ 0, SEEN_HELD, PROMISE_ENFORCED }, { 1, SEEN_HELD, PROMISE_ENFORCED },
	{ 2, SEEN_HELD, PROMISE_ENFORCED }, { 3, SEEN_HELD, PROMISE_ENFORCED },
	{ 4, SEEN_HELD, PROMISE_ENFORCED },
};

static UNUSED struct sample sample_good(void)
{
	return (struct sample){ .require = 1,
				.fail_on = FAIL_ON_DEGRADED,
				.stated_by = STATED_BY_RECEIPT,
				.probes = sample_good_probes,
				.count = sizeof(sample_good_probes) /
					 sizeof(sample_good_probes[0]) };
}

/* --- mixes, seeded --- */

static UNUSED unsigned int sample_random(uint64_t *seed, unsigned int below)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)(*seed >> 33) % below;
}

/* CONFINE_SWEEP, or what is enough for every run. */
static UNUSED int sample_sweep(int usual)
{
	const char *wanted = getenv("CONFINE_SWEEP");

	return wanted && wanted[0] ? atoi(wanted) : usual;
}

/* Fills `probes` (room for `max`) and a sample over them. */
static UNUSED struct sample sample_mix(uint64_t seed, struct sample_probe *probes,
				       unsigned int max)
{
	struct sample sample = {
		.require = 1 + (int)sample_random(&seed, 3),
		.fail_on = (enum fail_on)sample_random(&seed, FAIL_ON_COUNT),
		.stated_by = (enum stated_by)sample_random(&seed, STATED_BY_COUNT),
		.incomplete = sample_random(&seed, 8) == 0,
		.partial = sample_random(&seed, 8) == 0,
		.control_failed = sample_random(&seed, 12) == 0,
		.parity_failed = sample_random(&seed, 12) == 0,
		.refused_policy = sample_random(&seed, 6) == 0,
		.probes = probes,
		.count = sample_random(&seed, max + 1),
	};
	bool mostly_well = sample_random(&seed, 2) == 0;

	for (size_t i = 0; i < sample.count; i++) {
		probes[i] = (struct sample_probe){
			.row = i < SAMPLE_ROWS ? i : sample_random(&seed, SAMPLE_ROWS),
			.seen = (enum seen)sample_random(&seed, SEEN_COUNT),
			.promised = (enum promise)sample_random(&seed, PROMISE_COUNT),
		};
		if (mostly_well && sample_random(&seed, 10) > 0)
			probes[i].seen = SEEN_HELD;
		if (mostly_well && sample_random(&seed, 10) > 0)
			probes[i].promised = PROMISE_ENFORCED;
		/* A target that states nothing promises nothing. */
		if (sample.stated_by == STATED_BY_NOTHING)
			probes[i].promised = PROMISE_NOTHING;
	}
	return sample;
}

#endif
