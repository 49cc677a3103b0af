/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* cgroup_place - see cgroup_place.h. */
#include "runner/base/cgroup_place.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>

/* Is the word in a file of words, as cgroup.controllers is one? */
static bool file_has(int dir, const char *file, const char *word)
{
	char text[256];

	if (fd_read_small_at(dir, file, text, sizeof(text)) <= 0)
		return false;
	for (char *save = NULL, *at = strtok_r(text, " \n", &save); at;
	     at = strtok_r(NULL, " \n", &save))
		if (str_equal(at, word))
			return true;
	return false;
}

static bool is_writable(int dir)
{
	return faccessat(dir, ".", W_OK, AT_EACCESS) == 0 &&
	       faccessat(dir, "cgroup.procs", W_OK, AT_EACCESS) == 0;
}

/* Nobody in it but us; and no group in it but what a killed run of ours has left. */
static bool is_ours_alone(int dir, const char *prefix)
{
	owned_fd int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	owned_dir DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
	char text[64], wanted[32];

	if (!list)
		return false;
	(void)take_fd(&copy); /* the list's */
	(void)snprintf(wanted, sizeof(wanted), "%d\n", (int)getpid());
	if (fd_read_small_at(dir, "cgroup.procs", text, sizeof(text)) <= 0 ||
	    !str_equal(text, wanted))
		return false;
	for (struct dirent *entry = readdir(list); entry; entry = readdir(list))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
		    !str_has_prefix(entry->d_name, prefix))
			return false;
	return true;
}

/* Root may write everywhere, so a mark has to say that a group was given away: systemd leaves one, and
 * the root of a cgroup namespace is given to whoever is in it. */
static bool is_delegated(const struct cgroup_home *home, int dir)
{
	static const char *const marks[] = { "trusted.delegate", "user.delegate" };
	char value[4];

	if (!is_writable(dir) ||
	    faccessat(dir, "cgroup.subtree_control", W_OK, AT_EACCESS) < 0)
		return false;
	if (geteuid() != 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (fgetxattr(dir, marks[i], value, sizeof(value)) >= 1 &&
		    value[0] == '1')
			return true;
	/* The root of the whole hierarchy has no type, and is the host's. */
	return strlen(home->path) == home->mount &&
	       faccessat(dir, "cgroup.type", F_OK, 0) == 0;
}

static int open_home(const struct cgroup_home *home)
{
	return open(home->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void explain(struct cgroup_home *home, const char *controller, const char *why)
{
	(void)snprintf(home->why, sizeof(home->why), "%s %s", why, controller);
}

/* How many of those that are still missing can be had here; `file` says by which words. */
static size_t settle(const struct cgroup_home *at, int dir, const char *file,
		     const char *const *controllers, size_t count,
		     struct cgroup_home *homes)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (homes[i].version || !file_has(dir, file, controllers[i]))
			continue;
		homes[i] = *at;
		found++;
	}
	return found;
}

static bool try_beside(struct cgroup_home at, const char *const *controllers,
		       size_t count, struct cgroup_home *homes)
{
	at.place = CGROUP_BESIDE;
	while (strlen(at.path) > at.mount) {
		owned_fd int dir = -1;

		*strrchr(at.path, '/') = '\0';
		dir = open_home(&at);
		if (dir < 0)
			return false;
		if (is_writable(dir) &&
		    settle(&at, dir, "cgroup.subtree_control", controllers, count, homes))
			return true;
	}
	return false;
}

void cgroup_place(const char *prefix, const char *const *controllers, size_t count,
		  struct cgroup_home *homes)
{
	static const char *const any[] = { "" };
	struct cgroup_home own;
	owned_fd int dir = -1;

	for (size_t i = 0; i < count; i++)
		if (homes[i].version == 2) /* a process is in one version 2 group only */
			return;
	cgroup_find(any, 1, &own);
	dir = own.version == 2 ? open_home(&own) : -1;
	if (dir < 0)
		return;
	own.place = CGROUP_SPLIT;
	if (is_delegated(&own, dir) && is_ours_alone(dir, prefix) &&
	    settle(&own, dir, "cgroup.controllers", controllers, count, homes))
		return;
	if (try_beside(own, controllers, count, homes))
		return;
	for (size_t i = 0; i < count; i++)
		if (!homes[i].version)
			explain(&homes[i], controllers[i],
				file_has(dir, "cgroup.controllers", controllers[i])
					? "the caller's cgroup v2 group is not delegated "
					  "to it alone, and none above it passes on"
					: "the caller's cgroup v2 group has no "
					  "controller");
}

static int enable(int home, const char *const *controllers, size_t count,
		  struct cgroup_hold *hold, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(hold->enabled);
		char text[32];

		(void)snprintf(text, sizeof(text), "+%.24s", controllers[i]);
		if (fd_write_small_at(home, "cgroup.subtree_control", text) < 0)
			return err_sys(err, "resources",
				       "cannot switch on %s in the delegated cgroup",
				       controllers[i]);
		(void)snprintf(hold->enabled + used, sizeof(hold->enabled) - used,
			       "%s-%.24s", used ? " " : "", controllers[i]);
	}
	return 0;
}

static int split(const struct cgroup_home *home, const char *prefix,
		 const char *const *controllers, size_t count, struct cgroup_hold *hold,
		 struct err *err)
{
	if (!is_ours_alone(hold->home, prefix))
		return err_set(err, ERR_SYSTEM, "resources",
			       "the delegated cgroup %s is not ours alone any more",
			       home->path);
	hold->leaf = cgroup_make(home, prefix, hold->leaf_name, err);
	if (hold->leaf < 0)
		return -1;
	if (fd_write_small_at(hold->leaf, "cgroup.procs", "0") < 0)
		return err_sys(err, "resources", "cannot move into a leaf of %s",
			       home->path);
	return enable(hold->home, controllers, count, hold, err);
}

int cgroup_take(const struct cgroup_home *home, const char *prefix,
		const char *const *controllers, size_t count, struct cgroup_hold *hold,
		struct err *err)
{
	bool alone = home->place == CGROUP_SPLIT;

	*hold = (struct cgroup_hold){ .home = -1, .leaf = -1 };
	if (home->version != 2 || home->place == CGROUP_BELOW)
		return 0;
	hold->home = open_home(home);
	if (hold->home < 0)
		return err_sys(err, "resources", "cannot open %s", home->path);
	if (flock(hold->home, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) < 0)
		(void)err_sys(err, "resources", "%s is held by another run", home->path);
	else if (!alone || split(home, prefix, controllers, count, hold, err) == 0)
		return 0;
	cgroup_give_back(hold);
	return -1;
}

void cgroup_give_back(struct cgroup_hold *hold)
{
	/* In this order: a group that passes controllers on takes no process. */
	if (hold->enabled[0])
		(void)fd_write_small_at(hold->home, "cgroup.subtree_control",
					hold->enabled);
	if (hold->leaf >= 0 && fd_write_small_at(hold->home, "cgroup.procs", "0") == 0)
		(void)unlinkat(hold->home, hold->leaf_name, AT_REMOVEDIR);
	own_close_fd(&hold->leaf);
	own_close_fd(&hold->home);
	hold->enabled[0] = '\0';
}
