/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan - policies and recorded hosts to steps, promises and downgrades. Nothing is tried here:
 * a host is a row of what it lacks, so that every rung is seen without privileges and without luck.
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/plan.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct capabilities caps;
static struct policy policy;
static struct request request;
static struct plan plan;

static char *const inherited[] = { (char[]){ "PATH=/usr/bin:/bin" },
				   (char[]){ "SECRET=x" }, NULL };
static char *command[] = { (char[]){ "true" }, NULL };

static void host(uid_t uid)
{
	memset(&caps, 0, sizeof(caps));
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		caps.is[i].here = true;
	caps.uid = uid;
	caps.gid = uid;
	caps.landlock_abi = 7;
	caps.bases[0].path = "/usr";
	caps.bases[0].here = true;
	caps.bases[1].path = "/bin";
	caps.bases[1].here = true;
	(void)stpcpy(caps.bases[1].link, "usr/bin");
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		caps.limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	if (uid != 0) {
		caps.is[CAPABILITY_CGROUP_PIDS].here = false;
		caps.is[CAPABILITY_CGROUP_MEMORY].here = false;
	}
	request = (struct request){ .kind = RUN_COMMAND,
				    .suffix = "",
				    .command = command,
				    .inherited = inherited,
				    .caller_cwd = "/",
				    .host_scratch = "/tmp/confine.1",
				    .uid = 61184,
				    .gid = 61184,
				    .uid_exclusive = uid == 0 };
}

static void build(enum profile profile, const char *text)
{
	struct err err = { 0 };

	ck_assert_int_eq(policy_load(profile, "test", text, strlen(text), NULL, 0, NULL,
				     NULL, &arena, &policy, &err),
			 0);
	ck_assert_msg(plan_build(&policy, &caps, &request, &arena, &plan, &err) == 0,
		      "%s", err.msg);
}

static void done(void)
{
	arena_done(&arena);
}

static bool is_downgraded(enum layer_id layer)
{
	for (size_t i = 0; i < plan.downgrade_count; i++)
		if (plan.downgrades[i].layer == layer)
			return true;
	return false;
}

static bool is_noted(enum layer_id layer, const char *words)
{
	for (size_t i = 0; i < plan.note_count; i++)
		if (plan.notes[i].layer == layer && strstr(plan.notes[i].text, words))
			return true;
	return false;
}

/* What the shipped default promises on a whole host. */
START_TEST(default_promises)
{
	uid_t uid = _i ? 1000 : 0;

	host(uid);
	build(PROFILE_DEFAULT, "{}");
	ck_assert_uint_eq(plan.downgrade_count, 0);
	ck_assert(!plan_is_refused(&plan));
	for (unsigned int i = 0; i <= REQ_RPT_03; i++)
		ck_assert_msg(plan.promises[i] == PROMISE_ENFORCED, "%s",
			      requirement_ids[i]);
	/* No number for the time of the tree. */
	ck_assert_int_eq(plan.promises[REQ_RES_11], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_PRV_11],
			 uid ? PROMISE_DEGRADED : PROMISE_ENFORCED);
	ck_assert_int_eq(plan.promises[REQ_PRV_12], PROMISE_ENFORCED);
	ck_assert_int_eq(plan.promises[REQ_FS_13], PROMISE_ENFORCED);
	ck_assert_int_eq(plan.promises[REQ_NET_12], PROMISE_NOTHING);
	ck_assert_uint_eq(plan.uid, uid ? uid : 61184);
	done();
}
END_TEST

/* Steps come in the order of the enum, which is the order in which they can run. */
START_TEST(steps_are_ordered)
{
	host(0);
	build(PROFILE_DEFAULT, "{}");
	for (size_t i = 1; i < plan.count; i++)
		ck_assert_int_le(plan.steps[i - 1].op, plan.steps[i].op);
	for (unsigned int op = 1; op < OP_COUNT; op++)
		ck_assert_msg(step_rows[op - 1].phase <= step_rows[op].phase, "%s",
			      step_rows[op].name);
	done();
}
END_TEST

