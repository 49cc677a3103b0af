/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights - what may be done to names and files in a directory, one kind of act after the other
 *
 * Each act is one that the directory's own modes allow, or one whose answer tells how far it got:
 * taking away as a directory what is a file. A list that a sandbox keeps of what may be done
 * (Landlock's rights) has a line for each, and may lack one.
 */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The directory, a file in it, and a name in it that is not there. */
struct place {
	const char *directory, *file;
	char name[PATH_MAX];
};

static int list(const struct place *place)
{
	int fd = open(place->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	return close(fd);
}

static int read_file(const struct place *place)
{
	int fd = open(place->file, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int write_file(const struct place *place)
{
	int fd = open(place->file, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

/* To the length that it has. */
static int cut(const struct place *place)
{
	struct stat about;

	if (stat(place->file, &about) < 0)
		return -1;
	return truncate(place->file, about.st_size);
}

static int expect(int result, int error)
{
	return result < 0 && errno != error ? -1 : 0;
}

static int remove_directory(const struct place *place)
{
	return expect(rmdir(place->file), ENOTDIR);
}

/* The last of all acts: nothing is left for another. */
static int remove_file(const struct place *place)
{
	return unlink(place->file);
}

/* Made and taken away again, where that is allowed. */
static int made(const struct place *place, int result)
{
	if (result < 0)
		return -1;
	(void)unlink(place->name);
	return 0;
}

static int make_directory(const struct place *place)
{
	if (mkdir(place->name, 0700) < 0)
		return -1;
	(void)rmdir(place->name);
	return 0;
}

static int make_file(const struct place *place)
{
	return made(place, mknod(place->name, S_IFREG | 0600, 0));
}

static int make_socket(const struct place *place)
{
	return made(place, mknod(place->name, S_IFSOCK | 0600, 0));
}

static int make_fifo(const struct place *place)
{
	return made(place, mkfifo(place->name, 0600));
}

/* The one device that everybody may make, and nobody can open: a whiteout, Linux 5.8. */
static int make_device(const struct place *place)
{
	return made(place, mknod(place->name, S_IFCHR | 0600, makedev(0, 0)));
}

/* Nobody without CAP_MKNOD makes one: but that the kernel asks last (vfs_mknod), after every rule about
 * names, and EPERM is its word. A filter says so too, of any name: so a directory that is not there is
 * tried first. */
static int make_block_device(const struct place *place)
{
	static const mode_t mode = S_IFBLK | 0600;

	if (mknod("/nonexistent/name", mode, makedev(0, 0)) < 0 && errno != ENOENT)
		return -1;
	return made(place, expect(mknod(place->name, mode, makedev(0, 0)), EPERM));
}

static int make_link(const struct place *place)
{
	return made(place, symlink("nowhere", place->name));
}

static const struct {
	const char *name;
	int (*act)(const struct place *place);
} acts[] = {
	{ "list", list },
	{ "read", read_file },
	{ "write", write_file },
	{ "truncate", cut },
	{ "make-directory", make_directory },
	{ "make-file", make_file },
	{ "make-socket", make_socket },
	{ "make-fifo", make_fifo },
	{ "make-device", make_device },
	{ "make-block-device", make_block_device },
	{ "make-link", make_link },
	{ "remove-directory", remove_directory },
	{ "remove-file", remove_file },
};

/* Counts the kernel's entropy, which anybody may ask any random device. */
static int run_device_ioctl(char **arguments)
{
	int count, fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

	return say_result(fd < 0 ? -1
				 : (int)syscall(SYS_ioctl, fd, RNDGETENTCNT, &count));
}

static int run_any_right(char **arguments)
{
	struct place place = { .directory = arguments[0], .file = arguments[1] };
	int error = 0;

	if (snprintf(place.name, sizeof(place.name), "%s/confine-name", arguments[0]) >=
	    (int)sizeof(place.name))
		return 2;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (acts[i].act(&place) == 0)
			return say_reached_word(acts[i].name);
		error = errno;
	}
	return say_denied(error);
}

const struct verb right_verbs[] = {
	{ "device-ioctl", 1, 1, "RANDOM-DEVICE", run_device_ioctl },
	{ "any-right", 2, 2, "DIRECTORY FILE-IN-IT", run_any_right },
	{ .name = NULL },
};
