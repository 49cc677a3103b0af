/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take-away - takes a layer away from whatever it starts, and from nothing else
 *
 *   take-away quota CMD ARG…    in a user namespace of its own, of which no namespace may be made
 *   take-away filter CMD ARG…   under a filter that refuses unshare, setns, clone with CLONE_NEW*
 *   take-away cgroups CMD ARG…  in a mount namespace in which no cgroup hierarchy is mounted
 *   take-away users CMD ARG…    in a user namespace of its own, of which no other may be made
 *   take-away landlock CMD ARG… under a filter that knows no call of Landlock
 *   take-away ipv6 CMD ARG…     under a filter that knows no IPv6 sockets
 *   take-away writing CMD ARG…  in a mount namespace in which all is read-only but /tmp, /run, /dev, /proc and /sys
 *   take-away dash|bash|busybox CMD ARG…  in a mount namespace in which that is /bin/sh
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
#include <sys/socket.h>
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

static void install(struct sock_filter *rows, size_t count)
{
	struct sock_fprog program = { (unsigned short)count, rows };

	/* As root the bit stays as it was, or the suite would see another subject. */
	if (geteuid() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail("no_new_privs");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		fail("seccomp");
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

	install(rows, sizeof(rows) / sizeof(rows[0]));
}

static void take_users(void)
{
	if (enter_user_namespace(0))
		write_file("/proc/sys/user/max_user_namespaces", "0");
}

/* landlock_create_ruleset, _add_rule, _restrict_self: 444 to 446 on every kind of machine. */
static void take_landlock(void)
{
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 444, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 446, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	install(rows, sizeof(rows) / sizeof(rows[0]));
}

/* As a kernel that was started with ipv6.disable=1: Documentation/networking/ipv6.rst. */
static void take_ipv6(void)
{
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	install(rows, sizeof(rows) / sizeof(rows[0]));
}

/* False: it may not mount at all, so that nothing is taken from it, which the caller will see. */
static bool enter_mount_namespace(void)
{
	bool apart =
		geteuid() ? enter_user_namespace(CLONE_NEWNS) : unshare(CLONE_NEWNS) == 0;

	return apart && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static void take_writing(void)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	static const char *const kept[] = { "/tmp", "/dev", "/proc", "/sys", "/run" };
	int trees[5];

	if (!enter_mount_namespace())
		return;
	for (size_t i = 0; i < 5; i++)
		trees[i] =
			(int)syscall(SYS_open_tree, AT_FDCWD, kept[i],
				     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes,
		    sizeof(attributes)) < 0)
		fail("read-only");
	for (size_t i = 0; i < 5; i++)
		if (trees[i] < 0 || syscall(SYS_move_mount, trees[i], "", AT_FDCWD,
					    kept[i], MOVE_MOUNT_F_EMPTY_PATH) < 0)
			fail(kept[i]);
}

static void put_shell(const char *name)
{
	static const char *const places[] = { "/bin", "/usr/bin" };
	char path[64];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", places[i], name);
		if (access(path, X_OK) < 0)
			continue;
		/* What /bin/sh is a link to is covered: dash itself then, for itself. */
		if (enter_mount_namespace() &&
		    mount(path, "/bin/sh", NULL, MS_BIND, NULL) < 0)
			fail(path);
		return;
	}
	fail(name);
}

static void put_dash(void)
{
	put_shell("dash");
}

static void put_bash(void)
{
	put_shell("bash");
}

static void put_busybox(void)
{
	put_shell("busybox");
}

static void hide_cgroups(void)
{
	if (!enter_mount_namespace())
		return;
	/* Covered, for in a user namespace what came with it cannot be taken off. */
	if (mount("none", "/sys/fs/cgroup", "tmpfs", MS_RDONLY, "size=4k") < 0)
		fail("/sys/fs/cgroup");
}

static const struct {
	const char *name;
	void (*take)(void);
} layers[] = {
	{ "quota", take_quota },       { "filter", take_filter },
	{ "cgroups", hide_cgroups },   { "users", take_users },
	{ "landlock", take_landlock }, { "ipv6", take_ipv6 },
	{ "writing", take_writing },   { "dash", put_dash },
	{ "bash", put_bash },          { "busybox", put_busybox },
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
	(void)fprintf(stderr, "usage: take-away LAYER /PATH/OF/COMMAND …\n");
	return 99;
}
