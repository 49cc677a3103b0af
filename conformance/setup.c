/* SPDX-License-Identifier: Apache-2.0 */
/* The words that change how the launcher is started; the others are in setup_files.c and
 * setup_objects.c. */
#include "conformance/setup.h"
#include "conformance/expand.h"
#include "conformance/handicap.h"
#include "conformance/invocation.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>

enum {
	OPTIONS_MAX = 8,
	DEADLINE_MAX_S = 60,
};

/* "NAME:VALUE" to its two parts, the value filled. */
static int split_pair(struct arm *arm, const char *text, struct target_pair *ret,
		      struct err *err)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text)
		return err_set(err, ERR_INTERNAL, "setup", "%s: not NAME:VALUE", text);
	ret->name = arena_strndup(arm->arena, text, (size_t)(colon - text));
	ret->value = arm_fill(arm, colon + 1);
	return 0;
}

static int plan_own_scratch(struct arm *arm, const char *value, struct err *err)
{
	(void)err;
	if (str_equal(value, "if-any") && !arm->wants->target->has_own_scratch)
		return 0;
	arm->own_scratch = true;
	arm->cwd = arm->home;
	arm_set_environment(arm, "HOME", arm->home);
	arm_set_environment(arm, "TMPDIR", arm->home);
	return 0;
}

static int plan_caller_env(struct arm *arm, const char *value, struct err *err)
{
	(void)err;
	arm_set_environment(arm, value, arm->secret);
	arm_variable(arm, "CALLER_ENV", value);
	return 0;
}

static int plan_caller_env_set(struct arm *arm, const char *value, struct err *err)
{
	struct target_pair pair = { NULL, NULL };

	if (split_pair(arm, value, &pair, err) < 0 || !pair.name)
		return -1;
	arm_set_environment(arm, pair.name, pair.value);
	return 0;
}

/* From ld.so(8), the manuals of the shells and interpreters, and git(1), less(1), ssh(1): a value that
 * is no path and no option of anything. */
static const char *const dangerous_names[] = {
	"AWKLIBPATH",
	"AWKPATH",
	"BASHOPTS",
	"BASH_ENV",
	"BASH_FUNC_ls%%",
	"BASH_LOADABLES_PATH",
	"BASH_XTRACEFD",
	"BUN_OPTIONS",
	"CDPATH",
	"CLASSPATH",
	"DYLD_INSERT_LIBRARIES",
	"ENV",
	"FPATH",
	"GCONV_PATH",
	"GETCONF_DIR",
	"GIT_ASKPASS",
	"GIT_CONFIG_GLOBAL",
	"GIT_EDITOR",
	"GIT_EXEC_PATH",
	"GIT_EXTERNAL_DIFF",
	"GIT_PAGER",
	"GIT_PROXY_COMMAND",
	"GIT_SEQUENCE_EDITOR",
	"GIT_SSH_COMMAND",
	"GIT_TEMPLATE_DIR",
	"GLIBC_TUNABLES",
	"GLOBIGNORE",
	"HOSTALIASES",
	"IFS",
	"JAVA_TOOL_OPTIONS",
	"JDK_JAVA_OPTIONS",
	"LD_LIBRARY_PATH",
	"LESSCLOSE",
	"LESSOPEN",
	"LOCALDOMAIN",
	"LOCPATH",
	"LUA_CPATH",
	"LUA_INIT",
	"LUA_PATH",
	"MALLOC_PERTURB_",
	"NLSPATH",
	"NODE_OPTIONS",
	"OPENSSL_CONF",
	"OPENSSL_ENGINES",
	"OPENSSL_MODULES",
	"PERL5OPT",
	"PERLIO_DEBUG",
	"PERLLIB",
	"PHPRC",
	"PHP_INI_SCAN_DIR",
	"PROMPT_COMMAND",
	"PS4",
	"PYTHONSTARTUP",
	"RESOLV_HOST_CONF",
	"RES_OPTIONS",
	"RUBYLIB",
	"RUBYOPT",
	"SHELLOPTS",
	"SSH_ASKPASS",
	"TCLLIBPATH",
	"TZDIR",
	"ZDOTDIR",
	"_JAVA_OPTIONS",
};

static int plan_dangerous_env(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	for (size_t i = 0; i < ARRAY_SIZE(dangerous_names); i++)
		arm_set_environment(arm, dangerous_names[i], arm->secret);
	return 0;
}

static int plan_env(struct arm *arm, const char *value, struct err *err)
{
	struct target_pair pair = { NULL, NULL }, *options;

	if (split_pair(arm, value, &pair, err) < 0 || !pair.name)
		return -1;
	if (arm->kind == ARM_REACH) {
		arm_set_environment(arm, pair.name, pair.value);
		return 0;
	}
	options = arena_array(arm->arena, OPTIONS_MAX, sizeof(*options));
	if (arm->option_count == OPTIONS_MAX)
		return err_set(err, ERR_INTERNAL, "setup", "too many variables");
	if (arm->option_count)
		memcpy(options, arm->options, arm->option_count * sizeof(*options));
	options[arm->option_count++] = pair;
	arm->options = options;
	return 0;
}

