/* SPDX-License-Identifier: Apache-2.0 */
/* test_hostnames - when names are asked for, and what becomes of an answer */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/hostnames.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"

static const char *const wanted_items[] = { "a.test", "b.test" };

static struct policy wanted_policy(void)
{
	struct policy policy = { .enabled = true };

	policy.network.mode = NETWORK_ALLOWLIST;
	policy.network.allow_count = 1;
	policy.network.names.items = (const char **)(uintptr_t)wanted_items;
	policy.network.names.count = ARRAY_SIZE(wanted_items);
	return policy;
}

static const struct {
	const char *answer, *hosts, *error;
} answers[] = {
	{ "192.0.2.1 a.test\n192.0.2.2 b.test\n",
	  HEAD "192.0.2.1 a.test\n192.0.2.2 b.test\n", NULL },
	{ "192.0.2.1 a.test\n2001:db8::1 a.test\n192.0.2.2 b.test\n",
	  HEAD "192.0.2.1 a.test\n2001:db8::1 a.test\n192.0.2.2 b.test\n", NULL },
	{ "192.0.2.1 a.test\n192.0.2.2 b.test",
	  HEAD "192.0.2.1 a.test\n192.0.2.2 b.test\n", NULL },
	{ "! a.test: Name or service not known\n192.0.2.2 b.test\n", NULL,
	  "cannot resolve a.test: Name or service not known" },
	{ "192.0.2.1 a.test\n", NULL, "cannot resolve b.test: no answer" },
	{ "", NULL, "cannot resolve a.test: no answer" },
	/* Nothing gets into the file that was not asked for. */
	{ "192.0.2.1 a.test\n192.0.2.2 b.test\n192.0.2.3 c.test\n", NULL,
	  "confine-names gave an answer that is none" },
	{ "192.0.2.1 a.test\n192.0.2.2/24 b.test\n", NULL,
	  "confine-names gave an answer that is none" },
	{ "192.0.2.1 a.test evil\n192.0.2.2 b.test\n", NULL,
	  "confine-names gave an answer that is none" },
	{ "192.0.2.1\ta.test\n", NULL, "confine-names gave an answer that is none" },
	{ "a.test 192.0.2.1\n", NULL, "confine-names gave an answer that is none" },
	{ "fe80::1%eth0 a.test\n", NULL, "confine-names gave an answer that is none" },
};

START_TEST(test_answer)
{
	struct policy policy = wanted_policy();
	struct hostnames names = { 0 };
	struct arena arena = { 0 };
	struct err err = { 0 };
	int result = hostnames_read(&policy, answers[_i].answer, &arena, &names, &err);

	if (answers[_i].hosts) {
		ck_assert_msg(result == 0, "%s", err.msg);
		ck_assert_str_eq(names.hosts, answers[_i].hosts);
		ck_assert_uint_eq(names.length, strlen(answers[_i].hosts));
	} else {
		ck_assert_int_eq(result, -1);
		ck_assert_str_eq(err.msg, answers[_i].error);
		ck_assert_ptr_null(names.hosts);
	}
	arena_done(&arena);
}
END_TEST

START_TEST(test_wanted)
{
	struct policy policy = wanted_policy();

	ck_assert(hostnames_are_wanted(&policy));
	policy.network.allow_count = 0; /* nothing can be reached */
	ck_assert(!hostnames_are_wanted(&policy));
	policy = wanted_policy();
	policy.network.mode = NETWORK_DENY;
	ck_assert(!hostnames_are_wanted(&policy));
	policy.network.mode =
		NETWORK_UNRESTRICTED; /* the host's own network and resolver */
	ck_assert(!hostnames_are_wanted(&policy));
	policy.network.deny_link_local_and_metadata = true;
	ck_assert(hostnames_are_wanted(&policy));
	policy.enabled = false;
	ck_assert(!hostnames_are_wanted(&policy));
	policy = wanted_policy();
	policy.network.names.count = 0;
	ck_assert(!hostnames_are_wanted(&policy));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hostnames");
	TCase *tcase = tcase_create("hostnames");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, test_answer, 0, (int)ARRAY_SIZE(answers));
	tcase_add_test(tcase, test_wanted);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
