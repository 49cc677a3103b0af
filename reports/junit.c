/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junit - the strict dialect: what both the Ant schema and Jenkins' xunit schema accept
 *
 * Flat suites, no attribute on the root, no zone in a timestamp, at most one of skipped,
 * failure and error in a case, the same line as attribute and as content (Jenkins reads the
 * one, GitLab the other). It mirrors the gate: failures and errors are exactly what makes the
 * exit status non-zero; all else that is not a pass is skipped, its word first. One suite for
 * each layer with selected probes; what is wrong with the run itself stands in a suite "run",
 * which is there only then.
 */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/message.h"
#include "reports/xml.h"
#include "runner/base/own.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX     4096        /* of one case */
#define SUITE_MAX    (64U << 10) /* of the bodies of a suite, and of its system-out */
#define BODY_MIN     500  /* what a case may say when the suite's budget is spent */
#define VALUE_MAX    1024 /* other attributes */
#define SECONDS_CAP  999999.999
#define SUITE_OF_RUN LAYER_COUNT

struct junit_case {
	const char *name;
	struct ruling ruling;
	enum verdict verdict;
	/* One of the three; `finding` when both pointers are NULL. */
	const struct results_probe *probe;
	const struct results_requirement *requirement;
	enum finding finding;
};

struct suite {
	unsigned int id;
	enum layer layer; /* SUITE_OF_RUN: the run itself */
	struct junit_case *cases;
	size_t count;
	size_t by_kind[RULING_ERROR + 1];
	uint64_t milliseconds;
	size_t body_left; /* of SUITE_MAX */
};

struct job {
	const struct results *results;
	const struct outcome *outcome;
	struct xml xml;
};

/* --- which cases a suite has --- */

static uint64_t milliseconds(double seconds)
{
	return (uint64_t)((seconds < SECONDS_CAP ? seconds : SECONDS_CAP) * 1000 + 0.5);
}

static void add_case(struct suite *suite, struct junit_case row)
{
	suite->cases[suite->count++] = row;
	suite->by_kind[row.ruling.kind]++;
	if (row.probe)
		suite->milliseconds += milliseconds(row.probe->seconds);
}

static void add_requirement_case(const struct job *job, struct suite *suite,
				 const struct results_requirement *row)
{
	/* A layer without a probe has no suite: then the run speaks for it. */
	enum layer home =
		job->outcome->layers[row->layer].shown ? row->layer : SUITE_OF_RUN;

	if (home == suite->layer && outcome_stands_alone(job->results, row))
		add_case(suite,
			 (struct junit_case){
				 .name = row->id,
				 .ruling = outcome_rule_requirement(job->results, row),
				 .verdict = row->verdict,
				 .requirement = row,
			 });
}

static void collect(const struct job *job, struct suite *suite)
{
	const struct results *results = job->results;

	for (enum finding i = 0; suite->layer == SUITE_OF_RUN && i < FINDING_COUNT; i++)
		if (job->outcome->findings[i])
			add_case(suite,
				 (struct junit_case){
					 .name = outcome_finding_name(i),
					 .ruling = outcome_rule_finding(results, i),
					 .verdict = outcome_finding_verdict(i),
					 .finding = i,
				 });
	for (size_t i = 0; i < results->probe_count; i++)
		if (results->probes[i].layer == suite->layer)
			add_case(suite, (struct junit_case){
						.name = results->probes[i].id,
						.ruling = outcome_rule_probe(
							results, &results->probes[i]),
						.verdict = results->probes[i].verdict,
						.probe = &results->probes[i],
					});
	for (size_t i = 0; i < results->requirement_count; i++)
		add_requirement_case(job, suite, &results->requirements[i]);
}

/* --- cases --- */

static void add_message(const struct job *job, const struct junit_case *row,
			struct str *ret)
{
	if (row->probe)
		message_add_probe(ret, row->probe);
	else if (row->requirement)
		message_add_requirement(ret, row->requirement);
	else
		message_add_finding(ret, job->results, job->outcome, row->finding);
}

static void put_time(struct xml *xml, uint64_t count)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%" PRIu64 ".%03" PRIu64, count / 1000,
		       count % 1000);
	xml_attribute(xml, "time", text, sizeof(text));
}

