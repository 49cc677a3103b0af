/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture - one output stream of an arm: counted whole, read once, kept hardly at all
 *
 * Memory is bounded whatever is written: one line for the protocol, the last line for the
 * reader, and a needle that is found across the borders of chunks.
 */
#ifndef CONFORMANCE_CAPTURE_H
#define CONFORMANCE_CAPTURE_H

#include "conformance/transcript.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CAPTURE_LINE_MAX = FACT_TEXT_MAX + 128,
	CAPTURE_NEEDLE_MAX = 64,
	CAPTURE_LAST_MAX = 200,
};

struct capture {
	/* Set by the owner before the first byte. */
	const char *nonce;             /* of the arm */
	const char *needle;            /* bytes that must not come out; NULL or ""  */
	struct transcript *transcript; /* NULL: lines of this stream mean nothing */
	/* Results. */
	uint64_t bytes;
	bool needle_seen;
	char last[CAPTURE_LAST_MAX]; /* start of the last line that is not empty */
	size_t last_length;
	/* Work. */
	char line[CAPTURE_LINE_MAX];
	size_t line_length;
	bool overlong; /* the current line is no line of ours */
	char overlap[CAPTURE_NEEDLE_MAX];
	size_t overlap_length;
};

void capture_add(struct capture *capture, const char *bytes, size_t count);
/* A last line without a newline counts, too. */
void capture_end(struct capture *capture);

#endif
