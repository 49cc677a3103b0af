/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused - every system call that a script has no use for, each with arguments that lead nowhere:
 * the kernel's own answer is known, is the same for everybody, and changes nothing
 *
 * A call stands here only if that answer comes before the kernel asks for a capability: where the
 * first thing that it says is EPERM (reboot, swapoff, init_module …), a filter in front shows nothing.
 * Source of the orders: the entry of each call in Linux 6.18; attack.test.sh asks them bare.
 */
#include "probes/attack/attack.h"
#include "runner/base/names.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of the oldest build host, or of one kind of machine only. */
#ifndef SYS_fanotify_init
#define SYS_fanotify_init -1
#endif
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_modify_ldt
#define SYS_modify_ldt -1
#endif
#ifndef SYS_ioperm
#define SYS_ioperm -1
#endif
#ifndef SYS_iopl
#define SYS_iopl -1
#endif
#ifndef SYS_sysfs
#define SYS_sysfs -1
#endif
#ifndef SYS_ustat
#define SYS_ustat -1
#endif
#ifndef SYS_mknod
#define SYS_mknod -1
#endif

#define NOWHERE  1L          /* an address that nothing is mapped at */
#define NOBODY   0x7fffffffL /* above every pid: kernel.pid_max is 4194304 at most */
#define ODD      0x40000000L /* a flag that no call has */
#define ODDEST   0x80000000L
#define WORKS    0 /* the call goes through, and means nothing */
#define NO_CLOCK 99L
#define BAD_TYPE 15L /* above SOCK_MAX: nothing is looked for among the modules */

#define BAD_PROTOCOL 0x7fffL /* above IPPROTO_MAX: likewise */

#define FAN_REPORT_FID_  0x200L
#define USER_MODE_ONLY_  1L
#define PTRACE_SEIZE_    0x4206L
#define PR_SET_MM_       35L
#define NO_RANDOMISE_    0x0040000L
#define TIOCSTI_         0x5412L
#define TIOCLINUX_       0x541cL
#define AF_UNIX_OF_OTHER 2L /* AF_INET has no pairs */