/* One capability less: which layers are named, and which promises fall. */
static const struct {
	uid_t uid;
	enum capability lacks;
	uint64_t layers;   /* downgraded, as 1 << LAYER_… */
	uint64_t degraded; /* at least these */
	uint64_t enforced; /* still these */
} missing[] = {
	{ 1000, CAPABILITY_USER_NAMESPACE,
	  1 << LAYER_LIFECYCLE | 1 << LAYER_IPC | 1 << LAYER_FILESYSTEM |
		  1 << LAYER_PRIVILEGE | 1 << LAYER_RESOURCES | 1 << LAYER_SCRATCH,
	  REQ(FS_01) | REQ(FS_02) | REQ(FS_21) | REQ(NET_11) | REQ(LIF_01) | REQ(RPT_03) |
		  REQ(PRC_11) | REQ(PRV_01) | REQ(RES_01) | REQ(FS_13),
	  REQ(FS_03) | REQ(NET_01) | REQ(ENV_01) | REQ(FD_01) | REQ(PRV_13) |
		  REQ(RES_02) | REQ(RPT_02) },
	{ 0, CAPABILITY_USER_NAMESPACE, 0, 0,
	  REQ(PRV_12) | REQ(FS_13) | REQ(FS_01) | REQ(PRV_01) | REQ(NET_01) |
		  REQ(RES_01) },
	{ 0, CAPABILITY_ID_MAP, 0, 0, REQ(PRV_01) | REQ(PRV_11) },
	{ 0, CAPABILITY_SET_IDS, 1 << LAYER_PRIVILEGE,
	  REQ(PRV_01) | REQ(PRV_11) | REQ(PRV_13) | REQ(FS_01) | REQ(FS_02),
	  REQ(NET_01) },
	{ 0, CAPABILITY_MOUNT_NAMESPACE, 1 << LAYER_FILESYSTEM | 1 << LAYER_SCRATCH,
	  REQ(FS_01) | REQ(FS_11) | REQ(FS_12) | REQ(FS_13) | REQ(FS_21) | REQ(NET_11),
	  REQ(FS_03) | REQ(NET_01) | REQ(LIF_01) },
	{ 0, CAPABILITY_PRIVATE_ROOT, 1 << LAYER_FILESYSTEM | 1 << LAYER_SCRATCH,
	  REQ(FS_01) | REQ(NET_11), REQ(NET_01) },
	{ 1000, CAPABILITY_PID_NAMESPACE, 1 << LAYER_LIFECYCLE,
	  REQ(LIF_01) | REQ(LIF_11) | REQ(PRC_11) | REQ(RPT_03),
	  REQ(FS_01) | REQ(FS_21) | REQ(ENV_01) | REQ(OUT_01) | REQ(FD_01) | REQ(FD_11) },
	{ 0, CAPABILITY_PID_NAMESPACE, 1 << LAYER_LIFECYCLE, REQ(LIF_01) | REQ(PRC_11),
	  REQ(ENV_01) | REQ(RPT_03) | REQ(OUT_01) | REQ(FD_01) | REQ(FD_11) },
	/* a filter on sockets, where nobody else's can be had by other means */
	{ 0, CAPABILITY_NETWORK_NAMESPACE, 0, REQ(NET_11),
	  REQ(NET_01) | REQ(NET_13) | REQ(FS_01) },
	{ 1000, CAPABILITY_NETWORK_NAMESPACE, 0, REQ(NET_11), REQ(NET_01) | REQ(NET_13) },
	{ 0, CAPABILITY_SECCOMP, 1 << LAYER_SYSCALLS,
	  REQ(SYS_21) | REQ(SYS_22) | REQ(SYS_23) | REQ(SYS_24),
	  REQ(PRV_12) | REQ(NET_01) },
	{ 1000, CAPABILITY_FILTER, 0, 0, REQ(SYS_21) },
	{ 0, CAPABILITY_IPC_NAMESPACE, 1 << LAYER_IPC, REQ(IPC_11), REQ(FS_01) },
	{ 0, CAPABILITY_LOOPBACK, 0, 0, REQ(NET_01) },
	{ 0, CAPABILITY_PROC, 0, 0, REQ(PRC_11) },
	{ 0, CAPABILITY_LANDLOCK, 0, REQ(FS_21), REQ(FS_01) | REQ(FS_11) | REQ(ENV_01) },
	{ 0, CAPABILITY_KEYRING, 0, REQ(IPC_11), REQ(FS_01) },
	{ 0, CAPABILITY_NONE_BELOW, 0, 0, REQ(PRV_12) | REQ(FS_13) | REQ(RES_01) },
	{ 1000, CAPABILITY_NONE_BELOW, 0, 0, REQ(PRV_12) | REQ(FS_13) | REQ(RES_01) },
	{ 0, CAPABILITY_CGROUP_PIDS, 0, REQ(RES_11), REQ(RES_01) },
	{ 0, CAPABILITY_CGROUP_MEMORY, 0, REQ(RES_11), REQ(RES_02) },
	{ 0, CAPABILITY_CGROUP_SWAP, 0, REQ(RES_11), REQ(RES_02) | REQ(RES_01) },
};

