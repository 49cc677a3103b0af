/* SPDX-License-Identifier: Apache-2.0 */
/* The properties of a suite, which every reader keeps apart from its cases, and of a case. */
#include "reports/junit.h"
#include "reports/line.h"
#include "reports/message.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *junit_suite_name(const struct junit_suite *suite)
{
	return suite->layer == JUNIT_OF_RUN ? "run" : layer_words[suite->layer];
}

/* The schemas collapse white space, and then want something left. */
bool junit_is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

static void put_property(struct xml *xml, const char *name, const char *value)
{
	if (!value || junit_is_blank(value))
		return; /* an empty value upsets more than one reader */
	xml_open(xml, "property");
	xml_attribute(xml, "name", name, JUNIT_VALUE_MAX);
	xml_attribute(xml, "value", value, JUNIT_VALUE_MAX);
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

static void put_counts(struct junit *junit, const struct junit_suite *suite)
{
	size_t counts[VERDICT_COUNT + 1] = { 0 };

	for (size_t i = 0; i < suite->count; i++)
		counts[suite->cases[i].verdict]++;
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		char name[40];

		(void)snprintf(name, sizeof(name), "verdict.%s", verdict_words[i]);
		/* What nobody looked at is written as untestable. */
		put_propertyf(
			&junit->xml, name, "%zu",
			counts[i] + (i == VERDICT_UNTESTABLE ? counts[VERDICT_NONE] : 0));
	}
}

static void put_layer(struct junit *junit, enum layer layer)
{
	const struct outcome_layer *counted = &junit->outcome->layers[layer];
	const char *mechanism = junit->results->layers[layer].mechanism;

	put_property(&junit->xml, "mechanism",
		     junit_is_blank(mechanism) ? "not known" : mechanism);
	put_propertyf(&junit->xml, "coverage", "%zu/%zu required ids", counted->tested,
		      counted->required);
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		char name[40];

		if (!counted->counts[i])
			continue;
		(void)snprintf(name, sizeof(name), "required.%s", verdict_words[i]);
		put_propertyf(&junit->xml, name, "%zu", counted->counts[i]);
	}
}

static void put_run(struct junit *junit)
{
	const struct results *results = junit->results;
	owned_str struct str level = { 0 };
	struct xml *xml = &junit->xml;

	put_propertyf(xml, "coverage.run", "%zu/%zu required ids", junit->outcome->tested,
		      junit->outcome->required);
	message_add_level(&level, results, junit->outcome);
	put_propertyf(xml, "level.required", "%" PRIu64, results->run.require);
	put_propertyf(xml, "level.reached", "%" PRIu64, junit->outcome->level);
	put_property(xml, "level", level.text);
	put_property(xml, "fail-on", fail_on_words[results->run.fail_on]);
	put_propertyf(xml, "exit", "%d", (int)junit->outcome->exit);
	put_property(xml, "outcome", outcome_word(junit->outcome->exit));
	put_property(xml, "tool.name", results->tool.name);
	put_property(xml, "tool.version", results->tool.version);
	put_property(xml, "run.id", results->run.id);
	put_property(xml, "run.commandLine", results->run.command_line);
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

/* "host.kernel" and so on; the command line is a fact of the run. */
static void put_host(struct junit *junit)
{
	const struct results *results = junit->results;

	for (size_t i = 0; i < results->host_count; i++) {
		owned_str struct str name = { 0 };

		str_add(&name, "host.");
		line_add_raw(&name, results->host[i].name, JUNIT_VALUE_MAX);
		put_property(&junit->xml, name.text, results->host[i].value);
	}
}

static void put_waivers(struct junit *junit)
{
	const struct results *results = junit->results;

	if (results->waiver_count)
		put_propertyf(&junit->xml, "waivers.file", "%zu", results->waiver_count);
	for (size_t i = 0; i < results->waiver_count; i++) {
		const struct results_waiver *waiver = &results->waivers[i];
		owned_str struct str name = { 0 };

		str_addf(&name, "waiver.%s", waiver->id);
		put_propertyf(&junit->xml, name.text, "%s, until %s",
			      waiver->refused  ? waiver->refused
			      : waiver->unused ? "not needed"
					       : "in force",
			      waiver->expires);
	}
}

void junit_put_properties(struct junit *junit, const struct junit_suite *suite)
{
	xml_open(&junit->xml, "properties");
	put_counts(junit, suite);
	if (suite->layer != JUNIT_OF_RUN)
		put_layer(junit, suite->layer);
	/* Of a fleet once for each host: they would be most of the document. */
	if (!junit->fleet || suite->first) {
		put_run(junit);
		put_waivers(junit);
		put_host(junit);
	}
	xml_close(&junit->xml);
}

void junit_put_case_properties(struct junit *junit, const struct results_probe *probe)
{
	struct xml *xml = &junit->xml;
	owned_str struct str waiver = { 0 };

	xml_open(xml, "properties");
	put_property(xml, "title", probe->title);
	put_property(xml, "requirement", probe->requirement_id);
	put_propertyf(xml, "level", "%" PRIu64, probe->level);
	put_property(xml, "required", probe->required ? "true" : "false");
	put_property(xml, "verdict", verdict_words[probe->verdict]);
	put_property(xml, "promised", promise_words[probe->promised]);
	put_property(xml, "seen", seen_words[probe->seen]);
	put_property(xml, "class", probe->class);
	put_property(xml, "scope", probe->scope);
	put_property(xml, "mechanism", probe->mechanism);
	put_propertyf(xml, "attempts", "%" PRIu64, probe->attempts);
	put_property(xml, "repeat", probe->repeat);
	if (probe->waiver)
		message_add_waiver(&waiver, probe->waiver);
	put_property(xml, "waived", str_text(&waiver));
	xml_close(xml);
}
