/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * json - see json.h. Reading: the bytes become a tree (json_scan.c), then keys are
 * compared decoded; the strict getters follow. Writing is in json_write.c.
 */
#include "runner/base/json.h"
#include "runner/base/fd.h"
#include "runner/base/json_scan.h"
#include "runner/base/own.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUOTE_MAX    60 /* bytes of foreign text repeated in an error */
#define POINTER_MAX  32 /* tokens: as deep as a document may be */
#define PAIRWISE_MAX 32 /* names of an object: above it they are sorted */

/* A value takes some eighty bytes of memory, and two of the document. */
const struct json_limits json_small = {
	.max_bytes = 1U << 20,
	.max_depth = 32,
	.max_values = 1U << 19,
};
const struct json_limits json_large = {
	.max_bytes = 256U << 20,
	.max_depth = 32,
	.max_values = 2U << 20,
};

/* --- the place of a value --- */

struct json_at json_at_root(const char *what)
{
	return (struct json_at){ .what = what };
}

/* Nothing to escape, nothing to hide, nothing to cut: nearly every name. */
static bool is_plain(const char *key, size_t length)
{
	if (length > QUOTE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (key[i] <= ' ' || key[i] > '}' || key[i] == '/' || key[i] == '\\')
			return false;
	return true;
}

struct json_at json_at_member(const struct json_at *at, const char *key)
{
	owned_str struct str token = { 0 }, shown = { 0 };
	struct json_at member = { .what = at->what };
	size_t length = strlen(key), before = strlen(at->pointer);

	if (is_plain(key, length) && before + 1 + length < sizeof(member.pointer)) {
		memcpy(member.pointer, at->pointer, before);
		member.pointer[before] = '/';
		memcpy(member.pointer + before + 1, key, length + 1);
		return member;
	}
	for (const char *next = key; *next; next++) {
		if (*next == '~' || *next == '/')
			str_add(&token, *next == '~' ? "~0" : "~1");
		else
			str_add_bytes(&token, next, 1);
	}
	str_add(&shown, at->pointer);
	str_add(&shown, "/");
	str_add_visible(&shown, str_text(&token), token.length, QUOTE_MAX);
	(void)snprintf(member.pointer, sizeof(member.pointer), "%s", shown.text);
	return member;
}

struct json_at json_at_index(const struct json_at *at, size_t index)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%zu", index);
	return json_at_member(at, text);
}

int json_fault(const struct json_at *at, struct err *err, const char *format, ...)
{
	char sentence[sizeof(err->msg)];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return err_policy(err, "json", "%s: %s%s%s", at->what, at->pointer,
			  at->pointer[0] ? ": " : "", sentence);
}

/* --- parsing --- */

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pairwise, for objects of few names: the name that is there twice, or NULL. */
static const char *find_twice(const struct json *object)
{
	const struct json *member, *other;

	json_each(member, object)
		for (other = member->next; other; other = other->next)
			if (member->key[0] == other->key[0] &&
			    strcmp(member->key, other->key) == 0)
				return member->key;
	return NULL;
}

/* Sorted, for the others: a document of 1 MiB holds 150 000 names. */
static const char *find_twice_sorted(const struct json *object, size_t count)
{
	owned_mem const char **keys = calloc(count, sizeof(*keys));
	const struct json *member;
	size_t used = 0;

	if (!keys)
		arena_out_of_memory();
	json_each(member, object)
		keys[used++] = member->key;
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			return keys[i];
	return NULL;
}

/* Where a value stands, told only when something is wrong there. */
struct place {
	const struct place *outer; /* NULL: the root */
	const char *key;           /* of a member; NULL in an array */
	size_t index;
};

static struct json_at place_at(const struct place *place, const char *what)
{
	struct json_at outer;

	if (!place)
		return json_at_root(what);
	outer = place_at(place->outer, what);
	return place->key ? json_at_member(&outer, place->key)
			  : json_at_index(&outer, place->index);
}

static int check_unique(const struct json *object, const struct place *place,
			const char *what, struct err *err)
{
	size_t count = json_count(object);
	const char *twice = count > PAIRWISE_MAX ? find_twice_sorted(object, count)
						 : find_twice(object);
	struct json_at at;

	if (!twice)
		return 0;
	at = place_at(place, what);
	at = json_at_member(&at, twice);
	return json_fault(&at, err, "name appears twice");
}

