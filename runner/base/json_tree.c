/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* json_tree - see json_tree.h. Recursion goes as deep as the tree: readers bound it, and what we
 * build is shallow. */
#include "runner/base/json_tree.h"
#include "runner/base/arena.h"
#include <stdlib.h>
#include <string.h>

static struct json *make(enum json_type type)
{
	struct json *value = calloc(1, sizeof(*value));

	if (!value)
		arena_out_of_memory();
	value->type = type;
	return value;
}

static char *copy_of(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		arena_out_of_memory();
	return copy;
}

struct json *json_null(void)
{
	return make(JSON_NULL);
}

struct json *json_bool(bool truth)
{
	struct json *value = make(JSON_BOOL);

	value->truth = truth;
	return value;
}

struct json *json_number(double number)
{
	struct json *value = make(JSON_NUMBER);

	value->number = number;
	return value;
}

struct json *json_string(const char *text)
{
	struct json *value = make(JSON_STRING);

	value->text = copy_of(text);
	return value;
}

struct json *json_raw(const char *text, size_t length)
{
	struct json *value = make(JSON_RAW);

	value->text = strndup(text, length);
	if (!value->text)
		arena_out_of_memory();
	return value;
}

struct json *json_array(void)
{
	return make(JSON_ARRAY);
}

struct json *json_object(void)
{
	return make(JSON_OBJECT);
}

void json_delete(struct json **tree)
{
	struct json *value = *tree;

	*tree = NULL;
	if (!value)
		return;
	while (value->first) {
		struct json *inner = value->first;

		value->first = inner->next;
		json_delete(&inner);
	}
	free(value->key);
	free(value->text);
	free(value);
}

/* --- adding --- */

void json_append(struct json *array, struct json *value)
{
	if (array->last)
		array->last->next = value;
	else
		array->first = value;
	array->last = value;
}

void json_add(struct json *object, const char *key, struct json *value)
{
	value->key = copy_of(key);
	json_append(object, value);
}

void json_add_null(struct json *object, const char *key)
{
	json_add(object, key, json_null());
}

void json_add_bool(struct json *object, const char *key, bool truth)
{
	json_add(object, key, json_bool(truth));
}

void json_add_number(struct json *object, const char *key, double number)
{
	json_add(object, key, json_number(number));
}

void json_add_string(struct json *object, const char *key, const char *text)
{
	json_add(object, key, json_string(text));
}

struct json *json_add_array(struct json *object, const char *key)
{
	struct json *array = json_array();

	json_add(object, key, array);
	return array;
}

struct json *json_add_object(struct json *object, const char *key)
{
	struct json *inner = json_object();

	json_add(object, key, inner);
	return inner;
}

void json_remove(struct json *object, const char *key)
{
	struct json *before = NULL, *member = json_first(object);

	while (member && strcmp(member->key, key) != 0) {
		before = member;
		member = member->next;
	}
	if (!member)
		return;
	if (before)
		before->next = member->next;
	else
		object->first = member->next;
	if (object->last == member)
		object->last = before;
	json_delete(&member);
}

/* --- asking --- */

struct json *json_member(const struct json *object, const char *key)
{
	struct json *member;

	if (!json_is(object, JSON_OBJECT))
		return NULL;
	/* Most names differ in their first letter. */
	json_each(member, object)
		if (member->key[0] == key[0] && strcmp(member->key, key) == 0)
			return member;
	return NULL;
}

struct json *json_item(const struct json *array, size_t index)
{
	struct json *item;

	json_each(item, array)
		if (index-- == 0)
			return item;
	return NULL;
}

size_t json_count(const struct json *container)
{
	const struct json *item;
	size_t count = 0;

	json_each(item, container)
		count++;
	return count;
}

const char *json_text(const struct json *value)
{
	return value ? value->text : NULL;
}

static bool same_inside(const struct json *a, const struct json *b)
{
	const struct json *mine, *other = b->first;

	if (json_count(a) != json_count(b))
		return false;
	json_each(mine, a) {
		if (a->type == JSON_OBJECT)
			other = json_member(b, mine->key);
		if (!json_equal(mine, other))
			return false;
		if (a->type == JSON_ARRAY)
			other = other->next;
	}
	return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
	if (!a || !b || a->type != b->type)
		return false;
	if (a->type == JSON_NUMBER)
		return a->number == b->number;
	if (a->type == JSON_STRING || a->type == JSON_RAW)
		return strcmp(a->text, b->text) == 0;
	return a->truth == b->truth && same_inside(a, b);
}
