/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resources - numbers that hold for the whole tree where a cgroup can be made, and per process
 * everywhere; each says in the receipt how far it reaches
 */
#include "runner/layer.h"
#include "runner/plan.h"
#include <sys/resource.h>

/* A hard limit of the caller's cannot be passed, not even by root without CAP_SYS_RESOURCE; a
 * stricter one keeps the promise. */
static void plan_rlimit(struct planner *planner, enum op op, int resource, uint64_t value)
{
	rlim_t hard = planner->caps->limits[resource].rlim_max;

	planner_step(planner, op)->number =
		hard != RLIM_INFINITY && hard < value ? hard : value;
}

/* The owner of a cgroup can lift its limits wherever he sees it, or can mount it to see it. */
static bool groups_hold(const struct planner *planner)
{
	const struct plan *plan = planner->plan;

	return plan->uid != planner->caps->uid ||
	       (planner_has_root(planner) && plan_find(plan, OP_NONE_BELOW));
}

static bool plan_tasks(struct planner *planner)
{
	const struct limit *limit = &planner->policy->resources.max_processes;
	const struct plan *plan = planner->plan;
	bool group = planner_has(planner, CAPABILITY_CGROUP_PIDS);
	bool held = group && groups_hold(planner);
	/* Of root the kernel counts nothing: copy_process, kernel/fork.c. */
	bool counted = plan->uid && (plan->own_user || planner->request->uid_exclusive);

	/* One more than the script may have: init is counted too, where it shares the identity. */
	if (group)
		planner_step(planner, OP_CGROUP_PIDS)->number = limit->value + 1;
	if (counted)
		plan_rlimit(planner, OP_RLIMIT_TASKS, RLIMIT_NPROC, limit->value + 1);
	if (!group && !counted) {
		planner_downgrade(
			planner, LAYER_RESOURCES,
			"maxProcesses is not applied: RLIMIT_NPROC would count the "
			"caller's other tasks, and there is no pids cgroup: %s",
			planner_missing(planner, CAPABILITY_CGROUP_PIDS));
		planner_promise(planner, REQ(RES_01), PROMISE_DEGRADED);
		return false;
	}
	planner_limit(planner, "maxProcesses", limit->value,
		      held || counted ? SCOPE_TREE : SCOPE_PARTIAL,
		      !group    ? "RLIMIT_NPROC in a user namespace of its own"
		      : counted ? "cgroup pids, RLIMIT_NPROC"
				: "cgroup pids");
	planner_promise(planner, REQ(RES_01),
			held || counted ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	return held;
}

static bool plan_memory(struct planner *planner)
{
	uint64_t bytes = planner->policy->resources.memory_bytes.value;

	planner_promise(planner, REQ(RES_02), PROMISE_ENFORCED);
	if (planner_has(planner, CAPABILITY_CGROUP_MEMORY)) {
		bool held = groups_hold(planner);
		bool swap = planner_has(planner, CAPABILITY_CGROUP_SWAP);
		struct step *step = planner_step(planner, OP_CGROUP_MEMORY);

		step->number = bytes;
		step->flags = swap;
		planner_limit(planner, "memoryBytes", bytes,
			      held ? SCOPE_TREE : SCOPE_PARTIAL,
			      swap ? "cgroup memory" : "cgroup memory, without swap");
		if (!swap)
			planner_note(
				planner, LAYER_RESOURCES,
				"memoryBytes does not hold for what is swapped out: %s",
				planner_missing(planner, CAPABILITY_CGROUP_SWAP));
		return held && swap;
	}
	plan_rlimit(planner, OP_RLIMIT_DATA, RLIMIT_DATA, bytes);
	planner_limit(planner, "memoryBytes", bytes, SCOPE_PARTIAL,
		      "RLIMIT_DATA: private memory of each process");
	planner_note(planner, LAYER_RESOURCES,
		     "memoryBytes caps the private memory of each process only, shared "
		     "memory is "
		     "not held: %s",
		     planner_missing(planner, CAPABILITY_CGROUP_MEMORY));
	return false;
}

/* How far the tree can come past its number: CONFORMANCE.md, RES-11. */
#define CPU_MECHANISM                                                                    \
	"CPU time of the cgroup, read by the supervisor, who kills the tree within 50 "  \
	"ms of it for each processor"

static bool plan_tree_cpu(struct planner *planner)
{
	uint64_t seconds = planner->policy->resources.tree_cpu_seconds.value;
	bool held = groups_hold(planner);

	if (!planner_has(planner, CAPABILITY_CGROUP_CPU)) {
		planner_downgrade(
			planner, LAYER_RESOURCES,
			"treeCpuSeconds is not held: without a cgroup nobody counts the "
			"time of tasks that ended, and sampling the others is no cap: %s",
			planner_missing(planner, CAPABILITY_CGROUP_CPU));
		return false;
	}
	planner_step(planner, OP_CGROUP_CPU)->number = seconds;
	planner_limit(planner, "treeCpuSeconds", seconds,
		      held ? SCOPE_TREE : SCOPE_PARTIAL, CPU_MECHANISM);
	return held;
}

static void plan_process_limits(struct planner *planner)
{
	static const struct {
		enum op op;
		int resource;
		const char *name, *mechanism;
	} rows[] = {
		{ OP_RLIMIT_CPU, RLIMIT_CPU, "cpuSeconds", "RLIMIT_CPU" },
		{ OP_RLIMIT_FILES, RLIMIT_NOFILE, "maxOpenFiles", "RLIMIT_NOFILE" },
		{ OP_RLIMIT_FILE_SIZE, RLIMIT_FSIZE, "maxFileSizeBytes", "RLIMIT_FSIZE" },
	};
	const struct limit *limits[] = {
		&planner->policy->resources.cpu_seconds,
		&planner->policy->resources.max_open_files,
		&planner->policy->resources.max_file_size_bytes,
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!limits[i]->set)
			continue;
		plan_rlimit(planner, rows[i].op, rows[i].resource, limits[i]->value);
		planner_limit(planner, rows[i].name, limits[i]->value, SCOPE_PROCESS,
			      rows[i].mechanism);
		planner_promise(planner, REQ(RES_02), PROMISE_ENFORCED);
	}
}

