/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* replace - see replace.h */
#include "runner/base/replace.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Of a path that names a file, or none yet: its directory, and its name in it. */
static int split(const char *real, struct replace *ret, struct err *err)
{
	const char *slash = strrchr(real, '/');
	const char *name = slash ? slash + 1 : real;
	char directory[PATH_MAX] = ".";

	if (slash == real)
		directory[0] = '/';
	else if (slash)
		*(char *)mempcpy(directory, real, (size_t)(slash - real)) = '\0';
	if (!*name || strlen(name) >= sizeof(ret->name))
		return err_policy(err, "file", "%s: %s", ret->path,
				  *name ? err_name(ENAMETOOLONG) : "names a directory");
	memcpy(ret->name, name, strlen(name) + 1);
	ret->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret->directory_path = ret->directory < 0 ? NULL : realpath(directory, NULL);
	if (!ret->directory_path)
		return err_set(err, ERR_SYSTEM, "file", "%s: its directory: %s",
			       ret->path, err_name(errno));
	return 0;
}

static int find(const char *path, struct replace *ret, struct err *err)
{
	struct stat status, link;
	char real[PATH_MAX];

	if (strlen(path) >= sizeof(real))
		return err_policy(err, "file", "the path is too long");
	if (stat(path, &status) < 0) {
		int sys = errno;

		if (sys == ENOENT && lstat(path, &link) < 0)
			return split(path, ret, err);
		return err_policy(err, "file", "%s: %s", path, err_name(sys));
	}
	ret->standard = standard_of(&status);
	if (ret->standard >= 0)
		return 0;
	if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)) {
		ret->stream = open(path, O_PATH | O_CLOEXEC);
		return ret->stream < 0
			       ? err_policy(err, "file", "%s: %s", path, err_name(errno))
			       : 0;
	}
	if (!S_ISREG(status.st_mode))
		return err_policy(err, "file",
				  "%s: neither a file nor a pipe nor a character device",
				  path);
	if (!realpath(path, real))
		return err_policy(err, "file", "%s: %s", path, err_name(errno));
	return split(real, ret, err);
}

int replace_find(const char *path, struct replace *ret, struct err *err)
{
	*ret = (struct replace)REPLACE_NONE;
	ret->path = path;
	if (find(path, ret, err) == 0) {
		ret->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return 0;
	}
	replace_done(ret);
	return -1;
}

int replace_check(const struct replace *replace, struct err *err)
{
	if (replace->standard >= 0)
		return 0;
	if (replace->stream >= 0 && access(replace->path, W_OK) < 0)
		return err_policy(err, "file", "%s: %s", replace->path, err_name(errno));
	if (replace->stream < 0 && faccessat(replace->directory, ".", W_OK | X_OK, 0) < 0)
		return err_policy(err, "file", "%s: its directory: %s", replace->path,
				  err_name(errno));
	return 0;
}

/* Opened without waiting: a FIFO that nobody reads is an error, not a reason to hang. */
static int write_stream(const struct replace *replace, const void *bytes, size_t count,
			struct err *err)
{
	owned_fd int opened = -1;
	int fd = replace->standard;
	char again[32];

	if (fd < 0) {
		(void)snprintf(again, sizeof(again), "/proc/self/fd/%d", replace->stream);
		opened = open(again, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		fd = opened;
	}
	if (fd < 0 || (opened >= 0 && fcntl(opened, F_SETFL, 0) < 0) ||
	    (replace->waits ? fd_write_all : fd_write_patient)(fd, bytes, count) < 0)
		return err_sys(err, "file", "cannot write %s", replace->path);
	return 0;
}

/* A name that nobody else uses. */
static int open_beside(const struct replace *replace, struct str *name, struct err *err)
{
	for (unsigned int attempt = 0; attempt < 100; attempt++) {
		int fd;

		str_clear(name);
		str_addf(name, "%s.%ld.%u.tmp", replace->name, (long)getpid(), attempt);
		fd = openat(replace->directory, name->text,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0644);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return err_sys(err, "file", "cannot create %s beside %s",
				       name->text, replace->path);
	}
	return err_set(err, ERR_SYSTEM, "file", "cannot find a free name beside %s",
		       replace->path);
}

int replace_write(struct replace *replace, const void *bytes, size_t count,
		  struct err *err)
{
	owned_str struct str name = { 0 };
	owned_fd int fd = -1;

	own_close_fd(&replace->spare);
	if (replace->stream >= 0 || replace->standard >= 0)
		return write_stream(replace, bytes, count, err);
	fd = open_beside(replace, &name, err);
	if (fd < 0)
		return -1;
	if (fd_write_all(fd, bytes, count) == 0 &&
	    renameat(replace->directory, name.text, replace->directory, replace->name) ==
		    0)
		return 0;
	(void)err_sys(err, "file", "cannot write %s", replace->path);
	/* best effort: the write has failed already */
	(void)unlinkat(replace->directory, name.text, 0);
	return -1;
}

void replace_done(struct replace *replace)
{
	own_close_fd(&replace->directory);
	own_close_fd(&replace->spare);
	own_close_fd(&replace->stream);
	free(replace->directory_path);
	*replace = (struct replace)REPLACE_NONE;
}

int fd_replace_file(const char *path, const void *bytes, size_t count, struct err *err)
{
	struct replace replace;
	int result;

	if (replace_find(path, &replace, err) < 0)
		return -1;
	replace.waits = true; /* a person may read it page by page */
	result = replace_write(&replace, bytes, count, err);
	replace_done(&replace);
	return result;
}