static void put_case(struct job *job, struct suite *suite, const struct junit_case *row)
{
	static const char *const elements[] = {
		[RULING_PASS] = NULL,
		[RULING_SKIPPED] = "skipped",
		[RULING_FAILURE] = "failure",
		[RULING_ERROR] = "error",
	};
	const char *suite_name =
		suite->layer == SUITE_OF_RUN ? "run" : layer_words[suite->layer];
	struct xml *xml = &job->xml;

	xml_open(xml, "testcase");
	xml_attribute(xml, "name", row->name, VALUE_MAX);
	xml_attribute(xml, "classname", suite_name, VALUE_MAX);
	put_time(xml, row->probe ? milliseconds(row->probe->seconds) : 0);
	if (elements[row->ruling.kind]) {
		owned_str struct str raw = { 0 }, clean = { 0 };

		add_message(job, row, &raw);
		line_add(&clean, raw.text,
			 suite->body_left > BODY_MAX ? BODY_MAX : BODY_MIN);
		suite->body_left -=
			suite->body_left < clean.length ? suite->body_left : clean.length;
		xml_open(xml, elements[row->ruling.kind]);
		if (row->ruling.type)
			xml_attribute(xml, "type", row->ruling.type, VALUE_MAX);
		xml_clean_attribute(xml, "message", clean.text);
		xml_clean_lines(xml, clean.text);
		xml_close(xml);
	}
	xml_close(xml);
}

/* --- properties --- */

/* The schemas collapse white space, and then want something left. */
static bool is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

static void put_property(struct xml *xml, const char *name, const char *value)
{
	if (!value || is_blank(value))
		return; /* an empty value upsets more than one reader */
	xml_open(xml, "property");
	xml_attribute(xml, "name", name, VALUE_MAX);
	xml_attribute(xml, "value", value, VALUE_MAX);
	xml_close(xml);
}

__attribute__((format(printf, 3, 4))) static void
put_propertyf(struct xml *xml, const char *name, const char *format, ...)
{
	owned_str struct str value = { 0 };
	va_list arguments;

	va_start(arguments, format);
	str_vaddf(&value, format, arguments);
	va_end(arguments);
	put_property(xml, name, str_text(&value));
}

static void put_counts(struct job *job, const struct suite *suite)
{
	size_t counts[VERDICT_COUNT + 1] = { 0 };

	for (size_t i = 0; i < suite->count; i++)
		counts[suite->cases[i].verdict]++;
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		char name[40];

		(void)snprintf(name, sizeof(name), "verdict.%s", verdict_words[i]);
		/* What nobody looked at is written as untestable. */
		put_propertyf(
			&job->xml, name, "%zu",
			counts[i] + (i == VERDICT_UNTESTABLE ? counts[VERDICT_NONE] : 0));
	}
}

static void put_layer(struct job *job, enum layer layer)
{
	const struct outcome_layer *counted = &job->outcome->layers[layer];

	const char *mechanism = job->results->layers[layer].mechanism;

	put_property(&job->xml, "mechanism",
		     is_blank(mechanism) ? "not known" : mechanism);
	put_propertyf(&job->xml, "coverage", "%zu/%zu required ids", counted->tested,
		      counted->required);
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		char name[40];

		if (!counted->counts[i])
			continue;
		(void)snprintf(name, sizeof(name), "required.%s", verdict_words[i]);
		put_propertyf(&job->xml, name, "%zu", counted->counts[i]);
	}
}

static void put_run(struct job *job)
{
	const struct results *results = job->results;
	owned_str struct str level = { 0 };
	struct xml *xml = &job->xml;

	put_propertyf(xml, "coverage.run", "%zu/%zu required ids", job->outcome->tested,
		      job->outcome->required);
	message_add_level(&level, results, job->outcome);
	put_propertyf(xml, "level.required", "%" PRIu64, results->run.require);
	put_propertyf(xml, "level.reached", "%" PRIu64, job->outcome->level);
	put_property(xml, "level", level.text);
	put_property(xml, "fail-on", fail_on_words[results->run.fail_on]);
	put_propertyf(xml, "exit", "%d", (int)job->outcome->exit);
	put_property(xml, "outcome", outcome_word(job->outcome->exit));
	put_property(xml, "tool.name", results->tool.name);
	put_property(xml, "tool.version", results->tool.version);
	put_property(xml, "run.id", results->run.id);
	put_property(xml, "run.started", results->run.started);
	put_property(xml, "run.ended", results->run.ended);
	put_property(xml, "run.complete", results->complete ? "true" : "false");
	put_property(xml, "run.partial", results->partial ? "true" : "false");
	put_propertyf(xml, "invoker.uid", "%" PRIu64, results->run.uid);
	put_property(xml, "invoker.privileged",
		     results->run.privileged ? "true" : "false");
	put_property(xml, "target.name", results->target.name);
	put_property(xml, "target.title", results->target.title);
	put_property(xml, "target.version", results->target.version);
	put_property(xml, "target.statedBy", stated_by_words[results->target.stated_by]);
	put_property(xml, "policy.source", results->policy.source);
	put_property(xml, "policy.sha256", results->policy.sha256);
}

