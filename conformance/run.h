/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - one probe against one target: what was seen, from outside, in both arms
 *
 * Judges nothing. Order of use: session_open, session_control, session_parity,
 * session_identify, run_probes (any number of times), session_close. Everything that is made
 * on the host lives in cgroups and namespaces which end with this process, however it ends.
 */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "conformance/probe.h"
#include "conformance/target.h"
#include "conformance/verdict.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct session;

/* What a session needs to know; all of it outlives the session. */
struct session_wants {
	const struct target *target;
	const char *probes;  /* directory of the catalogue */
	const char *confine; /* program, for {confine}; NULL: not there */
	const char *attack;  /* program confine-attack */
	const char *lab;     /* program confine-lab; NULL: no lab */
	const char *policy;  /* for {policy}, or NULL; absolute */
	int stop_fd;         /* readable when the caller wants to stop early, or -1 */
	bool lab_wanted;     /* one of the selected probes needs the lab */
};

/*
 * Opens a session: cgroups (stale ones of killed runs are swept first), the lab. What this host
 * or caller does not have is no failure: probes that need it say so. -1: SYSTEM, INTERNAL.
 */
int session_open(const struct session_wants *wants, struct session **ret,
		 struct err *err);
/* Accepts NULL. Nothing is left behind. */
void session_close(struct session *session);

enum {
	RUN_TEXT_MAX = 240,
	RUN_EVIDENCE_MAX = 24,
	RUN_RECEIPT_MAX = 65536,
	PARITY_MAX = 16,
};

/* Built-in targets whose outcome is known; anything else than breached, error, error: false. */
struct control_result {
	bool ok;
	enum verdict leaky, deny_all, silent;
	char reason[RUN_TEXT_MAX]; /* when not ok */
};
void session_control(struct session *session, struct control_result *ret);

/* Does the shield change this target? Untested where the target does not start at all. */
struct parity_result {
	bool ok, tested;
	size_t count;
	char differences[PARITY_MAX][RUN_TEXT_MAX];
	char reason[RUN_TEXT_MAX]; /* when not ok or not tested: one line */
};
void session_parity(struct session *session, struct parity_result *ret);

/* The target's first run: does it start, and who is the script? */
struct identify_result {
	bool ran;                  /* the script ran and proved life */
	bool refused;              /* the launcher refused to start, nothing ran */
	char detail[RUN_TEXT_MAX]; /* "exit 125: no user namespaces", "" when it ran */
	long uid;                  /* host side, of the script; -1 unknown */
};
void session_identify(struct session *session, struct identify_result *ret);

/* From here on every arm is given these as well, before the probe's own `policy:` lines: how
 * main.c goes on under `degrade` after a refusal. The pairs outlive the session. */
struct target_pair;
void session_override(struct session *session, const struct target_pair *sets,
		      size_t count);
/* After a difference: no probe is run, each is untestable for this reason. */
void session_distrust(struct session *session, const char *reason);
/* How the shield is built here, one line: "mount, pid, ipc, uts and network namespaces; pids
 * and memory by cgroup v1". */
const char *session_shield(const struct session *session);

/* --- one probe ------------------------------------------------------------------- */

struct arm_report {
	bool ran;
	enum said said;
	char word[VERDICT_WORD_MAX + 1];
	double seconds;
	int exit;        /* of the launcher; -1 when it died of a signal or is unknown */
	char signal[16]; /* "SIGKILL" or "" */
	bool timed_out;
};

struct evidence {
	char name[32];
	char value[RUN_TEXT_MAX]; /* printable; only bytes that we planted, or counts */
};

/* Flat: it crosses a pipe between processes. */
struct run_result {
	/* Words behind the pointers of struct verdict_input; "" is NULL there. */
	char harness_fault[RUN_TEXT_MAX], prerequisite[RUN_TEXT_MAX];
	char closed_by_host[RUN_TEXT_MAX], never[RUN_TEXT_MAX];
	char limit[RUN_TEXT_MAX], signal[16];
	struct verdict_input input; /* pointers are not valid here: run_input() */
	struct arm_report reach, attack;
	const char *scope; /* "host" or "lab"; static text */
	double seconds;
	size_t evidence_count;
	struct evidence evidence[RUN_EVIDENCE_MAX];
	size_t receipt_length; /* 0: none, or not JSON, or longer than the maximum */
	char receipt[RUN_RECEIPT_MAX]; /* JSON text of the attack arm's receipt */
};

/* The input to judge by: all but promise, required, beyond_declared, launcher_works, which the
 * caller knows. Points into *probe and *result. */
void run_input(const struct probe *probe, const struct run_result *result,
	       struct verdict_input *ret);

/* Called in this process, once for each attempt, in order of completion. True: once more. */
typedef bool run_done(void *context, const struct probe *probe,
		      const struct run_result *result);

/**
 * run_probes() - Runs the probes, up to `jobs` at a time; those in the lab one by one
 * Return: 0; or -1: stop_fd became readable (POLICY "interrupted"), or INTERNAL
 */
int run_probes(struct session *session, const struct probe *const *probes, size_t count,
	       unsigned int jobs, run_done *done, void *context, struct err *err);

/* What would be done, for --dry-run: arguments of both arms, arrangement, witnesses, limits.
 * Touches nothing. */
int run_describe(const struct session_wants *wants, const struct probe *probe,
		 struct str *ret, struct err *err);

#endif
