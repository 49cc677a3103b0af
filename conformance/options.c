/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/options.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <string.h>

static const char *const colour_names[COLOUR_COUNT + 1] = { "auto", "always", "never",
							    NULL };

/* Where the parser stands. */
struct parser {
	struct options options;
	const char **only, **skip;
	size_t only_count, skip_count;
	struct err *err;
};

static int set_target(struct parser *parser, const char *value)
{
	parser->options.target = value;
	return 0;
}

static int set_target_command(struct parser *parser, const char *value)
{
	parser->options.target_command = value;
	return 0;
}

static int set_policy(struct parser *parser, const char *value)
{
	parser->options.policy = value;
	return 0;
}

static int add_only(struct parser *parser, const char *value)
{
	parser->only[parser->only_count++] = value;
	return 0;
}

static int add_skip(struct parser *parser, const char *value)
{
	parser->skip[parser->skip_count++] = value;
	return 0;
}

static int set_number(struct parser *parser, const char *value, uint64_t max,
		      unsigned int *ret)
{
	uint64_t number;

	if (parse_u64(value, 1, max, &number, parser->err) < 0)
		return -1;
	*ret = (unsigned int)number;
	return 0;
}

static int set_require(struct parser *parser, const char *value)
{
	return set_number(parser, value, LEVEL_MAX, &parser->options.require);
}

static int set_jobs(struct parser *parser, const char *value)
{
	return set_number(parser, value, JOBS_MAX, &parser->options.jobs);
}

/* Index of a word, or -1 with all of them in the error. */
static int word_index(struct parser *parser, const char *value, const char *const *words)
{
	owned_str struct str known = { 0 };

	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], value) == 0)
			return i;
		str_addf(&known, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	return err_policy(parser->err, "options", "\"%s\" is none of %s", value,
			  str_text(&known));
}

static int set_fail_on(struct parser *parser, const char *value)
{
	int index = word_index(parser, value, fail_on_names);

	if (index < 0)
		return -1;
	parser->options.fail_on = (enum fail_on)index;
	return 0;
}

static int set_colour(struct parser *parser, const char *value)
{
	int index = word_index(parser, value, colour_names);

	if (index < 0)
		return -1;
	parser->options.colour = (enum colour)index;
	return 0;
}

static int set_junit(struct parser *parser, const char *value)
{
	parser->options.junit = value;
	return 0;
}

static int set_json(struct parser *parser, const char *value)
{
	parser->options.json = value;
	return 0;
}

static int set_dry_run(struct parser *parser, const char *value)
{
	(void)value;
	parser->options.dry_run = true;
	return 0;
}

static int set_keep(struct parser *parser, const char *value)
{
	(void)value;
	parser->options.keep = true;
	return 0;
}

static int set_help(struct parser *parser, const char *value)
{
	(void)value;
	parser->options.help = true;
	return 0;
}

static int set_version(struct parser *parser, const char *value)
{
	(void)value;
	parser->options.version = true;
	return 0;
}

static const struct {
	const char *name;
	const char *argument; /* NULL: takes none */
	bool repeats;
	bool of_list; /* means something to `confine check list` too */
	int (*set)(struct parser *parser, const char *value);
	const char *help;
} rows[] = {
	{ "--target", "NAME|FILE", false, false, set_target,
	  "the sandbox under test: a shipped target or a file of your own; default "
	  "confine" },
	{ "--target-command", "TEXT", false, false, set_target_command,
	  "the sandbox under test as a command line with {command} in it" },
	{ "--policy", "FILE", false, false, set_policy,
	  "policy handed to the target; default the target's own" },
	{ "--only", "GLOB", true, true, add_only,
	  "only these probes, by id, requirement or layer; makes the run partial" },
	{ "--skip", "GLOB", true, true, add_skip,
	  "all but these probes; makes the run partial" },
	{ "--require", "LEVEL", false, true, set_require,
	  "level that decides the exit status, 1 to 3; default 1" },
	{ "--fail-on", "WORD", false, false, set_fail_on,
	  "breached, untestable (and breached), degraded (and both; default) or never" },
	{ "--junit", "FILE", false, false, set_junit, "write JUnit XML there" },
	{ "--json", "FILE", false, false, set_json, "write results.json there" },
	{ "--jobs", "N", false, false, set_jobs, "probes at the same time; default 1" },
	{ "--colour", "WHEN", false, true, set_colour,
	  "auto (default), always or never; NO_COLOR is honoured" },
	{ "--dry-run", NULL, false, false, set_dry_run,
	  "print what would be tried, try nothing" },
	{ "--keep", NULL, false, false, set_keep,
	  "keep the working directory and say where it is" },
	{ "--help", NULL, false, true, set_help, "print this" },
	{ "--version", NULL, false, true, set_version, "print the version" },
};

