/* SPDX-License-Identifier: Apache-2.0 */
/* test_sink - every kind passes all bytes in order and says EAGAIN where it would have to wait */
#include "runner/base/own.h"
#include "runner/base/tests/each.h"
#include "runner/sink.h"
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#define TOTAL (1U << 20)

static const struct row {
	const char *name;
	bool is_socket, is_relay;
} rows[] = {
	{ "pipe", false, false },
	{ "pipe by way of a relay", false, true },
	{ "socket", true, false },
};

static void open_ends(const struct row *row, int ends[2])
{
	if (!row->is_socket) {
		ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	} else {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends),
				 0);
	}
}

static char byte_at(size_t position)
{
	return (char)(position * 131 % 251);
}

START_TEST(test_all_bytes)
{
	const struct row *row = &rows[_i];
	owned_mem char *bytes = malloc(TOTAL);
	size_t sent = 0, got = 0, waits = 0;
	struct sink sink;
	int ends[2];

	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < TOTAL; i++)
		bytes[i] = byte_at(i);
	open_ends(row, ends);
	sink_init(&sink, ends[1]);
	if (row->is_relay)
		sink.kind = SINK_RELAY;
	while (got < TOTAL) {
		char chunk[3000];
		ssize_t count =
			sent < TOTAL ? sink_write(&sink, bytes + sent, TOTAL - sent) : 0;

		if (count > 0) {
			sent += (size_t)count;
			continue;
		}
		ck_assert(sent == TOTAL || errno == EAGAIN);
		waits += sent < TOTAL;
		count = read(ends[0], chunk, sizeof(chunk));
		ck_assert_int_gt(count, 0);
		for (ssize_t i = 0; i < count; i++, got++)
			check_each(chunk[i] == byte_at(got), "byte %zu", got);
	}
	ck_assert_uint_gt(waits, 0);
	/* The description is shared with others: its flags stay. */
	ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
	sink_done(&sink);
	own_close_fd(&ends[0]);
	own_close_fd(&ends[1]);
}
END_TEST

START_TEST(test_reader_gone)
{
	struct sink sink;
	int ends[2];

	(void)signal(SIGPIPE, SIG_IGN);
	open_ends(&rows[_i], ends);
	sink_init(&sink, ends[1]);
	if (rows[_i].is_relay)
		sink.kind = SINK_RELAY;
	own_close_fd(&ends[0]);
	ck_assert_int_eq(sink_write(&sink, "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	sink_done(&sink);
	own_close_fd(&ends[1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sink");
	TCase *tcase = tcase_create("sink");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, test_all_bytes, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, test_reader_gone, 0, ARRAY_SIZE(rows));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
