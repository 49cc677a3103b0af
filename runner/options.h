/* SPDX-License-Identifier: Apache-2.0 */
/* options - the table of `confine run`, for parsing and for --help */
#ifndef RUNNER_OPTIONS_H
#define RUNNER_OPTIONS_H

#include "runner/handover.h"
#include <stdio.h>

struct options {
	const char *policy_file; /* NULL = none, "-" = standard input */
	int policy_fd;           /* instead of it; -1 = none */
	enum profile profile;
	bool has_profile; /* --profile was given */
	struct policy_set *sets;
	size_t set_count;
	const char **env;
	size_t env_count;
	uint64_t timeout_ms;
	const char *cwd, *scratch, *report, *script_file, *text;
	int report_fd; /* -1 = none */
	int error_fd;  /* -1 = standard error */
	int lifeline;  /* its end, or a byte, ends the run; -1 = none */
	struct handover handover;
	const char *events; /* NULL = as CONFINE_EVENTS says */
	bool explain, want_stdin, help;
	char **command; /* behind "--", NULL-terminated */
	/* test builds only: */
	const char **sabotage, **sabotage_seen;
	size_t sabotage_count, sabotage_seen_count;
	bool list_mutants;
};

/* Return: 0; or -1 POLICY: one sentence with what is wrong and what is allowed; then *options has what
 * was read until there. */
int options_parse(int argc, char **argv, struct arena *arena, struct options *options,
		  struct err *err);
void options_print_help(FILE *to);

#endif
