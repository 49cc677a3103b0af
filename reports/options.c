/* SPDX-License-Identifier: Apache-2.0 */
/* options - one table, for parsing and for --help. */
#include "reports/options.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

#define SHOWN_MAX 60

static const struct option_row {
	char letter;
	const char *name, *value, *what;
} rows[] = {
	{ 'o', "output", "FILE", "write to FILE, whole or not at all; - is stdout" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "the version" },
};

/* Exit statuses of a report; DESIGN section 5. */
static const struct {
	int status;
	const char *what;
} statuses[] = {
	{ 0, "the required level is met" },
	{ 1, "breached" },
	{ 2,
	  "usage, or FILE is not a results file that can be believed; nothing written" },
	{ 3, "degraded or refused at the required level" },
	{ 4, "incomplete: untestable, error, a partial run, or one that was cut short" },
	{ 5, "nothing tested" },
	{ 6, "evidence failure: a run control failed, or FILE states another status" },
	{ 70, "internal error" },
	{ 74, "cannot write the report" },
};

void options_help(FILE *stream)
{
	(void)fputs("usage: confine report FORMAT FILE [-o FILE]\n\n"
		    "Writes what `confine check --json FILE` found; FILE - is stdin.\n\n"
		    "formats:\n",
		    stream);
	for (const struct format *format = formats; format->name; format++)
		(void)fprintf(stream, "  %-8s %s\n", format->name, format->what);
	(void)fputs("\noptions:\n", stream);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		(void)fprintf(stream, "  -%c, --%s%s%-*s %s\n", rows[i].letter,
			      rows[i].name, rows[i].value ? " " : "",
			      rows[i].value ? 13 - (int)strlen(rows[i].name)
					    : 14 - (int)strlen(rows[i].name),
			      rows[i].value ? rows[i].value : "", rows[i].what);
	(void)fputs("\nexit status, of the run, the same in every format:\n", stream);
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		(void)fprintf(stream, "  %2d  %s\n", statuses[i].status,
			      statuses[i].what);
}

static int refuse(const char *argument, const char *why, struct err *err)
{
	owned_str struct str shown = { 0 };

	str_add_visible(&shown, argument, strlen(argument), SHOWN_MAX);
	return err_policy(err, "report", "\"%s\" %s", str_text(&shown), why);
}

/* The row of "-o", "-oFILE", "--output" or "--output=FILE"; *value: what is glued to it. */
static const struct option_row *find_row(const char *argument, const char **value)
{
	*value = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].name);

		if (argument[1] == rows[i].letter) {
			*value = argument[2] ? argument + 2 : NULL;
			return &rows[i];
		}
		if (!str_has_prefix(argument, "--") ||
		    strncmp(argument + 2, rows[i].name, length) != 0)
			continue;
		if (argument[2 + length] == '=')
			*value = argument + 3 + length;
		if (!argument[2 + length] || *value)
			return &rows[i];
	}
	return NULL;
}

static int take_option(char *const *argv, int *index, struct options *ret,
		       struct err *err)
{
	const char *value;
	const struct option_row *row = find_row(argv[*index], &value);

	if (!row)
		return refuse(argv[*index],
			      "is no option; there are -o FILE, --help, --version", err);
	if (!row->value && value)
		return refuse(argv[*index], "takes no value", err);
	if (row->letter == 'h')
		ret->wish = WISH_HELP;
	if (row->letter == 'V')
		ret->wish = WISH_VERSION;
	if (!row->value)
		return 0;
	if (!value)
		value = argv[*index + 1] ? argv[++*index] : "";
	if (!value[0])
		return refuse(argv[*index], "needs the name of a file", err);
	if (ret->output)
		return refuse(value, "is a second output; give one", err);
	ret->output = value;
	return 0;
}

static int take_operand(const char *argument, struct options *ret, struct err *err)
{
	owned_str struct str names = { 0 };

	if (ret->input)
		return refuse(argument, "is one argument too many", err);
	if (ret->format) {
		if (!argument[0])
			return refuse(argument, "is not the name of a file", err);
		ret->input = argument;
		return 0;
	}
	ret->format = format_find(argument);
	if (ret->format)
		return 0;
	str_add(&names, "is no format; there are");
	for (const struct format *format = formats; format->name; format++)
		str_addf(&names, "%s %s", format == formats ? "" : ",", format->name);
	return refuse(argument, names.text, err);
}

int options_parse(int argc, char *const *argv, struct options *ret, struct err *err)
{
	struct options options = { .wish = WISH_REPORT };
	bool only_operands = false;

	for (int i = 1; i < argc; i++) {
		bool is_option = argv[i][0] == '-' && argv[i][1] && !only_operands;

		if (is_option && strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if ((is_option ? take_option(argv, &i, &options, err)
				    : take_operand(argv[i], &options, err)) < 0)
			return -1;
	}
	if (options.wish == WISH_REPORT && !options.input)
		return err_policy(err, "report",
				  "usage: confine report FORMAT FILE [-o FILE]; see "
				  "--help");
	if (!options.output)
		options.output = "-";
	*ret = options;
	return 0;
}
