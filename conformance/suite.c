/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/suite.h"
#include "conformance/policy.h"
#include "conformance/schedule.h"
#include "conformance/targets.h"
#include "conformance/words.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* By a path that stays true in the shield. */
static int add_own_probes(struct suite *suite, struct err *err)
{
	owned_mem char *path = realpath(suite->options.probes, NULL);

	if (!path) {
		(void)err_sys(err, "check", "--probes %s", suite->options.probes);
		err->code = ERR_POLICY;
		return -1;
	}
	if (catalogue_add(path, &suite->arena, &suite->catalogue, err) == 0)
		return 0;
	err->code = ERR_POLICY;
	return -1;
}

int suite_select(struct suite *suite, struct err *err)
{
	const struct options *options = &suite->options;

	if (paths_find(&suite->arena, &suite->paths, err) < 0)
		return -1;
	/* A probe that does not load is a fault of this installation, not of its user. */
	if (catalogue_load(suite->paths.probes, &suite->arena, &suite->catalogue, err) <
	    0) {
		err->code = ERR_INTERNAL;
		return -1;
	}
	if (options->probes && add_own_probes(suite, err) < 0)
		return -1;
	select_probes(&suite->catalogue, options->only, options->skip, &suite->arena,
		      &suite->selection);
	return 0;
}

static int find_target(struct suite *suite, struct err *err)
{
	const struct options *options = &suite->options;
	const char *missing;
	int result = options->target_command
			     ? targets_from_command(options->target_command,
						    &suite->arena, &suite->target, err)
			     : targets_find(options->target, suite->paths.targets,
					    &suite->arena, &suite->target, err);

	if (result < 0)
		return -1;
	missing = targets_missing_program(&suite->target);
	if (missing)
		return err_policy(
			err, "target", "target %s needs %s, which is not there%s%s",
			suite->target.name, missing, suite->target.install ? ": " : "",
			suite->target.install ? suite->target.install : "");
	return 0;
}

static const char *const *ids_of(struct suite *suite,
				 const struct requirement *requirement)
{
	const struct catalogue *catalogue = &suite->catalogue;
	const char **ids = arena_array(&suite->arena, catalogue->count + 1, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->probes[i].requirement == requirement)
			ids[count++] = catalogue->probes[i].id;
	return ids;
}

const char *suite_repeat_prefix(struct suite *suite)
{
	const struct options *options = &suite->options;
	owned_str struct str text = { 0 };

	str_add(&text, "confine check ");
	str_add(&text, options->target_command ? "--target-command " : "--target ");
	words_quote(&text,
		    options->target_command ? options->target_command : options->target);
	if (options->policy) {
		str_add(&text, " --policy ");
		words_quote(&text, options->policy);
	}
	if (options->probes) {
		str_add(&text, " --probes ");
		words_quote(&text, options->probes);
	}
	if (options->require != LEVEL_MIN)
		str_addf(&text, " --require %u", options->require);
	return arena_strdup(&suite->arena, str_text(&text));
}

/* The command as the user knows it: the front took its own name away. */
static const char *const *command_line(struct suite *suite, char *const *argv)
{
	const char **words;
	size_t count = 0, used = 0;

	while (argv[count])
		count++;
	words = arena_array(&suite->arena, count + 3, sizeof(*words));
	words[used++] = "confine";
	words[used++] = "check";
	for (size_t i = 1; i < count; i++)
		words[used++] = argv[i];
	return words;
}

/* Names a run; not a secret. */
static const char *run_id(struct arena *arena)
{
	unsigned char bytes[16];
	owned_str struct str text = { 0 };

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		memset(bytes, 0, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		str_addf(&text, "%02x", bytes[i]);
	return arena_strdup(arena, str_text(&text));
}

static bool wants_lab(const struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		if (probe_word(selection->probes[i]->needs, "lab") ||
		    probe_word(selection->probes[i]->setup, "lab"))
			return true;
	return false;
}

static const char *working_directory(struct arena *arena)
{
	owned_mem char *path = getcwd(NULL, 0);

	return path ? arena_strdup(arena, path) : NULL;
}

/* Two runs of one boot share what a reboot would change. */
static const char *boot_id(struct arena *arena)
{
	char text[64];
	ssize_t count = fd_read_small_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id",
					 text, sizeof(text));

	if (count <= 0)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return arena_strdup(arena, text);
}

