/* SPDX-License-Identifier: Apache-2.0 */
/* options - one row an option; the help text is printed from the same rows */
#include "runner/options.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/sabotage.h"
#include <fcntl.h>
#include <string.h>

#define ARGS_MAX       (64U << 20) /* bytes */
#define TIMEOUT_MAX_MS (UINT64_C(7) * 24 * 3600 * 1000)

struct parse {
	struct options *options;
	struct arena *arena;
	size_t room; /* entries that the lists of options may need: one an argument */
	int args;    /* descriptor with further arguments, or -1 */
};

static int set_policy(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->policy_file = value;
	return 0;
}

static int set_profile(struct parse *parse, const char *value, struct err *err)
{
	for (unsigned int i = 0; i < PROFILE_COUNT; i++)
		if (str_equal(value, profile_names[i])) {
			parse->options->profile = i;
			parse->options->has_profile = true;
			return 0;
		}
	return err_policy(err, "options",
			  "--profile %s: default, permissive or fail-closed", value);
}

static int add_set(struct parse *parse, const char *value, struct err *err)
{
	struct options *options = parse->options;
	const char *equals = strchr(value, '=');

	if (!equals || *value != '/')
		return err_policy(
			err, "options",
			"--set %s: expected /pointer=json, as /resources/cpuSeconds=5",
			value);
	options->sets[options->set_count++] = (struct policy_set){
		arena_strndup(parse->arena, value, (size_t)(equals - value)), equals + 1
	};
	return 0;
}

static int set_timeout(struct parse *parse, const char *value, struct err *err)
{
	if (parse_duration_ms(value, TIMEOUT_MAX_MS, &parse->options->timeout_ms, err) <
	    0)
		return err_within(err, "--timeout");
	if (!parse->options->timeout_ms)
		return err_policy(err, "options",
				  "--timeout %s: more than 0, at most 7 days", value);
	return 0;
}

static int add_env(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->env[parse->options->env_count++] = value;
	return 0;
}

static int absolute(const char *name, const char *value, struct err *err)
{
	if (*value == '/')
		return 0;
	return err_policy(err, "options", "%s %s: expected an absolute path", name,
			  value);
}

static int set_cwd(struct parse *parse, const char *value, struct err *err)
{
	parse->options->cwd = value;
	return absolute("--cwd", value, err);
}

static int set_scratch(struct parse *parse, const char *value, struct err *err)
{
	parse->options->scratch = value;
	return absolute("--scratch", value, err);
}

static int set_report(struct parse *parse, const char *value, struct err *err)
{
	if (!*value)
		return err_policy(err, "options",
				  "--report: expected the name of a file");
	parse->options->report = value;
	return 0;
}

/* It is for us alone from here on. */
static int read_descriptor(const char *name, const char *value, int *ret, struct err *err)
{
	uint64_t number;

	if (parse_u64(value, 0, 1U << 20, &number, err) < 0)
		return err_within(err, "%s", name);
	if (fcntl((int)number, F_SETFD, FD_CLOEXEC) < 0)
		return err_policy(err, "options", "%s %s: not an open descriptor", name,
				  value);
	*ret = (int)number;
	return 0;
}

/* One that is written to when the script is done: too late to find out that it cannot be. */
static int read_output(const char *name, const char *value, int *ret, struct err *err)
{
	int fd = -1, mode;

	if (read_descriptor(name, value, &fd, err) < 0)
		return -1;
	mode = fcntl(fd, F_GETFL);
	if (mode < 0 || mode & O_PATH || (mode & O_ACCMODE) == O_RDONLY)
		return err_policy(err, "options", "%s %s: not open for writing", name,
				  value);
	*ret = fd;
	return 0;
}

static int set_report_fd(struct parse *parse, const char *value, struct err *err)
{
	return read_output("--report-fd", value, &parse->options->report_fd, err);
}

static int set_error_fd(struct parse *parse, const char *value, struct err *err)
{
	return read_output("--error-fd", value, &parse->options->error_fd, err);
}

static int set_policy_fd(struct parse *parse, const char *value, struct err *err)
{
	return read_descriptor("--policy-fd", value, &parse->options->policy_fd, err);
}

static int set_lifeline(struct parse *parse, const char *value, struct err *err)
{
	return read_descriptor("--lifeline", value, &parse->options->lifeline, err);
}

