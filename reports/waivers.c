/* SPDX-License-Identifier: Apache-2.0 */
/* waivers - see waivers.h. Reading, strictly; then one pass over the cases. */
#include "reports/waivers.h"
#include "reports/fields.h"
#include "reports/line.h"
#include "reports/message.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>
#include <strings.h>

#define WAIVERS_MAX    1000
#define LINE_MAX_BYTES 1000

#define AT(member) offsetof(struct results_waiver, member)
static const struct field fields[] = {
	{ "id", FIELD_ID, AT(id), .need = FIELD_REQUIRED },
	{ "reason", FIELD_TEXT, AT(reason), .need = FIELD_REQUIRED },
	{ "owner", FIELD_NAME, AT(owner), .need = FIELD_REQUIRED },
	{ "approver", FIELD_NAME, AT(approver), .need = FIELD_REQUIRED },
	{ "expires", FIELD_DATE, AT(expires), .need = FIELD_REQUIRED },
};
#undef AT
static const char *const field_names[] = { "id",       "reason",  "owner",
					   "approver", "expires", NULL };
static const char *const root_names[] = { "schema", "waivers", NULL };

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\n")];
}

/* The same person, however it is typed. */
static bool is_same_name(const char *a, const char *b)
{
	size_t a_length, b_length;

	a += strspn(a, " \t");
	b += strspn(b, " \t");
	a_length = strlen(a);
	b_length = strlen(b);
	while (a_length && strchr(" \t", a[a_length - 1]))
		a_length--;
	while (b_length && strchr(" \t", b[b_length - 1]))
		b_length--;
	return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

static int read_waiver(const struct json *item, const struct json_at *at,
		       struct waivers *waivers, struct err *err)
{
	struct results_waiver row = { .unused = true };
	struct json_at place;

	if (fields_read(item, at, fields, ARRAY_SIZE(fields), &row, err) < 0 ||
	    json_only(item, at, field_names, err) < 0)
		return -1;
	place = json_at_member(at, "reason");
	if (is_blank(row.reason))
		return json_fault(&place, err, "must say why");
	place = json_at_member(at, "approver");
	if (is_blank(row.owner) || is_blank(row.approver) ||
	    is_same_name(row.owner, row.approver))
		return json_fault(&place, err, "must be somebody else than the owner");
	place = json_at_member(at, "id");
	for (size_t i = 0; i < waivers->count; i++)
		if (strcmp(waivers->rows[i].id, row.id) == 0)
			return json_fault(&place, err, "\"%s\" comes twice", row.id);
	waivers->rows[waivers->count++] = row;
	return 0;
}

static int read_document(const char *what, struct waivers *waivers, struct err *err)
{
	const struct json_at root = json_at_root(what);
	struct json_at at = json_at_member(&root, "schema");
	const char *schema = NULL;
	const struct json *item;
	struct fields_list list;

	if (!json_is(waivers->document, JSON_OBJECT))
		return json_fault(&root, err, "must be an object with schema \"%s\"",
				  WAIVER_SCHEMA);
	if (json_get_string(waivers->document, &root, "schema", &schema, err) < 0)
		return -1;
	if (!str_equal(schema, WAIVER_SCHEMA))
		return json_fault(&at, err, "must be \"%s\"", WAIVER_SCHEMA);
	if (json_only(waivers->document, &root, root_names, err) < 0 ||
	    fields_array(waivers->document, &root, "waivers", WAIVERS_MAX, &list, err) <
		    0)
		return -1;
	waivers->rows = arena_array(&waivers->arena, list.count, sizeof(*waivers->rows));
	json_each(item, list.items) {
		struct json_at place = json_at_index(&list.at, waivers->count);

		if (read_waiver(item, &place, waivers, err) < 0)
			return -1;
	}
	return 0;
}

static int finish(const char *what, struct waivers *waivers, struct err *err)
{
	if (read_document(what, waivers, err) == 0) {
		waivers->path = what;
		return 0;
	}
	waivers_done(waivers);
	return -1;
}

int waivers_read(const char *path, struct waivers *waivers, struct err *err)
{
	if (json_read_file(path, &json_small, &waivers->document, err) < 0)
		return -1;
	return finish(path, waivers, err);
}

int waivers_read_text(const char *what, const char *text, size_t length,
		      struct waivers *waivers, struct err *err)
{
	if (json_parse(what, text, length, &json_small, &waivers->document, err) < 0)
		return -1;
	return finish(what, waivers, err);
}

void waivers_done(struct waivers *waivers)
{
	arena_done(&waivers->arena);
	json_delete(&waivers->document);
	memset(waivers, 0, sizeof(*waivers));
}

/* --- applying --- */

static long number(const char *text, size_t digits)
{
	long value = 0;

	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* A year that begins in March ends with its leap day. */
long waivers_day(const char *date)
{
	long month = (number(date + 5, 2) + 9) % 12;
	long year = number(date, 4) - (month >= 10);

	return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 +
	       number(date + 8, 2) - 1;
}

static struct results_waiver *find(struct results_waiver *rows, size_t count,
				   const char *probe, const char *requirement)
{
	struct results_waiver *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (probe && strcmp(rows[i].id, probe) == 0)
			return &rows[i]; /* the closer one */
		if (strcmp(rows[i].id, requirement) == 0)
			found = &rows[i];
	}
	return found;
}

/* The waiver, if it holds; why not, into the waiver. */
static const struct results_waiver *take(struct results_waiver *row, bool false_claim)
{
	if (!row)
		return NULL;
	row->unused = false;
	if (false_claim)
		row->refused = "a false claim cannot be waived";
	else if (row->expired)
		row->refused = "it has expired";
	else
		return row;
	return NULL;
}

static void waive_probes(struct results *results, struct results_waiver *rows)
{
	for (size_t i = 0; i < results->probe_count; i++) {
		struct results_probe *probe = &results->probes[i];

		if (!verdict_is_green(probe->verdict))
			probe->waiver = take(find(rows, results->waiver_count, probe->id,
						  probe->requirement_id),
					     probe->false_claim);
	}
}

/* A requirement is waived when each of its probes that stands in the way is, or, where no probe
 * speaks for it, by its own id. */
static void waive_requirement(struct results *results, struct results_waiver *rows,
			      struct results_requirement *row)
{
	bool open = row->verdict != row->from_probes || row->probe_count == 0;

	row->waiver = NULL;
	if (verdict_is_green(row->verdict))
		return;
	if (open) {
		row->waiver = take(find(rows, results->waiver_count, NULL, row->id),
				   row->false_claim);
		if (!row->waiver)
			return;
	}
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		if (probe->requirement != row || verdict_is_green(probe->verdict))
			continue;
		row->waiver = probe->waiver;
		if (!probe->waiver)
			return;
	}
}

