/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oscal_parts - see oscal_parts.h. What the schemas insist on: no empty array, no blank at the
 * ends of a value, no line end in a title, a zone in every time, UUIDs of version 4 or 5.
 */
#include "reports/oscal_parts.h"
#include "reports/line.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAMESPACE "https://confine.invalid/oscal"

void oscal_id(char ret[DIGEST_UUID], const struct results *results, const char *kind,
	      const char *name)
{
	const char *const parts[] = { kind, results->hostname, results->target.name, name,
				      NULL };

	digest_uuid(ret, parts);
}

void oscal_add_id(struct json *object, const char *key, const struct results *results,
		  const char *kind, const char *name)
{
	char id[DIGEST_UUID];

	oscal_id(id, results, kind, name);
	json_add_string(object, key, id);
}

void oscal_resource_id(char ret[DIGEST_UUID], const char *name)
{
	const char *const parts[] = { "resource", name, NULL };

	digest_uuid(ret, parts);
}

/* All kinds of blank that a regular expression may know are gone from the ends. */
static const char *trim(struct str *text)
{
	char *begin = text->text, *end;

	if (!text->length)
		return "";
	end = begin + text->length;
	while (end > begin && (end[-1] == ' ' || (unsigned char)end[-1] >= 0x80) &&
	       (end[-1] == ' ' ||
		(end - begin >= 2 && memcmp(end - 2, "\xc2\xa0", 2) == 0) ||
		(end - begin >= 3 && memcmp(end - 3, "\xe3\x80\x80", 3) == 0) ||
		(end - begin >= 3 && memcmp(end - 3, "\xe2\x80", 2) == 0)))
		end -= end[-1] == ' '                                ? 1
		       : (end - begin >= 2 && end[-2] == (char)0xc2) ? 2
								     : 3;
	*end = '\0';
	return begin + strspn(begin, " ");
}

void oscal_add_text(struct json *object, const char *key, const char *text,
		    const char *otherwise)
{
	owned_str struct str clean = { 0 };
	const char *shown;

	line_add(&clean, text, OSCAL_TEXT_MAX);
	shown = trim(&clean);
	json_add_string(object, key, shown[0] ? shown : otherwise);
}

void oscal_add_prop(struct json *object, const char *name, const char *value)
{
	struct json *props = json_member(object, "props"), *prop;
	owned_str struct str clean = { 0 };
	const char *shown;

	line_add(&clean, value ? value : "", OSCAL_TEXT_MAX);
	shown = trim(&clean);
	if (!shown[0])
		return;
	if (!props)
		props = json_add_array(object, "props");
	prop = json_object();
	json_add_string(prop, "name", name);
	json_add_string(prop, "ns", NAMESPACE);
	json_add_string(prop, "value", shown);
	json_append(props, prop);
}

void oscal_add_prop_number(struct json *object, const char *name, uint64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	oscal_add_prop(object, name, text);
}

/* --- findings and risks --- */

/* What a verdict makes of an objective; `state` NULL: an observation, no finding. */
static const struct {
	const char *state, *reason;
	bool risk;
} conclusions[VERDICT_COUNT] = {
	[VERDICT_BREACHED] = { "not-satisfied", "fail", true },
	[VERDICT_ERROR] = { NULL, NULL, false },
	[VERDICT_UNTESTABLE] = { NULL, NULL, false },
	[VERDICT_DEGRADED] = { "not-satisfied", "other", true },
	[VERDICT_OPEN] = { "not-satisfied", "fail", true },
	[VERDICT_ENFORCED] = { "satisfied", "pass", false },
	[VERDICT_NOT_APPLICABLE] = { NULL, NULL, false },
};

static void add_observations(struct json *object, const struct results *results,
			     const struct results_requirement *row)
{
	struct json *list = NULL;

	for (size_t i = 0; i < results->probe_count; i++) {
		struct json *item;

		if (results->probes[i].requirement != row)
			continue;
		if (!list)
			list = json_add_array(object, "related-observations");
		item = json_object();
		oscal_add_id(item, "observation-uuid", results, "probe",
			     results->probes[i].id);
		json_append(list, item);
	}
}

/* The resource that a control is in; of frameworks that we do not know there is one for all. */
static void add_href(struct json *item, const char *key)
{
	owned_str struct str href = { 0 };
	char id[DIGEST_UUID];

	oscal_resource_id(id, framework_find(key) ? key : "other-frameworks");
	str_addf(&href, "#%s", id);
	json_add_string(item, "href", href.text);
}

