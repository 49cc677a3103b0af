/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* fd - descriptors and files: born close-on-exec, whole or an error */
#ifndef BASE_FD_H
#define BASE_FD_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Makes sure that 0, 1 and 2 are open (on /dev/null) so that no later open lands on them. First
 * statement of every main. */
int fd_guard_stdio(void);

/* Whole content of an open descriptor / file, at most max_bytes (else POLICY "larger than"). The
 * file is a regular one or a pipe that somebody writes to. */
int fd_read_all(int fd, size_t max_bytes, struct str *ret, struct err *err);
int fd_read_file(const char *path, size_t max_bytes, struct str *ret, struct err *err);
/* Relative to a directory descriptor; small kernel files (/proc, /sys); -1 and errno, no sentence:
 * the NUL-terminated text is cut at size - 1. Returns bytes read. */
ssize_t fd_read_small_at(int dir, const char *path, char *buffer, size_t size);
/* All bytes, retrying EINTR and short writes; -1 and errno. */
int fd_write_all(int fd, const void *bytes, size_t count);
/* The same to somebody who reads, or does not: ETIMEDOUT when nothing is taken for FD_PATIENCE_MS. */
int fd_write_patient(int fd, const void *bytes, size_t count);
#define FD_PATIENCE_MS 10000
/* One write(2) of a short text to an existing file (kernel interface); -1 and errno. */
int fd_write_small_at(int dir, const char *path, const char *text);
/* What replace_find() and replace_write() do, at once: replace.h. */
int fd_replace_file(const char *path, const void *bytes, size_t count, struct err *err);

#endif
