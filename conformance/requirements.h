/* SPDX-License-Identifier: Apache-2.0 */
/*
 * requirements - what a sandbox is measured against: ids, levels, layers, sentences
 *
 * The table of truth. CONFORMANCE.md carries the same rows in prose; `make arch` compares
 * them. An id never changes its meaning once it was released.
 */
#ifndef CONFORMANCE_REQUIREMENTS_H
#define CONFORMANCE_REQUIREMENTS_H

#include <stdbool.h>
#include <stddef.h>

enum layer {
	LAYER_RESOURCES,
	LAYER_FILESYSTEM,
	LAYER_NETWORK,
	LAYER_PRIVILEGE,
	LAYER_SYSCALLS,
	LAYER_IPC,
	LAYER_LIFECYCLE,
	LAYER_ENVIRONMENT,
	LAYER_OUTPUT,
	LAYER_SCRATCH,
	LAYER_REPORT, /* the RPT requirements: what the launcher says about itself */
	LAYER_COUNT,
};

enum {
	LEVEL_MIN = 1,
	LEVEL_MAX = 3
};

struct requirement {
	const char *id;
	unsigned int level; /* LEVEL_MIN..LEVEL_MAX; levels are cumulative */
	enum layer layer;
	bool must; /* false: SHOULD, never required by a gate */
	const char *title;
	const char *sentence;
	/* Its truth rests on every other claim of the receipt: one false claim breaches
	 * it. */
	bool rests_on_claims;
};

/* Ordered by level, then as in CONFORMANCE.md. */
extern const struct requirement requirements[];
extern const size_t requirement_count;

/* Words of enum layer, NULL-terminated. */
extern const char *const layer_names[LAYER_COUNT + 1];

/* NULL when unknown. */
const struct requirement *requirement_find(const char *id);
/* Place in requirements[]. */
size_t requirement_index(const struct requirement *requirement);
/* LAYER_COUNT when unknown. */
enum layer layer_find(const char *name, size_t length);
/* MUST, at or below the level. */
bool requirement_is_required(const struct requirement *requirement, unsigned int level);

#endif
