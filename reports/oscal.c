/* SPDX-License-Identifier: Apache-2.0 */
/* oscal - see oscal.h. The document around the results, and a result around its findings. */
#include "reports/oscal.h"
#include "reports/format.h"
#include "reports/message.h"
#include "reports/oscal_parts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_printed(struct str *ret, const struct json *tree)
{
	char *text = json_print(tree, false);

	str_add(ret, text);
	free(text);
}

/* --- what was looked at --- */

static struct json *new_component(const struct results *results, const char *kind,
				  const char *name, const char *type, const char *title,
				  const char *description)
{
	struct json *component = json_object();

	oscal_add_id(component, "uuid", results, kind, name);
	json_add_string(component, "type", type);
	oscal_add_text(component, "title", title, name);
	oscal_add_text(component, "description", description, title);
	return component;
}

static void finish_component(struct json *list, struct json *component)
{
	json_add_string(json_add_object(component, "status"), "state", "operational");
	json_append(list, component);
}

static void add_components(struct json *definitions, const struct results *results)
{
	struct json *list = json_add_array(definitions, "components"), *item;

	item = new_component(results, "tool", "confine", "software", "confine check",
			     "the conformance suite that made the observations");
	oscal_add_prop(item, "version", results->tool.version);
	finish_component(list, item);
	item = new_component(results, "target", results->target.name, "software",
			     results->target.name, results->target.title);
	oscal_add_prop(item, "version", results->target.version);
	oscal_add_prop(item, "policy", results->policy.source);
	finish_component(list, item);
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		item = new_component(results, "layer", layer_words[i], "software",
				     layer_words[i],
				     "a layer of confinement of the sandbox");
		oscal_add_prop(item, "mechanism", results->layers[i].mechanism);
		finish_component(list, item);
	}
}

/* Names of facts come from the document: only what is a token is a property's name. */
static bool is_token(const char *name)
{
	return name[0] && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
}

static void add_inventory(struct json *definitions, const struct results *results)
{
	struct json *list = json_add_array(definitions, "inventory-items");
	struct json *item = json_object(), *parts, *part;

	oscal_add_id(item, "uuid", results, "host", results->hostname);
	oscal_add_text(item, "description", results->hostname, "a host");
	for (size_t i = 0; i < results->host_count; i++)
		if (is_token(results->host[i].name))
			oscal_add_prop(item, results->host[i].name,
				       results->host[i].value);
	parts = json_add_array(item, "implemented-components");
	part = json_object();
	oscal_add_id(part, "component-uuid", results, "target", results->target.name);
	json_append(parts, part);
	json_append(list, item);
}

/* --- observations --- */

static void add_subject(struct json *list, const struct results *results,
			const char *kind, const char *name, const char *type)
{
	struct json *item = json_object();

	oscal_add_id(item, "subject-uuid", results, kind, name);
	json_add_string(item, "type", type);
	json_append(list, item);
}

static void add_evidence(struct json *observation, const struct results_probe *probe)
{
	struct json *list, *item;
	owned_str struct str text = { 0 };

	message_add_arms(&text, probe);
	if (probe->evidence_count) {
		str_add(&text, "; ");
		message_add_evidence(&text, probe);
	}
	list = json_add_array(observation, "relevant-evidence");
	item = json_object();
	oscal_add_text(item, "description", text.text, probe->reason);
	oscal_add_prop(item, "repeat", probe->repeat);
	json_append(list, item);
}

