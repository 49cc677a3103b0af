/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read - see read.h. The document's head: what ran, where, against what, and what it
 * concludes; the rows are in read_rows.c.
 */
#include "reports/read.h"
#include "reports/fields.h"
#include "reports/outcome.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Words are read through unsigned int. */
static_assert(sizeof(enum verdict) == sizeof(unsigned int), "enums are int sized");

#define AT(member) offsetof(struct results, member)
#define ID_NUMBER  .max = (UINT32_MAX - 1) /* uid -1 is nobody */

static const struct field root_fields[] = {
	{ "complete", FIELD_BOOL, AT(complete), .need = FIELD_REQUIRED },
	{ "partial", FIELD_BOOL, AT(partial), .need = FIELD_REQUIRED },
};

static const struct field tool_fields[] = {
	{ "name", FIELD_NAME, AT(tool.name), .need = FIELD_REQUIRED },
	{ "version", FIELD_NAME, AT(tool.version), .need = FIELD_REQUIRED },
};

static const struct field run_fields[] = {
	{ "id", FIELD_ID, AT(run.id), .need = FIELD_REQUIRED },
	{ "started", FIELD_TIME, AT(run.started), .need = FIELD_REQUIRED },
	{ "ended", FIELD_TIME, AT(run.ended), .need = FIELD_OPTIONAL },
	{ "seconds", FIELD_SECONDS, AT(run.seconds), .need = FIELD_REQUIRED },
	{ "require", FIELD_NUMBER, AT(run.require), .min = LEVEL_MIN, .max = LEVEL_MAX },
};

static const struct field invoker_fields[] = {
	{ "uid", FIELD_NUMBER, AT(run.uid), ID_NUMBER },
	{ "gid", FIELD_NUMBER, AT(run.gid), ID_NUMBER },
	{ "privileged", FIELD_BOOL, AT(run.privileged), .need = FIELD_REQUIRED },
};

static const struct field target_fields[] = {
	{ "name", FIELD_NAME, AT(target.name), .need = FIELD_REQUIRED },
	{ "title", FIELD_TEXT, AT(target.title), .need = FIELD_OPTIONAL },
	{ "version", FIELD_TEXT, AT(target.version), .need = FIELD_OPTIONAL },
	{ "statedBy", FIELD_WORD, AT(target.stated_by), .words = stated_by_words },
};

static const struct field policy_fields[] = {
	{ "source", FIELD_TEXT, AT(policy.source), .need = FIELD_REQUIRED },
	{ "sha256", FIELD_ID, AT(policy.sha256), .need = FIELD_OPTIONAL },
	{ "refusedUnderFail", FIELD_BOOL, AT(policy.refused_under_fail),
	  .need = FIELD_OPTIONAL },
	{ "refusal", FIELD_TEXT, AT(policy.refusal), .need = FIELD_OPTIONAL },
};

static const struct field control_fields[] = {
	{ "ok", FIELD_BOOL, AT(control.ok), .need = FIELD_REQUIRED },
	{ "leaky", FIELD_WORD, AT(control.leaky), FIELD_OPTIONAL, verdict_words, 0, 0 },
	{ "denyAll", FIELD_WORD, AT(control.deny_all), FIELD_OPTIONAL, verdict_words, 0,
	  0 },
	{ "silent", FIELD_WORD, AT(control.silent), FIELD_OPTIONAL, verdict_words, 0, 0 },
};

static const struct field parity_fields[] = {
	{ "ok", FIELD_BOOL, AT(parity.ok), .need = FIELD_REQUIRED },
};

static const struct field coverage_fields[] = {
	{ "required", FIELD_NUMBER, AT(stated_required), .max = READ_REQUIREMENTS_MAX },
	{ "tested", FIELD_NUMBER, AT(stated_tested), .max = READ_REQUIREMENTS_MAX },
};

static const struct field level_fields[] = {
	{ "reached", FIELD_NUMBER, AT(stated_level), .max = LEVEL_MAX },
};

static const struct field outcome_fields[] = {
	{ "exit", FIELD_NUMBER, AT(stated_exit), .max = 255 },
	{ "word", FIELD_TEXT, AT(stated_word), .need = FIELD_OPTIONAL },
};

