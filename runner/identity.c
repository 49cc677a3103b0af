/* SPDX-License-Identifier: Apache-2.0 */
/* identity - see identity.h */
#include "runner/identity.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
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

static bool lock_bytes(int fd, unsigned int first, unsigned int count)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = count
	};

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* The last to leave removes the file: who opened it just before finds no name and tries again. */
static bool is_nameless(int fd)
{
	struct stat status;

	return fstat(fd, &status) < 0 || status.st_nlink == 0;
}

/* Whoever removes it has every byte locked for that moment, also the one that stands for no uid. */
static bool is_being_removed(int fd)
{
	if (lock_bytes(fd, 0, 1))
		return is_nameless(fd);
	(void)poll(NULL, 0, 1);
	return true;
}

/* 1: taken; 0: none is free; -1: the file has gone meanwhile. */
static int take_one(int fd, const char *users, const char *groups,
		    struct identity *identity)
{
	unsigned int start = (unsigned int)getpid() % (LAST - FIRST + 1);

	for (unsigned int i = 0; i <= LAST - FIRST; i++) {
		unsigned int id = FIRST + (start + i) % (LAST - FIRST + 1);

		if (is_listed(users, id) || is_listed(groups, id) ||
		    !lock_bytes(fd, id, 1))
			continue;
		if (is_nameless(fd))
			return -1;
		if (is_in_use(id))
			continue; /* its lock goes with the descriptor */
		*identity = (struct identity){ id, id, -1 };
		return 1;
	}
	return is_being_removed(fd) ? -1 : 0;
}

int identity_take(struct identity *identity, struct err *err)
{
	owned_str struct str users = { 0 }, groups = { 0 };
	struct err ignored;
	int taken = -1;

	/* Without these files there is nobody to collide with. */
	(void)fd_read_file("/etc/passwd", 16U << 20, &users, &ignored);
	(void)fd_read_file("/etc/group", 16U << 20, &groups, &ignored);
	for (unsigned int try = 0; taken < 0 && try < 100; try++) {
		owned_fd int fd = open(IDENTITY_FILE,
				       O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0)
			return err_sys(err, "privilege", "cannot lock a uid in %s",
				       IDENTITY_FILE);
		taken = take_one(fd, str_text(&users), str_text(&groups), identity);
		if (taken == 1)
			identity->lock = take_fd(&fd);
	}
	if (taken == 1)
		return 0;
	return err_set(err, ERR_SYSTEM, "privilege", "no free uid in %u-%u", FIRST, LAST);
}

void identity_release(struct identity *identity)
{
	if (identity->lock >= 0 && lock_bytes(identity->lock, 0, LAST + 1))
		(void)unlink(IDENTITY_FILE);
	own_close_fd(&identity->lock);
}
