/* SPDX-License-Identifier: Apache-2.0 */
/* prepare - see prepare.h. Nothing is made and nothing is started here. */
#include "conformance/prepare.h"
#include "conformance/expand.h"
#include "conformance/setup.h"
#include "conformance/view.h"
#include "runner/base/own.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEPT_MAX = 48,
	ENVIRONMENT_SPARE = 96, /* variables that setup words add */
};

/* The caller's own environment, where its directories are not what the shield covers. */
static void plan_environment(struct arm *arm)
{
	static const char *const places[] = { "HOME", "TMPDIR" };
	size_t count = 0;

	while (environ[count])
		count++;
	arm->environment =
		arena_array(arm->arena, count + ENVIRONMENT_SPARE + 1, sizeof(char *));
	for (size_t i = 0; i < count; i++)
		arm->environment[i] = environ[i];
	arm->environment_count = count;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *value = getenv(places[i]);

		if (value && view_is_covered(value))
			arm_set_environment(arm, places[i], i ? "/tmp" : arm->home);
	}
}

static int plan_names(struct arm *arm, struct err *err)
{
	char name[NONCE_SIZE];

	if (arm_random(name, err) < 0 || arm_random(arm->nonce, err) < 0 ||
	    arm_random(arm->secret, err) < 0)
		return -1;
	name[16] = '\0';
	if (!arm->root)
		arm->root = arena_printf(arm->arena, "%s/confine-check.%s", view_place(),
					 name);
	arm->probes = arm_path(arm, "probes");
	arm->scratch = arm_path(arm, "scratch");
	arm->receipt = arm_path(arm, "receipt/receipt.json");
	arm->home = arm_path(arm, "home");
	arm->arm_file = arm_path(arm, "probes/arm");
	arm->script =
		arm_path(arm, arena_printf(arm->arena, "probes/%s", arm->probe->file));
	arm->cwd = arm->scratch;
	return 0;
}

/* What the target is told beyond its own template. */
static const struct target_pair *plan_sets(struct arm *arm, size_t *ret_count)
{
	const struct probe *probe = arm->probe;
	size_t count = 0;
	struct target_pair *sets = arena_array(
		arm->arena, arm->set_count + probe->policy_count + 1, sizeof(*sets));

	*ret_count = 0;
	if (!target_has_part(arm->wants->target, PART_SET))
		return sets;
	/* Whether it fails closed is asked of the policy as it was given. */
	for (size_t i = 0; i < arm->set_count && !arm_setup(arm, "handicap"); i++)
		sets[count++] = arm->sets[i];
	for (size_t i = 0; i < probe->policy_count; i++)
		sets[count++] = (struct target_pair){ probe->policy[i].pointer,
						      probe->policy[i].json };
	*ret_count = count;
	return sets;
}

static int plan_target(struct arm *arm, const char *scratch, const char *receipt,
		       const char *arm_file, const char *const **ret, struct err *err)
{
	const char **command = arena_array(arm->arena, 4, sizeof(*command));
	struct target_fill fill = {
		.confine = arm->wants->confine,
		.scratch = scratch,
		.probes = arm->probes,
		.policy = arm->wants->policy,
		.receipt = receipt,
		.command = command,
		.env = arm->options,
		.env_count = arm->option_count,
		.timeout_seconds = arm->deadline_is_ours ? 0 : arm->deadline_s,
	};

	command[0] = "/bin/sh";
	command[1] = arm->script;
	command[2] = arm_file;
	if (arm->kind == ARM_REACH) {
		*ret = command;
		return 0;
	}
	fill.sets = plan_sets(arm, &fill.set_count);
	return target_expand(arm->wants->target, &fill, arm->arena, ret, err);
}

/* Each variable that a setup word added once more behind the end: whoever looks for the first, or
 * takes away the first, meets the second. */
static void double_environment(struct arm *arm, size_t from)
{
	size_t end = arm->environment_count;

	for (size_t i = from; i < end; i++)
		arm->environment[arm->environment_count++] = arm->environment[i];
	arm->environment[arm->environment_count] = NULL;
}

/* What is odd about a start and lies in its words. */
static void plan_odd_words(struct arm *arm, size_t own_variables)
{
	const char **argv;
	size_t count = 0;

	if (str_equal(arm->invocation, "environment-twice"))
		double_environment(arm, own_variables);
	if (!str_equal(arm->invocation, "nameless"))
		return;
	while (arm->argv[count])
		count++;
	argv = arena_array(arm->arena, count + 1, sizeof(*argv));
	memcpy(argv, arm->argv, count * sizeof(*argv));
	arm->program = argv[0];
	argv[0] = "";
	arm->argv = argv;
}

/* The file that a name of the command line stands for, or NULL. */
static const char *find_program(struct arm *arm, const char *name)
{
	const char *path = getenv("PATH");
	char *rest = arena_strdup(arm->arena, path ? path : ""), *directory;

	if (strchr(name, '/'))
		return name;
	while ((directory = strsep(&rest, ":")) != NULL) {
		const char *file = arena_printf(arm->arena, "%s/%s", directory, name);

		if (directory[0] == '/' && access(file, X_OK) == 0)
			return file;
	}
	return NULL;
}

