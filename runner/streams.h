/* SPDX-License-Identifier: Apache-2.0 */
/*
 * streams - the script's stdout and stderr on their way from its pipes to ours
 *
 * Nothing here waits: pipes are read without blocking, bytes go out through sinks. What of it is kept
 * is the policy's outputKeep: `head` passes on until the budget is spent, `tail` holds the end back
 * until the run is over, `both` does the one with the first half of the budget and the other with the
 * rest, and passes on everything when it fits.
 */
#ifndef RUNNER_STREAMS_H
#define RUNNER_STREAMS_H

#include "runner/output.h"
#include "runner/policy.h"
#include "runner/sink.h"

#define STREAM_BUFFER (1U << 16)

struct streams {
	struct {
		int *from; /* read end; closed at end of file */
		struct sink to;
		const char *at; /* bytes on their way out, */
		size_t length;  /* none is read before they are gone */
		char *bytes;    /* its part of the buffers */
		bool wide;      /* the pipe has been made larger */
		uint64_t
			left; /* bytes that may still be read: a pipe full, once the tree is gone */
	} of[2];
	enum output_keep keep;
	struct output_budget head;
	struct output_tail tail;
	bool releasing; /* the run is over: what was kept goes out */
	bool spent;     /* the tree has to go: the budget is spent */
	bool moved;     /* a reader took something; for whoever waits for one to clear */
	bool gave_up;
	int error; /* errno of a write that lost bytes, or 0 */
	uint64_t seen_bytes, passed_bytes;
	/* Last, so that the rest is together: a run that writes nothing touches none of it. */
	char buffers[2][STREAM_BUFFER];
};

/* @limited: false = no budget, and nothing is kept back. The two descriptors are the caller's, and do
 * not block. */
void streams_init(struct streams *streams, int from[2], bool limited,
		  uint64_t limit_bytes, enum output_keep keep);
void streams_done(struct streams *streams);
/* Moves what can be moved without waiting, but not for ever. */
void streams_move(struct streams *streams, unsigned int which);
/* What to poll for: one of the two is -1. */
int streams_wants_input(const struct streams *streams, unsigned int which);
int streams_wants_output(const struct streams *streams, unsigned int which);
/* The tree is gone: reads what is left in a pipe, and closes it even if somebody else holds it. */
void streams_end(struct streams *streams, unsigned int which);
/* Both have ended: what was kept goes out. */
void streams_release(struct streams *streams);
/* Nothing is left to read or to pass on. */
bool streams_are_done(const struct streams *streams);
/* Our reader takes nothing any more: the rest is lost. */
void streams_give_up(struct streams *streams);

#endif
