/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - the tables; see rules.h. Every call that libseccomp 2.5.4 knows for x86_64, i386 and x32
 * stands in exactly one group.
 *
 * ENOSYS where ordinary programs have another way for kernels without the call; EPERM where the
 * refusal should be seen as one. Numbers in conditions are those of the kernel's interface, equal
 * on every ABI here.
 */
#include "runner/filter/rules.h"
#include <errno.h>

#define PASS 0

const char *const filter_profile_names[FILTER_COUNT + 1] = {
	[FILTER_DEFAULT] = "default",
	[FILTER_STRICT] = "strict",
	[FILTER_NO_NETWORK] = "no-network",
};

/* Answers by column: default, strict, no-network. */
const struct rule_group rule_groups[] = {
	{ "files",
	  { PASS, PASS, PASS },
	  "",
	  "access chdir chmod chown chown32 creat faccessat faccessat2 fadvise64 "
	  "fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 "
	  "fchownat fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat "
	  "fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat "
	  "getcwd getdents getdents64 getxattr inotify_add_watch inotify_init "
	  "inotify_init1 inotify_rm_watch lchown lchown32 lgetxattr link linkat "
	  "listxattr llistxattr lremovexattr lsetxattr lstat lstat64 mkdir mkdirat mknod "
	  "mknodat newfstatat oldfstat oldlstat oldstat open openat openat2 readahead "
	  "readdir readlink readlinkat removexattr rename renameat renameat2 rmdir "
	  "setxattr stat stat64 statfs statfs64 statx symlink symlinkat sync "
	  "sync_file_range sync_file_range2 arm_sync_file_range arm_fadvise64_64 syncfs "
	  "truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64 "
	  "utimes cachestat" },
	{ "descriptors",
	  { PASS, PASS, PASS },
	  "",
	  "_llseek _newselect close close_range copy_file_range dup dup2 dup3 "
	  "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait "
	  "eventfd eventfd2 fcntl fcntl64 ioctl lseek pipe pipe2 poll ppoll ppoll_time64 "
	  "pread64 preadv preadv2 pselect6 pselect6_time64 pwrite64 pwritev pwritev2 "
	  "read "
	  "readv select sendfile sendfile64 splice tee write writev" },
	{ "memory",
	  { PASS, PASS, PASS },
	  "",
	  "brk madvise map_shadow_stack membarrier memfd_create mincore mlock mlock2 "
	  "mlockall mmap mmap2 mprotect mremap msync munlock munlockall munmap "
	  "pkey_alloc pkey_free pkey_mprotect get_mempolicy" },
	{ "tasks",
	  { PASS, PASS, PASS },
	  "",
	  "arch_prctl cacheflush capget capset clone execve execveat exit exit_group "
	  "fork "
	  "futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake "
	  "get_robust_list get_thread_area get_tls getcpu getpgid getpgrp getpid getppid "
	  "getpriority getrlimit getrusage getsid gettid ioprio_get ioprio_set "
	  "landlock_add_rule landlock_create_ruleset landlock_restrict_self nice "
	  "personality pidfd_open prctl prlimit64 rseq sched_get_priority_max "
	  "sched_get_priority_min sched_getaffinity sched_getattr sched_getparam "
	  "sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
	  "sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield "
	  "set_robust_list set_thread_area set_tid_address set_tls setpgid setpriority "
	  "setrlimit setsid ugetrlimit unshare vfork wait4 waitid waitpid" },
	{ "signals",
	  { PASS, PASS, PASS },
	  "",
	  "kill pause pidfd_send_signal restart_syscall rt_sigaction rt_sigpending "
	  "rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
	  "rt_sigtimedwait_time64 rt_tgsigqueueinfo sgetmask sigaction sigaltstack "
	  "signal "
	  "signalfd signalfd4 sigpending sigprocmask sigreturn sigsuspend ssetmask "
	  "tgkill "
	  "tkill" },
	{ "time",
	  { PASS, PASS, PASS },
	  "",
	  "alarm clock_getres clock_getres_time64 clock_gettime clock_gettime64 "
	  "clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep "
	  "setitimer time timer_create timer_delete timer_getoverrun timer_gettime "
	  "timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime "
	  "timerfd_gettime64 timerfd_settime timerfd_settime64 times" },
	{ "identity",
	  { PASS, PASS, PASS },
	  "",
	  "getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 "
	  "getresgid getresgid32 getresuid getresuid32 getuid getuid32 setfsgid "
	  "setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid "
	  "setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 "
	  "setuid setuid32" },
	{ "facts",
	  { PASS, PASS, PASS },
	  "",
	  "getrandom oldolduname olduname sysinfo uname" },
	{ "messages",
	  { PASS, PASS, PASS },
	  "",
	  "ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 "
	  "mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd semctl "
	  "semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget" },
	{ "sockets",
	  { PASS, PASS, PASS },
	  "",
	  "accept accept4 bind connect getpeername getsockname getsockopt listen "
	  "recvfrom "
	  "recvmmsg recvmmsg_time64 recvmsg sendmmsg sendmsg sendto setsockopt shutdown "
	  "socket socketpair" },

	/* Its arguments lie in memory, where no filter looks; libraries fall back to the above. */
	{ "socketcall", { ENOSYS, ENOSYS, ENOSYS }, "SYS-24", "socketcall" },
	{ "mount",
	  { EPERM, EPERM, PASS },
	  "SYS-22",
	  "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount "
	  "open_tree "
	  "pivot_root umount umount2" },
	{ "namespace", { EPERM, EPERM, EPERM }, "SYS-22", "setns" },
	/* Its flags lie in memory; libraries fall back to clone. */
	{ "clone3", { ENOSYS, ENOSYS, PASS }, "SYS-22", "clone3" },
	{ "io_uring",
	  { ENOSYS, ENOSYS, ENOSYS },
	  "SYS-23",
	  "io_uring_enter io_uring_register io_uring_setup" },
	{ "bpf", { EPERM, EPERM, PASS }, "SYS-23", "bpf" },
	{ "perf", { EPERM, EPERM, PASS }, "SYS-23", "perf_event_open" },
	{ "userfaultfd", { EPERM, EPERM, PASS }, "SYS-23", "userfaultfd" },
	{ "keyring", { EPERM, EPERM, PASS }, "SYS-23", "add_key keyctl request_key" },
	/* Also no way to what another process has open. */
	{ "trace",
	  { EPERM, EPERM, EPERM },
	  "",
	  "kcmp pidfd_getfd process_madvise process_mrelease process_vm_readv "
	  "process_vm_writev ptrace" },
	{ "fanotify", { EPERM, EPERM, PASS }, "", "fanotify_init fanotify_mark" },
	{ "handles", { EPERM, EPERM, PASS }, "", "open_by_handle_at" },
	{ "modules",
	  { EPERM, EPERM, PASS },
	  "SYS-24",
	  "create_module delete_module finit_module init_module" },
	{ "kexec", { EPERM, EPERM, PASS }, "", "kexec_file_load kexec_load" },
	{ "clock",
	  { EPERM, EPERM, PASS },
	  "",
	  "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 "
	  "settimeofday stime" },
	{ "machine",
	  { EPERM, EPERM, PASS },
	  "",
	  "acct ioperm iopl quotactl quotactl_fd reboot setdomainname sethostname "
	  "swapoff "
	  "swapon syslog vhangup" },
	{ "segments", { EPERM, EPERM, PASS }, "", "modify_ldt vm86 vm86old" },
	{ "placement", { EPERM, EPERM, PASS }, "", "migrate_pages move_pages" },
	{ "secret-memory", { ENOSYS, ENOSYS, PASS }, "", "memfd_secret" },
	{ "obsolete",
	  { ENOSYS, ENOSYS, PASS },
	  "",
	  "_sysctl afs_syscall bdflush break epoll_ctl_old epoll_wait_old ftime "
	  "get_kernel_syms getpmsg gtty idle lock lookup_dcookie mpx nfsservctl prof "
	  "profil putpmsg query_module security stty sysfs tuxcall ulimit uselib ustat "
	  "vserver" },

	/* Seldom needed, and each a part of the kernel that bugs were found in. */
	{ "seldom",
	  { PASS, EPERM, PASS },
	  "",
	  "mbind name_to_handle_at remap_file_pages seccomp set_mempolicy "
	  "set_mempolicy_home_node vmsplice" },
	{ "old-aio",
	  { PASS, ENOSYS, PASS },
	  "",
	  "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup "
	  "io_submit" },
};
const size_t rule_group_count = sizeof(rule_groups) / sizeof(rule_groups[0]);

