/* SPDX-License-Identifier: Apache-2.0 */
/* netns - see netns.h. What clone starts allocates and formats nothing. */
#include "runner/netns.h"
#include "runner/base/kernel.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static int make(int init, bool loopback, struct netns_message *message)
{
	int fd;

	if ((init >= 0 && setns(init, CLONE_NEWUSER) < 0) || unshare(CLONE_NEWNET) < 0) {
		message->error = errno;
		return -1;
	}
	if (loopback && namespace_loopback_up() < 0)
		message->loopback_error = errno;
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		message->error = errno;
	return fd;
}

static int hand_over(int socket, int fd, struct netns_message *message)
{
	union control control;
	struct iovec vector = { message, sizeof(*message) };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

	memset(&control, 0, sizeof(control));
	if (fd >= 0) {
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.align), &fd, sizeof(fd));
	}
	return sendmsg(socket, &header, MSG_NOSIGNAL) < 0 ? 1 : 0;
}

struct maker {
	int init, socket;
	bool loopback;
};

on_own_stack static int run_maker(void *argument)
{
	const struct maker *maker = argument;
	struct netns_message message = { 0, 0 };
	int fd = make(maker->init, maker->loopback, &message);

	_exit(hand_over(maker->socket, fd, &message));
}

int netns_make(int init, bool loopback, int socket, char *stack, size_t bytes,
	       struct err *err)
{
	struct maker maker = { init, socket, loopback };
	pid_t pid =
		clone(run_maker, stack + bytes, CLONE_VM | CLONE_VFORK | SIGCHLD, &maker);
	int status;

	if (pid < 0)
		return err_sys(err, "network", "cannot start its maker");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "network", "cannot wait for its maker");
	if (status)
		return err_set(err, ERR_SYSTEM, "network", "its maker died");
	return 0;
}

int netns_enter(int socket, int32_t *loopback_error)
{
	struct netns_message message = { 0, 0 };
	union control control;
	struct iovec vector = { &message, sizeof(message) };
	struct msghdr header = { .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };
	struct cmsghdr *rights;
	ssize_t count;
	int fd, result;

	do {
		count = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	} while (count < 0 && errno == EINTR);
	if (count != sizeof(message)) {
		errno = ECONNRESET;
		return -1;
	}
	rights = CMSG_FIRSTHDR(&header);
	if (message.error || !rights || rights->cmsg_type != SCM_RIGHTS) {
		errno = message.error ? message.error : EPROTO;
		return -1;
	}
	memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
	*loopback_error = message.loopback_error;
	result = setns(fd, CLONE_NEWNET);
	message.error = errno;
	(void)close(fd);
	errno = message.error;
	return result;
}
