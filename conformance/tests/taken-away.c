/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take-away - takes a layer away from whatever it starts, and from nothing else
 *
 *   take-away quota CMD ARG…    in a user namespace of its own, of which no namespace may be made
 *   take-away filter CMD ARG…   under a filter that refuses unshare, setns, clone with CLONE_NEW*
 *   take-away cgroups CMD ARG…  in a mount namespace in which no cgroup hierarchy is mounted
 *
 * The command keeps its uid. A quota is written only where the user namespace was seen to be
 * another one than before: sysctl(8) user.* belong to the writer's. Source: namespaces(7)
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	(void)fprintf(stderr, "take-away: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    close(fd) < 0)
		fail(path);
}

static ino_t user_namespace(void)
{
	struct stat status;

	if (stat("/proc/self/ns/user", &status) < 0)
		fail("/proc/self/ns/user");
	return status.st_ino;
}

static void write_map(pid_t pid, const char *file, unsigned int id)
{
	char path[64], line[64];

	(void)snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	(void)snprintf(line, sizeof(line), "%u %u %u", id, id, id ? 1 : UINT32_MAX);
	write_file(path, line);
}

/* Every id onto itself, as root: only from outside may that be written, hence the second process.
 * Else one's own, which is all that may be mapped. */
static void map_from_outside(pid_t pid, int ready, unsigned int uid, unsigned int gid)
{
	char byte;

	if (read(ready, &byte, 1) != 1) /* the other one failed, and says so itself */
		_exit(99);
	write_map(pid, "uid_map", uid);
	write_map(pid, "gid_map", gid);
	_exit(0);
}

/* False: none can be made here at all, so that there is nothing left to take away. */
static bool enter_user_namespace(int extra)
{
	unsigned int uid = geteuid(), gid = getegid();
	ino_t before = user_namespace();
	pid_t self = getpid(), mapper;
	int ready[2], status = -1;

	if (pipe2(ready, O_CLOEXEC) < 0)
		fail("pipe");
	mapper = uid ? -1 : fork();
	if (mapper == 0) {
		(void)close(ready[1]);
		map_from_outside(self, ready[0], uid, gid);
	}
	if (unshare(CLONE_NEWUSER | extra) < 0)
		return false;
	if (user_namespace() == before)
		fail("still in the same user namespace");
	if (uid) {
		write_file("/proc/self/setgroups", "deny");
		write_map(self, "uid_map", uid);
		write_map(self, "gid_map", gid);
		return true;
	}
	if (mapper < 0 || write(ready[1], "", 1) != 1 ||
	    waitpid(mapper, &status, 0) != mapper || status != 0)
		fail("mapping ids");
	return true;
}

static void take_quota(void)
{
	static const char *const kinds[] = { "mnt", "pid",    "net", "ipc",
					     "uts", "cgroup", "user" };
	char path[64];

	if (!enter_user_namespace(0))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		(void)snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces",
			       kinds[i]);
		write_file(path, "0");
	}
}

static void take_filter(void)
{
	const uint32_t any = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET |
			     CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 6, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, any, 0, 2),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(rows) / sizeof(rows[0]), rows };

	/* As root the bit stays as it was, or the suite would see another subject. */
	if (geteuid() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail("no_new_privs");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		fail("seccomp");
}

static void hide_cgroups(void)
{
	bool apart =
		geteuid() ? enter_user_namespace(CLONE_NEWNS) : unshare(CLONE_NEWNS) == 0;

	if (!apart)
		return;
	/* Whoever may not mount at all has nothing hidden from it: the caller will see that. */
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	/* Covered, for in a user namespace what came with it cannot be taken off. */
	if (mount("none", "/sys/fs/cgroup", "tmpfs", MS_RDONLY, "size=4k") < 0)
		fail("/sys/fs/cgroup");
}

static const struct {
	const char *name;
	void (*take)(void);
} layers[] = {
	{ "quota", take_quota },
	{ "filter", take_filter },
	{ "cgroups", hide_cgroups },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 2 && i < sizeof(layers) / sizeof(layers[0]); i++) {
		if (strcmp(argv[1], layers[i].name) != 0)
			continue;
		layers[i].take();
		(void)execv(argv[2], argv + 2);
		fail(argv[2]);
	}
	(void)fprintf(stderr,
		      "usage: take-away quota|filter|cgroups /PATH/OF/COMMAND …\n");
	return 99;
}
