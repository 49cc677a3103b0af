/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of every kind that a limit may overlook, and processor time; children do it and may die. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STEP = 4 << 20,
	PARTS_MAX = 16,
	ALARM_SECONDS = 6, /* of a machine that has much else to do */
	TREE_ALARM_SECONDS = 20,
};

struct demand {
	uint64_t bytes;
	int flags; /* of mmap */
};

/* Mapped and touched in steps, never given back: the child's end does that. Filled by the kernel where
 * it can, since a fault for each page costs more than the page; what it could not fill is a fault. */
static void take_memory(struct progress *progress, void *argument)
{
	const struct demand *demand = argument;

	while (progress->done < demand->bytes) {
		char *step = mmap(NULL, STEP, PROT_READ | PROT_WRITE,
				  demand->flags | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (step == MAP_FAILED) {
			progress->error = errno;
			return;
		}
		for (size_t page = 0; page < STEP; page += 4096)
			((volatile char *)step)[page] = 1;
		progress->done += STEP;
	}
}

/* Pages of a memfd belong to no process: neither RSS nor RLIMIT_DATA nor RLIMIT_AS sees them. One
 * for each step, so that RLIMIT_FSIZE does not stand in for a limit on memory. */
static void take_memfd(struct progress *progress, void *argument)
{
	const struct demand *demand = argument;
	static char chunk[1 << 16];

	memset(chunk, 1, sizeof(chunk));
	signal(SIGXFSZ, SIG_IGN); /* then write(2) says EFBIG */
	while (progress->done < demand->bytes && !progress->error) {
		int fd = memfd_create("probe", MFD_CLOEXEC);

		for (size_t have = 0; have < STEP && !progress->error;
		     have += sizeof(chunk)) {
			if (fd < 0 || write(fd, chunk, sizeof(chunk)) < 0)
				progress->error = errno;
			else
				progress->done += sizeof(chunk);
		}
	}
}

static int run_private(char **arguments)
{
	struct demand demand = { number(arguments[0]), MAP_PRIVATE };

	return say_from_child(take_memory, &demand, number(arguments[1]), ALARM_SECONDS);
}

static int run_shared(char **arguments)
{
	struct demand demand = { number(arguments[0]), MAP_SHARED };

	return say_from_child(take_memory, &demand, number(arguments[1]), ALARM_SECONDS);
}

static int run_memfd(char **arguments)
{
	struct demand demand = { number(arguments[0]), 0 };

	return say_from_child(take_memfd, &demand, number(arguments[1]), ALARM_SECONDS);
}

struct part {
	struct progress progress;
	pid_t pid;
	int status;
	bool ended;
};

static int start_parts(struct part *parts, size_t count, struct demand *demand)
{
	for (size_t i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0)
			return -1;
		if (child > 0) {
			parts[i].pid =
				child; /* by the parent alone: the page is shared */
			continue;
		}
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(ALARM_SECONDS + 1);
		take_memory(&parts[i].progress, demand);
		/* Held until the parent has counted: the sum at one moment is what is measured. */
		while (!parts[i].progress.error)
			pause();
		_exit(0);
	}
	return 0;
}

/* True when every part has all of its share or was stopped: the first one to be stopped says
 * nothing of how far the others would have come. */
static bool parts_settled(struct part *parts, size_t count, uint64_t share)
{
	size_t settled = 0;

	for (size_t i = 0; i < count; i++) {
		if (!parts[i].ended)
			parts[i].ended = waitpid(parts[i].pid, &parts[i].status,
						 WNOHANG) == parts[i].pid;
		if (parts[i].ended || parts[i].progress.done >= share)
			settled++;
	}
	return settled == count;
}

static void end_parts(struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (parts[i].pid <= 0 || parts[i].ended)
			continue;
		kill(parts[i].pid, SIGKILL);
		(void)waitpid(parts[i].pid, NULL, 0);
	}
}

static int say_parts(const struct part *parts, size_t count, uint64_t share,
		     uint64_t floor)
{
	struct progress sum = { 0 };
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		sum.done += parts[i].progress.done;
		if (parts[i].progress.error)
			sum.error = parts[i].progress.error;
		if (parts[i].ended && WIFSIGNALED(parts[i].status))
			status = parts[i].status;
	}
	if (!status && !sum.error && sum.done < share * count)
		return say_cannot_tell("deadline");
	return say_progress(&sum, floor, status);
}