START_TEST(missing_capability)
{
	host(missing[_i].uid);
	capabilities_rule_out(&caps, missing[_i].lacks, "not on this host");
	build(PROFILE_DEFAULT, "{}");
	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		ck_assert_msg(is_downgraded(i) == (missing[_i].layers >> i & 1), "%s",
			      layer_names[i]);
		/* What is not claimed is named. */
		ck_assert_msg(!plan.asked[i] || plan.enforced[i] != is_downgraded(i),
			      "%s", layer_names[i]);
	}
	for (unsigned int i = 0; i < REQ_COUNT; i++) {
		if (missing[_i].degraded >> i & 1)
			ck_assert_msg(plan.promises[i] == PROMISE_DEGRADED, "%s",
				      requirement_ids[i]);
		if (missing[_i].enforced >> i & 1)
			ck_assert_msg(plan.promises[i] == PROMISE_ENFORCED, "%s",
				      requirement_ids[i]);
	}
	/* Fail refuses exactly what degrade names. */
	ck_assert_int_eq(plan_is_refused(&plan), missing[_i].layers != 0);
	if (missing[_i].layers)
		ck_assert_ptr_nonnull(
			strstr(plan_refusal(&plan, &arena), "not on this host"));
	build(PROFILE_DEFAULT, "{\"onUnavailable\":\"degrade\"}");
	ck_assert(!plan_is_refused(&plan));
	done();
}
END_TEST

/* What a policy asks for by name and this version does not do. */
static const struct {
	const char *text;
	uint64_t layers;
} asked[] = {
	{ "{\"network\":{\"allow\":[\"192.0.2.0/24\"]}}", 0 },
	{ "{\"network\":{\"mode\":\"unrestricted\"}}", 0 },
	{ "{\"network\":{\"mode\":\"unrestricted\",\"denyLinkLocalAndMetadata\":false}}",
	  0 },
	{ "{\"network\":{\"mode\":\"deny\"}}", 0 },
	{ "{\"syscalls\":{\"mode\":\"default\"}}", 0 },
	{ "{\"syscalls\":{\"mode\":\"strict\"}}", 0 },
	{ "{\"syscalls\":{\"mode\":\"off\"}}", 0 },
	{ "{\"filesystem\":{\"landlock\":\"on\"}}", 0 },
	{ "{\"filesystem\":{\"landlock\":\"off\"}}", 0 },
	{ "{\"filesystem\":{\"landlock\":\"on\",\"mode\":\"off\"}}",
	  1 << LAYER_FILESYSTEM },
	{ "{\"filesystem\":{\"mode\":\"off\"}}", 0 },
	{ "{\"filesystem\":{\"mode\":\"off\",\"scratchBytes\":1000}}",
	  1 << LAYER_SCRATCH },
	{ "{\"privilege\":{\"mode\":\"inherit\"}}", 1 << LAYER_PRIVILEGE },
	{ "{\"privilege\":{\"uid\":0}}", 1 << LAYER_PRIVILEGE },
	{ "{\"privilege\":{\"uid\":1234}}", 0 },
	{ "{\"privilege\":{\"uid\":1234,\"gid\":0}}", 1 << LAYER_PRIVILEGE },
	{ "{\"resources\":{\"treeCpuSeconds\":5}}", 0 },
};

