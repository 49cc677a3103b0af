/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small filters by hand, one a facility. Only the native architecture is filtered: a launcher that changes
 * the ABI to get around its own host is none that we can judge.
 */
#include "conformance/handicap.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#define NUMBER         offsetof(struct seccomp_data, nr)
#define FIRST_ARGUMENT offsetof(struct seccomp_data, args)
#define ARGUMENT(i)    (FIRST_ARGUMENT + (i) * sizeof(uint64_t))
#define LOAD(offset)   BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define FAIL(error)    ANSWER(SECCOMP_RET_ERRNO | (error))
#define ALLOW          ANSWER(SECCOMP_RET_ALLOW)
/* One call refused: skips its answer when the number is another. */
#define REFUSE(call, error)                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(call), 0, 1), FAIL(error)

#define ANY_NAMESPACE                                                                    \
	(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC |      \
	 CLONE_NEWUTS | CLONE_NEWCGROUP)

/* The flags of clone are in the low half of its first argument on every little-endian ABI. */
static struct sock_filter namespaces[] = {
	LOAD(NUMBER),
	REFUSE(SYS_unshare, EPERM),
	REFUSE(SYS_setns, EPERM),
	REFUSE(SYS_clone3,
	       ENOSYS), /* its flags cannot be looked at: fall back to clone */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 1, 0),
	ALLOW,
	LOAD(FIRST_ARGUMENT),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (uint32_t)ANY_NAMESPACE, 0, 1),
	FAIL(EPERM),
	ALLOW,
};

static struct sock_filter mounts[] = {
	LOAD(NUMBER),
	REFUSE(SYS_mount, EPERM),
	REFUSE(SYS_umount2, EPERM),
	REFUSE(SYS_pivot_root, EPERM),
	REFUSE(SYS_open_tree, EPERM),
	REFUSE(SYS_move_mount, EPERM),
	REFUSE(SYS_fsopen, EPERM),
	REFUSE(SYS_fsmount, EPERM),
	REFUSE(SYS_mount_setattr, EPERM),
	ALLOW,
};

/* Allows whatever is not this call. */
#define ONLY(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(call), 1, 0), ALLOW

static struct sock_filter identity[] = {
	LOAD(NUMBER),
	REFUSE(SYS_setuid, EPERM),
	REFUSE(SYS_setgid, EPERM),
	REFUSE(SYS_setreuid, EPERM),
	REFUSE(SYS_setregid, EPERM),
	REFUSE(SYS_setresuid, EPERM),
	REFUSE(SYS_setresgid, EPERM),
	REFUSE(SYS_setgroups, EPERM),
	ALLOW,
};

static struct sock_filter no_new_privs[] = {
	LOAD(NUMBER),
	ONLY(SYS_prctl),
	LOAD(FIRST_ARGUMENT),
	REFUSE(PR_SET_NO_NEW_PRIVS, EPERM),
	ALLOW,
};

static struct sock_filter capabilities[] = {
	LOAD(NUMBER),         REFUSE(SYS_capset, EPERM),      ONLY(SYS_prctl),
	LOAD(FIRST_ARGUMENT), REFUSE(PR_CAPBSET_DROP, EPERM), ALLOW,
};

static struct sock_filter filters[] = {
	LOAD(NUMBER),         REFUSE(SYS_seccomp, EPERM),    ONLY(SYS_prctl),
	LOAD(FIRST_ARGUMENT), REFUSE(PR_SET_SECCOMP, EPERM), ALLOW,
};

/* prlimit64 with a third argument sets; without one it asks, and that may go on. */
static struct sock_filter limits[] = {
	LOAD(NUMBER),
	REFUSE(SYS_setrlimit, EPERM),
	ONLY(SYS_prlimit64),
	LOAD(ARGUMENT(2)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
	FAIL(EPERM),
	LOAD(ARGUMENT(2) + sizeof(uint32_t)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
	FAIL(EPERM),
	ALLOW,
};

static struct sock_filter descriptors[] = {
	LOAD(NUMBER),
	REFUSE(SYS_close_range, ENOSYS),
	ALLOW,
};

static struct sock_filter pivot[] = {
	LOAD(NUMBER),
	REFUSE(SYS_pivot_root, EPERM),
	REFUSE(SYS_chroot, EPERM),
	ALLOW,
};

/* What makes a mount read-only once it is there. */
static struct sock_filter remount[] = {
	LOAD(NUMBER),
	REFUSE(SYS_mount_setattr, EPERM),
	ONLY(SYS_mount),
	LOAD(ARGUMENT(3)),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MS_REMOUNT, 0, 1),
	FAIL(EPERM),
	ALLOW,
};

static const struct {
	const char *name;
	struct sock_fprog program;
} handicaps[] = {
	{ "namespaces", { ARRAY_SIZE(namespaces), namespaces } },
	{ "mounts", { ARRAY_SIZE(mounts), mounts } },
	{ "identity", { ARRAY_SIZE(identity), identity } },
	{ "no-new-privs", { ARRAY_SIZE(no_new_privs), no_new_privs } },
	{ "capabilities", { ARRAY_SIZE(capabilities), capabilities } },
	{ "filters", { ARRAY_SIZE(filters), filters } },
	{ "limits", { ARRAY_SIZE(limits), limits } },
	{ "descriptors", { ARRAY_SIZE(descriptors), descriptors } },
	{ "pivot", { ARRAY_SIZE(pivot), pivot } },
	{ "remount", { ARRAY_SIZE(remount), remount } },
};

static const struct sock_fprog *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(handicaps); i++)
		if (str_equal(handicaps[i].name, name))
			return &handicaps[i].program;
	return NULL;
}

bool handicap_exists(const char *name)
{
	return find(name) != NULL;
}

int handicap_apply(const char *name)
{
	const struct sock_fprog *program = find(name);

	if (!program) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program);
}
