/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value - a script as a function: JSON goes in, one JSON value comes out, whatever is printed
 *
 *	cc value.c $(pkg-config --cflags --libs confine) -o value
 *	./value [--program /path/to/confine] python3|sh|node '{"n": 2}' 'text of the script'
 */
#include <confine.h>
#include <stdio.h>
#include <string.h>

static int tell(const struct confine_error *error)
{
	fprintf(stderr, "value: %s%s%s\n", error->layer, error->layer[0] ? ": " : "",
		error->message);
	return 1;
}

/* words: runtime, context, text */
static int want(struct confine_run *run, char **words, struct confine_error *error)
{
	if (confine_run_set_runtime(run, words[0], error) < 0 ||
	    confine_run_set_context(run, words[1], strlen(words[1]), error) < 0 ||
	    confine_run_set_text(run, words[2], NULL, error) < 0 ||
	    confine_run_set_result(run, true, error) < 0)
		return -1;
	return confine_run_set_timeout(run, 10000, error);
}

static int report(const struct confine_run *run)
{
	const char *value = confine_run_result(run, NULL);

	if (value) {
		printf("%s\n", value);
		return 0;
	}
	if (confine_run_outcome(run) == CONFINE_NO_RESULT)
		fprintf(stderr, "value: the script's result: %s\n",
			confine_run_result_state(run));
	else
		fprintf(stderr, "value: status %d: %s\n", confine_run_status(run),
			confine_run_output(run, CONFINE_STDERR, NULL));
	return 1;
}

int main(int argc, char **argv)
{
	bool named = argc > 2 && !strcmp(argv[1], "--program");
	char **words = argv + (named ? 3 : 1);
	struct confine *confine = NULL;
	struct confine_run *run = NULL;
	struct confine_error error;
	int result;

	if (argc - (named ? 3 : 1) != 3) {
		fprintf(stderr, "usage: value [--program FILE] RUNTIME CONTEXT TEXT\n");
		return 2;
	}
	if (confine_new(&confine, &error) < 0 ||
	    (named && confine_set_program(confine, argv[2], &error) < 0) ||
	    confine_run_new(confine, &run, &error) < 0 || want(run, words, &error) < 0 ||
	    confine_run(run, &error) < 0)
		result = tell(&error);
	else
		result = report(run);
	confine_run_free(run);
	confine_free(confine);
	return result;
}
