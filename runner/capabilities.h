/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capabilities - what this host lets this caller do, each fact with its evidence
 *
 * On the hot path everything that only trying can tell is presumed to work: the setup steps are
 * the trial, made with the same calls in the same order as the real run. A step that fails before
 * exec rules its capability out, with the errno as evidence, and the plan is made again. Nothing is
 * cached beyond the process.
 */
#ifndef RUNNER_CAPABILITIES_H
#define RUNNER_CAPABILITIES_H

#include "runner/base/cgroup.h"
#include "runner/base/err.h"
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

enum capability {
	CAPABILITY_NONE, /* needed by a step that works wherever Linux does */
	CAPABILITY_USER_NAMESPACE,
	CAPABILITY_MOUNT_NAMESPACE,
	CAPABILITY_PID_NAMESPACE,
	CAPABILITY_NETWORK_NAMESPACE,
	CAPABILITY_IPC_NAMESPACE,
	CAPABILITY_UTS_NAMESPACE,
	CAPABILITY_CGROUP_NAMESPACE,
	CAPABILITY_ID_MAP,  /* root: another uid mapped 1:1 into a user namespace */
	CAPABILITY_SET_IDS, /* change to another uid */
	CAPABILITY_SET_GROUPS,
	CAPABILITY_PRIVATE_ROOT, /* tmpfs, recursive binds, pivot_root */
	CAPABILITY_PROC,         /* a /proc of our own pid namespace */
	CAPABILITY_LOOPBACK,
	CAPABILITY_CGROUP_PIDS,
	CAPABILITY_CGROUP_MEMORY,
	CAPABILITY_CGROUP_SWAP, /* a bound over memory and swap together */
	CAPABILITY_CGROUP_CPU,  /* the time that all tasks took, ended ones too */
	CAPABILITY_KEYRING,
	CAPABILITY_NONE_BELOW, /* forbid user namespaces below one's own */
	CAPABILITY_SECCOMP,    /* a system call filter */
	CAPABILITY_FILTER,     /* compile one for the policy: confine-filter beside us */
	CAPABILITY_PACKET_FILTER, /* rules in a network namespace of its own */
	CAPABILITY_UPLINK,        /* from there to the host's network */
	CAPABILITY_LANDLOCK,
	CAPABILITY_COUNT,
};

#define CAPABILITY_BASES 6

/* What a control group of a run counts and bounds. */
enum run_group {
	GROUP_PIDS,
	GROUP_MEMORY,
	GROUP_CPU,
	GROUP_COUNT
};
#define CGROUP_PREFIX "confine."

struct capabilities {
	struct {
		bool here;
		char why[240]; /* evidence: what was tried and how it ended */
	} is[CAPABILITY_COUNT];
	uid_t uid;
	gid_t gid;
	gid_t groups[64]; /* supplementary ones other than gid, the first of them */
	size_t group_count;
	struct {
		const char *path; /* "/usr" … */
		char link[64];    /* where a symbolic link points; "" = a directory */
		bool here;
	} bases[CAPABILITY_BASES];
	unsigned int landlock_abi; /* 0 = none */
	bool reads_secrets; /* an unprivileged caller may read one of capability_secrets */
	/* 12 KiB: this struct is for the heap or static storage. */
	struct cgroup_home homes[GROUP_COUNT];
	struct rlimit limits
		[RLIM_NLIMITS]; /* the caller's own: a hard limit cannot be passed */
};

extern const char *const capability_names[CAPABILITY_COUNT];
/* What a person can do about a missing one; NULL when there is nothing general to say. */
extern const char *const capability_advice[CAPABILITY_COUNT];

/* What only a group of the caller's can read, and a script must not: an unprivileged caller cannot
 * give its groups away, the primary one least of all. NULL-terminated. */
extern const char *const capability_bases[CAPABILITY_BASES];
extern const char *const capability_secrets[];

/* Reads what can be read and presumes the rest. */
void capabilities_presume(struct capabilities *caps);

/* Where the time of a whole tree is counted; not on the way of every run. */
void capabilities_find_cpu(struct capabilities *caps);

/* Takes one away, with the reason; the first reason stays. */
void capabilities_rule_out(struct capabilities *caps, enum capability capability,
			   const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Does this errno speak of the host? Want of memory, descriptors or processes speaks of this moment:
 * it ends a run, and rules nothing out. */
bool capability_is_told_by(int sys);

/* After a refused clone of several namespaces at once: finds out which it were, by one throw-away
 * child each; with_user: inside a user namespace, as that clone was. */
void capabilities_try_namespaces(struct capabilities *caps, bool with_user);

/* clone(2) flag of a namespace capability; 0 for every other one. */
uint64_t capability_clone_flag(enum capability capability);

#endif
