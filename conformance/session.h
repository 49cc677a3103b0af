/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - what all probes of one run share: cgroups, lab, who calls, who the script is
 *
 * Opened once; what main.c may ask of it comes first, what the modules of a run share after it.
 */
#ifndef CONFORMANCE_SESSION_H
#define CONFORMANCE_SESSION_H

#include "conformance/arm.h"
#include "conformance/expand.h"
#include "conformance/watch.h"

struct session;

/*
 * Opens a session: cgroups (stale ones of killed runs are swept first), the lab. What this host
 * or caller does not have is no failure: probes that need it say so. -1: SYSTEM, INTERNAL.
 */
int session_open(const struct session_wants *wants, struct session **ret,
		 struct err *err);
/* Accepts NULL. Nothing is left behind. */
void session_close(struct session *session);

/* The target's first run: does it start, and who is the script? */
struct identify_result {
	bool ran;                  /* the script ran and proved life */
	bool shielded;             /* a shield was there for it */
	bool refused;              /* the launcher refused to start, nothing ran */
	char detail[RUN_TEXT_MAX]; /* "exit 125: no user namespaces", "" when it ran */
	long uid;                  /* host side, of the script; -1 unknown */
};
void session_identify(struct session *session, struct identify_result *ret);

/* From here on every arm is given these as well, before the probe's own `policy:` lines: how
 * main.c goes on under `degrade` after a refusal. The pairs outlive the session. */
void session_override(struct session *session, const struct target_pair *sets,
		      size_t count);
/* After a difference: no probe is run, each is untestable for this reason. */
void session_distrust(struct session *session, const char *reason);
/* How the shield is built here, one line: "mount, pid, ipc, uts and network namespaces; pids
 * and memory by cgroup v1". */
const char *session_shield(const struct session *session);

/* --- shared by the modules of a run ------------------------------------------------ */

/* Tests of the suite itself: what is broken on purpose, from CONFINE_CHECK_MUTANT, in builds that are
 * never installed (-DCONFINE_SABOTAGE). In every other build there is none but MUTANT_NONE. */
enum mutant {
	MUTANT_NONE,
	MUTANT_DEAF,       /* witnesses look and notice nothing */
	MUTANT_NO_CONTROL, /* the run control is left out */
	/* The run control says that it could not be tried, though what it is for can be: */
	MUTANT_CONTROL_BLIND, /* all of it */
	MUTANT_CONTROL_DIM,   /* one of its targets */
	MUTANT_REACH,    /* the control act is said to have worked, and is not tried */
	MUTANT_LIVENESS, /* every script is taken to have proved life and tried */
	/* The scripts of all probes, but not of the run control, end after their attempt record: */
	MUTANT_ACT_REMOVED, /* without a word */
	MUTANT_ACT_DENIED,  /* with a refusal that the probe accepts */
	MUTANT_ACT_REACHED, /* with `reached` */
};

struct session {
	const struct session_wants *wants;
	struct groups groups;
	struct lab lab;
	bool lab_is_open;
	char lab_reason[RUN_TEXT_MAX]; /* why not */
	bool privileged;               /* namespaces without a user namespace */
	bool host_root;                /* uid 0 of the host, as far as can be seen */
	uid_t uid;
	gid_t gid;
	uint64_t bounding;  /* the caller's capability bounding set */
	bool shared_mounts; /* view_root_is_shared() */
	enum mutant mutant;
	const struct target_pair *sets;
	size_t set_count;
	const char *distrust;
	char shield[RUN_TEXT_MAX]; /* how it is built */
	/* From the first run of the target. */
	bool identified;
	struct identify_result found;
	bool hangs;   /* it did not end within its time */
	bool bounded; /* its script was seen inside the shield and its limits */
	struct identity identity;
	uint64_t launcher_tasks;
	char receipt[RUN_RECEIPT_MAX]; /* JSON text */
	size_t receipt_length;         /* 0: none */
};

/* A fresh arm of this session; prepare_arm() comes next. */
void session_arm(const struct session *session, enum arm_kind kind,
		 const struct probe *probe, struct arena *arena, struct arm *arm);
/* Runs the target with a script that only waits to be looked at. */
int session_hold(const struct session *session, struct arena *arena, struct arm *arm,
		 struct watch *watch, struct err *err);
/* "exit 125: …", "killed by SIGSEGV": how a launcher ended, with its last words where nothing of
 * the script's can be among them. */
void session_end_text(const struct watch *watch, char text[RUN_TEXT_MAX]);
/* Identifies unless that was done. */
void session_know(struct session *session);

/* The script of hold arms, and the probe around it. */
extern const struct probe session_hold_probe;
extern const char session_hold_script[];

#endif