/* Only to be last, which the loop sees to: what it names stands in its place. */
static int set_args(struct parse *parse, const char *value, struct err *err)
{
	return read_descriptor("--args", value, &parse->args, err);
}

static int set_events(struct parse *parse, const char *value, struct err *err)
{
	if (!*value)
		return err_policy(err, "options",
				  "--events: expected stderr, syslog, none or a file");
	parse->options->events = value;
	return 0;
}

static int set_script(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->script_file = value;
	return 0;
}

static int set_text(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->text = value;
	return 0;
}

static int set_runtime(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->handover.runtime = value;
	return 0;
}

static int set_context(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->handover.context_file = value;
	return 0;
}

static int set_context_json(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->handover.context_text = value;
	return 0;
}

static int set_resolution_root(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->handover.modules_root = value;
	return 0;
}

static int set_result(struct parse *parse, const char *value, struct err *err)
{
	if (!*value)
		return err_policy(err, "options",
				  "--result: expected the name of a file");
	parse->options->handover.result_file = value;
	return 0;
}

static int set_result_fd(struct parse *parse, const char *value, struct err *err)
{
	return read_output("--result-fd", value, &parse->options->handover.result_fd,
			   err);
}

static int set_explain(struct parse *parse, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	parse->options->explain = true;
	return 0;
}

static int set_stdin(struct parse *parse, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	parse->options->want_stdin = true;
	return 0;
}

static int set_help(struct parse *parse, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	parse->options->help = true;
	return 0;
}

#ifdef CONFINE_SABOTAGE
static int add_sabotage(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	if (str_equal(value, "list")) {
		parse->options->list_mutants = parse->options->explain = true;
		parse->options->text = ":";
		return 0;
	}
	parse->options->sabotage[parse->options->sabotage_count++] = value;
	return 0;
}

static int add_sabotage_seen(struct parse *parse, const char *value, struct err *err)
{
	(void)err;
	parse->options->sabotage_seen[parse->options->sabotage_seen_count++] = value;
	return 0;
}
#endif

static const struct row {
	const char *name, *value, *help;
	int (*set)(struct parse *parse, const char *value, struct err *err);
} rows[] = {
	{ "--policy", "FILE",
	  "policy as JSON, laid over the profile; - reads standard input", set_policy },
	{ "--profile", "NAME", "default, permissive or fail-closed (default: default)",
	  set_profile },
	{ "--policy-fd", "N", "policy as JSON from this descriptor", set_policy_fd },
	{ "--set", "POINTER=JSON",
	  "one field of the policy, as /resources/cpuSeconds=5; repeatable", add_set },
	{ "--timeout", "DURATION",
	  "end the tree after this: 1500ms, 30s, 2m (default: never)", set_timeout },
	{ "--env", "NAME=VALUE", "a variable for the script; repeatable", add_env },
	{ "--cwd", "DIR",
	  "working directory, as seen inside (default: the scratch directory)", set_cwd },
	{ "--scratch", "DIR", "the caller's directory, writable, at the same path inside",
	  set_scratch },
	{ "--report", "FILE", "write the receipt there", set_report },
	{ "--report-fd", "N", "write the receipt to this descriptor", set_report_fd },
	{ "--error-fd", "N", "what confine itself has to say goes there, as JSON lines",
	  set_error_fd },
	{ "--lifeline", "N",
	  "end the tree at once when this descriptor can be read or is at its end",
	  set_lifeline },
	{ "--args", "N",
	  "last: further arguments from this descriptor, each ended by a NUL", set_args },
	{ "--events", "WHERE",
	  "tell what happens as JSON lines: stderr, syslog, a file, none "
	  "(default: $CONFINE_EVENTS)",
	  set_events },
	{ "--explain", NULL, "print steps, promises and downgrades; run nothing",
	  set_explain },
	{ "--stdin", NULL,
	  "pass standard input on (default: the script reads end of file)", set_stdin },
	{ "-c", "TEXT", "run this as a shell script", set_text },
	{ "--script", "FILE",
	  "run this file by its #! line, else by /bin/sh; - is standard input",
	  set_script },
	{ "--runtime", "NAME",
	  "the interpreter of -c or --script: sh, bash, python3, node (an ES module), or "
	  "a file",
	  set_runtime },
	{ "--context", "FILE", "JSON that the script finds; - reads standard input",
	  set_context },
	{ "--context-json", "JSON", "the same as text", set_context_json },
	{ "--resolution-root", "DIR", "show DIR/node_modules, for imports of the script",
	  set_resolution_root },
	{ "--result", "FILE", "write the JSON there that the script returns; - is stdout",
	  set_result },
	{ "--result-fd", "N", "write it to this descriptor", set_result_fd },
#ifdef CONFINE_SABOTAGE
	{ "--sabotage", "STEP",
	  "TEST BUILD: claim this step or value, leave it and its read-back out; list",
	  add_sabotage },
	{ "--sabotage-keep-readback", "STEP", "TEST BUILD: claim this step, leave it out",
	  add_sabotage_seen },
#endif
	{ "--help", NULL, "this text", set_help },
};

