/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots of change.h: made, written, read. */
#include "reports/change.h"
#include "reports/fields.h"
#include "reports/message.h"
#include "reports/read.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX     (READ_PROBES_MAX + READ_REQUIREMENTS_MAX)
#define DOCUMENT_MAX (256U << 20)

static int compare(const void *a, const void *b)
{
	const struct change_row *left = a, *right = b;
	int order = strcmp(left->id, right->id);

	return order ? order : left->is_requirement - right->is_requirement;
}

/* What decided, without the numbers that differ from run to run. */
static const char *evidence_of(struct arena *arena, const struct results_probe *probe)
{
	owned_str struct str text = { 0 };

	str_add(&text, probe->reason);
	str_add(&text, "; ");
	message_add_arms(&text, probe);
	return arena_strdup(arena, text.text);
}

void snapshot_take(const struct results *results, const struct outcome *outcome,
		   struct snapshot *ret)
{
	struct arena *arena = &ret->arena;
	size_t count = results->requirement_count + results->probe_count;

	ret->run_id = arena_strdup(arena, results->run.id);
	ret->started = arena_strdup(arena, results->run.started);
	ret->hostname = arena_strdup(arena, results->hostname);
	ret->target = arena_strdup(arena, results->target.name);
	ret->require = results->run.require;
	ret->level = outcome->level;
	ret->whole = outcome->exit != OUTCOME_EVIDENCE && results->complete &&
		     !results->partial;
	ret->rows = arena_array(arena, count + 1, sizeof(*ret->rows));
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		ret->rows[ret->count++] = (struct change_row){
			.id = arena_strdup(arena, row->id),
			.is_requirement = true,
			.false_claim = row->false_claim,
			.waived = row->waiver != NULL,
			.verdict = row->verdict,
			.evidence = "",
		};
	}
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		ret->rows[ret->count++] = (struct change_row){
			.id = arena_strdup(arena, probe->id),
			.false_claim = probe->false_claim,
			.waived = probe->waiver != NULL,
			.verdict = probe->verdict,
			.evidence = evidence_of(arena, probe),
		};
	}
	if (ret->count)
		qsort(ret->rows, ret->count, sizeof(*ret->rows), compare);
}

void snapshot_write(const struct snapshot *snapshot, struct str *ret)
{
	owned_json struct json *root = json_object();
	owned_mem char *text = NULL;
	struct json *list;

	json_add_string(root, "schema", BASELINE_SCHEMA);
	json_add_text(root, "run", snapshot->run_id);
	json_add_text(root, "started", snapshot->started);
	json_add_text(root, "hostname", snapshot->hostname);
	json_add_text(root, "target", snapshot->target);
	json_add_u64(root, "require", snapshot->require);
	json_add_u64(root, "level", snapshot->level);
	list = json_add_array(root, "rows");
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct change_row *row = &snapshot->rows[i];
		struct json *item = json_object();

		json_add_text(item, "id", row->id);
		json_add_bool(item, "requirement", row->is_requirement);
		if (row->verdict == VERDICT_NONE)
			json_add_null(item, "verdict");
		else
			json_add_text(item, "verdict", verdict_words[row->verdict]);
		json_add_bool(item, "falseClaim", row->false_claim);
		json_add_text(item, "evidence", row->evidence);
		json_append(list, item);
	}
	text = json_print(root, true);
	str_add(ret, text);
	str_add(ret, "\n");
}

/* --- reading --- */

#define AT(member) offsetof(struct snapshot, member)
static const struct field head_fields[] = {
	{ "run", FIELD_ID, AT(run_id), .need = FIELD_REQUIRED },
	{ "started", FIELD_TIME, AT(started), .need = FIELD_REQUIRED },
	{ "hostname", FIELD_NAME, AT(hostname), .need = FIELD_REQUIRED },
	{ "target", FIELD_NAME, AT(target), .need = FIELD_REQUIRED },
	{ "require", FIELD_NUMBER, AT(require), .min = LEVEL_MIN, .max = LEVEL_MAX },
	{ "level", FIELD_NUMBER, AT(level), .max = LEVEL_MAX },
};
#undef AT

