/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine-filter - compiles the system call filters
 *
 * At build time it writes those of the profiles as C. At run time the runner starts it when a policy
 * changes single calls, and reads the finished program, as the kernel takes it, from its standard
 * output. It reads nothing but its arguments.
 */
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/filter/emit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

struct options {
	enum filter_profile profile;
	bool emit, list, help;
	const char **allowed, **refused; /* NULL-terminated */
	size_t without;                  /* as in struct overrides */
};

#ifdef CONFINE_SABOTAGE
static bool is_condition(const char *value, size_t *ret)
{
	if (value[0] == '#')
		*ret = strtoul(value + 1, NULL, 10) + 1;
	return value[0] == '#';
}
#else
static bool is_condition(const char *value, size_t *ret)
{
	(void)value;
	(void)ret;
	return false;
}
#endif

static void print_help(FILE *to)
{
	fputs("usage: confine-filter --emit-c | --list |\n"
	      "       confine-filter --profile default|strict [--allow CALL]… [--refuse "
	      "CALL]…\n"
	      "\n"
	      "  --emit-c   the filters of all profiles as C source\n"
	      "  --list     every call: group, answer under default, strict, no-network, "
	      "requirement\n"
	      "  --profile  one filter, as the kernel takes it, to standard output\n",
	      to);
}

static int find_profile(const char *name, enum filter_profile *ret, struct err *err)
{
	for (unsigned int i = 0; i < FILTER_COUNT; i++)
		if (strcmp(filter_profile_names[i], name) == 0) {
			*ret = i;
			return 0;
		}
	return err_policy(err, "syscalls", "no profile is called %s", name);
}

static bool is_known(const struct abi *abis, size_t abi_count, const char *call)
{
	for (size_t i = 0; i < abi_count; i++)
		for (size_t nr = 0; nr < NUMBER_LIMIT; nr++)
			if (abis[i].names[nr] && strcmp(abis[i].names[nr], call) == 0)
				return true;
	return false;
}

static int parse(int argc, char **argv, struct arena *arena, struct options *options,
		 struct err *err)
{
	size_t allowed = 0, refused = 0;

	options->allowed = arena_array(arena, (size_t)argc + 1, sizeof(char *));
	options->refused = arena_array(arena, (size_t)argc + 1, sizeof(char *));
	for (int i = 1; i < argc; i++) {
		const char *value = argv[i + 1]; /* argv ends with NULL */

		options->emit |= strcmp(argv[i], "--emit-c") == 0;
		options->list |= strcmp(argv[i], "--list") == 0;
		options->help |= strcmp(argv[i], "--help") == 0;
		if (options->emit || options->list || options->help)
			continue;
		if (!value)
			return err_policy(err, "syscalls",
					  "%s: unknown, or it needs a value", argv[i]);
		if (strcmp(argv[i], "--allow") == 0 &&
		    is_condition(value, &options->without))
			;
		else if (strcmp(argv[i], "--allow") == 0)
			options->allowed[allowed++] = value;
		else if (strcmp(argv[i], "--refuse") == 0)
			options->refused[refused++] = value;
		else if (strcmp(argv[i], "--profile") != 0)
			return err_policy(err, "syscalls", "%s: unknown option", argv[i]);
		else if (find_profile(value, &options->profile, err) < 0)
			return -1;
		i++;
	}
	return 0;
}

static int check_names(const struct options *options, const struct abi *abis,
		       size_t abi_count, struct err *err)
{
	const char *const *lists[] = { options->allowed, options->refused };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const char *const *at = lists[i]; *at; at++)
			if (!is_known(abis, abi_count, *at))
				return err_policy(err, "syscalls",
						  "no system call is called %s", *at);
	return 0;
}

static int write_one(const struct options *options, const struct abi *abis,
		     size_t abi_count, struct arena *arena, struct err *err)
{
	const struct overrides overrides = { options->allowed, options->refused,
					     options->without };
	struct program *program = arena_alloc(arena, sizeof(*program));

	if (check_names(options, abis, abi_count, err) < 0 ||
	    compile(options->profile, &overrides, abis, abi_count, program, err) < 0)
		return -1;
	if (fd_write_all(STDOUT_FILENO, program->code,
			 program->count * sizeof(*program->code)) < 0)
		return err_sys(err, "syscalls", "cannot write the filter");
	return 0;
}

static int run(const struct options *options, struct arena *arena, struct err *err)
{
	struct abi *abis = arena_array(arena, ABI_MAX, sizeof(*abis));
	size_t count;

	if (options->help) {
		print_help(stdout);
		return 0;
	}
	count = numbers_read(arena, abis);
	if (!count)
		return err_set(err, ERR_UNSUPPORTED, "syscalls",
			       "libseccomp's tables do not fit this machine");
	if (options->emit)
		return emit_source(abis, count, arena, stdout, err);
	if (!options->list)
		return write_one(options, abis, count, arena, err);
	emit_list(abis, count, arena, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct options options = { 0 };
	struct err err = { 0 };
	int result;

	if (fd_guard_stdio() < 0)
		return 70;
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	result = parse(argc, argv, &arena, &options, &err);
	if (result == 0)
		result = run(&options, &arena, &err);
	if (fflush(stdout) != 0 && result == 0)
		result = err_sys(&err, "syscalls", "cannot write");
	if (result < 0)
		fprintf(stderr, "confine-filter: %s\n", err.msg);
	arena_done(&arena);
	if (result == 0)
		return 0;
	return err.code == ERR_POLICY ? EXIT_USAGE : 1;
}
