/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits are written before anything runs and counters are read after everything ended, so no
 * file of a group is looked at while it counts. Sources: cgroups(7), kernel documents
 * admin-guide/cgroup-v1/{pids,memory}.rst and admin-guide/cgroup-v2.rst.
 */
#include "conformance/groups.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define PREFIX "confine-check."

enum {
	REMOVE_MS = 500,
	TREE_DEPTH_MAX = 8,
};

static const char *const controllers[GROUP_COUNT] = {
	[GROUP_PIDS] = "pids",       [GROUP_MEMORY] = "memory",   [GROUP_CPU] = "cpu",
	[GROUP_CPUACCT] = "cpuacct", [GROUP_FREEZER] = "freezer", [GROUP_V2] = "",
};

/* Removes a group and all below it; directories only, there is nothing else to unlink. */
static void remove_tree(int parent, const char *name, unsigned int depth)
{
	owned_dir DIR *dir = NULL;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	dir = fd >= 0 ? fdopendir(fd) : NULL;
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
		    depth < TREE_DEPTH_MAX)
			remove_tree(fd, entry->d_name, depth + 1);
	(void)unlinkat(parent, name,
		       AT_REMOVEDIR); /* the caller looks whether it is gone */
}

static void sweep(const struct cgroup_home *home)
{
	owned_dir DIR *dir = opendir(home->path);

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		owned_fd int group = -1;

		if (!str_has_prefix(entry->d_name, PREFIX))
			continue;
		group = openat(dirfd(dir), entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		/* Who holds the lock is alive; tasks without a holder are about to die. */
		if (group < 0 || flock(group, LOCK_EX | LOCK_NB) < 0)
			continue;
		(void)fd_write_small_at(group, "cgroup.kill", "1"); /* version 2 only */
		remove_tree(dirfd(dir), entry->d_name, 0);
	}
}

static bool passes_on(const char *path, const char *controller)
{
	owned_fd int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[256];
	char *save = NULL;

	if (dir < 0 ||
	    fd_read_small_at(dir, "cgroup.subtree_control", text, sizeof(text)) < 0)
		return false;
	for (char *word = strtok_r(text, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save))
		if (str_equal(word, controller))
			return access(path, W_OK) == 0;
	return false;
}

/*
 * A version 2 group with processes in it hands no controller on (cgroups(7), "no internal
 * processes"), and a login's group always has processes. The nearest group above that does hand
 * it on and may be written to is a home as well: the shield asks for a number, not for a place.
 */
static void look_above(const struct cgroup_home *own, const char *controller,
		       struct cgroup_home *home)
{
	char path[PATH_MAX];

	if (home->version || own->version != 2)
		return;
	(void)snprintf(path, sizeof(path), "%s", own->path);
	for (char *slash = strrchr(path, '/'); slash && slash > path;
	     slash = strrchr(path, '/')) {
		if (passes_on(path, controller)) {
			home->version = 2;
			(void)snprintf(home->path, sizeof(home->path), "%s", path);
			return;
		}
		*slash = '\0';
	}
}

void groups_open(struct groups *groups)
{
	struct cgroup_home *homes = groups->homes;

	cgroup_find(controllers, GROUP_COUNT, homes);
	for (unsigned int i = 0; i < GROUP_V2; i++)
		look_above(&homes[GROUP_V2], controllers[i], &homes[i]);
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		/* One task has one place in a hierarchy: controllers mounted together, or of
		 * version 2, share the first's group. */
		for (unsigned int before = 0; before < i; before++)
			if (homes[before].version == homes[i].version &&
			    (homes[i].version == 2 ||
			     str_equal(homes[before].path, homes[i].path)))
				homes[i].version = 0;
		if (homes[i].version && access(homes[i].path, W_OK) < 0)
			homes[i].version = 0;
		if (homes[i].version)
			sweep(&homes[i]);
	}
}

/* 0: not bounded. A controller without a home of its own may share one of version 2. */
static int version_of(const struct groups *groups, enum group_kind kind)
{
	if (groups->homes[kind].version)
		return groups->homes[kind].version;
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		if (groups->homes[i].version == 2 &&
		    passes_on(groups->homes[i].path, controllers[kind]))
			return 2;
	return 0;
}

const char *groups_text(const struct groups *groups)
{
	int pids = version_of(groups, GROUP_PIDS);
	int memory = version_of(groups, GROUP_MEMORY);

	if (pids == 2 && memory == 2)
		return "pids and memory by cgroup v2";
	if (pids && memory)
		return pids == memory ? "pids and memory by cgroup v1"
				      : "pids and memory by cgroups v1 and v2";
	if (pids)
		return "pids by cgroup";
	return memory ? "memory by cgroup" : "";
}

