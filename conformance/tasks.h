/* SPDX-License-Identifier: Apache-2.0 */
/* tasks - who is there, read through a descriptor of a /proc that need not be our own */
#ifndef CONFORMANCE_TASKS_H
#define CONFORMANCE_TASKS_H

#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tasks {
	uint64_t threads; /* of all processes, zombies left out */
	uint64_t
		resident; /* bytes, pages that are shared counted each time; 0 if not asked */
};

/* All processes but process 1 and `ours` (0: none). 0, or -1: cannot look. */
int tasks_count(int proc, pid_t ours, bool with_memory, struct tasks *ret);
/* Peak resident bytes of one process, 0 when it is gone. */
uint64_t tasks_peak_memory(int proc, pid_t pid);
/* The process that runs `/bin/sh script`, or 0. */
pid_t tasks_find_script(int proc, const char *script);

/* What can be seen of a process from outside, and of the launcher it came from. */
struct held {
	bool found;
	struct str mounts, launcher_mounts; /* mountinfo */
	struct str groups, launcher_groups; /* cgroup */
	struct str map;                     /* uid_map */
};
void tasks_inspect(int proc, pid_t pid, pid_t launcher, struct held *ret);
/* Inode of a namespace of a process, 0 when it cannot be read. */
uint64_t tasks_namespace(int proc, pid_t pid, const char *name);
void tasks_held_done(struct held *held);

#endif
