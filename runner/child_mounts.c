/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child_mounts - builds the root: detached trees are opened in the host's view and attached after
 * pivot_root, so that no path of a policy is ever resolved where it could lead out
 */
#include "runner/base/kernel.h"
#include "runner/child.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define EMPTY_DIRECTORY "/run/confine/none"
#define EMPTY_FILE      "/run/confine/null"
#define OWN_HOSTS       "/run/confine/.hosts"

static int close_keeping(int fd, int result)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
	return result;
}

int child_bind_attributes(struct child *child, const struct step *step)
{
	if (step->op == OP_READ_ONLY)
		child->bind_attributes |= MOUNT_ATTR_RDONLY;
	else if (step->op == OP_NOSUID)
		child->bind_attributes |= MOUNT_ATTR_NOSUID;
	else if (step->op == OP_NODEV)
		child->bind_attributes |= MOUNT_ATTR_NODEV;
	else if (step->op == OP_RECURSIVE)
		child->bind_recursive = true;
	else if (step->op == OP_SCRATCH_INERT)
		child->scratch_inert = true;
	return 0;
}

int child_propagation(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return kernel_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* Those of the step for which a step before it stands. */
static uint64_t attributes_of(const struct child *child, const struct step *step)
{
	switch ((enum bind)step->flags) {
	case BIND_READ_ONLY:
		return step->attributes & child->bind_attributes;
	case BIND_WRITABLE:
		return child->scratch_inert ? step->attributes : 0;
	case BIND_DEVICE:
		return step->attributes;
	}
	return MOUNT_ATTR_RDONLY;
}

/* What a path names itself, never what a link on the way leads to. */
static int open_plain(const char *path)
{
	const struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				      .resolve = RESOLVE_NO_SYMLINKS };

	return kernel_openat2(AT_FDCWD, path, &how);
}

/* Always with what is mounted below: leaving it out would uncover what it hides, and the kernel
 * refuses that across user namespaces. */
static int clone_tree(const char *path, bool device)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
	int fd;

	if (device)
		return kernel_open_tree(AT_FDCWD, path, flags);
	fd = open_plain(path);
	if (fd < 0)
		return -1;
	return close_keeping(
		fd, kernel_open_tree(fd, "", flags | AT_RECURSIVE | AT_EMPTY_PATH));
}

/* Over what lies at a path itself. */
static int move_tree(int tree, const char *path)
{
	int fd = open_plain(path);

	if (fd < 0)
		return -1;
	return close_keeping(
		fd, kernel_move_mount(tree, "", fd, "",
				      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}

int child_open(struct child *child, const struct step *step)
{
	enum bind kind = (enum bind)step->flags;
	struct mount_attr attributes = { .attr_set = attributes_of(child, step) };
	bool device = kind == BIND_DEVICE;
	bool recursive = !device && (kind == BIND_WRITABLE || child->bind_recursive);
	int tree = clone_tree(step->source, device);

	if (tree < 0)
		return -1;
	if (attributes.attr_set &&
	    kernel_mount_setattr(tree, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
				 &attributes) < 0)
		return close_keeping(tree, -1);
	child->trees[step->slot] = tree;
	return 0;
}

/* A new file system: type, options in pairs, NULL-terminated; its detached mount or -1. */
static int new_mount(const char *type, const char *const *options, uint64_t attributes)
{
	int fs = kernel_fsopen(type), mount;

	if (fs < 0)
		return -1;
	for (; options && options[0]; options += 2)
		if (options[1] &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, options[0], options[1]) < 0)
			return close_keeping(fs, -1);
	if (kernel_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		return close_keeping(fs, -1);
	mount = kernel_fsmount(fs, (unsigned int)attributes);
	return close_keeping(fs, mount);
}

/* While the host's /proc is in view: a user namespace may make one only where it sees a whole one
 * (mount_too_revealing, fs/namespace.c). */
int child_proc_open(struct child *child, const struct step *step)
{
	child->trees[step->slot] = new_mount("proc", NULL, step->attributes);
	return child->trees[step->slot] < 0 ? -1 : 0;
}

int child_root(struct child *child, const struct step *step)
{
	const char *const options[] = { "size", step->source, "mode", "0755", NULL };

	child->root = new_mount("tmpfs", options, step->attributes);
	return child->root < 0 ? -1 : 0;
}

int child_pivot(struct child *child, const struct step *step)
{
	(void)step;
	if (kernel_move_mount(child->root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) <
	    0)
		return -1;
	if (fchdir(child->root) < 0 || kernel_pivot_root(".", ".") < 0)
		return -1;
	if (kernel_umount2(".", KERNEL_MNT_DETACH) < 0)
		return -1;
	(void)close(child->root);
	return chdir("/");
}

/* Makes every directory above `path` that is missing; with `whole`, path itself too. */
static int make_directories(const char *path, bool whole, unsigned int mode)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && (path[i] || !whole))
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, path[i] ? 0755 : mode) < 0 && errno != EEXIST) {
			struct stat status;
			int saved = errno;

			/* Inside a read-only tree the answer is EROFS also for what is there. */
			if (stat(part, &status) < 0 || !S_ISDIR(status.st_mode)) {
				errno = saved;
				return -1;
			}
		}
	}
	return 0;
}

