/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filesystem - a root of its own: what upstream shows of the host, read-only, nothing else of it
 *
 * Sources are opened while the host is still in view; everything is attached after pivot_root, by
 * paths that start at the new root and so cannot lead out of it.
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/hostnames.h"
#include "runner/layer.h"
#include <linux/mount.h>
#include <string.h>

static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full",
				       "/dev/urandom" };

static const struct {
	const char *path, *target;
} links[] = {
	{ "/dev/random", "urandom" }, /* one and the same once seeded, since Linux 5.6 */
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/shm", "/tmp/.shm" }, /* one bound over everything writable */
	{ "/var/tmp", "/tmp" },
};

#define INERT (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

static const uint64_t attributes[] = {
	[BIND_READ_ONLY] = MOUNT_ATTR_RDONLY | INERT,
	[BIND_WRITABLE] = INERT,
	[BIND_DEVICE] = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
};

static void bind_path(struct planner *planner, const char *source, const char *path,
		      enum bind kind)
{
	unsigned int slot = planner->plan->slots++;
	struct step *step = planner_step(planner, OP_OPEN);

	step->source = source;
	step->flags = kind;
	step->slot = slot;
	step->attributes = attributes[kind];
	step = planner_step(planner, OP_ATTACH);
	step->path = path;
	step->flags = kind;
	step->slot = slot;
}

static void plan_bases(struct planner *planner)
{
	for (size_t i = 0; i < CAPABILITY_BASES; i++) {
		const char *path = planner->caps->bases[i].path;

		if (!planner->caps->bases[i].here)
			continue;
		if (planner->caps->bases[i].link[0]) {
			struct step *step = planner_step(planner, OP_LINK);

			step->path = path;
			step->source = planner->caps->bases[i].link;
		} else {
			bind_path(planner, path, path, BIND_READ_ONLY);
		}
	}
}

static bool is_at_or_below(const char *path, const char *tree)
{
	size_t length = strlen(tree);

	return !strncmp(path, tree, length) && (path[length] == '/' || !path[length]);
}

/* What a link in an entry of readOnly leads to: both are shown anyway, and a second place for a tree
 * would show there what is hidden in the first. NULL: no link. */
static const char *lead_of(const struct planner *planner, size_t index)
{
	const char *const *leads = planner->request->read_only_leads;

	return leads ? leads[index] : NULL;
}

/* Where an entry of hide is: what a link leads to is what a script would read. */
static const char *hidden_path(const struct planner *planner, size_t index)
{
	const char *const *leads = planner->request->hide_leads;

	return leads && leads[index] ? leads[index]
				     : planner->policy->filesystem.hide.items[index];
}

/* A directory of scratch itself, or of something in it that is read-only? */
static bool is_written(const struct planner *planner, const char *path)
{
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const char *scratch = planner->request->scratch;
	const char *modules = planner->request->modules;

	for (size_t i = 0; i < list->count; i++)
		if (!lead_of(planner, i) && strlen(list->items[i]) > strlen(scratch) &&
		    is_at_or_below(path, list->items[i]))
			return false;
	return !modules || strlen(modules) <= strlen(scratch) ||
	       !is_at_or_below(path, modules);
}

static void bind_of_length(struct planner *planner, size_t length)
{
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const char *scratch = planner->request->scratch;
	const char *modules = planner->request->modules;
	const char *const *held = planner->request->held;

	for (size_t i = 0; i < list->count; i++)
		if (strlen(list->items[i]) == length && !lead_of(planner, i))
			bind_path(planner, list->items[i], list->items[i],
				  BIND_READ_ONLY);
	if (modules && strlen(modules) == length)
		bind_path(planner, modules, modules, BIND_READ_ONLY);
	if (scratch && strlen(scratch) == length)
		bind_path(planner, scratch, scratch, BIND_WRITABLE);
	/* Over themselves: a mount point is neither moved nor removed (rename(2), EBUSY). */
	for (; held && *held; held++)
		if (strlen(*held) == length && is_written(planner, *held))
			bind_path(planner, *held, *held, BIND_WRITABLE);
}

/* Parents before what lies in them, whatever order the policy has. */
static void plan_binds(struct planner *planner)
{
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const char *const *held = planner->request->held;
	const char *others[] = { planner->request->scratch, planner->request->modules };
	size_t longest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i] && strlen(others[i]) > longest)
			longest = strlen(others[i]);
	for (size_t i = 0; i < list->count; i++)
		if (strlen(list->items[i]) > longest)
			longest = strlen(list->items[i]);
	for (; held && *held; held++)
		if (strlen(*held) > longest)
			longest = strlen(*held);
	for (size_t length = 1; length <= longest; length++)
		bind_of_length(planner, length);
	if (planner->request->command_bind)
		bind_path(planner, planner->request->command_bind,
			  planner->request->command_bind, BIND_READ_ONLY);
}

