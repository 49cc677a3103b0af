/* SPDX-License-Identifier: Apache-2.0 */
/* What came with the process: descriptors, standard streams, the terminal. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

/* What a service behind a unix socket hands over: a descriptor; -1 and errno. */
static int receive_descriptor(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} room = { .bytes = { 0 } };
	char byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), passed = -1;
	struct cmsghdr *header;

	if (fd < 0)
		return -1;
	(void)strncpy(at.sun_path, path, sizeof(at.sun_path) - 1);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    wait_for(fd, POLLIN, 1500) == 0 &&
	    recvmsg(fd, &message, MSG_CMSG_CLOEXEC) == 1) {
		header = CMSG_FIRSTHDR(&message);
		errno = ENOMSG;
		if (header && header->cmsg_type == SCM_RIGHTS)
			memcpy(&passed, CMSG_DATA(header), sizeof(passed));
	}
	close(fd);
	return passed;
}

/* Below the passed root directory; "/x" relative to it is "x". What is tried is the way through the
 * descriptor: who gets none was not there. */
static int open_passed(char **arguments, int flags)
{
	int root = receive_descriptor(arguments[0]);
	const char *path = arguments[1];

	if (root < 0)
		return -2;
	while (*path == '/')
		path++;
	return openat(root, path, flags | O_CLOEXEC);
}

static int run_append_passed(char **arguments)
{
	int fd = open_passed(arguments, O_WRONLY | O_APPEND);

	if (fd == -2)
		return say_cannot_tell_errno(errno);
	return say_result(fd < 0 ? -1 : (int)write(fd, "confine\n", 8));
}

static int run_read_passed(char **arguments)
{
	int fd = open_passed(arguments, O_RDONLY);

	if (fd == -2)
		return say_cannot_tell_errno(errno);
	if (fd < 0)
		return say_denied(errno);
	if (keep_loot(fd, arguments[2]) < 0)
		return say_cannot_tell_errno(errno);
	return say_reached();
}

/* A directory, an object without a name of the kernel's own (its mode has no file type), or a place
 * that is only held: nothing that a caller hands over as a stream. */
static bool leads_out(int fd)
{
	struct stat about;
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fstat(fd, &about) < 0)
		return false;
	return S_ISDIR(about.st_mode) || !(about.st_mode & S_IFMT) || (flags & O_PATH);
}

/* Says nothing, for standard output may be what it looks at: its exit status is the answer. */
static int run_streams_lead_out(char **arguments)
{
	(void)arguments;
	for (int fd = 0; fd < 3; fd++)
		if (leads_out(fd))
			return 0;
	return 1;
}

const struct verb descriptor_verbs[] = {
	{ "streams-lead-out", 0, 0, "", run_streams_lead_out },
	{ "append-descriptor", 1, 1, "DESCRIPTOR", run_append_descriptor },
	{ "push-terminal", 0, 0, "", run_push_terminal },
	{ "set-nonblock", 1, 1, "DESCRIPTOR", run_set_nonblock },
	{ "reopen-read", 2, 2, "DESCRIPTOR LOOT", run_reopen_read },
	{ "reopen-cut", 1, 1, "DESCRIPTOR", run_reopen_cut },
	{ "append-passed", 2, 2, "SOCKET FILE", run_append_passed },
	{ "read-passed", 3, 3, "SOCKET FILE LOOT", run_read_passed },
	{ .name = NULL },
};
