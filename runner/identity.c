/* SPDX-License-Identifier: Apache-2.0 */
/* identity - see identity.h */
#include "runner/identity.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

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

static bool lock_byte(int fd, unsigned int uid)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = uid, .l_len = 1
	};

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

int identity_take(struct identity *identity, struct err *err)
{
	owned_str struct str users = { 0 }, groups = { 0 };
	unsigned int start = (unsigned int)getpid() % (LAST - FIRST + 1);
	owned_fd int fd =
		open(IDENTITY_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct err ignored;

	if (fd < 0)
		return err_sys(err, "privilege", "cannot lock a uid in %s",
			       IDENTITY_FILE);
	/* Without these files there is nobody to collide with. */
	(void)fd_read_file("/etc/passwd", 16U << 20, &users, &ignored);
	(void)fd_read_file("/etc/group", 16U << 20, &groups, &ignored);
	for (unsigned int i = 0; i <= LAST - FIRST; i++) {
		unsigned int id = FIRST + (start + i) % (LAST - FIRST + 1);

		if (is_listed(str_text(&users), id) || is_listed(str_text(&groups), id) ||
		    !lock_byte(fd, id))
			continue;
		if (is_in_use(id))
			continue; /* its lock goes with the descriptor */
		*identity = (struct identity){ id, id, take_fd(&fd) };
		return 0;
	}
	return err_set(err, ERR_SYSTEM, "privilege", "no free uid in %u-%u", FIRST, LAST);
}

void identity_release(struct identity *identity)
{
	own_close_fd(&identity->lock);
}
