/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - reads /proc of the process that waits before its exec. What the plan's steps claim of it is
 * compared in verify_claims.c, and told in verify_evidence.c.
 */
#include "runner/verify.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>

const char *const seen_namespace_names[SEEN_NAMESPACES] = { "user", "mnt", "pid",   "net",
							    "ipc",  "uts", "cgroup" };

const struct seen_limit seen_limits[SEEN_LIMITS] = {
	{ "cpu", "Max cpu time", RLIMIT_CPU, OP_RLIMIT_CPU },
	{ "nofile", "Max open files", RLIMIT_NOFILE, OP_RLIMIT_FILES },
	{ "fsize", "Max file size", RLIMIT_FSIZE, OP_RLIMIT_FILE_SIZE },
	{ "nproc", "Max processes", RLIMIT_NPROC, OP_RLIMIT_TASKS },
	{ "data", "Max data size", RLIMIT_DATA, OP_RLIMIT_DATA },
	{ "core", "Max core file size", RLIMIT_CORE, OP_RLIMIT_CORE },
};

static const char *read_text(const struct view *view, int proc, const char *path)
{
	char text[8192];

	if (proc < 0 || fd_read_small_at(proc, path, text, sizeof(text)) < 0)
		return "";
	return arena_strdup(view->arena, text);
}

static rlim_t limit_number(const char *word)
{
	return str_has_prefix(word, "unlimited") ? RLIM_INFINITY
						 : strtoull(word, NULL, 10);
}

/* By prlimit, which is cheap and needs CAP_SYS_RESOURCE for another uid; else from the text. */
static void read_limits(struct view *view)
{
	const char *text = NULL;

	for (size_t i = 0; i < SEEN_LIMITS; i++) {
		char soft[32], hard[32];
		const char *line;

		view->limit_seen[i] =
			kernel_prlimit(view->spawn->script, seen_limits[i].resource,
				       &view->limits[i]) == 0;
		if (view->limit_seen[i])
			continue;
		text = text ? text : read_text(view, view->proc, "limits");
		line = strstr(text, seen_limits[i].line);
		if (!line || sscanf(line + strlen(seen_limits[i].line), " %31s %31s",
				    soft, hard) != 2)
			continue;
		view->limit_seen[i] = true;
		view->limits[i] =
			(struct rlimit){ limit_number(soft), limit_number(hard) };
	}
}

static void read_descriptors(struct view *view)
{
	int fd = view->proc < 0
			 ? -1
			 : openat(view->proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	owned_dir DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	for (struct dirent *entry = list ? readdir(list) : NULL; entry;
	     entry = readdir(list)) {
		size_t at = view->descriptor_count;
		char path[NAME_MAX + 16], text[512];
		const char *flags;

		if (entry->d_name[0] == '.' || at == ARRAY_SIZE(view->descriptors))
			continue;
		(void)snprintf(path, sizeof(path), "fdinfo/%s", entry->d_name);
		view->descriptors[at] = (unsigned int)strtoul(entry->d_name, NULL, 10);
		view->descriptor_open[at] = true;
		/* 0, 1 and 2 are meant to stay; of every other one it has to be seen. */
		flags = view->descriptors[at] > 2 &&
					fd_read_small_at(view->proc, path, text,
							 sizeof(text)) > 0
				? strstr(text, "flags:")
				: NULL;
		if (flags)
			view->descriptor_open[at] =
				!(strtoul(flags + 6, NULL, 8) & O_CLOEXEC);
		else if (view->descriptors[at] > 2)
			view->descriptors_unsure = true;
		view->descriptor_count++;
	}
}

static int open_process(pid_t pid)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void read_namespaces(int proc, uint64_t *inodes)
{
	for (unsigned int i = 0; i < SEEN_NAMESPACES; i++)
		inodes[i] = namespace_inode_at(proc, seen_namespace_names[i]);
}

static void read_maps(struct view *view)
{
	view->uid_map = read_text(view, view->init, "uid_map");
	view->gid_map = read_text(view, view->init, "gid_map");
}

/* Number behind a name in the text of /proc/PID/status; false: it is not there. */
static bool read_number(const char *text, const char *name, int base, uint64_t *ret)
{
	const char *at = strstr(text, name);

	if (at)
		*ret = strtoull(at + strlen(name), NULL, base);
	return at;
}

/* Filters on ourselves and signals that we ignore: what we start has them too. */
static void read_own_status(struct view *view, int self)
{
	uint64_t filters, ignored, caught;
	char text[4096];

	view->own_filters = ULONG_MAX;
	view->own_signals = UINT64_MAX;
	if (fd_read_small_at(self, "status", text, sizeof(text)) < 0)
		return;
	if (read_number(text, "\nSeccomp_filters:", 10, &filters))
		view->own_filters = (unsigned long)filters;
	/* Older kernels do not tell the number. */
	else if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_DISABLED)
		view->own_filters = 0;
	if (read_number(text, "\nSigIgn:", 16, &ignored) &&
	    read_number(text, "\nSigCgt:", 16, &caught))
		view->own_signals = ignored | caught;
}