static void add_links(struct json *object, const struct results_requirement *row)
{
	struct json *list = row->control_count ? json_add_array(object, "links") : NULL;

	for (size_t i = 0; i < row->control_count; i++) {
		const struct results_control *control = &row->controls[i];
		const struct framework *framework = framework_find(control->framework);
		owned_str struct str text = { 0 };
		struct json *item = json_object();

		str_addf(&text, "%s %s %s%s%s (%s%s%s)",
			 framework ? framework->name : control->framework,
			 control->version, control->id, control->title[0] ? " " : "",
			 control->title, relation_words[control->relation],
			 control->baseline[0] ? "; baseline " : "", control->baseline);
		add_href(item, control->framework);
		json_add_string(item, "rel", "produces-evidence-for");
		oscal_add_text(item, "text", text.text, "a control");
		json_append(list, item);
	}
}

static struct json *new_finding(const struct results *results,
				const struct results_requirement *row)
{
	struct json *finding = json_object(), *target, *status, *risks, *risk;

	oscal_add_id(finding, "uuid", results, "finding", row->id);
	oscal_add_text(finding, "title", row->title, row->id);
	oscal_add_text(finding, "description", row->reason, verdict_words[row->verdict]);
	oscal_add_prop(finding, "requirement", row->id);
	oscal_add_prop_number(finding, "level", row->level);
	oscal_add_prop(finding, "verdict", verdict_words[row->verdict]);
	oscal_add_prop(finding, "promised", promise_words[row->promised]);
	oscal_add_prop(finding, "false-claim", row->false_claim ? "true" : "false");
	add_links(finding, row);
	target = json_add_object(finding, "target");
	json_add_string(target, "type", "objective-id");
	json_add_string(target, "target-id", row->id);
	status = json_add_object(target, "status");
	json_add_string(status, "state", conclusions[row->verdict].state);
	json_add_string(status, "reason", conclusions[row->verdict].reason);
	add_observations(finding, results, row);
	if (conclusions[row->verdict].risk) {
		risks = json_add_array(finding, "related-risks");
		risk = json_object();
		oscal_add_id(risk, "risk-uuid", results, "risk", row->id);
		json_append(risks, risk);
	}
	return finding;
}

static void add_deviation(struct json *risk, const struct results_waiver *waiver)
{
	owned_str struct str deadline = { 0 };

	oscal_add_prop(risk, "waiver-reason", waiver->reason);
	oscal_add_prop(risk, "waiver-owner", waiver->owner);
	oscal_add_prop(risk, "waiver-approver", waiver->approver);
	/* The last moment of the last day. */
	str_addf(&deadline, "%sT23:59:59Z", waiver->expires);
	json_add_string(risk, "deadline", deadline.text);
}

static const char *remedy_of(const struct results *results,
			     const struct results_requirement *row)
{
	for (size_t i = 0; i < results->probe_count; i++)
		if (results->probes[i].requirement == row &&
		    results->probes[i].verdict == row->verdict)
			return results->probes[i].remedy;
	return "";
}

static struct json *new_risk(const struct results *results,
			     const struct results_requirement *row)
{
	struct json *risk = json_object(), *remedies, *remedy;
	const char *advice = remedy_of(results, row);

	oscal_add_id(risk, "uuid", results, "risk", row->id);
	oscal_add_text(risk, "title", row->title, row->id);
	oscal_add_text(risk, "description", row->reason, verdict_words[row->verdict]);
	json_add_string(risk, "statement",
			"A script in this sandbox can do what the requirement forbids.");
	oscal_add_prop(risk, "verdict", verdict_words[row->verdict]);
	json_add_string(risk, "status", row->waiver ? "deviation-approved" : "open");
	if (row->waiver)
		add_deviation(risk, row->waiver);
	if (advice[0]) {
		remedies = json_add_array(risk, "remediations");
		remedy = json_object();
		oscal_add_id(remedy, "uuid", results, "remedy", row->id);
		json_add_string(remedy, "lifecycle", "recommendation");
		oscal_add_text(remedy, "title", row->title, row->id);
		oscal_add_text(remedy, "description", advice, row->id);
		json_append(remedies, remedy);
	}
	add_observations(risk, results, row);
	return risk;
}

static void append_to(struct json *object, struct json **list, const char *key,
		      struct json *item)
{
	if (!*list)
		*list = json_add_array(object, key);
	json_append(*list, item);
}

void oscal_add_findings(struct json *result, const struct results *results)
{
	struct json *risks = NULL, *findings = NULL;

	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (row->verdict != VERDICT_NONE && conclusions[row->verdict].risk)
			append_to(result, &risks, "risks", new_risk(results, row));
	}
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (row->verdict != VERDICT_NONE && conclusions[row->verdict].state)
			append_to(result, &findings, "findings",
				  new_finding(results, row));
	}
}
