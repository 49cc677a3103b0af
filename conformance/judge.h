/* SPDX-License-Identifier: Apache-2.0 */
/* judge - what was seen of one probe and what was promised for it, made into one result */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include "conformance/results.h"
#include "conformance/run.h"
#include "runner/base/arena.h"
#include <stdbool.h>

struct judge {
	const struct target *target;
	bool launcher_works; /* the target was seen to run a script */
	unsigned int require;
	const char
		*repeat_prefix; /* "confine check --target confine", quoted for a shell */
	struct arena *arena;    /* owns the texts of every result */
};

/* What the receipt of an arm says of the launcher itself; "" where it says nothing. */
struct judge_notes {
	const char *version;
	const char *mechanisms[LAYER_COUNT];
};

/* `notes` may be NULL. */
void judge_probe(const struct judge *judge, const struct probe *probe,
		 const struct run_result *seen, struct result_probe *result,
		 struct judge_notes *notes);

#endif
