/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* fd - see fd.h. */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
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

/* Where the bytes of a replacement go. */
struct target {
	char path[PATH_MAX]; /* with every link followed */
	bool is_stream;      /* a device or a FIFO: opened and written to */
	int standard;        /* it is what descriptor 1 or 2 already is; or -1 */
};

/* A file that is our own output (/dev/stdout) would be gone for its reader after a rename. */
static int standard_of(const struct stat *wanted)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		struct stat status;

		if (fstat(fd, &status) == 0 && status.st_dev == wanted->st_dev &&
		    status.st_ino == wanted->st_ino)
			return fd;
	}
	return -1;
}

static int find_target(const char *path, struct target *target, struct err *err)
{
	struct stat status, link;

	*target = (struct target){ .standard = -1 };
	if (strlen(path) >= sizeof(target->path))
		return err_policy(err, "file", "the path is too long");
	memcpy(target->path, path, strlen(path) + 1);
	if (stat(path, &status) < 0) {
		int sys = errno;

		if (sys == ENOENT && lstat(path, &link) < 0)
			return 0;
		return err_policy(err, "file", "%s: %s", path, err_name(sys));
	}
	target->is_stream = S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode);
	if (!target->is_stream && !S_ISREG(status.st_mode))
		return err_policy(err, "file",
				  "%s: neither a file nor a pipe nor a character device",
				  path);
	target->standard = standard_of(&status);
	if (!target->is_stream && target->standard < 0 && !realpath(path, target->path))
		return err_policy(err, "file", "%s: %s", path, err_name(errno));
	return 0;
}

int fd_check_replace(const char *path, struct err *err)
{
	struct target target;
	const char *asked = target.path;
	char *slash;

	if (find_target(path, &target, err) < 0)
		return -1;
	if (target.standard >= 0)
		return 0;
	if (!target.is_stream) {
		slash = strrchr(target.path, '/');
		if (!slash)
			asked = ".";
		else
			slash[slash == target.path] = '\0';
	}
	if (access(asked, target.is_stream ? W_OK : W_OK | X_OK) < 0)
		return err_policy(err, "file", "%s%s: %s", path,
				  target.is_stream ? "" : ": its directory",
				  err_name(errno));
	return 0;
}

/* Opened without waiting: a FIFO that nobody reads is an error, not a reason to hang. */
static int write_stream(const struct target *target, const void *bytes, size_t count,
			struct err *err)
{
	owned_fd int opened = -1;
	int fd = target->standard;

	if (fd < 0) {
		opened = open(target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		fd = opened;
	}
	if (fd < 0 || (opened >= 0 && fcntl(opened, F_SETFL, 0) < 0) ||
	    fd_write_all(fd, bytes, count) < 0)
		return err_sys(err, "file", "cannot write %s", target->path);
	return 0;
}

/* A name beside `path` that nobody else uses: same directory, so that rename cannot
 * cross. */
static int open_beside(const char *path, struct str *name, struct err *err)
{
	for (unsigned int attempt = 0; attempt < 100; attempt++) {
		int fd;

		str_clear(name);
		str_addf(name, "%s.%ld.%u.tmp", path, (long)getpid(), attempt);
		fd = open(name->text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY,
			  0644);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return err_sys(err, "file", "cannot create %s", name->text);
	}
	return err_set(err, ERR_SYSTEM, "file", "cannot find a free name beside %s",
		       path);
}

int fd_replace_file(const char *path, const void *bytes, size_t count, struct err *err)
{
	owned_str struct str name = { 0 };
	owned_fd int fd = -1;
	struct target target;

	if (find_target(path, &target, err) < 0)
		return -1;
	if (target.is_stream || target.standard >= 0)
		return write_stream(&target, bytes, count, err);
	fd = open_beside(target.path, &name, err);
	if (fd < 0)
		return -1;
	if (fd_write_all(fd, bytes, count) < 0 || rename(name.text, target.path) < 0) {
		(void)err_sys(err, "file", "cannot write %s", path);
		(void)unlink(name.text); /* best effort: the write has failed already */
		return -1;
	}
	return 0;
}
