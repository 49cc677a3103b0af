/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scratch - the one place to write: a bounded tmpfs inside the private mount namespace, so that
 * nothing of it exists on the host and nothing needs removing; or the caller's own directory
 */
#include "runner/base/str.h"
#include "runner/layer.h"
#include "runner/plan.h"
#include <linux/mount.h>
#include <string.h>

#define DEFAULT_BYTES (UINT64_C(256) << 20)

static const char *const reserved[] = { "/usr",         "/bin", "/sbin", "/lib",
					"/lib64",       "/etc", "/proc", "/dev",
					"/run/confine", "/sys" };

static bool is_below(const char *path, const char *dir)
{
	size_t length = strlen(dir);

	return !strncmp(path, dir, length) && (path[length] == '/' || !path[length]);
}

/* The caller's directory appears at its own path: it must not cover what we put there. */
static int check_place(const char *path, struct err *err)
{
	if (str_equal(path, "/") || str_equal(path, "/tmp") || str_equal(path, "/run"))
		return err_policy(err, "scratch",
				  "--scratch %s: choose a directory below it", path);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (is_below(path, reserved[i]) || is_below(reserved[i], path))
			return err_policy(err, "scratch",
					  "--scratch %s: %s is not a place for scratch",
					  path, reserved[i]);
	return 0;
}

static uint64_t scratch_bytes(const struct policy *policy)
{
	const struct limit *scratch = &policy->filesystem.scratch_bytes;
	const struct limit *disk = &policy->resources.disk_bytes;

	if (scratch->set && disk->set)
		return scratch->value < disk->value ? scratch->value : disk->value;
	return scratch->set ? scratch->value : disk->set ? disk->value : DEFAULT_BYTES;
}

static bool is_bounded(const struct policy *policy)
{
	return policy->filesystem.scratch_bytes.set || policy->resources.disk_bytes.set;
}

static void plan_own_root(struct planner *planner)
{
	static const char *const mounters[] = { "mount", "fsmount", "move_mount", NULL };
	const char *wanted = planner->request->scratch;
	uint64_t bytes = scratch_bytes(planner->policy);
	/* A name without bytes takes kernel memory too: as many as pages, and room for a few. */
	uint64_t inodes = bytes / 4096 + 256;
	struct step *step = planner_step(planner, OP_SCRATCH_SIZE);

	step->number = bytes;
	step->source = arena_printf(planner->arena, "%llu", (unsigned long long)bytes);
	step->flags = inodes;
	step->path = arena_printf(planner->arena, "%llu", (unsigned long long)inodes);
	(void)planner_step(planner, OP_SCRATCH_INERT);
	step = planner_step(planner, OP_SCRATCH);
	step->path = "/tmp";
	step->source = "/tmp/scratch";
	step->attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	planner_limit(planner, "scratchBytes", bytes, SCOPE_TREE, "tmpfs size");
	if (planner->policy->resources.disk_bytes.set)
		planner_limit(planner, "diskBytes", bytes, SCOPE_TREE,
			      "size of the one tmpfs that everything writable is in");
	planner->plan->scratch = wanted ? wanted : "/tmp/scratch";
	planner->plan->enforced[LAYER_SCRATCH] = true;
	planner->plan->mechanism[LAYER_SCRATCH] =
		wanted ? "the caller's directory, nosuid, nodev; bounded tmpfs for the "
			 "rest"
		       : "bounded tmpfs in the private mount namespace, nosuid, nodev";
	planner_promise(planner, REQ(LIF_23),
			PROMISE_ENFORCED); /* it goes with the mount */
	planner_promise(planner, REQ(FS_02),
			planner->plan->uid &&
					!(wanted && planner->request->scratch_is_roots)
				? PROMISE_ENFORCED
				: PROMISE_DEGRADED);
	if (wanted && planner->request->scratch_is_roots)
		planner_note(planner, LAYER_SCRATCH,
			     "%s belongs to root, or to somebody whom this user "
			     "namespace does "
			     "not know; give it to another uid",
			     wanted);
	/* In a user namespace of its own the script could mount more of these. */
	planner_promise(planner, REQ(FS_13),
			wanted || !(plan_find(planner->plan, OP_NONE_BELOW) ||
				    planner_filters(planner, mounters))
				? PROMISE_DEGRADED
				: PROMISE_ENFORCED);
	if (wanted && is_bounded(planner->policy))
		planner_downgrade(
			planner, LAYER_SCRATCH,
			"scratchBytes and diskBytes cannot bound the caller's directory "
			"%s; leave --scratch out",
			wanted);
}

static void plan_host_directory(struct planner *planner)
{
	struct plan *plan = planner->plan;
	const char *wanted = planner->request->scratch;

	planner_step(planner, OP_HOST_SCRATCH)->path = planner->request->host_scratch;
	plan->scratch = wanted ? wanted
			       : arena_printf(planner->arena, "%s/scratch",
					      planner->request->host_scratch);
	plan->mechanism[LAYER_SCRATCH] =
		wanted ? "the caller's directory"
		       : "private directory on the host, removed after";
	planner_promise(planner, REQ(FS_02) | REQ(FS_13) | REQ(LIF_23), PROMISE_DEGRADED);
	if (plan->asked[LAYER_FILESYSTEM])
		planner_downgrade(planner, LAYER_SCRATCH,
				  "a directory of the host's, without a bound and in "
				  "view of its other processes, for want of a private "
				  "root");
	else if (is_bounded(planner->policy))
		planner_downgrade(planner, LAYER_SCRATCH,
				  "scratchBytes and diskBytes need a private root");
}

static void place_script(struct planner *planner)
{
	const struct request *request = planner->request;
	struct plan *plan = planner->plan;

	if (request->kind == RUN_COMMAND)
		return;
	plan->script_path = planner_file(
		planner, arena_printf(planner->arena, "script%s", request->suffix),
		request->script, request->script_length, 0555);
	if (request->runtime)
		planner_runtime_files(planner);
}

int plan_scratch(struct planner *planner, struct err *err)
{
	const struct request *request = planner->request;
	struct plan *plan = planner->plan;
	struct step *step;

	if (request->scratch && check_place(request->scratch, err) < 0)
		return -1;
	if (!planner->policy->enabled) {
		plan->scratch = request->scratch ? request->scratch : request->caller_cwd;
		if (request->kind != RUN_COMMAND)
			planner_step(planner, OP_HOST_SCRATCH)->path =
				request->host_scratch;
	} else {
		plan->asked[LAYER_SCRATCH] = true;
		if (plan->own_root)
			plan_own_root(planner);
		else
			plan_host_directory(planner);
	}
	place_script(planner);
	step = planner_step(planner, OP_WORKING_DIRECTORY);
	step->path = request->cwd ? request->cwd : plan->scratch;
	step->source = request->scratch; /* must be writable */
	return 0;
}