START_TEST(asked_by_name)
{
	host(0);
	build(PROFILE_DEFAULT, asked[_i].text);
	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		ck_assert_msg(is_downgraded(i) == (asked[_i].layers >> i & 1), "%s: %s",
			      asked[_i].text, layer_names[i]);
	ck_assert_int_eq(plan_is_refused(&plan), asked[_i].layers != 0);
	done();
}
END_TEST

/* T48 to T54, T91 to T104, T182 to T193: what goes out by rules needs all of these; without one of
 * them it is not claimed. */
static const struct {
	const char *text;
	enum capability lacks; /* NONE: nothing */
	uint64_t enforced, degraded;
} outlets[] = {
	{ "{\"network\":{\"allow\":[\"192.0.2.1\"]}}", CAPABILITY_NONE,
	  REQ(NET_11) | REQ(NET_12) | REQ(NET_13), 0 },
	{ "{\"network\":{\"allow\":[\"192.0.2.1\"],\"denyLinkLocalAndMetadata\":false}}",
	  CAPABILITY_NONE, REQ(NET_11) | REQ(NET_12), 0 },
	{ "{\"network\":{\"mode\":\"unrestricted\"}}", CAPABILITY_NONE,
	  REQ(NET_11) | REQ(NET_13), 0 },
	{ "{\"network\":{\"allow\":[\"192.0.2.1\"]}}", CAPABILITY_NETWORK_NAMESPACE, 0,
	  REQ(NET_01) | REQ(NET_11) | REQ(NET_12) | REQ(NET_13) },
	{ "{\"network\":{\"allow\":[\"192.0.2.1\"]}}", CAPABILITY_PACKET_FILTER, 0,
	  REQ(NET_01) | REQ(NET_11) | REQ(NET_12) | REQ(NET_13) },
	{ "{\"network\":{\"mode\":\"unrestricted\"}}", CAPABILITY_UPLINK, 0,
	  REQ(NET_01) | REQ(NET_11) | REQ(NET_12) | REQ(NET_13) },
	/* who shares a uid with the uplink, and sees it, has its sockets */
	{ "{\"network\":{\"allow\":[\"192.0.2.1\"]}}", CAPABILITY_PID_NAMESPACE, 0,
	  REQ(NET_11) | REQ(NET_12) | REQ(NET_13) },
};

START_TEST(goes_out_by_rules)
{
	static const unsigned int network_ids[] = { REQ_NET_01, REQ_NET_11, REQ_NET_12,
						    REQ_NET_13 };

	host(1000);
	if (outlets[_i].lacks)
		capabilities_rule_out(&caps, outlets[_i].lacks, "not on this host");
	build(PROFILE_DEFAULT, outlets[_i].text);
	for (size_t i = 0; i < ARRAY_SIZE(network_ids); i++) {
		uint64_t bit = UINT64_C(1) << network_ids[i];
		enum promise wanted = outlets[_i].enforced & bit   ? PROMISE_ENFORCED
				      : outlets[_i].degraded & bit ? PROMISE_DEGRADED
								   : PROMISE_NOTHING;

		ck_assert_int_eq(plan.promises[network_ids[i]], wanted);
	}
	ck_assert_int_eq(is_downgraded(LAYER_NETWORK), outlets[_i].enforced == 0);
	done();
}
END_TEST

START_TEST(blocked_entries_are_noted)
{
	host(0);
	build(PROFILE_DEFAULT, "{\"network\":{\"allow\":[\"10.0.0.1\"]}}");
	ck_assert(!is_noted(LAYER_NETWORK, "allowOverridesBlock"));
	build(PROFILE_DEFAULT,
	      "{\"network\":{\"allow\":[\"10.0.0.1\",\"169.254.1.0/24\"]}}");
	ck_assert(is_noted(LAYER_NETWORK, "169.254.1.0/24 stays closed"));
	build(PROFILE_DEFAULT, "{\"network\":{\"allow\":[\"169.254.1.0/24\"],"
			       "\"allowOverridesBlock\":true}}");
	ck_assert(is_noted(LAYER_NETWORK, "169.254.1.0/24 is open"));
	done();
}
END_TEST

