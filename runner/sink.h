/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sink - writes to a descriptor of the caller's that return at once
 *
 * O_NONBLOCK belongs to the open file description, which the caller shares with whoever else has
 * it: it is never set there. poll's word that there is room is not enough either, since stdout and
 * stderr, or a neighbour, may be the same pipe.
 */
#ifndef RUNNER_SINK_H
#define RUNNER_SINK_H

#include <stddef.h>
#include <sys/types.h>

enum sink_kind {
	SINK_PLAIN,    /* files and devices: do not wait for a reader */
	SINK_PIPE,     /* RWF_NOWAIT, since Linux 6.4; not for a FIFO with a name */
	SINK_RELAY,    /* splice(2) from a pipe of ours, SPLICE_F_NONBLOCK */
	SINK_SOCKET,   /* MSG_DONTWAIT */
	SINK_TERMINAL, /* opened anew, O_NONBLOCK */
	SINK_SLOW, /* none of these can be had: few bytes at a time, where poll sees room */
};

struct sink {
	enum sink_kind kind;
	int fd;       /* to poll and to write to */
	int opened;   /* the same terminal once more, or -1 */
	int relay[2]; /* SINK_RELAY, made with the first byte, or -1 */
	size_t relayed;
};

void sink_init(struct sink *sink, int fd);
void sink_done(struct sink *sink);
/**
 * sink_write() - As write(2), short writes included, but EAGAIN where it would wait
 * A call after EAGAIN or a short write goes on with the bytes that were not taken.
 */
ssize_t sink_write(struct sink *sink, const char *bytes, size_t count);

#endif
