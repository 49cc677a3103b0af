/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glossary - what the words of a probe's head mean, in sentences for people
 *
 * Also the list of the words there are: a head with another one does not load.
 */
#ifndef CONFORMANCE_GLOSSARY_H
#define CONFORMANCE_GLOSSARY_H

#include "runner/base/str.h"
#include <stdbool.h>

enum glossary_part {
	GLOSSARY_NEEDS,
	GLOSSARY_SETUP,
	GLOSSARY_WITNESS,
	GLOSSARY_REFUSALS,
	GLOSSARY_CLOSED,
	GLOSSARY_COUNT,
};

/* Is it a word of that part: "lab", "deadline=1"? A value is there when, and only when, the
 * word takes one. Of refusals: the words that are neither an errno nor a signal. */
bool glossary_knows(enum glossary_part part, const char *word);
/* Appends the sentence of a word, its value filled in; for an errno or a signal that has no
 * sentence of ours, the system's. */
void glossary_add(struct str *str, enum glossary_part part, const char *word);
/* Appends "lab, tty, …": every word of a part, for an error. */
void glossary_add_words(struct str *str, enum glossary_part part);

#endif
