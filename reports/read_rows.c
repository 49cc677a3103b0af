/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a document: requirements, probes with their arms and evidence, layers. */
#include "reports/fields.h"
#include "reports/read.h"
#include "runner/base/own.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const class_words[] = { "P", "T", "C", "X", NULL };
static const char *const scope_words[] = { "host", "lab", "nested", NULL };
static const char *const said_words[] = { "nothing", "reached", "denied", "cannot-tell",
					  NULL };

/* Words that are only passed on stay text, once they are known to be good. */
static int check_word(const struct json *object, const struct json_at *at,
		      const char *key, const char *const *words, const char **ret,
		      struct err *err)
{
	unsigned int index = 0;

	if (!fields_member(object, key))
		return 0;
	if (json_get_word(object, at, key, words, &index, err) < 0)
		return -1;
	*ret = words[index];
	return 0;
}

/* --- requirements --- */

#define AT(member) offsetof(struct results_requirement, member)
static const struct field requirement_fields[] = {
	{ "id", FIELD_ID, AT(id), .need = FIELD_REQUIRED },
	{ "level", FIELD_NUMBER, AT(level), .min = LEVEL_MIN, .max = LEVEL_MAX },
	{ "layer", FIELD_WORD, AT(layer), .words = layer_words },
	{ "must", FIELD_BOOL, AT(must), .need = FIELD_REQUIRED },
	{ "title", FIELD_TEXT, AT(title), .need = FIELD_REQUIRED },
	{ "required", FIELD_BOOL, AT(required), .need = FIELD_REQUIRED },
	{ "selected", FIELD_BOOL, AT(selected), .need = FIELD_REQUIRED },
	{ "promised", FIELD_WORD, AT(promised), FIELD_OPTIONAL, promise_words, 0, 0 },
	{ "verdict", FIELD_WORD, AT(verdict), FIELD_OPTIONAL, verdict_words, 0, 0 },
	{ "falseClaim", FIELD_BOOL, AT(false_claim), .need = FIELD_REQUIRED },
	{ "reason", FIELD_TEXT, AT(reason), .need = FIELD_OPTIONAL },
};
#undef AT

/* FS-01: two or three capitals, a dash, two digits. */
static bool is_requirement_id(const char *id)
{
	size_t capitals = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *number = id + capitals + 1;

	return capitals >= 2 && capitals <= 3 && id[capitals] == '-' &&
	       strspn(number, "0123456789") == 2 && !number[2];
}

#define AT(member) offsetof(struct results_control, member)
static const struct field control_fields[] = {
	{ "framework", FIELD_ID, AT(framework), .need = FIELD_REQUIRED },
	{ "version", FIELD_NAME, AT(version), .need = FIELD_REQUIRED },
	{ "id", FIELD_NAME, AT(id), .need = FIELD_REQUIRED },
	{ "title", FIELD_TEXT, AT(title), .need = FIELD_OPTIONAL },
	{ "baseline", FIELD_TEXT, AT(baseline), .need = FIELD_OPTIONAL },
	{ "relation", FIELD_WORD, AT(relation), .words = relation_words },
};
#undef AT

/* Absent in a record of a suite that had no tables of controls. */
static int read_controls(const struct json *item, const struct json_at *at,
			 struct results *results, struct results_requirement *row,
			 struct err *err)
{
	struct results_control *controls;
	const struct json *entry;
	struct fields_list list;

	if (!fields_member(item, "controls"))
		return 0;
	if (fields_array(item, at, "controls", READ_CONTROLS_MAX, &list, err) < 0)
		return -1;
	controls = arena_array(&results->arena, list.count + 1, sizeof(*controls));
	json_each(entry, list.items) {
		struct json_at place = json_at_index(&list.at, row->control_count);
		struct results_control *control = &controls[row->control_count++];

		*control = (struct results_control){ .title = "", .baseline = "" };
		if (fields_read(entry, &place, control_fields, ARRAY_SIZE(control_fields),
				control, err) < 0)
			return -1;
	}
	row->controls = controls;
	return 0;
}