static int check_names(const struct json *value, const struct place *place,
		       const char *what, struct err *err)
{
	const struct json *child;
	size_t index = 0;

	if (json_is(value, JSON_OBJECT) && check_unique(value, place, what, err) < 0)
		return -1;
	json_each(child, value) {
		const struct place inner = { place, child->key, index++ };

		/* A scalar, or empty: no names below. */
		if (child->first && check_names(child, &inner, what, err) < 0)
			return -1;
	}
	return 0;
}

int json_parse(const char *what, const char *text, size_t length,
	       const struct json_limits *limits, struct json **ret, struct err *err)
{
	owned_json struct json *tree = NULL;

	if (json_scan(what, text, length, limits, &tree, err) < 0)
		return -1;
	if (check_names(tree, NULL, what, err) < 0)
		return -1;
	*ret = take_mem(&tree);
	return 0;
}

int json_read_file(const char *path, const struct json_limits *limits, struct json **ret,
		   struct err *err)
{
	owned_str struct str text = { 0 };

	if (strcmp(path, "-") != 0) {
		if (fd_read_file(path, limits->max_bytes, &text, err) < 0)
			return -1;
		return json_parse(path, str_text(&text), text.length, limits, ret, err);
	}
	if (fd_read_all(STDIN_FILENO, limits->max_bytes, &text, err) < 0)
		return err_within(err, "standard input");
	return json_parse("standard input", str_text(&text), text.length, limits, ret,
			  err);
}

/* --- getters --- */

static const char *kind(const struct json *value)
{
	static const char *const kinds[] = {
		[JSON_NULL] = "null",       [JSON_BOOL] = "a boolean",
		[JSON_NUMBER] = "a number", [JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",  [JSON_OBJECT] = "an object",
		[JSON_RAW] = "a value",
	};

	return kinds[value->type];
}

static int wrong_kind(const struct json *value, const struct json_at *at,
		      const char *wanted, struct err *err)
{
	return json_fault(at, err, "must be %s, not %s", wanted, kind(value));
}

static void add_list(struct str *list, const char *const *names, const char *quote)
{
	for (size_t i = 0; names[i]; i++)
		str_addf(list, "%s%s%s%s", i ? ", " : "", quote, names[i], quote);
}

static bool is_known(const char *word, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

int json_only(const struct json *object, const struct json_at *at,
	      const char *const *names, struct err *err)
{
	const struct json *member;

	if (!json_is(object, JSON_OBJECT))
		return wrong_kind(object, at, "an object", err);
	json_each(member, object) {
		owned_str struct str known = { 0 };
		struct json_at place;
		const char *near;

		if (is_known(member->key, names))
			continue;
		place = json_at_member(at, member->key);
		near = str_nearest(member->key, names);
		if (near)
			return json_fault(&place, err,
					  "unknown name; the nearest known is \"%s\"",
					  near);
		add_list(&known, names, "");
		return json_fault(&place, err, "unknown name; known are %s",
				  str_text(&known));
	}
	return 0;
}

static int wrong_member(const struct json *member, const struct json_at *at,
			const char *key, const char *wanted, struct err *err)
{
	struct json_at place = json_at_member(at, key);

	return wrong_kind(member, &place, wanted, err);
}

int json_get_bool(const struct json *object, const struct json_at *at, const char *key,
		  bool *ret, struct err *err)
{
	const struct json *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_is(member, JSON_BOOL))
		return wrong_member(member, at, key, "true or false", err);
	*ret = json_is_true(member);
	return 0;
}

static int wrong_number(const struct json *member, const struct json_at *at,
			const char *key, uint64_t min, uint64_t max, struct err *err)
{
	struct json_at place = json_at_member(at, key);
	char wanted[80];

	(void)snprintf(wanted, sizeof(wanted), "an integer from %llu to %llu",
		       (unsigned long long)min, (unsigned long long)max);
	if (!json_is(member, JSON_NUMBER))
		return wrong_member(member, at, key, wanted, err);
	return json_fault(&place, err, "must be %s, not %.15g", wanted, member->number);
}

int json_get_u64(const struct json *object, const struct json_at *at, const char *key,
		 uint64_t min, uint64_t max, uint64_t *ret, struct err *err)
{
	const struct json *member = json_member(object, key);
	double value;

	if (!member)
		return 0;
	value = member->number;
	/* Negated, so that nothing that is no number passes; the conversion is exact
	 * below 2^53. */
	if (!json_is(member, JSON_NUMBER) ||
	    !(value >= (double)min && value <= (double)max) ||
	    value > (double)(1ULL << 53) || (double)(uint64_t)value < value)
		return wrong_number(member, at, key, min, max, err);
	*ret = (uint64_t)value;
	return 0;
}

int json_get_string(const struct json *object, const struct json_at *at, const char *key,
		    const char **ret, struct err *err)
{
	const struct json *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_is(member, JSON_STRING))
		return wrong_member(member, at, key, "a string", err);
	*ret = member->text;
	return 0;
}