void verify_look_outside(struct view *view)
{
	owned_fd int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);

	read_namespaces(self, view->outside);
	read_own_status(view, self);
	view->own_keyring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				    KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
}

static void read_groups(struct view *view)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		view->group_limits[i] = groups_limit(&view->spawn->groups, i);
}

uint64_t verify_limit(const struct view *view, enum op op)
{
	if (!plan_find(view->spawn->plan, op))
		return 0;
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		if (groups_op(i) == op)
			return view->group_limits[i];
	for (size_t i = 0; i < SEEN_LIMITS; i++)
		if (seen_limits[i].op == op && view->limit_seen[i])
			return view->limits[i].rlim_cur;
	return 0;
}

/* While the process can be looked into; what is in it is read once the tree is gone. */
static void open_writable(struct view *view)
{
	const struct step *scratch = plan_find(view->spawn->plan, OP_SCRATCH);
	char path[64];

	view->writable = -1;
	if (!view->account || !scratch || view->proc < 0)
		return;
	(void)snprintf(path, sizeof(path), "root%.48s", scratch->path);
	view->writable = openat(view->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void verify_read_usage(const struct view *view, struct usage *usage)
{
	struct statfs status;

	if (view->writable < 0 || fstatfs(view->writable, &status) < 0 ||
	    status.f_type != TMPFS_MAGIC)
		return;
	usage->scratch_bytes =
		(uint64_t)(status.f_blocks - status.f_bfree) * (uint64_t)status.f_bsize;
	usage->scratch_source = "tmpfs, at the end";
}

/* What init and the script's process share, when both are in the same namespaces. */
void verify_look_at_init(struct view *view)
{
	/* A child that came as far and failed is no witness for the one that comes after it. */
	verify_done(view);
	view->mount_count = 0;
	view->init = open_process(view->spawn->init);
	view->init_user = namespace_inode_at(view->init, "user");
	view->init_mounts = namespace_inode_at(view->init, "mnt");
	read_maps(view);
	verify_read_mounts(view, view->init);
	read_groups(view);
}

/* What was read of init is of no use for a process that is somewhere else. */
static void forget_others(struct view *view)
{
	if (!view->init_user || view->init_user != view->inside[SEEN_USER])
		view->uid_map = view->gid_map = "";
	if (!view->init_mounts || view->init_mounts != view->inside[SEEN_MOUNTS])
		view->mount_count = 0;
}

void verify_look(struct view *view)
{
	view->proc = open_process(view->spawn->script);
	read_namespaces(view->proc, view->inside);
	forget_others(view);
	view->cgroup = read_text(view, view->proc, "cgroup");
	view->status = read_text(view, view->proc, "status");
	read_limits(view);
	view->session = getsid(view->spawn->script);
	read_descriptors(view);
	open_writable(view);
}

void verify_done(struct view *view)
{
	own_close_fd(&view->proc);
	own_close_fd(&view->init);
	own_close_fd(&view->writable);
}

const char *view_status(const struct view *view, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = view->status; line && *line;) {
		const char *end = strchrnul(line, '\n');

		if (!strncmp(line, name, length) && line[length] == ':') {
			const char *value = line + length + 1;

			value += strspn(value, " \t");
			while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
				end--;
			return arena_strndup(view->arena, value, (size_t)(end - value));
		}
		line = *end ? end + 1 : NULL;
	}
	return "";
}
