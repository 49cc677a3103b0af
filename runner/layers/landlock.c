/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landlock - the domain: a second wall behind the mounts, or the only one where there are none
 *
 * Behind the mounts its rules are read off the plan, so that whatever another layer attaches is
 * allowed as it was attached. Alone it names the same trees on the host. Planned last.
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/domain.h"
#include "runner/layer.h"
#include "runner/plan.h"
#include <string.h>

#define OUTSIDE "/run/confine/outside"
/* The process's own name: writable for itself wherever there is a /proc. */
#define OWN_NAME "/proc/self/comm"

static bool is_confined(const struct policy *policy)
{
	return policy->enabled && policy->filesystem.mode != FILESYSTEM_OFF;
}

unsigned int planner_landlock(const struct planner *planner)
{
	const struct policy *policy = planner->policy;
	unsigned int abi = planner->caps->landlock_abi;

	if (!is_confined(policy) || policy->filesystem.landlock == MODE_OFF ||
	    !planner_has(planner, CAPABILITY_LANDLOCK))
		return 0;
	/* A second wall that nobody asked for must not be in the way of mv and ln. */
	if (abi < DOMAIN_ABI_MOVES && policy->filesystem.landlock == MODE_AUTO &&
	    planner_has_root(planner))
		return 0;
	return abi < DOMAIN_ABI ? abi : DOMAIN_ABI;
}

bool planner_is_closed(const struct planner *planner)
{
	return planner_is_apart(planner) || planner_landlock(planner) > 0;
}

static void allow(struct planner *planner, const char *path, enum domain_grant grant)
{
	struct step *step = planner_step(planner, OP_LANDLOCK_ALLOW);

	step->path = path;
	step->flags = grant;
}

static enum domain_grant grant_of(const struct step *step)
{
	static const enum domain_grant grants[] = {
		[BIND_READ_ONLY] = GRANT_RUN,
		[BIND_WRITABLE] = GRANT_WRITE,
		[BIND_DEVICE] = GRANT_DEVICE,
	};

	return str_equal(step->path, "/proc") ? GRANT_READ : grants[step->flags];
}

static void allow_attached(struct planner *planner)
{
	size_t count = planner->plan->count; /* grows below */

	allow(planner, "/", GRANT_LIST); /* ours, and not the host's: another inode */
	for (size_t i = 0; i < count; i++) {
		const struct step step = planner->plan->steps[i];

		if (step.op == OP_ATTACH)
			allow(planner, step.path, grant_of(&step));
		else if (step.op == OP_SCRATCH)
			allow(planner, step.path, GRANT_WRITE);
		else if (step.op == OP_SCRIPT)
			allow(planner, step.path, GRANT_RUN);
	}
}

static void allow_on_host(struct planner *planner)
{
	static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full",
					       "/dev/random", "/dev/urandom" };
	const struct capabilities *caps = planner->caps;
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const struct plan *plan = planner->plan;

	for (size_t i = 0; i < CAPABILITY_BASES; i++)
		if (caps->bases[i].here)
			allow(planner, caps->bases[i].path, GRANT_RUN);
	for (size_t i = 0; i < list->count; i++)
		allow(planner, list->items[i], GRANT_RUN);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		allow(planner, devices[i], GRANT_DEVICE);
	allow(planner, "/proc", GRANT_READ);
	allow(planner, plan->scratch, GRANT_WRITE);
	for (unsigned int i = 0; i < plan->file_count; i++)
		allow(planner, plan->files[i].path, GRANT_RUN);
	if (planner->request->modules)
		allow(planner, planner->request->modules, GRANT_RUN);
	if (planner->request->command_bind)
		allow(planner, planner->request->command_bind, GRANT_RUN);
}

static bool is_below(const char *path, const char *tree)
{
	size_t length = strlen(tree);

	return !strncmp(path, tree, length) && path[length] == '/';
}

/* The tree in which a rule lets everything be written, around a path that is to stay as it is. */
static const char *writable_around(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].op == OP_LANDLOCK_ALLOW &&
		    plan->steps[i].flags == GRANT_WRITE &&
		    is_below(path, plan->steps[i].path))
			return plan->steps[i].path;
	return NULL;
}

/* Rules add up on the way to the root, and none takes away. */
static bool is_written_around(struct planner *planner)
{
	const struct plan *plan = planner->plan;
	bool any = false;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step step = plan->steps[i];
		const char *around =
			step.op == OP_LANDLOCK_ALLOW && step.flags != GRANT_WRITE
				? writable_around(plan, step.path)
				: NULL;

		if (!around)
			continue;
		any = true;
		planner_note(
			planner, LAYER_FILESYSTEM,
			"Landlock does not keep %s from being written, for it lies in "
			"%s",
			step.path, around);
	}
	return any;
}

