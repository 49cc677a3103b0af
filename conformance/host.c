/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and tries; nothing stays behind. A namespace is tried in a child, because a sysctl or a
 * version number only says what somebody once intended.
 */
#include "conformance/host.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SMALL_FILE_BYTES = 4096,
	LANDLOCK_VERSION_QUESTION = 1U, /* LANDLOCK_CREATE_RULESET_VERSION, landlock(7) */
	MOUNTS_MAX_BYTES = 4 << 20,
	SYS_LSM_LIST_MODULES = 461, /* the same number on every architecture */
	MODULES_MAX = 64,
};

static const char unknown[] = "unknown";

/* First line of a small file, or "unknown". */
static const char *first_line(struct arena *arena, const char *path)
{
	char text[SMALL_FILE_BYTES];
	ssize_t count = fd_read_small_at(AT_FDCWD, path, text, sizeof(text));

	if (count <= 0)
		return unknown;
	text[strcspn(text, "\n")] = '\0';
	return arena_strdup(arena, text);
}

/* Ids of lsm_list_modules(2), Linux 6.8; uapi/linux/lsm.h. */
static const struct {
	uint64_t id;
	const char *name;
} modules[] = {
	{ 100, "capability" }, { 101, "selinux" },   { 102, "smack" },
	{ 103, "tomoyo" },     { 104, "apparmor" },  { 105, "yama" },
	{ 106, "loadpin" },    { 107, "safesetid" }, { 108, "lockdown" },
	{ 109, "bpf" },        { 110, "landlock" },  { 111, "ima" },
	{ 112, "evm" },        { 113, "ipe" },
};

static void add_module(struct str *list, uint64_t id)
{
	const char *comma = list->length ? "," : "";

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (modules[i].id == id) {
			str_addf(list, "%s%s", comma, modules[i].name);
			return;
		}
	str_addf(list, "%s%llu", comma, (unsigned long long)id);
}

/* As securityfs lists them; where that is not mounted, as the kernel does when asked. */
static const char *security_modules(struct arena *arena)
{
	const char *listed = first_line(arena, "/sys/kernel/security/lsm");
	owned_str struct str list = { 0 };
	uint64_t ids[MODULES_MAX];
	uint32_t bytes = sizeof(ids);
	long count;

	if (listed != unknown)
		return listed;
	count = syscall(SYS_LSM_LIST_MODULES, ids, &bytes, 0U);
	for (long i = 0; i < count && i < MODULES_MAX; i++)
		add_module(&list, ids[i]);
	return list.length ? arena_strdup(arena, str_text(&list)) : unknown;
}

static const char *os_name(struct arena *arena)
{
	static const char key[] = "PRETTY_NAME=";
	char text[SMALL_FILE_BYTES];
	ssize_t count = fd_read_small_at(AT_FDCWD, "/etc/os-release", text, sizeof(text));
	char *rest = text, *line;

	while (count > 0 && (line = strsep(&rest, "\n")) != NULL) {
		if (!str_has_prefix(line, key))
			continue;
		line += sizeof(key) - 1;
		line += *line == '"' || *line == '\'';
		line[strcspn(line, "\"'")] = '\0';
		return arena_strdup(arena, line);
	}
	return unknown;
}

static void add_controllers(struct str *v1, const char *options)
{
	static const char *const controllers[] = { "cpu",     "cpuacct", "cpuset",
						   "memory",  "pids",    "blkio",
						   "devices", "freezer", "hugetlb",
						   NULL };

	for (const char *const *name = controllers; *name; name++) {
		size_t length = strlen(*name);

		for (const char *at = options; (at = strstr(at, *name)) != NULL; at++)
			if ((at == options || at[-1] == ',') &&
			    (!at[length] || at[length] == ','))
				str_addf(v1, " %s", *name);
	}
}

/* "v1 memory pids; v2 hugetlb": which hierarchies are mounted, with what in them. */
static const char *cgroup_text(struct arena *arena)
{
	owned_str struct str mounts = { 0 };
	owned_str struct str v1 = { 0 };
	owned_str struct str v2 = { 0 };
	struct err ignored = { 0 };
	char *rest, *line;

	if (fd_read_file("/proc/self/mounts", MOUNTS_MAX_BYTES, &mounts, &ignored) < 0)
		return unknown;
	rest = mounts.text;
	while (rest && (line = strsep(&rest, "\n")) != NULL) {
		const char *device = strsep(&line, " "), *at = strsep(&line, " ");
		const char *type = strsep(&line, " "), *options = strsep(&line, " ");

		if (!device || !options)
			continue;
		if (strcmp(type, "cgroup") == 0)
			add_controllers(&v1, options);
		if (strcmp(type, "cgroup2") == 0 && !v2.length) {
			const char *path =
				arena_printf(arena, "%s/cgroup.controllers", at);
			const char *controllers = first_line(arena, path);

			str_addf(&v2, "v2 %s",
				 controllers[0] ? controllers : "without any");
		}
	}
	if (!v1.length && !v2.length)
		return "none";
	return arena_printf(arena, "%s%s%s%s", v1.length ? "v1" : "", str_text(&v1),
			    v1.length && v2.length ? "; " : "", str_text(&v2));
}

static bool try_user_namespace(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER) == 0 ? 0 : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void host_measure(struct arena *arena, struct host_facts *facts)
{
	struct utsname name;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			   LANDLOCK_VERSION_QUESTION);

	*facts = (struct host_facts){
		.hostname = unknown,
		.kernel = unknown,
		.machine = unknown,
		.os = os_name(arena),
		.lsm = security_modules(arena),
		.cgroup = cgroup_text(arena),
		.landlock_abi = abi > 0 ? (int)abi : 0,
		.user_namespaces = try_user_namespace(),
	};
	if (uname(&name) == 0) {
		facts->hostname = arena_strdup(arena, name.nodename);
		facts->kernel = arena_strdup(arena, name.release);
		facts->machine = arena_strdup(arena, name.machine);
	}
}
