/* SPDX-License-Identifier: Apache-2.0 */
/*
 * editor - `confine policy show|check|merge|set|explain`
 *
 * set stores only what was asked for, so that a second one keeps the first, and what the shipped
 * default or this host's environment says is not written down as the administrator's word.
 */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/editor_options.h"
#include "runner/explain.h"
#include "runner/policy_fields.h"
#include "runner/policy_source.h"
#include "runner/programs.h"
#include "runner/trial.h"
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define EXIT_USAGE  2
#define EXIT_OUTPUT 74

/* --- what applies --- */

static int load(struct editor *editor, struct policy *policy,
		struct policy_source *source, struct err *err)
{
	if (policy_find(&editor->wish, &editor->arena, policy, source, err) < 0)
		return -1;
	fprintf(stderr, "%s: %s\n", policy_origin_words[source->origin], source->reason);
	return 0;
}

static int print_policy(const struct policy *policy, struct err *err)
{
	owned_json struct json *tree = policy_to_json(policy);

	return json_write_file("-", tree, true, err);
}

static int run_show(struct editor *editor, struct err *err)
{
	struct policy_source source;
	struct policy policy;

	if (load(editor, &policy, &source, err) < 0)
		return -1;
	return print_policy(&policy, err);
}

static int run_explain(struct editor *editor, struct err *err)
{
	owned_mem struct attempt *attempt = attempt_new();
	struct policy_source source;
	struct policy policy;

	if (load(editor, &policy, &source, err) < 0)
		return -1;
	if (trial_make(&policy, &source, editor->argv, &editor->arena, attempt, err) <
	    0) {
		explain_policy(&policy, NULL, stdout);
		return err_within(err, "trying the policy");
	}
	explain_policy(&policy, &attempt->claims, stdout);
	if (policy.enabled && policy.on_unavailable == ON_UNAVAILABLE_FAIL &&
	    attempt->claims.downgrade_count > 0)
		puts("this host cannot keep it: runs are refused");
	return 0;
}

/* --- check --- */

static int check_file(struct editor *editor, const char *path, struct err *err)
{
	owned_str struct str text = { 0 };
	struct policy policy;

	if (policy_read_file(path, &text, err) < 0)
		return -1;
	return policy_load(PROFILE_DEFAULT, path, str_text(&text), text.length, NULL, 0,
			   NULL, NULL, &editor->arena, &policy, err);
}

/* Every file is looked at; the first fault decides, the others are told as well. */
static int run_check(struct editor *editor, struct err *err)
{
	struct policy_source source;
	struct policy policy;
	int result = 0;

	if (!editor->word_count) {
		if (policy_find(&editor->wish, &editor->arena, &policy, &source, err) < 0)
			return -1;
		if (source.origin == POLICY_FAIL_CLOSED)
			return err_policy(err, "policy", "%s", source.reason);
		printf("%s\n", source.reason);
	}
	for (size_t i = 0; i < editor->word_count; i++) {
		struct err fault;

		if (check_file(editor, editor->words[i], &fault) == 0) {
			printf("%s: a valid policy\n", editor->words[i]);
			continue;
		}
		if (result < 0)
			fprintf(stderr, "confine policy: %s\n", err->msg);
		*err = fault;
		result = -1;
	}
	return result;
}

/* --- merge --- */

/* What only the merged whole can show is found by reading it once more. */
static int check_merged(struct editor *editor, const struct policy *merged,
			struct err *err)
{
	owned_json struct json *tree = policy_to_json(merged);
	owned_mem char *text = json_print(tree, false);
	struct policy policy;

	return policy_load(PROFILE_PERMISSIVE, "merged", text, strlen(text), NULL, 0,
			   NULL, NULL, &editor->arena, &policy, err);
}

static int run_merge(struct editor *editor, struct err *err)
{
	struct policy merged;

	if (policy_load(editor->wish.profile, NULL, NULL, 0, NULL, 0,
			getenv("CONFINE_SANDBOX_UID"), getenv("CONFINE_SANDBOX_GID"),
			&editor->arena, &merged, err) < 0)
		return -1;
	for (size_t i = 0; i < editor->word_count; i++) {
		owned_str struct str text = { 0 };
		owned_json struct json *document = NULL;
		const char *path = editor->words[i];

		if (policy_read_file(path, &text, err) < 0 ||
		    json_parse(path, str_text(&text), text.length, &json_small, &document,
			       err) < 0 ||
		    policy_fields_read(document, path, &editor->arena, &merged, err) < 0)
			return -1;
	}
	if (check_merged(editor, &merged, err) < 0)
		return -1;
	return print_policy(&merged, err);
}

/* --- set --- */

