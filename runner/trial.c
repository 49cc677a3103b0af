/* SPDX-License-Identifier: Apache-2.0 */
/* trial - see trial.h */
#include "runner/trial.h"
#include "runner/host_scratch.h"
#include <stdlib.h>
#include <unistd.h>

int trial_make(const struct policy *policy, const struct policy_source *source,
	       char **argv, struct arena *arena, struct attempt *attempt, struct err *err)
{
	struct request *request = arena_alloc(arena, sizeof(*request));
	struct policy *tried = arena_alloc(arena, sizeof(*tried));
	char **command = arena_array(arena, 2, sizeof(*command));
	int result;

	*tried = *policy;
	tried->on_unavailable = ON_UNAVAILABLE_DEGRADE;
	command[0] = arena_strdup(arena, "/bin/true");
	*request = (struct request){ .kind = RUN_COMMAND,
				     .command = command,
				     .suffix = "",
				     .inherited = environ,
				     .caller_cwd = "/",
				     .policy_source = source,
				     .host_scratch =
					     host_scratch_path(getenv("TMPDIR"), arena) };
	result = attempt_init(attempt, tried, request, argv, arena, err);
	if (result == 0)
		result = attempt_start(attempt, err);
	attempt_done(attempt);
	return result;
}

bool trial_has_tried(const struct attempt *attempt, enum capability capability,
		     const char **ret_step)
{
	const struct plan *plan = &attempt->claims;

	if (capability == CAPABILITY_FILTER && attempt->request->filter) {
		*ret_step = "confine-filter";
		return true;
	}
	if (capability == CAPABILITY_CGROUP_SWAP) /* the same step reads it back */
		capability = CAPABILITY_CGROUP_MEMORY;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step_row *row = &step_rows[plan->steps[i].op];

		if (row->needs != capability)
			continue;
		*ret_step = row->name;
		return true;
	}
	return false;
}
