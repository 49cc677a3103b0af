/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front - `confine SUBCOMMAND`: run and host are in this image, every other one is the program
 * confine-SUBCOMMAND beside it
 */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/relro.h"
#include "runner/base/str.h"
#include "runner/programs.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define STACK_LEAST     (64U << 10)
#define EXIT_RUN_FAILED 125 /* as `confine run` says of itself */

static const struct subcommand {
	const char *name, *help;
	int (*main)(int argc, char **argv); /* NULL = a program of its own */
} subcommands[] = {
	{ "run", "run a script under confinement", run_main },
	{ "host", "what this host can enforce, why not, and what to do", host_main },
	{ "policy", "show, check, merge, set or explain a policy", policy_main },
	{ "check", "run the conformance suite against a sandbox", NULL },
	{ "report", "turn results into text and JUnit XML", NULL },
	{ "lab", "a private network to test egress in", NULL },
};

static void print_help(FILE *to)
{
	fputs("usage: confine SUBCOMMAND [OPTION]…\n\n", to);
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++)
		fprintf(to, "  %-8s %s\n", subcommands[i].name, subcommands[i].help);
	fputs("\nconfine SUBCOMMAND --help tells more; confine --version\n", to);
}

/* Directory of this program, without the last slash. */
static int own_directory(char *buffer, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", buffer, size - 1);
	char *slash;

	if (length <= 0)
		return -1;
	buffer[length] = '\0';
	slash = strrchr(buffer, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	return 0;
}

/* Tries every place where the program may be; returns only when it is in none. */
static void exec_program(const char *name, char **argv)
{
	const char *set = getenv("CONFINE_LIBEXEC");
	char directory[PATH_MAX];
	owned_str struct str path = { 0 };
	static const char *const places[] = { "/../libexec/confine", "" };

	if (set) {
		str_addf(&path, "%s/confine-%s", set, name);
		(void)execv(str_text(&path), argv);
	}
	if (own_directory(directory, sizeof(directory)) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		str_clear(&path);
		str_addf(&path, "%s%s/confine-%s", directory, places[i], name);
		(void)execv(str_text(&path), argv);
	}
}

static int start(const struct subcommand *subcommand, int argc, char **argv)
{
	owned_str struct str title = { 0 };

	if (subcommand->main)
		return subcommand->main(argc, argv);
	str_addf(&title, "confine-%s", subcommand->name);
	argv[0] = title.text;
	exec_program(subcommand->name, argv);
	fprintf(stderr,
		"confine: the program confine-%s is not installed beside this one: %s\n",
		subcommand->name, strerror(errno));
	return 2;
}

static int unknown(const char *name)
{
	const char *names[ARRAY_SIZE(subcommands) + 1] = { 0 };
	const char *near;

	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++)
		names[i] = subcommands[i].name;
	near = str_nearest(name, names);
	fprintf(stderr, "confine: unknown subcommand %s%s%s%s; confine help lists them\n",
		name, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	return 2;
}

/* Less than what our own frames need would be a fault without a word; every frame before this one is
 * small. */
static bool has_stack(void)
{
	struct rlimit stack;

	return getrlimit(RLIMIT_STACK, &stack) < 0 || stack.rlim_cur >= STACK_LEAST;
}

int main(int argc, char **argv)
{
	int failed = argc > 1 && str_equal(argv[1], "run") ? EXIT_RUN_FAILED : 70;

	relro_apply();
	if (!has_stack()) {
		fputs("confine: the limit on the stack is too small\n", stderr);
		return failed;
	}
	if (fd_guard_stdio() < 0) {
		fprintf(stderr, "confine: cannot open /dev/null: %s\n", strerror(errno));
		return failed;
	}
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (str_equal(argv[1], "--version")) {
		puts("confine " CONFINE_VERSION);
		return 0;
	}
	if (str_equal(argv[1], "help") || str_equal(argv[1], "--help")) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++)
		if (str_equal(argv[1], subcommands[i].name))
			return start(&subcommands[i], argc - 1, argv + 1);
	return unknown(argv[1]);
}