static int run_tree(char **arguments)
{
	size_t count = (size_t)number(arguments[0]);
	struct demand demand = { number(arguments[1]), MAP_PRIVATE };
	uint64_t floor = number(arguments[2]);
	struct part *parts;

	if (count > PARTS_MAX)
		return 2;
	parts = mmap(NULL, sizeof(*parts) * PARTS_MAX, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (parts == MAP_FAILED)
		return say_cannot_tell_errno(errno);
	if (start_parts(parts, count, &demand) < 0) {
		end_parts(parts, count);
		return say_cannot_tell("fork");
	}
	for (int i = 0;
	     i < 200 * ALARM_SECONDS && !parts_settled(parts, count, demand.bytes); i++)
		pause_milliseconds(5);
	end_parts(parts, count);
	return say_parts(parts, count, demand.bytes, floor);
}

/* Our own time as the kernel holds it against RLIMIT_CPU: counted in ticks, of which a machine that is
 * itself not run all the time loses some. The numbers of such clocks: clock_getres(2). */
#define LIMITED_CLOCK ((clockid_t)(~0U << 3))

struct spend {
	uint64_t milliseconds;
	const char *
		file; /* where each process keeps a line of what it spent; NULL: nowhere */
	unsigned int line;
};

static uint64_t spent_on(clockid_t clock)
{
	struct timespec spent = { 0 };

	(void)clock_gettime(clock, &spent);
	return (uint64_t)spent.tv_sec * 1000 + (uint64_t)spent.tv_nsec / 1000000;
}

/* What whoever kills all of us at once leaves for the harness to read: lines of one length. */
static void keep_spent(int file, const struct spend *spend)
{
	char line[16];
	int length = snprintf(line, sizeof(line), "%08llu\n",
			      (unsigned long long)spent_on(CLOCK_PROCESS_CPUTIME_ID) %
				      100000000U);

	(void)!pwrite(file, line, (size_t)length, (off_t)spend->line * length);
}

static void spend_time(struct progress *progress, void *argument)
{
	const struct spend *spend = argument;
	int file = spend->file ? open(spend->file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666)
			       : -1;

	while (progress->done < spend->milliseconds) {
		uint64_t now = spent_on(LIMITED_CLOCK);

		if (file >= 0 && now != progress->done)
			keep_spent(file, spend);
		progress->done = now;
	}
}

static int run_spend_time(char **arguments)
{
	struct spend spend = { number(arguments[0]), arguments[2], 0 };

	return say_from_child(spend_time, &spend, number(arguments[1]), 8);
}

static int run_spend_tree(char **arguments)
{
	size_t count = (size_t)number(arguments[0]);
	struct spend spend = { number(arguments[1]), arguments[3], 0 };
	struct part *parts;

	if (count > PARTS_MAX)
		return 2;
	parts = mmap(NULL, sizeof(*parts) * PARTS_MAX, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (parts == MAP_FAILED)
		return say_cannot_tell_errno(errno);
	for (size_t i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0) {
			end_parts(parts, i);
			return say_cannot_tell("fork");
		}
		if (child > 0) {
			parts[i].pid = child;
			continue;
		}
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(TREE_ALARM_SECONDS);
		spend.line = (unsigned int)i;
		spend_time(&parts[i].progress, &spend);
		_exit(0);
	}
	for (size_t i = 0; i < count; i++)
		parts[i].ended = waitpid(parts[i].pid, &parts[i].status, 0) > 0;
	return say_parts(parts, count, spend.milliseconds, number(arguments[2]));
}

const struct verb memory_verbs[] = {
	{ "memory-private", 2, 2, "BYTES FLOOR", run_private },
	{ "memory-shared", 2, 2, "BYTES FLOOR", run_shared },
	{ "memory-memfd", 2, 2, "BYTES FLOOR", run_memfd },
	{ "memory-tree", 3, 3, "PROCESSES BYTES-EACH FLOOR", run_tree },
	{ "spend-cpu", 2, 3, "MILLISECONDS FLOOR [FILE]", run_spend_time },
	{ "spend-cpu-tree", 3, 4, "PROCESSES MILLISECONDS-EACH FLOOR [FILE]",
	  run_spend_tree },
	{ .name = NULL },
};
