/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue - the probes, read strictly from the head comments of
 * probes/<layer>/<name>.sh
 *
 * A head is lines `# key: value` in a fixed order, continued by lines that start with `#`
 * and at least two spaces; the first line that is no comment ends it. A file without
 * class or budget, with an unknown key or requirement, or with an id that is not its path
 * does not load: "file:line: …".
 */
#ifndef CONFORMANCE_CATALOGUE_H
#define CONFORMANCE_CATALOGUE_H

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
		*rests_on; /* ids of requirements whose loss opens this act too */
	const char *what, *why,
		*remedy; /* one line each, continuation lines joined by a space */
};

struct catalogue {
	const char *directory; /* of the probes, as given */
	struct probe *probes;  /* ordered by layer, then id */
	size_t count;
};

extern const char *const class_names[CLASS_COUNT + 1];

/**
 * catalogue_load() - Every probe below a directory
 * @directory:	holds <layer>/<name>.sh; other files and folders are left alone
 * @arena:	owns everything that *catalogue points to
 * Return: 0; or -1 with POLICY "<file>:<line>: …" (the probe is wrong) or SYSTEM (cannot
 * read)
 */
int catalogue_load(const char *directory, struct arena *arena,
		   struct catalogue *catalogue, struct err *err);

/* One head. `file` is the path below the probes directory, from which the id follows. */
int catalogue_read_head(const char *file, const char *text, size_t length,
			struct arena *arena, struct probe *probe, struct err *err);

/* Value of a word `key=value` in a list, "" for the bare word, NULL when it is not there.
 */
const char *probe_word(const char *const *words, const char *key);

#endif
