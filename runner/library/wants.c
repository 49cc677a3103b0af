/* SPDX-License-Identifier: Apache-2.0 */
/* wants - confine_run_set_…: every one makes what is new, then puts it in place of what was */
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/library/context.h"
#include "runner/library/guard.h"
#include "runner/library/policy.h"
#include "runner/library/run.h"
#include <fcntl.h>

#define CAPTURE_USUAL (UINT64_C(64) << 20)
#define CAPTURE_MOST  (UINT64_C(1) << 30)
#define TIMEOUT_MOST  UINT64_C(604800000) /* as `confine run`: seven days */

/* --- a new one --- */

struct making {
	const char *program;
	struct confine_run *made;
};

static int make(void *argument, struct err *err)
{
	struct making *making = argument;
	struct confine_run *made = calloc(1, sizeof(*made));

	(void)err;
	if (!made)
		arena_out_of_memory();
	*made = (struct confine_run){
		.input = -1,
		.script = -1,
		.context = -1,
		.output = { -1, -1 },
		.capture_bytes = CAPTURE_USUAL,
		.pidfd = -1,
		.said = -1,
		.captured = { -1, -1 },
		.returned = -1,
		.pipes = { -1, -1 },
		.events = -1,
	};
	made->program = strdup(making->program);
	if (!made->program)
		arena_out_of_memory();
	making->made = made;
	return 0;
}

int confine_run_new(const struct confine *confine, struct confine_run **ret,
		    struct confine_error *error)
{
	struct making making = { confine ? confine->program : NULL, NULL };

	if (!confine)
		return guard_usage(error, "confine_new() comes first");
	if (guard_run(make, &making, error) < 0)
		return -1;
	*ret = making.made;
	return 0;
}

/* --- words --- */

struct adding {
	const struct words *before; /* NULL = none stay */
	const char *const *words;   /* in front, NULL-terminated */
	const char *const *more;    /* behind them, or NULL */
	struct words made;
};

static void add_words(struct str *to, const char *const *words)
{
	for (; words && *words; words++)
		str_add_bytes(to, *words, strlen(*words) + 1);
}

static int add(void *argument, struct err *err)
{
	struct adding *adding = argument;
	struct str made = { 0 };

	(void)err;
	if (adding->before && adding->before->length)
		str_add_bytes(&made, adding->before->bytes, adding->before->length);
	add_words(&made, adding->words);
	add_words(&made, adding->more);
	adding->made = (struct words){ made.text, made.length };
	return 0;
}

static int put_words(struct words *place, struct adding *adding,
		     struct confine_error *error)
{
	if (guard_run(add, adding, error) < 0)
		return -1;
	free(place->bytes);
	*place = adding->made;
	return 0;
}

static int check_open(const struct confine_run *run, struct confine_error *error)
{
	if (!run)
		return guard_usage(error, "a run is wanted, not NULL");
	if (run->state != RUN_WANTED)
		return guard_usage(error, "the run has been started already");
	return 0;
}

static int add_option(struct confine_run *run, const char *name, const char *value,
		      struct confine_error *error)
{
	struct adding adding = { .before = &run->options,
				 .words = (const char *const[]){ name, value, NULL } };

	return put_words(&run->options, &adding, error);
}

/* By these the library speaks with the program, or they have a function of their own. */
static const char *const reserved[] = {
	"--args",      "--context",   "--context-json", "--error-fd",
	"--explain",   "--help",      "--lifeline",     "--policy",
	"--policy-fd", "--profile",   "--report",       "--report-fd",
	"--result",    "--result-fd", "--script",       "--stdin",
};

int confine_run_set_option(struct confine_run *run, const char *name, const char *value,
			   struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (!name || !str_has_prefix(name, "--") || !name[2] || strchr(name, '='))
		return guard_usage(error, "an option begins with -- and has no value in "
					  "its name");
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
		if (str_equal(name, reserved[i]))
			return guard_usage(error, "this option is the library's own");
	return add_option(run, name, value, error);
}

static int set_path(struct confine_run *run, const char *name, const char *path,
		    struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (!path || *path != '/')
		return guard_fault(error, CONFINE_ERROR_POLICY, "options",
				   "%s: expected an absolute path, not %.200s", name + 2,
				   path ? path : "NULL");
	return add_option(run, name, path, error);
}

int confine_run_set_directory(struct confine_run *run, const char *path,
			      struct confine_error *error)
{
	return set_path(run, "--cwd", path, error);
}

int confine_run_set_scratch(struct confine_run *run, const char *path,
			    struct confine_error *error)
{
	return set_path(run, "--scratch", path, error);
}

int confine_run_set_timeout(struct confine_run *run, uint64_t milliseconds,
			    struct confine_error *error)
{
	char text[32];

	if (check_open(run, error) < 0)
		return -1;
	if (milliseconds < 1 || milliseconds > TIMEOUT_MOST)
		return guard_fault(error, CONFINE_ERROR_POLICY, "options",
				   "timeout: from 1 to 604800000 milliseconds");
	(void)snprintf(text, sizeof(text), "%llums", (unsigned long long)milliseconds);
	return add_option(run, "--timeout", text, error);
}

struct pairing {
	const char *name, *value;
	char *made;
};

static int pair(void *argument, struct err *err)
{
	struct pairing *pairing = argument;
	struct str made = { 0 };

	(void)err;
	str_addf(&made, "%s=%s", pairing->name, pairing->value);
	pairing->made = made.text;
	return 0;
}

