/* SPDX-License-Identifier: Apache-2.0 */
/* host - questions that only trying answers: asked of the program, which ends with its answer */
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/library/context.h"
#include "runner/library/guard.h"
#include "runner/library/policy.h"
#include "runner/library/run.h"
#include <assert.h>

struct question {
	char *const *argv;
	const char *policy; /* text of /proc/self/fd/RUN_POLICY, or NULL */
	int answer, words, given;
};

static int ask(const struct confine *confine, struct question *question,
	       struct confine_error *error)
{
	char *const nothing[] = { NULL };
	struct launch launch = { .program = confine->program,
				 .argv = question->argv,
				 .environment = nothing };
	int pidfd, status;

	question->answer = launch_file("confine-answer", error);
	question->words = launch_file("confine-words", error);
	if (question->answer < 0 || question->words < 0)
		return -1;
	if (question->policy) {
		question->given = launch_file_of("confine-policy", question->policy,
						 strlen(question->policy), error);
		if (question->given < 0)
			return -1;
	}
	for (unsigned int i = 0; i < LAUNCH_FDS; i++)
		launch.fds[i] = -1;
	launch.fds[1] = question->answer;
	launch.fds[2] = question->words;
	launch.fds[RUN_POLICY] = question->given;
	if (launch_start(&launch, &pidfd, error) < 0)
		return -1;
	(void)launch_has_ended(pidfd, true, &status);
	own_close_fd(&pidfd);
	return 0;
}

static void question_done(struct question *question)
{
	own_close_fd(&question->answer);
	own_close_fd(&question->words);
	own_close_fd(&question->given);
}

/* It has told a person why; so do we. */
static int blame(const struct question *question, struct confine_error *error)
{
	char *text;
	size_t length;

	if (run_read(question->words, &text, &length, error) < 0)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	(void)guard_fault(error, CONFINE_ERROR_SYSTEM, "library", "%s",
			  *text ? text : "the program gave no answer");
	confine_release(text);
	return -1;
}

/* Its answer, whole: where there is none it has failed. */
static int hear(const struct confine *confine, struct question *question, char **ret,
		struct confine_error *error)
{
	char *text;
	size_t length;

	question->answer = question->words = question->given = -1;
	if (ask(confine, question, error) < 0 ||
	    run_read(question->answer, &text, &length, error) < 0)
		return -1;
	if (!length) {
		confine_release(text);
		return blame(question, error);
	}
	*ret = text;
	return 0;
}

struct readiness {
	const char *text;
	bool ready;
};

static int read_ready(void *argument, struct err *err)
{
	struct readiness *readiness = argument;
	owned_json struct json *tree = NULL;

	if (json_parse("the program's answer", readiness->text, strlen(readiness->text),
		       &json_large, &tree, err) < 0)
		return -1;
	readiness->ready = json_is_true(json_member(tree, "ready"));
	return 0;
}

int confine_host(const struct confine *confine, const struct confine_policy *policy,
		 bool *ready, char **ret, struct confine_error *error)
{
	char given[] = "/proc/self/fd/4", option[] = "--policy";
	char profile[] = "--profile", permissive[] = "permissive";
	char name[] = "confine", verb[] = "host", json[] = "--json";
	char *const argv[] = { name,       verb,   json,  policy ? profile : NULL,
			       permissive, option, given, NULL };
	struct question question = { .argv = argv,
				     .policy = policy ? policy->json : NULL };
	struct readiness readiness = { NULL, false };
	char *text;
	int result;

	static_assert(RUN_POLICY == 4, "as the path says");
	if (!confine)
		return guard_usage(error, "confine_new() comes first");
	result = hear(confine, &question, &text, error);
	question_done(&question);
	if (result < 0)
		return -1;
	readiness.text = text;
	if (guard_run(read_ready, &readiness, error) < 0) {
		confine_release(text);
		return -1;
	}
	if (ready)
		*ready = readiness.ready;
	*ret = text;
	return 0;
}

int confine_policy_new_host(const struct confine *confine, struct confine_policy **ret,
			    struct confine_error *error)
{
	char *const argv[] = { (char[]){ "confine" }, (char[]){ "policy" },
			       (char[]){ "show" }, NULL };
	struct question question = { .argv = argv };
	struct confine_policy *made = NULL;
	char *text;
	int result;

	if (!confine)
		return guard_usage(error, "confine_new() comes first");
	result = hear(confine, &question, &text, error);
	question_done(&question);
	if (result < 0)
		return -1;
	result = confine_policy_new("permissive", &made, error);
	if (result == 0)
		result = confine_policy_merge(made, "the host's policy", text,
					      strlen(text), error);
	confine_release(text);
	if (result < 0) {
		confine_policy_free(made);
		return -1;
	}
	*ret = made;
	return 0;
}
