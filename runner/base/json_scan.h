/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * json_scan - one JSON document, byte for byte, to a tree
 *
 * What is checked is what is built: there is no second reader that could see another document
 * in the same bytes. Unique names are json_parse()'s business: they can be told only after
 * decoding.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "runner/base/err.h"
#include "runner/base/json.h"
#include <stddef.h>

/**
 * json_scan() - Check a document against RFC 8259 and the limits, and build it
 * @what:	name of the document, first word of every error
 * @text:	@length bytes, which need no NUL behind them
 * @ret:	the caller's (json_delete()); untouched on failure
 * Return: 0; or -1 POLICY, "<what>: line L, column C: …". Refused beyond the grammar: bytes that
 * are not UTF-8, U+0000 and lone surrogates in strings, integers beyond 2^53, numbers that no double
 * holds, numbers longer than 60 characters, a byte order mark
 */
int json_scan(const char *what, const char *text, size_t length,
	      const struct json_limits *limits, struct json **ret, struct err *err);

/* Bytes (1..4) of the UTF-8 character at the start of `text`; 0 = there is none. */
size_t json_scan_character(const char *text, size_t count);

#endif
