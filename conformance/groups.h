/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups - the cgroups of the shield: one set for each arm, below the caller's own groups
 *
 * What cannot be had is left out, and the set says what it bounds. A set is locked while its
 * owner lives; what a killed run left is swept by the next, with whatever the launcher made in it.
 */
#ifndef CONFORMANCE_GROUPS_H
#define CONFORMANCE_GROUPS_H

#include "conformance/probe.h"
#include "runner/base/cgroup.h"
#include <stdbool.h>
#include <stdint.h>

/* Hierarchies in which a launcher may want groups of its own; "" is version 2. */
enum group_kind {
	GROUP_PIDS,
	GROUP_MEMORY,
	GROUP_CPU,
	GROUP_CPUACCT, /* where a launcher counts the time of a tree; often mounted with cpu */
	GROUP_FREEZER,
	GROUP_V2,
	GROUP_COUNT,
};

enum {
	/* What a launcher and its helpers take besides the act. */
	BUDGET_TASKS_SPARE = 32,
	BUDGET_MEMORY_SPARE = 64 << 20,
};

struct groups {
	struct cgroup_home
		homes[GROUP_COUNT]; /* version 0: not to be had, or one above */
};

struct group {
	int dir;  /* holds the lock; -1: not made */
	int join; /* writing 0 here moves the writer */
	char name[NAME_MAX + 1];
	const char *home;
};

struct group_set {
	struct group items[GROUP_COUNT];
	int pids, memory; /* directories that bound tasks and memory, borrowed; or -1 */
	uint64_t tasks, memory_bytes; /* the bounds */
};

/* Finds the hierarchies and sweeps what killed runs left in them. */
void groups_open(struct groups *groups);
/* "pids and memory by cgroup v1", "" when neither can be bounded. Static text. */
const char *groups_text(const struct groups *groups);

/* Makes a set. Never fails: *set tells what is there. */
void groups_make(const struct groups *groups, const struct probe_budget *budget,
		 struct group_set *set);
/* Path of one group's directory, for the view; false when it was not made. */
bool groups_path(const struct group_set *set, enum group_kind kind, char *path,
		 size_t size);
/* Moves the calling, single-threaded process into all groups of the set. 0, or -1 and errno. */
int groups_join(const struct group_set *set);
/* Is this process (host side or any other number the reader sees) listed in what bounds? */
bool groups_hold(const struct group_set *set, const char *membership);

/* Name of the limit of this set that was hit, or NULL. */
const char *groups_fired(const struct group_set *set);
/* Largest number of tasks there ever was, 0 when the kernel does not say. */
uint64_t groups_peak_tasks(const struct group_set *set);
/* Removes the set, with groups that were made in it, once its tasks are gone. */
void groups_remove(struct group_set *set);

#endif
