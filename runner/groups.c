/* SPDX-License-Identifier: Apache-2.0 */
/* groups - see groups.h. */
#include "runner/groups.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REMOVE_WAIT_MS 1000

/* A number in a group: the whole file, or the line of a key. */
struct place {
	const char *file, *key;
};

/* Names of one controller in one version. A NULL file: the kernel has none. */
struct names {
	const char *limit;
	const char *swap; /* bounds swap: the limit again, or what is named here */
	const char *swap_value;
	struct place peak, event, time;
	unsigned int per_us; /* units of `time` in a microsecond */
};

static const struct {
	enum op op;
	const char *controller;
	struct names names[2]; /* version 1, version 2 */
} kinds[GROUP_COUNT] = {
	[GROUP_PIDS] = {
		OP_CGROUP_PIDS, "pids",
		{ { .limit = "pids.max",
		    .peak = { "pids.peak", NULL },
		    .event = { "pids.events", "max" } },
		  { .limit = "pids.max",
		    .peak = { "pids.peak", NULL },
		    .event = { "pids.events", "max" } } },
	},
	[GROUP_MEMORY] = {
		OP_CGROUP_MEMORY, "memory",
		/* Version 1 bounds memory and swap together, version 2 swap alone. */
		{ { .limit = "memory.limit_in_bytes",
		    .swap = "memory.memsw.limit_in_bytes",
		    .peak = { "memory.max_usage_in_bytes", NULL },
		    .event = { "memory.oom_control", "oom_kill" } },
		  { .limit = "memory.max",
		    .swap = "memory.swap.max",
		    .swap_value = "0",
		    .peak = { "memory.peak", NULL },
		    .event = { "memory.events", "oom_kill" } } },
	},
	[GROUP_CPU] = {
		OP_CGROUP_CPU, "cpuacct",
		{ { .time = { "cpuacct.usage", NULL }, .per_us = 1000 },
		  { .time = { "cpu.stat", "usage_usec" }, .per_us = 1 } },
	},
};

static const struct cgroup_home *home_of(const struct groups *groups,
					 enum run_group group)
{
	return &groups->caps->homes[group];
}

static const struct names *names_of(const struct groups *groups, enum run_group group)
{
	return &kinds[group].names[home_of(groups, group)->version == 2];
}

static uint64_t read_place(int dir, const struct place *place)
{
	return place->file ? cgroup_number(dir, place->file, place->key) : 0;
}

const char *groups_controller(enum run_group group)
{
	return kinds[group].controller;
}

enum op groups_op(enum run_group group)
{
	return kinds[group].op;
}

void groups_init(struct groups *groups, const struct capabilities *caps)
{
	*groups = (struct groups){ .caps = caps, .hold = { .home = -1, .leaf = -1 } };
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		groups->of[i].fd = -1;
		groups->of[i].owner = i;
	}
}

static int write_number(int dir, const char *file, uint64_t value, struct err *err)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	if (fd_write_small_at(dir, file, text) < 0)
		return err_sys(err, "resources", "cannot set %s", file);
	return 0;
}

/* Swap must not double the number, where the kernel counts it at all. */
static int set_swap(struct groups *groups, int dir, const struct names *names,
		    uint64_t bytes, struct err *err)
{
	int result;

	if (!names->swap_value)
		result = write_number(dir, names->swap, bytes, err);
	else if ((result = fd_write_small_at(dir, names->swap, names->swap_value)) < 0)
		(void)err_sys(err, "resources", "cannot set %s", names->swap);
	groups->swap_failed = result < 0;
	return result < 0 ? -1 : 0;
}

static bool same_hierarchy(const struct cgroup_home *a, const struct cgroup_home *b)
{
	struct stat one, other;

	if (a->version != b->version)
		return false;
	if (a->version == 2) /* there is only one */
		return true;
	return stat(a->path, &one) == 0 && stat(b->path, &other) == 0 &&
	       one.st_dev == other.st_dev;
}

/* The same directory as an earlier one's of the same hierarchy, or a new one. */
static int make_directory(struct groups *groups, enum run_group group, struct err *err)
{
	const struct cgroup_home *home = home_of(groups, group);

	for (unsigned int i = 0; i < group; i++) {
		if (groups->of[i].fd < 0 || groups->of[i].owner != i ||
		    !same_hierarchy(home, home_of(groups, i)))
			continue;
		groups->of[group].owner = i;
		groups->of[group].fd = fcntl(groups->of[i].fd, F_DUPFD_CLOEXEC, 3);
		return groups->of[group].fd < 0
			       ? err_sys(err, "resources", "cannot share a cgroup")
			       : 0;
	}
	groups->of[group].fd =
		cgroup_make(home, CGROUP_PREFIX, groups->of[group].name, err);
	return groups->of[group].fd < 0 ? -1 : 0;
}