/* T201, T204: memory without a cgroup is a note, and never refuses a run. */
START_TEST(narrower_scope_is_a_note)
{
	host(1000);
	build(PROFILE_DEFAULT, "{}");
	ck_assert_uint_eq(plan.downgrade_count, 0);
	ck_assert_uint_ge(plan.note_count, 1);
	ck_assert_ptr_nonnull(strstr(plan.notes[0].text, "memoryBytes"));
	for (size_t i = 0; i < plan.limit_count; i++)
		if (str_equal(plan.limits[i].name, "memoryBytes"))
			ck_assert_int_eq(plan.limits[i].scope, SCOPE_PARTIAL);
	ck_assert_ptr_nonnull(plan_find(&plan, OP_RLIMIT_DATA));
	ck_assert_ptr_null(plan_find(&plan, OP_CGROUP_MEMORY));
	done();
}
END_TEST

/* maxProcesses counts the script's tasks: init has a place of its own. */
START_TEST(init_has_its_place)
{
	host(0);
	build(PROFILE_DEFAULT, "{\"resources\":{\"maxProcesses\":64}}");
	ck_assert_uint_eq(plan_find(&plan, OP_CGROUP_PIDS)->number, 65);
	ck_assert_uint_eq(plan_find(&plan, OP_RLIMIT_TASKS)->number, 65);
	caps.limits[RLIMIT_NPROC].rlim_max = 20; /* the caller's own: cannot be passed */
	build(PROFILE_DEFAULT, "{}");
	ck_assert_uint_eq(plan_find(&plan, OP_RLIMIT_TASKS)->number, 20);
	done();
}
END_TEST

static enum limit_scope scope_of(const char *name)
{
	for (size_t i = 0; i < plan.limit_count; i++)
		if (str_equal(plan.limits[i].name, name))
			return plan.limits[i].scope;
	ck_abort_msg("no limit %s", name);
	return SCOPE_TREE;
}

#define CONFINED "scratch-plus-ro"
#define TREE_CPU(mode)                                                                   \
	"{\"resources\":{\"treeCpuSeconds\":9},\"filesystem\":{\"mode\":\"" mode "\"}}"

/* Limits for the tree: who could lift them, and whether there are all of them. */
static const struct {
	uid_t uid;
	const char *text;
	enum capability lacks;
	enum promise tasks, tree;
	enum limit_scope scope;
} trees[] = {
	{ 0, "{}", CAPABILITY_NONE, PROMISE_ENFORCED, PROMISE_DEGRADED, SCOPE_TREE },
	{ 0, TREE_CPU(CONFINED), CAPABILITY_NONE, PROMISE_ENFORCED, PROMISE_ENFORCED,
	  SCOPE_TREE },
	{ 0, TREE_CPU("off"), CAPABILITY_NONE, PROMISE_ENFORCED, PROMISE_ENFORCED,
	  SCOPE_TREE },
	{ 1000, TREE_CPU(CONFINED), CAPABILITY_NONE, PROMISE_ENFORCED, PROMISE_ENFORCED,
	  SCOPE_TREE },
	{ 0, TREE_CPU(CONFINED), CAPABILITY_CGROUP_CPU, PROMISE_ENFORCED,
	  PROMISE_DEGRADED, SCOPE_TREE },
	{ 0, TREE_CPU(CONFINED), CAPABILITY_CGROUP_SWAP, PROMISE_ENFORCED,
	  PROMISE_DEGRADED, SCOPE_TREE },
	/* The script owns the group: it must neither see the hierarchy nor mount it. */
	{ 1000, TREE_CPU("off"), CAPABILITY_NONE, PROMISE_ENFORCED, PROMISE_DEGRADED,
	  SCOPE_PARTIAL },
	{ 1000, TREE_CPU(CONFINED), CAPABILITY_NONE_BELOW, PROMISE_ENFORCED,
	  PROMISE_DEGRADED, SCOPE_PARTIAL },
	{ 1000, TREE_CPU(CONFINED), CAPABILITY_USER_NAMESPACE, PROMISE_DEGRADED,
	  PROMISE_DEGRADED, SCOPE_PARTIAL },
	{ 0, "{\"privilege\":{\"mode\":\"inherit\"}}", CAPABILITY_CGROUP_PIDS,
	  PROMISE_DEGRADED, PROMISE_DEGRADED, SCOPE_TREE },
};

