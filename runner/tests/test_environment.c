/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_environment - what a script inherits, what a caller may add, what never passes
 *
 * T-numbers are those of the upstream behaviours (T6 to T8, T55 to T63, T157, T166, T178, T179).
 */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/environment.h"
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A supervisor's own environment: some of the allowlist, and what must not leak. */
static const char *const supervisor[] = {
	"PATH=/usr/bin:/bin",
	"HOME=/home/runner",
	"SECRET_TOKEN=hunter2",
	"TZ=UTC",
	"LANG=C.UTF-8",
	"LD_PRELOAD=/supervisor.so",
	"TMPDIR=/var/tmp",
	"PATH=/second",
	"not-a-variable",
	"=odd",
	NULL,
};

static const char *const forbidden[] = {
	/* T56: upstream's list */
	"LD_PRELOAD",
	"LD_LIBRARY_PATH",
	"LD_AUDIT",
	"DYLD_INSERT_LIBRARIES",
	"DYLD_LIBRARY_PATH",
	"NODE_OPTIONS",
	"BUN_INSTALL",
	"PATH", /* T63 */
	"BUN_CONFIG_REGISTRY",
	"BUN_CONFIG_", /* T57 */
	/* the holes of that list */
	"LD_DEBUG",
	"LD_BIND_NOW",
	"LD_ORIGIN_PATH",
	"LD_",
	"DYLD_FALLBACK_LIBRARY_PATH",
	"GCONV_PATH",
	"GLIBC_TUNABLES",
	"LOCPATH",
	"NLSPATH",
	"TZDIR",
	"HOSTALIASES",
	"RES_OPTIONS",
	"MALLOC_TRACE",
	"MALLOC_CHECK_",
	"BASH_ENV",
	"ENV",
	"BASH_FUNC_ls%%",
	"SHELLOPTS",
	"BASHOPTS",
	"PS4",
	"IFS",
	"PROMPT_COMMAND",
	"CDPATH",
	"ZDOTDIR",
	"FPATH",
	"PYTHONPATH",
	"PYTHONSTARTUP",
	"PYTHONHOME",
	"PYTHONINSPECT",
	"PERL5OPT",
	"PERL5LIB",
	"PERLLIB",
	"RUBYOPT",
	"RUBYLIB",
	"NODE_PATH",
	"NODE_EXTRA_CA_CERTS",
	"BUN_OPTIONS",
	"JAVA_TOOL_OPTIONS",
	"_JAVA_OPTIONS",
	"LUA_INIT_5_4",
	"PHPRC",
	"AWKLIBPATH",
	"GIT_SSH_COMMAND",
	"GIT_SSH",
	"GIT_CONFIG_COUNT",
	"GIT_EXEC_PATH",
	"LESSOPEN",
	"OPENSSL_CONF",
	"OPENSSL_MODULES",
	"SSH_ASKPASS",
	/* case is no way around */
	"ld_preload",
	"Ld_Preload",
	"path",
	"bash_env",
	"Python_Path",
	"bash_func_x%%",
};

static const char *const allowed[] = {
	"PAYLOAD_ID",
	"API_TOKEN", /* T58 */
	"HOME",
	"USER",
	"LANG",
	"LC_ALL",
	"TZ",
	"TMPDIR",
	"SHELL",
	/* near misses of the rows above */
	"L",
	"LD",
	"LDX_PRELOAD",
	"XLD_PRELOAD",
	"PATHS",
	"MY_PATH",
	"ENVIRONMENT",
	"BASH",
	"IFSX",
	"NODE",
	"BUN",
	"GIT_AUTHOR_NAME",
	"GITHUB_TOKEN",
	"",
};

START_TEST(name_is_forbidden)
{
	ck_assert_msg(environment_is_forbidden(forbidden[_i]), "%s passes",
		      forbidden[_i]);
}
END_TEST

START_TEST(name_is_allowed)
{
	ck_assert_msg(!environment_is_forbidden(allowed[_i]), "%s is held back",
		      allowed[_i]);
}
END_TEST

/* Variables and dropped names, one a line, in order. */
static void join(const struct environment *environment, struct str *ret)
{
	for (size_t i = 0; i < environment->count; i++)
		str_addf(ret, "%s\n", environment->vars[i]);
	for (size_t i = 0; i < environment->dropped_count; i++)
		str_addf(ret, "dropped %s\n", environment->dropped[i]);
	ck_assert_ptr_null(environment->vars[environment->count]);
}

#define INHERITED                                                                        \
	"PATH=/usr/bin:/bin\nHOME=/home/runner\nLANG=C.UTF-8\nTZ=UTC\nTMPDIR=/var/tmp\n"

