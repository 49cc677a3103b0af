/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * cgroup - mountinfo says where a hierarchy is mounted and which part of it; /proc/self/cgroup says
 * where in it we are. Only both together give a directory.
 */
#include "runner/base/cgroup.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

/* One line of mountinfo, cut into the fields that matter; points into the line. */
struct mount_line {
	char *root, *point, *type, *super;
};

static bool split_mount_line(char *line, struct mount_line *ret)
{
	char *save = NULL;
	char *field = strtok_r(line, " ", &save);
	unsigned int index = 0;

	*ret = (struct mount_line){ 0 };
	for (; field; field = strtok_r(NULL, " ", &save), index++) {
		if (index == 3)
			ret->root = field;
		else if (index == 4)
			ret->point = field;
		else if (index > 5 && str_equal(field, "-"))
			break;
	}
	if (!field)
		return false;
	ret->type = strtok_r(NULL, " ", &save);
	(void)strtok_r(NULL, " ", &save); /* source */
	ret->super = strtok_r(NULL, " ", &save);
	return ret->root && ret->point && ret->type && ret->super;
}

static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at; at = strchr(at, ',')) {
		if (*at == ',')
			at++;
		if (!strncmp(at, word, length) && (at[length] == ',' || !at[length]))
			return true;
	}
	return false;
}

static bool copy_text(const char *start, const char *end, char *buffer, size_t size)
{
	size_t length = (size_t)(end - start);

	if (length >= size)
		return false;
	memcpy(buffer, start, length);
	buffer[length] = '\0';
	return true;
}

/* Our path in a hierarchy: the third field of the line of /proc/self/cgroup that names it. */
static const char *own_path(const char *text, const char *controller, char *buffer,
			    size_t size)
{
	for (const char *line = text; line && *line;) {
		const char *end = strchrnul(line, '\n');
		const char *list = strchr(line, ':');
		const char *path = list ? strchr(list + 1, ':') : NULL;
		char names[256];

		if (path && path < end &&
		    copy_text(list + 1, path, names, sizeof(names)) &&
		    (*controller ? list_has(names, controller) : !names[0]))
			return copy_text(path + 1, end, buffer, size) ? buffer : NULL;
		line = *end ? end + 1 : NULL;
	}
	return NULL;
}

/* Joins a mount with our path in its hierarchy. A mount shows the part of the hierarchy below
 * its root; when we are not in that part, the mount is of no use to us. */
static bool join_home(const struct mount_line *mount, const char *own,
		      struct cgroup_home *home)
{
	size_t length = strlen(mount->root);

	if (str_has_prefix(own, "/.."))
		return false;
	if (!str_equal(mount->root, "/")) {
		if (strncmp(own, mount->root, length) != 0 ||
		    (own[length] && own[length] != '/'))
			return false;
		own += length;
	}
	if (strlen(mount->point) + strlen(own) >= sizeof(home->path))
		return false;
	home->mount = strlen(mount->point);
	(void)stpcpy(stpcpy(home->path, mount->point), str_equal(own, "/") ? "" : own);
	return access(home->path, F_OK) == 0;
}

