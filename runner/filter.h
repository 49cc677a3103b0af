/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter - the system call filters as they are compiled into the runner, and the names that a
 * policy may use
 *
 * The arrays are made at build time by confine-filter from the tables of runner/filter/rules.c
 * (build/gen/filter_programs.c), so that a run needs neither a library nor a compilation.
 */
#ifndef RUNNER_FILTER_H
#define RUNNER_FILTER_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum filter_profile {
	FILTER_DEFAULT,    /* what an untrusted script never needs is refused */
	FILTER_STRICT,     /* and what few need; the native ABI only */
	FILTER_NO_NETWORK, /* nothing but: no socket other than a unix one */
	FILTER_COUNT
};

struct filter_program {
	const char *name;
	const struct sock_filter *code;
	unsigned short count; /* instructions */
	unsigned int refused,
		limited; /* calls: always, by their arguments (native ABI) */
	uint64_t digest; /* FNV-1a of the code's bytes */
};
extern const struct filter_program filter_programs[FILTER_COUNT];
extern const char filter_abis[]; /* "x86_64, x32, i386" */

#define FILTER_NAME_MAX 32

/* One call that some ABI of the build host has. */
struct filter_call {
	/* Bytes, not addresses: hundreds of these would have to be relocated in every run. */
	char name[FILTER_NAME_MAX], group[16];
	char protects[8];           /* requirement id, "" = none rests on it */
	bool touched[FILTER_COUNT]; /* refused, or limited by its arguments */
	bool needed; /* by the runner, between the filter and the script's exec */
};
extern const struct filter_call filter_calls[]; /* sorted by name */
extern const size_t filter_call_count;

#ifdef CONFINE_SABOTAGE
/* One condition on the arguments of a call, by its place in rules.c. */
struct filter_condition {
	char call[FILTER_NAME_MAX], protects[8];
	bool touched[FILTER_COUNT];
};
extern const struct filter_condition filter_conditions[];
extern const size_t filter_condition_count;
#endif

/* NULL when there is no such call. */
const struct filter_call *filter_call_find(const char *name);
/* The name that is most like it, or NULL: as str_nearest() says. */
const char *filter_call_nearest(const char *name);

/**
 * filter_custom() - The filter of a profile with single calls changed, by confine-filter
 * @allowed:	names that filter_call_find() knows, NULL-terminated, or NULL; likewise @refused;
 *		in test builds also "#N", which leaves out the condition at N, from 0
 * @ret:	its code is in the arena; refused and limited stay 0
 * Return: 0; or -1: UNSUPPORTED where confine-filter is not installed, SYSTEM
 */
int filter_custom(enum filter_profile profile, const char *const *allowed,
		  const char *const *refused, struct arena *arena,
		  struct filter_program *ret, struct err *err);

uint64_t filter_digest(const struct sock_filter *code, size_t count);

#endif