static bool is_in_base(const struct planner *planner, const char *path)
{
	for (size_t i = 0; i < CAPABILITY_BASES; i++)
		if (planner->caps->bases[i].here &&
		    is_at_or_below(path, planner->caps->bases[i].path))
			return true;
	return false;
}

/* Is anything of it in what a policy shows? */
static bool is_shown(const struct planner *planner, const char *path)
{
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const char *scratch = planner->request->scratch;

	if (is_in_base(planner, path))
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (is_at_or_below(path, list->items[i]))
			return true;
	return scratch && is_at_or_below(path, scratch);
}

static void hide(struct planner *planner, const char *path)
{
	const char *scratch = planner->request->scratch;
	struct step *step = planner_step(planner, OP_HIDE);

	step->path = path;
	step->flags = scratch && is_at_or_below(path, scratch);
	/* nosuid and nodev are those of the root, which what covers is a part of */
	step->attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC;
}

static void plan_hide(struct planner *planner)
{
	const struct path_list *list = &planner->policy->filesystem.hide;

	for (size_t i = 0; i < list->count; i++)
		hide(planner, hidden_path(planner, i));
	if (planner->caps->uid == 0)
		return;
	for (size_t i = 0; capability_secrets[i]; i++)
		hide(planner, capability_secrets[i]);
}

static void plan_names(struct planner *planner)
{
	const struct hostnames *names = planner->request->names;
	struct step *step;

	if (!names)
		return;
	step = planner_step(planner, OP_NAMES);
	step->path = HOSTNAMES_FILE;
	step->source = names->hosts;
	step->number = names->length;
	step->attributes = INERT | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC;
}

/* A link in whose place the policy or the caller wants something of the host would carry it
 * elsewhere: the place is then a plain directory of the read-only root. */
static bool is_wanted_below(const struct planner *planner, const char *link)
{
	const struct path_list *list = &planner->policy->filesystem.read_only;
	const struct request *request = planner->request;
	const char *wanted[] = { request->scratch, request->command_bind,
				 request->modules };
	size_t length = strlen(link);

	for (size_t i = 0; i < list->count; i++)
		if (!strncmp(list->items[i], link, length) &&
		    (list->items[i][length] == '/' || !list->items[i][length]))
			return true;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (wanted[i] && !strncmp(wanted[i], link, length) &&
		    wanted[i][length] == '/')
			return true;
	return false;
}

static void plan_links(struct planner *planner)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct step *step;

		if (is_wanted_below(planner, links[i].path))
			continue;
		step = planner_step(planner, OP_LINK);
		step->path = links[i].path;
		step->source = links[i].target;
	}
}

static void plan_proc(struct planner *planner)
{
	struct plan *plan = planner->plan;
	struct step *step;

	if (!plan->own_pids || !planner_has(planner, CAPABILITY_PROC)) {
		planner_note(planner, LAYER_LIFECYCLE, "there is no /proc inside: %s",
			     plan->own_pids ? planner_missing(planner, CAPABILITY_PROC)
					    : "it would be the host's");
		planner_promise(planner, REQ(PRC_11),
				plan->own_pids ? PROMISE_ENFORCED : PROMISE_DEGRADED);
		return;
	}
	step = planner_step(planner, OP_PROC_OPEN);
	step->slot = plan->slots;
	step->attributes = INERT | MOUNT_ATTR_NOEXEC;
	step = planner_step(planner, OP_ATTACH);
	step->path = "/proc";
	step->slot = plan->slots++;
	planner_promise(planner, REQ(PRC_11), PROMISE_ENFORCED);
}

static void plan_root(struct planner *planner)
{
	static const enum op simple[] = { OP_NS_MOUNT, OP_PROPAGATION,   OP_READ_ONLY,
					  OP_NOSUID,   OP_NODEV,         OP_RECURSIVE,
					  OP_PIVOT,    OP_ROOT_READ_ONLY };
	struct step *step;

	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		(void)planner_step(planner, simple[i]);
	/* Room for the script's text, for names and for the directories, no more. */
	step = planner_step(planner, OP_ROOT);
	step->attributes = INERT;
	step->number = planner->request->script_length +
		       planner->request->context_length + (1U << 20) +
		       (planner->request->names ? planner->request->names->length : 0);
	step->source =
		arena_printf(planner->arena, "%llu", (unsigned long long)step->number);
	step = planner_step(planner, OP_DIRECTORY);
	step->path = RUNTIME_DIRECTORY;
	step->flags = 0755;
	if (planner->request->modules) {
		step = planner_step(planner, OP_LINK);
		step->path = RUNTIME_DIRECTORY "/node_modules";
		step->source = planner->request->modules;
	}
	plan_bases(planner);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		bind_path(planner, devices[i], devices[i], BIND_DEVICE);
	plan_links(planner);
	plan_proc(planner);
	plan_binds(planner);
	plan_names(planner);
	plan_hide(planner);
}

