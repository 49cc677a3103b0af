/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Order: what must stay writable, or be seen again later, is cloned while it still is as the host
 * has it; then everything becomes read-only at once; then it is covered; then the clones are put
 * in place. Sources: mount_setattr(2), open_tree and move_mount in linux/mount.h.
 */
#include "conformance/view.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Those of glibc's sys/mount.h that linux/mount.h leaves out or spells the same. */
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

enum {
	CLONES_MAX = 64,
	COVER_SPARE = 14 << 20, /* more than a probe wants that is to be refused */
	COVER_SPARE_NAMES = 5000,
};

/* Inodes for a probe that makes sixteen thousand names; bytes for one that fills 80 MiB. */
#define COVER_SIZE "size=96m,nr_inodes=65536"

const char *const view_covered[] = { "/run", "/tmp", "/var/tmp", "/dev/shm", NULL };

struct clone {
	const char *path;
	int tree;
	bool is_directory;
	bool writable;
};

struct clones {
	struct clone items[CLONES_MAX];
	size_t count;
	char group_paths[GROUP_COUNT][PATH_MAX];
};

const char *view_place(void)
{
	return access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
}

bool view_is_covered(const char *path)
{
	for (const char *const *place = view_covered; *place; place++) {
		size_t length = strlen(*place);

		if (strncmp(path, *place, length) == 0 && path[length] == '/' &&
		    path[length + 1])
			return true;
	}
	return false;
}

bool view_covers(const char *path, size_t length)
{
	for (const char *const *place = view_covered; *place; place++)
		if (strlen(*place) == length && strncmp(path, *place, length) == 0)
			return true;
	return false;
}

static int unsupported(struct err *err, const char *what)
{
	(void)err_sys(err, "shield", "%s", what);
	err->code = ERR_UNSUPPORTED;
	return -1;
}

static int clone_tree(struct clones *clones, const char *path, bool writable,
		      struct err *err)
{
	struct clone *clone = &clones->items[clones->count];
	struct stat about;

	if (clones->count == CLONES_MAX)
		return err_set(err, ERR_INTERNAL, "shield", "too many places to keep");
	clone->tree =
		kernel_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (clone->tree < 0 || fstat(clone->tree, &about) < 0) {
		(void)err_sys(err, "shield", "cannot keep %s in view", path);
		err->code = ERR_UNSUPPORTED;
		return -1;
	}
	clone->path = path;
	clone->is_directory = S_ISDIR(about.st_mode);
	clone->writable = writable;
	clones->count++;
	return 0;
}

static int clone_all(struct clones *clones, const struct group_set *set,
		     const char *const *kept, struct err *err)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		char *path = clones->group_paths[i];

		if (groups_path(set, (enum group_kind)i, path, PATH_MAX) &&
		    clone_tree(clones, path, true, err) < 0)
			return -1;
	}
	for (; *kept; kept++)
		if (view_is_covered(*kept) && clone_tree(clones, *kept, false, err) < 0)
			return -1;
	return 0;
}

/* Every directory on the way, then the last name as what it is to be. */
static int make_place(const char *path, bool is_directory)
{
	char copy[PATH_MAX];
	owned_fd int file = -1;

	if (strlen(path) >= sizeof(copy))
		return -1;
	memcpy(copy, path, strlen(path) + 1);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	if (is_directory)
		return mkdir(path, 0755) < 0 && errno != EEXIST ? -1 : 0;
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return file < 0 ? -1 : 0;
}

static int place_clone(struct clone *clone, struct err *err)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	owned_fd int tree = take_fd(&clone->tree);

	if (!clone->writable &&
	    (make_place(clone->path, clone->is_directory) < 0 ||
	     kernel_mount_setattr(tree, "", AT_EMPTY_PATH, &attributes) < 0))
		return unsupported(err, "cannot show a file in a covered place");
	if (kernel_move_mount(tree, "", AT_FDCWD, clone->path, MOVE_MOUNT_F_EMPTY_PATH) <
	    0)
		return unsupported(err, "cannot put a kept place back into view");
	return 0;
}

static int cover(const char *place, struct err *err)
{
	struct stat about;
	char data[64];

	if (lstat(place, &about) < 0 || !S_ISDIR(about.st_mode))
		return 0; /* not there, or a link to one of the others */
	(void)snprintf(data, sizeof(data), "mode=%s," COVER_SIZE,
		       str_equal(place, "/run") ? "755" : "1777");
	if (kernel_mount("tmpfs", place, "tmpfs", 0, data) < 0)
		return unsupported(err, "cannot cover a writable place with a tmpfs");
	return 0;
}

bool view_is_full(void)
{
	struct statvfs about;

	for (const char *const *place = view_covered; *place; place++)
		if (statvfs(*place, &about) == 0 && !(about.f_flag & ST_RDONLY) &&
		    ((uint64_t)about.f_bavail * about.f_frsize < COVER_SPARE ||
		     about.f_favail < COVER_SPARE_NAMES))
			return true;
	return false;
}

bool view_root_is_shared(void)
{
	owned_file FILE *table = fopen("/proc/self/mountinfo", "re");
	char line[4096];

	while (table && fgets(line, sizeof(line), table)) {
		const char *options = strstr(line, " / / ");

		if (options)
			return strstr(options, " shared:") != NULL;
	}
	return false;
}

int view_build(const struct group_set *set, const char *const *kept, bool shared,
	       struct err *err)
{
	struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };
	static struct clones
		clones; /* 200 KiB; this process builds one view in its life */

	if (kernel_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return unsupported(err, "cannot make the mount tree private");
	if (clone_all(&clones, set, kept, err) < 0)
		return -1;
	if (kernel_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &read_only) < 0)
		return unsupported(err, "cannot make the mount tree read-only");
	for (const char *const *place = view_covered; *place; place++)
		if (cover(*place, err) < 0)
			return -1;
	if (kernel_mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			 NULL) < 0)
		return unsupported(err, "cannot mount a /proc of the shield's own");
	for (size_t i = 0; i < clones.count; i++)
		if (place_clone(&clones.items[i], err) < 0)
			return -1;
	if (shared && kernel_mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) < 0)
		return unsupported(err, "cannot share mounts inside the shield");
	return 0;
}

int view_mounts(void)
{
	owned_fd int copy = memfd_create("mounts", MFD_CLOEXEC);
	owned_str struct str text = { 0 };
	struct err err;

	if (copy < 0 ||
	    fd_read_file("/proc/self/mountinfo", 16U << 20, &text, &err) < 0 ||
	    fd_write_all(copy, str_text(&text), text.length) < 0)
		return -1;
	return take_fd(&copy);
}

/* The mount's number at the start of each line is its identity. */
static bool has_line(const char *table, const char *line, size_t length)
{
	for (const char *at = table; at && *at; at = strchr(at, '\n')) {
		if (*at == '\n')
			at++;
		if (strncmp(at, line, length) == 0)
			return true;
	}
	return false;
}

int view_new_mounts(int before)
{
	owned_str struct str then = { 0 }, now = { 0 };
	int count = 0;
	struct err err;

	if (lseek(before, 0, SEEK_SET) < 0 ||
	    fd_read_all(before, 16U << 20, &then, &err) < 0 ||
	    fd_read_file("/proc/self/mountinfo", 16U << 20, &now, &err) < 0)
		return -1;
	for (const char *at = str_text(&now); *at;) {
		const char *space = strchr(at, ' ');
		const char *end = strchrnul(at, '\n');

		if (space && space < end &&
		    !has_line(str_text(&then), at, (size_t)(space - at) + 1))
			count++;
		at = *end ? end + 1 : end;
	}
	return count;
}