static const struct {
	bool guard;
	const char *overrides[4];
	const char *home, *tmpdir;
	const char *text; /* as join() says it */
} builds[] = {
	/* T8, T55: the allowlist alone; of a name given twice the first counts, as for getenv(3) */
	{ true, { NULL }, NULL, NULL, INHERITED },
	/* T6, T59, T166 */
	{ true,
	  { "LD_PRELOAD=/evil.so", "NODE_OPTIONS=--require=/evil.js", "API_TOKEN=t" },
	  NULL,
	  NULL,
	  INHERITED "API_TOKEN=t\ndropped LD_PRELOAD\ndropped NODE_OPTIONS\n" },
	/* T60 */
	{ true, { "PATH=/evil" }, NULL, NULL, INHERITED "dropped PATH\n" },
	/* T7, T61, T157: no denylist; the caller's other variables stay out all the same */
	{ false,
	  { "LD_PRELOAD=/mine.so", "NODE_OPTIONS=--x" },
	  NULL,
	  NULL,
	  INHERITED "LD_PRELOAD=/mine.so\nNODE_OPTIONS=--x\n" },
	{ false,
	  { "PATH=/mine" },
	  NULL,
	  NULL,
	  "PATH=/mine\nHOME=/home/runner\nLANG=C.UTF-8\nTZ=UTC\nTMPDIR=/var/tmp\n" },
	/* T62 */
	{ true,
	  { "TZ=Europe/Berlin", "NEW=1" },
	  NULL,
	  NULL,
	  "PATH=/usr/bin:/bin\nHOME=/home/runner\nLANG=C.UTF-8\nTZ=Europe/Berlin\n"
	  "TMPDIR=/var/tmp\nNEW=1\n" },
	/* T178: confined, both point inside; T179 is every row without them */
	{ true,
	  { NULL },
	  "/scratch",
	  "/tmp",
	  "PATH=/usr/bin:/bin\nHOME=/scratch\nLANG=C.UTF-8\nTZ=UTC\nTMPDIR=/tmp\n" },
	/* what the caller says explicitly wins */
	{ true,
	  { "HOME=/scratch/h", "TMPDIR=/scratch/t" },
	  "/scratch",
	  "/tmp",
	  "PATH=/usr/bin:/bin\nHOME=/scratch/h\nLANG=C.UTF-8\nTZ=UTC\nTMPDIR=/scratch/"
	  "t\n" },
	/* the last of a name wins, and a value may hold anything, '=' and nothing included */
	{ true,
	  { "A=1", "B==", "A=", "C=\n\xff" },
	  NULL,
	  NULL,
	  INHERITED "A=\nB==\nC=\n\xff\n" },
	/* a dropped name is told once */
	{ true,
	  { "LD_PRELOAD=a", "LD_PRELOAD=b", "ld_preload=c", "BASH_FUNC_id%%=() { :; }" },
	  NULL,
	  NULL,
	  INHERITED "dropped LD_PRELOAD\ndropped ld_preload\ndropped BASH_FUNC_id%%\n" },
};

static int build(bool guard, const char *const *inherited, const char *const *overrides,
		 size_t count, struct arena *arena, struct environment *ret)
{
	struct err err = { 0 };
	int result = environment_build(guard, (char *const *)(uintptr_t)inherited,
				       overrides, count, NULL, NULL, arena, ret, &err);

	if (result < 0)
		ck_assert_int_eq(err.code, ERR_POLICY);
	return result;
}

START_TEST(builds_rows)
{
	owned_str struct str text = { 0 };
	struct environment built = { 0 };
	struct arena arena = { 0 };
	struct err err = { 0 };
	size_t count = 0;

	while (count < ARRAY_SIZE(builds[_i].overrides) && builds[_i].overrides[count])
		count++;
	ck_assert_int_eq(environment_build(builds[_i].guard,
					   (char *const *)(uintptr_t)supervisor,
					   builds[_i].overrides, count, builds[_i].home,
					   builds[_i].tmpdir, &arena, &built, &err),
			 0);
	join(&built, &text);
	ck_assert_str_eq(text.text, builds[_i].text);
	arena_done(&arena);
}
END_TEST

/* T55: PATH is present even where the supervisor has none, as under systemd or cron. */
START_TEST(path_is_always_there)
{
	static const char *const nothing[] = { NULL };
	struct environment built = { 0 };
	struct arena arena = { 0 };

	ck_assert_int_eq(build(true, nothing, NULL, 0, &arena, &built), 0);
	ck_assert_uint_eq(built.count, 1);
	ck_assert(str_has_prefix(built.vars[0], "PATH=/usr/local/sbin:"));
	arena_done(&arena);
}
END_TEST

static const char *const malformed[] = {
	"",       "=",      "=value",    "NAME",       "A B=1",
	"A\tB=1", "A\nB=1", "\x1b[2J=1", "\xc3\xa9=1", "A\x7f=1",
};

START_TEST(malformed_is_refused)
{
	struct environment built = { .count = 77 };
	struct arena arena = { 0 };

	ck_assert_int_eq(build(true, supervisor, &malformed[_i], 1, &arena, &built), -1);
	ck_assert_uint_eq(built.count, 77);
	ck_assert_int_eq(build(false, supervisor, &malformed[_i], 1, &arena, &built), -1);
	arena_done(&arena);
}
END_TEST

START_TEST(a_value_is_never_repeated)
{
	static const char *const secret[] = { "MY TOKEN=hunter2" };
	struct environment built = { 0 };
	struct arena arena = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(environment_build(true, (char *const *)(uintptr_t)supervisor,
					   secret, 1, NULL, NULL, &arena, &built, &err),
			 -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "MY TOKEN"));
	ck_assert_ptr_null(strstr(err.msg, "hunter2"));
	arena_done(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("environment");
	TCase *tcase = tcase_create("environment");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, name_is_forbidden, 0, (int)ARRAY_SIZE(forbidden));
	tcase_add_loop_test(tcase, name_is_allowed, 0, (int)ARRAY_SIZE(allowed));
	tcase_add_loop_test(tcase, builds_rows, 0, (int)ARRAY_SIZE(builds));
	tcase_add_test(tcase, path_is_always_there);
	tcase_add_loop_test(tcase, malformed_is_refused, 0, (int)ARRAY_SIZE(malformed));
	tcase_add_test(tcase, a_value_is_never_repeated);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