static int check_days(const struct waivers *waivers, size_t i, long today,
		      const char *since, long *ret, struct err *err)
{
	*ret = waivers_day(waivers->rows[i].expires) - today;
	if (*ret <= WAIVER_DAYS)
		return 0;
	return err_policy(
		err, "report",
		"%s: /waivers/%zu/expires: is %ld days after %s; at most %d are "
		"allowed",
		waivers->path, i, *ret, since, WAIVER_DAYS);
}

int waivers_list(const struct waivers *waivers, const char *today, struct str *ret,
		 struct err *err)
{
	for (size_t i = 0; i < waivers->count; i++) {
		const struct results_waiver *row = &waivers->rows[i];
		owned_str struct str text = { 0 };
		long days;

		if (check_days(waivers, i, waivers_day(today), "today", &days, err) < 0)
			return -1;
		str_addf(ret, "%-9s %s, ", days < 0 ? "EXPIRED" : "in force", row->id);
		message_add_waiver(&text, row);
		line_add(ret, text.text, LINE_MAX_BYTES);
		str_add(ret, "\n");
	}
	str_addf(ret, "%zu waiver%s as of %s\n", waivers->count,
		 waivers->count == 1 ? "" : "s", today);
	return 0;
}

int waivers_apply(const struct waivers *waivers, struct results *results, struct err *err)
{
	struct results_waiver *rows =
		arena_array(&results->arena, waivers->count, sizeof(*rows));
	long today = waivers_day(results->run.started);

	for (size_t i = 0; i < waivers->count; i++) {
		long days;

		if (check_days(waivers, i, today, "the run", &days, err) < 0)
			return -1;
		rows[i] = waivers->rows[i];
		rows[i].expired = days < 0;
	}
	results->waivers = rows;
	results->waiver_count = waivers->count;
	waive_probes(results, rows);
	for (size_t i = 0; i < results->requirement_count; i++)
		waive_requirement(results, rows, &results->requirements[i]);
	return 0;
}
