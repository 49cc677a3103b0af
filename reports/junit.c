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
#include "reports/junit.h"
#include "reports/format.h"
#include "reports/line.h"
#include "reports/message.h"
#include "reports/xml.h"
#include "runner/base/own.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX    4096        /* of one case */
#define SUITE_MAX   (64U << 10) /* of the bodies of a suite, and of its system-out */
#define BODY_MIN    500         /* what a case may say when the suite's budget is spent */
#define SECONDS_CAP 999999.999

/* --- which cases a suite has --- */

static uint64_t milliseconds(double seconds)
{
	return (uint64_t)((seconds < SECONDS_CAP ? seconds : SECONDS_CAP) * 1000 + 0.5);
}

static void add_case(struct junit_suite *suite, struct junit_case row)
{
	suite->cases[suite->count++] = row;
	suite->by_kind[row.ruling.kind]++;
	if (row.probe)
		suite->milliseconds += milliseconds(row.probe->seconds);
}

static void add_requirement_case(const struct junit *junit, struct junit_suite *suite,
				 const struct results_requirement *row)
{
	/* A layer without a probe has no suite: then the run speaks for it. */
	enum layer home =
		junit->outcome->layers[row->layer].shown ? row->layer : JUNIT_OF_RUN;

	if (home == suite->layer && outcome_stands_alone(junit->results, row))
		add_case(suite,
			 (struct junit_case){
				 .name = row->id,
				 .ruling = outcome_rule_requirement(junit->results, row),
				 .verdict = row->verdict,
				 .requirement = row,
			 });
}

static void collect(const struct junit *junit, struct junit_suite *suite)
{
	const struct results *results = junit->results;

	for (enum finding i = 0; suite->layer == JUNIT_OF_RUN && i < FINDING_COUNT; i++)
		if (junit->outcome->findings[i])
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
		add_requirement_case(junit, suite, &results->requirements[i]);
}

/* --- cases --- */

static void add_message(const struct junit *junit, const struct junit_case *row,
			struct str *ret)
{
	if (row->probe)
		message_add_probe(ret, row->probe);
	else if (row->requirement)
		message_add_requirement(ret, row->requirement);
	else
		message_add_finding(ret, junit->results, junit->outcome, row->finding);
}

static void put_time(struct xml *xml, uint64_t count)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%" PRIu64 ".%03" PRIu64, count / 1000,
		       count % 1000);
	xml_attribute(xml, "time", text, sizeof(text));
}

/* "layer", or "host.layer" with only our own dot. */
static void put_class(struct junit *junit, const struct junit_suite *suite)
{
	owned_str struct str name = { 0 };

	if (junit->fleet) {
		line_add(&name, junit->results->hostname, JUNIT_VALUE_MAX);
		for (size_t i = 0; i < name.length; i++)
			if (name.text[i] == '.')
				name.text[i] = '_';
		str_add(&name, ".");
	}
	str_add(&name, junit_suite_name(suite));
	xml_clean_attribute(&junit->xml, "classname", name.text);
}

static void put_ruling(struct junit *junit, struct junit_suite *suite,
		       const struct junit_case *row)
{
	static const char *const elements[] = {
		[RULING_PASS] = NULL,
		[RULING_SKIPPED] = "skipped",
		[RULING_FAILURE] = "failure",
		[RULING_ERROR] = "error",
	};
	owned_str struct str raw = { 0 }, clean = { 0 };
	struct xml *xml = &junit->xml;

	if (!elements[row->ruling.kind])
		return;
	add_message(junit, row, &raw);
	line_add(&clean, raw.text, suite->body_left > BODY_MAX ? BODY_MAX : BODY_MIN);
	suite->body_left -=
		suite->body_left < clean.length ? suite->body_left : clean.length;
	xml_open(xml, elements[row->ruling.kind]);
	if (row->ruling.type)
		xml_attribute(xml, "type", row->ruling.type, JUNIT_VALUE_MAX);
	xml_clean_attribute(xml, "message", clean.text);
	xml_clean_lines(xml, clean.text);
	xml_close(xml);
}

static void add_labelled(struct str *lines, const char *label, const char *text)
{
	if (!text[0])
		return;
	str_addf(lines, "%s: ", label);
	line_add(lines, text, BODY_MIN * 2);
	str_add(lines, "\n");
}

/* The rich dialect: what was tried and seen, of passes too. */
static void put_case_output(struct junit *junit, const struct results_probe *probe)
{
	owned_str struct str lines = { 0 }, arms = { 0 }, evidence = { 0 };

	message_add_arms(&arms, probe);
	message_add_evidence(&evidence, probe);
	add_labelled(&lines, "tried", probe->what);
	add_labelled(&lines, "why", probe->why);
	add_labelled(&lines, "seen", probe->reason);
	add_labelled(&lines, "arms", str_text(&arms));
	add_labelled(&lines, "evidence", str_text(&evidence));
	if (!verdict_is_green(probe->verdict))
		add_labelled(&lines, "remedy", probe->remedy);
	xml_open(&junit->xml, "system-out");
	xml_clean_lines(&junit->xml, str_text(&lines));
	xml_close(&junit->xml);
}

