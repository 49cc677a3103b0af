/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result - the one JSON value that a script may return over a descriptor of its own
 *
 * The bytes are the script's: any number of them, in any pieces, at any time. They are checked as
 * they come, without a tree, and kept up to a limit, so that memory is bounded by that limit and by
 * nothing that the script chooses. What is kept is passed on unchanged; nothing of it is interpreted
 * but where the value begins and ends.
 *
 * The grammar is RFC 8259 in UTF-8, nested at most RESULT_DEPTH deep. Unlike for a policy, numbers may
 * be of any size and names may repeat: what JSON.stringify and json.dumps write is taken as it is.
 */
#ifndef RUNNER_RESULT_H
#define RUNNER_RESULT_H

#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESULT_DEPTH 512
/* Where the policy gives no maxResultBytes; and the most it may give. */
#define RESULT_DEFAULT_BYTES (UINT64_C(5) << 20)
#define RESULT_MAX_BYTES     (UINT64_C(1) << 30)

enum result_state {
	RESULT_NONE,      /* not one byte but blanks */
	RESULT_PART,      /* the start of a value, and no end */
	RESULT_RETURNED,  /* one whole value */
	RESULT_INVALID,   /* no JSON, or more than one value: fault, fault_at */
	RESULT_TOO_LARGE, /* more than the limit; how it went on is not known */
	RESULT_STATES,
};
/* "none", "incomplete", "returned", "invalid", "too-large". */
extern const char *const result_words[RESULT_STATES];

struct result {
	int from; /* read end of the pipe, does not block; -1 = none, or over */
	uint64_t limit_bytes;
	uint64_t seen_bytes; /* read from the script */
	uint64_t fault_at;   /* RESULT_INVALID: index of the byte, from 0 */
	const char *fault;   /* static text */
	struct str text;     /* kept: up to the end of the value */
	/* where the checker is: */
	unsigned char step;      /* enum in result.c */
	unsigned char left;      /* bytes, digits or letters that must follow */
	unsigned char low, high; /* range of the next byte of a character */
	const char *literal;     /* rest of a true, false or null */
	unsigned int depth;
	unsigned char object[RESULT_DEPTH / 8]; /* a bit a level: object, not array */
};

/* @from becomes the result's. Needs no more memory than limit_bytes and a page. */
void result_init(struct result *result, int from, uint64_t limit_bytes);
void result_done(struct result *result);

/* Takes the next bytes of the script. Pure but for memory; fuzzed. */
void result_feed(struct result *result, const char *bytes, size_t count);
/* Reads what is there without waiting, though not for ever; closes at end of file. */
void result_move(struct result *result);
/* The tree is gone: what is left is at most what the pipe holds. */
void result_end(struct result *result);

/* How it stands: final after result_end(). */
enum result_state result_state(const struct result *result);
/* RESULT_RETURNED: the value without blanks around it. */
const char *result_value(const struct result *result, size_t *ret_length);
/* The same value on one line: without the blanks between its parts. */
void result_add_line(const struct result *result, struct str *ret);

#endif