enum {
	ROW_COUNT = ARRAY_SIZE(rows),
	HELP_COLUMN = 26,
};

static size_t find_row(const char *text, size_t length)
{
	size_t i = 0;

	while (i < ROW_COUNT && (strlen(rows[i].name) != length ||
				 strncmp(rows[i].name, text, length) != 0))
		i++;
	return i;
}

static int unknown_option(struct parser *parser, const char *text)
{
	const char *names[ROW_COUNT + 1] = { NULL };
	const char *nearest;

	for (size_t i = 0; i < ROW_COUNT; i++)
		names[i] = rows[i].name;
	nearest = str_nearest(text, names);
	return err_policy(parser->err, "options", "unknown option %s%s%s%s; see --help",
			  text, nearest ? " (did you mean " : "", nearest ? nearest : "",
			  nearest ? "?)" : "");
}

/* One option at **argv; moves *argv to its last word. */
static int parse_option(struct parser *parser, char *const **argv, bool *seen)
{
	const char *text = **argv, *equals = strchr(text, '=');
	size_t row = find_row(text, equals ? (size_t)(equals - text) : strlen(text));
	const char *value = equals ? equals + 1 : NULL;

	if (row == ROW_COUNT)
		return unknown_option(parser, text);
	if (value && !rows[row].argument)
		return err_policy(parser->err, "options", "%s takes no value",
				  rows[row].name);
	if (rows[row].argument && !value) {
		value = *++*argv;
		if (!value)
			return err_policy(parser->err, "options", "%s needs %s",
					  rows[row].name, rows[row].argument);
	}
	if (value && !value[0])
		return err_policy(parser->err, "options", "%s needs %s", rows[row].name,
				  rows[row].argument);
	if (seen[row] && !rows[row].repeats)
		return err_policy(parser->err, "options", "%s is given twice",
				  rows[row].name);
	seen[row] = true;
	if (parser->options.list && !rows[row].of_list)
		return err_policy(parser->err, "options", "list takes no %s",
				  rows[row].name);
	return rows[row].set(parser, value) < 0
		       ? err_within(parser->err, "%s", rows[row].name)
		       : 0;
}

static int check(struct parser *parser)
{
	struct options *options = &parser->options;

	if (options->target && options->target_command)
		return err_policy(parser->err, "options",
				  "--target and --target-command exclude each other");
	if (str_equal(options->junit, "-") && str_equal(options->json, "-"))
		return err_policy(parser->err, "options",
				  "--junit and --json cannot both be standard output");
	if (!options->target && !options->target_command)
		options->target = "confine";
	return 0;
}

int options_parse(char *const *argv, struct arena *arena, struct options *options,
		  struct err *err)
{
	struct parser parser = {
		.options = { .require = LEVEL_MIN,
			     .fail_on = FAIL_ON_DEGRADED,
			     .jobs = 1 },
		.err = err,
	};
	bool seen[ROW_COUNT] = { false };
	size_t count = 0;

	while (argv[count])
		count++;
	parser.only = arena_array(arena, count + 1, sizeof(char *));
	parser.skip = arena_array(arena, count + 1, sizeof(char *));
	if (count > 0)
		argv++;
	if (count > 1 && strcmp(*argv, "list") == 0) {
		parser.options.list = true;
		argv++;
	}
	for (; *argv; argv++) {
		if ((*argv)[0] != '-' || !(*argv)[1])
			return err_policy(err, "options",
					  "unexpected argument \"%s\"; see --help",
					  *argv);
		if (parse_option(&parser, &argv, seen) < 0)
			return -1;
	}
	if (check(&parser) < 0)
		return -1;
	parser.options.only = parser.only;
	parser.options.skip = parser.skip;
	*options = parser.options;
	return 0;
}

void options_add_help(struct str *str)
{
	static const char *const exits =
		"\nExit status:\n"
		"  0   the required level is met\n"
		"  1   a required requirement is breached\n"
		"  2   wrong usage, policy or target; nothing ran\n"
		"  3   degraded or refused at the required level\n"
		"  4   incomplete: untestable, error, or a partial run\n"
		"  5   nothing tested\n"
		"  6   the suite's own controls did not hold: nothing is to be believed\n"
		"  70  internal error        74  results could not be written\n";

	str_add(str, "Usage: confine check [OPTION...]\n"
		     "       confine check list [OPTION...]\n\n"
		     "Tries, on this host, what a sandbox promises to prevent, and shows "
		     "which "
		     "layers hold.\n\nOptions:\n");
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *argument = rows[i].argument ? rows[i].argument : "";
		size_t used = strlen(rows[i].name) + 1 + strlen(argument);
		int space = used < HELP_COLUMN ? (int)(HELP_COLUMN - used) : 1;

		str_addf(str, "  %s %s%*s%s\n", rows[i].name, argument, space, "",
			 rows[i].help);
	}
	str_add(str, exits);
}
