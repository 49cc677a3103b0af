/* SPDX-License-Identifier: Apache-2.0 */
/* digest - SHA-256 of files and of lists of them, as 64 lower-case hexadecimal digits */
#ifndef CONFORMANCE_DIGEST_H
#define CONFORMANCE_DIGEST_H

#include "runner/base/arena.h"
#include "runner/base/str.h"
#include <stddef.h>

/* NULL: it cannot be read, or there is no SHA-256 here. The text is the arena's. */
const char *digest_file(const char *path, struct arena *arena);
const char *digest_bytes(const void *bytes, size_t count, struct arena *arena);
/* Appends "DIGEST  NAME\n", as sha256sum prints it; "-" for a file that cannot be read. */
void digest_add_line(struct str *list, const char *path, const char *name,
		     struct arena *arena);

#endif
