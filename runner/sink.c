/* SPDX-License-Identifier: Apache-2.0 */
/* sink - see sink.h */
#include "runner/sink.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

/* What a terminal takes without waiting once poll says that it has room at all. */
#define TERMINAL_BYTES 32

/* A description of our own; not to be had where the terminal belongs to another user. */
static int open_anew(int fd)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void sink_init(struct sink *sink, int fd)
{
	struct stat status;

	*sink = (struct sink){ SINK_PLAIN, fd, -1, { -1, -1 }, 0 };
	if (fstat(fd, &status) < 0)
		return;
	if (S_ISFIFO(status.st_mode))
		sink->kind = SINK_PIPE;
	else if (S_ISSOCK(status.st_mode))
		sink->kind = SINK_SOCKET;
	else if (S_ISCHR(status.st_mode) && isatty(fd))
		sink->kind = SINK_TERMINAL;
	if (sink->kind != SINK_TERMINAL)
		return;
	sink->opened = open_anew(fd);
	if (sink->opened >= 0)
		sink->fd = sink->opened;
	else
		sink->kind = SINK_SLOW;
}

void sink_done(struct sink *sink)
{
	own_close_fd(&sink->opened);
	own_close_fd(&sink->relay[0]);
	own_close_fd(&sink->relay[1]);
}

static ssize_t write_at_most(int fd, const char *bytes, size_t count, size_t most)
{
	return write(fd, bytes, count < most ? count : most);
}

/* No pipe of ours, or a filter that knows no splice: what is in the relay is still in `bytes`. */
static ssize_t write_slowly(struct sink *sink, const char *bytes, size_t count)
{
	own_close_fd(&sink->relay[0]);
	own_close_fd(&sink->relay[1]);
	sink->kind = SINK_SLOW;
	return write_at_most(sink->fd, bytes, count, PIPE_BUF);
}

/* By way of our own pipe: each move takes a whole slot of the other one, so only for want of more. */
static ssize_t write_relay(struct sink *sink, const char *bytes, size_t count)
{
	ssize_t moved;

	if (sink->relay[0] < 0 && pipe2(sink->relay, O_CLOEXEC | O_NONBLOCK) < 0)
		return write_slowly(sink, bytes, count);
	if (sink->relayed == 0) {
		ssize_t put = write(sink->relay[1], bytes, count);

		if (put <= 0)
			return write_slowly(sink, bytes, count);
		sink->relayed = (size_t)put;
	}
	moved = splice(sink->relay[0], NULL, sink->fd, NULL, sink->relayed,
		       SPLICE_F_NONBLOCK);
	if (moved < 0 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
		return write_slowly(sink, bytes, count);
	if (moved == 0) {
		errno = EAGAIN;
		return -1;
	}
	if (moved > 0)
		sink->relayed -= (size_t)moved;
	return moved;
}

static ssize_t write_pipe(struct sink *sink, const char *bytes, size_t count)
{
	struct iovec vector = { (void *)(uintptr_t)bytes, count };
	ssize_t written = kernel_pwritev2(sink->fd, &vector, 1, RWF_NOWAIT);

	if (written >= 0 ||
	    (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL && errno != EPERM))
		return written;
	sink->kind = SINK_RELAY;
	return write_relay(sink, bytes, count);
}

ssize_t sink_write(struct sink *sink, const char *bytes, size_t count)
{
	switch (sink->kind) {
	case SINK_PIPE:
		return write_pipe(sink, bytes, count);
	case SINK_RELAY:
		return write_relay(sink, bytes, count);
	case SINK_SOCKET: /* one datagram, where it is made of those */
		return send(sink->fd, bytes, count < PIPE_BUF ? count : PIPE_BUF,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	case SINK_SLOW:
		return write_at_most(sink->fd, bytes, count,
				     isatty(sink->fd) ? TERMINAL_BYTES : PIPE_BUF);
	case SINK_TERMINAL:
	case SINK_PLAIN:
		break;
	}
	return write(sink->fd, bytes, count);
}
