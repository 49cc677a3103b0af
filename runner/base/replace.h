/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * replace - a file that is to be written whole: found first, replaced later
 *
 * What is between the two may be somebody else's work, who would like the bytes to go elsewhere: the
 * directory is held open, and no link is followed any more once it was found.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "runner/base/err.h"
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct replace {
	const char *
		path; /* as it was given, for errors; the caller's; NULL: nothing was found */
	char *directory_path;    /* the real one; its own */
	char name[NAME_MAX + 1]; /* in it */
	int directory;
	bool waits; /* for whoever reads, however long that takes */
	int spare; /* given up for the file: a caller short of descriptors gets it all the same */
	int stream;   /* a device or a FIFO, to be opened by this; or -1 */
	int standard; /* it is what descriptor 1 or 2 already is; or -1 */
};

/* Also what replace_done() leaves behind. */
#define REPLACE_NONE                                                                     \
	{                                                                                \
		.directory = -1, .spare = -1, .stream = -1, .standard = -1               \
	}

/**
 * replace_find() - Follow every link up to the file that `path` names, or would name
 * @ret:	filled on success; end it with replace_done()
 * Return: 0; or -1 POLICY: it is neither a file nor a pipe nor a character device, or not reachable
 */
int replace_find(const char *path, struct replace *ret, struct err *err);
/* Touches nothing: POLICY where it could not be written to. */
int replace_check(const struct replace *replace, struct err *err);
/* By way of a temporary file in the same directory, then rename. A device, a FIFO, and what descriptor 1
 * or 2 is already, are written to: a reader that takes nothing for FD_PATIENCE_MS loses the rest. */
int replace_write(struct replace *replace, const void *bytes, size_t count,
		  struct err *err);
void replace_done(struct replace *replace);

#endif
