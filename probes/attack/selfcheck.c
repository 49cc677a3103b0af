/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selfcheck - many facts of one run at once, for whoever holds a receipt against them
 *
 *   selfcheck NONCE KEY=VALUE…
 *
 * The first line is that of `alive`; then `fact KEY WORD`, one act each, WORD being "reached", an
 * errno name or a number; the last is `fact end reached`. An act whose key is not given is left
 * out. Each is harmless where nothing stops it: a file without a name, a signal that is none, a
 * host name that stays. Then a flood, where one was asked for.
 */
#include "probes/attack/selfcheck.h"
#include "probes/attack/attack.h"
#include "runner/base/names.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TASKS_MOST    512
#define SECONDS_ALONE 20 /* what is left behind ends by itself */

void fact(const char *key, const char *detail, const char *word)
{
	char line[512];
	int length = snprintf(line, sizeof(line), "fact %s%s%.300s %s\n", key,
			      *detail ? ":" : "", detail, word);

	if (length > 0 && write(STDOUT_FILENO, line, (size_t)length) != length)
		_exit(1);
}

void fact_result(const char *key, const char *detail, int result)
{
	const char *name = result < 0 ? name_of_errno(errno) : "reached";

	fact(key, detail, name ? name : "unknown");
}

void fact_number(const char *key, uint64_t value)
{
	char word[24];

	(void)snprintf(word, sizeof(word), "%" PRIu64, value);
	fact(key, "", word);
}

/* Closes what was opened for the fact alone. */
void fact_opened(const char *key, const char *detail, int fd)
{
	fact_result(key, detail, fd);
	if (fd >= 0)
		(void)close(fd);
}

/* What an act says that changes the process, and so has one of its own. */
void fact_of_child(const char *key, int (*act)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(act() < 0 ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		fact(key, "", "no-child");
	else if (WIFSIGNALED(status))
		fact(key, "", "killed");
	else {
		errno = WEXITSTATUS(status);
		fact_result(key, "", errno ? -1 : 0);
	}
}

/* --- others ------------------------------------------------------------------------------------- */

static const char *marker;

/* In our own environment, or in what /proc shows of anybody's. */
static bool has_marker(pid_t pid, void *file)
{
	static char text[1U << 16];
	char path[64];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, (const char *)file);
	length = pid == getpid() && strcmp(file, "cmdline") == 0
			 ? -1 /* which has it as an argument */
			 : read_small(path, text, sizeof(text));
	return length > 0 && memmem(text, (size_t)length, marker, strlen(marker));
}

static void try_marker(const char *value)
{
	bool own = false;

	marker = value;
	for (char **at = environ; *at; at++)
		own = own || strstr(*at, marker);
	fact("marker-own", "", own ? "reached" : "absent");
	fact("marker-environ", "",
	     each_process(has_marker, (char[]){ "environ" }) ? "reached" : "absent");
	fact("marker-command", "",
	     each_process(has_marker, (char[]){ "cmdline" }) ? "reached" : "absent");
}

static void try_process(const char *value)
{
	pid_t pid = (pid_t)number(value);

	fact_result("process-signal", "", kill(pid, 0));
	fact_result("process-session", "", getsid(pid));
	fact_result("process-descriptor", "", (int)syscall(SYS_pidfd_open, pid, 0));
	(void)syscall(SYS_close_range, 3, ~0U, 0);
}

static void try_shared_memory(const char *value)
{
	fact_result("shared-memory", "", shmget((key_t)number(value), 0, 0));
}

/* --- privilege ---------------------------------------------------------------------------------- */

static int new_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int become_root(void)
{
	return setresuid(0, 0, 0);
}

/* Of what is no mount, so that nothing comes of it where it is allowed: EINVAL. */
static int move_mount_of(void)
{
	return mount("/proc/self/fd", "/", NULL, MS_MOVE, NULL);
}

static void look_privilege(void)
{
	char name[256] = "";
	mode_t mask = umask(0);

	(void)umask(mask);
	fact_number("umask", mask);
	fact_number("keyring", (uint64_t)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
						 KEY_SPEC_SESSION_KEYRING, 0));
	fact_of_child("user-namespace", new_user_namespace);
	fact_of_child("root", become_root);
	fact_of_child("mount", move_mount_of);
	fact_opened("sysctl", "",
		    open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC));
	fact_opened("terminal", "", open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
	(void)gethostname(name, sizeof(name) - 1);
	fact_result("hostname", "", sethostname(name, strlen(name)));
}

static void look_standard_streams(void)
{
	static const char *const names[] = { "0", "1", "2" };

	for (int fd = 0; fd < 3; fd++) {
		struct stat status;
		char word[64];

		if (fstat(fd, &status) < 0) {
			fact_result("stream", names[fd], -1);
			continue;
		}
		(void)snprintf(word, sizeof(word), "%s.%" PRIu64,
			       S_ISFIFO(status.st_mode)  ? "pipe"
			       : S_ISCHR(status.st_mode) ? "device"
							 : "other",
			       (uint64_t)status.st_ino);
		fact("stream", names[fd], word);
	}
}

