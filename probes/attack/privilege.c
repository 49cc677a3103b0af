/* SPDX-License-Identifier: Apache-2.0 */
/* Who the script is, and whether it can become more. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DEADMAN_SECONDS = 2
};

/* What no_new_privs takes away is the chance to gain something at exec: absent when it is set. */
static int run_may_gain(char **arguments)
{
	(void)arguments;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return say_denied_word("absent");
	return say_reached();
}

static int run_any_capability(char **arguments)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint32_t held = 0;

	(void)arguments;
	if (syscall(SYS_capget, &header, data) < 0)
		return say_cannot_tell_errno(errno);
	for (size_t i = 0; i < 2; i++)
		held |= data[i].effective | data[i].permitted | data[i].inheritable;
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			held = 1;
	return held ? say_reached() : say_denied_word("absent");
}

static int run_any_bounding(char **arguments)
{
	(void)arguments;
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			return say_reached();
	return say_denied_word("absent");
}

static int run_become_uid(char **arguments)
{
	uid_t uid = (uid_t)number(arguments[0]);

	return say_result(setresuid(uid, uid, uid));
}

/* Run as a set-user-id file of root's. Where the real uid is 0, as in a user namespace of one's own,
 * the effective one says nothing of the file. */
static int run_effective_root(char **arguments)
{
	(void)arguments;
	return geteuid() == 0 && getuid() != 0 ? say_reached()
					       : say_denied_word("absent");
}

/* To the name it has already. */
static int run_set_hostname(char **arguments)
{
	char name[256] = "";

	(void)arguments;
	if (gethostname(name, sizeof(name) - 1) < 0)
		return say_cannot_tell_errno(errno);
	return say_result(sethostname(name, strlen(name)));
}

/* A dump into a pipe is stopped by a limit of 1 alone, and one into a file by 0 as well: core(5). */
static int say_core_limit(const struct rlimit *limit)
{
	return limit->rlim_max == 1 ? say_denied_word("absent") : say_reached();
}

/* A child of ours crashes there, with as large a limit as it may have. */
static int run_dump_core(char **arguments)
{
	struct rlimit limit;
	int status = 0;
	pid_t child;

	if (getrlimit(RLIMIT_CORE, &limit) < 0)
		return say_cannot_tell_errno(errno);
	if (strcmp(arguments[0], "here") != 0)
		return say_core_limit(&limit);
	child = fork();
	if (child == 0) {
		(void)alarm(DEADMAN_SECONDS);
		(void)signal(SIGABRT, SIG_DFL);
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_CORE, &limit);
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		if (chdir(arguments[1]) == 0)
			(void)kill(getpid(), SIGABRT);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return say_cannot_tell_errno(errno);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
		return say_cannot_tell("no-crash");
	return WCOREDUMP(status) ? say_reached() : say_denied_word("absent");
}

const struct verb privilege_verbs[] = {
	{ "may-gain", 0, 0, "", run_may_gain },
	{ "any-capability", 0, 0, "", run_any_capability },
	{ "any-bounding", 0, 0, "", run_any_bounding },
	{ "become-uid", 1, 1, "UID", run_become_uid },
	{ "effective-root", 0, 0, "", run_effective_root },
	{ "set-hostname", 0, 0, "", run_set_hostname },
	{ "dump-core", 2, 2, "here|elsewhere DIRECTORY", run_dump_core },
	{ .name = NULL },
};
