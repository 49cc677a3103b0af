/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_target - any bytes as a target file, and as a command line of one
 *
 * Beyond not crashing: what is refused says why in one line; what is accepted can be expanded
 * for an arm that asks for everything, or says what it cannot be told; a command line that was
 * split is the same after quoting and splitting again.
 * seeds: conformance/targets
 */
#include "conformance/expand.h"
#include "conformance/targets.h"
#include "conformance/words.h"
#include "runner/base/own.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct err *err)
{
	if (err->code == ERR_NONE || !err->msg[0] || strchr(err->msg, '\n'))
		abort();
}

static void expand(const struct target *target, struct arena *arena)
{
	static const char *const command[] = { "/bin/sh", "a b", NULL };
	static const struct target_pair pair = { "A", "1" };
	struct target_fill fill = { .confine = "c",
				    .scratch = "s",
				    .probes = "p",
				    .receipt = "r",
				    .command = command };
	const char *const *argv;
	struct err err = { 0 };

	if (target_expand(target, &fill, arena, &argv, &err) < 0 || !argv)
		check_refusal(&err);
	fill.policy = "policy";
	fill.sets = fill.env = &pair;
	fill.set_count = fill.env_count = 1;
	fill.timeout_seconds = 1;
	if (target_expand(target, &fill, arena, &argv, &err) < 0)
		check_refusal(&err);
}

static void split_again(const char *text, struct arena *arena)
{
	const char *const *words, *const *again;
	owned_str struct str quoted = { 0 };
	struct err err = { 0 };

	if (words_split(text, arena, &words, &err) < 0) {
		check_refusal(&err);
		return;
	}
	words_join(&quoted, words);
	if (words_split(str_text(&quoted), arena, &again, &err) < 0)
		abort();
	for (; *words && *again; words++, again++)
		if (strcmp(*words, *again) != 0)
			abort();
	if (*words || *again)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	owned_mem char *text = strndup((const char *)data, size);
	struct target target;
	struct err err = { 0 };

	if (target_parse("fuzz", (const char *)data, size, &arena, &target, &err) == 0)
		expand(&target, &arena);
	else
		check_refusal(&err);
	split_again(text, &arena);
	if (targets_from_command(text, &arena, &target, &err) == 0)
		expand(&target, &arena);
	arena_done(&arena);
	return 0;
}