/* Objects below the root; "" is the root itself, "run/invoker" one deeper. */
static const struct section {
	const char *outer, *inner; /* NULL: the level is not there */
	const struct field *fields;
	size_t count;
} sections[] = {
	{ NULL, NULL, root_fields, ARRAY_SIZE(root_fields) },
	{ "tool", NULL, tool_fields, ARRAY_SIZE(tool_fields) },
	{ "run", NULL, run_fields, ARRAY_SIZE(run_fields) },
	{ "run", "invoker", invoker_fields, ARRAY_SIZE(invoker_fields) },
	{ "target", NULL, target_fields, ARRAY_SIZE(target_fields) },
	{ "policy", NULL, policy_fields, ARRAY_SIZE(policy_fields) },
	{ "runControl", NULL, control_fields, ARRAY_SIZE(control_fields) },
	{ "parity", NULL, parity_fields, ARRAY_SIZE(parity_fields) },
	{ "coverage", NULL, coverage_fields, ARRAY_SIZE(coverage_fields) },
	{ "level", NULL, level_fields, ARRAY_SIZE(level_fields) },
	{ "outcome", NULL, outcome_fields, ARRAY_SIZE(outcome_fields) },
};

static int read_section(const struct json *document, const struct json_at *root,
			const struct section *section, struct results *results,
			struct err *err)
{
	struct json_at at = *root, inner;
	const struct json *object = document;
	struct json *member = NULL;

	if (section->outer) {
		if (fields_object(document, root, section->outer, &member, &at, err) < 0)
			return -1;
		object = member;
	}
	if (section->inner) {
		if (fields_object(object, &at, section->inner, &member, &inner, err) < 0)
			return -1;
		object = member;
		at = inner;
	}
	return fields_read(object, &at, section->fields, section->count, results, err);
}

static int read_schema(const struct json *document, const struct json_at *root,
		       struct err *err)
{
	struct json_at at = json_at_member(root, "schema");
	const char *schema = NULL;

	if (!json_is(document, JSON_OBJECT))
		return json_fault(root, err, "must be an object with schema \"%s\"",
				  READ_SCHEMA);
	if (json_get_string(document, root, "schema", &schema, err) < 0)
		return -1;
	if (!str_equal(schema, READ_SCHEMA))
		return json_fault(&at, err, "must be \"%s\"", READ_SCHEMA);
	return 0;
}

/* --fail-on as the list of what it includes: [] is never, and there are no gaps. */
static int read_fail_on(const struct json *document, const struct json_at *root,
			struct results *results, struct err *err)
{
	struct fields_list list;
	const struct json *word, *run = json_member(document, "run");
	struct json_at run_at = json_at_member(root, "run");
	unsigned int next = FAIL_ON_NEVER;

	if (fields_array(run, &run_at, "failOn", FAIL_ON_COUNT - 1, &list, err) < 0)
		return -1;
	json_each(word, list.items) {
		next++;
		if (!json_is(word, JSON_STRING) ||
		    strcmp(word->text, fail_on_words[next]) != 0)
			return json_fault(&list.at, err,
					  "must be a beginning of [\"breached\", "
					  "\"untestable\", \"degraded\"]");
	}
	results->run.fail_on = (enum fail_on)next;
	return 0;
}

/* The words as one line, as somebody might type them; what is no text is left out. */
static int read_command_line(const struct json *document, const struct json_at *root,
			     struct results *results, struct err *err)
{
	const struct json *word, *run = json_member(document, "run");
	struct json_at run_at = json_at_member(root, "run");
	owned_str struct str line = { 0 };
	struct fields_list list;

	results->run.command_line = "";
	if (!fields_member(run, "commandLine"))
		return 0;
	if (fields_array(run, &run_at, "commandLine", READ_LIST_MAX, &list, err) < 0)
		return -1;
	json_each(word, list.items) {
		if (!json_is(word, JSON_STRING))
			return json_fault(&list.at, err, "must be a list of texts");
		str_addf(&line, "%s%s", line.length ? " " : "", word->text);
	}
	results->run.command_line = arena_strdup(&results->arena, str_text(&line));
	return 0;
}

/* One scalar as text; NULL for null, for empty text, and for what is no scalar. */
static const char *fact_text(struct arena *arena, const struct json *value)
{
	if (json_is(value, JSON_STRING))
		return value->text[0] ? value->text : NULL;
	if (json_is(value, JSON_BOOL))
		return json_is_true(value) ? "true" : "false";
	if (json_is(value, JSON_NUMBER))
		return arena_printf(arena, "%.15g", value->number);
	return NULL;
}

