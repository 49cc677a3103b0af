/* SPDX-License-Identifier: Apache-2.0 */
/* What came with the process: descriptors, standard streams, the terminal. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int run_append_descriptor(char **arguments)
{
	return say_result((int)write((int)number(arguments[0]), "confine\n", 8));
}

/* One byte into the input queue of the terminal, as if it were typed. A '#' begins a comment in
 * any shell that reads it. TIOCSTI: CVE-2017-5226. */
static int run_push_terminal(char **arguments)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char byte = '#';

	(void)arguments;
	if (fd >= 0 && ioctl(fd, TIOCSTI, &byte) == 0)
		return say_reached();
	for (fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCSTI, &byte) == 0)
			return say_reached();
	return say_denied(errno);
}

static int run_set_nonblock(char **arguments)
{
	int fd = (int)number(arguments[0]);
	int flags = fcntl(fd, F_GETFL);

	return say_result(flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK));
}

/* Opens what a descriptor stands for anew; -1 with errno, -2 when it is no regular file. */
static int reopen(const char *descriptor, int flags)
{
	struct stat about;
	char path[48];

	if (fstat((int)number(descriptor), &about) < 0)
		return -1;
	if (!S_ISREG(about.st_mode))
		return -2;
	snprintf(path, sizeof(path), "/proc/self/fd/%u",
		 (unsigned int)number(descriptor));
	return open(path, flags | O_CLOEXEC);
}

static int run_reopen_read(char **arguments)
{
	int fd = reopen(arguments[0], O_RDONLY);

	if (fd == -2)
		return say_denied_word("absent");
	if (fd < 0)
		return say_denied(errno);
	if (keep_loot(fd, arguments[1]) < 0)
		return say_cannot_tell_errno(errno);
	return say_reached();
}

static int run_reopen_cut(char **arguments)
{
	int fd = reopen(arguments[0], O_WRONLY | O_TRUNC);

	return fd == -2 ? say_denied_word("absent") : say_result(fd);
}

const struct verb descriptor_verbs[] = {
	{ "append-descriptor", 1, 1, "DESCRIPTOR", run_append_descriptor },
	{ "push-terminal", 0, 0, "", run_push_terminal },
	{ "set-nonblock", 1, 1, "DESCRIPTOR", run_set_nonblock },
	{ "reopen-read", 2, 2, "DESCRIPTOR LOOT", run_reopen_read },
	{ "reopen-cut", 1, 1, "DESCRIPTOR", run_reopen_cut },
	{ .name = NULL },
};
