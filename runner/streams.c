/* SPDX-License-Identifier: Apache-2.0 */
/* streams - see streams.h. A flood is moved by large steps and few calls. */
#include "runner/streams.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 32 /* before others have their turn */
#define WIDE_BYTES                                                                       \
	(1U << 20) /* of a pipe; what a user may have without asking: pipe(7) */

void streams_init(struct streams *streams, int from[2], bool limited,
		  uint64_t limit_bytes, enum output_keep keep)
{
	uint64_t at_once = keep == KEEP_HEAD   ? limit_bytes
			   : keep == KEEP_BOTH ? limit_bytes / 2
					       : 0;

	streams->keep = limited ? keep : KEEP_HEAD;
	output_budget_init(&streams->head, limited, at_once);
	streams->head.exceeded = streams->keep == KEEP_TAIL;
	output_tail_init(&streams->tail, limit_bytes - at_once);
	for (unsigned int i = 0; i < 2; i++) {
		streams->of[i].from = &from[i];
		streams->of[i].left = UINT64_MAX;
		streams->of[i].bytes = streams->buffers[i];
		sink_init(&streams->of[i].to, i ? STDERR_FILENO : STDOUT_FILENO);
	}
}

void streams_done(struct streams *streams)
{
	for (unsigned int i = 0; i < 2; i++)
		sink_done(&streams->of[i].to);
	output_tail_done(&streams->tail);
}

static bool keeps_back(const struct streams *streams)
{
	return streams->keep != KEEP_HEAD && streams->head.exceeded;
}

static void keep_back(struct streams *streams, unsigned int which, const char *bytes,
		      size_t count)
{
	while (count) {
		size_t room;
		char *place = output_tail_room(&streams->tail, which, &room);

		if (!place)
			return;
		room = count < room ? count : room;
		memcpy(place, bytes, room);
		output_tail_add(&streams->tail, which, room);
		bytes += room;
		count -= room;
	}
}

static void take(struct streams *streams, unsigned int which, size_t count)
{
	const char *bytes = streams->of[which].bytes;

	streams->of[which].at = bytes;
	streams->of[which].length = output_budget_take(&streams->head, bytes, count);
	if (!streams->head.exceeded)
		return;
	if (streams->keep == KEEP_HEAD)
		streams->spent = true;
	else
		keep_back(streams, which, bytes + streams->of[which].length,
			  count - streams->of[which].length);
}

/* A writer that fills the pipe waits for us less often when it is larger. */
static void widen(struct streams *streams, unsigned int which, size_t count)
{
	if (streams->of[which].wide || count < STREAM_BUFFER)
		return;
	streams->of[which].wide = true;
	(void)fcntl(*streams->of[which].from, F_SETPIPE_SZ, WIDE_BYTES);
}

/* False: there is nothing to be had now. */
static bool read_stream(struct streams *streams, unsigned int which)
{
	size_t room = STREAM_BUFFER;
	uint64_t left = streams->of[which].left;
	char *place = NULL;
	ssize_t count;

	if (keeps_back(streams))
		place = output_tail_room(&streams->tail, which, &room);
	count = read(*streams->of[which].from, place ? place : streams->of[which].bytes,
		     room < left ? room : (size_t)left);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (count <= 0) {
		own_close_fd(streams->of[which].from);
		return false;
	}
	streams->seen_bytes += (size_t)count;
	streams->of[which].left -= (size_t)count;
	widen(streams, which, (size_t)count);
	if (place)
		output_tail_add(&streams->tail, which, (size_t)count);
	else if (!keeps_back(streams))
		take(streams, which, (size_t)count);
	return true;
}

/* What was kept goes out piece by piece. */
static void load_next(struct streams *streams, unsigned int which)
{
	if (streams->releasing && !streams->of[which].length)
		streams->of[which].length =
			output_tail_next(&streams->tail, which, &streams->of[which].at);
}

static void lose_reader(struct streams *streams, unsigned int which)
{
	if (errno != EPIPE && errno != ECONNRESET)
		streams->error = errno;
	if (streams->releasing)
		output_tail_pass(&streams->tail, which, streams->tail.of[which].bytes);
	streams->of[which].length = 0;
	own_close_fd(streams->of[which].from);
}

/* False: it takes no more now. Only who leaves is told by SIGPIPE, as in any pipeline; bytes that are
 * lost otherwise (a full disk) are not passed over in silence. */
static bool write_stream(struct streams *streams, unsigned int which)
{
	ssize_t written = sink_write(&streams->of[which].to, streams->of[which].at,
				     streams->of[which].length);

	if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (written < 0) {
		lose_reader(streams, which);
		return false;
	}
	streams->of[which].at += written;
	streams->of[which].length -= (size_t)written;
	streams->passed_bytes += (size_t)written;
	streams->moved = true;
	if (streams->releasing)
		output_tail_pass(&streams->tail, which, (size_t)written);
	load_next(streams, which);
	return true;
}

void streams_move(struct streams *streams, unsigned int which)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		if (streams->of[which].length       ? !write_stream(streams, which)
		    : *streams->of[which].from >= 0 ? !read_stream(streams, which)
						    : true)
			return;
	}
}

int streams_wants_input(const struct streams *streams, unsigned int which)
{
	return streams->of[which].length ? -1 : *streams->of[which].from;
}

int streams_wants_output(const struct streams *streams, unsigned int which)
{
	return streams->of[which].length ? streams->of[which].to.fd : -1;
}

/* A survivor (no pid namespace) goes on writing: what was there before is at most a pipe full. */
void streams_end(struct streams *streams, unsigned int which)
{
	uint64_t *left = &streams->of[which].left;

	if (*left > INT_MAX && *streams->of[which].from >= 0)
		*left = (uint64_t)fcntl(*streams->of[which].from, F_GETPIPE_SZ);
	while (!streams->of[which].length && *streams->of[which].from >= 0)
		if (!read_stream(streams, which))
			own_close_fd(streams->of[which].from);
}

void streams_release(struct streams *streams)
{
	if (streams->releasing)
		return;
	for (unsigned int i = 0; i < 2; i++)
		if (*streams->of[i].from >= 0 || streams->of[i].length)
			return;
	streams->releasing = true;
	output_tail_finish(&streams->tail);
	for (unsigned int i = 0; i < 2; i++)
		load_next(streams, i);
}

bool streams_are_done(const struct streams *streams)
{
	for (unsigned int i = 0; i < 2; i++)
		if (*streams->of[i].from >= 0 || streams->of[i].length ||
		    streams->tail.of[i].bytes)
			return false;
	return true;
}

void streams_give_up(struct streams *streams)
{
	streams->gave_up = true;
	for (unsigned int i = 0; i < 2; i++) {
		streams->of[i].length = 0;
		own_close_fd(streams->of[i].from);
		output_tail_pass(&streams->tail, i, streams->tail.of[i].bytes);
	}
}
