/* SPDX-License-Identifier: Apache-2.0 */
/* aside - see aside.h */
#include "conformance/aside.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

__attribute__((noreturn)) static void become(aside_work *work,
					     const struct session *session, size_t size,
					     int into, pid_t parent)
{
	struct arena arena = { 0 };
	void *result = arena_alloc(&arena, size);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	work(session, result);
	_exit(fd_write_all(into, result, size) == 0 ? 0 : 1);
}

void aside_start(struct aside *aside, aside_work *work, const struct session *session,
		 size_t size)
{
	pid_t parent = getpid();
	int ends[2];

	*aside = (struct aside){ .pid = -1,
				 .from = -1,
				 .stop_fd = session->wants->stop_fd };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	aside->pid = fork();
	if (aside->pid == 0)
		become(work, session, size, ends[1], parent);
	own_close_fd(&ends[1]);
	aside->from = ends[0];
}

/* Until it has something to say; and when the caller is to stop, so is it. The stop_fd of a fork hears what
 * is sent to the fork: signalfd(2). */
static void await(const struct aside *aside)
{
	struct pollfd wait[2] = { { .fd = aside->from, .events = POLLIN },
				  { .fd = aside->stop_fd, .events = POLLIN } };

	while (poll(wait, ARRAY_SIZE(wait), -1) < 0 && errno == EINTR)
		;
	if (wait[1].revents && aside->pid > 0)
		(void)kill(aside->pid, SIGTERM);
}

bool aside_finish(struct aside *aside, void *ret, size_t size)
{
	owned_str struct str bytes = { 0 };
	struct err err;
	bool whole = false;

	if (aside->from >= 0) {
		await(aside);
		whole = fd_read_all(aside->from, size, &bytes, &err) == 0 &&
			bytes.length == size;
	}
	if (whole)
		memcpy(ret, bytes.text, size);
	own_close_fd(&aside->from);
	if (aside->pid > 0)
		(void)waitpid(aside->pid, NULL, 0);
	aside->pid = -1;
	return whole;
}
