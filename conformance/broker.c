/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/broker.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

int broker_listen(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	owned_fd int fd = -1;

	if (length >= sizeof(at.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(at.sun_path, path, length);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    chmod(path, 0666) < 0 || listen(fd, 4) < 0)
		return -1;
	return take_fd(&fd);
}

void broker_answer(int listener)
{
	owned_fd int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	owned_fd int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} room = { .bytes = { 0 } };
	char byte = '/';
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (peer < 0 || root < 0 || !header)
		return;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &root, sizeof(int));
	/* A peer that is gone, or a filter that let nothing pass: the probe says so. */
	(void)!sendmsg(peer, &message, MSG_NOSIGNAL);
}
