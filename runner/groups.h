/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups - the control groups of one run: made before clone, read back before exec, read while it
 * runs and at its end, removed
 *
 * What differs between controllers and versions is one table. Controllers that share a hierarchy
 * share a group, since a process is in one group of a hierarchy only.
 */
#ifndef RUNNER_GROUPS_H
#define RUNNER_GROUPS_H

#include "runner/base/cgroup_place.h"
#include "runner/plan.h"

struct groups {
	const struct capabilities *caps;
	struct {
		int fd;                  /* directory, locked while in use; -1 = none */
		char name[NAME_MAX + 1]; /* "" = the directory is that of `owner` */
		enum run_group owner;
	} of[GROUP_COUNT];
	struct cgroup_hold hold;
	/* when groups_make() fails: */
	const struct step *failed; /* the one that the host refused */
	bool swap_failed;          /* of failed, only the bound on swap */
};

/* What the kernel counted; 0 where it does not say. */
struct group_usage {
	uint64_t peak_tasks;  /* init left out */
	uint64_t peak_memory; /* bytes */
	uint64_t refused_tasks, oom_kills;
};

void groups_init(struct groups *groups, const struct capabilities *caps);
/**
 * groups_make() - Make the groups that a plan has steps for, and set their numbers
 * Return: 0; or -1: SYSTEM, groups->failed. groups_remove() is due either way.
 */
int groups_make(struct groups *groups, const struct plan *plan, struct err *err);
/* The version 2 group, for CLONE_INTO_CGROUP; -1 = none. */
int groups_clone_into(const struct groups *groups);
/* Files by which a task enters by itself: those of version 1, and with `all` that of version 2; -1
 * where there is nothing to enter. Return 0, or -1 with SYSTEM. */
int groups_open_entries(const struct groups *groups, bool all, int files[GROUP_COUNT],
			struct err *err);

/* Read back: the number that the group holds now, 0 = none was seen. */
uint64_t groups_limit(const struct groups *groups, enum run_group group);
/* Is swap bounded with these bytes of memory? */
bool groups_bound_swap(const struct groups *groups, uint64_t bytes);
/* Last part of the path of a group, as it stands in /proc/PID/cgroup; "" = there is none. */
const char *groups_name(const struct groups *groups, enum run_group group);
const char *groups_home(const struct groups *groups, enum run_group group);
const char *groups_controller(enum run_group group);
enum op groups_op(enum run_group group);

/* Time that all tasks took until now, ended ones too, in microseconds; false: nobody counts it. */
bool groups_read_cpu(const struct groups *groups, uint64_t *ret_us);
void groups_read_usage(const struct groups *groups, struct group_usage *usage);
/* KILL to every task at once, where the kernel has that (version 2, Linux 5.14). */
bool groups_kill(const struct groups *groups);
/* Waits for the last task to be gone. Accepts half-made ones. */
void groups_remove(struct groups *groups);

#endif