static void note_groups(struct planner *planner)
{
	static const enum capability of[GROUP_COUNT] = {
		[GROUP_PIDS] = CAPABILITY_CGROUP_PIDS,
		[GROUP_MEMORY] = CAPABILITY_CGROUP_MEMORY,
		[GROUP_CPU] = CAPABILITY_CGROUP_CPU,
	};

	if (!groups_hold(planner))
		planner_note(
			planner, LAYER_RESOURCES,
			"the script owns its cgroups, has the hierarchy in reach, and "
			"can lift their limits");
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct cgroup_home *home = &planner->caps->homes[i];

		if (!planner_has(planner, of[i]) || home->version != 2 ||
		    home->place != CGROUP_BESIDE)
			continue;
		planner_note(planner, LAYER_RESOURCES,
			     "the cgroup of the run is in %s, beside the caller's own, "
			     "whose limits do not hold for it",
			     home->path);
		return;
	}
}

/* Every number of the tree that a policy may set, and what plans it. */
static bool plan_tree(struct planner *planner)
{
	const struct policy *policy = planner->policy;
	const struct {
		const struct limit *limit;
		bool (*plan)(struct planner *);
	} rows[] = {
		{ &policy->resources.max_processes, plan_tasks },
		{ &policy->resources.memory_bytes, plan_memory },
		{ &policy->resources.tree_cpu_seconds, plan_tree_cpu },
	};
	bool whole = true, any = false;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool held = rows[i].limit->set && rows[i].plan(planner);

		any = any || rows[i].limit->set;
		whole = whole && held;
	}
	if (any)
		planner_promise(planner, REQ(RES_11),
				whole ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (any && !policy->resources.tree_cpu_seconds.set)
		planner_note(planner, LAYER_RESOURCES,
			     "CPU time is limited for each process, not for the tree: "
			     "treeCpuSeconds is not set");
	return any;
}

/* 1, not 0: a piped core_pattern runs as root in the initial namespaces whatever the limit is, except
 * 1 (core(5)). A caller whose own is 0 cannot raise it. */
static void plan_core(struct planner *planner)
{
	plan_rlimit(planner, OP_RLIMIT_CORE, RLIMIT_CORE, 1);
	if (planner->caps->limits[RLIMIT_CORE].rlim_max >= 1)
		return;
	planner_note(planner, LAYER_RESOURCES,
		     "the caller's limit on core files is 0 and cannot be raised to 1: "
		     "where core_pattern is a program, a crash of the script runs it");
	planner_promise(planner, REQ(PRV_13), PROMISE_DEGRADED);
}

int plan_resources(struct planner *planner, struct err *err)
{
	const struct policy *policy = planner->policy;
	struct plan *plan = planner->plan;
	bool groups;

	(void)err;
	if (!policy->enabled)
		return 0;
	plan_core(planner);
	plan->enforced[LAYER_RESOURCES] = true; /* unless downgraded */
	plan_process_limits(planner);
	plan->asked[LAYER_RESOURCES] = plan_tree(planner) || plan->limit_count > 0 ||
				       policy->resources.max_output_bytes.set;
	groups = plan_find(plan, OP_CGROUP_PIDS) || plan_find(plan, OP_CGROUP_MEMORY) ||
		 plan_find(plan, OP_CGROUP_CPU);
	if (groups) {
		(void)planner_step(planner, OP_CGROUP_ENTER);
		note_groups(planner);
	}
	plan->enforced[LAYER_RESOURCES] &= plan->asked[LAYER_RESOURCES];
	plan->mechanism[LAYER_RESOURCES] = groups ? "cgroups, rlimits" : "rlimits";
	return 0;
}
