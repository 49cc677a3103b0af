/* SPDX-License-Identifier: Apache-2.0 */
/*
 * privilege - who the script is on the host, and that it can gain nothing
 *
 * A root caller gets a user namespace that maps one unprivileged identity onto itself, or really
 * changes to it. An unprivileged caller keeps its own identity, mapped onto itself.
 */
#include "runner/layer.h"

/* Those that this kernel has; it stops at its last: capabilities(7). */
#define EVERY_CAPABILITY UINT64_MAX

static bool is_root(const struct planner *planner)
{
	return planner->caps->uid == 0;
}

/* Identity that a root caller's script gets; 0 = it stays root. */
static void choose_identity(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	if (policy->privilege.mode == PRIVILEGE_INHERIT) {
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "mode inherit would run the script as host root; use "
				  "drop-to-uid");
		return;
	}
	if (policy->privilege.uid.set && policy->privilege.uid.value == 0) {
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "uid 0 is host root; give another uid, or none");
		return;
	}
	if (!planner_has(planner, CAPABILITY_SET_IDS)) {
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "the script would run as host root: %s",
				  planner_missing(planner, CAPABILITY_SET_IDS));
		return;
	}
	plan->uid = planner->request->uid;
	plan->gid = planner->request->gid;
	if (policy->privilege.gid.set && policy->privilege.gid.value != 0)
		plan->gid = (gid_t)policy->privilege.gid.value;
	if (policy->privilege.uid.set && policy->privilege.gid.set &&
	    policy->privilege.gid.value == 0)
		planner_downgrade(
			planner, LAYER_PRIVILEGE,
			"gid 0 is host root's group; give another gid, or none");
	if (policy->privilege.uid.set) {
		plan->uid = (uid_t)policy->privilege.uid.value;
		plan->gid = policy->privilege.gid.set ? (gid_t)policy->privilege.gid.value
						      : (gid_t)plan->uid;
	}
}

static void plan_user_namespace(struct planner *planner)
{
	struct plan *plan = planner->plan;
	bool root = is_root(planner);
	struct step *step;

	plan->own_user = planner_has(planner, CAPABILITY_USER_NAMESPACE) &&
			 (!root || planner_has(planner, CAPABILITY_ID_MAP));
	if (!plan->own_user)
		return;
	(void)planner_step(planner, OP_NS_USER);
	step = planner_step(planner, OP_ID_MAP);
	step->number = root;
	step->path = arena_printf(planner->arena, "%u %u 1", plan->uid, plan->uid);
	step->source = arena_printf(planner->arena, "%u %u 1", plan->gid, plan->gid);
}

/* The script holds no capability where it is, and must not make a place where it would. */
static void plan_none_below(struct planner *planner)
{
	static const char *const makers[] = { "clone", "clone3", "unshare", NULL };
	bool own_user = planner->plan->own_user;
	bool none = own_user && planner_has(planner, CAPABILITY_NONE_BELOW);
	bool filtered = planner_filters(planner, makers);

	planner_promise(planner, REQ(PRV_12),
			none || filtered ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (none)
		(void)planner_step(planner, OP_NONE_BELOW);
	else if (!filtered)
		planner_note(planner, LAYER_PRIVILEGE,
			     "the script may make user namespaces of its own: %s",
			     own_user ? planner_missing(planner, CAPABILITY_NONE_BELOW)
				      : "it is not in one where that could be forbidden");
}

/* What they may read, the script may. */
static void keep_groups(struct planner *planner)
{
	planner_downgrade(planner, LAYER_PRIVILEGE, "supplementary groups stay: %s",
			  planner_missing(planner, CAPABILITY_SET_GROUPS));
	planner_promise(planner, REQ(PRV_01) | REQ(FS_03), PROMISE_DEGRADED);
}

static void plan_root_caller(struct planner *planner)
{
	struct plan *plan = planner->plan;
	struct step *step;

	choose_identity(planner);
	plan_user_namespace(planner);
	if (planner_has(planner, CAPABILITY_SET_GROUPS))
		(void)planner_step(planner, OP_GROUPS);
	else
		keep_groups(planner);
	if (plan->uid == 0)
		return;
	if (!plan->own_user)
		(void)planner_step(planner, OP_KEEP_CAPABILITIES);
	step = planner_step(planner, OP_IDENTITY);
	step->number = plan->uid;
	step->flags = plan->gid;
}

/* An identity that was asked for by name is taken, or is missing. */
static void miss_identity(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	const struct plan *plan = planner->plan;

	if (policy->privilege.mode == PRIVILEGE_INHERIT)
		return;
	if (policy->privilege.uid.set && policy->privilege.uid.value != plan->uid)
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "uid %u is not to be had: only root can give a run "
				  "another identity than its caller's, %u",
				  (unsigned int)policy->privilege.uid.value, plan->uid);
	else if (policy->privilege.gid.set && policy->privilege.gid.value != plan->gid)
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "gid %u is not to be had: only root can give a run "
				  "another group than its caller's, %u",
				  (unsigned int)policy->privilege.gid.value, plan->gid);
}