static void look_maps(void)
{
	static const char *const files[] = { "uid_map", "gid_map" };

	for (size_t i = 0; i < 2; i++) {
		unsigned int a = 0, b = 0, c = 0;
		char path[32], text[256], word[64] = "unreadable";

		(void)snprintf(path, sizeof(path), "/proc/self/%s", files[i]);
		if (read_small(path, text, sizeof(text)) > 0 &&
		    sscanf(text, "%u %u %u", &a, &b, &c) == 3)
			(void)snprintf(word, sizeof(word), "%u.%u.%u", a, b, c);
		fact(files[i], "", word);
	}
}

/* --- resources ---------------------------------------------------------------------------------- */

/* Tasks there were at once, this one included, up to a few more than there should be. */
static void try_tasks(const char *value)
{
	uint64_t most = number(value) + 4;
	static pid_t children[TASKS_MOST];
	size_t count = 0;

	while (count + 1 < most && count < TASKS_MOST) {
		children[count] = fork();
		if (children[count] == 0) {
			(void)alarm(SECONDS_ALONE);
			for (;;)
				(void)pause();
		}
		if (children[count] < 0)
			break;
		count++;
	}
	for (size_t i = 0; i < count; i++)
		(void)kill(children[i], SIGKILL);
	for (size_t i = 0; i < count; i++)
		(void)waitpid(children[i], NULL, 0);
	fact_number("tasks", count + 1);
}

/* Shared memory that could be filled, up to a half more than it should be. */
static void try_memory(const char *value)
{
	const uint64_t step = 1U << 20, most = number(value) / 2 * 3;
	volatile uint64_t *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = done == MAP_FAILED ? -1 : fork();

	if (child == 0) {
		while (*done < most && mmap(NULL, step, PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1,
					    0) != MAP_FAILED)
			*done += step;
		_exit(0);
	}
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		fact("memory", "", "no-child");
	else
		fact_number("memory", *done);
}

/* Stays when everybody else has gone; its name tells it. */
static void leave_daemon(const char *name)
{
	pid_t child = fork();

	if (child == 0) {
		(void)setsid();
		if (fork() != 0)
			_exit(0);
		(void)prctl(PR_SET_NAME, name);
		(void)alarm(SECONDS_ALONE);
		for (;;)
			(void)pause();
	}
	if (child > 0)
		(void)waitpid(child, NULL, 0);
}

/* Until every fact was taken: one budget over both streams cuts whichever comes late. */
static void await_reader(void)
{
	int unread = 1;

	for (unsigned int turn = 0; turn < 200 && unread > 0; turn++) {
		if (ioctl(STDOUT_FILENO, FIONREAD, &unread) < 0)
			return;
		pause_milliseconds(unread > 0);
	}
}

static void flood(const char *value)
{
	static char bytes[4096];
	uint64_t left = number(value);

	memset(bytes, 'x', sizeof(bytes));
	fact("end", "", "reached");
	await_reader();
	for (ssize_t count = 1; left > 0 && count > 0; left -= (uint64_t)count) {
		count = write(STDERR_FILENO, bytes,
			      left < sizeof(bytes) ? (size_t)left : sizeof(bytes));
		if (count < 0)
			_exit(0);
	}
}

static const struct {
	const char *key;
	void (*act)(const char *value);
} acts[] = {
	{ "secret", selfcheck_secret },
	{ "hidden", selfcheck_hidden },
	{ "outside", selfcheck_outside },
	{ "make", selfcheck_make },
	{ "below", selfcheck_below },
	{ "visible", selfcheck_visible },
	{ "disk", selfcheck_disk },
	{ "marker", try_marker },
	{ "process", try_process },
	{ "port", selfcheck_port },
	{ "abstract", selfcheck_abstract },
	{ "socket", selfcheck_socket },
	{ "network", selfcheck_metadata },
	{ "shm", try_shared_memory },
	{ "refused", selfcheck_refused },
	{ "service", selfcheck_metadata_service },
	{ "tasks", try_tasks },
	{ "memory", try_memory },
	{ "daemon", leave_daemon },
	{ "flood", flood },
};

static int do_act(const char *argument)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		size_t length = strlen(acts[i].key);

		if (strncmp(argument, acts[i].key, length) == 0 &&
		    argument[length] == '=') {
			acts[i].act(argument + length + 1);
			return 0;
		}
	}
	fprintf(stderr, "confine-attack: selfcheck: '%s' is no act\n", argument);
	return 2;
}

static int run_selfcheck(char **arguments)
{
	char *alive[] = { arguments[0], (char[]){ "alive" }, NULL };

	if (alive_verbs[0].run(alive) != 0)
		fact("alive", "", "not-written");
	look_standard_streams();
	look_maps();
	selfcheck_look_scratch();
	selfcheck_look_writable();
	selfcheck_look_wall();
	selfcheck_look_devices();
	look_privilege();
	selfcheck_look_calls();
	for (char **at = arguments + 1; *at; at++)
		if (do_act(*at) != 0)
			return 2;
	return 0;
}

const struct verb selfcheck_verbs[] = {
	{ "selfcheck", 1, 64, "NONCE KEY=VALUE...", run_selfcheck },
	{ .name = NULL },
};
