/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_domain - Landlock without a kernel: what each ABI refuses and allows, which rules a plan has
 * on each rung, and that the receipt's notes name what the kernel's version lacks
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/domain.h"
#include "runner/plan.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct capabilities caps;
static struct policy policy;
static struct request request;
static struct plan plan;

static char *const inherited[] = { (char[]){ "PATH=/usr/bin:/bin" }, NULL };
static char *command[] = { (char[]){ "true" }, NULL };

static void host(uid_t uid, unsigned int abi)
{
	memset(&caps, 0, sizeof(caps));
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		caps.is[i].here = true;
	caps.uid = caps.gid = uid;
	caps.landlock_abi = abi;
	if (!abi)
		capabilities_rule_out(&caps, CAPABILITY_LANDLOCK, "EOPNOTSUPP");
	caps.bases[0].path = "/usr";
	caps.bases[0].here = true;
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		caps.limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
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

static void build(const char *text)
{
	struct err err = { 0 };

	ck_assert_int_eq(policy_load(PROFILE_DEFAULT, "test", text, strlen(text), NULL, 0,
				     NULL, NULL, &arena, &policy, &err),
			 0);
	ck_assert_msg(plan_build(&policy, &caps, &request, &arena, &plan, &err) == 0,
		      "%s", err.msg);
}

/* Every number as linux/landlock.h has it, by version; not by our names for them. */
static const struct {
	unsigned int abi;
	uint64_t files, tcp, scopes;
} handled[] = {
	{ 0, 0, 0, 0 },      { 1, 0x1fff, 0, 0 }, { 2, 0x3fff, 0, 0 },
	{ 3, 0x7fff, 0, 0 }, { 4, 0x7fff, 3, 0 }, { 5, 0xffff, 3, 0 },
	{ 6, 0xffff, 3, 3 }, { 7, 0xffff, 3, 3 }, { 99, 0xffff, 3, 3 },
};

START_TEST(handled_by_version)
{
	struct domain domain = domain_handled(handled[_i].abi, true);

	ck_assert_uint_eq(domain.files, handled[_i].files);
	ck_assert_uint_eq(domain.tcp, handled[_i].tcp);
	ck_assert_uint_eq(domain.scopes, handled[_i].scopes);
	ck_assert_uint_eq(domain_handled(handled[_i].abi, false).tcp, 0);
}
END_TEST

/* What a rule gives: of a directory, and of a path that is none. */
static const struct {
	enum domain_grant grant;
	unsigned int abi;
	uint64_t directory, file;
} granted[] = {
	{ GRANT_LIST, 7, 0x8, 0 },       { GRANT_READ, 7, 0xc, 0x4 },
	{ GRANT_RUN, 7, 0xd, 0x5 },      { GRANT_WRITE, 1, 0x17bf, 0x7 },
	{ GRANT_WRITE, 2, 0x37bf, 0x7 }, { GRANT_WRITE, 7, 0x77bf, 0x4007 },
	{ GRANT_DEVICE, 1, 0x6, 0x6 },   { GRANT_DEVICE, 7, 0xc006, 0xc006 },
};

START_TEST(granted_by_version)
{
	struct domain domain = domain_handled(granted[_i].abi, false);

	ck_assert_uint_eq(domain_allowed(&domain, granted[_i].grant, true),
			  granted[_i].directory);
	ck_assert_uint_eq(domain_allowed(&domain, granted[_i].grant, false),
			  granted[_i].file);
}
END_TEST

/* No rule may give what the ruleset does not handle, nor a file what only directories have: EINVAL
 * either way. Reading never gives writing. */
START_TEST(rules_fit_the_ruleset)
{
	const uint64_t changes = 0x5ff2, of_files = 0xc007;

	for (unsigned int abi = 1; abi <= DOMAIN_ABI; abi++) {
		struct domain domain = domain_handled(abi, true);

		for (unsigned int i = 0; i < GRANT_COUNT; i++) {
			uint64_t all = domain_allowed(&domain, i, true);

			ck_assert_uint_eq(all & ~domain.files, 0);
			ck_assert_uint_eq(domain_allowed(&domain, i, false),
					  all & of_files);
			if (i <= GRANT_RUN)
				ck_assert_uint_eq(all & changes, 0);
		}
	}
}
END_TEST

static const char *grant_of(const char *path)
{
	for (size_t i = 0; i < plan.count; i++)
		if (plan.steps[i].op == OP_LANDLOCK_ALLOW &&
		    str_equal(plan.steps[i].path, path))
			return domain_grant_words[plan.steps[i].flags];
	return "none";
}

static const struct {
	const char *path, *behind, *alone;
} rules[] = {
	{ "/", "list", "none" },
	{ "/usr", "run", "run" },
	{ "/srv/shown", "run", "run" },
	{ "/opt/tool", "run", "run" },
	{ "/tmp", "write", "none" },
	{ "/home/x/work", "write", "write" },
	{ "/proc", "read", "read" },
	{ "/dev/null", "device", "device" },
	{ "/dev/urandom", "device", "device" },
	{ "/dev", "none", "none" },
	{ "/run", "none", "none" },
	{ "/home/x", "none", "none" },
};

static const char rules_policy[] =
	"{\"onUnavailable\":\"degrade\",\"filesystem\":{\"readOnly\":[\"/srv/shown\"]}}";

START_TEST(rules_of_the_wall)
{
	host(_i ? 1000 : 0, 7);
	request.command_bind = "/opt/tool";
	request.scratch = "/home/x/work";
	build(rules_policy);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		ck_assert_msg(str_equal(grant_of(rules[i].path), rules[i].behind),
			      "%s: %s", rules[i].path, grant_of(rules[i].path));
	ck_assert_ptr_nonnull(plan_find(&plan, OP_LANDLOCK_WALL));
	ck_assert_ptr_null(plan_find(&plan, OP_LANDLOCK_ALONE));
	ck_assert_ptr_nonnull(
		strstr(plan.mechanism[LAYER_FILESYSTEM], "Landlock ABI 7 inside"));
	/* Loopback is the run's own. */
	ck_assert_uint_eq(plan_find(&plan, OP_LANDLOCK_HANDLE)->flags, 0);
	arena_done(&arena);
}
END_TEST

/* Whatever is attached is allowed, and nothing else is. */
START_TEST(rules_follow_the_mounts)
{
	size_t attached = 0, allowed = 0;

	host(0, 7);
	build(rules_policy);
	for (size_t i = 0; i < plan.count; i++) {
		enum op op = plan.steps[i].op;

		attached += op == OP_ATTACH || op == OP_SCRATCH || op == OP_SCRIPT;
		allowed += op == OP_LANDLOCK_ALLOW;
		if (op == OP_ATTACH)
			ck_assert_str_ne(grant_of(plan.steps[i].path), "none");
	}
	ck_assert_uint_eq(allowed, attached + 1); /* and the root */
	arena_done(&arena);
}
END_TEST

START_TEST(rules_alone)
{
	host(_i ? 1000 : 0, 7);
	capabilities_rule_out(&caps, CAPABILITY_MOUNT_NAMESPACE, "not on this host");
	request.command_bind = "/opt/tool";
	request.scratch = "/home/x/work";
	build(rules_policy);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		ck_assert_msg(str_equal(grant_of(rules[i].path), rules[i].alone),
			      "%s: %s", rules[i].path, grant_of(rules[i].path));
	ck_assert_ptr_nonnull(plan_find(&plan, OP_LANDLOCK_ALONE));
	ck_assert_ptr_null(plan_find(&plan, OP_LANDLOCK_OUTSIDE));
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_FS_03], PROMISE_ENFORCED);
	ck_assert_int_eq(plan.promises[REQ_FS_21], PROMISE_DEGRADED);
	ck_assert(!plan.enforced[LAYER_FILESYSTEM]);
	arena_done(&arena);
}
END_TEST

