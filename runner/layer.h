/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layer - one row of the table of layers, and what its plan function builds with
 *
 * A plan function reads policy and capabilities, adds steps, says what it promises and what is
 * missing. It makes no system call. Layers see what earlier rows decided through planner->plan.
 */
#ifndef RUNNER_LAYER_H
#define RUNNER_LAYER_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/outline.h"

struct planner {
	const struct policy *policy;
	const struct capabilities *caps;
	const struct request *request;
	struct arena *arena;
	struct plan *plan;
	size_t capacity; /* of plan->steps */
};

struct layer {
	enum layer_id id;
	int (*plan)(struct planner *planner, struct err *err);
};

/* In the order they may rely on each other. */
extern const struct layer layers[];
extern const size_t layer_table_count;

int plan_resources(struct planner *planner, struct err *err);
int plan_filesystem(struct planner *planner, struct err *err);
int plan_network(struct planner *planner, struct err *err);
int plan_privilege(struct planner *planner, struct err *err);
int plan_syscalls(struct planner *planner, struct err *err);
int plan_ipc(struct planner *planner, struct err *err);
int plan_lifecycle(struct planner *planner, struct err *err);
int plan_environment(struct planner *planner, struct err *err);
int plan_output(struct planner *planner, struct err *err);
int plan_scratch(struct planner *planner, struct err *err);
int plan_landlock(struct planner *planner, struct err *err);
int plan_runtime(struct planner *planner, struct err *err);

/* --- what they build with -------------------------------------------------------------------- */
/* Appends a step; the returned one may be filled further before the next call. */
struct step *planner_step(struct planner *planner, enum op op);
void planner_promise(struct planner *planner, uint64_t requirements,
		     enum promise promise);
/* Wanted and missing: refuses the run under `fail`, is named under `degrade`. */
void planner_downgrade(struct planner *planner, enum layer_id layer, const char *format,
		       ...) __attribute__((format(printf, 3, 4)));
void planner_note(struct planner *planner, enum layer_id layer, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Of a layer that costs nothing: off is not followed, and that is said. */
void planner_stays_on(struct planner *planner, enum layer_id layer, enum tri_mode mode);
void planner_limit(struct planner *planner, const char *name, uint64_t value,
		   enum limit_scope scope, const char *mechanism);
/* A file of ours for the script to find; its path inside. Beside the root, or in a directory on the
 * host for want of one. */
const char *planner_file(struct planner *planner, const char *name, const char *bytes,
			 size_t length, unsigned int mode);
/* layers/runtime.c: what a runtime needs beside the script; how it is started; its variables, behind
 * those of --env. */
void planner_runtime_files(struct planner *planner);
size_t planner_runtime_words(struct planner *planner, char **words);
const char *const *planner_runtime_env(struct planner *planner, size_t *count);
bool planner_has(const struct planner *planner, enum capability capability);
/* Can this kind of namespace be had: its own capability, and a user namespace where the caller is
 * not root? */
bool planner_has_namespace(const struct planner *planner, enum capability capability);
/* Will the script get a root of its own? Known before the file system layer has planned it. */
bool planner_has_root(const struct planner *planner);
/* Is every process of the caller's out of the script's reach: not to be seen, or of another uid?
 * Asked after lifecycle. */
bool planner_is_apart(const struct planner *planner);
/* Will a filter keep each of these calls (NULL-terminated) from doing what the profile refuses? */
bool planner_filters(const struct planner *planner, const char *const *calls);
/* The Landlock ABI whose rights the script's domain will use; 0: there will be none. */
unsigned int planner_landlock(const struct planner *planner);
/* Can none of the caller's processes be looked into, or taken over, by the script? Apart they are, or
 * a Landlock domain refuses ptrace and what follows its rules, in /proc too. They may still be seen,
 * and under the same uid signalled (before ABI 6) or given other limits. */
bool planner_is_closed(const struct planner *planner);
/* Evidence and advice for a capability that is missing: "REASON; ADVICE". */
const char *planner_missing(const struct planner *planner, enum capability capability);

#endif
