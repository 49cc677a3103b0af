/* SPDX-License-Identifier: Apache-2.0 */
/* The record's own command line says what was under test; it is read as a command line is, and
 * nothing of it is run. */
#include "conformance/valid.h"
#include "conformance/targets.h"
#include "conformance/words.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	VALUE_MAX = 200,
};

static const char schema[] = "confine-results/1";

static int read_record(const char *path, struct json **ret, struct err *err)
{
	owned_json struct json *root = NULL;

	if (json_read_file(path, &json_large, &root, err) < 0)
		return -1;
	if (!str_equal(json_text(json_member(root, "schema")), schema))
		return err_policy(err, "check", "%s: not a record of confine check",
				  path);
	if (!json_is(json_member(root, "conditions"), JSON_OBJECT))
		return err_policy(err, "check",
				  "%s: records no conditions; it was written by an older "
				  "version",
				  path);
	*ret = root;
	root = NULL;
	return 0;
}

/* Its options, as they were given. */
static int read_options(struct suite *suite, const struct json *record, const char *path,
			struct options *options, struct err *err)
{
	const struct json *run = json_member(record, "run");
	const struct json *words = json_member(run, "commandLine");
	const char *directory = json_text(json_member(run, "directory"));
	size_t count = json_count(words), used = 0;
	char **argv = arena_array(&suite->arena, count + 2, sizeof(*argv));

	for (size_t i = 0; i < count; i++) {
		const char *word = json_text(json_item(words, i));

		/* "confine check" is one program here. */
		if (word && i != 1)
			argv[used++] = arena_strdup(&suite->arena, word);
	}
	/* Where it is gone, the files that were named from there are gone, too. */
	if (directory)
		(void)!chdir(directory);
	if (used && options_parse(argv, &suite->arena, options, err) == 0)
		return 0;
	return used ? err_within(err, "%s: /run/commandLine", path)
		    : err_policy(err, "check", "%s: /run/commandLine: not there", path);
}

static int measure(struct suite *suite, const struct options *options,
		   struct conditions *conditions, struct err *err)
{
	owned_mem char *policy = options->policy ? realpath(options->policy, NULL) : NULL;
	struct host_facts host;

	suite->options.probes = options->probes;
	suite->options.only = options->only;
	suite->options.skip = options->skip;
	if (suite_select(suite, err) < 0)
		return -1;
	if ((options->target_command
		     ? targets_from_command(options->target_command, &suite->arena,
					    &suite->target, err)
		     : targets_find(options->target, suite->paths.targets, &suite->arena,
				    &suite->target, err)) < 0)
		return -1;
	host_measure(&suite->arena, &host);
	conditions_measure(
		&(struct conditions_of){
			.host = &host,
			.paths = &suite->paths,
			.catalogue = &suite->catalogue,
			.target = &suite->target,
			.policy = policy ? arena_strdup(&suite->arena, policy)
					 : options->policy,
		},
		&suite->arena, conditions);
	return 0;
}

static void add_value(struct str *text, const char *value)
{
	if (value)
		str_add_visible(text, value, strlen(value), VALUE_MAX);
	else
		str_add(text, "nothing");
}

static void add_visible(struct str *text, const struct json *value, const char *otherwise)
{
	const char *found = json_text(value);

	str_add_visible(text, found ? found : otherwise,
			strlen(found ? found : otherwise), VALUE_MAX);
}

static void add_subject(struct str *text, const struct json *record, const char *path)
{
	const struct json *run = json_member(record, "run");

	str_add_visible(text, path, strlen(path), VALUE_MAX);
	str_add(text, ": run ");
	add_visible(text, json_member(run, "id"), "without an id");
	str_add(text, " of ");
	add_visible(text, json_member(json_member(record, "target"), "name"), "nobody");
	str_add(text, ", ");
	add_visible(text, json_member(run, "started"), "undated");
	str_add(text, ": ");
	add_visible(text, json_member(json_member(record, "level"), "banner"),
		    "no level");
	str_add(text, "\n");
}

int valid_check(struct suite *suite, const char *path, bool *holds, struct str *text,
		struct err *err)
{
	owned_json struct json *record = NULL;
	struct condition_change changes[CONDITIONS_MAX];
	struct conditions now = { .count = 0 };
	struct options options = { .list = false };
	size_t count;

	if (read_record(path, &record, err) < 0 ||
	    read_options(suite, record, path, &options, err) < 0 ||
	    measure(suite, &options, &now, err) < 0)
		return -1;
	count = conditions_compare(json_member(record, "conditions"), &now, changes);
	add_subject(text, record, path);
	for (size_t i = 0; i < count; i++) {
		str_addf(text, "changed: %s %s: was ", changes[i].section,
			 changes[i].name);
		add_value(text, changes[i].was);
		str_add(text, ", is ");
		add_value(text, changes[i].is);
		str_add(text, "\n");
	}
	if (count)
		str_addf(text,
			 "no longer valid: %zu of %zu conditions changed; run it again\n",
			 count, now.count);
	else
		str_addf(text, "still valid: %zu conditions are as recorded\n",
			 now.count);
	*holds = count == 0;
	return 0;
}