static void put_properties(struct job *job, const struct suite *suite)
{
	const struct results *results = job->results;

	xml_open(&job->xml, "properties");
	put_counts(job, suite);
	if (suite->layer != SUITE_OF_RUN)
		put_layer(job, suite->layer);
	put_run(job);
	for (size_t i = 0; i < results->host_count; i++) {
		owned_str struct str name = { 0 };

		str_add(&name, "host.");
		line_add_raw(&name, results->host[i].name, VALUE_MAX);
		put_property(&job->xml, name.text, results->host[i].value);
	}
	xml_close(&job->xml);
}

/* --- suites --- */

/* A line for each case, passes too: what an auditor reads. */
static void put_output(struct job *job, const struct suite *suite)
{
	owned_str struct str lines = { 0 };
	size_t i;

	for (i = 0; i < suite->count && lines.length < SUITE_MAX - BODY_MIN; i++) {
		const struct junit_case *row = &suite->cases[i];
		owned_str struct str raw = { 0 };

		str_addf(&raw, "%s ", row->name);
		add_message(job, row, &raw);
		line_add(&lines, raw.text, BODY_MIN - 10);
		str_add(&lines, "\n");
	}
	if (i < suite->count)
		str_addf(&lines, "and %zu more\n", suite->count - i);
	xml_open(&job->xml, "system-out");
	xml_clean_lines(&job->xml, str_text(&lines));
	xml_close(&job->xml);
	xml_open(&job->xml, "system-err");
	xml_close(&job->xml);
}

static void put_suite(struct job *job, struct suite *suite)
{
	const struct results *results = job->results;
	const char *host = is_blank(results->hostname) ? "unknown" : results->hostname;
	struct xml *xml = &job->xml;
	char started[sizeof("0000-00-00T00:00:00")];

	/* The document's times are UTC; the schema allows no zone. */
	(void)snprintf(started, sizeof(started), "%.19s", results->run.started);
	xml_open(xml, "testsuite");
	xml_attribute(xml, "name",
		      suite->layer == SUITE_OF_RUN ? "run" : layer_words[suite->layer],
		      VALUE_MAX);
	xml_attribute(xml, "package", host, VALUE_MAX);
	xml_attribute_number(xml, "id", suite->id);
	xml_attribute(xml, "hostname", host, VALUE_MAX);
	xml_attribute(xml, "timestamp", started, sizeof(started));
	xml_attribute_number(xml, "tests", suite->count);
	xml_attribute_number(xml, "failures", suite->by_kind[RULING_FAILURE]);
	xml_attribute_number(xml, "errors", suite->by_kind[RULING_ERROR]);
	xml_attribute_number(xml, "skipped", suite->by_kind[RULING_SKIPPED]);
	put_time(xml, suite->milliseconds);
	put_properties(job, suite);
	for (size_t i = 0; i < suite->count; i++)
		put_case(job, suite, &suite->cases[i]);
	put_output(job, suite);
	xml_close(xml);
}

int junit_write(const struct results *results, const struct outcome *outcome,
		const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct job job = { .results = results, .outcome = outcome };
	owned_mem struct junit_case *cases =
		calloc(results->probe_count + results->requirement_count + FINDING_COUNT,
		       sizeof(*cases));
	unsigned int id = 0;

	(void)taste; /* XML has no colours */
	if (!cases)
		return err_set(err, ERR_INTERNAL, "report", "out of memory");
	xml_begin(&job.xml);
	xml_open(&job.xml, "testsuites");
	/* The run's own suite first: when it is there, nothing below it stands alone. */
	for (unsigned int i = 0; i <= LAYER_COUNT; i++) {
		struct suite suite = {
			.id = id,
			.layer = i == 0 ? SUITE_OF_RUN : (enum layer)(i - 1),
			.cases = cases,
			.body_left = SUITE_MAX,
		};

		collect(&job, &suite);
		if (!suite.count)
			continue;
		put_suite(&job, &suite);
		id++;
	}
	xml_close(&job.xml);
	return xml_end(&job.xml, ret, err);
}
