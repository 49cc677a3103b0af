/* SPDX-License-Identifier: Apache-2.0 */
/* How much fits: bytes and names in a directory, one file, descriptors. What was made is removed. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	CHUNK = 1 << 18,
	FILE_BYTES = 1 << 20,
	STEP = 1 << 18
};

static bool name_of(char *path, const char *directory, uint64_t i)
{
	int length = snprintf(path, PATH_MAX, "%s/confine-fill-%u", directory,
			      (unsigned int)i);

	return length > 0 && length < PATH_MAX;
}

static void remove_files(const char *directory, uint64_t count)
{
	char path[PATH_MAX];

	for (uint64_t i = 0; i < count; i++)
		if (name_of(path, directory, i))
			(void)unlink(path); /* one that was never made is no matter */
}

/* One file of at most FILE_BYTES; adds what fitted to *done; -1 and errno. */
static int fill_file(const char *path, uint64_t *done)
{
	static char chunk[CHUNK];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t have = 0;
	int error = 0;

	if (fd < 0)
		return -1;
	memset(chunk, 1, sizeof(chunk));
	while (have < FILE_BYTES && !error) {
		ssize_t count = write(fd, chunk, sizeof(chunk));

		if (count < 0)
			error = errno;
		else
			have += (size_t)count;
	}
	close(fd);
	*done += have;
	errno = error;
	return error ? -1 : 0;
}

static void fill_directory(const char *directory, uint64_t bytes,
			   struct progress *progress)
{
	char path[PATH_MAX];
	uint64_t files = 0;

	while (progress->done < bytes && !progress->error) {
		if (!name_of(path, directory, files++))
			progress->error = ENAMETOOLONG;
		else if (fill_file(path, &progress->done) < 0)
			progress->error = errno;
	}
	remove_files(directory, files);
}

/* Room for more than the act wants: where it does not fit all the same, somebody else has filled it, and
 * the next script finds it as it likes. A quota shows in the size, or says EDQUOT: statfs(2). */
static bool is_larger(const char *directory, uint64_t bytes)
{
	struct statvfs about;

	return statvfs(directory, &about) == 0 &&
	       (uint64_t)about.f_blocks * about.f_frsize > bytes;
}

static int run_fill(char **arguments)
{
	struct progress progress = { 0 };
	uint64_t bytes = number(arguments[1]);

	fill_directory(arguments[0], bytes, &progress);
	if (progress.error == ENOSPC && is_larger(arguments[0], bytes))
		return say_cannot_tell("full-of-others");
	return say_progress(&progress, number(arguments[2]), 0);
}

/* Any one place that takes all of it counts; else the refusal that most looks like a ceiling. */
static int run_fill_places(char **arguments)
{
	uint64_t bytes = number(arguments[0]);
	int error = ENOENT;

	for (char **place = arguments + 1; *place; place++) {
		struct progress progress = { 0 };

		fill_directory(*place, bytes, &progress);
		if (!progress.error)
			return say_reached();
		if (error != ENOSPC && error != EDQUOT && progress.error != ENOENT)
			error = progress.error;
	}
	return say_denied(error);
}

static int run_fill_names(char **arguments)
{
	struct progress progress = { 0 };
	uint64_t count = number(arguments[1]);
	char path[PATH_MAX];

	while (progress.done < count && !progress.error) {
		int fd = -1;

		if (name_of(path, arguments[0], progress.done))
			fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0) {
			progress.error = errno;
		} else {
			close(fd);
			progress.done++;
		}
	}
	remove_files(arguments[0], progress.done);
	return say_progress(&progress, number(arguments[2]), 0);
}

/* Sparse: one byte at the end of each step, so that a large file costs next to nothing. */
static int run_grow_file(char **arguments)
{
	struct progress progress = { 0 };
	uint64_t bytes = number(arguments[1]);
	int fd = open(arguments[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return say_cannot_tell_errno(errno);
	signal(SIGXFSZ, SIG_IGN); /* then write(2) says EFBIG */
	while (progress.done < bytes && !progress.error) {
		if (pwrite(fd, "x", 1, (off_t)(progress.done + STEP - 1)) != 1)
			progress.error = errno;
		else
			progress.done += STEP;
	}
	close(fd);
	(void)unlink(arguments[0]); /* in scratch, which goes away with the run */
	return say_progress(&progress, number(arguments[2]), 0);
}

static int run_open_many(char **arguments)
{
	struct progress progress = { 0 };
	uint64_t count = number(arguments[0]);
	int first = open("/", O_PATH | O_CLOEXEC);

	while (progress.done < count && !progress.error) {
		if (fcntl(first, F_DUPFD_CLOEXEC, 3) < 0)
			progress.error = errno;
		else
			progress.done++;
	}
	return say_progress(&progress, number(arguments[1]), 0);
}

const struct verb quota_verbs[] = {
	{ "fill", 3, 3, "DIRECTORY BYTES FLOOR", run_fill },
	{ "fill-places", 2, 16, "BYTES DIRECTORY...", run_fill_places },
	{ "fill-names", 3, 3, "DIRECTORY COUNT FLOOR", run_fill_names },
	{ "grow-file", 3, 3, "FILE BYTES FLOOR", run_grow_file },
	{ "open-many", 2, 2, "COUNT FLOOR", run_open_many },
	{ .name = NULL },
};
