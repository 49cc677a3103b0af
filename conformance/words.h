/* SPDX-License-Identifier: Apache-2.0 */
/* words - a command line to arguments and back, as a POSIX shell would, without a shell */
#ifndef CONFORMANCE_WORDS_H
#define CONFORMANCE_WORDS_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

/**
 * words_split() - Quotes and backslashes as in POSIX sh 2.2; nothing is expanded
 * @ret:	NULL-terminated, the arena's
 * Return: 0; or -1 with POLICY: an open quote, or an operator, expansion, pattern or comment of
 * the shell outside quotes, which would mean something else there than here.
 */
int words_split(const char *text, struct arena *arena, const char *const **ret,
		struct err *err);
/* Appends one word so that a shell reads it back as it is. */
void words_quote(struct str *str, const char *word);
/* Appends all words, quoted, one space between. */
void words_join(struct str *str, const char *const *words);

#endif
