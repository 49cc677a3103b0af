/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof of life: the answer to the nonce and the facts of the process, written to scratch.
 *
 * A sandbox that refuses everything, or never ran the script, must not look perfect; and the reach
 * arm has to run with the credentials that are reported here.
 */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct text {
	char bytes[16384];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text,
						      const char *format, ...)
{
	size_t room = sizeof(text->bytes) - text->length;
	va_list arguments;
	int count;

	va_start(arguments, format);
	count = vsnprintf(text->bytes + text->length, room, format, arguments);
	va_end(arguments);
	if (count > 0)
		text->length += (size_t)count < room ? (size_t)count : room - 1;
}

/* 64-bit FNV-1a (Fowler, Noll, Vo) of the nonce followed by "confine". */
static uint64_t answer_to(const char *nonce)
{
	const char *const parts[] = { nonce, "confine" };
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < 2; i++)
		for (const char *at = parts[i]; *at; at++)
			hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
	return hash;
}

static void add_identity(struct text *text)
{
	gid_t groups[256];
	int count = getgroups(256, groups);

	add(text, "\"pid\":%d,\"ppid\":%d,\"sid\":%d,", getpid(), getppid(), getsid(0));
	add(text, "\"uid\":%u,\"euid\":%u,\"gid\":%u,\"egid\":%u,\"groups\":[", getuid(),
	    geteuid(), getgid(), getegid());
	for (int i = 0; i < count; i++)
		add(text, "%s%u", i ? "," : "", groups[i]);
	add(text, "],");
}

/* By system call, so that the facts are there without /proc. */
static void add_capabilities(struct text *text)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint64_t bounding = 0, ambient = 0;

	(void)syscall(SYS_capget, &header, data);
	for (unsigned long cap = 0; cap < 64; cap++) {
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			bounding |= 1ULL << cap;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			ambient |= 1ULL << cap;
	}
	add(text, "\"capEff\":\"%08x%08x\",", data[1].effective, data[0].effective);
	add(text, "\"capPrm\":\"%08x%08x\",", data[1].permitted, data[0].permitted);
	add(text, "\"capInh\":\"%08x%08x\",", data[1].inheritable, data[0].inheritable);
	add(text, "\"capBnd\":\"%016" PRIx64 "\",\"capAmb\":\"%016" PRIx64 "\",",
	    bounding, ambient);
	add(text, "\"noNewPrivs\":%d,\"seccomp\":%d,\"dumpable\":%d,",
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP),
	    prctl(PR_GET_DUMPABLE));
}

static void add_namespaces(struct text *text)
{
	static const char *const names[] = { "user", "pid", "mnt",   "net",
					     "ipc",  "uts", "cgroup" };

	add(text, "\"ns\":{");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct stat about = { 0 };
		char path[40];

		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		if (stat(path, &about) < 0)
			about.st_ino = 0;
		add(text, "%s\"%s\":%" PRIu64, i ? "," : "", names[i],
		    (uint64_t)about.st_ino);
	}
	add(text, "},");
}

static void add_limit(struct text *text, rlim_t limit, const char *after)
{
	if (limit == RLIM_INFINITY)
		add(text, "-1%s", after);
	else
		add(text, "%" PRIu64 "%s", (uint64_t)limit, after);
}

static void add_limits(struct text *text)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {
		{ "cpu", RLIMIT_CPU },     { "data", RLIMIT_DATA },
		{ "fsize", RLIMIT_FSIZE }, { "nofile", RLIMIT_NOFILE },
		{ "nproc", RLIMIT_NPROC }, { "core", RLIMIT_CORE },
		{ "as", RLIMIT_AS },       { "stack", RLIMIT_STACK },
	};

	add(text, "\"rlimits\":{");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		/* struct rlimit64: two numbers, prlimit(2). The types of getrlimit are each libc's own. */
		uint64_t limit[2] = { 0 };

		(void)syscall(SYS_prlimit64, 0, limits[i].resource, NULL, limit);
		add(text, "%s\"%s\":[", i ? "," : "", limits[i].name);
		add_limit(text, limit[0], ",");
		add_limit(text, limit[1], "]");
	}
	add(text, "},");
}

static void add_place(struct text *text)
{
	char path[PATH_MAX];
	bool first = true;

	add(text, "\"cwd\":\"");
	/* "(unreachable)/…" is what the kernel says of a directory outside the root: getcwd(3). */
	if (getcwd(path, sizeof(path)) && path[0] == '/')
		for (const char *at = path; *at; at++)
			if ((unsigned char)*at >= ' ' && *at != '"' && *at != '\\' &&
			    *at != 127)
				add(text, "%c", *at);
	add(text, "\",\"fds\":[");
	for (int fd = 0; fd < 1024; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		add(text, "%s%d", first ? "" : ",", fd);
		first = false;
	}
	add(text, "],");
}

static bool can_fork(void)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool can_write(const char *path, const struct text *text)
{
	static char back[sizeof(text->bytes)];

	if (keep_loot_bytes(text->bytes, text->length, path) < 0)
		return false;
	return read_small(path, back, sizeof(back)) == (ssize_t)text->length &&
	       memcmp(back, text->bytes, text->length) == 0;
}

static int run_alive(char **arguments)
{
	/* Descriptors are looked at before this file opens any. */
	static struct text text;

	for (const char *at = arguments[0]; *at; at++)
		if (!strchr("0123456789abcdefABCDEF-", *at))
			return 2;
	add(&text, "{\"nonce\":\"%s\",\"answer\":\"%016" PRIx64 "\",", arguments[0],
	    answer_to(arguments[0]));
	add_identity(&text);
	add_capabilities(&text);
	add_namespaces(&text);
	add_limits(&text);
	add_place(&text);
	add(&text, "\"forked\":%s,\"wrote\":true}\n", can_fork() ? "true" : "false");
	if (!can_write(arguments[1], &text))
		return 1;
	return write(STDOUT_FILENO, text.bytes, text.length) == (ssize_t)text.length ? 0
										     : 1;
}

const struct verb alive_verbs[] = {
	{ "alive", 2, 2, "NONCE FILE", run_alive },
	{ .name = NULL },
};
