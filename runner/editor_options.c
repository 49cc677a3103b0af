/* SPDX-License-Identifier: Apache-2.0 */
/* editor_options - see editor_options.h; one row an option, with the verbs that take it */
#include "runner/editor_options.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

static int add_set(struct editor *editor, const char *option, const char *value,
		   struct err *err)
{
	const char *equals = strchr(value, '=');

	if (!equals || *value != '/')
		return err_policy(
			err, "options",
			"%s%s: expected /pointer=json, as /resources/cpuSeconds=5",
			option, value);
	editor->sets[editor->wish.set_count++] = (struct policy_set){
		arena_strndup(&editor->arena, value, (size_t)(equals - value)), equals + 1
	};
	return 0;
}

static int set_set(struct editor *editor, const char *value, struct err *err)
{
	return add_set(editor, "--set ", value, err);
}

static int set_policy(struct editor *editor, const char *value, struct err *err)
{
	(void)err;
	editor->wish.file = value;
	return 0;
}

static int set_profile(struct editor *editor, const char *value, struct err *err)
{
	for (unsigned int i = 0; i < PROFILE_COUNT; i++)
		if (str_equal(value, profile_names[i])) {
			editor->wish.profile = i;
			editor->wish.has_profile = true;
			return 0;
		}
	return err_policy(err, "options",
			  "--profile %s: default, permissive or fail-closed", value);
}

static int set_file(struct editor *editor, const char *value, struct err *err)
{
	if (!*value || str_equal(value, "-"))
		return err_policy(err, "options", "--file: expected the name of a file");
	editor->file = value;
	return 0;
}

static int set_unset(struct editor *editor, const char *value, struct err *err)
{
	if (*value != '/')
		return err_policy(
			err, "options",
			"--unset %s: expected a pointer, as /resources/cpuSeconds",
			value);
	editor->unset[editor->unset_count++] = value;
	return 0;
}

static const struct option_row {
	const char *name, *value, *help;
	unsigned int taken;
	int (*set)(struct editor *editor, const char *value, struct err *err);
} option_rows[] = {
	{ "--policy", "FILE",
	  "this policy, not the host's default; - reads standard input", TAKES_POLICY,
	  set_policy },
	{ "--profile", "NAME",
	  "lay it over this profile: default, permissive, fail-closed", TAKES_PROFILE,
	  set_profile },
	{ "--set", "POINTER=JSON", "with one field changed; repeatable", TAKES_SET,
	  set_set },
	{ "--file", "FILE", "change this file, not the host's default", TAKES_FILE,
	  set_file },
	{ "--unset", "POINTER", "take a field out of the file again; repeatable",
	  TAKES_FILE, set_unset },
};

/* A name, what belongs behind it, and the help in one column. */
static void print_row(const char *name, const char *value, const char *help, FILE *to)
{
	int used = fprintf(to, "  %s %s", name, value);

	for (const char *at = value; *at; at++)
		used -= (*at & 0xc0) == 0x80; /* the rest of one character */
	fprintf(to, "%*s%s\n", used < 26 ? 26 - used : 1, "", help);
}

void editor_options_print_help(FILE *to)
{
	fputs("usage: confine policy COMMAND [OPTION]… [ARGUMENT]…\n\n", to);
	for (size_t i = 0; i < editor_verb_count; i++)
		print_row(editor_verbs[i].name, editor_verbs[i].arguments,
			  editor_verbs[i].help, to);
	fputc('\n', to);
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		print_row(option_rows[i].name, option_rows[i].value, option_rows[i].help,
			  to);
	print_row("--help", "", "this text", to);
	fputs("\nThe host's default is " POLICY_HOST_FILE
	      ", or the file that " POLICY_HOST_ENV " names.\n"
	      "exit: 0; 2 wrong usage or policy; 70 our own failure; 74 cannot write\n",
	      to);
}

static const struct editor_verb *find_verb(const char *name, struct err *err)
{
	const char *names[9] = { 0 };
	const char *near;

	for (size_t i = 0; i < editor_verb_count && i + 1 < ARRAY_SIZE(names); i++) {
		names[i] = editor_verbs[i].name;
		if (str_equal(name, names[i]))
			return &editor_verbs[i];
	}
	near = name ? str_nearest(name, names) : NULL;
	(void)err_policy(
		err, "options", "%s%.60s%s%s%s: show, check, merge, set or explain",
		name ? "unknown command " : "expected a command", name ? name : "",
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	return NULL;
}

static const struct option_row *find_option(const struct editor *editor,
					    const char *argument, const char **value,
					    struct err *err)
{
	size_t length = strcspn(argument, "=");

	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		if (strlen(option_rows[i].name) != length ||
		    strncmp(argument, option_rows[i].name, length) != 0 ||
		    !(editor->verb->takes & option_rows[i].taken))
			continue;
		*value = argument[length] ? argument + length + 1 : NULL;
		return &option_rows[i];
	}
	(void)err_policy(err, "options", "%s takes no option %.100s; --help lists them",
			 editor->verb->name, argument);
	return NULL;
}

static int take_word(struct editor *editor, const char *word, struct err *err)
{
	if (!(editor->verb->takes & TAKES_WORDS))
		return err_policy(err, "options", "%s: unexpected argument %.100s",
				  editor->verb->name, word);
	if (editor->verb->takes & TAKES_FILE)
		return add_set(editor, "", word, err);
	editor->words[editor->word_count++] = word;
	return 0;
}

int editor_options_parse(int argc, char **argv, struct editor *editor, struct err *err)
{
	size_t room = (size_t)argc + 1;

	editor->sets = arena_array(&editor->arena, room, sizeof(*editor->sets));
	editor->unset = arena_array(&editor->arena, room, sizeof(*editor->unset));
	editor->words = arena_array(&editor->arena, room, sizeof(*editor->words));
	editor->wish.sets = editor->sets;
	for (int i = 1; i < argc; i++)
		if (str_equal(argv[i], "--help")) {
			editor->help = true;
			return 0;
		}
	editor->verb = find_verb(argc > 1 ? argv[1] : NULL, err);
	if (!editor->verb)
		return -1;
	for (int i = 2; i < argc; i++) {
		const struct option_row *row;
		const char *value;

		if (*argv[i] != '-' || !argv[i][1]) {
			if (take_word(editor, argv[i], err) < 0)
				return -1;
			continue;
		}
		row = find_option(editor, argv[i], &value, err);
		if (!row)
			return -1;
		if (!value && !(value = argv[++i]))
			return err_policy(err, "options", "%s needs %s", row->name,
					  row->value);
		if (row->set(editor, value, err) < 0)
			return -1;
	}
	return 0;
}
