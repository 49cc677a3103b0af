/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment - see environment.h. Two tables: what is inherited, and which names are never given.
 * A script may set what it likes for its own children; the guard is about what runs before and
 * around it: the loader, libc, the shell, the interpreter.
 */
#include "runner/environment.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>
#include <strings.h>

/* Copied from the caller where set (as upstream). PATH is always there. */
static const char *const inherited_names[] = {
	"PATH",     "HOME", "USER",   "LANG",     "LC_ALL",
	"LC_CTYPE", "TZ",   "TMPDIR", "HOSTNAME", "SHELL",
};
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Without regard to case: some readers fold it, and no honest name differs by case alone. */
const struct environment_rule environment_forbidden[] = {
	/* search path of every later command */
	{ "PATH", MATCH_NAME },
	/* dynamic loaders: ld.so(8), dyld(1) */
	{ "LD_", MATCH_PREFIX },
	{ "DYLD_", MATCH_PREFIX },
	/* libc: shared objects, files and addresses read before main; most are dropped by glibc
	 * itself for setuid programs */
	{ "GCONV_PATH", MATCH_NAME },
	{ "GETCONF_DIR", MATCH_NAME },
	{ "GLIBC_TUNABLES", MATCH_NAME }, /* CVE-2023-4911 */
	{ "HOSTALIASES", MATCH_NAME },
	{ "LOCALDOMAIN", MATCH_NAME },
	{ "LOCPATH", MATCH_NAME },
	{ "MALLOC_", MATCH_PREFIX },
	{ "NLSPATH", MATCH_NAME },
	{ "RESOLV_HOST_CONF", MATCH_NAME },
	{ "RES_OPTIONS", MATCH_NAME },
	{ "TZDIR", MATCH_NAME },
	/* shells: files and code run before the script, or in place of its words */
	{ "BASHOPTS", MATCH_NAME },
	{ "BASH_ENV", MATCH_NAME },
	{ "BASH_FUNC_", MATCH_PREFIX }, /* CVE-2014-6271 and after */
	{ "BASH_LOADABLES_PATH", MATCH_NAME },
	{ "BASH_XTRACEFD", MATCH_NAME },
	{ "CDPATH", MATCH_NAME },
	{ "ENV", MATCH_NAME },
	{ "FPATH", MATCH_NAME },
	{ "GLOBIGNORE", MATCH_NAME },
	{ "IFS", MATCH_NAME },
	{ "PROMPT_COMMAND", MATCH_NAME },
	{ "PS4", MATCH_NAME },
	{ "SHELLOPTS", MATCH_NAME },
	{ "ZDOTDIR", MATCH_NAME },
	/* interpreters: modules, options and start-up files */
	{ "AWKLIBPATH", MATCH_NAME },
	{ "AWKPATH", MATCH_NAME },
	{ "BUN_", MATCH_PREFIX },
	{ "CLASSPATH", MATCH_NAME },
	{ "JAVA_TOOL_OPTIONS", MATCH_NAME },
	{ "JDK_JAVA_OPTIONS", MATCH_NAME },
	{ "LUA_CPATH", MATCH_PREFIX },
	{ "LUA_INIT", MATCH_PREFIX },
	{ "LUA_PATH", MATCH_PREFIX },
	{ "NODE_", MATCH_PREFIX },
	{ "PERL5", MATCH_PREFIX },
	{ "PERLIO", MATCH_PREFIX },
	{ "PERLLIB", MATCH_NAME },
	{ "PHPRC", MATCH_NAME },
	{ "PHP_INI_SCAN_DIR", MATCH_NAME },
	{ "PYTHON", MATCH_PREFIX },
	{ "RUBYLIB", MATCH_NAME },
	{ "RUBYOPT", MATCH_NAME },
	{ "TCLLIBPATH", MATCH_NAME },
	{ "_JAVA_OPTIONS", MATCH_NAME },
	/* libraries and common tools that load or run what a variable names */
	{ "GIT_ASKPASS", MATCH_NAME },
	{ "GIT_CONFIG", MATCH_PREFIX },
	{ "GIT_EDITOR", MATCH_NAME },
	{ "GIT_EXEC_PATH", MATCH_NAME },
	{ "GIT_EXTERNAL_DIFF", MATCH_NAME },
	{ "GIT_PAGER", MATCH_NAME },
	{ "GIT_PROXY_COMMAND", MATCH_NAME },
	{ "GIT_SEQUENCE_EDITOR", MATCH_NAME },
	{ "GIT_SSH", MATCH_PREFIX },
	{ "GIT_TEMPLATE_DIR", MATCH_NAME },
	{ "LESSCLOSE", MATCH_NAME },
	{ "LESSOPEN", MATCH_NAME },
	{ "OPENSSL_CONF", MATCH_PREFIX },
	{ "OPENSSL_ENGINES", MATCH_NAME },
	{ "OPENSSL_MODULES", MATCH_NAME },
	{ "SSH_ASKPASS", MATCH_PREFIX },
};
const size_t environment_forbidden_count = ARRAY_SIZE(environment_forbidden);