/* A copy in the place of the launcher; outside, a stand-in that runs beside the script as it would. */
static int plan_launcher_copy(struct arm *arm, struct err *err)
{
	const char *program = arm->kind == ARM_REACH ? arm->wants->attack
						     : find_program(arm, arm->argv[0]);
	const char *name = program ? strrchr(program, '/') : NULL;
	const char **argv;
	size_t count = 0, from = 0, to = 0;

	if (!name)
		return err_set(err, ERR_INTERNAL, "setup", "%s: no such program",
			       arm->argv[0]);
	while (arm->argv[count])
		count++;
	argv = arena_array(arm->arena, count + 3, sizeof(*argv));
	arm->launcher_source = program;
	arm->launcher_copy = arena_printf(arm->arena, "%s/launcher%s", arm->root, name);
	argv[to++] = arm->launcher_copy;
	if (arm->kind == ARM_REACH)
		argv[to++] = "outlive";
	else
		from = 1;
	memcpy(argv + to, arm->argv + from, (count - from) * sizeof(*argv));
	arm->argv = argv;
	return 0;
}

/* In view already, with a directory above it? */
static bool is_kept(const char *const *kept, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(kept[i]);

		if (strncmp(path, kept[i], length) == 0 &&
		    (!path[length] || path[length] == '/'))
			return true;
	}
	return false;
}

static void keep(struct arm *arm, const char **kept, size_t *count, const char *path)
{
	char *real = path[0] == '/' ? realpath(path, NULL) : NULL;

	if (real && view_is_covered(real) && *count < KEPT_MAX &&
	    !str_has_prefix(real, arm->root) && !is_kept(kept, *count, real))
		kept[(*count)++] = arena_strdup(arm->arena, real);
	free(real);
}

static bool is_file(const char *path)
{
	struct stat about;

	return path[0] == '/' && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* The directory two above a program: the prefix that it finds its own files in. */
static void keep_prefix(struct arm *arm, const char **kept, size_t *count,
			const char *path)
{
	char *prefix = arena_strdup(arm->arena, path);

	for (unsigned int i = 0; i < 2; i++) {
		char *slash = strrchr(prefix, '/');

		if (!slash || slash == prefix)
			return;
		*slash = '\0';
	}
	keep(arm, kept, count, prefix);
}

/* Programs and files of the command line may lie in a place that the shield covers: a build
 * tree in /tmp, say. Files only: a whole directory of /run would bring its sockets back. */
static void plan_kept(struct arm *arm)
{
	const char **kept = arena_array(arm->arena, KEPT_MAX + 1, sizeof(*kept));
	const char *path = getenv("PATH");
	char *rest = arena_strdup(arm->arena, path ? path : ""), *directory;
	size_t count = 0;

	if (arm->wants->confine)
		keep_prefix(arm, kept, &count, arm->wants->confine);
	keep_prefix(arm, kept, &count, arm->wants->attack);
	keep(arm, kept, &count, arm->wants->probes); /* a link, in a build tree */
	if (arm->probe)
		keep(arm, kept, &count,
		     arena_printf(arm->arena, "%s/%s", arm->probe->directory,
				  arm->probe->file));
	if (arm->program)
		keep(arm, kept, &count, arm->program);
	if (arm->launcher_source)
		keep(arm, kept, &count, arm->launcher_source);
	for (const char *const *word = arm->argv; *word; word++)
		if (is_file(*word))
			keep(arm, kept, &count, *word);
	while ((directory = strsep(&rest, ":")) != NULL)
		keep(arm, kept, &count, directory);
	arm->kept = kept;
}

int prepare_arm(struct arm *arm, struct err *err)
{
	size_t own_variables;

	arm->objects = (struct arm_objects){ .listener = -1,
					     .broker = -1,
					     .tty_master = -1,
					     .tty_slave = -1,
					     .leak = -1,
					     .errors = -1,
					     .stream = -1,
					     .mounts = -1,
					     .neighbour_pipe = -1 };
	if (plan_names(arm, err) < 0)
		return -1;
	plan_environment(arm);
	own_variables = arm->environment_count;
	if (setup_plan(arm, err) < 0)
		return -1;
	if (plan_target(arm, arm->own_scratch ? NULL : arm->scratch, arm->receipt,
			arm->arm_file, &arm->argv, err) < 0)
		return -1;
	if (arm->second_scratch &&
	    plan_target(arm, arm->second_scratch, arm_path(arm, "receipt/second.json"),
			arm->second_arm_file, &arm->second_argv, err) < 0)
		return -1;
	plan_odd_words(arm, own_variables);
	if (arm_setup(arm, "launcher-copy") && plan_launcher_copy(arm, err) < 0)
		return -1;
	plan_kept(arm);
	return 0;
}