/* The host's files as they are, by the policy's own wish; a /proc of its own all the same. */
static void plan_off(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	plan->enforced[LAYER_FILESYSTEM] = true;
	plan->mechanism[LAYER_FILESYSTEM] = "none: the host's files, as the policy asks";
	if (policy->filesystem.hide.count || policy->filesystem.read_only.count)
		planner_downgrade(
			planner, LAYER_FILESYSTEM,
			"hide and readOnly need mode scratch-only or scratch-plus-ro");
	if (!plan->own_pids || !planner_has(planner, CAPABILITY_PROC) ||
	    !planner_has_namespace(planner, CAPABILITY_MOUNT_NAMESPACE)) {
		planner_promise(planner, REQ(PRC_11), PROMISE_DEGRADED);
		return;
	}
	(void)planner_step(planner, OP_NS_MOUNT);
	(void)planner_step(planner, OP_PROPAGATION);
	plan_proc(planner);
}

static bool plan_own_root(struct planner *planner)
{
	struct plan *plan = planner->plan;

	if (!planner_has_root(planner))
		return false;
	plan->own_root = true;
	plan_root(planner);
	planner_promise(planner,
			REQ(FS_01) | REQ(FS_03) | REQ(FS_11) | REQ(FS_12) | REQ(DEV_21),
			PROMISE_ENFORCED);
	if (!plan->uid) /* who owns what /proc/sys shows may write it, and /etc/shadow is root's */
		planner_promise(planner, REQ(FS_01) | REQ(FS_03) | REQ(DEV_21),
				PROMISE_DEGRADED);
	plan->enforced[LAYER_FILESYSTEM] = true;
	plan->mechanism[LAYER_FILESYSTEM] =
		"mount namespace + pivot_root, recursively read-only, nosuid, nodev";
	return true;
}

static const char *missing_root(const struct planner *planner)
{
	return planner_missing(planner,
			       planner_has_namespace(planner, CAPABILITY_MOUNT_NAMESPACE)
				       ? CAPABILITY_PRIVATE_ROOT
				       : CAPABILITY_MOUNT_NAMESPACE);
}

/* A rule shows a whole tree: what is to be hidden in it stays in view. */
static bool hides_in_vain(struct planner *planner)
{
	const struct path_list *list = &planner->policy->filesystem.hide;
	bool any = false;

	for (size_t i = 0; i < list->count; i++) {
		if (!is_shown(planner, hidden_path(planner, i)))
			continue;
		any = true;
		planner_downgrade(planner, LAYER_FILESYSTEM,
				  "%s is not hidden: Landlock shows a tree as a whole",
				  list->items[i]);
	}
	return any;
}

/* The rules: layers/landlock.c. */
static bool plan_landlock_alone(struct planner *planner)
{
	unsigned int abi = planner_landlock(planner);
	bool vain;

	if (!abi)
		return false;
	planner_downgrade(
		planner, LAYER_FILESYSTEM,
		"no root of its own: Landlock alone keeps the host's files from "
		"being read and written; names stay in view, and modes, owners, "
		"times and attributes of the caller's own files can be changed: "
		"%s",
		missing_root(planner));
	vain = hides_in_vain(planner);
	planner_promise(planner,
			REQ(FS_01) | REQ(FS_11) | REQ(FS_12) | REQ(PRC_11) | REQ(DEV_21) |
				REQ(LIF_21) | REQ(RPT_22),
			PROMISE_DEGRADED);
	planner_promise(planner, REQ(FS_03),
			vain || planner->caps->reads_secrets || !planner->plan->uid
				? PROMISE_DEGRADED
				: PROMISE_ENFORCED);
	planner->plan->mechanism[LAYER_FILESYSTEM] = arena_printf(
		planner->arena, "Landlock ABI %u alone, the host's files", abi);
	return true;
}

static bool plan_nothing(struct planner *planner)
{
	planner_downgrade(planner, LAYER_FILESYSTEM,
			  "no root of its own, the host's files stay in view: %s",
			  missing_root(planner));
	planner_promise(planner,
			REQ(FS_01) | REQ(FS_03) | REQ(FS_11) | REQ(FS_12) | REQ(PRC_11) |
				REQ(DEV_21) | REQ(LIF_21) | REQ(RPT_22),
			PROMISE_DEGRADED);
	planner->plan->mechanism[LAYER_FILESYSTEM] = "none: the host's files";
	return true;
}

/* Strongest first; the first that can be had is the one. */
static bool (*const rungs[])(struct planner *) = {
	plan_own_root,
	plan_landlock_alone,
	plan_nothing,
};

int plan_filesystem(struct planner *planner, struct err *err)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;

	(void)err;
	if (!policy->enabled)
		return 0;
	plan->asked[LAYER_FILESYSTEM] = policy->filesystem.mode != FILESYSTEM_OFF;
	if (!plan->asked[LAYER_FILESYSTEM]) {
		plan_off(planner);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rungs); i++)
		if (rungs[i](planner))
			break;
	return 0;
}
