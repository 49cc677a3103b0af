/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/reporter.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WORDS_MAX = 12,
};

struct words {
	char *argv[WORDS_MAX + 1];
	size_t count;
};

static void add(struct suite *suite, struct words *words, const char *word)
{
	words->argv[words->count++] = arena_strdup(&suite->arena, word);
}

static void add_option(struct suite *suite, struct words *words, const char *name,
		       const char *value)
{
	if (!value)
		return;
	add(suite, words, name);
	add(suite, words, value);
}

/* fd: its standard output; -1: what it says there is for nobody. */
static int start(const struct words *words, int fd, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	/* Signals are blocked here, to be read from a descriptor: not there. */
	sigemptyset(&none);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawn_file_actions_init(&actions);
	error = fd >= 0 ? posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO)
			: posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
							   "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawn(ret, words->argv[0], &actions, &attributes,
				    words->argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	return error;
}

static int run(const struct words *words, int fd, struct err *err)
{
	const char *program = words->argv[0];
	int status, error;
	pid_t pid;

	error = start(words, fd, &pid);
	if (error) {
		errno = error;
		return err_sys(err, "check", "cannot start %s", program);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "check", "cannot wait for %s", program);
	if (!WIFEXITED(status))
		return err_set(err, ERR_INTERNAL, "check", "%s died", program);
	return WEXITSTATUS(status);
}

static int begin(struct suite *suite, struct words *words, struct err *err)
{
	if (!suite->paths.report)
		return err_set(err, ERR_INTERNAL, "check", "confine-report is not there");
	add(suite, words, suite->paths.report);
	return 0;
}

bool reporter_decides(const struct suite *suite)
{
	return suite->options.waivers || suite->options.baseline;
}

int reporter_run(struct suite *suite, const char *format, const char *output, int fd,
		 struct err *err)
{
	struct words words = { .count = 0 };

	if (begin(suite, &words, err) < 0)
		return -1;
	add(suite, &words, format);
	add_option(suite, &words, "-o", output);
	add_option(suite, &words, "--waivers", suite->options.waivers);
	add_option(suite, &words, "--baseline", suite->options.baseline);
	add(suite, &words, "--");
	add(suite, &words, suite->record);
	return run(&words, fd, err);
}

/* --- before anything is tried --- */

static int take(struct suite *suite, const char *verb, const char *path, struct err *err)
{
	struct words words = { .count = 0 };
	int status;

	if (!path)
		return 0;
	if (begin(suite, &words, err) < 0)
		return -1;
	add(suite, &words, verb);
	add(suite, &words, "--");
	add(suite, &words, path);
	status = run(&words, -1, err);
	if (status <= 0)
		return status;
	err->code = ERR_POLICY; /* one line about it is enough */
	return -1;
}

/* What one target can do says nothing about another. */
static int check_target(const struct suite *suite, const struct json *document,
			struct err *err)
{
	const struct json *target = json_member(document, "target");
	const char *name;

	if (json_is(target, JSON_OBJECT)) /* a whole record serves as well */
		target = json_member(target, "name");
	name = json_text(target);
	if (!name || str_equal(name, suite->target.name))
		return 0;
	return err_policy(err, "check",
			  "%s: is of another target than %s: their verdicts cannot be "
			  "compared",
			  suite->options.baseline, suite->target.name);
}

/* Verdicts depend on the level that is asked for, and on whose they are. */
static int check_baseline(const struct suite *suite, struct err *err)
{
	owned_json struct json *document = NULL;
	const struct json *require;
	const char *path = suite->options.baseline;

	if (!path)
		return 0;
	if (json_read_file(path, &json_large, &document, err) < 0)
		return -1;
	if (check_target(suite, document, err) < 0)
		return -1;
	require = json_member(document, "require");
	if (!require) /* a whole record serves as well */
		require = json_member(json_member(document, "run"), "require");
	if (!json_is(require, JSON_NUMBER) ||
	    require->number == (double)suite->options.require)
		return 0;
	return err_policy(
		err, "check",
		"%s: was asked for level %.0f, and this run is asked for %u: their "
		"verdicts cannot be compared",
		path, require->number, suite->options.require);
}

int reporter_check(struct suite *suite, struct err *err)
{
	if (take(suite, "waivers", suite->options.waivers, err) < 0 ||
	    take(suite, "baseline", suite->options.baseline, err) < 0)
		return -1;
	return check_baseline(suite, err);
}
