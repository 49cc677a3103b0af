/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * cgroup_place - where a version 2 group of ours can stand when the caller's own passes nothing on
 *
 * A version 2 group that holds processes cannot pass a controller on to groups below it (cgroups(7),
 * "no internal processes"), and the caller's own holds at least the caller. So there are two ways:
 *   split:  the group is delegated to us and holds nobody but us. We move into a leaf below it for
 *           the time of the run, switch the controllers on, and undo both afterwards.
 *   beside: the nearest group above it that passes the controllers on and that we may write to, as a
 *           user's manager gives them away. Nobody is moved; the group stays below that ancestor's
 *           limits, but those of the caller's own group do not hold for it.
 * Nobody else's process is ever moved, and no controller is switched on where others live.
 */
#ifndef BASE_CGROUP_PLACE_H
#define BASE_CGROUP_PLACE_H

#include "runner/base/cgroup.h"

/* For controllers that cgroup_find() found nowhere: fills `homes` where one of the ways is open. Reads
 * only; `why` of the others says what is in the way. Groups whose name starts with `prefix` are ours. */
void cgroup_place(const char *prefix, const char *const *controllers, size_t count,
		  struct cgroup_home *homes);

/* Held for as long as a group of ours is in use. Zeroed but for home = -1: nothing is held. */
struct cgroup_hold {
	int home; /* the directory, locked against a split by another run; -1 = none */
	int leaf; /* CGROUP_SPLIT: where we are meanwhile; -1 = not moved */
	char leaf_name[NAME_MAX + 1];
	char enabled[64]; /* "-pids -memory": what undoes it */
};

/**
 * cgroup_take() - Before a group is made in a home: locks it, and splits it where that is the way
 * @prefix:	as for cgroup_make(), for the leaf that we are in meanwhile
 * @controllers:	those to be switched on
 * Return: 0; or -1 with SYSTEM and everything as before. Nothing to do for CGROUP_BELOW.
 */
int cgroup_take(const struct cgroup_home *home, const char *prefix,
		const char *const *controllers, size_t count, struct cgroup_hold *hold,
		struct err *err);
/* Undoes it, once no group is left in it. Accepts one that holds nothing. */
void cgroup_give_back(struct cgroup_hold *hold);

#endif
