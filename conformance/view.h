/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - the file systems as everything in the shield sees them
 *
 * The host's root, recursively read-only; an empty, bounded tmpfs over every place that programs
 * write to; a /proc of the shield's own pid namespace; and, writable, only the arm's own cgroup
 * directories. All of it goes away with the mount namespace.
 */
#ifndef CONFORMANCE_VIEW_H
#define CONFORMANCE_VIEW_H

#include "conformance/groups.h"
#include "runner/base/err.h"
#include <stdbool.h>

/* Directories that are covered, NULL-terminated, where they exist. */
extern const char *const view_covered[];

/* The one of them in which an arm has its directory: the same in the shield and out of it, where it has to
 * be one that this caller may write to, so that what a target does depends on neither. */
const char *view_place(void);
/* Is one of the covers as good as full? Then what did not fit may have been stopped by it. */
bool view_is_full(void);
/* Strictly below a covered directory? Then the view does not show it unless it is kept. */
bool view_is_covered(const char *path);
/* Is it one of those directories itself? */
bool view_covers(const char *path, size_t length);

/* Does the host hand mounts on? Then so does the shield, inside itself: a sandbox that leaves propagation
 * as it finds it must be seen doing so. */
bool view_root_is_shared(void);

/**
 * view_build() - Turns the calling process's new mount namespace into that view
 * @set:	the arm's cgroups
 * @kept:	host files and directories below covered places to be shown read-only;
 *		NULL-terminated, absolute, without symbolic links
 * @shared:	view_root_is_shared() of the host
 * Return: 0; or -1: UNSUPPORTED with what the host does not let us do
 */
int view_build(const struct group_set *set, const char *const *kept, bool shared,
	       struct err *err);

/* The mount table of this process, in memory, to compare with later; -1 and errno. */
int view_mounts(void);
/* Entries of now that were not there then; -1 and errno. */
int view_new_mounts(int before);

#endif