/* "truncating files, ioctl on devices"; "" = nothing is lacking. */
static const char *list_gaps(struct planner *planner, unsigned int abi, bool tcp)
{
	const char *text = "";

	for (size_t i = 0; i < domain_gap_count; i++)
		if (domain_gaps[i].since > abi && (tcp || !domain_gaps[i].tcp))
			text = arena_printf(planner->arena, "%s%s%s", text,
					    *text ? ", " : "", domain_gaps[i].lacks);
	return text;
}

/* Loopback is promised to be usable where it is the run's own: then TCP is left alone. */
static bool refuses_tcp(const struct planner *planner)
{
	const struct policy *policy = planner->policy;

	return !plan_find(planner->plan, OP_NS_NETWORK) &&
	       (policy->network.mode == NETWORK_DENY ||
		(policy->network.mode == NETWORK_ALLOWLIST &&
		 !policy->network.allow_count));
}

static void handle(struct planner *planner, unsigned int abi)
{
	struct step *step = planner_step(planner, OP_LANDLOCK_HANDLE);
	bool tcp = refuses_tcp(planner);
	const char *gaps = list_gaps(planner, abi, tcp);

	struct domain *domain = arena_alloc(planner->arena, sizeof(*domain));

	*domain = domain_handled(abi, tcp);
	step->number = abi;
	step->flags = tcp;
	step->domain = domain;
	if (*gaps)
		planner_note(planner, LAYER_FILESYSTEM,
			     "Landlock ABI %u has no right over: %s", abi, gaps);
}

static void plan_wall(struct planner *planner, unsigned int abi)
{
	struct plan *plan = planner->plan;
	struct step *step = planner_step(planner, OP_LANDLOCK_OUTSIDE);
	bool held = abi >= DOMAIN_ABI_CONTENT && plan->uid;

	step->path = OUTSIDE;
	handle(planner, abi);
	allow_attached(planner);
	held = !is_written_around(planner) && held;
	/* Where the caller's processes are in reach but for it, it is no second wall there. */
	step = planner_step(planner, planner_is_apart(planner) ? OP_LANDLOCK_WALL
							       : OP_LANDLOCK_ALONE);
	step->path = OUTSIDE;
	step->source = plan_find(plan, OP_PROC_OPEN) ? OWN_NAME : NULL;
	plan->mechanism[LAYER_FILESYSTEM] =
		arena_printf(planner->arena, "%s; Landlock ABI %u inside it",
			     plan->mechanism[LAYER_FILESYSTEM], abi);
	planner_promise(planner, REQ(FS_21), held ? PROMISE_ENFORCED : PROMISE_DEGRADED);
}

static void plan_alone(struct planner *planner, unsigned int abi)
{
	struct step *step;

	handle(planner, abi);
	allow_on_host(planner);
	(void)is_written_around(planner); /* FS-01 is not promised here anyway */
	step = planner_step(planner, OP_LANDLOCK_ALONE);
	step->path = "/";
	step->source = OWN_NAME;
	planner_promise(planner, REQ(FS_21), PROMISE_DEGRADED);
}

/* Who asked for it by name is refused; who did not is told. */
static void plan_without(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	bool has = planner_has(planner, CAPABILITY_LANDLOCK);
	const char *why = !is_confined(policy)
				  ? "it needs mode scratch-only or scratch-plus-ro"
			  : has ? "its first version refuses every move and link "
				  "between directories; on adds it all the same"
				: planner_missing(planner, CAPABILITY_LANDLOCK);

	if (policy->filesystem.landlock == MODE_ON)
		planner_downgrade(planner, LAYER_FILESYSTEM, "no Landlock domain: %s",
				  why);
	else if (is_confined(policy) && policy->filesystem.landlock == MODE_AUTO)
		planner_note(planner, LAYER_FILESYSTEM, "no Landlock domain: %s", why);
	if (is_confined(policy) && policy->filesystem.landlock != MODE_OFF)
		planner_promise(planner, REQ(FS_21), PROMISE_DEGRADED);
}

int plan_landlock(struct planner *planner, struct err *err)
{
	unsigned int abi = planner_landlock(planner);

	(void)err;
	if (!planner->policy->enabled)
		return 0;
	if (!abi)
		plan_without(planner);
	else if (planner->plan->own_root)
		plan_wall(planner, abi);
	else
		plan_alone(planner, abi);
	return 0;
}
