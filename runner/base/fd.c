/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* fd - see fd.h. */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

int fd_guard_stdio(void)
{
	for (;;) {
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (fd < 0)
			return -1;
		if (fd > STDERR_FILENO) {
			(void)close(fd);
			return 0;
		}
		/* A hole below 3 has just been filled; it must also survive our own exec.
		 */
		if (fcntl(fd, F_SETFD, 0) < 0)
			return -1;
	}
}

int fd_read_all(int fd, size_t max_bytes, struct str *ret, struct err *err)
{
	struct str text = { 0 };
	char chunk[8192];

	for (;;) {
		ssize_t count = read(fd, chunk, sizeof(chunk));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			(void)err_sys(err, "file", "cannot read");
			goto fail;
		}
		if (count == 0)
			break;
		if ((size_t)count > max_bytes - text.length) {
			(void)err_policy(err, "file", "larger than %zu bytes", max_bytes);
			goto fail;
		}
		str_add_bytes(&text, chunk, (size_t)count);
	}
	str_done(ret);
	*ret = text;
	return 0;
fail:
	str_done(&text);
	return -1;
}

int fd_read_file(const char *path, size_t max_bytes, struct str *ret, struct err *err)
{
	/* O_NONBLOCK: the open of a FIFO would wait for a writer that may never come. */
	owned_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	bool is_pipe;

	if (fd < 0 || fstat(fd, &status) < 0)
		return err_sys(err, "file", "cannot open %s", path);
	is_pipe = S_ISFIFO(status.st_mode);
	if (!is_pipe && !S_ISREG(status.st_mode))
		return err_policy(err, "file", "%s: neither a file nor a pipe", path);
	if (!is_pipe && (uintmax_t)status.st_size > max_bytes)
		return err_policy(err, "file", "%s: larger than %zu bytes", path,
				  max_bytes);
	/* Whoever writes to it already (a shell's <(…)) is waited for. */
	if (is_pipe && fcntl(fd, F_SETFL, 0) < 0)
		return err_sys(err, "file", "cannot read %s", path);
	if (fd_read_all(fd, max_bytes, ret, err) < 0)
		return err_within(err, "%s", path);
	if (is_pipe && ret->length == 0)
		return err_policy(err, "file", "%s: nothing came out of this pipe", path);
	return 0;
}

ssize_t fd_read_small_at(int dir, const char *path, char *buffer, size_t size)
{
	owned_fd int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t used = 0;

	if (fd < 0)
		return -1;
	while (used < size - 1) {
		ssize_t count = read(fd, buffer + used, size - 1 - used);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (count == 0)
			break;
		used += (size_t)count;
	}
	buffer[used] = '\0';
	return (ssize_t)used;
}

int fd_write_all(int fd, const void *bytes, size_t count)
{
	const char *next = bytes;

	while (count > 0) {
		ssize_t written = write(fd, next, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		next += written;
		count -= (size_t)written;
	}
	return 0;
}

/* What a pipe or a socket takes at once when it says that it takes something: pipe(7). */
static ssize_t write_some(int fd, const char *bytes, size_t count)
{
	size_t some = count < PIPE_BUF ? count : PIPE_BUF;
	ssize_t sent = send(fd, bytes, some, MSG_DONTWAIT | MSG_NOSIGNAL);

	return sent < 0 && errno == ENOTSOCK ? write(fd, bytes, some) : sent;
}

int fd_write_patient(int fd, const void *bytes, size_t count)
{
	const char *next = bytes;

	while (count > 0) {
		struct pollfd watched = { .fd = fd, .events = POLLOUT };
		int ready = poll(&watched, 1, FD_PATIENCE_MS);
		ssize_t written;

		if (ready == 0)
			errno = ETIMEDOUT;
		if (ready == 0 || (ready < 0 && errno != EINTR))
			return -1;
		written = ready < 0 ? 0 : write_some(fd, next, count);
		if (written < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (written > 0) {
			next += written;
			count -= (size_t)written;
		}
	}
	return 0;
}

int fd_write_small_at(int dir, const char *path, const char *text)
{
	owned_fd int fd = openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	size_t length = strlen(text);
	ssize_t written;

	if (fd < 0)
		return -1;
	written =
		write(fd, text, length); /* kernel files take one write as one request */
	if (written < 0)
		return -1;
	if ((size_t)written != length) {
		errno = EIO;
		return -1;
	}
	return 0;
}
