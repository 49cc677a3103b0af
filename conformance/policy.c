/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/policy.h"
#include "conformance/expand.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OUTPUT_MAX_BYTES = 1 << 20,
};

/* What the target's own reader did. */
struct answer {
	int status; /* exit status, or -1 */
	struct str out, err;
};

static int spawn(const char *const *words, int out, int err_fd, struct arena *arena,
		 pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	size_t count = 0;
	char **argv;
	int error;

	while (words[count])
		count++;
	argv = arena_array(arena, count + 1, sizeof(*argv));
	for (size_t i = 0; i < count; i++)
		argv[i] = arena_strdup(arena, words[i]);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	(void)posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
	error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Files in memory: whatever is said, nobody waits for a reader. */
static int ask(const char *const *words, struct arena *arena, struct answer *answer,
	       struct err *err)
{
	owned_fd int out = memfd_create("out", MFD_CLOEXEC);
	owned_fd int errors = memfd_create("err", MFD_CLOEXEC);
	int status;
	pid_t pid;

	if (out < 0 || errors < 0)
		return err_sys(err, "policy", "cannot make a file in memory");
	errno = spawn(words, out, errors, arena, &pid);
	if (errno)
		return err_sys(err, "policy", "cannot start %s", words[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(err, "policy", "cannot wait for %s", words[0]);
	if (lseek(out, 0, SEEK_SET) < 0 || lseek(errors, 0, SEEK_SET) < 0)
		return err_sys(err, "policy", "cannot read what %s said", words[0]);
	answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (fd_read_all(out, OUTPUT_MAX_BYTES, &answer->out, err) < 0)
		return -1;
	return fd_read_all(errors, OUTPUT_MAX_BYTES, &answer->err, err);
}

/* One line fit for the terminal. */
static int pass_on(const struct answer *answer, const char *path, struct err *err)
{
	size_t length = strcspn(str_text(&answer->err), "\n");
	owned_str struct str line = { 0 };

	str_add_visible(&line, str_text(&answer->err), length, length);
	if (!line.length)
		return err_policy(err, "policy", "%s: the target cannot read it", path);
	return err_policy(err, "policy", "%s", str_text(&line));
}

static int ask_target(const struct target *target, const char *confine, const char *path,
		      struct arena *arena, struct err *err)
{
	static const char *const no_command[] = { NULL };
	struct target asked = *target;
	struct target_fill fill = {
		.confine = confine, .scratch = "/", .policy = path, .command = no_command
	};
	struct answer answer = { 0 };
	const char *const *words;
	int result;

	asked.argv = target->policy_check;
	if (target_expand(&asked, &fill, arena, &words, err) < 0)
		return -1;
	result = ask(words, arena, &answer, err);
	/* Whoever printed a plan has read the policy, and only does not like this host. */
	if (result == 0 && answer.status != 0 && answer.out.length == 0)
		result = pass_on(&answer, path, err);
	str_done(&answer.out);
	str_done(&answer.err);
	return result;
}

int policy_check(const struct target *target, const char *confine, const char *path,
		 struct arena *arena, const char **ret, struct err *err)
{
	owned_json struct json *tree = NULL;
	char absolute[PATH_MAX];

	if (!target_has_part(target, PART_POLICY))
		return err_policy(err, "policy", "target %s takes no --policy",
				  target->name);
	if (json_read_file(path, &json_small, &tree, err) < 0)
		return -1;
	if (!realpath(path, absolute))
		return err_sys(err, "policy", "cannot find %s", path);
	if (target->policy_check && ask_target(target, confine, absolute, arena, err) < 0)
		return -1;
	*ret = arena_strdup(arena, absolute);
	return 0;
}
