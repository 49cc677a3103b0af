/* SPDX-License-Identifier: Apache-2.0 */
/* session - see run.h and session.h. */
#include "conformance/session.h"
#include "conformance/prepare.h"
#include "conformance/view.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static const char *const nothing[] = { NULL };

const char session_hold_script[] = ". \"${0%/*}/../lib.sh\"\nbegin \"$1\"\n";

const struct probe session_hold_probe = {
	.id = "control.hold",
	.file = "control/hold.sh",
	.title = "Prove life and wait",
	.layer = LAYER_REPORT,
	.class = CLASS_P,
	.reach = REACH_CALLER,
	.budget = { .seconds = 10,
		    .tasks = 64,
		    .memory_bytes = 256U << 20,
		    .output_bytes = 1U << 20 },
	.needs = nothing,
	.setup = nothing,
	.witness = nothing,
	.refusals = nothing,
	.closed = nothing,
	.rests_on = nothing,
};

/* Tried, not inferred from uid 0: in a container root may have no right to any of it. */
static bool can_unshare(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
			      CLONE_NEWNET) == 0
			      ? 0
			      : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* The host's own user namespace maps every uid to itself: user_namespaces(7). */
static bool maps_all(void)
{
	char text[128];
	unsigned long inside, outside, count;
	char *end;

	if (fd_read_small_at(AT_FDCWD, "/proc/self/uid_map", text, sizeof(text)) <= 0)
		return false;
	inside = strtoul(text, &end, 10);
	outside = strtoul(end, &end, 10);
	count = strtoul(end, NULL, 10);
	return inside == 0 && outside == 0 && count == 4294967295UL;
}

#ifdef CONFINE_SABOTAGE
static enum mutant find_mutant(void)
{
	static const char *const names[] = {
		[MUTANT_NONE] = "",
		[MUTANT_DEAF] = "deaf-witness",
		[MUTANT_NO_CONTROL] = "no-control",
		[MUTANT_CONTROL_BLIND] = "control-blind",
		[MUTANT_CONTROL_DIM] = "control-dim",
		[MUTANT_REACH] = "forced-reach",
		[MUTANT_LIVENESS] = "forced-liveness",
		[MUTANT_ACT_REMOVED] = "act-removed",
		[MUTANT_ACT_DENIED] = "act-denied",
		[MUTANT_ACT_REACHED] = "act-reached",
	};
	const char *wanted = getenv("CONFINE_CHECK_MUTANT");

	for (unsigned int i = 0; wanted && i < ARRAY_SIZE(names); i++)
		if (str_equal(wanted, names[i]))
			return (enum mutant)i;
	return MUTANT_NONE;
}
#else
static enum mutant find_mutant(void)
{
	return MUTANT_NONE;
}
#endif

static void describe_shield(struct session *session)
{
	const char *groups = groups_text(&session->groups);

	(void)snprintf(session->shield, sizeof(session->shield),
		       "%smount, pid, ipc, uts and network namespaces; %s",
		       session->privileged ? "" : "user, ",
		       groups[0] ? groups
		       : session->privileged
			       ? "no limit on the tree: no cgroup can be made"
			       : "tasks and private memory by rlimits");
}

int session_open(const struct session_wants *wants, struct session **ret, struct err *err)
{
	struct session *session = calloc(1, sizeof(*session));
	struct err why;

	if (!session)
		return err_set(err, ERR_SYSTEM, "run", "no memory");
	session->wants = wants;
	session->uid = getuid();
	session->gid = getgid();
	session->privileged = geteuid() == 0 && can_unshare();
	session->host_root = session->privileged && maps_all();
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
			session->bounding |= 1ULL << cap;
	session->shared_mounts = view_root_is_shared();
	session->mutant = find_mutant();
	groups_open(&session->groups);
	describe_shield(session);
	if (wants->lab_wanted && lab_open(wants->lab, &session->lab, &why) < 0) {
		arm_text(session->lab_reason, "no lab: %s", why.msg);
		lab_close(&session->lab);
	} else {
		session->lab_is_open = wants->lab_wanted;
	}
	*ret = session;
	return 0;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	if (session->lab_is_open)
		lab_close(&session->lab);
	free(session);
}

void session_override(struct session *session, const struct target_pair *sets,
		      size_t count)
{
	session->sets = sets;
	session->set_count = count;
	session->identified = false;
}

void session_distrust(struct session *session, const char *reason)
{
	session->distrust = reason;
}

const char *session_shield(const struct session *session)
{
	return session->shield;
}

