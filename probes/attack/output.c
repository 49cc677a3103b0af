/* SPDX-License-Identifier: Apache-2.0 */
/* A flood of output, counted. The one verb that says nothing: its output is the act. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
	PIECE = 4096,
	SECONDS = 4
};

static void fill_text(char *piece)
{
	static const char line[] =
		"confine probe: this line is part of an output flood, counted.\n";

	for (size_t i = 0; i < PIECE; i++)
		piece[i] = line[i % (sizeof(line) - 1)];
	piece[PIECE - 1] = '\n';
}

/* NUL, ESC, DEL, C1, bytes that are no UTF-8: every value, in order. */
static void fill_binary(char *piece)
{
	for (size_t i = 0; i < PIECE; i++)
		piece[i] = (char)(i & 0xff);
	piece[PIECE - 1] = '\n';
}

static int write_piece(int fd, const char *piece)
{
	ssize_t count;

	do
		count = write(fd, piece, PIECE);
	while (count < 0 && errno == EINTR);
	return count < 0 ? -1 : 0;
}

/* STREAM out|err|both, KIND text|binary, MANNER polite|stubborn. Exit 0: all of it was taken. */
static int run_flood(char **arguments)
{
	bool out = strcmp(arguments[0], "err") != 0,
	     err = strcmp(arguments[0], "out") != 0;
	uint64_t pieces = number(arguments[1]) / PIECE;
	static char piece[PIECE];
	int failures = 0;

	alarm(SECONDS);
	if (strcmp(arguments[3], "stubborn") == 0) {
		signal(SIGTERM, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		signal(SIGINT, SIG_IGN);
	}
	if (strcmp(arguments[2], "binary") == 0)
		fill_binary(piece);
	else
		fill_text(piece);
	for (uint64_t i = 0; i < pieces; i++) {
		if (out && write_piece(STDOUT_FILENO, piece) < 0)
			failures++;
		if (err && write_piece(STDERR_FILENO, piece) < 0)
			failures++;
	}
	return failures ? 1 : 0;
}

const struct verb output_verbs[] = {
	{ "flood", 4, 4, "out|err|both BYTES text|binary polite|stubborn", run_flood },
	{ .name = NULL },
};
