/* SPDX-License-Identifier: Apache-2.0 */
/* companion - see companion.h */
#include "runner/companion.h"
#include "runner/base/deadline.h"
#include "runner/base/own.h"
#include "runner/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>

/* All of its output, until it closes it; -1 and errno: ECANCELED when nobody wants it any more. */
static int read_output(int fd, size_t max_bytes, int64_t until, struct str *ret)
{
	char bytes[4096];

	for (;;) {
		struct pollfd watched = { .fd = fd, .events = POLLIN };
		int left = deadline_left(until);
		int ready =
			poll(&watched, 1, left < HELPER_LOOK_MS ? left : HELPER_LOOK_MS);
		ssize_t count;

		if (ready < 0 && errno != EINTR)
			return -1;
		if (ready <= 0) {
			errno = helper_is_called_off() ? ECANCELED : ETIMEDOUT;
			if (errno == ECANCELED || left == 0)
				return -1;
			continue;
		}
		count = read(fd, bytes, sizeof(bytes));
		if (count == 0)
			return 0;
		if (count < 0 && errno != EINTR)
			return -1;
		if (count < 0)
			continue;
		if ((size_t)count > max_bytes - ret->length) {
			errno = EFBIG;
			return -1;
		}
		str_add_bytes(ret, bytes, (size_t)count);
	}
}

static int tell(const char *layer, const char *name, int status, int sys, struct err *err)
{
	if (sys) {
		errno = sys;
		return err_sys(err, layer, "%s gave no answer", name);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == HELPER_NOT_FOUND)
		return err_set(err, ERR_UNSUPPORTED, layer,
			       "%s is not installed beside this program", name);
	if (WIFEXITED(status) && WEXITSTATUS(status) == HELPER_NOT_EXECUTABLE)
		return err_set(err, ERR_UNSUPPORTED, layer, "%s cannot be executed",
			       name);
	return err_set(err, ERR_SYSTEM, layer, "%s ended with status %d", name,
		       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int companion_read(const char *layer, const char *const *argv, size_t max_bytes,
		   unsigned int deadline_ms, struct str *ret, struct err *err)
{
	const int64_t until = deadline_in(deadline_ms);
	owned_fd int output = -1, input = -1;
	struct helper helper;
	int ends[2], sys = 0, status;
	pid_t pid;

	if (helper_init(&helper, layer, argv, err) < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, layer, "pipe2");
	output = ends[0];
	input = ends[1];
	pid = fork();
	if (pid < 0)
		return err_sys(err, layer, "cannot start %s", argv[0]);
	if (pid == 0)
		helper_become(&helper,
			      &(struct helper_streams){ -1, input, -1, .extra = -1 });
	own_close_fd(&input);
	if (read_output(output, max_bytes, until, ret) < 0)
		sys = errno;
	/* What closed its output has ended, or is about to. */
	status = helper_end(&pid, sys ? 0 : (unsigned int)deadline_left(until));
	return tell(layer, argv[0], status, sys, err);
}
