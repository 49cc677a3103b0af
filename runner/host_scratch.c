/* SPDX-License-Identifier: Apache-2.0 */
/* host_scratch - see host_scratch.h. Removal walks by descriptors: the script owned these names. */
#include "runner/host_scratch.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define PREFIX  "confine."
#define DEEPEST 500 /* levels, one descriptor each */

/* Can an identity that owns nothing on the way get to it? */
static bool is_open_to_all(const char *path)
{
	char way[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(way))
		return false;
	memcpy(way, path, length + 1);
	for (size_t end = length; end > 0; end--) {
		struct stat status;

		if (way[end] && way[end] != '/')
			continue;
		way[end] = '\0';
		if (stat(way, &status) < 0 || !(status.st_mode & S_IXOTH))
			return false;
	}
	return true;
}

const char *host_scratch_path(const char *tmpdir, struct arena *arena)
{
	bool usable =
		tmpdir && *tmpdir == '/' && (geteuid() != 0 || is_open_to_all(tmpdir));
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return arena_printf(arena, "%s/" PREFIX "%d.%lx%lx", usable ? tmpdir : "/tmp",
			    (int)getpid(), (unsigned long)now.tv_sec,
			    (unsigned long)now.tv_nsec);
}

static int write_script(int dir, const struct plan *plan, struct err *err)
{
	const char *name = strrchr(plan->script_path, '/') + 1;
	owned_fd int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555);

	if (fd < 0 || fchmod(fd, 0555) < 0 ||
	    fd_write_all(fd, plan->request->script, plan->request->script_length) < 0)
		return err_sys(err, "scratch", "cannot write %s", plan->script_path);
	return 0;
}

static int fill(const struct plan *plan, int dir, const char *path, struct err *err)
{
	if (mkdirat(dir, "scratch", 0700) < 0)
		return err_sys(err, "scratch", "cannot make %s/scratch", path);
	if (plan->uid != plan->caps->uid &&
	    fchownat(dir, "scratch", plan->uid, plan->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "scratch", "cannot give %s/scratch away", path);
	return plan->script_path ? write_script(dir, plan, err) : 0;
}

int host_scratch_make(const struct plan *plan, const char *path, struct err *err)
{
	owned_fd int dir = -1;

	if (mkdir(path, 0711) < 0)
		return err_sys(err, "scratch", "cannot make %s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 || flock(dir, LOCK_EX | LOCK_NB) < 0 || fchmod(dir, 0711) < 0)
		return err_sys(err, "scratch", "cannot open %s", path);
	if (fill(plan, dir, path, err) < 0) {
		host_scratch_remove(path);
		return -1;
	}
	return take_fd(&dir);
}

/* By descriptors, one level at a time; what is deeper than DEEPEST stays, and is reported by the
 * directory that is still there. */
static void remove_below(int dir, unsigned int depth)
{
	owned_dir DIR *list = NULL;
	int fd = fcntl(dir, F_DUPFD_CLOEXEC, 3);

	list = fd >= 0 ? fdopendir(fd) : NULL;
	for (struct dirent *entry = list ? readdir(list) : NULL; entry;
	     entry = readdir(list)) {
		owned_fd int inner = -1;

		if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
			continue;
		if (unlinkat(dir, entry->d_name, 0) == 0 || depth == 0)
			continue;
		inner = openat(dir, entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (inner < 0) { /* a mode that keeps its owner out */
			(void)!fchmodat(dir, entry->d_name, 0700, AT_SYMLINK_NOFOLLOW);
			inner = openat(dir, entry->d_name,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		}
		if (inner >= 0) {
			(void)fchmod(inner, 0700);
			remove_below(inner, depth - 1);
		}
		(void)unlinkat(dir, entry->d_name, AT_REMOVEDIR);
	}
}

void host_scratch_remove(const char *path)
{
	owned_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return;
	remove_below(dir, DEEPEST);
	(void)rmdir(path);
}

void host_scratch_sweep(const char *path)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	owned_dir DIR *list = NULL;

	if (slash == path || (size_t)(slash - path) >= sizeof(parent))
		return;
	(void)memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = '\0';
	list = opendir(parent);
	for (struct dirent *entry = list ? readdir(list) : NULL; entry;
	     entry = readdir(list)) {
		struct stat status;
		owned_fd int dir = -1;

		if (!str_has_prefix(entry->d_name, PREFIX))
			continue;
		dir = openat(dirfd(list), entry->d_name,
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		/* Only what this very user made: names in /tmp are anybody's to choose. */
		if (dir < 0 || fstat(dir, &status) < 0 || status.st_uid != geteuid() ||
		    (status.st_mode & 07777) != 0711 || flock(dir, LOCK_EX | LOCK_NB) < 0)
			continue;
		remove_below(dir, DEEPEST);
		(void)unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
	}
}
