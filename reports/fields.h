/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields - the members of a JSON object as a table of rows, read strictly into a struct
 *
 * Every row says what may stand there; a fault names the JSON pointer and what is allowed.
 * Members that no row knows are left alone: a later version may say more, never less.
 */
#ifndef REPORTS_FIELDS_H
#define REPORTS_FIELDS_H

#include "runner/base/err.h"
#include "runner/base/json.h"
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_TEXT,    /* const char *: any text, of any length */
	FIELD_NAME,    /* const char *: 1..255 bytes */
	FIELD_ID,      /* const char *: 1..128 of A-Z a-z 0-9 . _ - , first one no sign */
	FIELD_TIME,    /* const char *: YYYY-MM-DDThh:mm:ssZ, a date that exists */
	FIELD_DATE,    /* const char *: YYYY-MM-DD, likewise */
	FIELD_BOOL,    /* bool */
	FIELD_NUMBER,  /* uint64_t: min..max */
	FIELD_SECONDS, /* double: 0..1e9 */
	FIELD_WORD,    /* unsigned int, or an enum: index in words */
};

enum field_need {
	FIELD_REQUIRED,
	FIELD_OPTIONAL, /* absent or null leaves the struct as it is */
};

struct field {
	const char *name;
	enum field_kind kind;
	size_t offset;
	enum field_need need;
	const char *const *words; /* FIELD_WORD */
	uint64_t min, max;        /* FIELD_NUMBER */
};

/* Reads `count` rows of `object` into the struct at `base`. Texts point into the object. */
int fields_read(const struct json *object, const struct json_at *at,
		const struct field *fields, size_t count, void *base, struct err *err);

/* A member that must be there and be an object. */
int fields_object(const struct json *object, const struct json_at *at, const char *key,
		  struct json **ret, struct json_at *ret_at, struct err *err);

struct fields_list {
	struct json *items;
	size_t count;
	struct json_at at;
};
/* A member that must be there and be an array of at most `max`. */
int fields_array(const struct json *object, const struct json_at *at, const char *key,
		 size_t max, struct fields_list *ret, struct err *err);

/* The member, or NULL when it is absent or null. */
struct json *fields_member(const struct json *object, const char *key);

#endif
