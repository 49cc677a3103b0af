/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * json - strict JSON, with the place of every fault
 *
 * The readers and the tree are ours (json_scan.h, json_tree.h): common libraries read a key with an
 * embedded NUL as its prefix, accept 01, 1e400, trailing bytes, duplicate keys and bad UTF-8, and
 * round 2^53+1. Here what is not RFC 8259, in UTF-8, with unique keys, within the limits, with numbers
 * that a double holds exactly when they are integers, is refused.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/json_tree.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_limits {
	size_t max_bytes;       /* of the document */
	unsigned int max_depth; /* of nesting */
	size_t max_values; /* of every kind, which bounds the tree; 0: what the bytes allow */
};
/* 1 MiB, depth 32: what a person writes (policy, target). */
extern const struct json_limits json_small;
/* 256 MiB, depth 32, two million values: what a program wrote (results). */
extern const struct json_limits json_large;

/* `what` names the document in errors ("policy.json"). The tree is the caller's: json_delete().
 * Errors: POLICY, "<what>: line L, column C: …" or "<what>: /json/pointer: …". */
int json_parse(const char *what, const char *text, size_t length,
	       const struct json_limits *limits, struct json **ret, struct err *err);
/* Reads a whole file ("-" = stdin) under limits, then json_parse(). */
int json_read_file(const char *path, const struct json_limits *limits, struct json **ret,
		   struct err *err);

/* --- typed, strict getters; `at` is the JSON pointer of `object`, used in errors. -------------
 * Every one: member absent -> *ret untouched, returns 0 (1 from json_has). Wrong type -> POLICY. */
struct json_at {
	const char *what;  /* document */
	char pointer[256]; /* RFC 6901 pointer of the current value, "" = the whole */
};
struct json_at json_at_root(const char *what);
struct json_at json_at_member(const struct json_at *at, const char *key);
struct json_at json_at_index(const struct json_at *at, size_t index);
/* POLICY error "<what>: <pointer>: <format>". Returns -1. */
int json_fault(const struct json_at *at, struct err *err, const char *format, ...)
	__attribute__((format(printf, 3, 4), cold));

/* Every member of `object` must be in `names` (NULL-terminated); the fault names the nearest. */
int json_only(const struct json *object, const struct json_at *at,
	      const char *const *names, struct err *err);
int json_get_bool(const struct json *object, const struct json_at *at, const char *key,
		  bool *ret, struct err *err);
int json_get_u64(const struct json *object, const struct json_at *at, const char *key,
		 uint64_t min, uint64_t max, uint64_t *ret, struct err *err);
/* *ret points into the tree. */
int json_get_string(const struct json *object, const struct json_at *at, const char *key,
		    const char **ret, struct err *err);
/* Index in `words` (NULL-terminated); the fault lists the words. */
int json_get_word(const struct json *object, const struct json_at *at, const char *key,
		  const char *const *words, unsigned int *ret, struct err *err);
/* Member that must be an object / array; *ret = NULL when absent. */
int json_get_object(const struct json *object, const struct json_at *at, const char *key,
		    struct json **ret, struct err *err);
int json_get_array(const struct json *object, const struct json_at *at, const char *key,
		   struct json **ret, struct err *err);

/* Sets the value at an RFC 6901 pointer ("/resources/cpuSeconds"), making objects on the way (*root
 * too when it is NULL); takes ownership of value, also on failure. Members of objects only, at most
 * 32 deep. POLICY: not a pointer, or through a non-object; then the tree is as it was. */
int json_set_pointer(struct json **root, const char *pointer, struct json *value,
		     struct err *err);

/* --- writing ---------------------------------------------------------------------------------
 * json_tree.h builds; these see to it that the values are fit for every reader: */
/* A string member; bytes that are not UTF-8 and controls other than tab/newline are shown as \xNN. */
void json_add_text(struct json *object, const char *key, const char *text);
void json_add_text_bytes(struct json *object, const char *key, const char *bytes,
			 size_t count);
/* The same as the next value of an array. */
void json_append_text(struct json *array, const char *text);
/* A number member, exact up to 2^53; more is written as 2^53, the largest that readers keep. */
void json_add_u64(struct json *object, const char *key, uint64_t number);
/* The text of a tree, free(); `pretty` with tabs and line ends. Numbers are as short as reads back the
 * same, integers without exponent; what is no finite number is null. */
char *json_print(const struct json *tree, bool pretty);
/* The same, pretty, as it stands `depth` containers deep in a document. */
char *json_print_part(const struct json *tree, unsigned int depth);
/* Printed with a trailing newline to a temporary file beside `path` (mode 0644 & ~umask), then
 * renamed over it: readers see the old or the new file, never half of one. "-" = stdout. */
int json_write_file(const char *path, const struct json *tree, bool pretty,
		    struct err *err);
/* Printed to an open descriptor. */
int json_write_fd(int fd, const struct json *tree, bool pretty, struct err *err);

#endif