void options_print_help(FILE *to)
{
	fputs("usage: confine run [OPTION]… (-c TEXT | --script FILE | -- COMMAND) "
	      "[ARG]…\n\n",
	      to);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int used = fprintf(to, "  %s %s", rows[i].name,
				   rows[i].value ? rows[i].value : "");

		fprintf(to, "%*s%s\n", used < 26 ? 26 - used : 1, "", rows[i].help);
	}
	fputs("\nexit: the script's own status; 123 no result, 124 timed out, 125 "
	      "refused or failed, "
	      "126 cannot "
	      "execute,\n127 not found, 137 killed by a limit, 128+n ended by signal n\n",
	      to);
}

static const struct row *find_row(const char *argument, const char **value)
{
	size_t length = strcspn(argument, "=");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strlen(rows[i].name) != length ||
		    strncmp(argument, rows[i].name, length) != 0)
			continue;
		*value = argument[length] ? argument + length + 1 : NULL;
		return &rows[i];
	}
	return NULL;
}

static int unknown(const char *argument, struct err *err)
{
	const char *names[ARRAY_SIZE(rows) + 1] = { 0 };
	const char *near;

	if (*argument != '-')
		return err_policy(err, "options",
				  "unexpected argument %s: a command goes behind --",
				  argument);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		names[i] = rows[i].name;
	near = str_nearest(argument, names);
	return err_policy(err, "options", "unknown option %s%s%s%s", argument,
			  near ? " (did you mean " : "", near ? near : "",
			  near ? "?)" : "");
}

static int check_runtime(const struct options *options, struct err *err)
{
	const struct handover *given = &options->handover;

	if (given->runtime && !options->text && !options->script_file)
		return err_policy(err, "options",
				  "--runtime needs a script: -c TEXT or --script FILE");
	if (!given->runtime &&
	    (given->context_file || given->context_text || given->modules_root ||
	     given->result_file || given->result_fd >= 0))
		return err_policy(err, "options",
				  "--context, --context-json, --resolution-root, "
				  "--result and --result-fd need --runtime");
	if (given->context_file && given->context_text)
		return err_policy(err, "options",
				  "--context and --context-json exclude each other");
	if (given->result_file && given->result_fd >= 0)
		return err_policy(err, "options",
				  "--result and --result-fd exclude each other");
	return 0;
}

static int check_whole(const struct options *options, struct err *err)
{
	int kinds = (options->text != NULL) + (options->script_file != NULL);

	if (options->help)
		return 0;
	if (kinds > 1)
		return err_policy(err, "options", "-c and --script exclude each other");
	if (!kinds && !(options->command && options->command[0]))
		return err_policy(
			err, "options",
			"nothing to run: give -c TEXT, --script FILE or -- COMMAND");
	if (!kinds && !options->command[0][0])
		return err_policy(err, "options", "the command is empty");
	if (options->report && options->report_fd >= 0)
		return err_policy(err, "options",
				  "--report and --report-fd exclude each other");
	if (options->policy_file && options->policy_fd >= 0)
		return err_policy(err, "options",
				  "--policy and --policy-fd exclude each other");
	if (check_runtime(options, err) < 0)
		return -1;
	if (str_equal(options->policy_file, "-") + (options->policy_fd == STDIN_FILENO) +
		    str_equal(options->script_file, "-") +
		    str_equal(options->handover.context_file, "-") + options->want_stdin >
	    1)
		return err_policy(err, "options", "standard input can be used once only");
	return 0;
}

