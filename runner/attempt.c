/* SPDX-License-Identifier: Apache-2.0 */
/* attempt - see attempt.h. The steps are the trial: what fails before exec is ruled out. */
#include "runner/attempt.h"
#include "runner/base/own.h"
#include "runner/hostnames.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#ifdef CONFINE_SABOTAGE
static int make_done(struct attempt *attempt, struct err *err)
{
	attempt->done = attempt->claims;
	if (!attempt->sabotage.any)
		return 0;
	return sabotage_plan(&attempt->sabotage, &attempt->claims, attempt->arena,
			     &attempt->done, err);
}

static const bool *trusted_steps(const struct attempt *attempt)
{
	return attempt->sabotage.unchecked;
}
#else
static int make_done(struct attempt *attempt, struct err *err)
{
	(void)err;
	attempt->done = attempt->claims;
	return 0;
}

static const bool *trusted_steps(const struct attempt *attempt)
{
	(void)attempt;
	return NULL;
}
#endif

struct attempt *attempt_new(void)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	if (attempt) {
		attempt->identity.lock = -1;
		attempt->view.proc = -1;
		attempt->view.init = -1;
		attempt->view.writable = -1;
		return attempt;
	}
	arena_out_of_memory();
}

/* Where the kernel put our arguments and our environment: one block, argv first. */
static void find_arguments(struct attempt *attempt, char **argv)
{
	char *end = argv[0] + strlen(argv[0]) + 1;

	attempt->arguments = program_invocation_name; /* argv[0] of the whole program */
	for (char **at = argv; *at; at++)
		if (*at + strlen(*at) + 1 > end)
			end = *at + strlen(*at) + 1;
	for (char **at = environ; *at; at++)
		if (*at >= end && *at + strlen(*at) + 1 > end)
			end = *at + strlen(*at) + 1;
	attempt->arguments_end = end;
}

static bool changes_calls(const struct policy *policy)
{
	return policy->enabled && policy->syscalls.mode != SYSCALLS_OFF &&
	       policy->syscalls.allow.count + policy->syscalls.refuse.count > 0;
}

/* A filter of the policy's own is made before everything else: the plan only has to know it. */
static int make_filter(struct attempt *attempt, struct err *err)
{
	const struct policy *policy = attempt->policy;
	bool strict = policy->syscalls.mode == SYSCALLS_STRICT;
	struct filter_program *made = arena_alloc(attempt->arena, sizeof(*made));

	if (filter_custom(strict ? FILTER_STRICT : FILTER_DEFAULT,
			  policy->syscalls.allow.items, policy->syscalls.refuse.items,
			  attempt->arena, made, err) == 0) {
		attempt->request->filter = made;
		return 0;
	}
	if (err->sys && !capability_is_told_by(err->sys))
		return -1;
	capabilities_rule_out(&attempt->caps, CAPABILITY_FILTER, "%s", err->msg);
	return 0;
}

static int resolve_names(struct attempt *attempt, struct err *err)
{
	struct hostnames *names = arena_alloc(attempt->arena, sizeof(*names));

	attempt->request->names = names;
	return hostnames_resolve(attempt->policy, attempt->arena, names, err);
}

int attempt_init(struct attempt *attempt, const struct policy *policy,
		 struct request *request, char **argv, struct arena *arena,
		 struct err *err)
{
	attempt->policy = policy;
	attempt->request = request;
	attempt->arena = arena;
	find_arguments(attempt, argv);
	capabilities_presume(&attempt->caps);
	if (policy->enabled && policy->resources.tree_cpu_seconds.set)
		capabilities_find_cpu(&attempt->caps);
	if (changes_calls(policy) && make_filter(attempt, err) < 0)
		return -1;
	if (hostnames_are_wanted(policy) && resolve_names(attempt, err) < 0)
		return -1;
	if (attempt->caps.uid != 0 || !policy->enabled || policy->privilege.uid.set ||
	    policy->privilege.mode != PRIVILEGE_DROP_TO_UID)
		return 0;
	if (identity_take(&attempt->identity, err) < 0) {
		if (!capability_is_told_by(err->sys))
			return -1;
		capabilities_rule_out(&attempt->caps, CAPABILITY_SET_IDS, "%s", err->msg);
		return 0;
	}
	request->uid = attempt->identity.uid;
	request->gid = attempt->identity.gid;
	request->uid_exclusive = true;
	return 0;
}

/* Errors that speak of the path that was asked for, not of what the host can do. */
static bool is_about_path(int sys)
{
	return sys == ENOENT || sys == ENOTDIR || sys == EACCES || sys == ELOOP ||
	       sys == ENAMETOOLONG || sys == EROFS || sys == ENOTEMPTY;
}

static int blame_request(const struct attempt *attempt, const struct step *step, int sys,
			 struct err *err)
{
	const char *name = err_name(sys);

	if (step->op == OP_OPEN)
		return err_policy(err, "filesystem", "%s cannot be shown inside: %s",
				  step->source, name);
	if (step->op == OP_NAMES)
		return err_policy(err, "network",
				  "/network/names: %s cannot be shown inside: %s",
				  step->path, name);
	if (step->op == OP_HIDE)
		return err_policy(err, "filesystem", "%s cannot be hidden: %s",
				  step->path, name);
	if (step->op == OP_ATTACH)
		return err_policy(err, "filesystem",
				  "there is no place for %s inside: %s", step->path,
				  name);
	if (step->source)
		return err_policy(
			err, "scratch",
			"uid %u cannot write %s (%s): chown it to that uid, open its "
			"mode, or name its owner in /privilege/uid",
			attempt->done.uid, step->source, name);
	return err_policy(err, "scratch",
			  "the working directory %s is not visible inside: %s",
			  step->path, name);
}

