/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_policy - any bytes as a policy, under every profile
 *
 * Beyond not crashing: what is refused says why in one printable line; what is accepted, written and
 * read again under the same profile is written the same.
 * seeds: fixtures/policies/good fixtures/policies/hostile fixtures/policies/contradictory
 */
#include "runner/base/own.h"
#include "runner/policy.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *print(const struct policy *policy)
{
	owned_json struct json *tree = policy_to_json(policy);
	char *text = json_print(tree, false);

	return text;
}

/* What the policy wrote, loaded once more; a policy of ours that we refuse is a fault of ours. */
static void check_again(enum profile profile, const char *text)
{
	owned_mem char *again = NULL;
	struct arena arena = { 0 };
	struct policy policy;
	struct err err = { 0 };

	if (policy_load(profile, "again", text, strlen(text), NULL, 0, NULL, NULL, &arena,
			&policy, &err) < 0)
		abort();
	again = print(&policy);
	if (strcmp(text, again) != 0)
		abort();
	arena_done(&arena);
}

static void check_refusal(const struct err *err)
{
	if (err->code != ERR_POLICY || !err->msg[0])
		abort();
	for (const char *at = err->msg; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			abort();
}

static void check_profile(enum profile profile, const char *text, size_t length)
{
	owned_mem char *written = NULL;
	struct arena arena = { 0 };
	struct policy policy;
	struct err err = { 0 };

	if (policy_load(profile, "fuzz", text, length, NULL, 0, NULL, NULL, &arena,
			&policy, &err) < 0) {
		check_refusal(&err);
	} else {
		written = print(&policy);
		check_again(profile, written);
	}
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of the exact size: a read beyond the end is seen, and nothing ends it with a NUL. */
	owned_mem char *text = malloc(size ? size : 1);

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	for (unsigned int profile = 0; profile < PROFILE_COUNT; profile++)
		check_profile((enum profile)profile, text, size);
	return 0;
}
