/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arm - one arm of one probe as plain data: names, places, who, with what
 *
 * Three processes look at it. The worker stands on the host and watches. It forks the shield's
 * init, which has a copy, arranges what the probe needs and starts the launcher. What init finds
 * out goes back through struct arm_shared, a page that both map and no script can reach.
 */
#ifndef CONFORMANCE_ARM_H
#define CONFORMANCE_ARM_H

#include "conformance/expand.h"
#include "conformance/groups.h"
#include "conformance/identity.h"
#include "conformance/lab.h"
#include "conformance/seen.h"
#include "conformance/transcript.h"
#include "conformance/wants.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <sys/stat.h>
#include <sys/types.h>

enum arm_kind {
	ARM_REACH,  /* the act outside the sandbox */
	ARM_ATTACK, /* the act inside */
	ARM_HOLD,   /* no act: the script proves life and waits to be looked at */
};

enum {
	NONCE_SIZE = 33, /* 128 bits in hexadecimal, and a NUL */
	ARM_HELPERS_MAX = 4,
	ARM_SURVIVE_MS = 1000, /* longer than that after the launcher is surviving */
	ARM_KILL_GRACE_MS = 1000,
};

/* Written by init, read by the worker after the message that says so. */
struct arm_shared {
	struct err fault; /* init could not do its part */
	bool is_missing;  /* …because of something that is not there: prerequisite */
	char never[RUN_TEXT_MAX]; /* …because this caller can never have it */
	pid_t launcher;           /* as the shield counts */
	int status;               /* of the launcher, as waitpid has it */
	uint64_t started_ns, ended_ns;
	enum witness witness; /* of all that init looked at */
	bool is_full; /* what covers a place has no room left for the act of a probe */
	uint32_t survivors;
	size_t evidence_count;
	struct evidence evidence[RUN_EVIDENCE_MAX];
};

/* What the words of `setup:` arranged, in init. Descriptors are -1 when not there. */
struct arm_objects {
	int listener;
	bool listener_is_datagram;
	int broker; /* hands out descriptors: broker.h */
	int tty_master, tty_slave;
	int leak;   /* becomes descriptor 9 of the launcher */
	int errors; /* becomes its stderr */
	int stream; /* becomes its stdin */
	int mounts; /* memory file with the mount table as it was */
	pid_t neighbour;
	int neighbour_pipe; /* a byte for each signal it caught */
	pid_t second;
	struct stat canary, canary_directory;
	struct stat launcher;  /* of launcher_copy; st_ino 0: none */
	uint64_t canary_names; /* digest of the directory's entries */
};

struct arm {
	enum arm_kind kind;
	const struct session_wants *wants;
	const struct probe *probe;
	const char *script_text;        /* of a built-in script; NULL: the probe's file */
	const struct target_pair *sets; /* for every arm of the session */
	size_t set_count;
	const struct groups *groups;
	const struct lab *lab; /* NULL: a network namespace of its own */
	bool privileged;       /* the harness is root: no user namespace */
	bool deaf;             /* a test: witnesses notice nothing */
	uid_t caller_uid;
	gid_t caller_gid;
	uint64_t caller_bounding;        /* capability bounding set */
	bool shared_mounts;              /* view_root_is_shared() of the host */
	const struct identity *identity; /* of the script, as far as it is known */
	uint64_t launcher_tasks;         /* that the target itself needs */
	struct arena *arena;

	char nonce[NONCE_SIZE], secret[NONCE_SIZE];
	/* Absolute, the same inside and outside the sandbox; all below root. */
	const char *root, *probes, *scratch, *receipt, *home, *script, *arm_file;
	const char *second_scratch, *second_arm_file; /* with `second-run`, else NULL */
	const char *canary, *log;                     /* once arranged, else NULL */
	struct str variables;                         /* of the arm file */
	bool own_scratch;                             /* the target is to make its own */

	/* How the launcher is started. */
	const char *const *argv, *const *second_argv;
	const char *cwd;
	const char **environment; /* NAME=VALUE, NULL-terminated */
	size_t environment_count;
	const struct target_pair *options; /* for the target's {env} */
	size_t option_count;
	const char *const *kept; /* host files that a covered place must still show */
	const char *handicap;
	const char *launcher_copy, *launcher_source; /* with `launcher-copy`, else NULL */
	const char *invocation;  /* an odd way to be started, or NULL */
	const char *program;     /* of argv; NULL: its first word */
	bool plain;              /* neither of the two: was it stopped before? */
	int kill_signal;         /* of kill-launcher=, 0: none */
	unsigned int deadline_s; /* 0: none */
	bool deadline_is_ours;   /* the target has no part for it */

	struct arm_objects objects;
	struct group_set group_set;
	struct arm_shared *shared;
};

/* Value of a setup word of this arm's probe, "" for the bare word, NULL: not there. */
const char *arm_setup(const struct arm *arm, const char *word);
const char *arm_witness(const struct arm *arm, const char *word);
/* Sets NAME=VALUE in the environment of the launcher, replacing what was there. */
void arm_set_environment(struct arm *arm, const char *name, const char *value);
/* Text with {scratch} and {probes} replaced. */
const char *arm_fill(const struct arm *arm, const char *text);
/* Path below root. */
const char *arm_path(const struct arm *arm, const char *name);
/* Adds NAME='value' to the arm file. Values are ours: no quote, no newline. */
void arm_variable(struct arm *arm, const char *name, const char *value);
/* A row of evidence, printable, cut to size; silently full at the maximum. */
void arm_evidence(struct arm *arm, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* One line for the reader, cut to size. */
void arm_text(char text[RUN_TEXT_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t arm_now(void);
/* Fresh 128 bits in hexadecimal. */
int arm_random(char text[NONCE_SIZE], struct err *err);

#endif
