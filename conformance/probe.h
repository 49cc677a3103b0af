/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe - what one probe says about itself, and the keys of its head with their values' rules
 */
#ifndef CONFORMANCE_PROBE_H
#define CONFORMANCE_PROBE_H

#include "conformance/requirements.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an act can do to the host; DESIGN section 6. */
enum probe_class {
	CLASS_P, /* passive */
	CLASS_T, /* refused or harmless by construction */
	CLASS_C, /* counted by the helper itself */
	CLASS_X, /* unbounded: only with limits in force and the launcher's tasks seen
		    inside them */
	CLASS_COUNT,
};

enum reach_as {
	REACH_IDENTITY,
	REACH_CALLER
};

struct probe_budget {
	unsigned int seconds;  /* 1..300, of one arm */
	unsigned int tasks;    /* 1..4096 */
	uint64_t memory_bytes; /* up to 4 GiB */
	uint64_t output_bytes; /* up to 1 GiB */
};

/* One `policy:` line. */
struct probe_policy {
	const char *pointer; /* "/resources/maxProcesses" */
	const char *json;    /* "64" */
};

struct probe {
	const char *id; /* resources.fork-bomb-shell */
	const char
		*file; /* path below the probes directory: resources/fork-bomb-shell.sh */
	const char *directory; /* of the probes; the reader of the folder says it */
	const char *title;
	const struct requirement *requirement;
	enum layer layer; /* of the folder */
	enum probe_class class;
	enum reach_as reach;
	struct probe_budget budget;
	const struct probe_policy *policy;
	size_t policy_count;
	/* NULL-terminated words; `nothing` reads as an empty list. */
	const char *const *needs;
	const char *const *setup; /* "canary-file", "env=NAME:VALUE" */
	const char *const *witness;
	const char *const *refusals;
	const char *const
		*closed; /* what the act says outside where the host itself closes it */
	const char *const
		*rests_on; /* ids of requirements whose loss opens this act too */
	const char *what, *why,
		*remedy; /* one line each, continuation lines joined by a space */
};

extern const char *const probe_class_names[CLASS_COUNT + 1];

/* Value of a word `key=value` in a list, "" for the bare word, NULL when it is not there. */
const char *probe_word(const char *const *words, const char *key);

/* A value of a head, with its place for errors. */
struct probe_value {
	const char *file; /* path below the probes directory */
	unsigned int line;
	const char *text;
	struct arena *arena;
	struct err *err;
};

/* POLICY "<file>:<line>: <sentence>[: <detail>]". Returns -1. */
int probe_fault(const struct probe_value *at, const char *sentence, const char *detail)
	__attribute__((cold));

enum probe_times {
	TIMES_ONCE,
	TIMES_MAYBE,
	TIMES_ANY
};

struct probe_key {
	const char *name;
	enum probe_times times;
	bool continues; /* may go on in lines of its own */
	int (*read)(const struct probe_value *at, struct probe *probe);
};

enum {
	PROBE_KEY_COUNT = 16
};
/* In the order in which a head gives them. */
extern const struct probe_key probe_keys[PROBE_KEY_COUNT];

/* What follows from the path alone: id, file, layer. */
int probe_read_path(const struct probe_value *at, struct probe *probe);
/* What two values say of each other, when all are there. */
int probe_check(const struct probe_value *at, const struct probe *probe);

#endif