static void make_one(const struct cgroup_home *home, struct group *group)
{
	struct err ignored; /* what was not made is seen from dir */

	*group = (struct group){ .dir = -1, .join = -1, .home = home->path };
	if (!home->version)
		return;
	group->dir = cgroup_make(home, PREFIX, group->name, &ignored);
	if (group->dir < 0)
		return;
	/* A single thread that moves itself by `tasks` needs no lock over all processes, which
	 * after an idle moment costs an RCU grace period: kernel/cgroup/cgroup.c. */
	group->join = openat(group->dir, home->version == 1 ? "tasks" : "cgroup.procs",
			     O_WRONLY | O_CLOEXEC);
}

/* Writes a number to the first of the files that is there. */
static bool write_bound(int dir, const char *const files[2], uint64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	for (unsigned int i = 0; i < 2; i++)
		if (fd_write_small_at(dir, files[i], text) == 0)
			return true;
	return false;
}

static void bound(struct group_set *set, const struct group *group)
{
	static const char *const pids[2] = { "pids.max", "pids.max" };
	static const char *const memory[2] = { "memory.max", "memory.limit_in_bytes" };

	if (group->dir < 0 || group->join < 0)
		return;
	if (set->pids < 0 && write_bound(group->dir, pids, set->tasks))
		set->pids = group->dir;
	if (set->memory >= 0 || !write_bound(group->dir, memory, set->memory_bytes))
		return;
	set->memory = group->dir;
	/* Without these, what does not fit goes to swap; absent where there is no swap. */
	(void)fd_write_small_at(group->dir, "memory.swap.max", "0");
	(void)write_bound(group->dir,
			  (const char *const[2]){ "memory.memsw.limit_in_bytes",
						  "memory.memsw.limit_in_bytes" },
			  set->memory_bytes);
}

void groups_make(const struct groups *groups, const struct probe_budget *budget,
		 struct group_set *set)
{
	*set = (struct group_set){
		.pids = -1,
		.memory = -1,
		.tasks = budget->tasks + BUDGET_TASKS_SPARE,
		.memory_bytes = budget->memory_bytes + BUDGET_MEMORY_SPARE,
	};
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		make_one(&groups->homes[i], &set->items[i]);
		bound(set, &set->items[i]);
	}
}

bool groups_path(const struct group_set *set, enum group_kind kind, char *path,
		 size_t size)
{
	const struct group *group = &set->items[kind];
	int printed;

	if (group->dir < 0)
		return false;
	printed = snprintf(path, size, "%s/%s", group->home, group->name);
	return printed > 0 && (size_t)printed < size;
}

int groups_join(const struct group_set *set)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct group *group = &set->items[i];
		bool bounds = group->dir >= 0 &&
			      (group->dir == set->pids || group->dir == set->memory);

		if (group->join >= 0 && write(group->join, "0", 1) != 1 && bounds)
			return -1;
	}
	return 0;
}

/* Does /proc/PID/cgroup, given as text, name the group or one below it? */
static bool is_named(const struct group_set *set, int dir, const char *membership)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		if (set->items[i].dir >= 0 && set->items[i].dir == dir)
			return strstr(membership, set->items[i].name) != NULL;
	return false;
}

bool groups_hold(const struct group_set *set, const char *membership)
{
	return is_named(set, set->pids, membership) &&
	       is_named(set, set->memory, membership);
}

const char *groups_fired(const struct group_set *set)
{
	uint64_t peak = groups_peak_tasks(set);

	/* Which group a refused fork is counted in differs between versions and kernels; the peak
	 * tells in all of them. */
	if (peak ? peak >= set->tasks
		 : set->pids >= 0 && cgroup_number(set->pids, "pids.events", "max") > 0)
		return "tasks";
	if (set->memory >= 0 &&
	    (cgroup_number(set->memory, "memory.events.local", "oom") > 0 ||
	     cgroup_number(set->memory, "memory.failcnt", NULL) > 0 ||
	     cgroup_number(set->memory, "memory.memsw.failcnt", NULL) > 0))
		return "memory";
	return NULL;
}

uint64_t groups_peak_tasks(const struct group_set *set)
{
	return set->pids >= 0 ? cgroup_number(set->pids, "pids.peak", NULL) : 0;
}

/* True when it is gone. */
static bool remove_one(const struct group *group)
{
	owned_fd int home = open(group->home, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (home < 0)
		return true;
	remove_tree(home, group->name, 0);
	return faccessat(home, group->name, F_OK, 0) < 0;
}

void groups_remove(struct group_set *set)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		struct group *group = &set->items[i];

		if (group->dir < 0)
			continue;
		/* A task leaves its group a moment after it was reaped. */
		for (unsigned int waited = 0; waited < REMOVE_MS && !remove_one(group);
		     waited++)
			(void)poll(NULL, 0, 1);
		own_close_fd(&group->join);
		own_close_fd(&group->dir);
	}
	set->pids = set->memory = -1;
}
