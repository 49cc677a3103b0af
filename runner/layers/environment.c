/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment - what the script is started with, and which program that start runs
 *
 * The caller's own environment is out of reach too: overwritten in the supervisor, and init cannot
 * be read.
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/layer.h"
#include <string.h>

static const char *path_variable(const struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		if (str_has_prefix(environment->vars[i], "PATH="))
			return environment->vars[i] + 5;
	return "/usr/local/bin:/usr/bin:/bin";
}

/* Every place where a name without a slash may be, in order: the child only tries them. */
static const char *const *search_path(struct planner *planner, const char *name)
{
	const char *path = path_variable(&planner->plan->environment);
	size_t count = 1, used = 0;
	const char **ret;

	for (const char *at = path; *at; at++)
		count += *at == ':';
	ret = arena_array(planner->arena, count + 1, sizeof(*ret));
	for (const char *at = path;; at++) {
		const char *end = strchrnul(at, ':');

		if (end > at &&
		    *at == '/') /* "" and relative entries mean the script's own files */
			ret[used++] = arena_printf(planner->arena, "%.*s/%s",
						   (int)(end - at), at, name);
		if (!*end)
			break;
		at = end;
	}
	return ret;
}

/* Does the kernel know how to start it? */
static bool starts_itself(const struct request *request)
{
	static const char elf[] = { 0x7f, 'E', 'L', 'F' };

	if (request->script_length >= 2 && !memcmp(request->script, "#!", 2))
		return true;
	return request->script_length >= sizeof(elf) &&
	       !memcmp(request->script, elf, sizeof(elf));
}

static void plan_exec(struct planner *planner)
{
	static char *const nothing[] = { NULL };
	const struct request *request = planner->request;
	char *const *words = request->command ? request->command : nothing;
	struct plan *plan = planner->plan;
	const char **paths = arena_array(planner->arena, 2, sizeof(*paths));
	size_t rest = 0, used = 0;
	char **argv;

	while (words[rest])
		rest++;
	argv = arena_array(planner->arena, rest + 3 + RUNTIME_WORDS, sizeof(*argv));
	plan->exec_paths = paths;
	if (request->kind == RUN_COMMAND && words[0]) {
		if (strchr(words[0], '/'))
			paths[0] = words[0];
		else
			plan->exec_paths = search_path(planner, words[0]);
	} else if (request->runtime) {
		if (request->runtime_file)
			paths[0] = request->runtime_file;
		else
			plan->exec_paths = search_path(planner, request->runtime->name);
		used = planner_runtime_words(planner, argv);
	} else {
		bool itself = request->kind == RUN_SCRIPT && starts_itself(request);

		paths[0] = itself ? plan->script_path : "/bin/sh";
		if (!itself)
			argv[used++] = arena_strdup(planner->arena, "sh");
		argv[used++] = arena_strdup(planner->arena, plan->script_path);
	}
	for (size_t i = 0; i < rest; i++)
		argv[used++] = arena_strdup(planner->arena, words[i]);
	plan->exec_argv = argv;
}

int plan_environment(struct planner *planner, struct err *err)
{
	const struct request *request = planner->request;
	bool guard = planner->policy->enabled;
	struct plan *plan = planner->plan;
	bool closed = planner_is_closed(planner);
	/* Where the host's are, in view or not, and closed. */
	bool own = plan->own_root || planner_landlock(planner);

	size_t count;
	const char *const *variables = planner_runtime_env(planner, &count);

	if (environment_build(guard, request->inherited, variables, count,
			      own ? plan->scratch : NULL,
			      plan->own_root ? "/tmp"
			      : own          ? plan->scratch
					     : NULL,
			      planner->arena, &plan->environment, err) < 0)
		return -1;
	plan_exec(planner);
	if (!guard)
		return 0;
	plan->asked[LAYER_ENVIRONMENT] = true;
	plan->enforced[LAYER_ENVIRONMENT] = true;
	planner_stays_on(planner, LAYER_ENVIRONMENT, planner->policy->environment.mode);
	(void)planner_step(planner, OP_ENV_GUARD);
	(void)planner_step(planner, OP_ENV_WIPE);
	(void)planner_step(planner, OP_INIT_GUARD);
	plan->mechanism[LAYER_ENVIRONMENT] =
		"allowlist, denylist, no environment of ours in reach";
	/* In one pid namespace with the same uid, the caller's shell is an open book. */
	/* companion.c and uplink.c start what is started from fixed paths, with two constants. */
	planner_promise(planner, REQ(ENV_21), PROMISE_ENFORCED);
	planner_promise(planner, REQ(ENV_01),
			closed ? PROMISE_ENFORCED : PROMISE_DEGRADED);
	if (!closed)
		planner_downgrade(
			planner, LAYER_ENVIRONMENT,
			"without a pid namespace the environment of other processes of "
			"the same uid can be read");
	return 0;
}
