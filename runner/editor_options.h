/* SPDX-License-Identifier: Apache-2.0 */
/* editor_options - the tables of `confine policy`, for parsing and for --help */
#ifndef RUNNER_EDITOR_OPTIONS_H
#define RUNNER_EDITOR_OPTIONS_H

#include "runner/base/arena.h"
#include "runner/policy_source.h"
#include <stdio.h>

struct editor {
	struct arena arena;
	char **argv; /* where the kernel put it */
	const struct editor_verb *verb;
	struct policy_wish wish;
	struct policy_set *sets; /* behind wish.sets */
	const char *file;        /* --file */
	const char **unset;      /* --unset */
	size_t unset_count;
	const char **words; /* the arguments that are no options */
	size_t word_count;
	bool help;
};

/* What a verb accepts. */
enum {
	TAKES_POLICY = 1,
	TAKES_PROFILE = 2,
	TAKES_SET = 4,
	TAKES_FILE = 8,
	TAKES_WORDS = 16
};

struct editor_verb {
	const char *name, *arguments, *help;
	unsigned int takes;
	int (*run)(struct editor *editor, struct err *err);
};
extern const struct editor_verb editor_verbs[];
extern const size_t editor_verb_count;

/* Return: 0; or -1 POLICY: one sentence with what is wrong and what is allowed. */
int editor_options_parse(int argc, char **argv, struct editor *editor, struct err *err);
void editor_options_print_help(FILE *to);

#endif