static const struct {
	const char *group, *name;
	long number, arguments[6];
	int through; /* errno of the kernel itself */
} rows[] = {
	{ "mount", "chroot", SYS_chroot, { NOWHERE }, EFAULT },
	{ "mount", "fsconfig", SYS_fsconfig, { -1, 0, NOWHERE, 0, 0 }, EINVAL },
	{ "mount", "mount", SYS_mount, { NOWHERE, NOWHERE, NOWHERE, 0, 0 }, EFAULT },
	{ "mount",
	  "mount_setattr",
	  SYS_mount_setattr,
	  { -1, NOWHERE, ODDEST, 0, 0 },
	  EINVAL },
	{ "mount", "open_tree", SYS_open_tree, { -1, NOWHERE, ODD }, EINVAL },
	{ "mount", "umount2", SYS_umount2, { NOWHERE, ODD }, EINVAL },
	{ "mount", "setns", SYS_setns, { -1, 0 }, EBADF },
	{ "mount", "clone3", SYS_clone3, { 0, 0 }, EINVAL },
	{ "mount", "unshare", SYS_unshare, { CLONE_NEWUSER | 1L }, EINVAL },
	{ "mount", "clone", SYS_clone, { CLONE_NEWUSER | CLONE_FS | SIGCHLD }, EINVAL },

	{ "kernel", "io_uring_setup", SYS_io_uring_setup, { 1, NOWHERE }, EFAULT },
	{ "kernel", "io_uring_enter", SYS_io_uring_enter, { -1, 0, 0, 0, 0, 0 }, EBADF },
	{ "kernel", "io_uring_register", SYS_io_uring_register, { -2, 0, 0, 0 }, EBADF },
	{ "kernel", "bpf", SYS_bpf, { 0xffff, 0, 0 }, EINVAL },
	{ "kernel",
	  "perf_event_open",
	  SYS_perf_event_open,
	  { NOWHERE, 0, -1, -1, 0 },
	  EFAULT },
	{ "kernel", "userfaultfd", SYS_userfaultfd, { USER_MODE_ONLY_ | ODD }, EINVAL },
	{ "kernel", "keyctl", SYS_keyctl, { 9999, 0, 0, 0, 0 }, EOPNOTSUPP },
	{ "kernel", "add_key", SYS_add_key, { NOWHERE, NOWHERE, 0, 0, 0 }, EFAULT },
	{ "kernel", "request_key", SYS_request_key, { NOWHERE, NOWHERE, 0, 0 }, EFAULT },

	{ "socket", "socket", SYS_socket, { 2, BAD_TYPE, 0 }, EINVAL },
	{ "socket", "socket", SYS_socket, { 2, 1, BAD_PROTOCOL }, EINVAL },
	{ "socket",
	  "socketpair",
	  SYS_socketpair,
	  { AF_UNIX_OF_OTHER, 1, 0, NOWHERE },
	  EFAULT },
	{ "socket", "ioctl", SYS_ioctl, { -1, TIOCSTI_, 0 }, EBADF },
	{ "socket", "ioctl", SYS_ioctl, { -1, TIOCLINUX_, 0 }, EBADF },

	/* All that there are but unix, IPv4, IPv6 and netlink: linux/socket.h. The type is looked at first. */
	{ "family", "ax25", SYS_socket, { 3, BAD_TYPE, 0 }, EINVAL },
	{ "family", "ipx", SYS_socket, { 4, BAD_TYPE, 0 }, EINVAL },
	{ "family", "appletalk", SYS_socket, { 5, BAD_TYPE, 0 }, EINVAL },
	{ "family", "netrom", SYS_socket, { 6, BAD_TYPE, 0 }, EINVAL },
	{ "family", "bridge", SYS_socket, { 7, BAD_TYPE, 0 }, EINVAL },
	{ "family", "atmpvc", SYS_socket, { 8, BAD_TYPE, 0 }, EINVAL },
	{ "family", "x25", SYS_socket, { 9, BAD_TYPE, 0 }, EINVAL },
	{ "family", "rose", SYS_socket, { 11, BAD_TYPE, 0 }, EINVAL },
	{ "family", "decnet", SYS_socket, { 12, BAD_TYPE, 0 }, EINVAL },
	{ "family", "netbeui", SYS_socket, { 13, BAD_TYPE, 0 }, EINVAL },
	{ "family", "security", SYS_socket, { 14, BAD_TYPE, 0 }, EINVAL },
	{ "family", "key", SYS_socket, { 15, BAD_TYPE, 0 }, EINVAL },
	{ "family", "packet", SYS_socket, { 17, BAD_TYPE, 0 }, EINVAL },
	{ "family", "ash", SYS_socket, { 18, BAD_TYPE, 0 }, EINVAL },
	{ "family", "econet", SYS_socket, { 19, BAD_TYPE, 0 }, EINVAL },
	{ "family", "atmsvc", SYS_socket, { 20, BAD_TYPE, 0 }, EINVAL },
	{ "family", "rds", SYS_socket, { 21, BAD_TYPE, 0 }, EINVAL },
	{ "family", "sna", SYS_socket, { 22, BAD_TYPE, 0 }, EINVAL },
	{ "family", "irda", SYS_socket, { 23, BAD_TYPE, 0 }, EINVAL },
	{ "family", "pppox", SYS_socket, { 24, BAD_TYPE, 0 }, EINVAL },
	{ "family", "wanpipe", SYS_socket, { 25, BAD_TYPE, 0 }, EINVAL },
	{ "family", "llc", SYS_socket, { 26, BAD_TYPE, 0 }, EINVAL },
	{ "family", "infiniband", SYS_socket, { 27, BAD_TYPE, 0 }, EINVAL },
	{ "family", "mpls", SYS_socket, { 28, BAD_TYPE, 0 }, EINVAL },
	{ "family", "can", SYS_socket, { 29, BAD_TYPE, 0 }, EINVAL },
	{ "family", "tipc", SYS_socket, { 30, BAD_TYPE, 0 }, EINVAL },
	{ "family", "bluetooth", SYS_socket, { 31, BAD_TYPE, 0 }, EINVAL },
	{ "family", "iucv", SYS_socket, { 32, BAD_TYPE, 0 }, EINVAL },
	{ "family", "rxrpc", SYS_socket, { 33, BAD_TYPE, 0 }, EINVAL },
	{ "family", "isdn", SYS_socket, { 34, BAD_TYPE, 0 }, EINVAL },
	{ "family", "phonet", SYS_socket, { 35, BAD_TYPE, 0 }, EINVAL },
	{ "family", "ieee802154", SYS_socket, { 36, BAD_TYPE, 0 }, EINVAL },
	{ "family", "caif", SYS_socket, { 37, BAD_TYPE, 0 }, EINVAL },
	{ "family", "alg", SYS_socket, { 38, BAD_TYPE, 0 }, EINVAL },
	{ "family", "nfc", SYS_socket, { 39, BAD_TYPE, 0 }, EINVAL },
	{ "family", "vsock", SYS_socket, { 40, BAD_TYPE, 0 }, EINVAL },
	{ "family", "kcm", SYS_socket, { 41, BAD_TYPE, 0 }, EINVAL },
	{ "family", "qipcrtr", SYS_socket, { 42, BAD_TYPE, 0 }, EINVAL },
	{ "family", "smc", SYS_socket, { 43, BAD_TYPE, 0 }, EINVAL },
	{ "family", "xdp", SYS_socket, { 44, BAD_TYPE, 0 }, EINVAL },
	{ "family", "mctp", SYS_socket, { 45, BAD_TYPE, 0 }, EINVAL },

	{ "other", "kcmp", SYS_kcmp, { NOBODY, NOBODY, 0, 0, 0 }, ESRCH },
	{ "other", "pidfd_getfd", SYS_pidfd_getfd, { -1, 0, ODD }, EINVAL },
	{ "other", "process_madvise", SYS_process_madvise, { -1, 0, 0, 0, ODD }, EINVAL },
	{ "other", "process_mrelease", SYS_process_mrelease, { -1, ODD }, EINVAL },
	{ "other",
	  "process_vm_readv",
	  SYS_process_vm_readv,
	  { NOBODY, 0, 0, 0, 0, ODD },
	  EINVAL },
	{ "other",
	  "process_vm_writev",
	  SYS_process_vm_writev,
	  { NOBODY, 0, 0, 0, 0, ODD },
	  EINVAL },
	{ "other", "ptrace", SYS_ptrace, { PTRACE_SEIZE_, NOBODY, 0, 0 }, ESRCH },
	{ "other",
	  "fanotify_init",
	  SYS_fanotify_init,
	  { FAN_REPORT_FID_ | ODD, 0 },
	  EINVAL },
	{ "other", "fanotify_mark", SYS_fanotify_mark, { -1, ODD, 0, -1, 0 }, EINVAL },
	{ "other",
	  "open_by_handle_at",
	  SYS_open_by_handle_at,
	  { -1, NOWHERE, 0 },
	  EFAULT },
	{ "other", "adjtimex", SYS_adjtimex, { NOWHERE }, EFAULT },
	{ "other", "clock_adjtime", SYS_clock_adjtime, { NO_CLOCK, NOWHERE }, EFAULT },
	{ "other", "clock_settime", SYS_clock_settime, { NO_CLOCK, NOWHERE }, EINVAL },
	{ "other", "settimeofday", SYS_settimeofday, { NOWHERE, 0 }, EFAULT },
	{ "other", "ioperm", SYS_ioperm, { -1, 2, 0 }, EINVAL },
	{ "other", "iopl", SYS_iopl, { 9 }, EINVAL },
	{ "other", "quotactl", SYS_quotactl, { 0xff, NOWHERE, 0, 0 }, EINVAL },
	{ "other", "quotactl_fd", SYS_quotactl_fd, { -1, 0xff, 0, 0 }, EBADF },
	{ "other", "modify_ldt", SYS_modify_ldt, { 0, 0, 0 }, WORKS },
	{ "other", "migrate_pages", SYS_migrate_pages, { NOBODY, 0, 0, 0 }, ESRCH },
	{ "other", "move_pages", SYS_move_pages, { NOBODY, 0, 0, 0, 0, ODD }, EINVAL },
	{ "other", "memfd_secret", SYS_memfd_secret, { ODD }, EINVAL },
	{ "other", "swapon", SYS_swapon, { NOWHERE, ODD }, EINVAL },
	{ "other", "sysfs", SYS_sysfs, { 3 }, WORKS },
	{ "other", "ustat", SYS_ustat, { 0, NOWHERE }, EINVAL },
	{ "other", "mknod", SYS_mknod, { NOWHERE, S_IFCHR, 0 }, EFAULT },
	{ "other", "mknodat", SYS_mknodat, { -1, NOWHERE, S_IFCHR, 0 }, EFAULT },
	{ "other", "personality", SYS_personality, { NO_RANDOMISE_ }, WORKS },
	{ "other", "prctl", SYS_prctl, { PR_SET_MM_, 1, 0, 0, 1 }, EINVAL },
};

/* -1: this machine has no such call. */
static bool goes_through(size_t row)
{
	const long *a = rows[row].arguments;
	long result = syscall(rows[row].number, a[0], a[1], a[2], a[3], a[4], a[5]);

	return rows[row].through == WORKS ? result >= 0
					  : result < 0 && errno == rows[row].through;
}

/* The first call of the group that gets to the kernel. */
static int run_let_through(char **arguments)
{
	int error = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].group, arguments[0]) != 0 || rows[i].number < 0)
			continue;
		if (goes_through(i))
			return say_reached_word(rows[i].name);
		error = errno;
	}
	return error ? say_denied(error) : 2;
}

/* For attack.test.sh: those that the kernel itself answers otherwise than the table says. */
static int run_answer_otherwise(char **arguments)
{
	(void)arguments;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].number >= 0 && !goes_through(i))
			printf("%s: %s\n", rows[i].name, name_of_errno(errno));
	return 0;
}

const struct verb refused_verbs[] = {
	{ "let-through", 1, 1, "mount|kernel|socket|family|other", run_let_through },
	{ "answer-otherwise", 0, 0, "", run_answer_otherwise },
	{ .name = NULL },
};