static bool lost_any(const struct capabilities *caps, const bool *before)
{
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		if (before[i] && !caps->is[i].here)
			return true;
	return false;
}

/* Whose move is it? 0: plan again with less; -1: there is no way on, and err says why. */
static int diagnose(struct attempt *attempt, struct err *err)
{
	const struct step *step = attempt->spawn.failed;
	bool before[CAPABILITY_COUNT];
	enum capability needs = step ? step_rows[step->op].needs : CAPABILITY_NONE;
	int sys = err->sys;

	if (!capability_is_told_by(sys))
		return -1;
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		before[i] = attempt->caps.is[i].here;
	if (attempt->spawn.clone_failed) {
		capabilities_try_namespaces(&attempt->caps, attempt->done.own_user);
		return lost_any(&attempt->caps, before) ? 0 : -1;
	}
	if (step &&
	    (step->op == OP_WORKING_DIRECTORY || step->op == OP_HIDE ||
	     (step->op == OP_NAMES && is_about_path(sys)) ||
	     ((step->op == OP_OPEN || step->op == OP_ATTACH) && is_about_path(sys))))
		return blame_request(attempt, step, sys, err);
	if (needs == CAPABILITY_NONE)
		return -1;
	if (attempt->spawn.swap_failed)
		needs = CAPABILITY_CGROUP_SWAP;
	capabilities_rule_out(&attempt->caps, needs, "%s", err->msg);
	for (unsigned int i = 0; step->op == OP_CGROUP_ENTER && i < GROUP_COUNT; i++)
		capabilities_rule_out(&attempt->caps, step_rows[groups_op(i)].needs, "%s",
				      err->msg);
	return lost_any(&attempt->caps, before) ? 0 : -1;
}

static int stand(struct attempt *attempt, struct err *err)
{
	struct spawn *spawn = &attempt->spawn;
	struct view *view = &attempt->view;

	view->spawn = spawn;
	view->arena = attempt->arena;
	/* What is looked at shares no page with the plan, of which init gets a copy: pages.h. */
	arena_turn(attempt->arena);
	if (spawn_start(&attempt->done, attempt->arguments, attempt->arguments_end, spawn,
			err) < 0)
		return -1;
	verify_look_outside(view);
	spawn->signals = view->own_signals;
	if (spawn_await_mounted(spawn, err) < 0)
		return -1;
	verify_look_at_init(view);
	if (spawn_await_ready(spawn, err) < 0)
		return -1;
	verify_look(view);
	return 0;
}

/* Everything that has to be read first, then the door is closed, and that is read too. */
static int verify(struct attempt *attempt, struct err *err)
{
	const bool enabled = attempt->policy->enabled;

	if (enabled)
		verify_claims(&attempt->view, &attempt->done, trusted_steps(attempt),
			      &attempt->claims);
	if (spawn_guard(&attempt->spawn, err) < 0) {
		attempt->started = false;
		return -1;
	}
	if (enabled)
		verify_guard(&attempt->view, &attempt->done, trusted_steps(attempt),
			     &attempt->claims);
	return 0;
}

/* Until a child stands before its exec, with less at each try; without one: the policy refuses. */
static int settle(struct attempt *attempt, const struct policy *policy, struct err *err)
{
	for (unsigned int tries = 0; tries < CAPABILITY_COUNT; tries++) {
		if (plan_build(policy, &attempt->caps, attempt->request, attempt->arena,
			       &attempt->claims, err) < 0)
			return -1;
		if (plan_is_refused(&attempt->claims))
			return 0;
		if (make_done(attempt, err) < 0)
			return -1;
		if (stand(attempt, err) == 0) {
			attempt->started = true;
			return 0;
		}
		if (diagnose(attempt, err) < 0)
			return -1;
	}
	return err_set(err, ERR_INTERNAL, "lifecycle", "no plan was found");
}

static void stop(struct attempt *attempt)
{
	verify_done(&attempt->view);
	spawn_done(&attempt->spawn);
	attempt->started = false;
}

/* A refusal names all that is missing. What only trying can tell is tried as if the policy took
 * less, up to an exec that never comes. */
static int name_missing(struct attempt *attempt, struct err *err)
{
	struct policy *lenient = arena_alloc(attempt->arena, sizeof(*lenient));
	struct err ignored = { 0 };

	*lenient = *attempt->policy;
	lenient->on_unavailable = ON_UNAVAILABLE_DEGRADE;
	(void)settle(attempt, lenient, &ignored); /* what was found until then stays */
	if (attempt->started)
		stop(attempt);
	return plan_build(attempt->policy, &attempt->caps, attempt->request,
			  attempt->arena, &attempt->claims, err);
}

static int start(struct attempt *attempt, struct err *err)
{
	if (settle(attempt, attempt->policy, err) < 0)
		return -1;
	if (!attempt->started)
		return name_missing(attempt, err);
	if (verify(attempt, err) < 0)
		return -1;
	if (plan_is_refused(&attempt->claims))
		stop(attempt);
	return 0;
}

/* What is made on the way, outside and inside, has the modes that we mean; what the caller has us
 * write is the caller's again. */
int attempt_start(struct attempt *attempt, struct err *err)
{
	mode_t callers = umask(022);
	int result = start(attempt, err);

	(void)umask(callers > 0777 ? 077 : callers); /* a filter that knows no umask */
	return result;
}

void attempt_done(struct attempt *attempt)
{
	if (attempt->started)
		spawn_done(&attempt->spawn);
	verify_done(&attempt->view);
	identity_release(&attempt->identity);
}
