/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing here allocates: it runs between fork and exec. `environment-twice` and `nameless` are
 * prepared by prepare.c, and have nothing left to do here. */
#include "conformance/invocation.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FEW_DESCRIPTORS = 20, /* a shell wants ten and a few */
};

static int nothing(const char *root)
{
	(void)root;
	return 0;
}

static int close_streams(const char *root)
{
	(void)root;
	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	return 0;
}

static int deafen(const char *root)
{
	sigset_t all;

	(void)root;
	if (signal(SIGCHLD, SIG_IGN) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -1;
	(void)sigfillset(&all);
	return sigprocmask(SIG_SETMASK, &all, NULL);
}

static int limit_descriptors(const char *root)
{
	const struct rlimit few = { FEW_DESCRIPTORS, FEW_DESCRIPTORS };

	(void)root;
	return setrlimit(RLIMIT_NOFILE, &few);
}

static int delete_directory(const char *root)
{
	char path[128];

	if (snprintf(path, sizeof(path), "%s/deleted", root) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return mkdir(path, 0777) < 0 || chdir(path) < 0 || rmdir(path) < 0 ? -1 : 0;
}

static int open_umask(const char *root)
{
	(void)root;
	(void)umask(0);
	return 0;
}

static const struct {
	const char *name;
	int (*apply)(const char *root);
} invocations[] = {
	{ "closed-streams", close_streams },
	{ "deaf-to-signals", deafen },
	{ "few-descriptors", limit_descriptors },
	{ "deleted-directory", delete_directory },
	{ "open-umask", open_umask },
	{ "environment-twice", nothing },
	{ "nameless", nothing },
};

bool invocation_exists(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(invocations); i++)
		if (str_equal(invocations[i].name, name))
			return true;
	return false;
}

int invocation_apply(const char *name, const char *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(invocations); i++)
		if (str_equal(invocations[i].name, name))
			return invocations[i].apply(root);
	errno = EINVAL;
	return -1;
}