static void plan_user_caller(struct planner *planner)
{
	const struct capabilities *caps = planner->caps;

	miss_identity(planner);

	plan_user_namespace(planner);
	for (size_t i = 0; i < caps->group_count; i++)
		planner_note(
			planner, LAYER_PRIVILEGE,
			"supplementary group %u of the caller stays effective for files",
			(unsigned int)caps->groups[i]);
}

/* Only who holds CAP_SETPCAP can drop from it: root, and whoever made a user namespace. */
static bool drops_bounding(const struct planner *planner)
{
	return is_root(planner) || planner->plan->own_user;
}

static void plan_bounding(struct planner *planner)
{
	if (drops_bounding(planner))
		planner_step(planner, OP_BOUNDING)->flags = EVERY_CAPABILITY;
	else
		planner_downgrade(planner, LAYER_PRIVILEGE,
				  "the capability bounding set stays the caller's, with "
				  "no_new_privs alone in front of it: %s",
				  planner_missing(planner, CAPABILITY_USER_NAMESPACE));
}

static void promise_privilege(struct planner *planner)
{
	struct plan *plan = planner->plan;
	bool roots = !plan->uid || (is_root(planner) && !plan->gid);
	enum promise held = roots ? PROMISE_DEGRADED : PROMISE_ENFORCED;
	bool alone = is_root(planner) && plan->uid && planner->request->uid_exclusive;

	planner_promise(planner, REQ(PRV_13), held);
	planner_promise(planner, REQ(PRV_01),
			drops_bounding(planner) ? held : PROMISE_DEGRADED);
	planner_promise(planner, REQ(FD_01), PROMISE_ENFORCED);
	planner_promise(planner, REQ(PRV_11),
			alone ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (!is_root(planner))
		plan->mechanism[LAYER_PRIVILEGE] =
			plan->own_user
				? "user namespace with the caller's unprivileged uid "
				  "mapped onto "
				  "itself, no_new_privs, no capabilities, own session"
				: "the caller's unprivileged uid, no_new_privs, own "
				  "session";
	else
		plan->mechanism[LAYER_PRIVILEGE] =
			plan->own_user
				? "user namespace with a 1:1 map of one identity, "
				  "no_new_privs, no capabilities, own session"
				: "setgroups/setresgid/setresuid, no_new_privs, no "
				  "capabilities, own session";
}

int plan_privilege(struct planner *planner, struct err *err)
{
	(void)err;
	if (!planner->policy->enabled)
		return 0;
	planner->plan->asked[LAYER_PRIVILEGE] = true;
	planner->plan->enforced[LAYER_PRIVILEGE] = true; /* unless downgraded */
	if (is_root(planner))
		plan_root_caller(planner);
	else
		plan_user_caller(planner);
	plan_none_below(planner);
	(void)planner_step(planner, OP_UMASK);
	plan_bounding(planner);
	(void)planner_step(planner, OP_CAPABILITIES);
	(void)planner_step(planner, OP_NO_NEW_PRIVILEGES);
	(void)planner_step(planner, OP_SESSION);
	(void)planner_step(planner, OP_DESCRIPTORS);
	promise_privilege(planner);
	return 0;
}
