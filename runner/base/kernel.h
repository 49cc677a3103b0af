/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * kernel - calls and constants newer than the build host's headers (Debian 12), in one place
 *
 * Thin wrappers: they return what the system call returns, errno set. Usable between clone and
 * exec (no allocation, no state).
 */
#ifndef BASE_KERNEL_H
#define BASE_KERNEL_H

#include <assert.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* struct clone_args of clone3(2), all 11 fields. */
struct kernel_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};

static inline pid_t kernel_clone3(struct kernel_clone_args *args)
{
	return (pid_t)syscall(SYS_clone3, args, sizeof(*args));
}

/* Effective, in our own user namespace; false also where the kernel does not tell. */
static inline bool kernel_has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) == 0 &&
	       data[capability / 32].effective >> capability % 32 & 1;
}

/* From where the file is; EAGAIN where nothing is there, EOPNOTSUPP where that cannot be told (Linux 4.14). */
static inline ssize_t kernel_read_now(int fd, const struct iovec *vector)
{
	return syscall(SYS_preadv2, fd, vector, 1, -1L, -1L, 8 /* RWF_NOWAIT */);
}

static inline int kernel_openat2(int dir, const char *path, const struct open_how *how)
{
	return (int)syscall(SYS_openat2, dir, path, how, sizeof(*how));
}

static inline int kernel_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

/* linux/mount.h and glibc 2.36's sys/mount.h define the same enums: only the first is used. */
#define KERNEL_MNT_DETACH 2

static inline int kernel_mount(const char *source, const char *target, const char *type,
			       unsigned long flags, const void *data)
{
	return (int)syscall(SYS_mount, source, target, type, flags, data);
}

static inline int kernel_umount2(const char *target, int flags)
{
	return (int)syscall(SYS_umount2, target, flags);
}

static inline int kernel_open_tree(int dir, const char *path, unsigned int flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static inline int kernel_move_mount(int from, const char *from_path, int to,
				    const char *to_path, unsigned int flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

static inline int kernel_fsopen(const char *type)
{
	return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

static inline int kernel_fsconfig(int fs, unsigned int command, const char *key,
				  const void *value)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, 0);
}

static inline int kernel_fsmount(int fs, unsigned int attributes)
{
	return (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
}

static inline int kernel_mount_setattr(int dir, const char *path, unsigned int flags,
				       struct mount_attr *attributes)
{
	return (int)syscall(SYS_mount_setattr, dir, path, flags, attributes,
			    sizeof(*attributes));
}

/* Landlock: linux/landlock.h of the build host ends with ABI 2, that of musl has none. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif
#define KERNEL_LANDLOCK_EXECUTE           UINT64_C(0x1)
#define KERNEL_LANDLOCK_WRITE_FILE        UINT64_C(0x2)
#define KERNEL_LANDLOCK_READ_FILE         UINT64_C(0x4)
#define KERNEL_LANDLOCK_READ_DIR          UINT64_C(0x8)
#define KERNEL_LANDLOCK_MAKE_CHAR         UINT64_C(0x40)
#define KERNEL_LANDLOCK_MAKE_BLOCK        UINT64_C(0x800)
#define KERNEL_LANDLOCK_FIRST             UINT64_C(0x1fff) /* all of ABI 1 */
#define KERNEL_LANDLOCK_REFER             UINT64_C(0x2000)
#define KERNEL_LANDLOCK_TRUNCATE          UINT64_C(0x4000)
#define KERNEL_LANDLOCK_IOCTL_DEV         UINT64_C(0x8000)
#define KERNEL_LANDLOCK_BIND_TCP          UINT64_C(0x1)
#define KERNEL_LANDLOCK_CONNECT_TCP       UINT64_C(0x2)
#define KERNEL_LANDLOCK_SCOPE_ABSTRACT    UINT64_C(0x1)
#define KERNEL_LANDLOCK_SCOPE_SIGNAL      UINT64_C(0x2)
#define KERNEL_LANDLOCK_CREATE_VERSION    1U
#define KERNEL_LANDLOCK_RULE_PATH         1
#define KERNEL_LANDLOCK_LOG_SAME_EXEC_OFF 1U
#define KERNEL_LANDLOCK_ABI_LOG           7 /* from here on restrict_self knows flags */

/* struct landlock_ruleset_attr: an older kernel takes the longer form while its end is 0. */
struct kernel_landlock_ruleset {
	uint64_t files, tcp, scopes;
};

/* struct landlock_path_beneath_attr. */
struct kernel_landlock_path {
	uint64_t allowed;
	int32_t parent; /* a descriptor */
} __attribute__((packed));

static inline int kernel_landlock_create(const struct kernel_landlock_ruleset *attributes,
					 size_t size, uint32_t flags)
{
	return (int)syscall(SYS_landlock_create_ruleset, attributes, size, flags);
}

static inline int kernel_landlock_allow(int ruleset,
					const struct kernel_landlock_path *rule)
{
	return (int)syscall(SYS_landlock_add_rule, ruleset, KERNEL_LANDLOCK_RULE_PATH,
			    rule, 0);
}

static inline int kernel_landlock_restrict(int ruleset, uint32_t flags)
{
	return (int)syscall(SYS_landlock_restrict_self, ruleset, flags);
}

static inline int kernel_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline int kernel_pidfd_send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif
/* Not every libc has it. Where the file is (-1, in both halves of the offset). */
static inline ssize_t kernel_pwritev2(int fd, const struct iovec *vectors, long count,
				      long flags)
{
	return syscall(SYS_pwritev2, (long)fd, vectors, count, -1L, -1L, flags);
}

/* prlimit(2), to read: libcs do not agree on the type of a resource. */
static inline int kernel_prlimit(pid_t pid, int resource, struct rlimit *ret)
{
	static_assert(sizeof(struct rlimit) == 2 * sizeof(uint64_t), "the kernel's");
	return (int)syscall(SYS_prlimit64, (long)pid, (long)resource, NULL, ret);
}

#endif