#define IN_DEFAULT    (1U << FILTER_DEFAULT)
#define IN_STRICT     (1U << FILTER_STRICT)
#define IN_NO_NETWORK (1U << FILTER_NO_NETWORK)
#define IN_BOTH       (IN_DEFAULT | IN_STRICT)
#define IN_ALL        (IN_BOTH | IN_NO_NETWORK)
#define WHOLE         0xffffffffU
#define ALWAYS                                                                           \
	{                                                                                \
		0, 0, 0,                                                                 \
		{                                                                        \
			0                                                                \
		}                                                                        \
	}
#define IS(argument, mask, count, ...)                                                   \
	{                                                                                \
		argument, mask, count,                                                   \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}

/* CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}; CLONE_NEWTIME is part of a signal number in clone. */
#define NEW_SPACES     0x7e020000U
#define NEW_TIME_SPACE 0x00000080U

/* AF_UNIX 1, AF_INET 2, AF_INET6 10, AF_NETLINK 16; types and protocols: include/linux/net.h, in.h.
 * A type or protocol that the kernel has not would make it look for a module (SYS-24). */
const struct rule_condition rule_conditions[] = {
	{ "clone", IN_BOTH, ALWAYS, IS(0, NEW_SPACES, 1, 0), 0, EPERM, "SYS-22" },
	{ "unshare", IN_BOTH, ALWAYS, IS(0, NEW_SPACES | NEW_TIME_SPACE, 1, 0), 0, EPERM,
	  "SYS-22" },
	{ "socket", IN_DEFAULT, ALWAYS, IS(0, WHOLE, 4, 1, 2, 10, 16), 0, EAFNOSUPPORT,
	  "SYS-24" },
	{ "socket", IN_STRICT, ALWAYS, IS(0, WHOLE, 3, 1, 2, 10), 0, EAFNOSUPPORT,
	  "SYS-24" },
	{ "socket", IN_NO_NETWORK, ALWAYS, IS(0, WHOLE, 1, 1), 0, EAFNOSUPPORT,
	  "NET-01" },
	/* Streams and datagrams; SOCK_NONBLOCK and SOCK_CLOEXEC are above the type. */
	{ "socket", IN_BOTH, IS(0, WHOLE, 2, 2, 10), IS(1, 0xf, 2, 1, 2), 0, EPERM,
	  "SYS-24" },
	/* default of the type, ICMP, TCP, UDP, ICMPv6 */
	{ "socket", IN_BOTH, IS(0, WHOLE, 2, 2, 10), IS(2, WHOLE, 5, 0, 1, 6, 17, 58), 0,
	  EPROTONOSUPPORT, "SYS-24" },
	/* NETLINK_ROUTE: which interfaces there are. */
	{ "socket", IN_DEFAULT, IS(0, WHOLE, 1, 16), IS(2, WHOLE, 1, 0), 0,
	  EPROTONOSUPPORT, "SYS-24" },
	{ "socketpair", IN_ALL, ALWAYS, IS(0, WHOLE, 1, 1), 0, EAFNOSUPPORT, "SYS-24" },
	/* TIOCSTI types into a terminal, TIOCLINUX pastes, TIOCCONS takes the console,
	 * TIOCSETD loads a line discipline. */
	{ "ioctl", IN_BOTH, ALWAYS, IS(1, WHOLE, 4, 0x5412, 0x541c, 0x541d, 0x5423), 1,
	  EPERM, "SYS-24" },
	/* PER_LINUX, PER_LINUX32, each with UNAME26, and the question which one it is. */
	{ "personality", IN_DEFAULT, ALWAYS,
	  IS(0, WHOLE, 5, 0, 8, 0x20000, 0x20008, WHOLE), 0, EPERM, "" },
	{ "personality", IN_STRICT, ALWAYS, IS(0, WHOLE, 2, 0, WHOLE), 0, EPERM, "" },
	/* PR_SET_MM: where /proc says that its code and arguments are. */
	{ "prctl", IN_DEFAULT, ALWAYS, IS(0, WHOLE, 1, 35), 1, EPERM, "" },
	/* and PR_SET_SECCOMP, as seccomp itself */
	{ "prctl", IN_STRICT, ALWAYS, IS(0, WHOLE, 2, 35, 22), 1, EPERM, "" },
	/* SO_ATTACH_FILTER, _BPF, _REUSEPORT_CBPF, _REUSEPORT_EBPF: code of its own in the kernel */
	{ "setsockopt", IN_STRICT, IS(1, WHOLE, 1, 1), IS(2, WHOLE, 4, 26, 50, 51, 52), 1,
	  EPERM, "" },
	/* Files, pipes and sockets, no devices: S_IFMT is 0170000. */
	{ "mknod", IN_BOTH, ALWAYS, IS(1, 0170000, 4, 0, 0100000, 0010000, 0140000), 0,
	  EPERM, "" },
	{ "mknodat", IN_BOTH, ALWAYS, IS(2, 0170000, 4, 0, 0100000, 0010000, 0140000), 0,
	  EPERM, "" },
};
const size_t rule_condition_count = sizeof(rule_conditions) / sizeof(rule_conditions[0]);

const char *const rule_needed[] = { "execve",         "exit",     "exit_group",
				    "prctl",          "recvfrom", "rt_sigaction",
				    "rt_sigprocmask", "sendto",   NULL };
