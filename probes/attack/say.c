/* SPDX-License-Identifier: Apache-2.0 */
/* What every verb shares: the one line it says, counting acts, loot, /proc. */
#include "probes/attack/attack.h"
#include "runner/base/names.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of the protocol with the harness, once say_to() was called. */
static struct {
	const char *nonce, *path;
} harness;

void say_to(const char *nonce, const char *path)
{
	harness.nonce = nonce;
	harness.path = path;
}

/* A flood on stdout may drown the line; in a file of scratch it stays. Either counts, and what a limit
 * or a full scratch makes of the second is no matter. */
static bool leave_line(const char *line, size_t length)
{
	int file = open(harness.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool written = file >= 0 && write(file, line, length) == (ssize_t)length;

	if (file >= 0)
		close(file);
	return written;
}

/* One write, so that the line arrives whole however many processes share the pipe. */
static int say(const char *fact, const char *word)
{
	char line[160];
	int length =
		harness.nonce
			? snprintf(line, sizeof(line), "confine-probe %.64s %s %.64s\n",
				   harness.nonce, fact, word)
			: snprintf(line, sizeof(line), "%s %.64s\n", fact, word);
	bool written;

	if (length < 0)
		return 1;
	written = write(STDOUT_FILENO, line, (size_t)length) == length;
	if (harness.nonce && leave_line(line, (size_t)length))
		written = true;
	return written ? 0 : 1;
}

static const char *errno_word(int error)
{
	const char *name = name_of_errno(error);

	return name && error ? name : "unknown";
}

int say_reached(void)
{
	return say("reached", "-");
}

int say_reached_word(const char *word)
{
	return say("reached", word);
}

int say_denied(int error)
{
	return say("denied", errno_word(error));
}

int say_denied_word(const char *word)
{
	return say("denied", word);
}

int say_cannot_tell(const char *word)
{
	return say("cannot-tell", word);
}

int say_cannot_tell_errno(int error)
{
	return say("cannot-tell", errno_word(error));
}

int say_result(int result)
{
	return result >= 0 ? say_reached() : say_denied(errno);
}

uint64_t number(const char *text)
{
	char *end = NULL;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (end && (*end == 'K' || *end == 'M'))
		value <<= *end++ == 'K' ? 10 : 20;
	if (errno || !end || end == text || *end || text[0] == '-') {
		fprintf(stderr, "confine-attack: '%s' is not a number\n", text);
		exit(2);
	}
	return value;
}

int say_progress(const struct progress *progress, uint64_t floor, int status)
{
	char word[40];
	const char *name;

	if (WIFSIGNALED(status)) {
		const char *by = name_of_signal(WTERMSIG(status));

		snprintf(word, sizeof(word), "early-%s", by ? by : "SIG");
		/* The child's own dead-man is no refusal. */
		if (WTERMSIG(status) == SIGALRM)
			return say_cannot_tell("deadline");
	} else if (progress->error) {
		snprintf(word, sizeof(word), "early-%s", errno_word(progress->error));
	} else {
		return say_reached();
	}
	name = strchr(word, '-') + 1;
	return progress->done < floor ? say_cannot_tell(word) : say_denied_word(name);
}

int say_from_child(void (*work)(struct progress *, void *), void *argument,
		   uint64_t floor, unsigned int seconds)
{
	/* Shared, so that the count survives a child that is killed in mid-act. */
	struct progress *progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t child;

	if (progress == MAP_FAILED)
		return say_cannot_tell_errno(errno);
	child = fork();
	if (child < 0)
		return say_cannot_tell_errno(errno);
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(seconds);
		work(progress, argument);
		_exit(0);
	}
	if (waitpid(child, &status, 0) < 0)
		return say_cannot_tell_errno(errno);
	return say_progress(progress, floor, status);
}

int keep_loot_bytes(const void *bytes, size_t count, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		return -1;
	if (write(fd, bytes, count) != (ssize_t)count) {
		close(fd);
		return -1;
	}
	return close(fd);
}

int keep_loot(int source_fd, const char *path)
{
	char bytes[4096];
	ssize_t count = read(source_fd, bytes, sizeof(bytes));

	if (count < 0)
		return -1;
	return keep_loot_bytes(bytes, (size_t)count, path);
}

bool each_process(bool (*visit)(pid_t pid, void *argument), void *argument)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	if (!proc)
		return false;
	while (!found && (entry = readdir(proc)) != NULL) {
		char *end = NULL;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && *end == '\0')
			found = visit((pid_t)pid, argument);
	}
	closedir(proc);
	return found;
}

ssize_t read_small(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t count;

	if (fd < 0)
		return -1;
	do {
		count = read(fd, buffer + have, size - 1 - have);
		if (count > 0)
			have += (size_t)count;
	} while (count > 0 && have < size - 1);
	close(fd);
	buffer[have] = '\0';
	return count < 0 && have == 0 ? -1 : (ssize_t)have;
}

void pause_milliseconds(uint64_t milliseconds)
{
	struct timespec left = { .tv_sec = (time_t)(milliseconds / 1000),
				 .tv_nsec = (long)(milliseconds % 1000) * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}
