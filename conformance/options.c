/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/options.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <string.h>

static const char *const colour_names[COLOUR_COUNT + 1] = { "auto", "always", "never",
							    NULL };

enum {
	CHALLENGE_MIN = 8,
	CHALLENGE_MAX = 128,
};

/* Where the parser stands. */
struct parser {
	struct options options;
	const char **only, **skip;
	const char **explain;
	size_t only_count, skip_count, explain_count;
	unsigned int verb;
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

static int set_waivers(struct parser *parser, const char *value)
{
	parser->options.waivers = value;
	return 0;
}

static int set_baseline(struct parser *parser, const char *value)
{
	parser->options.baseline = value;
	return 0;
}

static int set_still_valid(struct parser *parser, const char *value)
{
	parser->options.still_valid = value;
	return 0;
}

/* It goes into a record and comes back to whoever asked: a token, and long enough to be his. */
static int set_challenge(struct parser *parser, const char *value)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";
	size_t length = strlen(value);

	if (length < CHALLENGE_MIN || length > CHALLENGE_MAX ||
	    strspn(value, allowed) != length)
		return err_policy(parser->err, "options",
				  "a nonce is %d to %d letters, digits, dots, hyphens or "
				  "underscores",
				  CHALLENGE_MIN, CHALLENGE_MAX);
	parser->options.challenge = value;
	return 0;
}

static int set_probes(struct parser *parser, const char *value)
{
	parser->options.probes = value;
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

/* What confine check is to do. */
enum {
	RUN = 1U,
	LIST = 2U,
	EXPLAIN = 4U,
	ANY = RUN | LIST | EXPLAIN,
};

static const struct {
	const char *name;
	const char *argument; /* NULL: takes none */
	bool repeats;
	unsigned int verbs; /* which of them it means something to */
	int (*set)(struct parser *parser, const char *value);
	const char *help;
} rows[] = {
	{ "--target", "NAME|FILE", false, RUN | EXPLAIN, set_target,
	  "the sandbox under test: a shipped target or a file of your own; default "
	  "confine" },
	{ "--target-command", "TEXT", false, RUN | EXPLAIN, set_target_command,
	  "the sandbox under test as a command line with {command} in it" },
	{ "--policy", "FILE", false, RUN, set_policy,
	  "policy handed to the target; default the target's own" },
	{ "--probes", "DIR", false, ANY, set_probes,
	  "your own probes, besides the shipped ones; see probes/README.md" },
	{ "--only", "GLOB", true, RUN | LIST, add_only,
	  "only these probes, by id, requirement or layer; makes the run partial" },
	{ "--skip", "GLOB", true, RUN | LIST, add_skip,
	  "all but these probes; makes the run partial" },
	{ "--require", "LEVEL", false, RUN | LIST, set_require,
	  "level that decides the exit status, 1 to 3; default 1" },
	{ "--fail-on", "WORD", false, RUN, set_fail_on,
	  "breached, untestable (and breached), degraded (and both; default) or never" },
	{ "--junit", "FILE", false, RUN, set_junit, "write JUnit XML there" },
	{ "--json", "FILE", false, RUN, set_json, "write results.json there" },
	{ "--waivers", "FILE", false, RUN, set_waivers,
	  "what is known and accepted for a while; see confine-report(1)" },
	{ "--baseline", "FILE", false, RUN, set_baseline,
	  "what got worse than in that baseline is a breach; see confine report "
	  "baseline" },
	{ "--jobs", "N", false, RUN, set_jobs,
	  "probes at the same time, at most (default) four for each processor" },
	{ "--challenge", "NONCE", false, RUN, set_challenge,
	  "put a collector's nonce into the record" },
	{ "--still-valid", "FILE", false, RUN, set_still_valid,
	  "run nothing; do the conditions of that results.json still hold?" },
	{ "--colour", "WHEN", false, ANY, set_colour,
	  "auto (default), always or never; NO_COLOR is honoured" },
	{ "--dry-run", NULL, false, RUN, set_dry_run,
	  "print what would be tried, try nothing" },
	{ "--keep", NULL, false, RUN, set_keep,
	  "keep the working directory and say where it is" },
	{ "--help", NULL, false, ANY, set_help, "print this" },
	{ "--version", NULL, false, ANY, set_version, "print the version" },
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
	if (!(rows[row].verbs & parser->verb))
		return err_policy(parser->err, "options", "%s takes no %s",
				  parser->options.list ? "list" : "explain",
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
	if (options->explain && !options->explain[0] && !options->help &&
	    !options->version)
		return err_policy(parser->err, "options",
				  "explain needs a probe or a requirement; see confine "
				  "check list");
	if (!options->target && !options->target_command)
		options->target = "confine";
	return 0;
}

static size_t count_seen(const bool *seen)
{
	size_t count = 0;

	for (size_t i = 0; i < ROW_COUNT; i++)
		count += seen[i];
	return count;
}

/* `list` or `explain`, when it is the first word. */
static void take_verb(struct parser *parser, char *const **argv, size_t count)
{
	const char *word = count > 1 ? **argv : "";

	parser->options.list = strcmp(word, "list") == 0;
	parser->options.explain = strcmp(word, "explain") == 0 ? parser->explain : NULL;
	parser->verb = parser->options.list      ? LIST
		       : parser->options.explain ? EXPLAIN
						 : RUN;
	*argv += parser->verb != RUN;
}

int options_parse(char *const *argv, struct arena *arena, struct options *options,
		  struct err *err)
{
	struct parser parser = {
		.options = { .require = LEVEL_MIN,
			     .fail_on = FAIL_ON_DEGRADED,
			     .jobs = 0 },
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
	parser.explain = arena_array(arena, count + 1, sizeof(char *));
	take_verb(&parser, &argv, count);
	for (; *argv; argv++) {
		if (parser.options.explain && (*argv)[0] != '-') {
			parser.explain[parser.explain_count++] = *argv;
			continue;
		}
		if ((*argv)[0] != '-' || !(*argv)[1])
			return err_policy(err, "options",
					  "unexpected argument \"%s\"; see --help",
					  *argv);
		if (parse_option(&parser, &argv, seen) < 0)
			return -1;
	}
	if (parser.options.still_valid && count_seen(seen) > 1)
		return err_policy(err, "options",
				  "--still-valid stands alone: the record says what was "
				  "under test");
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
		"  1   a required requirement is breached, or something got worse than "
		"in "
		"the baseline\n"
		"  2   wrong usage, policy, target, waivers or baseline; nothing ran\n"
		"  3   degraded or refused at the required level; --still-valid: a "
		"condition "
		"changed\n"
		"  4   incomplete: untestable, error, or a partial run\n"
		"  5   nothing tested\n"
		"  6   the suite's own controls did not hold: nothing is to be believed\n"
		"  70  internal error        74  results could not be written\n";

	str_add(str, "Usage: confine check [OPTION...]\n"
		     "       confine check list [OPTION...]\n"
		     "       confine check --still-valid FILE\n"
		     "       confine check explain PROBE|REQUIREMENT...\n\n"
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
