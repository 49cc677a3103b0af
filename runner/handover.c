/* SPDX-License-Identifier: Apache-2.0 */
/* handover - see handover.h */
#include "runner/handover.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/module.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CONTEXT_MAX (64U << 20)

static int read_runtime(const struct handover *given, struct arena *arena,
			struct request *request, struct err *err)
{
	char path[PATH_MAX];

	if (given->runtime[0] != '/') {
		request->runtime = runtime_find(given->runtime);
		if (request->runtime)
			return 0;
		return err_policy(err, "options",
				  "--runtime %s: expected %s, or the absolute path of an "
				  "interpreter",
				  given->runtime, runtime_names(arena));
	}
	request->runtime = runtime_for_file(given->runtime);
	/* What is not there, or not to be seen, is told by exec inside. */
	request->runtime_file = arena_strdup(
		arena, realpath(given->runtime, path) ? path : given->runtime);
	return 0;
}

/* For the same checker that a result goes through: what the script is given may be what another one
 * returned. */
static int check_context(const char *what, const char *text, size_t length,
			 struct err *err)
{
	struct result check;
	enum result_state state;

	result_init(&check, -1, UINT64_MAX);
	result_feed(&check, text, length);
	state = result_state(&check);
	result_done(&check);
	if (state == RESULT_RETURNED)
		return 0;
	if (state == RESULT_INVALID)
		return err_policy(err, "options", "%s: no JSON: byte %llu: %s", what,
				  (unsigned long long)check.fault_at, check.fault);
	return err_policy(err, "options", "%s: no JSON: %s", what,
			  state == RESULT_NONE ? "it is empty" : "it ends too early");
}

static int read_context(const struct handover *given, struct arena *arena,
			struct request *request, struct err *err)
{
	owned_str struct str text = { 0 };
	const char *file = given->context_file;

	if (given->context_text) {
		request->context = given->context_text;
		request->context_length = strlen(given->context_text);
		return check_context("--context-json", request->context,
				     request->context_length, err);
	}
	if (!file)
		return 0;
	if ((str_equal(file, "-") ? fd_read_all(STDIN_FILENO, CONTEXT_MAX, &text, err)
				  : fd_read_file(file, CONTEXT_MAX, &text, err)) < 0)
		return err_within(err, "--context");
	if (check_context("--context", str_text(&text), text.length, err) < 0)
		return -1;
	request->context = arena_strndup(arena, str_text(&text), text.length);
	request->context_length = text.length;
	return 0;
}

static bool is_at_or_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return !strncmp(path, directory, length) &&
	       (path[length] == '/' || path[length] == '\0');
}

/* The same path is used inside, so it has to be the plain one. */
static int read_modules(const struct handover *given, const struct policy *policy,
			struct arena *arena, struct request *request, struct err *err)
{
	static const char *const ours[] = { "/proc", "/dev", RUNTIME_DIRECTORY };
	const char *root = given->modules_root;
	char path[PATH_MAX];
	struct stat status;

	if (!root)
		return 0;
	if (policy->enabled && policy->filesystem.mode == FILESYSTEM_SCRATCH_ONLY)
		return err_policy(
			err, "options",
			"--resolution-root: /filesystem/mode scratch-only shows "
			"no directory of the host's; scratch-plus-ro does");
	if (!realpath(arena_printf(arena, "%s/node_modules", root), path))
		return err_policy(err, "options",
				  "--resolution-root %s: node_modules: %s", root,
				  err_name(errno));
	if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return err_policy(err, "options",
				  "--resolution-root %s: node_modules is no directory",
				  root);
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (is_at_or_below(path, ours[i]))
			return err_policy(err, "options",
					  "--resolution-root: %s lies in %s, which is "
					  "the sandbox's own",
					  path, ours[i]);
	request->modules = arena_strdup(arena, path);
	return 0;
}

/* A module has the suffix by which node takes it for one; a CommonJS file stays what it is. */
static void make_module(struct arena *arena, struct request *request)
{
	if (!request->runtime->module) {
		if (request->runtime->suffix && !*request->suffix)
			request->suffix = request->runtime->suffix;
		return;
	}
	if (str_equal(request->suffix, ".cjs"))
		return;
	request->suffix = request->runtime->suffix;
	if (!module_has_statements(request->script, request->script_length))
		request->script =
			module_wrap(request->script, &request->script_length, arena);
}

int handover_read(const struct handover *given, const struct policy *policy,
		  struct arena *arena, struct request *request, struct err *err)
{
	if (!given->runtime)
		return 0;
	if (read_runtime(given, arena, request, err) < 0 ||
	    read_context(given, arena, request, err) < 0 ||
	    read_modules(given, policy, arena, request, err) < 0)
		return -1;
	make_module(arena, request);
	request->result_wanted = given->result_file || given->result_fd >= 0;
	return 0;
}

int handover_deliver(const struct handover *given, struct replace *into,
		     const struct outcome *outcome, struct err *err)
{
	owned_str struct str text = { 0 };
	size_t length;
	const char *value;
	int fd = given->result_fd;

	if (!outcome->result_counts || (!given->result_file && fd < 0))
		return 0;
	value = result_value(outcome->result, &length);
	str_add_bytes(&text, value, length);
	str_add(&text, "\n");
	if (str_equal(given->result_file, "-"))
		fd = STDOUT_FILENO;
	if (fd < 0)
		return replace_write(into, text.text, text.length, err) < 0
			       ? err_within(err, "--result")
			       : 0;
	if (fd_write_patient(fd, text.text, text.length) < 0)
		return err_sys(err, "output", "cannot write the result to descriptor %d",
			       fd);
	return 0;
}