static struct json *new_observation(const struct results *results,
				    const struct results_probe *probe)
{
	struct json *object = json_object(), *list, *origin, *actor;

	oscal_add_id(object, "uuid", results, "probe", probe->id);
	oscal_add_text(object, "title", probe->title, probe->id);
	oscal_add_text(object, "description", probe->reason,
		       verdict_words[probe->verdict]);
	oscal_add_prop(object, "probe", probe->id);
	oscal_add_prop(object, "requirement", probe->requirement_id);
	oscal_add_prop(object, "verdict", verdict_words[probe->verdict]);
	oscal_add_prop(object, "promised", promise_words[probe->promised]);
	oscal_add_prop(object, "seen", seen_words[probe->seen]);
	oscal_add_prop(object, "false-claim", probe->false_claim ? "true" : "false");
	oscal_add_prop(object, "mechanism", probe->mechanism);
	oscal_add_prop(object, "scope", probe->scope);
	json_append(json_add_array(object, "methods"), json_string("TEST"));
	json_append(json_add_array(object, "types"), json_string("control-objective"));
	list = json_add_array(object, "origins");
	origin = json_object();
	actor = json_object();
	json_add_string(actor, "type", "tool");
	oscal_add_id(actor, "actor-uuid", results, "tool", "confine");
	json_append(json_add_array(origin, "actors"), actor);
	json_append(list, origin);
	list = json_add_array(object, "subjects");
	add_subject(list, results, "host", results->hostname, "inventory-item");
	add_subject(list, results, "layer", layer_words[probe->layer], "component");
	add_evidence(object, probe);
	json_add_string(object, "collected", results->run.started);
	return object;
}

/* --- a result --- */

static void add_run_props(struct json *result, const struct results *results,
			  const struct outcome *outcome)
{
	owned_str struct str level = { 0 };

	message_add_level(&level, results, outcome);
	oscal_add_prop(result, "run", results->run.id);
	oscal_add_prop_number(result, "exit-status", (uint64_t)outcome->exit);
	oscal_add_prop(result, "outcome", outcome_word(outcome->exit));
	oscal_add_prop_number(result, "level-required", results->run.require);
	oscal_add_prop_number(result, "level-reached", outcome->level);
	oscal_add_prop(result, "level", level.text);
	oscal_add_prop_number(result, "required-ids", outcome->required);
	oscal_add_prop_number(result, "required-ids-tested", outcome->tested);
	oscal_add_prop(result, "command", results->run.command_line);
	oscal_add_prop_number(result, "invoker-uid", results->run.uid);
	oscal_add_prop(result, "privileged", results->run.privileged ? "true" : "false");
	oscal_add_prop(result, "complete", results->complete ? "true" : "false");
	oscal_add_prop(result, "partial", results->partial ? "true" : "false");
	for (enum finding i = 0; i < FINDING_COUNT; i++)
		if (outcome->findings[i])
			oscal_add_prop(result, "finding-about-the-run",
				       outcome_finding_text(i));
}

static void add_selection(struct json *result)
{
	struct json *reviewed = json_add_object(result, "reviewed-controls");
	struct json *selection = json_object();

	json_add_string(
		reviewed, "description",
		"The objectives are the requirements of confine's CONFORMANCE.md; "
		"they produce evidence for the controls that findings link to, about "
		"which nothing is concluded.");
	(void)json_add_object(selection, "include-all");
	json_append(json_add_array(reviewed, "control-selections"), selection);
}

static struct json *new_result(const struct results *results,
			       const struct outcome *outcome)
{
	struct json *result = json_object(), *definitions, *observations;
	owned_str struct str title = { 0 };

	str_addf(&title, "confine check of %s on %s", results->target.name,
		 results->hostname);
	oscal_add_id(result, "uuid", results, "run", results->run.id);
	oscal_add_text(result, "title", title.text, "confine check");
	oscal_add_text(result, "description", results->target.title, title.text);
	json_add_string(result, "start", results->run.started);
	if (results->run.ended)
		json_add_string(result, "end", results->run.ended);
	add_run_props(result, results, outcome);
	definitions = json_add_object(result, "local-definitions");
	add_components(definitions, results);
	add_inventory(definitions, results);
	add_selection(result);
	if (results->probe_count) {
		observations = json_add_array(result, "observations");
		for (size_t i = 0; i < results->probe_count; i++)
			json_append(observations,
				    new_observation(results, &results->probes[i]));
	}
	oscal_add_findings(result, results);
	return result;
}

