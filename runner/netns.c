/* SPDX-License-Identifier: Apache-2.0 */
/* netns - see netns.h. Both halves run between clone and exec: no allocation, no formatting. */
#include "runner/netns.h"
#include "runner/base/kernel.h"
#include "runner/base/namespace.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

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

int netns_start(int init, bool loopback, int socket, pid_t *helper, struct err *err)
{
	struct netns_message message = { 0, 0 };
	int pidfd = -1;
	struct kernel_clone_args args = { .flags = CLONE_PIDFD,
					  .pidfd = (uint64_t)(uintptr_t)&pidfd,
					  .exit_signal = SIGCHLD };
	pid_t pid = kernel_clone3(&args);

	if (pid < 0 && errno == ENOSYS)
		pid = (pid_t)syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, &pidfd, NULL,
				     NULL);
	if (pid < 0)
		return err_sys(err, "network", "cannot start a helper");
	if (pid == 0) {
		int fd = make(init, loopback, &message);

		_exit(hand_over(socket, fd, &message));
	}
	*helper = pid;
	return pidfd;
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
