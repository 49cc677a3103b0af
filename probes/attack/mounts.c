/* SPDX-License-Identifier: Apache-2.0 */
/* Devices and mounts: what a script with capabilities, or with a user namespace, would try. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The null device, made anew in scratch: harmless where it works, and as telling as any other. */
static int run_make_device(char **arguments)
{
	int fd;

	if (mknod(arguments[0], S_IFCHR | 0666, makedev(1, 3)) < 0)
		return say_denied(errno);
	fd = open(arguments[0], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return say_denied(errno);
	close(fd);
	return say_reached();
}

static int run_mount_tmpfs(char **arguments)
{
	if (mkdir(arguments[0], 0777) < 0 && errno != EEXIST)
		return say_cannot_tell_errno(errno);
	return say_result(mount("confine-probe", arguments[0], "tmpfs",
				MS_NOSUID | MS_NODEV, "size=64k"));
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t count;

	if (fd < 0)
		return -1;
	count = write(fd, text, strlen(text));
	close(fd);
	return count < 0 ? -1 : 0;
}

/* Root of a user namespace of its own, with a mount namespace; -1 and errno. */
static int become_namespace_root(void)
{
	unsigned int uid = geteuid(), gid = getegid();
	char map[40];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	(void)write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	(void)write_text("/proc/self/uid_map",
			 map); /* unmapped, it has the capabilities all the same */
	snprintf(map, sizeof(map), "0 %u 1", gid);
	(void)write_text("/proc/self/gid_map", map);
	return 0;
}

/* A mount table of one's own, in which nothing that is done shows elsewhere; -1 and errno. */
static int enter_own_mounts(void)
{
	/* Who may do this holds the capability as it is, and no mount is locked for him. */
	if (unshare(CLONE_NEWNS) < 0)
		return become_namespace_root();
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int open_append(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

/* Makes what is mounted there writable, and where that is not enough takes it off. */
static int uncover_at(const char *place, const char *path)
{
	int fd;

	(void)mount(NULL, place, NULL, MS_REMOUNT | MS_BIND, NULL);
	fd = open_append(path);
	if (fd >= 0)
		return fd;
	(void)umount2(place, MNT_DETACH); /* EINVAL: no mount point, or locked */
	return open_append(path);
}

/* Every mount above the file, the nearest first. */
static int uncover(const char *path)
{
	char place[PATH_MAX];
	int fd = -1;

	if (snprintf(place, sizeof(place), "%s", path) >= (int)sizeof(place)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (char *end = place + strlen(place); fd < 0 && end > place;) {
		fd = uncover_at(place, path);
		while (end > place && *--end != '/')
			;
		*end = '\0';
	}
	return fd < 0 ? uncover_at("/", path) : fd;
}

/*
 * In a mount namespace of its own, by right or by way of a user namespace: take the cover off every
 * mount above the file, make what is left writable, and write. The write is tried as it is first,
 * for the act is the write and the namespace only one way to it.
 */
static int run_uncover_append(char **arguments)
{
	int fd = open_append(arguments[0]);
	int refusal = errno; /* of the write, not of a namespace that cannot be had */

	if (fd < 0 && enter_own_mounts() == 0) {
		fd = uncover(arguments[0]);
		refusal = errno;
	}
	if (fd < 0)
		return say_denied(refusal);
	if (write(fd, "confine\n", 8) != 8)
		return say_denied(errno);
	close(fd);
	return say_reached();
}

const struct verb mount_verbs[] = {
	{ "make-device", 1, 1, "FILE", run_make_device },
	{ "mount-tmpfs", 1, 1, "DIRECTORY", run_mount_tmpfs },
	{ "uncover-append", 1, 1, "FILE", run_uncover_append },
	{ .name = NULL },
};