int confine_run_set_variable(struct confine_run *run, const char *name, const char *value,
			     struct confine_error *error)
{
	struct pairing pairing = { name, value, NULL };
	int result;

	if (check_open(run, error) < 0)
		return -1;
	if (!name || !*name || strchr(name, '=') || !value)
		return guard_fault(error, CONFINE_ERROR_POLICY, "environment",
				   "a variable has a name, without =, and a value");
	if (guard_run(pair, &pairing, error) < 0)
		return -1;
	result = add_option(run, "--env", pairing.made, error);
	free(pairing.made);
	return result;
}

int confine_run_set_environment(struct confine_run *run, const char *const *environment,
				struct confine_error *error)
{
	struct adding adding = { .words = environment };

	if (check_open(run, error) < 0)
		return -1;
	return put_words(&run->environment, &adding, error);
}

/* --- what is run --- */

static int set_task(struct confine_run *run, const char *const *words,
		    const char *const *arguments, int script, struct confine_error *error)
{
	struct adding adding = { .words = words, .more = arguments };

	if (put_words(&run->task, &adding, error) < 0) {
		own_close_fd(&script);
		return -1;
	}
	own_close_fd(&run->script);
	run->script = script;
	return 0;
}

int confine_run_set_command(struct confine_run *run, const char *const *argv,
			    struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (!argv || !argv[0] || !argv[0][0])
		return guard_fault(error, CONFINE_ERROR_POLICY, "options",
				   "the command is empty");
	return set_task(run, (const char *const[]){ "--", NULL }, argv, -1, error);
}

int confine_run_set_text(struct confine_run *run, const char *text,
			 const char *const *arguments, struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (!text)
		return guard_usage(error, "a text is wanted, not NULL");
	return set_task(run, (const char *const[]){ "-c", text, "--", NULL }, arguments,
			-1, error);
}

int confine_run_set_script(struct confine_run *run, const void *bytes, size_t length,
			   const char *const *arguments, struct confine_error *error)
{
	char path[32];
	int script;

	if (check_open(run, error) < 0)
		return -1;
	if (!bytes && length)
		return guard_usage(error, "the bytes of a script are wanted, not NULL");
	script = launch_file_of("confine-script", bytes, length, error);
	if (script < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", RUN_SCRIPT);
	return set_task(run, (const char *const[]){ "--script", path, "--", NULL },
			arguments, script, error);
}

/* --- a runtime --- */

/* A name, or a path: which names there are is for the program to say. */
int confine_run_set_runtime(struct confine_run *run, const char *name,
			    struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (!name || !*name)
		return guard_fault(error, CONFINE_ERROR_POLICY, "options",
				   "runtime: expected a name or an absolute path");
	return add_option(run, "--runtime", name, error);
}

int confine_run_set_context(struct confine_run *run, const void *json, size_t length,
			    struct confine_error *error)
{
	int made;

	if (check_open(run, error) < 0)
		return -1;
	if (!json)
		return guard_usage(error, "the JSON of a context is wanted, not NULL");
	made = launch_file_of("confine-context", json, length, error);
	if (made < 0)
		return -1;
	own_close_fd(&run->context);
	run->context = made;
	return 0;
}

int confine_run_set_resolution_root(struct confine_run *run, const char *path,
				    struct confine_error *error)
{
	return set_path(run, "--resolution-root", path, error);
}

int confine_run_set_result(struct confine_run *run, bool wanted,
			   struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	run->wants_result = wanted;
	return 0;
}

/* --- policy and streams --- */

int confine_run_set_policy(struct confine_run *run, const struct confine_policy *policy,
			   struct confine_error *error)
{
	char *text;

	if (check_open(run, error) < 0 || confine_policy_json(policy, &text, error) < 0)
		return -1;
	free(run->policy);
	run->policy = text;
	return 0;
}

static int set_fd(int *place, int fd, struct confine_error *error)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (copy < 0)
		return guard_sys(error, "the descriptor cannot be used");
	own_close_fd(place);
	*place = copy;
	return 0;
}

int confine_run_set_input_fd(struct confine_run *run, int fd, struct confine_error *error)
{
	return check_open(run, error) < 0 ? -1 : set_fd(&run->input, fd, error);
}

int confine_run_set_input(struct confine_run *run, const void *bytes, size_t length,
			  struct confine_error *error)
{
	int made;

	if (check_open(run, error) < 0)
		return -1;
	if (!bytes && length)
		return guard_usage(error, "the bytes of the input are wanted, not NULL");
	made = launch_file_of("confine-input", bytes, length, error);
	if (made < 0)
		return -1;
	own_close_fd(&run->input);
	run->input = made;
	return 0;
}

int confine_run_set_output_fd(struct confine_run *run, enum confine_stream stream, int fd,
			      struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (stream != CONFINE_STDOUT && stream != CONFINE_STDERR)
		return guard_usage(error, "there is no such stream");
	return set_fd(&run->output[stream - CONFINE_STDOUT], fd, error);
}

int confine_run_set_output_function(struct confine_run *run,
				    confine_output_function *function, void *data,
				    struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	run->function = function;
	run->data = data;
	return 0;
}

int confine_run_set_capture(struct confine_run *run, uint64_t bytes,
			    struct confine_error *error)
{
	if (check_open(run, error) < 0)
		return -1;
	if (bytes < 1 || bytes > CAPTURE_MOST)
		return guard_fault(error, CONFINE_ERROR_POLICY, "output",
				   "capture: from 1 to 1073741824 bytes");
	run->capture_bytes = bytes;
	return 0;
}
