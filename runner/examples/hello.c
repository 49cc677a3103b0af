/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello - the shortest use of libconfine: a policy, a run, what it said, which layers were in force
 *
 *	cc hello.c $(pkg-config --cflags --libs confine) -o hello
 *	./hello [--program /path/to/confine] ['shell text']
 */
#include <confine.h>
#include <stdio.h>
#include <string.h>

static int tell(const struct confine_error *error)
{
	fprintf(stderr, "hello: %s%s%s\n", error->layer, error->layer[0] ? ": " : "",
		error->message);
	return 1;
}

static void report(const struct confine_run *run)
{
	static const char *const layers[] = { "filesystem", "network", "privilege",
					      "syscalls" };
	const char *limit = confine_run_limit(run);

	printf("it said: %s", confine_run_output(run, CONFINE_STDOUT, NULL));
	printf("status %d%s%s\n", confine_run_status(run), limit ? ", limit " : "",
	       limit ? limit : "");
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		printf("%s: %s\n", layers[i],
		       confine_run_is_enforced(run, layers[i]) ? "enforced"
							       : "not enforced");
}

static int run_text(struct confine *confine, const char *text,
		    struct confine_error *error)
{
	struct confine_policy *policy = NULL;
	struct confine_run *run = NULL;
	int result = -1;

	if (confine_policy_new("default", &policy, error) == 0 &&
	    confine_policy_set(policy, "/resources/cpuSeconds", "5", error) == 0 &&
	    confine_run_new(confine, &run, error) == 0 &&
	    confine_run_set_policy(run, policy, error) == 0 &&
	    confine_run_set_text(run, text, NULL, error) == 0 &&
	    confine_run_set_timeout(run, 10000, error) == 0)
		result = confine_run(run, error);
	if (result == 0)
		report(run);
	confine_run_free(run);
	confine_policy_free(policy);
	return result;
}

int main(int argc, char **argv)
{
	struct confine *confine = NULL;
	struct confine_error error;
	int at = 1, result;

	if (confine_new(&confine, &error) < 0)
		return tell(&error);
	if (argc > 2 && !strcmp(argv[1], "--program")) {
		if (confine_set_program(confine, argv[2], &error) < 0)
			return tell(&error);
		at = 3;
	}
	result = run_text(confine, at < argc ? argv[at] : "echo hello from uid $(id -u)",
			  &error);
	confine_free(confine);
	return result < 0 ? tell(&error) : 0;
}