static int plan_deadline(struct arm *arm, const char *value, struct err *err)
{
	uint64_t seconds;

	if (parse_u64(value, 1, DEADLINE_MAX_S, &seconds, err) < 0)
		return -1;
	arm->deadline_s = (unsigned int)seconds;
	arm->deadline_is_ours = arm->kind == ARM_REACH ||
				!target_has_part(arm->wants->target, PART_TIMEOUT);
	return 0;
}

static int plan_kill_launcher(struct arm *arm, const char *value, struct err *err)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = { { "KILL", SIGKILL },
			{ "TERM", SIGTERM },
			{ "INT", SIGINT },
			{ "HUP", SIGHUP } };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (str_equal(value, signals[i].name))
			arm->kill_signal = signals[i].number;
	return arm->kill_signal
		       ? 0
		       : err_set(err, ERR_INTERNAL, "setup", "%s: no such signal", value);
}

static int plan_handicap(struct arm *arm, const char *value, struct err *err)
{
	if (!handicap_exists(value))
		return err_set(err, ERR_INTERNAL, "setup", "%s: no such handicap", value);
	if (arm->kind == ARM_ATTACK && !arm->plain)
		arm->handicap = value;
	return 0;
}

/* The script's own shell is started in no odd way: what a launcher makes of it is the question. */
static int plan_invocation(struct arm *arm, const char *value, struct err *err)
{
	if (!invocation_exists(value))
		return err_set(err, ERR_INTERNAL, "setup", "%s: no such invocation",
			       value);
	if (arm->kind == ARM_ATTACK && !arm->plain)
		arm->invocation = value;
	return 0;
}

static int plan_second_run(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	arm->second_scratch = arm_path(arm, "second");
	arm->second_arm_file = arm_path(arm, "probes/arm-second");
	return 0;
}

static int plan_cwd_outside(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	arm->cwd = arm_path(arm, "outside");
	return 0;
}

static int arrange_lab(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	if (!arm->lab)
		return err_set(err, ERR_INTERNAL, "setup", "no lab");
	arm_variable(arm, "LAB", "1");
	arm_variable(arm, "PEER_V4", arm->lab->peer_v4);
	arm_variable(arm, "PEER_V6", arm->lab->peer_v6);
	arm_variable(arm, "RESOLVER_V4", arm->lab->resolver_v4);
	return 0;
}

/* launch.c leaves the limit then. Where a crash would start a program of the host, or leave a file
 * there, the helper must not crash. */
static int arrange_core_limit(struct arm *arm, const char *value, struct err *err)
{
	char pattern[256];
	ssize_t count = fd_read_small_at(AT_FDCWD, "/proc/sys/kernel/core_pattern",
					 pattern, sizeof(pattern));
	bool here = count > 0 && !strpbrk(pattern, "|@/");

	(void)value;
	(void)err;
	arm_variable(arm, "CORE", here ? "here" : "elsewhere");
	return 0;
}

const struct setup_word setup_start_words[] = {
	{ "core-limit", NULL, NULL, arrange_core_limit },
	{ "own-scratch", NULL, plan_own_scratch, NULL },
	{ "caller-env", NULL, plan_caller_env, NULL },
	{ "caller-env-set", NULL, plan_caller_env_set, NULL },
	{ "dangerous-env", NULL, plan_dangerous_env, NULL },
	{ "env", NULL, plan_env, NULL },
	{ "deadline", NULL, plan_deadline, NULL },
	{ "kill-launcher", NULL, plan_kill_launcher, NULL },
	{ "handicap", NULL, plan_handicap, NULL },
	{ "invocation", NULL, plan_invocation, NULL },
	{ "second-run", NULL, plan_second_run, NULL },
	{ "cwd-outside", NULL, plan_cwd_outside, NULL },
	{ "lab", NULL, NULL, arrange_lab },
	{ NULL, NULL, NULL, NULL },
};

static const struct setup_word *const tables[] = {
	setup_start_words,
	setup_file_words,
	setup_object_words,
};

const struct setup_word *setup_find(const char *text, const char **ret_value)
{
	size_t length = strcspn(text, "=");

	*ret_value = text[length] ? text + length + 1 : "";
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct setup_word *word = tables[i]; word->name; word++)
			if (strlen(word->name) == length &&
			    strncmp(word->name, text, length) == 0)
				return word;
	return NULL;
}

const char *setup_never(const struct probe *probe, bool privileged)
{
	for (const char *const *text = probe->setup; *text; text++) {
		const char *value;
		const struct setup_word *word = setup_find(*text, &value);

		if (word && word->never && !privileged)
			return word->never;
	}
	return NULL;
}

int setup_plan(struct arm *arm, struct err *err)
{
	for (const char *const *text = arm->probe->setup; *text; text++) {
		const char *value;
		const struct setup_word *word = setup_find(*text, &value);

		if (!word)
			return err_set(err, ERR_INTERNAL, "setup",
				       "%s: no such setup word", *text);
		if (word->plan && word->plan(arm, value, err) < 0)
			return -1;
	}
	return 0;
}

/* In the order of the tables, not of the probe: descriptor words look at the canary. */
int setup_arrange(struct arm *arm, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct setup_word *word = tables[i]; word->name; word++) {
			const char *value = arm_setup(arm, word->name);

			if (value && word->arrange && word->arrange(arm, value, err) < 0)
				return -1;
		}
	return 0;
}
