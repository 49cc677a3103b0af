/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps - one operation with all its arguments resolved; the phases and what each may still do
 *
 * A plan is an array of these in execution order. `op` picks a row of step_rows (what it is called,
 * when and by whom it runs, which requirements rest on it, what the host must allow).
 */
#ifndef RUNNER_STEPS_H
#define RUNNER_STEPS_H

#include "runner/capabilities.h"
#include "runner/domain.h"
#include "runner/filter.h"
#include "runner/promise.h"
#include <stddef.h>
#include <stdint.h>

/* The order in which layers may rely on each other, and of every list that people read. */
enum layer_id {
	LAYER_RESOURCES,
	LAYER_FILESYSTEM,
	LAYER_NETWORK,
	LAYER_PRIVILEGE,
	LAYER_SYSCALLS,
	LAYER_IPC,
	LAYER_LIFECYCLE,
	LAYER_ENVIRONMENT,
	LAYER_OUTPUT,
	LAYER_SCRATCH,
	LAYER_COUNT,
};
extern const char *const layer_names[LAYER_COUNT];

enum phase {
	/* The supervisor, before clone and beside the child. May do anything the caller may. Must
	 * not have given the script anything to run. */
	PHASE_SUPERVISOR,
	/* Arguments of clone itself: the namespaces. */
	PHASE_CLONE,
	/* The child, alone in its namespaces, still the caller's identity: opens what the policy
	 * names with the authority of the caller. Must not yet need an id that is mapped. */
	PHASE_ENTER,
	/* Becomes the identity of the script; keeps capabilities in its own user namespace. The
	 * supervisor has written the id maps and made the cgroups by now. */
	PHASE_IDENTITY,
	/* Builds the root: pivot_root first, then everything is attached by paths that cannot lead
	 * out any more; then enters the network namespace. Needs capabilities. */
	PHASE_MOUNT,
	/* Gives up every privilege. After it nothing may fail open: a failure ends the run. */
	PHASE_LOCKDOWN,
	/* The process that becomes the script, forked from init. Only limits, descriptors, exec. */
	PHASE_SCRIPT,
	PHASE_COUNT,
};
extern const char *const phase_names[PHASE_COUNT];