/* One writer at a time: the directory is locked, so that no lock file stays. */
static int lock_directory(struct editor *editor, const char *path, int *ret,
			  struct err *err)
{
	const char *directory = dirname(arena_strdup(&editor->arena, path));
	owned_fd int fd = -1;

	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "policy", "cannot make %s", directory);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return err_sys(err, "policy", "cannot lock %s", directory);
	*ret = take_fd(&fd);
	return 0;
}

static int read_stored(const char *path, struct json **ret, struct err *err)
{
	owned_str struct str text = { 0 };

	if (access(path, F_OK) < 0 && errno == ENOENT) {
		*ret = json_object();
		return 0;
	}
	if (policy_read_file(path, &text, err) < 0)
		return -1;
	return json_parse(path, str_text(&text), text.length, &json_small, ret, err);
}

static int change(struct json **document, const struct policy_set *set, struct err *err)
{
	owned_str struct str what = { 0 };
	struct json *value = NULL;

	str_add_visible(&what, set->pointer, strlen(set->pointer), 60);
	if (json_parse(what.text, set->json, strlen(set->json), &json_small, &value,
		       err) < 0)
		return -1;
	return json_set_pointer(document, set->pointer, value, err);
}

static int take_out(struct json *document, const char *pointer, struct err *err)
{
	char path[256];
	char *key = path + 1, *slash;

	if (strlen(pointer) < sizeof(path)) {
		memcpy(path, pointer, strlen(pointer) + 1);
		slash = strchr(key, '/');
		if (slash) {
			*slash = '\0';
			document = json_member(document, key);
			key = slash + 1;
		}
		if (json_is(document, JSON_OBJECT) && json_member(document, key)) {
			json_remove(document, key);
			return 0;
		}
	}
	return err_policy(err, "policy", "--unset %.200s: it is not in the file",
			  pointer);
}

static int run_set(struct editor *editor, struct err *err)
{
	const char *path = editor->file ? editor->file : policy_host_file();
	owned_json struct json *document = NULL;
	owned_mem char *text = NULL;
	owned_fd int lock = -1;
	struct policy policy;

	if (!editor->wish.set_count && !editor->unset_count)
		return err_policy(err, "options",
				  "nothing to set: give POINTER=JSON or --unset POINTER");
	if (lock_directory(editor, path, &lock, err) < 0 ||
	    read_stored(path, &document, err) < 0)
		return -1;
	for (size_t i = 0; i < editor->wish.set_count; i++)
		if (change(&document, &editor->sets[i], err) < 0)
			return -1;
	for (size_t i = 0; i < editor->unset_count; i++)
		if (take_out(document, editor->unset[i], err) < 0)
			return -1;
	text = json_print(document, true);
	if (policy_load(PROFILE_DEFAULT, path, text, strlen(text), NULL, 0, NULL, NULL,
			&editor->arena, &policy, err) < 0)
		return err_within(err, "nothing was stored");
	return json_write_file(path, document, true, err);
}

/* --- the command --- */

const struct editor_verb editor_verbs[] = {
	{ "show", "", "the policy that applies, whole, as JSON; why it applies on stderr",
	  TAKES_POLICY | TAKES_PROFILE | TAKES_SET, run_show },
	{ "check", "[FILE]…", "is each a policy; without a file, the host's default",
	  TAKES_WORDS, run_check },
	{ "merge", "FILE…", "lay each over the one before, print the whole",
	  TAKES_PROFILE | TAKES_WORDS, run_merge },
	{ "set", "POINTER=JSON…", "change fields of the host's default, keep the others",
	  TAKES_FILE | TAKES_WORDS, run_set },
	{ "explain", "", "every field in words, and what this host makes of it",
	  TAKES_POLICY | TAKES_PROFILE | TAKES_SET, run_explain },
};

const size_t editor_verb_count = ARRAY_SIZE(editor_verbs);

int policy_main(int argc, char **argv)
{
	struct editor editor = { .argv = argv, .wish.profile = PROFILE_DEFAULT };
	struct err err = { 0 };
	int result = editor_options_parse(argc, argv, &editor, &err);

	if (result == 0 && editor.help)
		editor_options_print_help(stdout);
	else if (result == 0)
		result = editor.verb->run(&editor, &err);
	if (result < 0)
		fprintf(stderr, "confine policy: %s\n", err.msg);
	arena_done(&editor.arena);
	if (fflush(stdout) == EOF && result == 0) {
		fprintf(stderr, "confine policy: cannot write: %s\n", err_name(errno));
		return EXIT_OUTPUT;
	}
	if (result == 0)
		return 0;
	return err.code == ERR_POLICY   ? EXIT_USAGE
	       : err.code == ERR_SYSTEM ? EXIT_OUTPUT
					: 70;
}
