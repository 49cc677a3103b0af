/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime - --runtime: what the script finds beside its text, how it is started, and the one
 * descriptor over which it may return something
 */
#include "runner/runtime.h"
#include "runner/base/own.h"
#include "runner/layer.h"
#include "runner/plan.h"
#include <string.h>

#define CONTEXT_NAME "context.json"
#define STARTER_NAME "start.mjs"
/* V8 asks the host how much memory there is, not the sandbox: below this part of memoryBytes it has
 * to collect instead of growing into the limit. The least that node starts with: measured, 16 MiB. */
#define HEAP_PART(bytes) ((bytes) / 4 * 3)
#define HEAP_LEAST       (UINT64_C(16) << 20)

static bool returns_result(const struct planner *planner)
{
	const struct request *request = planner->request;

	return request->runtime && (request->result_wanted || request->runtime->module);
}

static const char *path_of(const struct plan *plan, const char *name)
{
	for (unsigned int i = 0; i < plan->file_count; i++) {
		const char *slash = strrchr(plan->files[i].path, '/');

		if (!strcmp(slash + 1, name))
			return plan->files[i].path;
	}
	return NULL;
}

void planner_runtime_files(struct planner *planner)
{
	const struct request *request = planner->request;

	if (request->context)
		(void)planner_file(planner, CONTEXT_NAME, request->context,
				   request->context_length, 0400);
	if (request->runtime->module)
		(void)planner_file(planner, STARTER_NAME, runtime_starter(),
				   strlen(runtime_starter()), 0555);
}

static char *heap_option(struct planner *planner)
{
	const struct limit *limit = &planner->policy->resources.memory_bytes;
	uint64_t bytes = HEAP_PART(limit->value);

	if (bytes < HEAP_LEAST)
		bytes = HEAP_LEAST;
	return arena_printf(planner->arena, "--max-old-space-size=%llu",
			    (unsigned long long)(bytes >> 20));
}

/* At most RUNTIME_WORDS and the script's path. */
size_t planner_runtime_words(struct planner *planner, char **words)
{
	const struct request *request = planner->request;
	const struct plan *plan = planner->plan;
	size_t count = 0;

	words[count++] = arena_strdup(planner->arena, request->runtime_file
							      ? request->runtime_file
							      : request->runtime->name);
	if (request->runtime->module) {
		if (planner->policy->enabled &&
		    planner->policy->resources.memory_bytes.set)
			words[count++] = heap_option(planner);
		words[count++] =
			arena_strdup(planner->arena, path_of(plan, STARTER_NAME));
	}
	words[count++] = arena_strdup(planner->arena, plan->script_path);
	return count;
}

const char *const *planner_runtime_env(struct planner *planner, size_t *count)
{
	const struct request *request = planner->request;
	const char *context = path_of(planner->plan, CONTEXT_NAME);
	const char **variables;

	*count = request->env_count;
	if (!request->runtime)
		return request->env;
	variables = arena_array(planner->arena, *count + 2, sizeof(*variables));
	if (*count)
		memcpy(variables, request->env, *count * sizeof(*variables));
	if (context)
		variables[(*count)++] =
			arena_printf(planner->arena, RUNTIME_CONTEXT "=%s", context);
	if (returns_result(planner))
		variables[(*count)++] = arena_printf(planner->arena, RUNTIME_RESULT "=%d",
						     RUNTIME_RESULT_FD);
	return variables;
}

/* Each step that closes descriptors has to know of it. */
int plan_runtime(struct planner *planner, struct err *err)
{
	struct plan *plan = planner->plan;

	(void)err;
	if (!returns_result(planner))
		return 0;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].op == OP_DESCRIPTORS)
			plan->steps[i].number = 1;
	planner_step(planner, OP_RESULT)->number = RUNTIME_RESULT_FD;
	if (planner->policy->enabled)
		planner_limit(planner, "maxResultBytes",
			      runtime_result_limit(planner->policy), SCOPE_TREE,
			      "bytes of the result that the supervisor takes");
	return 0;
}
