/* SPDX-License-Identifier: Apache-2.0 */
/* identity - see identity.h. A lock dies with its owner, a file does not: so the sweep. */
#include "runner/identity.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define FIRST 61184U
#define LAST  65519U

/* Is the number in the third field of a line of /etc/passwd or /etc/group? */
static bool is_listed(const char *table, unsigned int id)
{
	char wanted[16];

	(void)snprintf(wanted, sizeof(wanted), ":%u:", id);
	for (const char *line = table; line && *line;) {
		const char *end = strchrnul(line, '\n');
		const char *second = strchr(line, ':');
		const char *third =
			second && second < end ? strchr(second + 1, ':') : NULL;

		if (third && third < end && str_has_prefix(third, wanted))
			return true;
		line = *end ? end + 1 : NULL;
	}
	return false;
}

/* Any task with that uid answers; so does an allocation of systemd's. */
static bool is_in_use(unsigned int uid)
{
	char path[64];

	errno = 0;
	if (getpriority(PRIO_USER, uid) != -1 || errno != ESRCH)
		return true;
	(void)snprintf(path, sizeof(path), "/run/systemd/dynamic-uid/%u", uid);
	return access(path, F_OK) == 0;
}

/* Creates and locks the file of one uid; a sweep may remove it in between. */
static int lock_one(const char *path)
{
	owned_fd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat status;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -1;
	if (fstat(fd, &status) < 0 || status.st_nlink == 0)
		return -1;
	return take_fd(&fd);
}

int identity_take(struct identity *identity, struct err *err)
{
	owned_str struct str users = { 0 }, groups = { 0 };
	unsigned int start = (unsigned int)getpid() % (LAST - FIRST + 1);
	struct err ignored;

	*identity = (struct identity){ .lock = -1 };
	if (mkdir(IDENTITY_DIRECTORY, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "privilege", "cannot make %s for uid locks",
			       IDENTITY_DIRECTORY);
	/* Without these files there is nobody to collide with. */
	(void)fd_read_file("/etc/passwd", 16U << 20, &users, &ignored);
	(void)fd_read_file("/etc/group", 16U << 20, &groups, &ignored);
	for (unsigned int i = 0; i <= LAST - FIRST; i++) {
		unsigned int id = FIRST + (start + i) % (LAST - FIRST + 1);

		if (is_listed(str_text(&users), id) || is_listed(str_text(&groups), id) ||
		    is_in_use(id))
			continue;
		(void)snprintf(identity->path, sizeof(identity->path),
			       IDENTITY_DIRECTORY "/uid.%u", id);
		identity->lock = lock_one(identity->path);
		if (identity->lock < 0)
			continue;
		identity->uid = id;
		identity->gid = id;
		return 0;
	}
	return err_set(err, ERR_SYSTEM, "privilege",
		       "no free uid in %u-%u, or %s is not writable", FIRST, LAST,
		       IDENTITY_DIRECTORY);
}

void identity_release(struct identity *identity)
{
	if (identity->lock < 0)
		return;
	(void)unlink(
		identity->path); /* still locked: nobody takes it before it is gone */
	(void)close(identity->lock);
	identity->lock = -1;
}

void identity_sweep(void)
{
	owned_dir DIR *dir = opendir(IDENTITY_DIRECTORY);

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		owned_fd int fd = -1;

		if (!str_has_prefix(entry->d_name, "uid."))
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
}