#define AT(member) offsetof(struct change_row, member)
static const struct field row_fields[] = {
	{ "id", FIELD_ID, AT(id), .need = FIELD_REQUIRED },
	{ "requirement", FIELD_BOOL, AT(is_requirement), .need = FIELD_REQUIRED },
	{ "verdict", FIELD_WORD, AT(verdict), FIELD_OPTIONAL, verdict_words, 0, 0 },
	{ "falseClaim", FIELD_BOOL, AT(false_claim), .need = FIELD_REQUIRED },
	{ "evidence", FIELD_TEXT, AT(evidence), .need = FIELD_REQUIRED },
};
#undef AT

/* The texts of the tree become the arena's. */
static void keep_texts(struct snapshot *snapshot)
{
	struct arena *arena = &snapshot->arena;

	snapshot->run_id = arena_strdup(arena, snapshot->run_id);
	snapshot->started = arena_strdup(arena, snapshot->started);
	snapshot->hostname = arena_strdup(arena, snapshot->hostname);
	snapshot->target = arena_strdup(arena, snapshot->target);
	for (size_t i = 0; i < snapshot->count; i++) {
		struct change_row *row = &snapshot->rows[i];

		row->id = arena_strdup(arena, row->id);
		row->evidence = arena_strdup(arena, row->evidence);
	}
}

static int read_baseline(const char *what, const struct json *root,
			 struct snapshot *snapshot, struct err *err)
{
	const struct json_at at = json_at_root(what);
	const struct json *item;
	struct fields_list list;

	if (fields_read(root, &at, head_fields, ARRAY_SIZE(head_fields), snapshot, err) <
		    0 ||
	    fields_array(root, &at, "rows", ROWS_MAX, &list, err) < 0)
		return -1;
	if (list.count == 0)
		return json_fault(&list.at, err,
				  "must not be empty: nothing could be worse than that");
	snapshot->rows =
		arena_array(&snapshot->arena, list.count + 1, sizeof(*snapshot->rows));
	json_each(item, list.items) {
		struct json_at place = json_at_index(&list.at, snapshot->count);
		struct change_row *row = &snapshot->rows[snapshot->count];

		row->verdict = VERDICT_NONE;
		if (fields_read(item, &place, row_fields, ARRAY_SIZE(row_fields), row,
				err) < 0)
			return -1;
		if (snapshot->count && compare(row - 1, row) >= 0) {
			place = json_at_member(&place, "id");
			return json_fault(&place, err,
					  "must come after \"%s\", once, in order",
					  row[-1].id);
		}
		snapshot->count++;
	}
	snapshot->whole = true; /* nothing else is written as one */
	keep_texts(snapshot);
	return 0;
}

static int read_results(const char *what, const char *text, size_t length,
			struct snapshot *snapshot, struct err *err)
{
	owned_results struct results results = { 0 };
	struct outcome outcome;

	if (read_text(what, text, length, &results, err) < 0)
		return -1;
	outcome_compute(&results, &outcome);
	snapshot_take(&results, &outcome, snapshot);
	return 0;
}

int snapshot_read_text(const char *what, const char *text, size_t length,
		       struct snapshot *ret, struct err *err)
{
	owned_json struct json *root = NULL;
	owned_snapshot struct snapshot snapshot = { 0 };
	const char *schema;

	if (json_parse(what, text, length, &json_large, &root, err) < 0)
		return -1;
	schema = json_text(json_member(root, "schema"));
	if (schema && strcmp(schema, BASELINE_SCHEMA) == 0) {
		if (read_baseline(what, root, &snapshot, err) < 0)
			return -1;
	} else if (read_results(what, text, length, &snapshot, err) < 0) {
		return -1;
	}
	*ret = snapshot;
	snapshot = (struct snapshot){ 0 };
	return 0;
}

int snapshot_read(const char *path, struct snapshot *ret, struct err *err)
{
	owned_str struct str text = { 0 };

	if (fd_read_file(path, DOCUMENT_MAX, &text, err) < 0)
		return -1;
	return snapshot_read_text(path, str_text(&text), text.length, ret, err);
}

void snapshot_done(struct snapshot *snapshot)
{
	arena_done(&snapshot->arena);
	memset(snapshot, 0, sizeof(*snapshot));
}