/* TCP is refused only where there is no network namespace, and the policy denies the network. */
static const struct {
	enum capability lacks;
	const char *text;
	bool tcp;
} denied[] = {
	{ CAPABILITY_NONE, "{}", false },
	{ CAPABILITY_NETWORK_NAMESPACE, "{}", true },
	{ CAPABILITY_NETWORK_NAMESPACE, "{\"network\":{\"mode\":\"deny\"}}", true },
	{ CAPABILITY_NETWORK_NAMESPACE, "{\"network\":{\"mode\":\"unrestricted\"}}",
	  false },
};

START_TEST(tcp_for_want_of_a_namespace)
{
	host(0, 7);
	caps.is[denied[_i].lacks].here = false;
	build(denied[_i].text);
	ck_assert_int_eq(plan_find(&plan, OP_LANDLOCK_HANDLE)->flags == 1,
			 denied[_i].tcp);
	arena_done(&arena);
}
END_TEST

static bool is_said(const struct plan_remark *list, size_t count, const char *words)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].layer == LAYER_FILESYSTEM && strstr(list[i].text, words))
			return true;
	return false;
}

/* What a version lacks is said, on either rung; FS-21 needs that nothing can be emptied. */
static const struct {
	unsigned int abi;
	bool wall; /* by auto, behind the mounts */
	enum promise two_walls;
	const char *lacks;
} versions[] = {
	{ 0, false, PROMISE_DEGRADED, "no Landlock domain: EOPNOTSUPP" },
	{ 1, false, PROMISE_DEGRADED, "moving and linking between directories" },
	{ 2, true, PROMISE_DEGRADED,
	  "Landlock ABI 2 has no right over: truncating files, ioctl on devices, "
	  "abstract "
	  "unix sockets, signals" },
	{ 3, true, PROMISE_ENFORCED,
	  "Landlock ABI 3 has no right over: ioctl on devices, abstract unix sockets, "
	  "signals" },
	{ 4, true, PROMISE_ENFORCED,
	  "Landlock ABI 4 has no right over: ioctl on devices, abstract unix sockets, "
	  "signals" },
	{ 5, true, PROMISE_ENFORCED,
	  "Landlock ABI 5 has no right over: abstract unix sockets, signals" },
	{ 6, true, PROMISE_ENFORCED, NULL },
	{ 7, true, PROMISE_ENFORCED, NULL },
	{ 8, true, PROMISE_ENFORCED, NULL },
};

