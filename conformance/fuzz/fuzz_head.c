/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_head - any bytes as the head of a probe
 *
 * Beyond not crashing: what is refused names file and line in one line; what is accepted has a
 * class, a budget, a requirement and at least one refusal.
 * seeds: probes/filesystem probes/environment probes/resources
 */
#include "conformance/head.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const files[] = { "filesystem/write-outside.sh",
					     "environment/bash-env.sh",
					     "resources/fork-bomb.sh" };
	struct arena arena = { 0 };
	struct probe probe;
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (head_read(files[i], (const char *)data, size, &arena, &probe, &err) <
		    0) {
			if (!strstr(err.msg, files[i]) || strchr(err.msg, '\n'))
				abort();
		} else if (!probe.requirement || !probe.budget.seconds ||
			   !probe.refusals[0] || !probe.what[0]) {
			abort();
		}
	}
	arena_done(&arena);
	return 0;
}
