/* SPDX-License-Identifier: Apache-2.0 */
/* fields - see fields.h. One reader a kind; the kinds are a table. */
#include "reports/fields.h"
#include "runner/base/own.h"
#include <string.h>

#define NAME_MAX_BYTES 255
#define ID_MAX_BYTES   128
#define SECONDS_MAX    1e9

typedef int field_reader(const struct json *object, const struct json_at *at,
			 const struct field *field, void *slot, struct err *err);

struct json *fields_member(const struct json *object, const char *key)
{
	struct json *member = json_member(object, key);

	return json_is(member, JSON_NULL) ? NULL : member;
}

static int refuse(const struct json_at *at, const struct field *field, const char *wanted,
		  struct err *err)
{
	struct json_at place = json_at_member(at, field->name);

	return json_fault(&place, err, "must be %s", wanted);
}

static int read_any_text(const struct json *object, const struct json_at *at,
			 const struct field *field, void *slot, struct err *err)
{
	return json_get_string(object, at, field->name, slot, err);
}

static int read_name(const struct json *object, const struct json_at *at,
		     const struct field *field, void *slot, struct err *err)
{
	const char *text = "";

	if (json_get_string(object, at, field->name, &text, err) < 0)
		return -1;
	if (!text[0] || strlen(text) > NAME_MAX_BYTES)
		return refuse(at, field, "1 to 255 bytes of text", err);
	*(const char **)slot = text;
	return 0;
}

static int read_id(const struct json *object, const struct json_at *at,
		   const struct field *field, void *slot, struct err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *text = "";

	if (json_get_string(object, at, field->name, &text, err) < 0)
		return -1;
	if (strlen(text) > ID_MAX_BYTES || strspn(text, letters) == 0 ||
	    text[strspn(text, all)])
		return refuse(
			at, field,
			"an id: 1 to 128 letters, digits, dots, dashes or underscores",
			err);
	*(const char **)slot = text;
	return 0;
}

static unsigned int two_digits(const char *text)
{
	return (unsigned int)(text[0] - '0') * 10 + (unsigned int)(text[1] - '0');
}

/* Does the text begin with what has this form? A 0 stands for a digit. */
static bool has_form(const char *text, const char *form)
{
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return true;
}

/* A day of the calendar, in ten bytes of a known form. */
static bool is_day(const char *text)
{
	static const unsigned int days[] = { 31, 29, 31, 30, 31, 30,
					     31, 31, 30, 31, 30, 31 };
	unsigned int year = two_digits(text) * 100 + two_digits(text + 2);
	unsigned int month = two_digits(text + 5), day = two_digits(text + 8);

	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day != 29 ||
	       (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* The one form that is written: no fraction, no offset, no leap second. */
static bool is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	return strlen(text) == sizeof(form) - 1 && has_form(text, form) && is_day(text) &&
	       two_digits(text + 11) < 24 && two_digits(text + 14) < 60 &&
	       two_digits(text + 17) < 60;
}

static int read_time(const struct json *object, const struct json_at *at,
		     const struct field *field, void *slot, struct err *err)
{
	const char *text = "";

	if (json_get_string(object, at, field->name, &text, err) < 0)
		return -1;
	if (!is_time(text))
		return refuse(at, field, "a time like 2026-01-02T03:04:05Z", err);
	*(const char **)slot = text;
	return 0;
}

static int read_date(const struct json *object, const struct json_at *at,
		     const struct field *field, void *slot, struct err *err)
{
	const char *text = "";

	if (json_get_string(object, at, field->name, &text, err) < 0)
		return -1;
	if (strlen(text) != 10 || !has_form(text, "0000-00-00") || !is_day(text))
		return refuse(at, field, "a day like 2026-01-02", err);
	*(const char **)slot = text;
	return 0;
}

static int read_bool(const struct json *object, const struct json_at *at,
		     const struct field *field, void *slot, struct err *err)
{
	return json_get_bool(object, at, field->name, slot, err);
}

static int read_number(const struct json *object, const struct json_at *at,
		       const struct field *field, void *slot, struct err *err)
{
	return json_get_u64(object, at, field->name, field->min, field->max, slot, err);
}

static int read_seconds(const struct json *object, const struct json_at *at,
			const struct field *field, void *slot, struct err *err)
{
	const struct json *member = fields_member(object, field->name);

	/* Negated, so that nothing that is no number passes. */
	if (!json_is(member, JSON_NUMBER) ||
	    !(member->number >= 0 && member->number <= SECONDS_MAX))
		return refuse(at, field, "a number of seconds from 0 to 1000000000", err);
	*(double *)slot = member->number;
	return 0;
}

static int read_word(const struct json *object, const struct json_at *at,
		     const struct field *field, void *slot, struct err *err)
{
	return json_get_word(object, at, field->name, field->words, slot, err);
}

static field_reader *const readers[] = {
	[FIELD_TEXT] = read_any_text, [FIELD_NAME] = read_name,
	[FIELD_ID] = read_id,         [FIELD_TIME] = read_time,
	[FIELD_DATE] = read_date,     [FIELD_BOOL] = read_bool,
	[FIELD_NUMBER] = read_number, [FIELD_SECONDS] = read_seconds,
	[FIELD_WORD] = read_word,
};

int fields_read(const struct json *object, const struct json_at *at,
		const struct field *fields, size_t count, void *base, struct err *err)
{
	if (!json_is(object, JSON_OBJECT))
		return json_fault(at, err, "must be an object");
	for (size_t i = 0; i < count; i++) {
		const struct field *field = &fields[i];
		void *slot = (char *)base + field->offset;

		if (!fields_member(object, field->name)) {
			if (field->need == FIELD_REQUIRED)
				return refuse(at, field, "there", err);
			continue;
		}
		if (readers[field->kind](object, at, field, slot, err) < 0)
			return -1;
	}
	return 0;
}

int fields_object(const struct json *object, const struct json_at *at, const char *key,
		  struct json **ret, struct json_at *ret_at, struct err *err)
{
	struct json *member = NULL;

	*ret_at = json_at_member(at, key);
	if (json_get_object(object, at, key, &member, err) < 0)
		return -1;
	if (!member)
		return json_fault(ret_at, err, "must be there");
	*ret = member;
	return 0;
}

int fields_array(const struct json *object, const struct json_at *at, const char *key,
		 size_t max, struct fields_list *ret, struct err *err)
{
	struct fields_list list = { .at = json_at_member(at, key) };
	const struct json *item;

	if (json_get_array(object, at, key, &list.items, err) < 0)
		return -1;
	if (!list.items)
		return json_fault(&list.at, err, "must be there");
	json_each(item, list.items)
		list.count++;
	if (list.count > max)
		return json_fault(&list.at, err, "has %zu items, at most %zu are read",
				  list.count, max);
	*ret = list;
	return 0;
}