static int read_requirements(const struct json *document, const struct json_at *root,
			     struct results *results, struct err *err)
{
	const struct json *item;
	struct fields_list list;

	if (fields_array(document, root, "requirements", READ_REQUIREMENTS_MAX, &list,
			 err) < 0)
		return -1;
	results->requirements =
		arena_array(&results->arena, list.count, sizeof(*results->requirements));
	json_each(item, list.items) {
		struct json_at place =
			json_at_index(&list.at, results->requirement_count);
		struct results_requirement *row =
			&results->requirements[results->requirement_count];

		*row = (struct results_requirement){ .verdict = VERDICT_NONE,
						     .reason = "" };
		if (fields_read(item, &place, requirement_fields,
				ARRAY_SIZE(requirement_fields), row, err) < 0 ||
		    read_controls(item, &place, results, row, err) < 0)
			return -1;
		place = json_at_member(&place, "id");
		if (!is_requirement_id(row->id))
			return json_fault(&place, err,
					  "must be the id of a requirement, like FS-01");
		results->requirement_count++;
	}
	return 0;
}

/* --- probes --- */

#define AT(member) offsetof(struct results_probe, member)
static const struct field probe_fields[] = {
	{ "id", FIELD_ID, AT(id), .need = FIELD_REQUIRED },
	{ "title", FIELD_TEXT, AT(title), .need = FIELD_REQUIRED },
	{ "requirement", FIELD_ID, AT(requirement_id), .need = FIELD_REQUIRED },
	{ "level", FIELD_NUMBER, AT(level), .min = LEVEL_MIN, .max = LEVEL_MAX },
	{ "required", FIELD_BOOL, AT(required), .need = FIELD_REQUIRED },
	{ "layer", FIELD_WORD, AT(layer), .words = layer_words },
	{ "verdict", FIELD_WORD, AT(verdict), .words = verdict_words },
	{ "falseClaim", FIELD_BOOL, AT(false_claim), .need = FIELD_REQUIRED },
	{ "promised", FIELD_WORD, AT(promised), .words = promise_words },
	{ "seen", FIELD_WORD, AT(seen), .words = seen_words },
	{ "reason", FIELD_TEXT, AT(reason), .need = FIELD_REQUIRED },
	{ "mechanism", FIELD_TEXT, AT(mechanism), .need = FIELD_OPTIONAL },
	{ "seconds", FIELD_SECONDS, AT(seconds), .need = FIELD_REQUIRED },
	{ "attempts", FIELD_NUMBER, AT(attempts), FIELD_OPTIONAL, NULL, 0, 1000 },
	{ "repeat", FIELD_TEXT, AT(repeat), .need = FIELD_OPTIONAL },
	{ "what", FIELD_TEXT, AT(what), .need = FIELD_OPTIONAL },
	{ "why", FIELD_TEXT, AT(why), .need = FIELD_OPTIONAL },
	{ "remedy", FIELD_TEXT, AT(remedy), .need = FIELD_OPTIONAL },
};
#undef AT

#define AT(member) offsetof(struct results_arm, member)
static const struct field arm_fields[] = {
	{ "ran", FIELD_BOOL, AT(ran), .need = FIELD_OPTIONAL },
	{ "word", FIELD_TEXT, AT(word), .need = FIELD_OPTIONAL },
	{ "signal", FIELD_TEXT, AT(signal), .need = FIELD_OPTIONAL },
	{ "seconds", FIELD_SECONDS, AT(seconds), .need = FIELD_OPTIONAL },
	{ "timedOut", FIELD_BOOL, AT(timed_out), .need = FIELD_OPTIONAL },
};
#undef AT

static int read_arm(const struct json *arms, const struct json_at *at, const char *name,
		    struct results_arm *arm, struct err *err)
{
	struct json_at place = json_at_member(at, name);
	const struct json *object = fields_member(arms, name);

