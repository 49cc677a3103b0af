/* SPDX-License-Identifier: Apache-2.0 */
/* selfcheck_places - what of selfcheck is about files: where one can be made, read, changed */
#include "probes/attack/attack.h"
#include "probes/attack/selfcheck.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

void selfcheck_look_writable(void)
{
	static const char *const places[] = { "/",     "/usr",  "/etc", "/bin",
					      "/var",  "/run",  "/dev", "/root",
					      "/home", "/proc", "/sys", "/run/confine" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		fact_opened("write", places[i],
			    open(places[i], O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
}

/* The process's own name: no mount and no mode is in the way, only a wall that asks at every open. */
void selfcheck_look_wall(void)
{
	fact_opened("own-name", "", open("/proc/self/comm", O_WRONLY | O_CLOEXEC));
}

void selfcheck_secret(const char *path)
{
	fact_opened("secret", "", open(path, O_RDONLY | O_CLOEXEC));
	fact_opened("shadow", "", open("/etc/shadow", O_RDONLY | O_CLOEXEC));
}

/* What covers a hidden file may be opened; it is empty. */
void selfcheck_hidden(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char byte;

	if (fd < 0)
		fact_result("hidden", "", -1);
	else
		fact("hidden", "", read(fd, &byte, 1) == 1 ? "reached" : "empty");
	if (fd >= 0)
		(void)close(fd);
}

void selfcheck_outside(const char *directory)
{
	struct stat status;

	fact_result("outside-seen", "", stat(directory, &status));
}

void selfcheck_make(const char *path)
{
	fact_result("outside-made", "", mkdir(path, 0777));
}

static const char *shown;

/* A mount inside, and none outside: nothing comes of it there. */
static int remount_shown(void)
{
	return mount(NULL, shown, NULL, MS_REMOUNT | MS_BIND, NULL);
}

void selfcheck_below(const char *path)
{
	fact_opened("below-write", "", open(path, O_WRONLY | O_CLOEXEC));
}

void selfcheck_visible(const char *path)
{
	static const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
	static char directory[4096];

	fact_opened("visible-read", "", open(path, O_RDONLY | O_CLOEXEC));
	fact_opened("visible-write", "", open(path, O_WRONLY | O_CLOEXEC));
	fact_result("visible-mode", "", chmod(path, 0606));
	fact_result("visible-times", "", utimensat(AT_FDCWD, path, times, 0));
	fact_result("visible-xattr", "", setxattr(path, "user.confine", "x", 1, 0));
	(void)snprintf(directory, sizeof(directory), "%s", path);
	shown = dirname(directory);
	fact_of_child("remount", remount_shown);
}

static void look_flags(const char *path)
{
	struct statvfs type = { 0 };

	if (statvfs(path, &type) < 0) {
		fact_result("nosuid", path, -1);
		return;
	}
	fact("nosuid", path, type.f_flag & ST_NOSUID ? "yes" : "no");
	fact("nodev", path, type.f_flag & ST_NODEV ? "yes" : "no");
}

void selfcheck_look_scratch(void)
{
	struct stat status = { 0 };

	(void)stat(".", &status);
	fact_number("scratch-owner", status.st_uid);
	look_flags(".");
	look_flags("/usr");
	fact_result("device-made", "", mknod("device", S_IFCHR | 0600, makedev(1, 3)));
	(void)unlink("device");
}

/* Bytes that all writable places took together, up to twice of what they should. */
void selfcheck_disk(const char *value)
{
	static const char *const places[] = { ".", "/tmp", "/dev/shm", "/var/tmp" };
	uint64_t most = 2 * number(value), done = 0;
	static char bytes[1U << 16];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = open(places[i], O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
		ssize_t count = 0;

		while (fd >= 0 && done < most &&
		       (count = write(fd, bytes, sizeof(bytes))) > 0)
			done += (uint64_t)count;
		/* Left open, so that the places that share a bound share it here. */
	}
	fact_number("disk", done);
	(void)syscall(SYS_close_range, 3, ~0U, 0);
}

/* Visible, and no part of what a second wall lets through. */
static void look_second_wall(void)
{
	fact_opened("second-wall", "",
		    open("/run/confine/outside", O_RDONLY | O_CLOEXEC));
}

void selfcheck_look_devices(void)
{
	static const char *const devices[] = { "/dev/mem",  "/dev/kmsg", "/dev/port",
					       "/dev/kvm",  "/dev/fuse", "/dev/net/tun",
					       "/dev/tty0", "/dev/sda",  "/dev/vda" };

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		fact_opened("device", devices[i],
			    open(devices[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	look_second_wall();
}