void session_arm(const struct session *session, enum arm_kind kind,
		 const struct probe *probe, struct arena *arena, struct arm *arm)
{
	*arm = (struct arm){
		.kind = kind,
		.wants = session->wants,
		.probe = probe,
		.sets = session->sets,
		.set_count = session->set_count,
		.groups = &session->groups,
		.lab = probe_word(probe->setup, "lab") && session->lab_is_open
			       ? &session->lab
			       : NULL,
		.privileged = session->privileged,
		.deaf = session->mutant == MUTANT_DEAF,
		.caller_uid = session->uid,
		.caller_gid = session->gid,
		.caller_bounding = session->bounding,
		.shared_mounts = session->shared_mounts,
		.identity = &session->identity,
		.launcher_tasks = session->launcher_tasks,
		.arena = arena,
	};
}

int session_hold(const struct session *session, struct arena *arena, struct arm *arm,
		 struct watch *watch, struct err *err)
{
	session_arm(session, ARM_HOLD, &session_hold_probe, arena, arm);
	arm->script_text = session_hold_script;
	return prepare_arm(arm, err) < 0 ? -1 : watch_arm(arm, watch, err);
}

void session_end_text(const struct watch *watch, char text[RUN_TEXT_MAX])
{
	owned_str struct str visible = { 0 };
	int used;

	if (!watch->ended)
		used = snprintf(text, RUN_TEXT_MAX, "did not end in time");
	else if (WIFSIGNALED(watch->status))
		used = snprintf(text, RUN_TEXT_MAX, "killed by SIG%s",
				sigabbrev_np(WTERMSIG(watch->status)));
	else
		used = snprintf(text, RUN_TEXT_MAX, "exit %d",
				WEXITSTATUS(watch->status));
	if (watch->alive || watch->script_opened || !watch->words[0])
		return;
	str_add_visible(&visible, watch->words, strlen(watch->words),
			sizeof(watch->words));
	(void)snprintf(text + used, RUN_TEXT_MAX - (size_t)used, ": %s",
		       str_text(&visible));
}

static uint64_t own_user_namespace(void)
{
	struct stat about;

	return stat("/proc/self/ns/user", &about) == 0 ? about.st_ino : 0;
}

static void take_found(struct session *session, const struct watch *watch)
{
	struct identify_result *found = &session->found;
	bool exited = watch->ended && WIFEXITED(watch->status);

	found->shielded = true;
	found->ran = watch->alive;
	found->refused =
		!watch->alive && !watch->script_opened && exited &&
		target_is_refusal(session->wants->target, WEXITSTATUS(watch->status));
	found->uid = watch->alive ? (long)watch->owner : -1;
	if (!watch->alive)
		session_end_text(watch, found->detail);
	session->hangs = watch->timed_out && !watch->alive;
	/* Two ways to be in force: a cgroup that the script was seen in; or, for a caller who is
	 * not root, rlimits of a user namespace that nothing in the shield can leave, with the sum
	 * of memory watched and a deadline over all. Root is bound by no RLIMIT_NPROC. */
	session->bounded =
		watch->held.found &&
		(watch->held_bounded ||
		 (!session->privileged &&
		  !str_has_prefix(groups_text(&session->groups), "pids and memory")));
	if (!watch->alive)
		return;
	session->receipt_length = watch->receipt ? watch->receipt_length : 0;
	if (session->receipt_length)
		memcpy(session->receipt, watch->receipt_text, session->receipt_length);
	identity_set(&session->identity, &watch->facts, watch->owner, watch->owner_group,
		     session->privileged ? own_user_namespace() : 0);
	/* The script's shell and its helper are the script's, all else is the launcher's. */
	session->launcher_tasks = watch->most_tasks > 2 ? watch->most_tasks - 2 : 0;
}

static void know(struct session *session, struct arena *arena)
{
	struct watch *watch = watch_new();
	struct arm *arm = arena_alloc(arena, sizeof(*arm));
	struct err err;

	session->found = (struct identify_result){ .uid = -1 };
	session->identity = (struct identity){ .known = false };
	session->receipt_length = 0;
	if (session_hold(session, arena, arm, watch, &err) < 0)
		arm_text(session->found.detail, "%s", err.msg);
	else
		take_found(session, watch);
	watch_done(watch);
	str_done(&arm->variables);
}

void session_know(struct session *session)
{
	struct arena arena = { 0 };

	if (session->identified)
		return;
	session->identified = true;
	know(session, &arena);
	arena_done(&arena);
}

void session_identify(struct session *session, struct identify_result *ret)
{
	session_know(session);
	*ret = session->found;
}
