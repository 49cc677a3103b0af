/* SPDX-License-Identifier: Apache-2.0 */
/* base64 - RFC 4648 section 4: one text for one sequence of bytes, and no other */
#ifndef EVIDENCE_BASE64_H
#define EVIDENCE_BASE64_H

#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>

/* Appends the text of `count` bytes, padded, on one line. */
void base64_add(struct str *str, const void *bytes, size_t count);
/* Appends the bytes of `text`. False, and nothing appended, when it is not exactly what base64_add()
 * writes: other alphabets, blanks, missing padding, bits that no byte takes. */
bool base64_decode(struct str *str, const char *text, size_t length);

#endif