START_TEST(version_is_said)
{
	host(0, versions[_i].abi);
	build("{}");
	ck_assert_uint_eq(plan.downgrade_count, 0);
	ck_assert_int_eq(plan_find(&plan, OP_LANDLOCK_WALL) != NULL, versions[_i].wall);
	ck_assert_int_eq(plan.promises[REQ_FS_21], versions[_i].two_walls);
	if (versions[_i].lacks && versions[_i].abi != 1)
		ck_assert_msg(is_said(plan.notes, plan.note_count, versions[_i].lacks),
			      "%s", versions[_i].lacks);
	else if (!versions[_i].lacks)
		ck_assert(!is_said(plan.notes, plan.note_count, "Landlock"));
	build("{\"filesystem\":{\"landlock\":\"on\"}}");
	ck_assert_int_eq(plan_find(&plan, OP_LANDLOCK_WALL) != NULL,
			 versions[_i].abi > 0);
	ck_assert_int_eq(plan_is_refused(&plan), versions[_i].abi == 0);
	if (versions[_i].abi == 1)
		ck_assert(is_said(plan.notes, plan.note_count, versions[_i].lacks));
	build("{\"filesystem\":{\"landlock\":\"off\"}}");
	ck_assert_ptr_null(plan_find(&plan, OP_LANDLOCK_HANDLE));
	ck_assert_int_eq(plan.promises[REQ_FS_21], PROMISE_NOTHING);
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_ENFORCED);
	ck_assert(!is_said(plan.notes, plan.note_count, "Landlock"));
	arena_done(&arena);
}
END_TEST

/* The same without mounts: by auto from the first version on, and TCP is one of the gaps. */
START_TEST(version_alone_is_said)
{
	unsigned int abi = (unsigned int)_i;

	host(1000, abi);
	capabilities_rule_out(&caps, CAPABILITY_USER_NAMESPACE, "not on this host");
	build("{\"onUnavailable\":\"degrade\"}");
	ck_assert_int_eq(plan_find(&plan, OP_LANDLOCK_ALONE) != NULL, abi > 0);
	ck_assert_int_eq(is_said(plan.notes, plan.note_count, "TCP"), abi > 0 && abi < 4);
	ck_assert_int_eq(plan.promises[REQ_FS_03],
			 abi ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_ENV_01],
			 abi ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_RPT_03], PROMISE_DEGRADED);
	ck_assert(is_said(plan.downgrades, plan.downgrade_count,
			  abi ? "no root of its own: Landlock alone"
			      : "no root of its own, the host's files stay in view"));
	build("{}");
	ck_assert(plan_is_refused(&plan));
	arena_done(&arena);
}
END_TEST

/* Rules show whole trees: what was to be hidden in one is not, and that is said. */
static const struct {
	const char *text;
	bool reads_secrets;
	const char *said;
	enum promise held;
} hidden[] = {
	{ "{\"filesystem\":{\"hide\":[\"/usr/share/x\"]}}", false,
	  "/usr/share/x is not hidden", PROMISE_DEGRADED },
	{ "{\"filesystem\":{\"hide\":[\"/srv/shown/x\"],\"readOnly\":[\"/srv/shown\"]}}",
	  false, "/srv/shown/x is not hidden", PROMISE_DEGRADED },
	{ "{\"filesystem\":{\"hide\":[\"/home/x\"]}}", false, NULL, PROMISE_ENFORCED },
	{ "{\"filesystem\":{\"hide\":[\"/usrx\"]}}", false, NULL, PROMISE_ENFORCED },
	{ "{}", true, NULL, PROMISE_DEGRADED },
};