/* The host name is needed; every other fact is passed on under its own name. */
static int read_host(const struct json *document, const struct json_at *root,
		     struct results *results, struct err *err)
{
	static const struct field host_fields[] = {
		{ "hostname", FIELD_NAME, AT(hostname), .need = FIELD_REQUIRED },
	};
	struct results_fact *facts;
	const struct json *fact;
	struct json_at at;
	struct json *host = NULL;
	size_t count = 0;

	if (fields_object(document, root, "host", &host, &at, err) < 0 ||
	    fields_read(host, &at, host_fields, ARRAY_SIZE(host_fields), results, err) <
		    0)
		return -1;
	json_each(fact, host)
		count++;
	if (count > READ_LIST_MAX)
		return json_fault(&at, err, "has %zu members, at most %d are read", count,
				  READ_LIST_MAX);
	facts = arena_array(&results->arena, count, sizeof(*facts));
	json_each(fact, host) {
		const char *text = fact_text(&results->arena, fact);

		if (text && fact->key[0] && strcmp(fact->key, "hostname") != 0)
			facts[results->host_count++] =
				(struct results_fact){ fact->key, text };
	}
	results->host = facts;
	return 0;
}

static int read_differences(const struct json *document, const struct json_at *root,
			    struct results *results, struct err *err)
{
	const struct json *first, *parity = json_member(document, "parity");
	struct json_at parity_at = json_at_member(root, "parity");
	struct fields_list list;

	if (!fields_member(parity, "differences"))
		return 0;
	if (fields_array(parity, &parity_at, "differences", READ_LIST_MAX, &list, err) <
	    0)
		return -1;
	results->parity.differences = list.count;
	first = json_item(list.items, 0);
	if (json_is(first, JSON_STRING))
		results->parity.first = first->text;
	return 0;
}

/* How many probes there are; an older record does not say. */
static int read_counts(const struct json *document, const struct json_at *root,
		       struct results *results, struct err *err)
{
	static const struct field totals[] = {
		{ "probes", FIELD_NUMBER, AT(counts.probes), .max = READ_PROBES_MAX },
		{ "selected", FIELD_NUMBER, AT(counts.selected), .max = READ_PROBES_MAX },
		{ "catalogue", FIELD_NUMBER, AT(counts.catalogue),
		  .max = READ_PROBES_MAX },
	};
	struct json *counts = NULL;
	struct json_at at;

	if (!fields_member(document, "counts"))
		return 0;
	if (fields_object(document, root, "counts", &counts, &at, err) < 0 ||
	    fields_read(counts, &at, totals, ARRAY_SIZE(totals), results, err) < 0)
		return -1;
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		const struct field count = { verdict_words[i], FIELD_NUMBER, 0,
					     .max = READ_PROBES_MAX };

		if (fields_read(counts, &at, &count, 1, &results->counts.by[i], err) < 0)
			return -1;
	}
	results->counts.stated = true;
	return 0;
}

static int read_document(const char *what, struct results *results, struct err *err)
{
	const struct json_at root = json_at_root(what);
	const struct json *document = results->document;

	results->control.leaky = results->control.deny_all = results->control.silent =
		VERDICT_NONE;
	results->target.title = results->target.version = results->parity.first =
		results->policy.refusal = "";
	if (read_schema(document, &root, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (read_section(document, &root, &sections[i], results, err) < 0)
			return -1;
	if (read_fail_on(document, &root, results, err) < 0 ||
	    read_command_line(document, &root, results, err) < 0 ||
	    read_host(document, &root, results, err) < 0 ||
	    read_differences(document, &root, results, err) < 0 ||
	    read_counts(document, &root, results, err) < 0 ||
	    read_rows(document, &root, results, err) < 0)
		return -1;
	return outcome_reconcile(what, results, err);
}

static int finish(const char *what, struct results *results, struct err *err)
{
	if (read_document(what, results, err) == 0)
		return 0;
	results_done(results);
	return -1;
}

int read_text(const char *what, const char *text, size_t length, struct results *results,
	      struct err *err)
{
	if (json_parse(what, text, length, &json_large, &results->document, err) < 0)
		return -1;
	return finish(what, results, err);
}

int read_file(const char *path, struct results *results, struct err *err)
{
	const char *what = strcmp(path, "-") == 0 ? "standard input" : path;

	if (json_read_file(path, &json_large, &results->document, err) < 0)
		return -1;
	return finish(what, results, err);
}