START_TEST(limits_of_the_tree)
{
	host(trees[_i].uid);
	caps.is[CAPABILITY_CGROUP_PIDS].here = true;
	caps.is[CAPABILITY_CGROUP_MEMORY].here = true;
	caps.is[CAPABILITY_CGROUP_CPU].here = true;
	caps.is[trees[_i].lacks].here = false;
	build(PROFILE_DEFAULT, trees[_i].text);
	ck_assert_int_eq(plan.promises[REQ_RES_01], trees[_i].tasks);
	ck_assert_int_eq(plan.promises[REQ_RES_11], trees[_i].tree);
	ck_assert_int_eq(scope_of("memoryBytes"), trees[_i].scope);
	/* Sampling is no cap: without a group that counts there is none at all. */
	if (policy.resources.tree_cpu_seconds.set)
		ck_assert_int_ne(is_downgraded(LAYER_RESOURCES),
				 plan_find(&plan, OP_CGROUP_CPU) != NULL);
	done();
}
END_TEST

/* One or two of the three are not the tree. */
START_TEST(part_of_a_tree)
{
	static const char *const texts[] = {
		"{\"resources\":{\"maxProcesses\":9}}",
		"{\"resources\":{\"treeCpuSeconds\":9}}",
		"{\"resources\":{\"treeCpuSeconds\":9,\"maxProcesses\":9}}",
	};

	host(0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		build(PROFILE_PERMISSIVE, texts[i]);
		ck_assert_int_eq(plan.promises[REQ_RES_11], PROMISE_DEGRADED);
	}
	done();
}
END_TEST

/* What is root's is not private to a script, and root is counted by no limit. */
START_TEST(script_of_root)
{
	host(0);
	capabilities_rule_out(&caps, CAPABILITY_CGROUP_PIDS, "none");
	build(PROFILE_DEFAULT, "{\"privilege\":{\"mode\":\"inherit\"}}");
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_FS_02], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_RES_01], PROMISE_DEGRADED);
	ck_assert_ptr_null(plan_find(&plan, OP_RLIMIT_TASKS));
	build(PROFILE_DEFAULT, "{\"privilege\":{\"uid\":1234,\"gid\":0}}");
	ck_assert_int_eq(plan.promises[REQ_PRV_01], PROMISE_DEGRADED);
	done();
}
END_TEST

/* A socket in a tree that is shown on purpose is no hole, but said. */
START_TEST(sockets_that_are_shown)
{
	host(0);
	build(PROFILE_DEFAULT, "{}");
	ck_assert(!is_noted(LAYER_NETWORK, "unix socket"));
	build(PROFILE_DEFAULT, "{\"filesystem\":{\"readOnly\":[\"/srv/a\"]}}");
	ck_assert(is_noted(LAYER_NETWORK, "unix socket"));
	ck_assert_int_eq(plan.promises[REQ_NET_11], PROMISE_ENFORCED);
	done();
}
END_TEST

/* T5, T157: disabled is no confinement at all, and no claim. */
START_TEST(disabled_claims_nothing)
{
	host(0);
	build(PROFILE_DEFAULT, "{\"enabled\":false}");
	ck_assert_uint_eq(plan.downgrade_count, 0);
	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		ck_assert_msg(!plan.enforced[i], "%s", layer_names[i]);
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		ck_assert_int_eq(plan.promises[i], PROMISE_NOTHING);
	ck_assert_uint_eq(plan.uid, 0);
	done();
}
END_TEST