START_TEST(hidden_alone)
{
	host(1000, 7);
	caps.reads_secrets = hidden[_i].reads_secrets;
	capabilities_rule_out(&caps, CAPABILITY_USER_NAMESPACE, "not on this host");
	build(hidden[_i].text);
	ck_assert_int_eq(plan.promises[REQ_FS_03], hidden[_i].held);
	if (hidden[_i].said)
		ck_assert(
			is_said(plan.downgrades, plan.downgrade_count, hidden[_i].said));
	else
		ck_assert(!is_said(plan.downgrades, plan.downgrade_count, "not hidden"));
	arena_done(&arena);
}
END_TEST

/* Rules add up: what is shown in a tree that may be written has one wall, and that is said. */
static const struct {
	const char *shown, *scratch, *command, *said;
} around[] = {
	{ "/srv/a", NULL, NULL, NULL },
	{ "/tmp/a", NULL, NULL, "/tmp/a from being written, for it lies in /tmp" },
	{ "/tmpa", NULL, NULL, NULL },
	{ "/srv/a/b", "/srv/a", NULL,
	  "/srv/a/b from being written, for it lies in /srv/a" },
	{ "/srv/a", "/srv/a/b", NULL, NULL },
	{ "/srv/a", NULL, "/tmp/tool", "/tmp/tool from being written" },
};

START_TEST(written_around)
{
	const char *words = around[_i].said ? around[_i].said : "from being written";

	host(0, 7);
	request.scratch = around[_i].scratch;
	request.command_bind = around[_i].command;
	build(arena_printf(&arena, "{\"filesystem\":{\"readOnly\":[\"%s\"]}}",
			   around[_i].shown));
	ck_assert_int_eq(is_said(plan.notes, plan.note_count, words),
			 around[_i].said != NULL);
	ck_assert_int_eq(plan.promises[REQ_FS_21],
			 around[_i].said ? PROMISE_DEGRADED : PROMISE_ENFORCED);
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_ENFORCED);
	arena_done(&arena);
}
END_TEST

/* A domain that did not show itself takes its claim along, and no other wall's; and the other way
 * round: without the mounts there is one wall. */
START_TEST(withdrawn)
{
	host(0, 7);
	build("{}");
	plan_withdraw(&plan, &arena, plan_find(&plan, OP_LANDLOCK_WALL), "not seen");
	ck_assert_int_eq(plan.promises[REQ_FS_21], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_FS_01], PROMISE_ENFORCED);
	ck_assert(plan_is_refused(&plan));
	build("{}");
	plan_withdraw(&plan, &arena, plan_find(&plan, OP_READ_ONLY), "not seen");
	ck_assert_int_eq(plan.promises[REQ_FS_21], PROMISE_DEGRADED);
	/* Where it keeps the caller's processes closed, more rests on it. */
	host(1000, 7);
	capabilities_rule_out(&caps, CAPABILITY_PID_NAMESPACE, "not on this host");
	build("{}");
	ck_assert_int_eq(plan.promises[REQ_ENV_01], PROMISE_ENFORCED);
	plan_withdraw(&plan, &arena, plan_find(&plan, OP_LANDLOCK_ALONE), "not seen");
	ck_assert_int_eq(plan.promises[REQ_ENV_01], PROMISE_DEGRADED);
	ck_assert_int_eq(plan.promises[REQ_FD_01], PROMISE_DEGRADED);
	arena_done(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("domain");
	TCase *cases = tcase_create("domain");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, handled_by_version, 0, (int)ARRAY_SIZE(handled));
	tcase_add_loop_test(cases, granted_by_version, 0, (int)ARRAY_SIZE(granted));
	tcase_add_test(cases, rules_fit_the_ruleset);
	tcase_add_loop_test(cases, rules_of_the_wall, 0, 2);
	tcase_add_test(cases, rules_follow_the_mounts);
	tcase_add_loop_test(cases, rules_alone, 0, 2);
	tcase_add_loop_test(cases, tcp_for_want_of_a_namespace, 0,
			    (int)ARRAY_SIZE(denied));
	tcase_add_loop_test(cases, version_is_said, 0, (int)ARRAY_SIZE(versions));
	tcase_add_loop_test(cases, version_alone_is_said, 0, DOMAIN_ABI + 1);
	tcase_add_loop_test(cases, hidden_alone, 0, (int)ARRAY_SIZE(hidden));
	tcase_add_loop_test(cases, written_around, 0, (int)ARRAY_SIZE(around));
	tcase_add_test(cases, withdrawn);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