	*arm = (struct results_arm){ .said = "nothing", .word = "" };
	if (!object)
		return 0;
	arm->ran = true;
	if (fields_read(object, &place, arm_fields, ARRAY_SIZE(arm_fields), arm, err) < 0)
		return -1;
	return check_word(object, &place, "said", said_words, &arm->said, err);
}

static int read_liveness(const struct json *arms, const struct json_at *at,
			 struct results_probe *probe, struct err *err)
{
	static const struct field ok = { "ok", FIELD_BOOL,
					 offsetof(struct results_probe, liveness.ok),
					 .need = FIELD_REQUIRED };
	struct json_at place = json_at_member(at, "liveness");
	const struct json *object = fields_member(arms, "liveness");

	probe->liveness.stated = object != NULL;
	return object ? fields_read(object, &place, &ok, 1, probe, err) : 0;
}

static int read_evidence(const struct json *item, const struct json_at *at,
			 struct results *results, struct results_probe *probe,
			 struct err *err)
{
	static const struct field fields[] = {
		{ "name", FIELD_NAME, offsetof(struct results_fact, name),
		  .need = FIELD_REQUIRED },
		{ "value", FIELD_TEXT, offsetof(struct results_fact, value),
		  .need = FIELD_REQUIRED },
	};
	struct results_fact *facts;
	const struct json *entry;
	struct fields_list list;

	if (!fields_member(item, "evidence"))
		return 0;
	if (fields_array(item, at, "evidence", READ_LIST_MAX, &list, err) < 0)
		return -1;
	facts = arena_array(&results->arena, list.count, sizeof(*facts));
	json_each(entry, list.items) {
		struct json_at place = json_at_index(&list.at, probe->evidence_count);

		if (fields_read(entry, &place, fields, ARRAY_SIZE(fields),
				&facts[probe->evidence_count++], err) < 0)
			return -1;
	}
	probe->evidence = facts;
	return 0;
}

static int read_probe(const struct json *item, const struct json_at *at,
		      struct results *results, struct results_probe *probe,
		      struct err *err)
{
	struct json_at arms_at = json_at_member(at, "arms");
	struct json *arms = NULL;

	*probe = (struct results_probe){ .mechanism = "",
					 .repeat = "",
					 .what = "",
					 .why = "",
					 .remedy = "",
					 .class = "",
					 .scope = "",
					 .attempts = 1 };
	if (fields_read(item, at, probe_fields, ARRAY_SIZE(probe_fields), probe, err) <
		    0 ||
	    check_word(item, at, "class", class_words, &probe->class, err) < 0 ||
	    check_word(item, at, "scope", scope_words, &probe->scope, err) < 0)
		return -1;
	if (fields_member(item, "arms") &&
	    json_get_object(item, at, "arms", &arms, err) < 0)
		return -1;
	if (read_arm(arms, &arms_at, "reach", &probe->reach, err) < 0 ||
	    read_arm(arms, &arms_at, "attack", &probe->attack, err) < 0 ||
	    read_liveness(arms, &arms_at, probe, err) < 0)
		return -1;
	return read_evidence(item, at, results, probe, err);
}

static int read_probes(const struct json *document, const struct json_at *root,
		       struct results *results, struct err *err)
{
	const struct json *item;
	struct fields_list list;

	if (fields_array(document, root, "probes", READ_PROBES_MAX, &list, err) < 0)
		return -1;
	results->probes =
		arena_array(&results->arena, list.count, sizeof(*results->probes));
	json_each(item, list.items) {
		struct json_at place = json_at_index(&list.at, results->probe_count);

		if (read_probe(item, &place, results,
			       &results->probes[results->probe_count], err) < 0)
			return -1;
		results->probe_count++;
	}
	return 0;
}

/* --- layers --- */

#define AT(member) offsetof(struct results_layer, member)
static const struct field layer_fields[] = {
	{ "mechanism", FIELD_TEXT, AT(mechanism), .need = FIELD_OPTIONAL },
	{ "required", FIELD_NUMBER, AT(required), .max = READ_REQUIREMENTS_MAX },
	{ "tested", FIELD_NUMBER, AT(tested), .max = READ_REQUIREMENTS_MAX },
	{ "probes", FIELD_NUMBER, AT(probes), .max = READ_PROBES_MAX },
};
#undef AT

