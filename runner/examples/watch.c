/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch - several runs in one loop that never blocks: output as it comes, and a deadline for all
 *
 *	cc watch.c $(pkg-config --cflags --libs confine) -o watch
 *	./watch [--program /path/to/confine] 'shell text'...
 */
#include <confine.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define RUNS_MAX 16

struct job {
	struct confine_run *run;
	int number;
};

static int tell(const struct confine_error *error)
{
	fprintf(stderr, "watch: %s\n", error->message);
	return 1;
}

static int show(void *data, enum confine_stream stream, const char *bytes, size_t count)
{
	const struct job *job = data;

	printf("%d %s %.*s", job->number, stream == CONFINE_STDOUT ? "out" : "err",
	       (int)count, bytes);
	return 0;
}

static int start(const struct confine *confine, const char *text, struct job *job,
		 struct confine_error *error)
{
	if (confine_run_new(confine, &job->run, error) < 0 ||
	    confine_run_set_text(job->run, text, NULL, error) < 0 ||
	    confine_run_set_timeout(job->run, 5000, error) < 0 ||
	    confine_run_set_output_function(job->run, show, job, error) < 0)
		return -1;
	return confine_run_start(job->run, error);
}

/* Until the last of them is over. */
static void watch(struct job *jobs, unsigned int count)
{
	struct pollfd watched[RUNS_MAX];
	unsigned int open = count;

	for (unsigned int i = 0; i < count; i++)
		watched[i] = (struct pollfd){ confine_run_fd(jobs[i].run), POLLIN, 0 };
	while (open && poll(watched, count, -1) >= 0)
		for (unsigned int i = 0; i < count; i++) {
			struct confine_error error;

			if (!watched[i].revents || !confine_run_step(jobs[i].run, &error))
				continue;
			printf("%d ended with status %d\n", jobs[i].number,
			       confine_run_status(jobs[i].run));
			watched[i] = (struct pollfd){ -1, 0, 0 };
			open--;
		}
}

int main(int argc, char **argv)
{
	struct job jobs[RUNS_MAX] = { { NULL, 0 } };
	struct confine *confine = NULL;
	struct confine_error error;
	unsigned int count = 0;
	int at = 1, result = 0;

	if (confine_new(&confine, &error) < 0)
		return tell(&error);
	if (argc > 2 && !strcmp(argv[1], "--program")) {
		result = confine_set_program(confine, argv[2], &error);
		at = 3;
	}
	for (; result == 0 && at < argc && count < RUNS_MAX; at++) {
		jobs[count].number = (int)count + 1;
		result = start(confine, argv[at], &jobs[count], &error);
		count++;
	}
	if (result == 0)
		watch(jobs, count);
	for (unsigned int i = 0; i < count; i++)
		confine_run_free(jobs[i].run);
	confine_free(confine);
	return result < 0 ? tell(&error) : 0;
}
