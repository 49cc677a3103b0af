/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * words - is a ruleset made of nothing but the words that ours are made of?
 *
 * The supervisor prints rules from numbers, never from a policy's text. This is the other lock on
 * the same door: what reaches the compiler of rules cannot include a file, define, flush or list.
 */
#ifndef EGRESS_WORDS_H
#define EGRESS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORD_MAX 64 /* bytes of a word, with its NUL */

/* On false, bad holds the first word that is none of ours, cut and with unprintable bytes as '?'. */
bool words_are_rules(const char *text, size_t length, char bad[WORD_MAX]);

#endif