/* Room for as many more entries; what is in the lists stays. */
static void make_room(struct parse *parse, size_t more)
{
	struct options *options = parse->options;
	struct options old = *options;

	parse->room += more;
	options->sets = arena_array(parse->arena, parse->room, sizeof(*options->sets));
	options->env = arena_array(parse->arena, parse->room, sizeof(*options->env));
	options->sabotage =
		arena_array(parse->arena, parse->room, sizeof(*options->sabotage));
	options->sabotage_seen =
		arena_array(parse->arena, parse->room, sizeof(*options->sabotage_seen));
	for (size_t i = 0; i < old.set_count; i++)
		options->sets[i] = old.sets[i];
	for (size_t i = 0; i < old.env_count; i++)
		options->env[i] = old.env[i];
	for (size_t i = 0; i < old.sabotage_count; i++)
		options->sabotage[i] = old.sabotage[i];
	for (size_t i = 0; i < old.sabotage_seen_count; i++)
		options->sabotage_seen[i] = old.sabotage_seen[i];
}

static int parse_one(struct parse *parse, char **argv, int *i, struct err *err)
{
	const char *value = NULL;
	const struct row *row = find_row(argv[*i], &value);

	if (!row)
		return unknown(argv[*i], err);
	if (!row->value && value)
		return err_policy(err, "options", "%s takes no value", row->name);
	if (row->value && !value && !(value = argv[++*i]))
		return err_policy(err, "options", "%s needs %s", row->name, row->value);
	return row->set(parse, value, err);
}

/* argv[first] and what follows. */
static int parse_words(struct parse *parse, int argc, char **argv, int first,
		       struct err *err)
{
	struct options *options = parse->options;
	int i = first;

	for (; i < argc; i++) {
		/* Behind -c and --script, the first word that is no option is for the script. */
		if (str_equal(argv[i], "--") ||
		    (*argv[i] != '-' && (options->text || options->script_file)))
			break;
		if (parse_one(parse, argv, &i, err) < 0)
			return -1;
		if (parse->args >= 0 && i + 1 < argc)
			return err_policy(err, "options",
					  "--args has to be the last argument");
	}
	if (i < argc)
		options->command = argv + i + str_equal(argv[i], "--");
	return 0;
}

/* Words as execve(2) would take them, for callers that will not have them in /proc/PID/cmdline. */
static int read_words(struct parse *parse, int *argc, char ***argv, struct err *err)
{
	owned_str struct str bytes = { 0 };
	const char *at, *end;
	int count = 0;

	if (fd_read_all(parse->args, ARGS_MAX, &bytes, err) < 0)
		return err_within(err, "--args");
	if (bytes.length && bytes.text[bytes.length - 1])
		return err_policy(err, "options",
				  "--args: the last argument has no NUL behind it");
	end = str_text(&bytes) + bytes.length;
	for (at = str_text(&bytes); at < end; at += strlen(at) + 1)
		count++;
	*argv = arena_array(parse->arena, (size_t)count + 1, sizeof(**argv));
	*argc = 0;
	for (at = str_text(&bytes); at < end; at += strlen(at) + 1)
		(*argv)[(*argc)++] = arena_strdup(parse->arena, at);
	return 0;
}

static int parse_further(struct parse *parse, struct err *err)
{
	char **argv = NULL;
	int argc = 0;

	if (read_words(parse, &argc, &argv, err) < 0)
		return -1;
	parse->args = -1;
	make_room(parse, (size_t)argc);
	if (parse_words(parse, argc, argv, 0, err) < 0)
		return -1;
	return parse->args < 0 ? 0
			       : err_policy(err, "options", "--args inside of --args");
}

int options_parse(int argc, char **argv, struct arena *arena, struct options *options,
		  struct err *err)
{
	struct parse parse = { options, arena, 0, -1 };

	*options = (struct options){ .report_fd = -1,
				     .error_fd = -1,
				     .policy_fd = -1,
				     .lifeline = -1,
				     .handover.result_fd = -1,
				     .profile = PROFILE_DEFAULT };
	make_room(&parse, (size_t)argc + 1);
	if (parse_words(&parse, argc, argv, 1, err) < 0)
		return -1;
	if (parse.args >= 0 && parse_further(&parse, err) < 0)
		return -1;
	return check_whole(options, err);
}
