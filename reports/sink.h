/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sink - a document that is larger than memory: written in pieces, seen whole or not at all
 *
 * A file is a temporary one beside it until sink_end() renames it. Standard output and what is no
 * regular file get their bytes at the end, from a nameless file in TMPDIR (or /tmp).
 */
#ifndef REPORTS_SINK_H
#define REPORTS_SINK_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>

struct sink {
	const char *path;      /* as it was given; the caller's */
	struct str name, temp; /* of the file; `temp` is empty for a nameless one */
	int fd;                /* -1: not open */
};

/* SYSTEM: cannot be made. */
int sink_begin(struct sink *sink, const char *path, struct err *err);
/* Writes the piece and empties it. */
int sink_add(struct sink *sink, struct str *piece, struct err *err);
int sink_end(struct sink *sink, struct err *err);
/* Without sink_end() before, nothing is left and an old file stays. Accepts a zeroed struct. */
void sink_done(struct sink *sink);
#define owned_sink __attribute__((cleanup(sink_done)))

#endif
