/* SPDX-License-Identifier: Apache-2.0 */
/* Other processes: seen, signalled, traced, and the environments they show. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SHOWN_MAX = 1 << 17
};

/* One file of one process; the static buffer is good until the next call. */
static const char *shown(pid_t pid, const char *file, size_t *ret_count)
{
	static char bytes[SHOWN_MAX];
	char path[48];
	ssize_t count;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	count = read_small(path, bytes, sizeof(bytes));
	*ret_count = count > 0 ? (size_t)count : 0;
	return bytes;
}

static bool command_has(pid_t pid, void *argument)
{
	const char *wanted = argument;
	size_t count;
	const char *command;

	if (pid == getpid())
		return false; /* whose own arguments hold the word */
	command = shown(pid, "cmdline", &count);
	return count > 0 && memmem(command, count, wanted, strlen(wanted)) != NULL;
}

static int run_find_command(char **arguments)
{
	return each_process(command_has, arguments[0]) ? say_reached()
						       : say_denied_word("absent");
}

/* In a pid namespace the number may belong to somebody else: then the process is not there. */
static bool is_another(pid_t pid, char *name)
{
	size_t count;

	(void)shown(pid, "cmdline", &count);
	return count > 0 && !command_has(pid, name);
}

static int run_signal(char **arguments)
{
	pid_t pid = (pid_t)number(arguments[0]);

	if (is_another(pid, arguments[1]))
		return say_denied_word("absent");
	return say_result(kill(pid, SIGUSR1));
}

static int run_trace(char **arguments)
{
	pid_t pid = (pid_t)number(arguments[0]);

	if (is_another(pid, arguments[1]))
		return say_denied_word("absent");
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return say_denied(errno);
	(void)ptrace(PTRACE_DETACH, pid, NULL,
		     NULL); /* ours ends anyway, which detaches */
	return say_reached();
}

struct hunt {
	const char *name;
	const char *loot;
};

static bool keep_variable(const char *value, const char *loot)
{
	return keep_loot_bytes(value, strlen(value), loot) == 0;
}

static bool environment_has(pid_t pid, void *argument)
{
	const struct hunt *hunt = argument;
	size_t length = strlen(hunt->name), count;
	const char *bytes = shown(pid, "environ", &count);

	for (const char *at = bytes; at < bytes + count; at += strlen(at) + 1)
		if (strncmp(at, hunt->name, length) == 0 && at[length] == '=')
			return keep_variable(at + length + 1, hunt->loot);
	return false;
}

/* Every process that can be seen, the script's own included. */
static int run_scan_environ(char **arguments)
{
	struct hunt hunt = { arguments[0], arguments[1] };

	return each_process(environment_has, &hunt) ? say_reached()
						    : say_denied_word("absent");
}

static int run_variable(char **arguments)
{
	const char *value = getenv(arguments[0]);

	if (!value)
		return say_denied_word("absent");
	return keep_variable(value, arguments[1]) ? say_reached()
						  : say_cannot_tell_errno(errno);
}

/* What a process was started with, whole: a shell hands on only what it takes for names. */
static int run_keep_environment(char **arguments)
{
	size_t count;
	const char *environment = shown((pid_t)number(arguments[0]), "environ", &count);

	if (count == 0)
		return say_cannot_tell("no-environ");
	return keep_loot_bytes(environment, count, arguments[1]) < 0
		       ? say_cannot_tell_errno(errno)
		       : say_reached();
}

/* Is this object mapped by that process? How a loader shows what it loaded. */
static int run_maps_have(char **arguments)
{
	size_t count;
	const char *maps = shown((pid_t)number(arguments[0]), "maps", &count);

	if (count == 0)
		return say_cannot_tell("no-maps");
	return strstr(maps, arguments[1]) ? say_reached() : say_denied_word("absent");
}

const struct verb process_verbs[] = {
	{ "find-command", 1, 1, "WORD", run_find_command },
	{ "signal", 2, 2, "PID WORD", run_signal },
	{ "trace", 2, 2, "PID WORD", run_trace },
	{ "scan-environ", 2, 2, "NAME LOOT", run_scan_environ },
	{ "variable", 2, 2, "NAME LOOT", run_variable },
	{ "keep-environment", 2, 2, "PID LOOT", run_keep_environment },
	{ "maps-have", 2, 2, "PID OBJECT", run_maps_have },
	{ .name = NULL },
};
