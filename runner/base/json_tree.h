/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * json_tree - a JSON document as a tree on the heap: built, asked, freed
 *
 * Every value belongs to the container it was added to, the root to the caller (json_delete()).
 * Out of memory ends the program as in arena.h, so that no builder can fail half-way.
 */
#ifndef BASE_JSON_TREE_H
#define BASE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
	JSON_RAW /* written as it is; no reader makes one */
};

/* To be read; changed by the functions below alone. */
struct json {
	struct json *next;         /* in the same container */
	struct json *first, *last; /* of a container; NULL = empty, or a scalar */
	char *key;                 /* of a member, decoded; otherwise NULL */
	char *text;    /* JSON_STRING, decoded UTF-8; also of JSON_RAW; else NULL */
	double number; /* JSON_NUMBER; integers are exact up to 2^53 */
	enum json_type type;
	bool truth; /* JSON_BOOL */
};

/* --- making: a tree of its own, the caller's --- */
struct json *json_null(void);
struct json *json_bool(bool truth);
struct json *json_number(double number);
struct json *json_string(const char *text); /* as it is; see json_add_text() */
struct json *json_array(void);
/* A value that was checked elsewhere and is to keep every byte: numbers of any size, white space. */
struct json *json_raw(const char *text, size_t length);
struct json *json_object(void);
/* Accepts a tree of NULL, and leaves NULL. */
void json_delete(struct json **tree);
#define owned_json __attribute__((cleanup(json_delete)))

/* --- adding, in constant time --- */
/* `value` is the container's from here on. A name that is there already is not looked for. */
void json_append(struct json *array, struct json *value);
void json_add(struct json *object, const char *key, struct json *value);
/* The same with a new value, which is returned where it can be filled. */
void json_add_null(struct json *object, const char *key);
void json_add_bool(struct json *object, const char *key, bool truth);
void json_add_number(struct json *object, const char *key, double number);
void json_add_string(struct json *object, const char *key, const char *text);
struct json *json_add_array(struct json *object, const char *key);
struct json *json_add_object(struct json *object, const char *key);
/* Takes the member out and frees it, if it is there. */
void json_remove(struct json *object, const char *key);

/* --- asking; NULL is accepted for every value and has nothing inside --- */
/* The member of that name, told apart by case; NULL when there is none. Linear. */
struct json *json_member(const struct json *object, const char *key);
/* The value at an index from 0; NULL when there is none. Linear: loops use json_each. */
struct json *json_item(const struct json *array, size_t index);
size_t json_count(const struct json *container);
/* Same types and values; members in any order. Names must be unique. */
bool json_equal(const struct json *a, const struct json *b);
/* The decoded text of a string; NULL for everything else. */
const char *json_text(const struct json *value);

static inline bool json_is(const struct json *value, enum json_type type)
{
	return value && value->type == type;
}
static inline bool json_is_true(const struct json *value)
{
	return json_is(value, JSON_BOOL) && value->truth;
}
static inline struct json *json_first(const struct json *container)
{
	return container ? container->first : NULL;
}
#define json_each(item, container)                                                       \
	for ((item) = json_first(container); (item); (item) = (item)->next)

#endif
