/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - one poll loop. Nothing in it blocks but poll: a reader of ours that stalls must not
 * keep the deadline from firing, so bytes go through sinks, which never wait.
 */
#include "runner/supervise.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/output.h"
#include "runner/sink.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#define GRACE_MS 1000
#define NEVER    INT64_MAX

const char *const outcome_words[] = {
	[OUTCOME_EXITED] = "exited",       [OUTCOME_SIGNALED] = "signaled",
	[OUTCOME_TIMEOUT] = "timeout",     [OUTCOME_LIMIT] = "limit",
	[OUTCOME_REFUSED] = "refused",     [OUTCOME_CANNOT_EXECUTE] = "cannot-execute",
	[OUTCOME_NOT_FOUND] = "not-found", [OUTCOME_INTERRUPTED] = "interrupted",
	[OUTCOME_FAILED] = "failed",
};

/* Bytes on their way out. */
struct stream {
	int *from; /* read end; closed at end of file */
	struct sink to;
	size_t start, length;
	char bytes[1U << 16];
};

enum watched {
	WATCH_CONTROL,
	WATCH_REPORT,
	WATCH_INIT,
	WATCH_SIGNALS,
	WATCH_INPUT,
	WATCH_STREAMS
};
#define WATCH_COUNT (WATCH_STREAMS + 4)

struct pump {
	struct spawn *spawn;
	struct outcome *outcome;
	struct output_budget budget;
	struct stream streams[2];
	struct {
		size_t start, length;
		char bytes[1U << 16];
	} input;
	int signals;
	int64_t deadline, kill_at; /* ms */
	int64_t give_up_at; /* ms: a reader that takes nothing is not waited for any more */
	bool ended;         /* the tree is gone */
	int64_t cpu_us;
};

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void order_init(const struct pump *pump, char order)
{
	if (pump->spawn->control >= 0)
		(void)send(pump->spawn->control, &order, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void kill_tree(struct pump *pump)
{
	pump->kill_at = NEVER;
	if (!plan_find(pump->spawn->plan, OP_KILL_TREE))
		return;
	if (pump->spawn->plan->own_pids)
		(void)kernel_pidfd_send_signal(pump->spawn->pidfd, SIGKILL);
	else
		order_init(pump, INIT_KILL);
}

/* TERM, a second of grace, KILL. */
static void end_tree(struct pump *pump)
{
	pump->deadline = NEVER;
	pump->kill_at = now_ms() + GRACE_MS;
	order_init(pump, INIT_TERMINATE);
}

static void read_stream(struct pump *pump, struct stream *stream)
{
	ssize_t count = read(*stream->from, stream->bytes, sizeof(stream->bytes));

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		own_close_fd(stream->from);
		return;
	}
	stream->start = 0;
	stream->length = output_budget_take(&pump->budget, stream->bytes, (size_t)count);
	if (pump->budget.exceeded && !pump->outcome->output_truncated) {
		pump->outcome->output_truncated = true;
		kill_tree(pump);
	}
}

/* Only who leaves is told by SIGPIPE, as in any pipeline; bytes that are lost otherwise (a full
 * disk) are not passed over in silence. */
static void write_stream(struct pump *pump, struct stream *stream)
{
	ssize_t written =
		sink_write(&stream->to, stream->bytes + stream->start, stream->length);

	if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (written < 0) {
		if (errno != EPIPE && errno != ECONNRESET) {
			pump->outcome->output_error = errno;
			kill_tree(pump);
		}
		stream->length = 0;
		own_close_fd(stream->from);
		return;
	}
	stream->start += (size_t)written;
	stream->length -= (size_t)written;
	if (pump->give_up_at != NEVER)
		pump->give_up_at = now_ms() + GRACE_MS;
}

static void write_input(struct pump *pump)
{
	ssize_t written = write(pump->spawn->input, pump->input.bytes + pump->input.start,
				pump->input.length);

	if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (written < 0) {
		own_close_fd(&pump->spawn->input);
		return;
	}
	pump->input.start += (size_t)written;
	pump->input.length -= (size_t)written;
}

static void read_input(struct pump *pump)
{
	ssize_t count = read(STDIN_FILENO, pump->input.bytes, sizeof(pump->input.bytes));

	if (count > 0) {
		pump->input.start = 0;
		pump->input.length = (size_t)count;
	} else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
		own_close_fd(&pump->spawn->input);
	}
}

