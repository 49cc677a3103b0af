/* SPDX-License-Identifier: Apache-2.0 */
/* sink - see sink.h. */
#include "reports/sink.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (8U << 10)

static int open_nameless(struct err *err)
{
	const char *directory = getenv("TMPDIR");
	owned_str struct str name = { 0 };
	int fd;

	if (!directory || !directory[0])
		directory = "/tmp";
	fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* A file system that has no nameless files. */
	str_addf(&name, "%s/confine-report.XXXXXX", directory);
	fd = mkostemp(name.text, O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "report", "cannot make a file in %s", directory);
	(void)unlink(name.text); /* at worst a name is left in a directory for such */
	return fd;
}

static int open_beside(struct sink *sink, struct err *err)
{
	int fd;

	str_addf(&sink->temp, "%s.%ld.tmp", sink->name.text, (long)getpid());
	fd = open(sink->temp.text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY,
		  0644);
	if (fd < 0) {
		(void)err_sys(err, "report", "cannot create %s", sink->temp.text);
		str_clear(&sink->temp);
	}
	return fd;
}

int sink_begin(struct sink *sink, const char *path, struct err *err)
{
	owned_mem char *real = NULL;
	struct stat found;

	*sink = (struct sink){ .path = path, .fd = -1 };
	if (strcmp(path, "-") != 0) {
		real = realpath(path, NULL); /* a link is followed, not replaced */
		if (stat(path, &found) != 0 || S_ISREG(found.st_mode))
			str_add(&sink->name, real ? real : path);
	}
	sink->fd = sink->name.length ? open_beside(sink, err) : open_nameless(err);
	return sink->fd < 0 ? -1 : 0;
}

int sink_add(struct sink *sink, struct str *piece, struct err *err)
{
	int status = fd_write_all(sink->fd, str_text(piece), piece->length);

	if (status < 0)
		(void)err_sys(err, "report", "cannot write %s", sink->path);
	str_clear(piece);
	return status;
}

static int copy(struct sink *sink, int to, struct err *err)
{
	char bytes[PIECE_BYTES];
	ssize_t count;

	if (lseek(sink->fd, 0, SEEK_SET) < 0)
		return err_sys(err, "report", "cannot read what was written");
	while ((count = read(sink->fd, bytes, sizeof(bytes))) > 0)
		if (fd_write_all(to, bytes, (size_t)count) < 0)
			return err_sys(err, "report", "cannot write %s", sink->path);
	return count < 0 ? err_sys(err, "report", "cannot read what was written") : 0;
}

int sink_end(struct sink *sink, struct err *err)
{
	owned_fd int fd = -1;

	if (sink->name.length) {
		if (rename(sink->temp.text, sink->name.text) < 0)
			return err_sys(err, "report", "cannot write %s", sink->path);
		str_clear(&sink->temp);
		return 0;
	}
	if (strcmp(sink->path, "-") == 0)
		return copy(sink, STDOUT_FILENO, err);
	fd = open(sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_sys(err, "report", "cannot open %s", sink->path);
	return copy(sink, fd, err);
}

void sink_done(struct sink *sink)
{
	if (sink->temp.length)
		(void)unlink(sink->temp.text); /* best effort: an error is on its way */
	if (sink->path && sink->fd >= 0)
		(void)close(sink->fd);
	str_done(&sink->name);
	str_done(&sink->temp);
	sink->path = NULL;
}