static void start_record(struct suite *suite, char *const *argv)
{
	static const char *const nothing[] = { NULL };
	struct results *results = &suite->results;
	const char *const **probes_of =
		arena_array(&suite->arena, requirement_count, sizeof(*probes_of));

	for (size_t i = 0; i < requirement_count; i++)
		probes_of[i] = ids_of(suite, &requirements[i]);
	*results = (struct results){
		.partial = suite->selection.count < suite->catalogue.count,
		.selected_count = suite->selection.count,
		.catalogue_count = suite->catalogue.count,
		.target = &suite->target,
		.target_version = "",
		.policy_source = conditions_policy_source(
			&suite->target, suite->options.policy, &suite->arena),
		.controls = suite->controls.link_count ? &suite->controls : NULL,
		.control = { .leaky = VERDICT_NONE,
			     .deny_all = VERDICT_NONE,
			     .silent = VERDICT_NONE },
		.parity_differences = nothing,
		.probes = arena_array(&suite->arena, suite->selection.count + 1,
				      sizeof(struct result_probe)),
		.mechanisms = suite->notes.mechanisms,
		.probes_of = probes_of,
	};
	results->run.id = run_id(&suite->arena);
	results->run.command_line = command_line(suite, argv);
	results->run.directory = working_directory(&suite->arena);
	results->run.boot_id = boot_id(&suite->arena);
	results->run.challenge = suite->options.challenge;
	results->run.uid = getuid();
	results->run.gid = getgid();
	results->run.require = suite->options.require;
	results->run.fail_on = suite->options.fail_on;
	results->run.only = suite->options.only;
	results->run.skip = suite->options.skip;
	results->run.jobs =
		schedule_jobs(suite->options.jobs, sysconf(_SC_NPROCESSORS_ONLN));
	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		suite->notes.mechanisms[i] = "";
	suite->notes.version = "";
}

/* The record is the file of --json; what only passes through is in a directory of ours. */
static int place_record(struct suite *suite, struct err *err)
{
	const struct options *options = &suite->options;
	const char *folder = getenv("TMPDIR");
	char *path;

	if (options->json && strcmp(options->json, "-") != 0) {
		suite->record = options->json;
		return 0;
	}
	if (options->dry_run || (!options->json && !options->junit && !options->keep &&
				 !options->waivers && !options->baseline))
		return 0;
	path = arena_printf(&suite->arena, "%s/confine-check.XXXXXX",
			    folder && folder[0] ? folder : "/tmp");
	if (!mkdtemp(path))
		return err_sys(err, "check", "cannot make %s", path);
	suite->temporary = path;
	suite->record = arena_printf(&suite->arena, "%s/results.json", path);
	return 0;
}

int suite_prepare(struct suite *suite, char *const *argv, struct err *err)
{
	if (find_target(suite, err) < 0)
		return -1;
	if (suite->options.policy &&
	    policy_check(&suite->target, suite->paths.confine, suite->options.policy,
			 &suite->arena, &suite->options.policy, err) < 0)
		return -1;
	if (suite->paths.controls && controls_load(suite->paths.controls, &suite->arena,
						   &suite->controls, err) < 0)
		return -1;
	if (place_record(suite, err) < 0)
		return -1;
	suite->wants = (struct session_wants){
		.target = &suite->target,
		.probes = suite->paths.probes,
		.confine = suite->paths.confine,
		.attack = suite->paths.attack,
		.lab = suite->paths.lab,
		.policy = suite->options.policy,
		.stop_fd = -1,
		.lab_wanted = wants_lab(&suite->selection),
	};
	suite->judge = (struct judge){
		.target = &suite->target,
		.require = suite->options.require,
		.repeat_prefix = suite_repeat_prefix(suite),
		.arena = &suite->arena,
	};
	start_record(suite, argv);
	return 0;
}

void suite_done(struct suite *suite)
{
	session_close(suite->session);
	suite->session = NULL;
	if (suite->temporary && suite->options.keep) {
		(void)fprintf(stderr, "confine check: kept %s\n", suite->temporary);
	} else if (suite->temporary) {
		(void)unlink(suite->record); /* may not be there yet */
		(void)rmdir(suite->temporary);
	}
	arena_done(&suite->arena);
}
