/* SPDX-License-Identifier: Apache-2.0 */
/* digest - SHA-256 of bytes, and name-based UUIDs (RFC 9562, version 5), by libcrypto */
#ifndef REPORTS_DIGEST_H
#define REPORTS_DIGEST_H

#include <stddef.h>

#define DIGEST_HEX  65 /* bytes of a SHA-256 in hexadecimal, with the NUL */
#define DIGEST_UUID 37

/* The 32 bytes of a SHA-256 as text. */
void digest_hex(const unsigned char *hash, char ret[DIGEST_HEX]);
/* Failure of libcrypto ends the program: nothing can be said without it. */
void digest_sha256(const void *bytes, size_t count, char ret[DIGEST_HEX]);
/* The same parts give the same UUID for ever; NULL ends the parts, and a part is never the end of
 * one and the beginning of another. */
void digest_uuid(char ret[DIGEST_UUID], const char *const *parts);

#endif