START_TEST(scratch_of_the_caller)
{
	static const char *const refused[] = { "/",      "/tmp",  "/usr",
					       "/usr/x", "/proc", "/dev/shm" };
	struct err err;

	host(0);
	request.scratch = "/srv/scratch";
	build(PROFILE_DEFAULT, "{}");
	ck_assert_str_eq(plan.scratch, "/srv/scratch");
	ck_assert_int_eq(plan.promises[REQ_FS_13], PROMISE_DEGRADED);
	ck_assert_uint_eq(plan.downgrade_count, 0);
	ck_assert_int_eq(plan.promises[REQ_FS_02], PROMISE_ENFORCED);
	request.scratch_is_roots = true;
	build(PROFILE_DEFAULT, "{}");
	ck_assert_int_eq(plan.promises[REQ_FS_02], PROMISE_DEGRADED);
	ck_assert_uint_eq(plan.downgrade_count, 0);
	build(PROFILE_DEFAULT, "{\"filesystem\":{\"scratchBytes\":1000}}");
	ck_assert(is_downgraded(LAYER_SCRATCH));
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		request.scratch = refused[i];
		ck_assert_int_lt(
			plan_build(&policy, &caps, &request, &arena, &plan, &err), 0);
		ck_assert_int_eq(err.code, ERR_POLICY);
	}
	done();
}
END_TEST

/* Parents are bound before what lies in them. */
START_TEST(binds_are_ordered)
{
	size_t outer = 0, inner = 0;

	host(0);
	build(PROFILE_DEFAULT,
	      "{\"filesystem\":{\"readOnly\":[\"/srv/a/b\",\"/srv/a\"]}}");
	for (size_t i = 0; i < plan.count; i++) {
		if (plan.steps[i].op != OP_ATTACH)
			continue;
		if (str_equal(plan.steps[i].path, "/srv/a"))
			outer = i;
		if (str_equal(plan.steps[i].path, "/srv/a/b"))
			inner = i;
	}
	ck_assert_uint_gt(outer, 0);
	ck_assert_uint_gt(inner, outer);
	done();
}
END_TEST

START_TEST(groups_that_stay)
{
	host(1000);
	caps.groups[0] = 42;
	caps.group_count = 1;
	build(PROFILE_DEFAULT, "{}");
	ck_assert_ptr_nonnull(strstr(plan.notes[0].text, "42"));
	ck_assert_ptr_nonnull(plan_find(&plan, OP_HIDE));
	done();
}
END_TEST

/* Candidates of a bare name: absolute directories of PATH, in order; a path is taken as it is. */
START_TEST(search_order)
{
	static char here[] = "./here";
	static char *path[] = { here, NULL };

	host(0);
	build(PROFILE_DEFAULT, "{}");
	ck_assert_str_eq(plan.exec_paths[0], "/usr/bin/true");
	ck_assert_str_eq(plan.exec_paths[1], "/bin/true");
	ck_assert_ptr_null(plan.exec_paths[2]);
	request.command = path;
	build(PROFILE_DEFAULT, "{}");
	ck_assert_str_eq(plan.exec_paths[0], "./here");
	done();
}
END_TEST

/* A claim that is not seen is taken back, and under fail the run with it. */
START_TEST(withdrawn)
{
	host(0);
	build(PROFILE_DEFAULT, "{}");
	plan_withdraw(&plan, &arena, plan_find(&plan, OP_NS_NETWORK), "it is the host's");
	ck_assert_int_eq(plan.promises[REQ_NET_01], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_ENFORCED);
	ck_assert(!plan.enforced[LAYER_NETWORK]);
	ck_assert(plan_is_refused(&plan));
	done();
}
END_TEST

static bool has_variable(const char *variable)
{
	for (size_t i = 0; i < plan.environment.count; i++)
		if (!strcmp(plan.environment.vars[i], variable))
			return true;
	return false;
}

static void ask_runtime(const char *name, const char *text)
{
	host(1000);
	request.kind = RUN_TEXT;
	request.command = NULL;
	request.script = text;
	request.script_length = strlen(text);
	request.runtime = runtime_find(name);
	request.suffix = request.runtime->suffix;
}

