/* SPDX-License-Identifier: Apache-2.0 */
/* options - the command line of `confine check`: one table for parsing and for --help */
#ifndef CONFORMANCE_OPTIONS_H
#define CONFORMANCE_OPTIONS_H

#include "conformance/gate.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>

enum colour {
	COLOUR_AUTO, /* on a terminal, unless NO_COLOR or TERM=dumb */
	COLOUR_ALWAYS,
	COLOUR_NEVER,
	COLOUR_COUNT,
};

enum {
	JOBS_MAX = 64,
};

struct options {
	bool list;                  /* `confine check list` */
	const char *const *explain; /* `confine check explain NAME…`, or NULL */
	bool help, version, dry_run, keep;
	const char *target;         /* name or file; NULL with target_command */
	const char *target_command; /* or NULL */
	const char *still_valid;    /* a record to be compared, or NULL: a run */
	const char *challenge;      /* nonce of a collector, or NULL */
	const char *policy;         /* file, or NULL: the target's default */
	const char *probes;         /* directory of the user's own, or NULL */
	const char *const *only, *const *skip; /* globs, NULL-terminated */
	unsigned int require;
	enum fail_on fail_on;
	const char *waivers, *baseline; /* files for confine-report, or NULL */
	const char *junit, *json;       /* files, or NULL; "-" is stdout */
	unsigned int jobs;              /* 0: as many as are useful here */
	enum colour colour;
};

/**
 * options_parse() - argv to options
 * @argv:	NULL-terminated, [0] is the program
 * @arena:	owns the lists; texts point into argv
 * Return: 0; or -1 with POLICY: one line that names the option and what it takes
 */
int options_parse(char *const *argv, struct arena *arena, struct options *options,
		  struct err *err);
/* The text of --help, from the same table; ends with the exit statuses. */
void options_add_help(struct str *str);

#endif
