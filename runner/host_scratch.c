/* SPDX-License-Identifier: Apache-2.0 */
/* host_scratch - see host_scratch.h. Removal walks by descriptors: the script owned these names. */
#include "runner/host_scratch.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define PREFIX "confine."
/* First in, last out: a directory of that name that somebody else made has none. */
#define MARKER ".confine-run"

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
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return arena_printf(arena, "%s/" PREFIX "%d.%lx%lx", usable ? tmpdir : "/tmp",
			    (int)getpid(), (unsigned long)now.tv_sec,
			    (unsigned long)now.tv_nsec);
}

static int write_file(int dir, const struct plan *plan, const struct plan_file *file,
		      struct err *err)
{
	const char *name = strrchr(file->path, '/') + 1;
	owned_fd int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || fd_write_all(fd, file->bytes, file->length) < 0 ||
	    fchmod(fd, file->mode) < 0)
		return err_sys(err, "scratch", "cannot write %s", file->path);
	/* What others may read needs no owner. */
	if (!(file->mode & S_IROTH) && plan->uid != plan->caps->uid &&
	    fchown(fd, plan->uid, plan->gid) < 0)
		return err_sys(err, "scratch", "cannot give %s away", file->path);
	return 0;
}

static int fill(const struct plan *plan, int dir, const char *path, struct err *err)
{
	if (mkdirat(dir, "scratch", 0700) < 0)
		return err_sys(err, "scratch", "cannot make %s/scratch", path);
	if (plan->uid != plan->caps->uid &&
	    fchownat(dir, "scratch", plan->uid, plan->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "scratch", "cannot give %s/scratch away", path);
	for (unsigned int i = 0; i < plan->file_count; i++)
		if (write_file(dir, plan, &plan->files[i], err) < 0)
			return -1;
	if (plan->request->modules &&
	    symlinkat(plan->request->modules, dir, "node_modules") < 0)
		return err_sys(err, "scratch", "cannot link %s", plan->request->modules);
	return 0;
}

static int claim_directory(const char *path, struct err *err)
{
	owned_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	owned_fd int marker = -1;

	if (dir < 0 || flock(dir, LOCK_EX | LOCK_NB) < 0 || fchmod(dir, 0711) < 0)
		return err_sys(err, "scratch", "cannot open %s", path);
	marker = openat(dir, MARKER, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	if (marker < 0)
		return err_sys(err, "scratch", "cannot write in %s", path);
	return take_fd(&dir);
}

int host_scratch_make(const struct plan *plan, const char *path, struct err *err)
{
	owned_fd int dir = -1;

	if (mkdir(path, 0711) < 0)
		return err_sys(err, "scratch", "cannot make %s", path);
	dir = claim_directory(path, err);
	if (dir < 0 || fill(plan, dir, path, err) < 0) {
		host_scratch_remove(path);
		return -1;
	}
	return take_fd(&dir);
}

/* One directory is emptied at a time, and what it holds of directories is moved beside it: the
 * depth of a tree, which was the script's to choose, costs neither descriptors nor stack. */
struct removal {
	int top;
	unsigned int moved;
	bool progress;
};

static DIR *list_directory(int dir)
{
	owned_fd int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	if (list)
		(void)take_fd(&fd);
	return list;
}

static bool is_entry(const char *name)
{
	return !str_equal(name, ".") && !str_equal(name, "..");
}

static void empty(struct removal *removal, int dir)
{
	owned_dir DIR *list = list_directory(dir);

	for (struct dirent *entry = list ? readdir(list) : NULL; entry;
	     entry = readdir(list)) {
		char name[48];

		if (!is_entry(entry->d_name))
			continue;
		if (unlinkat(dir, entry->d_name, 0) == 0) {
			removal->progress = true;
			continue;
		}
		/* A directory that is moved is written to: its "..". */
		(void)!fchmodat(dir, entry->d_name, 0700, AT_SYMLINK_NOFOLLOW);
		(void)snprintf(name, sizeof(name), "gone.%d.%u", (int)getpid(),
			       removal->moved++);
		if (renameat(dir, entry->d_name, removal->top, name) == 0)
			removal->progress = true;
	}
}

/* Not what is mounted there, also not of the same file system; -1: it stays as it is. */
static int open_inner(int dir, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV,
	};
	owned_fd int inner = kernel_openat2(dir, name, &how);
	struct stat outer, status;

	if (inner >= 0 || (errno != ENOSYS && errno != EPERM))
		return take_fd(&inner);
	inner = openat(dir, name, (int)how.flags);
	if (inner >= 0 && fstat(dir, &outer) == 0 && fstat(inner, &status) == 0 &&
	    outer.st_dev == status.st_dev)
		return take_fd(&inner);
	return -1;
}

static void remove_entry(struct removal *removal, const char *name)
{
	owned_fd int inner = -1;

	if (unlinkat(removal->top, name, 0) < 0) {
		(void)!fchmodat(removal->top, name, 0700, AT_SYMLINK_NOFOLLOW);
		inner = open_inner(removal->top, name);
		if (inner >= 0)
			empty(removal, inner);
		if (unlinkat(removal->top, name, AT_REMOVEDIR) < 0)
			return;
	}
	removal->progress = true;
}

/* What cannot be removed (a mount of somebody's) stays, and with it the mark: a later run tries
 * again. */
static void remove_marked(int dir)
{
	struct removal removal = { .top = dir, .progress = true };
	owned_dir DIR *list = list_directory(dir);
	bool stays = !list;

	while (list && removal.progress) {
		removal.progress = false;
		stays = false;
		rewinddir(list);
		for (struct dirent *entry = readdir(list); entry; entry = readdir(list)) {
			if (!is_entry(entry->d_name) || str_equal(entry->d_name, MARKER))
				continue;
			stays = true;
			remove_entry(&removal, entry->d_name);
		}
	}
	if (!stays)
		(void)unlinkat(dir, MARKER, 0);
}

void host_scratch_remove(const char *path)
{
	owned_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return;
	remove_marked(dir);
	(void)rmdir(path);
}

/* confine.PID.HEX as host_scratch_path() makes it, of a process that is gone? */
static bool is_left_over(const char *name)
{
	const char *digits = name + strlen(PREFIX), *hex;
	pid_t pid = 0;

	if (!str_has_prefix(name, PREFIX))
		return false;
	hex = digits + strspn(digits, "0123456789");
	if (hex == digits || hex - digits > 9 || *hex != '.' || strlen(hex) < 10 ||
	    hex[1 + strspn(hex + 1, "0123456789abcdef")])
		return false;
	pid = (pid_t)strtol(digits, NULL, 10);
	return pid > 0 && kill(pid, 0) < 0 && errno == ESRCH;
}

/* Only what this very user's runs made: names in /tmp are anybody's to choose. What was made under
 * a mask, and not claimed, cannot be opened. */
static bool is_ours(int parent, const char *name, int dir)
{
	struct stat status;
	int result = dir >= 0 ? fstat(dir, &status)
			      : fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW);

	return result == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
	       !(status.st_mode & 07777 & ~0711U);
}

static bool is_marked(int dir)
{
	struct stat marker;

	return fstatat(dir, MARKER, &marker, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(marker.st_mode) && marker.st_uid == geteuid();
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
		owned_fd int dir = -1;

		if (!is_left_over(entry->d_name))
			continue;
		dir = openat(dirfd(list), entry->d_name,
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (!is_ours(dirfd(list), entry->d_name, dir) ||
		    (dir >= 0 && flock(dir, LOCK_EX | LOCK_NB) < 0))
			continue;
		/* Made and not marked yet, or marked no more: then it is empty, or it is not ours. */
		if (dir >= 0 && is_marked(dir))
			remove_marked(dir);
		(void)unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
	}
}