/* A version 2 group can pass a controller on only when it has it switched on for its children. */
static bool version2_passes_on(const struct cgroup_home *home, const char *controller)
{
	owned_fd int dir = open(home->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[256];

	if (!*controller)
		return true;
	if (dir < 0 ||
	    fd_read_small_at(dir, "cgroup.subtree_control", text, sizeof(text)) < 0)
		return false;
	for (char *save = NULL, *word = strtok_r(text, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save))
		if (str_equal(word, controller))
			return true;
	return false;
}

static void try_mount(const struct mount_line *mount, const char *groups,
		      const char *controller, struct cgroup_home *home)
{
	bool two = str_equal(mount->type, "cgroup2");
	char own[PATH_MAX];

	if (home->version || (!two && !str_equal(mount->type, "cgroup")))
		return;
	if (!two && (!*controller || !list_has(mount->super, controller)))
		return;
	if (!own_path(groups, two ? "" : controller, own, sizeof(own)))
		return;
	if (!join_home(mount, own, home))
		return;
	if (two && !version2_passes_on(home, controller)) {
		(void)snprintf(home->why, sizeof(home->why),
			       "the cgroup v2 group of the caller does not pass on %s",
			       controller);
		return;
	}
	home->version = two ? 2 : 1;
}

/* Where everybody mounts version 1, if the whole hierarchy is there (its root is inode 1): spares
 * the reading of a long mount table. */
static bool try_usual_place(const char *groups, const char *controller,
			    struct cgroup_home *home)
{
	char own[PATH_MAX], place[64];
	struct mount_line mount = { .root = (char[]){ "/" }, .point = place };
	struct stat status;
	struct statfs type;

	(void)snprintf(place, sizeof(place), "/sys/fs/cgroup/%.32s", controller);
	if (!*controller || statfs(place, &type) < 0 ||
	    type.f_type != CGROUP_SUPER_MAGIC || stat(place, &status) < 0 ||
	    status.st_ino != 1)
		return false;
	if (!own_path(groups, controller, own, sizeof(own)) ||
	    !join_home(&mount, own, home))
		return false;
	home->version = 1;
	return true;
}

/* The same for version 2, which has one place for all of them. */
static bool try_usual_place2(const char *groups, const char *const *controllers,
			     size_t count, struct cgroup_home *homes)
{
	const struct mount_line mount = { .root = (char[]){ "/" },
					  .point = (char[]){ "/sys/fs/cgroup" },
					  .type = (char[]){ "cgroup2" } };
	struct stat status;
	struct statfs type;

	if (statfs(mount.point, &type) < 0 || type.f_type != CGROUP2_SUPER_MAGIC ||
	    stat(mount.point, &status) < 0 || status.st_ino != 1)
		return false;
	for (size_t i = 0; i < count; i++)
		try_mount(&mount, groups, controllers[i], &homes[i]);
	return true;
}

static void search_mounts(const char *groups, const char *const *controllers,
			  size_t count, struct cgroup_home *homes)
{
	owned_str struct str mounts = { 0 };
	char *save = NULL;
	struct err err;

	if (fd_read_file("/proc/self/mountinfo", 16U << 20, &mounts, &err) < 0 ||
	    !mounts.text)
		return;
	for (char *line = strtok_r(mounts.text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct mount_line mount;

		if (!strstr(line, " - cgroup") || !split_mount_line(line, &mount))
			continue;
		for (size_t i = 0; i < count; i++)
			try_mount(&mount, groups, controllers[i], &homes[i]);
	}
}

void cgroup_find(const char *const *controllers, size_t count, struct cgroup_home *homes)
{
	owned_str struct str groups = { 0 };
	size_t found = 0;
	struct err err;

	for (size_t i = 0; i < count; i++) {
		homes[i] = (struct cgroup_home){ 0 };
		(void)snprintf(
			homes[i].why, sizeof(homes[i].why),
			"no cgroup hierarchy with the controller %s is mounted here",
			controllers[i]);
	}
	if (fd_read_file("/proc/self/cgroup", 1U << 20, &groups, &err) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		found += try_usual_place(str_text(&groups), controllers[i], &homes[i]);
	if (found < count &&
	    !try_usual_place2(str_text(&groups), controllers, count, homes))
		search_mounts(str_text(&groups), controllers, count, homes);
}

/* Opens a group and takes its lock; -1 when it is somebody's, or gone. */
static int open_locked(int home, const char *name)
{
	owned_fd int group =
		openat(home, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (group < 0 || flock(group, LOCK_EX | LOCK_NB) < 0)
		return -1;
	return take_fd(&group);
}

int cgroup_make(const struct cgroup_home *home, const char *prefix, char *name,
		struct err *err)
{
	owned_fd int dir = open(home->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct timespec now = { 0, 0 }; /* unread it is one name like another */

	if (dir < 0)
		return err_sys(err, "resources", "cannot open %s", home->path);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	for (unsigned int try = 0; try < 64; try++) {
		owned_fd int group = -1;

		(void)snprintf(name, NAME_MAX + 1, "%s%d.%lx", prefix, (int)getpid(),
			       (unsigned long)now.tv_nsec + try);
		if (mkdirat(dir, name, 0755) < 0) {
			if (errno == EEXIST)
				continue;
			return err_sys(err, "resources", "cannot make a cgroup in %s",
				       home->path);
		}
		group = open_locked(dir, name);
		/* A sweep may have come between mkdir and lock: then the directory is dead. */
		if (group >= 0 && faccessat(group, "cgroup.procs", F_OK, 0) == 0)
			return take_fd(&group);
	}
	return err_set(err, ERR_SYSTEM, "resources", "no free cgroup name in %s",
		       home->path);
}

int cgroup_remove(const struct cgroup_home *home, const char *name, unsigned int wait_ms)
{
	char path[PATH_MAX + NAME_MAX + 2];

	(void)snprintf(path, sizeof(path), "%s/%s", home->path, name);
	for (unsigned int waited = 0;; waited++) {
		if (rmdir(path) == 0 || errno == ENOENT)
			return 0;
		if (errno != EBUSY || waited >= wait_ms)
			return -1;
		/* A task leaves its group a moment after it can be waited for. */
		(void)poll(NULL, 0, 1);
	}
}

void cgroup_sweep(const struct cgroup_home *home, const char *prefix)
{
	owned_dir DIR *dir = home->version ? opendir(home->path) : NULL;

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		owned_fd int group = -1;

		if (!str_has_prefix(entry->d_name, prefix))
			continue;
		group = open_locked(dirfd(dir), entry->d_name);
		if (group >=
		    0) /* fails with EBUSY while a task is left: a later run's business */
			(void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
}

uint64_t cgroup_number(int group, const char *file, const char *key)
{
	size_t length = key ? strlen(key) : 0;
	char text[1024];
	const char *at = text;

	if (group < 0 || fd_read_small_at(group, file, text, sizeof(text)) <= 0)
		return 0;
	for (; key && at; at = strchr(at, '\n')) {
		if (*at == '\n')
			at++;
		if (!strncmp(at, key, length) && at[length] == ' ')
			break;
	}
	return at ? strtoull(at + length, NULL, 10) : 0;
}