/* --- the document --- */

void oscal_begin(struct oscal *oscal, const char *version, struct str *ret)
{
	static const char *const first[] = { "document", NULL };

	*oscal = (struct oscal){ .version = version, .modified = "0001-01-01T00:00:00Z" };
	digest_uuid(oscal->id, first);
	str_add(ret, "{\"assessment-results\":{\"results\":[");
}

void oscal_add(struct oscal *oscal, const struct results *results,
	       const struct outcome *outcome, struct str *ret)
{
	const char *const parts[] = { "document",           oscal->id,
				      results->run.id,      results->hostname,
				      results->target.name, NULL };
	const char *ended =
		results->run.ended ? results->run.ended : results->run.started;
	owned_json struct json *result = new_result(results, outcome);
	char id[DIGEST_UUID];

	digest_uuid(id, parts);
	memcpy(oscal->id, id, sizeof(id));
	if (strcmp(ended, oscal->modified) > 0)
		(void)snprintf(oscal->modified, sizeof(oscal->modified), "%s", ended);
	if (!oscal->count)
		(void)snprintf(oscal->tool_version, sizeof(oscal->tool_version), "%s",
			       results->tool.version);
	str_add(ret, oscal->count ? ",\n" : "\n");
	add_printed(ret, result);
	oscal->count++;
}

static void add_resource(struct json *list, const char *name, const char *title,
			 const char *description)
{
	struct json *item = json_object();
	char id[DIGEST_UUID];

	oscal_resource_id(id, name);
	json_add_string(item, "uuid", id);
	json_add_string(item, "title", title);
	json_add_string(item, "description", description);
	json_append(list, item);
}

static struct json *new_back_matter(void)
{
	struct json *matter = json_object(), *list = json_add_array(matter, "resources");

	add_resource(list, "plan", "The plan: CONFORMANCE.md",
		     "Every requirement with a probe is tried, outside and inside.");
	for (const struct framework *row = frameworks; row->key; row++)
		add_resource(list, row->key, row->name,
			     row->notice ? row->notice : row->name);
	add_resource(list, "other-frameworks", "Other frameworks",
		     "Named in the text of the links.");
	return matter;
}

void oscal_end(struct oscal *oscal, struct str *ret)
{
	owned_json struct json *metadata = json_object(), *plan = json_object(),
			       *matter = new_back_matter();
	owned_str struct str href = { 0 };
	char id[DIGEST_UUID];

	json_add_string(metadata, "title", "Conformance of script sandboxes");
	json_add_string(metadata, "last-modified", oscal->modified);
	oscal_add_text(metadata, "version", oscal->tool_version, "unknown");
	json_add_string(metadata, "oscal-version", oscal->version);
	if (oscal->counts_runs) {
		oscal_add_prop_number(metadata, "real-runs", oscal->runs);
		oscal_add_prop_number(metadata, "real-runs-under-what-passed",
				      oscal->runs_passed);
	}
	oscal_resource_id(id, "plan");
	str_addf(&href, "#%s", id);
	json_add_string(plan, "href", href.text);
	str_addf(ret, "\n],\"uuid\":\"%s\",\"metadata\":", oscal->id);
	add_printed(ret, metadata);
	str_add(ret, ",\"import-ap\":");
	add_printed(ret, plan);
	str_add(ret, ",\"back-matter\":");
	add_printed(ret, matter);
	str_add(ret, "}}\n");
}

int oscal_write(const struct results *results, const struct outcome *outcome,
		const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct oscal oscal;

	(void)err; /* str and json end the program where there is no memory */
	oscal_begin(&oscal, taste->oscal ? taste->oscal : OSCAL_VERSION, ret);
	oscal_add(&oscal, results, outcome, ret);
	oscal_end(&oscal, ret);
	return 0;
}