static int read_layer(const struct json *item, const struct json_at *at,
		      struct results *results, struct err *err)
{
	static const struct field name_field = { "layer", FIELD_WORD, 0,
						 .words = layer_words };
	struct json_at counts_at, place = json_at_member(at, "layer");
	unsigned int index = 0;
	struct results_layer *layer;
	struct json *counts = NULL;

	if (fields_read(item, at, &name_field, 1, &index, err) < 0)
		return -1;
	layer = &results->layers[index];
	if (layer->stated)
		return json_fault(&place, err, "\"%s\" comes twice", layer_words[index]);
	*layer = (struct results_layer){ .stated = true, .mechanism = "" };
	if (fields_read(item, at, layer_fields, ARRAY_SIZE(layer_fields), layer, err) <
		    0 ||
	    fields_object(item, at, "counts", &counts, &counts_at, err) < 0)
		return -1;
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		const struct field count = { verdict_words[i], FIELD_NUMBER, 0,
					     .max = READ_REQUIREMENTS_MAX };

		if (fields_read(counts, &counts_at, &count, 1, &layer->counts[i], err) <
		    0)
			return -1;
	}
	return 0;
}

static int read_layers(const struct json *document, const struct json_at *root,
		       struct results *results, struct err *err)
{
	const struct json *item;
	struct fields_list list;
	size_t index = 0;

	if (fields_array(document, root, "layers", LAYER_COUNT, &list, err) < 0)
		return -1;
	json_each(item, list.items) {
		struct json_at place = json_at_index(&list.at, index++);

		if (read_layer(item, &place, results, err) < 0)
			return -1;
	}
	return 0;
}

/* --- all of them --- */

static_assert(READ_REQUIREMENTS_MAX <= READ_PROBES_MAX,
	      "one array is for the ids of either");

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts, for there may be ten thousand. */
static const char *first_twice(const char **ids, size_t count)
{
	qsort(ids, count, sizeof(*ids), compare_texts);
	for (size_t i = 1; i < count; i++)
		if (strcmp(ids[i - 1], ids[i]) == 0)
			return ids[i];
	return NULL;
}

static int check_unique(const struct json_at *root, struct results *results,
			struct err *err)
{
	struct json_at probes = json_at_member(root, "probes"),
		       requirements = json_at_member(root, "requirements");
	const char **ids = arena_array(&results->arena, READ_PROBES_MAX, sizeof(*ids));
	const char *twice;

	for (size_t i = 0; i < results->probe_count; i++)
		ids[i] = results->probes[i].id;
	twice = first_twice(ids, results->probe_count);
	if (twice)
		return json_fault(&probes, err, "id \"%s\" comes twice", twice);
	for (size_t i = 0; i < results->requirement_count; i++)
		ids[i] = results->requirements[i].id;
	twice = first_twice(ids, results->requirement_count);
	if (twice)
		return json_fault(&requirements, err, "id \"%s\" comes twice", twice);
	return 0;
}

int read_rows(const struct json *document, const struct json_at *root,
	      struct results *results, struct err *err)
{
	const struct results_probe *orphan = NULL;
	struct json_at at = json_at_member(root, "probes");

	if (read_requirements(document, root, results, err) < 0 ||
	    read_probes(document, root, results, err) < 0 ||
	    read_layers(document, root, results, err) < 0 ||
	    check_unique(root, results, err) < 0)
		return -1;
	for (size_t i = 0; i < LAYER_COUNT; i++)
		if (!results->layers[i].mechanism)
			results->layers[i].mechanism = "";
	if (results_join(results, &orphan))
		return 0;
	at = json_at_index(&at, (size_t)(orphan - results->probes));
	at = json_at_member(&at, "requirement");
	return json_fault(&at, err, "\"%s\" is not among the requirements",
			  orphan->requirement_id);
}