/* Without a runtime nothing of it is there; with one, a result only where it is asked for. */
START_TEST(result_is_asked_for)
{
	static const struct {
		const char *name;
		bool wanted, there;
	} rows[] = { { "sh", false, false },
		     { "sh", true, true },
		     { "python3", false, false },
		     { "node", false, true } };

	host(1000);
	build(PROFILE_DEFAULT, "{}");
	ck_assert_ptr_null(plan_find(&plan, OP_RESULT));
	ck_assert_uint_eq(plan_find(&plan, OP_DESCRIPTORS)->number, 0);
	ck_assert_uint_eq(plan.file_count, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ask_runtime(rows[i].name, "1");
		request.result_wanted = rows[i].wanted;
		build(PROFILE_DEFAULT, "{}");
		ck_assert_int_eq(plan_find(&plan, OP_RESULT) != NULL, rows[i].there);
		ck_assert_uint_eq(plan_find(&plan, OP_DESCRIPTORS)->number,
				  rows[i].there);
		ck_assert_int_eq(has_variable("CONFINE_RESULT_FD=4"), rows[i].there);
	}
	done();
}
END_TEST

START_TEST(runtime_starts_module)
{
	ask_runtime("node", "return 1");
	request.context = "{}";
	request.context_length = 2;
	request.modules = "/srv/app/node_modules";
	build(PROFILE_DEFAULT, "{\"resources\":{\"memoryBytes\":134217728}}");
	ck_assert_str_eq(plan.exec_paths[0], "/usr/bin/node");
	ck_assert_str_eq(plan.exec_argv[0], "node");
	ck_assert_str_eq(plan.exec_argv[1], "--max-old-space-size=96");
	ck_assert_str_eq(plan.exec_argv[2], "/run/confine/start.mjs");
	ck_assert_str_eq(plan.exec_argv[3], "/run/confine/script.mjs");
	ck_assert_ptr_null(plan.exec_argv[4]);
	ck_assert_uint_eq(plan.file_count, 3);
	ck_assert(has_variable("CONFINE_CONTEXT=/run/confine/context.json"));
	for (size_t i = 0; i < plan.count; i++)
		if (plan.steps[i].op == OP_OPEN &&
		    !strcmp(plan.steps[i].source, request.modules))
			ck_assert_uint_eq(plan.steps[i].flags, BIND_READ_ONLY);
	done();
}
END_TEST

/* For want of a root of its own the same lies in a directory on the host; a context has no reader there
 * but the script. */
START_TEST(runtime_without_root)
{
	ask_runtime("python3", "1");
	request.context = "{}";
	request.context_length = 2;
	caps.is[CAPABILITY_PRIVATE_ROOT].here = false;
	build(PROFILE_DEFAULT, "{\"onUnavailable\":\"degrade\"}");
	ck_assert_str_eq(plan.exec_argv[1], "/tmp/confine.1/script.py");
	ck_assert(has_variable("CONFINE_CONTEXT=/tmp/confine.1/context.json"));
	ck_assert_uint_eq(plan.files[1].mode, 0400);
	ck_assert_ptr_null(plan_find(&plan, OP_SCRIPT));
	done();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *cases = tcase_create("plan");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, default_promises, 0, 2);
	tcase_add_test(cases, steps_are_ordered);
	tcase_add_test(cases, result_is_asked_for);
	tcase_add_test(cases, runtime_starts_module);
	tcase_add_test(cases, runtime_without_root);
	tcase_add_loop_test(cases, missing_capability, 0, (int)ARRAY_SIZE(missing));
	tcase_add_loop_test(cases, asked_by_name, 0, (int)ARRAY_SIZE(asked));
	tcase_add_loop_test(cases, goes_out_by_rules, 0, (int)ARRAY_SIZE(outlets));
	tcase_add_test(cases, blocked_entries_are_noted);
	tcase_add_test(cases, narrower_scope_is_a_note);
	tcase_add_test(cases, init_has_its_place);
	tcase_add_loop_test(cases, limits_of_the_tree, 0, (int)ARRAY_SIZE(trees));
	tcase_add_test(cases, part_of_a_tree);
	tcase_add_test(cases, script_of_root);
	tcase_add_test(cases, sockets_that_are_shown);
	tcase_add_test(cases, disabled_claims_nothing);
	tcase_add_test(cases, scratch_of_the_caller);
	tcase_add_test(cases, binds_are_ordered);
	tcase_add_test(cases, groups_that_stay);
	tcase_add_test(cases, search_order);
	tcase_add_test(cases, withdrawn);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