bool environment_is_forbidden(const char *name)
{
	for (size_t i = 0; i < environment_forbidden_count; i++) {
		const struct environment_rule *rule = &environment_forbidden[i];
		size_t length = strlen(rule->name);

		if (strncasecmp(name, rule->name, length) == 0 &&
		    (rule->match == MATCH_PREFIX || name[length] == '\0'))
			return true;
	}
	return false;
}

/* Sets NAME=VALUE in the place of an earlier one of that name, else behind the last. */
static void put(struct environment *environment, const char *name, const char *value,
		struct arena *arena)
{
	size_t length = strlen(name), at = 0;

	while (at < environment->count &&
	       (strncmp(environment->vars[at], name, length) != 0 ||
		environment->vars[at][length] != '='))
		at++;
	environment->vars[at] = arena_printf(arena, "%s=%s", name, value);
	if (at == environment->count)
		environment->count++;
}

static void drop(struct environment *environment, const char *name)
{
	for (size_t i = 0; i < environment->dropped_count; i++)
		if (strcmp(environment->dropped[i], name) == 0)
			return;
	environment->dropped[environment->dropped_count++] = name;
}

/* The value of a name; the first counts, as for getenv(3). */
static const char *value_of(char *const *variables, const char *name)
{
	size_t length = strlen(name);

	for (; *variables; variables++)
		if (strncmp(*variables, name, length) == 0 && (*variables)[length] == '=')
			return *variables + length + 1;
	return NULL;
}

/* The name of NAME=VALUE, in the arena; NULL when it is none: printable ASCII without a space. */
static const char *name_of(const char *override, struct arena *arena)
{
	const char *equals = strchr(override, '=');

	if (!equals || equals == override)
		return NULL;
	for (const char *at = override; at < equals; at++)
		if (*at <= ' ' || *at > '~')
			return NULL;
	return arena_strndup(arena, override, (size_t)(equals - override));
}

static int refuse(const char *override, struct err *err)
{
	owned_str struct str shown = { 0 };

	/* The value may be a secret: the name alone is repeated. */
	str_add_visible(&shown, override, strcspn(override, "="), 60);
	return err_policy(err, "environment",
			  "--env \"%s\": write NAME=VALUE, the name in printable ASCII",
			  str_text(&shown));
}

static void put_inherited(struct environment *environment, char *const *inherited,
			  const char *home, const char *tmpdir, struct arena *arena)
{
	for (size_t i = 0; i < ARRAY_SIZE(inherited_names); i++) {
		const char *value = value_of(inherited, inherited_names[i]);

		if (value)
			put(environment, inherited_names[i], value, arena);
		else if (i == 0)
			put(environment, inherited_names[i], DEFAULT_PATH, arena);
	}
	if (home)
		put(environment, "HOME", home, arena);
	if (tmpdir)
		put(environment, "TMPDIR", tmpdir, arena);
}

int environment_build(bool guard, char *const *inherited, const char *const *overrides,
		      size_t override_count, const char *home, const char *tmpdir,
		      struct arena *arena, struct environment *ret, struct err *err)
{
	struct environment built = { 0 };

	/* HOME and TMPDIR are among the inherited names; one more for the NULL at the end. */
	built.vars = arena_array(arena, ARRAY_SIZE(inherited_names) + override_count + 1,
				 sizeof(*built.vars));
	built.dropped = arena_array(arena, override_count + 1, sizeof(*built.dropped));
	put_inherited(&built, inherited, home, tmpdir, arena);
	for (size_t i = 0; i < override_count; i++) {
		const char *name = name_of(overrides[i], arena);

		if (!name)
			return refuse(overrides[i], err);
		if (guard && environment_is_forbidden(name))
			drop(&built, name);
		else
			put(&built, name, strchr(overrides[i], '=') + 1, arena);
	}
	*ret = built;
	return 0;
}