enum op {
	/* supervisor */
	OP_CGROUP_PIDS,   /* number: tasks */
	OP_CGROUP_MEMORY, /* number: bytes; flags: 1 = swap too */
	OP_CGROUP_CPU,    /* number: seconds of the whole tree, held by the supervisor */
	OP_HOST_SCRATCH, /* path: directory to make on the host, for want of a private root */
	OP_ENV_GUARD,
	OP_ENV_WIPE,   /* the caller's environment is overwritten in our own memory */
	OP_STDIO,      /* pipes of ours */
	OP_OUTPUT_CAP, /* number: bytes */
	OP_DEADLINE,   /* number: ms */
	OP_KILL_TREE,  /* number: ms between TERM and KILL */
	OP_EGRESS,     /* text: rules of the packet filter, before there is a way out */
	OP_UPLINK,     /* the way out */
	OP_ID_MAP, /* number: 1 = by the supervisor, 0 = by the child; path: uid map, source: gid map */
	/* clone */
	OP_NS_USER,
	OP_NS_MOUNT,
	OP_NS_PID,
	OP_NS_IPC,
	OP_NS_UTS,
	/* enter */
	OP_OOM_SCORE,
	OP_HOSTNAME,
	OP_NONE_BELOW, /* no user namespace below the one that clone made */
	OP_SUBREAPER,
	OP_PROPAGATION,
	OP_READ_ONLY, /* attributes of every later host bind */
	OP_NOSUID,
	OP_NODEV,
	OP_RECURSIVE,
	OP_SCRATCH_INERT, /* nosuid, nodev on everything writable */
	OP_OPEN,          /* source: host path, flags: enum bind, slot, attributes */
	OP_PROC_OPEN,     /* slot, attributes */
	/* identity */
	OP_CGROUP_ENTER,
	OP_NS_CGROUP,
	OP_KEEP_CAPABILITIES,
	OP_GROUPS,
	OP_IDENTITY, /* number: uid, flags: gid */
	OP_KEYRING,
	/* mount */
	OP_ROOT, /* number: bytes, source: the same as text, attributes */
	OP_PIVOT,
	OP_DIRECTORY,    /* path, flags: mode */
	OP_LINK,         /* path, source: target */
	OP_SCRATCH_SIZE, /* number: bytes, source: the same as text; bounds OP_SCRATCH */
	OP_SCRATCH, /* path: one tmpfs for everything writable, source: scratch in it, attributes */
	OP_ATTACH, /* path, slot */
	OP_HIDE,   /* path, flags: 1 = in scratch, attributes */
	OP_NAMES, /* path: the hosts file, source: its text, number: its length, attributes */
	OP_SCRIPT,           /* path; slot: which of the plan's files */
	OP_LANDLOCK_OUTSIDE, /* path: a file that no rule shows */
	OP_ROOT_READ_ONLY,
	OP_LANDLOCK_HANDLE, /* number: ABI, flags: 1 = TCP too, domain: what that is */
	OP_LANDLOCK_ALLOW,  /* path, flags: enum domain_grant */
	OP_NS_NETWORK,      /* made by the supervisor meanwhile, entered last */
	OP_LOOPBACK,
	/* lockdown */
	OP_UMASK,
	OP_BOUNDING, /* flags: the capabilities that are dropped, a bit each */
	OP_CAPABILITIES,
	OP_NO_NEW_PRIVILEGES,
	OP_LIFELINE,
	OP_INIT_GUARD, /* init's argv and environ are wiped, it is not dumpable */
	/* script */
	OP_SESSION,
	/* Both: path: what can be read before and not after, source: written, or NULL. Early: what
	 * comes later opens nothing, and a small RLIMIT_NOFILE would leave no room to try. */
	OP_LANDLOCK_WALL,  /* behind the mounts */
	OP_LANDLOCK_ALONE, /* in their place, or in that of a pid namespace */
	OP_RESULT,         /* number: the descriptor over which a result is returned */
	OP_RLIMIT_CPU,     /* number */
	OP_RLIMIT_FILES,
	OP_RLIMIT_FILE_SIZE,
	OP_RLIMIT_TASKS,
	OP_RLIMIT_DATA,
	OP_RLIMIT_CORE,
	OP_WORKING_DIRECTORY, /* path; source: a directory that must be writable, or NULL */
	OP_DESCRIPTORS,       /* number: how many are kept beside 0, 1 and 2 */
	OP_FILTER_NETWORK,    /* filter, for want of a network namespace */
	OP_FILTER, /* filter; last of all, since it holds for what comes after it */
	OP_COUNT,
};

/* How a host path is bound. */
enum bind {
	BIND_READ_ONLY, /* tree, attributes by OP_READ_ONLY … */
	BIND_WRITABLE,  /* the caller's scratch: nosuid, nodev */
	BIND_DEVICE,    /* one device node: read-only inode, nosuid, noexec */
};

struct step {
	enum op op;
	unsigned int
		slot; /* number of the detached tree that this step opens or attaches */
	const char *path, *source;
	uint64_t number, flags;
	uint64_t attributes; /* MOUNT_ATTR_* of what it mounts */
	const struct filter_program *filter;
	const struct domain *domain; /* what OP_LANDLOCK_HANDLE refuses */
	const char *text;            /* what a helper of ours is told: rules */
};

struct step_row {
	const char *name;
	enum phase phase;
	enum layer_id layer;
	enum capability needs;
	uint64_t requirements; /* REQ() of what rests on this step alone */
};
extern const struct step_row step_rows[OP_COUNT];

#endif
