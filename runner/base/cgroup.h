/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * cgroup - control groups of either version, below the caller's own group of each hierarchy
 *
 * A group that we make is held by a lock (flock) on its directory for as long as its owner lives.
 * A sweep removes only groups whose lock it can take: a pid in the name would mean nothing to a
 * sweep from another pid namespace.
 */
#ifndef BASE_CGROUP_H
#define BASE_CGROUP_H

#include "runner/base/err.h"
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* How a group of a run stands to the caller's own: see cgroup_place.h. */
enum cgroup_place {
	CGROUP_BELOW,
	CGROUP_BESIDE,
	CGROUP_SPLIT,
};

/* Where a controller can be used: our own group in its hierarchy, or another one near it. */
struct cgroup_home {
	int version; /* 1 or 2; 0 = not mounted, or not usable; then `why` says so */
	enum cgroup_place place;
	size_t mount; /* bytes of `path` that are the mount point */
	char path[PATH_MAX];
	char why[160];
};

/**
 * cgroup_find() - Locate the hierarchies that carry some controllers
 * @controllers:	"pids", "memory" …; "" is the version 2 hierarchy, whatever it carries
 * @homes:	one result per controller; a controller that is missing is no error
 * Source: cgroups(7), proc(5): mountinfo joined with /proc/self/cgroup
 */
void cgroup_find(const char *const *controllers, size_t count, struct cgroup_home *homes);

/**
 * cgroup_make() - Make, lock and open a group below a home
 * @prefix:	start of its name; a number that is free is added
 * @name:	room for the name that was taken (NAME_MAX + 1)
 * Return: descriptor of the directory, holding the lock, or -1
 */
int cgroup_make(const struct cgroup_home *home, const char *prefix, char *name,
		struct err *err);

/* Removes a group below a home, waiting at most `wait_ms` for its tasks to be gone; -1 and errno. */
int cgroup_remove(const struct cgroup_home *home, const char *name, unsigned int wait_ms);

/* Removes every group below a home whose name starts with `prefix` and whose owner is gone. */
void cgroup_sweep(const struct cgroup_home *home, const char *prefix);

/* Value of `key` in a flat-keyed file ("oom_kill 3"), or the number that is the whole file when key
 * is NULL; 0 when there is none. */
uint64_t cgroup_number(int group, const char *file, const char *key);

#endif