int json_get_word(const struct json *object, const struct json_at *at, const char *key,
		  const char *const *words, unsigned int *ret, struct err *err)
{
	owned_str struct str wanted = { 0 }, found = { 0 };
	const struct json *member = json_member(object, key);
	struct json_at place;

	if (!member)
		return 0;
	for (unsigned int i = 0; json_is(member, JSON_STRING) && words[i]; i++) {
		if (strcmp(member->text, words[i]) == 0) {
			*ret = i;
			return 0;
		}
	}
	str_add(&wanted, "one of ");
	add_list(&wanted, words, "\"");
	if (!json_is(member, JSON_STRING))
		return wrong_member(member, at, key, wanted.text, err);
	place = json_at_member(at, key);
	str_add_visible(&found, member->text, strlen(member->text), QUOTE_MAX);
	return json_fault(&place, err, "must be %s, not \"%s\"", wanted.text,
			  str_text(&found));
}

int json_get_object(const struct json *object, const struct json_at *at, const char *key,
		    struct json **ret, struct err *err)
{
	struct json *member = json_member(object, key);

	if (member && !json_is(member, JSON_OBJECT))
		return wrong_member(member, at, key, "an object", err);
	*ret = member;
	return 0;
}

int json_get_array(const struct json *object, const struct json_at *at, const char *key,
		   struct json **ret, struct err *err)
{
	struct json *member = json_member(object, key);

	if (member && !json_is(member, JSON_ARRAY))
		return wrong_member(member, at, key, "an array", err);
	*ret = member;
	return 0;
}

/* --- pointers --- */

/* Decodes the token behind the '/' at *next and moves *next to the following '/' or the
 * end. */
static int next_token(const char **next, struct str *token)
{
	const char *at = *next + 1;

	str_clear(token);
	for (; *at && *at != '/'; at++) {
		if (*at != '~')
			str_add_bytes(token, at, 1);
		else if (at[1] == '0' || at[1] == '1')
			str_add(token, *++at == '0' ? "~" : "/");
		else
			return -1;
	}
	*next = at;
	return 0;
}

static int refuse_pointer(const char *pointer, const char *why, struct err *err)
{
	owned_str struct str shown = { 0 };

	str_add_visible(&shown, pointer, strlen(pointer), QUOTE_MAX);
	return err_policy(err, "json", "\"%s\" %s", str_text(&shown), why);
}

/* Nothing is changed before the whole pointer is known to be good. */
static int check_pointer(const struct json *root, const char *pointer, struct err *err)
{
	owned_str struct str token = { 0 };
	const char *next = pointer;
	unsigned int tokens = 0;

	if (*next != '/')
		return refuse_pointer(
			pointer,
			"is no JSON pointer: write it like /resources/cpuSeconds", err);
	while (*next) {
		if (root && !json_is(root, JSON_OBJECT))
			return refuse_pointer(
				pointer, "leads through a value that is no object", err);
		if (next_token(&next, &token) < 0)
			return refuse_pointer(pointer, "has a '~' that is not ~0 or ~1",
					      err);
		if (++tokens > POINTER_MAX)
			return refuse_pointer(pointer, "is too deep", err);
		root = json_member(root, str_text(&token));
	}
	return 0;
}

int json_set_pointer(struct json **root, const char *pointer, struct json *value,
		     struct err *err)
{
	owned_str struct str token = { 0 };
	owned_json struct json *mine = value;
	const char *next = pointer;
	struct json *parent;

	if (check_pointer(*root, pointer, err) < 0)
		return -1;
	if (!*root)
		*root = json_object();
	parent = *root;
	for (;;) {
		struct json *child;

		(void)next_token(&next, &token); /* check_pointer() has seen it pass */
		if (!*next)
			break;
		child = json_member(parent, str_text(&token));
		parent = child ? child : json_add_object(parent, str_text(&token));
	}
	json_remove(parent, str_text(&token));
	json_add(parent, str_text(&token), take_mem(&mine));
	return 0;
}
