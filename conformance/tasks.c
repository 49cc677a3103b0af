/* SPDX-License-Identifier: Apache-2.0 */
/* Files of /proc come and go between two calls: what cannot be read any more is not there. */
#include "conformance/tasks.h"
#include "runner/base/fd.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TEXT_MAX = 1 << 20,
};

static ssize_t read_of(int proc, pid_t pid, const char *file, char *text, size_t size)
{
	char path[48];

	(void)snprintf(path, sizeof(path), "%d/%s", pid, file);
	return fd_read_small_at(proc, path, text, size);
}

/* Threads of a process that is alive, else 0. The state stands after the last parenthesis, as the name
 * in front may hold anything, and the number of threads 17 fields further on: proc(5). */
static uint64_t threads_of(int proc, pid_t pid)
{
	char text[512];
	const char *at;

	if (read_of(proc, pid, "stat", text, sizeof(text)) <= 0)
		return 0;
	at = strrchr(text, ')');
	if (!at || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X')
		return 0;
	at += 2;
	for (unsigned int field = 0; field < 17 && at; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 1;
}

static uint64_t resident_of(int proc, pid_t pid)
{
	static long page;
	char text[128];
	const char *second;

	if (!page)
		page = sysconf(_SC_PAGESIZE);
	if (read_of(proc, pid, "statm", text, sizeof(text)) <= 0)
		return 0;
	second = strchr(text, ' ');
	return second ? strtoull(second + 1, NULL, 10) * (uint64_t)page : 0;
}

/* A directory stream of its own: the descriptor's offset is shared with whoever holds a copy. */
static DIR *open_again(int proc)
{
	int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static pid_t pid_of(const struct dirent *entry)
{
	if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
		return 0;
	return (pid_t)strtol(entry->d_name, NULL, 10);
}

int tasks_count(int proc, pid_t ours, bool with_memory, struct tasks *ret)
{
	owned_dir DIR *dir = open_again(proc);

	*ret = (struct tasks){ .threads = 0 };
	if (!dir)
		return -1;
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		pid_t pid = pid_of(entry);
		uint64_t threads = pid <= 1 || pid == ours ? 0 : threads_of(proc, pid);

		ret->threads += threads;
		if (threads && with_memory)
			ret->resident += resident_of(proc, pid);
	}
	return 0;
}

uint64_t tasks_peak_memory(int proc, pid_t pid)
{
	char text[4096];
	const char *line;

	if (pid <= 0 || read_of(proc, pid, "status", text, sizeof(text)) <= 0)
		return 0;
	line = strstr(text, "\nVmHWM:");
	return line ? strtoull(line + strlen("\nVmHWM:"), NULL, 10) * 1024 : 0;
}

pid_t tasks_find_script(int proc, const char *script)
{
	static const char shell[] = "/bin/sh";
	owned_dir DIR *dir = open_again(proc);
	size_t length = strlen(script) + 1;
	char text[512];

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		pid_t pid = pid_of(entry);
		ssize_t count;

		if (pid <= 0)
			continue;
		count = read_of(proc, pid, "cmdline", text, sizeof(text));
		if (count > (ssize_t)(sizeof(shell) + length) &&
		    memcmp(text, shell, sizeof(shell)) == 0 &&
		    memcmp(text + sizeof(shell), script, length) == 0)
			return pid;
	}
	return 0;
}

static void read_text(int proc, pid_t pid, const char *file, struct str *ret)
{
	char path[48];
	owned_fd int fd = -1;
	struct err ignored; /* what cannot be read differs from what can */

	(void)snprintf(path, sizeof(path), "%d/%s", pid, file);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		(void)fd_read_all(fd, TEXT_MAX, ret, &ignored);
}

void tasks_inspect(int proc, pid_t pid, pid_t launcher, struct held *ret)
{
	ret->found = true;
	read_text(proc, pid, "mountinfo", &ret->mounts);
	read_text(proc, launcher, "mountinfo", &ret->launcher_mounts);
	read_text(proc, pid, "cgroup", &ret->groups);
	read_text(proc, launcher, "cgroup", &ret->launcher_groups);
	read_text(proc, pid, "uid_map", &ret->map);
}

uint64_t tasks_namespace(int proc, pid_t pid, const char *name)
{
	char path[32];
	owned_fd int process = -1;

	(void)snprintf(path, sizeof(path), "%d", pid);
	process = openat(proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return process < 0 ? 0 : namespace_inode_at(process, name);
}

void tasks_held_done(struct held *held)
{
	str_done(&held->mounts);
	str_done(&held->launcher_mounts);
	str_done(&held->groups);
	str_done(&held->launcher_groups);
	str_done(&held->map);
}