int child_directory(struct child *child, const struct step *step)
{
	(void)child;
	return make_directories(step->path, true, (unsigned int)step->flags);
}

int child_link(struct child *child, const struct step *step)
{
	(void)child;
	if (make_directories(step->path, false, 0755) < 0)
		return -1;
	return symlink(step->source, step->path);
}

int child_scratch_size(struct child *child, const struct step *step)
{
	child->scratch_size = step->source;
	child->scratch_inodes = step->path;
	return 0;
}

int child_scratch(struct child *child, const struct step *step)
{
	const char *size = child->scratch_size;
	const char *const options[] = { "mode",      "1777",
					"size",      size ? size : "0",
					"nr_inodes", size ? child->scratch_inodes : "0",
					NULL };
	int tree =
		new_mount("tmpfs", options, child->scratch_inert ? step->attributes : 0);

	if (tree < 0)
		return -1;
	if (make_directories(step->path, true, 0755) < 0 ||
	    kernel_move_mount(tree, "", AT_FDCWD, step->path, MOVE_MOUNT_F_EMPTY_PATH) <
		    0)
		return close_keeping(tree, -1);
	(void)close(tree);
	if (mkdir(step->source, 0700) < 0)
		return -1;
	return mkdir("/tmp/.shm", 01777);
}

static int make_target(int tree, const char *path)
{
	struct stat status;
	int fd;

	if (fstat(tree, &status) < 0)
		return -1;
	if (S_ISDIR(status.st_mode))
		return make_directories(path, true, 0755);
	if (make_directories(path, false, 0755) < 0)
		return -1;
	fd = open(path,
		  O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		  0444);
	if (fd < 0)
		return stat(path,
			    &status); /* inside a read-only tree: there already, or not */
	return close_keeping(fd, 0);
}

int child_attach(struct child *child, const struct step *step)
{
	int tree = child->trees[step->slot];

	if (make_target(tree, step->path) < 0 || move_tree(tree, step->path) < 0)
		return -1;
	return close_keeping(tree, 0);
}

/* What lies at `cover` in our own root, over what was opened. */
static int cover_open(const char *cover, int fd, const struct step *step)
{
	struct mount_attr attributes = { .attr_set = step->attributes };
	int tree = kernel_open_tree(AT_FDCWD, cover, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0)
		return -1;
	if (kernel_mount_setattr(tree, "", AT_EMPTY_PATH, &attributes) < 0 ||
	    kernel_move_mount(tree, "", fd, "",
			      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return close_keeping(tree, -1);
	return close_keeping(tree, 0);
}

static int hide_open(int fd, const struct step *step)
{
	struct stat status;
	const char *cover = EMPTY_FILE;

	if (fstat(fd, &status) < 0)
		return -1;
	if (S_ISDIR(status.st_mode))
		cover = EMPTY_DIRECTORY;
	if (mkdir(EMPTY_DIRECTORY, 0555) < 0 && errno != EEXIST)
		return -1;
	if (mknod(EMPTY_FILE, S_IFREG, 0) < 0 && errno != EEXIST)
		return -1;
	return cover_open(cover, fd, step);
}

/* Something empty of the same kind covers it, where a link leads too; what is not there needs no
 * cover. In scratch a script may change what it met: there no link is followed, and what cannot be
 * reached yet is not taken for hidden. */
int child_hide(struct child *child, const struct step *step)
{
	int fd = step->flags ? open_plain(step->path)
			     : open(step->path, O_PATH | O_CLOEXEC);

	(void)child;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ||
				       (errno == EACCES && !step->flags)
			       ? 0
			       : -1;
	return close_keeping(fd, hide_open(fd, step));
}

/* All of it, or -1. */
static int write_file(const char *path, mode_t mode, const char *next, size_t left)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return -1;
	while (left) {
		ssize_t written = write(fd, next, left);

		if (written < 0)
			return close_keeping(fd, -1);
		next += written;
		left -= (size_t)written;
	}
	if (fchmod(fd, mode) < 0)
		return close_keeping(fd, -1);
	return close_keeping(fd, 0);
}

int child_names(struct child *child, const struct step *step)
{
	int fd;

	(void)child;
	if (write_file(OWN_HOSTS, 0444, step->source, (size_t)step->number) < 0)
		return -1;
	fd = open(step->path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -1;
	return close_keeping(fd, cover_open(OWN_HOSTS, fd, step));
}

/* A real file, not a memfd: node resolves its own path, and nothing stays open in the script. */
int child_script(struct child *child, const struct step *step)
{
	const struct plan_file *file = &child->plan->files[step->slot];

	return write_file(step->path, file->mode, file->bytes, file->length);
}

int child_root_read_only(struct child *child, const struct step *step)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };

	(void)child;
	(void)step;
	return kernel_mount_setattr(AT_FDCWD, "/", 0, &attributes);
}