/* The file of a probe follows from its id; an arm that ran is something asserted. */
static void put_source(struct junit *junit, const struct results_probe *probe)
{
	owned_str struct str file = { 0 };
	char *dot;

	str_addf(&file, "probes/%s.sh", probe->id);
	dot = strchr(file.text, '.');
	if (dot && dot[1] && !str_equal(dot, ".sh"))
		*dot = '/';
	xml_attribute(&junit->xml, "file", file.text, JUNIT_VALUE_MAX);
	xml_attribute_number(&junit->xml, "assertions",
			     (size_t)probe->reach.ran + probe->attack.ran);
}

static void put_case(struct junit *junit, struct junit_suite *suite,
		     const struct junit_case *row)
{
	struct xml *xml = &junit->xml;
	bool rich = junit->rich && row->probe;

	xml_open(xml, "testcase");
	xml_attribute(xml, "name", row->name, JUNIT_VALUE_MAX);
	put_class(junit, suite);
	put_time(xml, row->probe ? milliseconds(row->probe->seconds) : 0);
	if (rich) {
		put_source(junit, row->probe);
		junit_put_case_properties(junit, row->probe);
	}
	put_ruling(junit, suite, row);
	if (rich)
		put_case_output(junit, row->probe);
	xml_close(xml);
}

/* --- suites --- */

/* A line for each case, passes too: what an auditor reads. */
static void put_output(struct junit *junit, const struct junit_suite *suite)
{
	owned_str struct str lines = { 0 };
	size_t i;

	for (i = 0; i < suite->count && lines.length < SUITE_MAX - BODY_MIN; i++) {
		const struct junit_case *row = &suite->cases[i];
		owned_str struct str raw = { 0 };

		str_addf(&raw, "%s ", row->name);
		add_message(junit, row, &raw);
		line_add(&lines, raw.text, BODY_MIN - 10);
		str_add(&lines, "\n");
	}
	if (i < suite->count)
		str_addf(&lines, "and %zu more\n", suite->count - i);
	xml_open(&junit->xml, "system-out");
	xml_clean_lines(&junit->xml, str_text(&lines));
	xml_close(&junit->xml);
	xml_open(&junit->xml, "system-err");
	xml_close(&junit->xml);
}

static void put_suite(struct junit *junit, struct junit_suite *suite)
{
	const struct results *results = junit->results;
	const char *host =
		junit_is_blank(results->hostname) ? "unknown" : results->hostname;
	struct xml *xml = &junit->xml;
	char started[sizeof("0000-00-00T00:00:00")];

	/* The document's times are UTC; the schema allows no zone. */
	(void)snprintf(started, sizeof(started), "%.19s", results->run.started);
	xml_open(xml, "testsuite");
	xml_attribute(xml, "name", junit_suite_name(suite), JUNIT_VALUE_MAX);
	xml_attribute(xml, "package", host, JUNIT_VALUE_MAX);
	xml_attribute_number(xml, "id", suite->id);
	xml_attribute(xml, "hostname", host, JUNIT_VALUE_MAX);
	xml_attribute(xml, "timestamp", started, sizeof(started));
	xml_attribute_number(xml, "tests", suite->count);
	xml_attribute_number(xml, "failures", suite->by_kind[RULING_FAILURE]);
	xml_attribute_number(xml, "errors", suite->by_kind[RULING_ERROR]);
	xml_attribute_number(xml, "skipped", suite->by_kind[RULING_SKIPPED]);
	put_time(xml, suite->milliseconds);
	junit_put_properties(junit, suite);
	for (size_t i = 0; i < suite->count; i++)
		put_case(junit, suite, &suite->cases[i]);
	put_output(junit, suite);
	xml_close(xml);
}

/* --- documents --- */

void junit_begin(struct junit *junit, bool rich, bool fleet)
{
	*junit = (struct junit){ .rich = rich, .fleet = fleet };
	xml_begin(&junit->xml);
	xml_open(&junit->xml, "testsuites");
}

void junit_add(struct junit *junit, const struct results *results,
	       const struct outcome *outcome)
{
	owned_mem struct junit_case *cases =
		calloc(results->probe_count + results->requirement_count + FINDING_COUNT,
		       sizeof(*cases));

	unsigned int first = junit->next_id;

	if (!cases)
		arena_out_of_memory();
	junit->results = results;
	junit->outcome = outcome;
	if (!junit->next_id)
		(void)snprintf(junit->first_started, sizeof(junit->first_started),
			       "%.19s", results->run.started);
	/* The run's own suite first: when it is there, nothing below it stands alone. */
	for (unsigned int i = 0; i <= LAYER_COUNT; i++) {
		struct junit_suite suite = {
			.id = junit->next_id,
			.layer = i == 0 ? JUNIT_OF_RUN : (enum layer)(i - 1),
			.first = junit->next_id == first,
			.cases = cases,
			.body_left = SUITE_MAX,
		};

		collect(junit, &suite);
		if (!suite.count)
			continue;
		put_suite(junit, &suite);
		junit->next_id++;
	}
}

void junit_flush(struct junit *junit, struct str *ret)
{
	xml_flush(&junit->xml, ret);
}

int junit_end(struct junit *junit, struct str *ret, struct err *err)
{
	xml_close(&junit->xml);
	return xml_end(&junit->xml, ret, err);
}

int junit_write(const struct results *results, const struct outcome *outcome,
		const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct junit junit;

	junit_begin(&junit, taste->rich, false);
	junit_add(&junit, results, outcome);
	return junit_end(&junit, ret, err);
}