static void hear_report(struct pump *pump)
{
	struct child_report report;
	ssize_t count;

	/* Its end with an order of ours unread is told before its last word: once. */
	do {
		count = recv(pump->spawn->report, &report, sizeof(report), MSG_DONTWAIT);
	} while (count < 0 && errno == ECONNRESET);
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count == sizeof(report) && report.says == CHILD_EXEC_FAILED)
		pump->outcome->exec_error = report.error;
	if (count <= 0) /* closed by exec: the script runs */
		own_close_fd(&pump->spawn->report);
}

static void hear_init(struct pump *pump)
{
	struct init_report report;
	ssize_t count = recv(pump->spawn->control, &report, sizeof(report), MSG_DONTWAIT);

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (count <= 0) {
		own_close_fd(&pump->spawn->control);
		return;
	}
	if (count != sizeof(report) || report.says != INIT_STATUS)
		return;
	pump->outcome->has_status = true;
	pump->outcome->status = report.status;
	pump->cpu_us = report.cpu_us;
	pump->deadline = NEVER;
	if (!plan_find(pump->spawn->plan, OP_KILL_TREE))
		pump->ended = true; /* only a test build leaves the rest alone */
}

static void hear_signal(struct pump *pump)
{
	struct signalfd_siginfo info;

	if (read(pump->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (pump->ended)
		pump->give_up_at = pump->outcome->interrupted ? 0 : now_ms() + GRACE_MS;
	else if (pump->outcome->interrupted)
		kill_tree(pump);
	else
		end_tree(pump);
	pump->outcome->interrupted = (int)info.ssi_signo;
}

static void reap_init(struct pump *pump)
{
	struct rusage usage;

	if (pump->spawn->init < 0)
		return;
	while (wait4(pump->spawn->init, NULL, 0, &usage) < 0 && errno == EINTR)
		;
	pump->spawn->init = -1;
	pump->outcome->cpu_seconds =
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	pump->outcome->peak_memory_bytes = (uint64_t)usage.ru_maxrss * 1024;
}

static void watch(struct pump *pump, struct pollfd *fds)
{
	const struct spawn *spawn = pump->spawn;

	fds[WATCH_CONTROL] = (struct pollfd){ spawn->control, POLLIN, 0 };
	fds[WATCH_REPORT] = (struct pollfd){ spawn->report, POLLIN, 0 };
	fds[WATCH_INIT] = (struct pollfd){ pump->ended ? -1 : spawn->pidfd, POLLIN, 0 };
	fds[WATCH_SIGNALS] = (struct pollfd){ pump->signals, POLLIN, 0 };
	fds[WATCH_INPUT] = (struct pollfd){ -1, POLLIN, 0 };
	if (spawn->input >= 0 && !pump->ended)
		fds[WATCH_INPUT] = pump->input.length
					   ? (struct pollfd){ spawn->input, POLLOUT, 0 }
					   : (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	for (unsigned int i = 0; i < 2; i++) {
		const struct stream *stream = &pump->streams[i];
		bool full = stream->length > 0;

		fds[WATCH_STREAMS + i] =
			(struct pollfd){ full ? -1 : *stream->from, POLLIN, 0 };
		fds[WATCH_STREAMS + 2 + i] =
			(struct pollfd){ full ? stream->to.fd : -1, POLLOUT, 0 };
	}
}

static int timeout_of(const struct pump *pump)
{
	int64_t next = pump->deadline < pump->kill_at ? pump->deadline : pump->kill_at;
	int64_t left;

	if (pump->give_up_at < next)
		next = pump->give_up_at;
	if (next == NEVER)
		return -1;
	left = next - now_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void check_clock(struct pump *pump)
{
	int64_t now = pump->deadline == NEVER && pump->kill_at == NEVER ? 0 : now_ms();

	if (now >= pump->deadline) {
		pump->outcome->timed_out = true;
		end_tree(pump);
	}
	if (now >= pump->kill_at)
		kill_tree(pump);
}

/* Nothing may be waited for any more but what is in the pipes, and what our reader takes. */
static bool is_drained(const struct pump *pump)
{
	if (!pump->ended)
		return false;
	for (unsigned int i = 0; i < 2; i++)
		if (*pump->streams[i].from >= 0 || pump->streams[i].length)
			return false;
	return true;
}

/* Last in a turn, so that what was said before is heard: how exec failed, how the script ended. */
static void hear_end(struct pump *pump)
{
	if (pump->spawn->report >= 0)
		hear_report(pump);
	if (pump->spawn->control >= 0)
		hear_init(pump);
	pump->ended = true;
	pump->deadline = NEVER;
	pump->kill_at = NEVER;
	/* What was ordered to end in time does not wait for a reader that stalls. */
	if (pump->outcome->timed_out || pump->outcome->interrupted)
		pump->give_up_at = now_ms() + GRACE_MS;
	reap_init(pump);
}

static void turn(struct pump *pump)
{
	struct pollfd fds[WATCH_COUNT];

	watch(pump, fds);
	if (poll(fds, WATCH_COUNT, timeout_of(pump)) < 0)
		return;
	if (fds[WATCH_REPORT].revents)
		hear_report(pump);
	if (fds[WATCH_CONTROL].revents)
		hear_init(pump);
	if (fds[WATCH_SIGNALS].revents)
		hear_signal(pump);
	if (fds[WATCH_INPUT].revents && pump->input.length)
		write_input(pump);
	else if (fds[WATCH_INPUT].revents)
		read_input(pump);
	for (unsigned int i = 0; i < 2; i++) {
		if (fds[WATCH_STREAMS + i].revents)
			read_stream(pump, &pump->streams[i]);
		if (fds[WATCH_STREAMS + 2 + i].revents)
			write_stream(pump, &pump->streams[i]);
	}
	if (fds[WATCH_INIT].revents && !pump->ended)
		hear_end(pump);
	check_clock(pump);
}

/* What was taken from the script and never passed on is missing, as if cut. */
static void give_up(struct pump *pump)
{
	for (unsigned int i = 0; i < 2; i++) {
		pump->budget.kept_bytes -= pump->streams[i].length;
		pump->streams[i].length = 0;
		own_close_fd(pump->streams[i].from);
	}
	pump->outcome->output_truncated = true;
}

/* After the end of the tree a pipe holds what was written before; a survivor (no pid namespace)
 * must not keep us. */
static void drain(struct pump *pump)
{
	while (!is_drained(pump)) {
		for (unsigned int i = 0; i < 2; i++) {
			struct stream *stream = &pump->streams[i];

			if (stream->length || *stream->from < 0)
				continue;
			read_stream(pump, stream);
			if (!stream->length)
				own_close_fd(stream->from);
		}
		if (is_drained(pump))
			return;
		turn(pump);
		if (pump->give_up_at != NEVER && now_ms() >= pump->give_up_at)
			give_up(pump);
	}
}

static void count_groups(struct pump *pump)
{
	const struct spawn *spawn = pump->spawn;
	struct outcome *outcome = pump->outcome;
	int pids = spawn->groups[GROUP_PIDS].fd, memory = spawn->groups[GROUP_MEMORY].fd;
	uint64_t peak;

	if (pids >= 0) {
		outcome->peak_tasks = cgroup_number(pids, "pids.peak", NULL);
		outcome->refused_tasks = cgroup_number(pids, "pids.events", "max");
	}
	if (memory < 0)
		return;
	if (spawn->groups[GROUP_MEMORY].home->version == 1) {
		outcome->oom_kills =
			cgroup_number(memory, "memory.oom_control", "oom_kill");
		peak = cgroup_number(memory, "memory.max_usage_in_bytes", NULL);
	} else {
		outcome->oom_kills = cgroup_number(memory, "memory.events", "oom_kill");
		peak = cgroup_number(memory, "memory.peak", NULL);
	}
	if (peak)
		outcome->peak_memory_bytes = peak;
}

/* The kernel holds ticks against the limit and tells the exact time afterwards; on a busy machine
 * the two drift apart by a fifth. */
static bool is_spent(int64_t cpu_us, uint64_t seconds)
{
	return cpu_us >= (int64_t)seconds * 700000;
}

/*
 * Which number of ours ended the script's process, if any. A signal alone proves nothing, since a
 * script can send it to itself: time must have been spent too. No such second witness exists for
 * the size of a file: SIGXFSZ is taken at its word.
 */
static const char *limit_behind(const struct pump *pump)
{
	const struct outcome *outcome = pump->outcome;
	const struct step *cpu = plan_find(pump->spawn->plan, OP_RLIMIT_CPU);
	int sig = outcome->has_status && WIFSIGNALED(outcome->status)
			  ? WTERMSIG(outcome->status)
			  : 0;

	if (outcome->output_truncated)
		return "maxOutputBytes";
	if (sig == SIGXFSZ && plan_find(pump->spawn->plan, OP_RLIMIT_FILE_SIZE))
		return "maxFileSizeBytes";
	if (outcome->oom_kills && (sig == SIGKILL || !outcome->has_status))
		return "memoryBytes";
	if (cpu && (sig == SIGXCPU || sig == SIGKILL) &&
	    is_spent(pump->cpu_us, cpu->number))
		return "cpuSeconds";
	return NULL;
}

static void conclude(struct pump *pump)
{
	struct outcome *outcome = pump->outcome;

	if (outcome->output_error && !outcome->interrupted)
		return; /* failed, as it was to begin with */
	if (!outcome->timed_out && !outcome->interrupted)
		outcome->limit_fired = limit_behind(pump);
	if (outcome->interrupted) {
		outcome->word = OUTCOME_INTERRUPTED;
		outcome->confine_exit = 128 + outcome->interrupted;
	} else if (outcome->timed_out) {
		outcome->word = OUTCOME_TIMEOUT;
		outcome->confine_exit = EXIT_TIMEOUT;
	} else if (outcome->limit_fired) {
		outcome->word = OUTCOME_LIMIT;
		outcome->confine_exit = EXIT_LIMIT;
	} else if (outcome->exec_error) {
		bool missing =
			outcome->exec_error == ENOENT || outcome->exec_error == ENOTDIR;

		outcome->word = missing ? OUTCOME_NOT_FOUND : OUTCOME_CANNOT_EXECUTE;
		outcome->confine_exit = missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
	} else if (!outcome->has_status) {
		outcome->word = OUTCOME_FAILED;
		outcome->confine_exit = EXIT_REFUSED;
	} else if (WIFSIGNALED(outcome->status)) {
		outcome->word = OUTCOME_SIGNALED;
		outcome->confine_exit = 128 + WTERMSIG(outcome->status);
	} else {
		outcome->word = OUTCOME_EXITED;
		outcome->confine_exit = WEXITSTATUS(outcome->status);
	}
}

static void pump_init(struct pump *pump, struct spawn *spawn, int signals,
		      struct outcome *outcome)
{
	const struct step *cap = plan_find(spawn->plan, OP_OUTPUT_CAP);
	const struct step *deadline = plan_find(spawn->plan, OP_DEADLINE);

	pump->spawn = spawn;
	pump->outcome = outcome;
	pump->signals = signals;
	pump->deadline = deadline ? now_ms() + (int64_t)deadline->number : NEVER;
	pump->kill_at = NEVER;
	pump->give_up_at = NEVER;
	output_budget_init(&pump->budget, cap != NULL, cap ? cap->number : 0);
	for (unsigned int i = 0; i < 2; i++) {
		pump->streams[i].from = &spawn->output[i];
		sink_init(&pump->streams[i].to, i ? STDERR_FILENO : STDOUT_FILENO);
		if (spawn->output[i] >= 0)
			(void)fcntl(spawn->output[i], F_SETFL, O_NONBLOCK);
	}
}

void supervise(struct spawn *spawn, int signals, bool account, struct outcome *outcome)
{
	owned_mem struct pump *pump = calloc(1, sizeof(*pump));
	int64_t start = now_ms();

	*outcome =
		(struct outcome){ .word = OUTCOME_FAILED, .confine_exit = EXIT_REFUSED };
	if (!pump)
		return;
	pump_init(pump, spawn, signals, outcome);
	while (!pump->ended)
		turn(pump);
	drain(pump);
	for (unsigned int i = 0; i < 2; i++)
		sink_done(&pump->streams[i].to);
	outcome->output_bytes = pump->budget.kept_bytes;
	outcome->wall_seconds = (double)(now_ms() - start) / 1000;
	/* Small files, but on the way out of every run: read where they can say something. */
	if (account || (outcome->has_status ? WIFSIGNALED(outcome->status) : true))
		count_groups(pump);
	conclude(pump);
}