static int make_group(struct groups *groups, enum run_group group,
		      const struct step *step, struct err *err)
{
	const struct names *names = names_of(groups, group);

	groups->failed = step;
	if (make_directory(groups, group, err) < 0)
		return -1;
	if (names->limit &&
	    write_number(groups->of[group].fd, names->limit, step->number, err) < 0)
		return -1;
	if (names->swap && step->flags &&
	    set_swap(groups, groups->of[group].fd, names, step->number, err) < 0)
		return -1;
	groups->failed = NULL;
	return 0;
}

/* The one version 2 home, if any: its controllers may have to be switched on first. */
static int take_home(struct groups *groups, const struct plan *plan, struct err *err)
{
	const char *controllers[GROUP_COUNT];
	const struct cgroup_home *home = NULL;
	size_t count = 0;

	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct step *step = plan_find(plan, kinds[i].op);

		if (!step || home_of(groups, i)->version != 2)
			continue;
		groups->failed = groups->failed ? groups->failed : step;
		home = home ? home : home_of(groups, i);
		if (kinds[i].names[1].limit)
			controllers[count++] = kinds[i].controller;
	}
	if (home &&
	    cgroup_take(home, CGROUP_PREFIX, controllers, count, &groups->hold, err) < 0)
		return -1;
	groups->failed = NULL;
	return 0;
}

int groups_make(struct groups *groups, const struct plan *plan, struct err *err)
{
	if (take_home(groups, plan, err) < 0)
		return -1;
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct step *step = plan_find(plan, kinds[i].op);

		if (step && make_group(groups, i, step, err) < 0)
			return -1;
	}
	return 0;
}

int groups_clone_into(const struct groups *groups)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		if (groups->of[i].fd >= 0 && home_of(groups, i)->version == 2)
			return groups->of[i].fd;
	return -1;
}

int groups_open_entries(const struct groups *groups, bool all, int files[GROUP_COUNT],
			struct err *err)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		bool two = home_of(groups, i)->version == 2;

		if (groups->of[i].fd < 0 || groups->of[i].owner != i || (two && !all) ||
		    files[i] >= 0)
			continue;
		files[i] = openat(groups->of[i].fd, two ? "cgroup.procs" : "tasks",
				  O_WRONLY | O_CLOEXEC);
		if (files[i] < 0)
			return err_sys(err, "resources",
				       "cannot open the tasks of a new cgroup");
	}
	return 0;
}

uint64_t groups_limit(const struct groups *groups, enum run_group group)
{
	const struct names *names = names_of(groups, group);

	return names->limit ? cgroup_number(groups->of[group].fd, names->limit, NULL) : 0;
}

bool groups_bound_swap(const struct groups *groups, uint64_t bytes)
{
	const struct names *names = names_of(groups, GROUP_MEMORY);
	int dir = groups->of[GROUP_MEMORY].fd;
	char text[32];

	if (!names->swap_value)
		return cgroup_number(dir, names->swap, NULL) == bytes;
	return dir >= 0 && fd_read_small_at(dir, names->swap, text, sizeof(text)) > 0 &&
	       str_equal(text, "0\n");
}

const char *groups_name(const struct groups *groups, enum run_group group)
{
	return groups->of[groups->of[group].owner].name;
}

const char *groups_home(const struct groups *groups, enum run_group group)
{
	return home_of(groups, group)->path;
}

bool groups_read_cpu(const struct groups *groups, uint64_t *ret_us)
{
	const struct names *names = &kinds[GROUP_CPU].names[1];
	int dir = groups_clone_into(groups);
	char text[1024];

	if (groups->of[GROUP_CPU].fd >= 0) {
		dir = groups->of[GROUP_CPU].fd;
		names = names_of(groups, GROUP_CPU);
	}
	if (dir < 0 || fd_read_small_at(dir, names->time.file, text, sizeof(text)) <= 0)
		return false;
	*ret_us = read_place(dir, &names->time) / names->per_us;
	return true;
}

void groups_read_usage(const struct groups *groups, struct group_usage *usage)
{
	int pids = groups->of[GROUP_PIDS].fd, memory = groups->of[GROUP_MEMORY].fd;
	const struct names *names;

	*usage = (struct group_usage){ 0 };
	if (pids >= 0) {
		names = names_of(groups, GROUP_PIDS);
		usage->peak_tasks = read_place(pids, &names->peak);
		usage->peak_tasks -= usage->peak_tasks > 0; /* init */
		usage->refused_tasks = read_place(pids, &names->event);
	}
	if (memory >= 0) {
		names = names_of(groups, GROUP_MEMORY);
		usage->peak_memory = read_place(memory, &names->peak);
		usage->oom_kills = read_place(memory, &names->event);
	}
}

bool groups_kill(const struct groups *groups)
{
	int dir = groups_clone_into(groups);

	return dir >= 0 && fd_write_small_at(dir, "cgroup.kill", "1") == 0;
}

void groups_remove(struct groups *groups)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		if (groups->of[i].fd >= 0 && groups->of[i].name[0])
			(void)cgroup_remove(home_of(groups, i), groups->of[i].name,
					    REMOVE_WAIT_MS);
		own_close_fd(&groups->of[i].fd);
		groups->of[i].name[0] = '\0';
	}
	cgroup_give_back(&groups->hold);
}
