/* SPDX-License-Identifier: Apache-2.0 */
/* style - how text meets a terminal: colour, width, and words that need neither */
#ifndef CONFORMANCE_STYLE_H
#define CONFORMANCE_STYLE_H

#include "conformance/options.h"
#include "conformance/verdict.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct style {
	bool terminal;
	bool colour;
	size_t width; /* columns; 0: no end */
};

/* What is behind a descriptor, the environment (NO_COLOR, TERM) and the user's wish. */
struct style style_of(int fd, enum colour wish);

/* Foreign or long text, made fit for one line, at most `columns` wide (0: no end), ending in
 * "…" when it was cut. Every character counts as one column. */
void style_add_clipped(struct str *str, const char *text, size_t columns);
/* The same, filled with spaces up to `columns`. */
void style_add_padded(struct str *str, const char *text, size_t columns);
/* Foreign or long text with line ends between words: no line is wider than `width`. The first one
 * begins at column `at`, the others are indented. No line end after the last. */
void style_add_wrapped(struct str *str, const char *text, size_t width, size_t at,
		       size_t indent);
/* The verdict's word in capitals, coloured when the style is, padded to `columns`. */
void style_add_verdict(struct str *str, const struct style *style, enum verdict verdict,
		       size_t columns);
/* Columns that a text takes. */
size_t style_columns(const char *text);

#endif
