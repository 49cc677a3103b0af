/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * str - text that grows
 *
 * A zeroed struct str is an empty string. `text` is NULL only while nothing was ever added;
 * str_text() never returns NULL. Out of memory ends the program (parent side only).
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *text;      /* NUL-terminated when not NULL */
	size_t length;   /* bytes, without the NUL */
	size_t capacity; /* bytes allocated */
};

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *bytes, size_t count);
void str_addf(struct str *str, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *str, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));
const char *str_text(const struct str *str);
void str_clear(struct str *str);
void str_done(struct str *str);
#define owned_str __attribute__((cleanup(str_done)))

bool str_equal(const char *a, const char *b); /* NULL-safe: NULL equals NULL only */
bool str_has_prefix(const char *text, const char *prefix);
bool str_has_suffix(const char *text, const char *suffix);

/* Bytes of the longest prefix of `bytes` (at most `count`) that is whole UTF-8 characters:
 * only a sequence cut by the end is left out; invalid bytes inside stay. */
size_t str_utf8_floor(const char *bytes, size_t count);
/* Is it valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF)? */
bool str_is_utf8(const char *bytes, size_t count);
/* Appends `bytes` fit for one line of a terminal or log: controls, C1, bidi marks and invalid
 * bytes as \xNN, backslash as \\; at most max_bytes of input, then "…". */
void str_add_visible(struct str *str, const char *bytes, size_t count, size_t max_bytes);

/* Nearest of `names` (NULL-terminated) by edit distance, or NULL when none is near. */
const char *str_nearest(const char *word, const char *const *names);

#endif
