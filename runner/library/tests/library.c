/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library - the whole life of libconfine's handles against the real program: what they do, what they
 * refuse, what happens when memory ends at any allocation, and what they leave of the caller
 *
 *	library PROGRAM [LONELY [ODD]]	LONELY: the image without its companions beside it; ODD: a
 *					program whose answer is none
 *	library --lasting PROGRAM SCRIPT	starts one run and never ends: to be killed
 *	library --soak PROGRAM COUNT [AT_ONCE]
 *
 * Says `ok - text` and `not ok - text`. Linked three times: as it is, under ASan and UBSan with its
 * leaks told at the end, and under TSan; always with calloc(3) and realloc(3) of the library wrapped.
 */
#include "runner/confine.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8

extern char **environ;

static int failures;
static struct confine *confine;
static struct confine_error error;

static void check(bool holds, const char *text)
{
	printf("%sok - %s\n", holds ? "" : "not ", text);
	if (!holds)
		printf("# last error %d errno %d [%s] %s\n", error.code, error.sys,
		       error.layer, error.message);
	failures += !holds;
	fflush(stdout);
}

/* --- memory that ends --------------------------------------------------------------------------- */

static _Thread_local long allocations_left = -1; /* -1 = as many as there are */

static bool is_spent(void)
{
	return allocations_left >= 0 && allocations_left-- == 0;
}

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return is_spent() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return is_spent() ? NULL : __real_realloc(memory, size);
}

/* --- the caller ------------------------------------------------------------------------------------ */

static unsigned int count_fds(void)
{
	DIR *list = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (list && readdir(list))
		count++;
	if (list)
		closedir(list);
	return count;
}

static volatile sig_atomic_t children_told;

static void on_child(int sig)
{
	(void)sig;
	children_told++;
}

/* What a library may not change. */
struct caller {
	mode_t mask;
	sigset_t blocked;
	struct sigaction actions[32];
	unsigned int fds;
	int dumpable;
	char *environment;
};

static struct caller look(void)
{
	struct caller caller;

	memset(&caller, 0, sizeof(caller));
	caller.mask = umask(0);
	(void)umask(caller.mask);
	pthread_sigmask(SIG_BLOCK, NULL, &caller.blocked);
	for (int sig = 1; sig < 32; sig++)
		(void)sigaction(sig, NULL, &caller.actions[sig]);
	caller.fds = count_fds();
	caller.environment = environ ? environ[0] : NULL;
	return caller;
}

static bool is_same(const struct caller *a, const struct caller *b)
{
	bool same = a->mask == b->mask && a->fds == b->fds &&
		    a->environment == b->environment;

	if (!same)
		printf("# umask %o %o, descriptors %u %u\n", a->mask, b->mask, a->fds,
		       b->fds);
	for (int sig = 1; sig < 32; sig++)
		same = same &&
		       sigismember(&a->blocked, sig) == sigismember(&b->blocked, sig) &&
		       a->actions[sig].sa_handler == b->actions[sig].sa_handler;
	return same;
}

/* --- short forms --------------------------------------------------------------------------------------- */

static struct confine_run *new_run(const char *text, const char *profile)
{
	struct confine_policy *policy = NULL;
	struct confine_run *run = NULL;

	if (confine_run_new(confine, &run, &error) < 0 ||
	    confine_run_set_text(run, text, NULL, &error) < 0 ||
	    confine_policy_new(profile, &policy, &error) < 0 ||
	    confine_policy_set(policy, "/onUnavailable", "\"degrade\"", &error) < 0 ||
	    confine_run_set_policy(run, policy, &error) < 0) {
		printf("not ok - a run can be made\n# %s\n", error.message);
		exit(1);
	}
	confine_policy_free(policy);
	return run;
}

static bool says(const struct confine_run *run, enum confine_stream stream,
		 const char *wanted)
{
	size_t length;
	const char *text = confine_run_output(run, stream, &length);

	if (text && length == strlen(wanted) && !memcmp(text, wanted, length))
		return true;
	printf("# output: %.300s\n", text ? text : "(none)");
	return false;
}

/* Runs and frees; the outcome. */
static enum confine_outcome outcome_of(struct confine_run *run)
{
	enum confine_outcome outcome;

	memset(&error, 0, sizeof(error));
	(void)confine_run(run, &error);
	outcome = confine_run_outcome(run);
	confine_run_free(run);
	return outcome;
}

/* --- policies --------------------------------------------------------------------------------------------- */

static void test_policies(void)
{
	static const char wrong[] = "{\"resources\":{\"cpuSeconds\":0}}";
	static const char unknown[] = "{\"resources\":{\"cpuSecond\":1}}";
	static const char fine[] =
		"{\"resources\":{\"cpuSeconds\":7},\"filesystem\":{\"hide\":[\"/srv\"]}}";
	struct confine_policy *policy = NULL, *copy = NULL;
	char *before = NULL, *after = NULL;

	check(confine_policy_new("nonesuch", &policy, &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY && !policy,
	      "policy: an unknown profile is refused");
	check(confine_policy_new("default", &policy, &error) == 0, "policy: a profile");
	check(confine_policy_json(policy, &before, &error) == 0 &&
		      strstr(before, "\"cpuSeconds\":\t60") != NULL,
	      "policy: as JSON");
	check(confine_policy_merge(policy, "mine", wrong, strlen(wrong), &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY &&
		      strstr(error.message, "mine: /resources/cpuSeconds: ") != NULL,
	      "policy: a fault has its document and its pointer");
	check(confine_policy_merge(policy, NULL, unknown, strlen(unknown), &error) < 0 &&
		      strstr(error.message, "cpuSeconds") != NULL,
	      "policy: an unknown name, and the nearest");
	check(confine_policy_merge(policy, NULL, fine, 10, &error) < 0,
	      "policy: half a document");
	check(confine_policy_set(policy, "/filesystem/readOnly", "[\"/proc\"]", &error) <
		      0,
	      "policy: what only the whole can show");
	check(confine_policy_set(policy, "no pointer", "1", &error) < 0 &&
		      confine_policy_set(policy, "/enabled", "tru", &error) < 0,
	      "policy: no pointer, no value");
	check(confine_policy_json(policy, &after, &error) == 0 && !strcmp(before, after),
	      "policy: what was refused changed nothing");
	confine_release(after);
	check(confine_policy_merge(policy, NULL, fine, strlen(fine), NULL) == 0 &&
		      confine_policy_set(policy, "/resources/memoryBytes", "99999744",
					 NULL) == 0 &&
		      confine_policy_json(policy, &after, NULL) == 0 &&
		      strstr(after, "\"cpuSeconds\":\t7") && strstr(after, "/srv") &&
		      strstr(after, "99999744") &&
		      strstr(after, "\"maxProcesses\":\t256"),
	      "policy: a document, then a field, the rest stays");
	confine_release(before);
	check(confine_policy_copy(policy, &copy, &error) == 0 &&
		      confine_policy_set(policy, "/resources/cpuSeconds", "9", &error) ==
			      0 &&
		      confine_policy_json(copy, &before, &error) == 0 &&
		      !strcmp(before, after),
	      "policy: a copy stands by itself");
	check(confine_policy_merge(NULL, NULL, "{}", 2, &error) < 0 &&
		      error.code == CONFINE_ERROR_USAGE &&
		      confine_policy_json(NULL, &before, NULL) < 0,
	      "policy: none is a mistake of the caller");
	confine_release(before);
	confine_release(after);
	confine_policy_free(policy);
	confine_policy_free(copy);
	confine_policy_free(NULL);
	confine_release(NULL);
}

static void test_host(void)
{
	struct confine_policy *policy = NULL;
	bool ready = false;
	char *text = NULL;

	check(confine_policy_new("permissive", &policy, &error) == 0 &&
		      confine_host(confine, policy, &ready, &text, &error) == 0 &&
		      strstr(text, "\"confine-host/1\"") && strstr(text, "\"layers\""),
	      "host: what it can enforce, of a policy");
	confine_release(text);
	text = NULL;
	check(confine_host(confine, NULL, NULL, &text, &error) == 0 && text &&
		      strstr(text, "\"capabilities\""),
	      "host: and of its own");
	confine_release(text);
	confine_policy_free(policy);
	text = NULL;
	check(confine_policy_new_host(confine, &policy, &error) == 0 &&
		      confine_policy_json(policy, &text, &error) == 0 &&
		      strstr(text, "\"onUnavailable\""),
	      "host: its default policy");
	confine_release(text);
	confine_policy_free(policy);
}

/* --- runs ----------------------------------------------------------------------------------------------------- */

static void test_end(void)
{
	struct confine_run *run = new_run("echo out; echo err >&2; exit 3", "default");

	check(confine_run_outcome(run) == CONFINE_NOT_OVER &&
		      confine_run_status(run) == -1 && !confine_run_receipt(run) &&
		      !confine_run_output(run, CONFINE_STDOUT, NULL),
	      "run: before its start nothing is known");
	check(confine_run(run, &error) == 0, "run: from start to end");
	check(confine_run_outcome(run) == CONFINE_EXITED &&
		      confine_run_exit_code(run) == 3 && confine_run_status(run) == 3,
	      "run: its exit");
	check(says(run, CONFINE_STDOUT, "out\n") && says(run, CONFINE_STDERR, "err\n"),
	      "run: both streams are captured, apart");
	check(confine_run_receipt(run) &&
		      strstr(confine_run_receipt(run), "confine-receipt/1") &&
		      !strchr(confine_run_receipt(run), '\n'),
	      "run: its receipt");
	check(confine_run_is_enforced(run, "filesystem") &&
		      !confine_run_is_enforced(run, "nonesuch") &&
		      !confine_run_is_enforced(run, NULL) && !confine_run_limit(run),
	      "run: a layer is in force, none is not");
	check(confine_run_step(run, &error) == 1 &&
		      confine_run_wait(run, 0, &error) == 1 &&
		      confine_run_cancel(run, &error) == 0,
	      "run: what is over stays over");
	check(confine_run_start(run, &error) < 0 && error.code == CONFINE_ERROR_USAGE &&
		      confine_run_set_timeout(run, 5, &error) < 0,
	      "run: and is not begun again");
	confine_run_free(run);
	confine_run_free(NULL);
}

static void test_outcomes(void)
{
	struct confine_run *run = new_run("kill -KILL $$", "default");
	const char *const nonesuch[] = { "nonesuch", NULL };

	check(outcome_of(run) == CONFINE_SIGNALED, "outcome: a signal");
	run = new_run("", "default");
	(void)confine_run_set_command(run, nonesuch, &error);
	check(confine_run(run, &error) == 0 &&
		      confine_run_outcome(run) == CONFINE_NOT_FOUND &&
		      confine_run_status(run) == 127,
	      "outcome: not found");
	confine_run_free(run);
	run = new_run("trap '' TERM; while :; do :; done", "default");
	check(confine_run_set_timeout(run, 0, &error) < 0 &&
		      confine_run_set_timeout(run, 604800001, &error) < 0 &&
		      confine_run_set_timeout(run, 100, &error) == 0 &&
		      outcome_of(run) == CONFINE_TIMEOUT,
	      "outcome: the deadline");
	run = new_run("while :; do echo flood; done", "default");
	check(confine_run(run, &error) == 0 &&
		      confine_run_outcome(run) == CONFINE_LIMIT &&
		      !strcmp(confine_run_limit(run), "maxOutputBytes"),
	      "outcome: a limit, by name");
	confine_run_free(run);
	run = new_run("while :; do echo flood; done", "permissive");
	check(confine_run_set_capture(run, 0, &error) < 0 &&
		      confine_run_set_capture(run, 100000, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      confine_run_outcome(run) == CONFINE_FAILED &&
		      error.code == CONFINE_ERROR_SYSTEM &&
		      !strcmp(error.layer, "output"),
	      "outcome: more than may be captured, where the policy has no limit");
	{
		size_t length;

		(void)confine_run_output(run, CONFINE_STDOUT, &length);
		check(length > 0 && length <= 100000,
		      "outcome: and what was captured until then");
	}
	confine_run_free(run);
}

static void test_requests(void)
{
	struct confine_policy *policy;
	struct confine_run *run = NULL;

	check(confine_run_new(NULL, &run, &error) < 0 &&
		      error.code == CONFINE_ERROR_USAGE,
	      "request: without a library");
	check(confine_run_new(confine, &run, &error) == 0 &&
		      confine_run_start(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_USAGE &&
		      confine_run_step(run, &error) < 0 &&
		      confine_run_cancel(run, &error) < 0 && confine_run_fd(run) < 0,
	      "request: nothing to run");
	check(confine_run_set_command(run, (const char *const[]){ "", NULL }, &error) <
			      0 &&
		      confine_run_set_directory(run, "here", &error) < 0 &&
		      confine_run_set_scratch(run, NULL, &error) < 0 &&
		      confine_run_set_variable(run, "A=B", "c", &error) < 0 &&
		      confine_run_set_variable(run, "", "c", &error) < 0 &&
		      confine_run_set_runtime(run, "", &error) < 0 &&
		      confine_run_set_runtime(run, NULL, &error) < 0 &&
		      confine_run_set_context(run, NULL, 0, &error) < 0 &&
		      confine_run_set_resolution_root(run, ".", &error) < 0 &&
		      confine_run_set_input_fd(run, 9999, &error) < 0 &&
		      confine_run_set_output_fd(run, 3, 1, &error) < 0,
	      "request: wrong values are refused at once");
	check(confine_run_set_option(run, "--report-fd", "1", &error) < 0 &&
		      confine_run_set_option(run, "--args", "1", &error) < 0 &&
		      confine_run_set_option(run, "--result-fd", "1", &error) < 0 &&
		      confine_run_set_option(run, "-c", "x", &error) < 0 &&
		      confine_run_set_option(run, "--report=x", NULL, &error) < 0,
	      "request: options of the library's own are refused");
	check(confine_run_set_text(run, "echo ran", NULL, &error) == 0 &&
		      confine_run_set_option(run, "--nonsense", NULL, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY &&
		      !strcmp(error.layer, "options") &&
		      strstr(error.message, "--nonsense") &&
		      confine_run_outcome(run) == CONFINE_FAILED &&
		      confine_run_status(run) == 125 && !confine_run_receipt(run),
	      "request: what the program refuses is its own error");
	check(says(run, CONFINE_STDOUT, "") && says(run, CONFINE_STDERR, ""),
	      "request: nothing was run, nothing was printed");
	confine_run_free(run);
	run = new_run("echo ran", "default");
	(void)confine_policy_new("default", &policy, &error);
	(void)confine_policy_set(policy, "/filesystem/readOnly", "[\"/nonexistent\"]",
				 &error);
	(void)confine_run_set_policy(run, policy, &error);
	confine_policy_free(policy);
	check(confine_run(run, &error) < 0 && error.code == CONFINE_ERROR_POLICY &&
		      !strcmp(error.layer, "filesystem") && error.message[0],
	      "request: a policy that names what is not there");
	confine_run_free(run);
}

static void test_refusal(const char *lonely)
{
	struct confine_policy *policy = NULL;
	struct confine_run *run = NULL;

	(void)confine_policy_new("default", &policy, &error);
	(void)confine_policy_set(policy, "/syscalls/allow", "[\"ptrace\"]", &error);
	check(confine_set_program(confine, lonely, &error) == 0 &&
		      confine_run_new(confine, &run, &error) == 0 &&
		      confine_run_set_text(run, "echo ran", NULL, &error) == 0 &&
		      confine_run_set_policy(run, policy, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_UNSUPPORTED &&
		      confine_run_outcome(run) == CONFINE_REFUSED &&
		      confine_run_status(run) == 125 &&
		      strstr(error.message, "sandbox unavailable: ") &&
		      says(run, CONFINE_STDOUT, ""),
	      "refused: what this host lacks, by name, and nothing ran");
	check(confine_run_receipt(run) && strstr(confine_run_receipt(run), "\"refused\""),
	      "refused: with a receipt");
	confine_run_free(run);
	confine_policy_free(policy);
	check(confine_set_program(confine, "relative", &error) < 0 &&
		      confine_set_program(confine, "/nonexistent/confine", &error) == 0,
	      "program: an absolute path");
	run = NULL;
	check(confine_run_new(confine, &run, &error) == 0 &&
		      confine_run_set_text(run, "", NULL, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_UNSUPPORTED &&
		      strstr(error.message, "/nonexistent"),
	      "program: one that is not there");
	check(confine_host(confine, NULL, NULL, &(char *){ NULL }, &error) < 0 &&
		      confine_policy_new_host(confine, &policy, &error) < 0,
	      "program: nor for a question");
	confine_run_free(run);
}

static void test_texts(void)
{
	static const char *const arguments[] = { "-x", "two words", "--", "", NULL };
	static const char *const command[] = { "/usr/bin/printf", "%s|", "-c", "--help",
					       NULL };
	static const char script[] = "#!/bin/sh\nprintf '%s|' \"$@\"\n";
	struct confine_run *run = new_run("", "default");
	size_t large = (3U << 20) + 20;
	char *text = malloc(large + 1);

	check(confine_run_set_text(run, "printf '%s|' \"$@\"", arguments, &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "-x|two words|--||"),
	      "text: arguments arrive as they are");
	confine_run_free(run);
	run = new_run("", "default");
	check(confine_run_set_script(run, script, strlen(script), arguments, &error) ==
			      0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "-x|two words|--||"),
	      "script: bytes, and arguments");
	confine_run_free(run);
	run = new_run("", "default");
	check(confine_run_set_script(run, script, strlen(script), NULL, &error) == 0 &&
		      confine_run_set_command(run, command, &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "-c|--help|"),
	      "command: the last one counts");
	confine_run_free(run);
	memset(text, '#', large);
	memcpy(text + large - 9, "\necho end", 9);
	text[large] = '\0';
	run = new_run(text, "default");
	check(confine_run(run, &error) == 0 && says(run, CONFINE_STDOUT, "end\n"),
	      "text: three million bytes");
	confine_run_free(run);
	free(text);
}

static void test_surroundings(void)
{
	static const char *const inherited[] = { "TZ=1", "LD_PRELOAD=x.so",
						 "CONFINE_POLICY=/x", NULL };
	struct confine_run *run = new_run(
		"echo $HIDDEN$OWN $TZ $LD_PRELOAD $CONFINE_POLICY; pwd", "default");

	setenv("HIDDEN", "hidden", 1);
	check(confine_run_set_variable(run, "OWN", "a=b c", &error) == 0 &&
		      confine_run_set_environment(run, inherited, &error) == 0 &&
		      confine_run_set_directory(run, "/usr", &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "a=b c 1\n/usr\n"),
	      "surroundings: variables, directory, and nothing of the caller's");
	confine_run_free(run);
}

static int reads_back(const char *bytes, size_t length, const char *wanted)
{
	struct confine_run *run = new_run("cat", "default");
	int result = confine_run_set_input(run, bytes, length, &error) == 0 &&
		     confine_run(run, &error) == 0 && says(run, CONFINE_STDOUT, wanted);

	confine_run_free(run);
	return result;
}

static void test_streams(void)
{
	struct confine_run *run;
	char bytes[64] = { 0 };
	int ends[2], file = memfd_create("file", MFD_CLOEXEC);

	check(reads_back("in\n", 3, "in\n") && reads_back("", 0, ""), "input: bytes");
	if (pipe(ends) < 0 || file < 0 || write(ends[1], "piped", 5) != 5)
		exit(1);
	close(ends[1]);
	run = new_run("cat; echo err >&2", "default");
	check(confine_run_set_input_fd(run, ends[0], &error) == 0 &&
		      confine_run_set_output_fd(run, CONFINE_STDERR, file, &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "piped") &&
		      !confine_run_output(run, CONFINE_STDERR, NULL) &&
		      pread(file, bytes, sizeof(bytes), 0) == 4 &&
		      !memcmp(bytes, "err\n", 4),
	      "streams: descriptors of the caller's");
	confine_run_free(run);
	check(fcntl(ends[0], F_GETFD) >= 0 && fcntl(file, F_GETFD) >= 0,
	      "streams: which stay the caller's");
	close(ends[0]);
	close(file);
	run = new_run("read line || echo end", "default");
	check(confine_run(run, &error) == 0 && says(run, CONFINE_STDOUT, "end\n"),
	      "input: none is its end");
	confine_run_free(run);
}

struct heard {
	size_t bytes[2], calls, stop_at;
};

static int hear(void *data, enum confine_stream stream, const char *bytes, size_t count)
{
	struct heard *heard = data;

	(void)bytes;
	heard->bytes[stream - CONFINE_STDOUT] += count;
	heard->calls++;
	return heard->stop_at && heard->bytes[0] >= heard->stop_at;
}

static void test_function(void)
{
	struct heard heard = { { 0, 0 }, 0, 0 };
	struct confine_run *run =
		new_run("head -c 3000000 /dev/zero; echo err >&2", "default");

	check(confine_run_set_output_function(run, hear, &heard, &error) == 0 &&
		      confine_run(run, &error) == 0 && heard.bytes[0] == 3000000 &&
		      heard.bytes[1] == 4 &&
		      !confine_run_output(run, CONFINE_STDOUT, NULL),
	      "function: hears every byte");
	confine_run_free(run);
	heard = (struct heard){ { 0, 0 }, 0, 100 };
	run = new_run("while :; do echo more; done", "permissive");
	check(confine_run_set_output_function(run, hear, &heard, &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      confine_run_outcome(run) == CONFINE_INTERRUPTED,
	      "function: ends the run by its answer");
	confine_run_free(run);
}

/* --- runtimes -------------------------------------------------------------------------------------------------- */

static struct confine_run *new_runtime(const char *runtime, const char *text)
{
	struct confine_run *run = new_run(text, "default");

	if (confine_run_set_runtime(run, runtime, &error) < 0 ||
	    confine_run_set_result(run, true, &error) < 0)
		check(false, "runtime: can be asked for");
	return run;
}

static bool returns(const struct confine_run *run, const char *state, const char *wanted)
{
	const char *seen = confine_run_result_state(run);
	size_t length = 99;
	const char *value = confine_run_result(run, &length);
	bool same = !value && !wanted && !length;

	if (value && wanted)
		same = length == strlen(wanted) && !strcmp(value, wanted);
	if (seen && !strcmp(seen, state) && same)
		return true;
	printf("# result: %s, %.300s\n", seen ? seen : "(none)",
	       value ? value : "(none)");
	return false;
}

static void test_results(void)
{
	static const char context[] = "{\"n\": [1, 2]}";
	static const struct {
		const char *text, *state, *value;
		enum confine_outcome outcome;
		int exit_code;
	} rows[] = {
		{ "printf '[1,\\n 2.50] ' >&4", "returned", "[1,\n 2.50]", CONFINE_EXITED,
		  0 },
		{ "echo 1 >&4; exit 3", "returned", "1", CONFINE_EXITED, 3 },
		{ "echo 1 >&4; kill -KILL $$", "returned", NULL, CONFINE_SIGNALED, -1 },
		{ "echo 1", "none", NULL, CONFINE_NO_RESULT, 0 },
		{ "exec 4>&-; exit 3", "none", NULL, CONFINE_EXITED, 3 },
		{ "echo '{\"a\": ' >&4", "incomplete", NULL, CONFINE_NO_RESULT, 0 },
		{ "echo '1 2' >&4", "invalid", NULL, CONFINE_NO_RESULT, 0 },
		{ "head -c 9000000 /dev/zero | tr '\\0' 1 >&4", "too-large", NULL,
		  CONFINE_LIMIT, -1 },
	};
	struct confine_run *run = new_runtime("sh", "cat $CONFINE_CONTEXT >&4; echo out");
	char *text = NULL;

	check(confine_run_set_context(run, "1", 1, &error) == 0 &&
		      confine_run_set_context(run, context, strlen(context), &error) ==
			      0 &&
		      !confine_run_result(run, NULL) && !confine_run_result_state(run),
	      "runtime: before its start there is no result");
	check(confine_run_explain(run, &text, &error) == 0 &&
		      strstr(text, "output.result") != NULL &&
		      strstr(text, "maxResultBytes") != NULL,
	      "runtime: is a part of the plan");
	confine_release(text);
	check(confine_run(run, &error) == 0 && returns(run, "returned", context) &&
		      says(run, CONFINE_STDOUT, "out\n") &&
		      confine_run_outcome(run) == CONFINE_EXITED,
	      "runtime: a context goes in, a value comes out");
	confine_run_free(run);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[128];

		run = new_runtime("sh", rows[i].text);
		memset(&error, 0, sizeof(error));
		(void)snprintf(name, sizeof(name), "result: %s, of: %.60s", rows[i].state,
			       rows[i].text);
		check(confine_run(run, &error) == 0 &&
			      confine_run_outcome(run) == rows[i].outcome &&
			      confine_run_exit_code(run) == rows[i].exit_code &&
			      confine_run_status(run) ==
				      (rows[i].outcome == CONFINE_NO_RESULT ? 123
				       : rows[i].outcome == CONFINE_EXITED
					       ? rows[i].exit_code
					       : 137) &&
			      returns(run, rows[i].state, rows[i].value),
		      name);
		confine_run_free(run);
	}
}

static void test_runtimes(void)
{
	static const char script[] = "import sys\nprint(sys.argv[1:])\n";
	static const char *const arguments[] = { "-x", "y", NULL };
	struct confine_run *run = new_run("", "default");
	struct rlimit limit, small;
	size_t length;

	check(confine_run_set_runtime(run, "python3", &error) == 0 &&
		      confine_run_set_script(run, script, strlen(script), arguments,
					     &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      says(run, CONFINE_STDOUT, "['-x', 'y']\n") &&
		      !confine_run_result(run, &length) && length == 0 &&
		      !confine_run_result_state(run),
	      "runtime: the bytes of a script, and no result where none is wanted");
	confine_run_free(run);
	run = new_run("return { seen: context.n + 1 }", "default");
	check(confine_run_set_runtime(run, "node", &error) == 0 &&
		      confine_run_set_context(run, "{\"n\":1}", 7, &error) == 0 &&
		      confine_run_set_result(run, true, &error) == 0 &&
		      confine_run(run, &error) == 0 &&
		      (confine_run_outcome(run) == CONFINE_NOT_FOUND ||
		       returns(run, "returned", "{\"seen\":2}")),
	      "runtime: a module, where node is");
	confine_run_free(run);
	run = new_runtime("nonesuch", "echo ran");
	check(confine_run(run, &error) < 0 && error.code == CONFINE_ERROR_POLICY &&
		      strstr(error.message, "nonesuch") && says(run, CONFINE_STDOUT, ""),
	      "runtime: one that nobody knows");
	confine_run_free(run);
	run = new_runtime("sh", "echo ran");
	check(confine_run_set_context(run, "{", 1, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY &&
		      strstr(error.message, "no JSON") && says(run, CONFINE_STDOUT, ""),
	      "runtime: a context that is no JSON");
	confine_run_free(run);
	run = new_run("echo ran", "default");
	check(confine_run_set_result(run, true, &error) == 0 &&
		      confine_run(run, &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY && says(run, CONFINE_STDOUT, ""),
	      "runtime: a result without one");
	confine_run_free(run);
	run = new_runtime("sh", "printf '\"%9000s\"' >&4");
	(void)getrlimit(RLIMIT_FSIZE, &limit);
	small = (struct rlimit){ 8192, limit.rlim_max };
	(void)setrlimit(RLIMIT_FSIZE, &small);
	check(confine_run(run, &error) < 0 && error.code == CONFINE_ERROR_SYSTEM &&
		      error.sys == EFBIG && confine_run_outcome(run) == CONFINE_FAILED &&
		      !confine_run_result(run, &length) && length == 0,
	      "result: half of one is none");
	(void)setrlimit(RLIMIT_FSIZE, &limit);
	confine_run_free(run);
}

/* What a script makes of its value cannot make its receipt unreadable: that nobody took it, and that of a
 * node script is in the receipt. */
static void test_odd_values(void)
{
	static const char *const values[] = {
		"{\"a\":1,\"a\":2}",
		"1e999",
		"123456789012345678901234567890",
		"[\"\\ud800\"]",
		"[\"\\u0000\"]",
		"[1,\n{\"schema\":\"confine-receipt/1\"}\n]",
		("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1"
		 "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
	};
	bool all = true, node = true;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char text[512];
		struct confine_run *run;

		(void)snprintf(
			text, sizeof(text),
			"import fs from 'node:fs'; fs.writeSync(4, String.raw`%s`);"
			"process.exit(0)",
			values[i]);
		run = new_run(text, "default");
		all = all && confine_run_set_runtime(run, "node", &error) == 0 &&
		      confine_run(run, &error) == 0;
		node = node && confine_run_outcome(run) != CONFINE_NOT_FOUND;
		all = all &&
		      (!node || (confine_run_outcome(run) == CONFINE_EXITED &&
				 !strcmp(confine_run_result_state(run), "returned") &&
				 !strchr(confine_run_receipt(run), '\n')));
		if (!all)
			printf("# value %s\n", values[i]);
		confine_run_free(run);
	}
	check(all, "result: no value makes a receipt unreadable");
}

/* @program: a supervisor that says what no supervisor says. */
static void test_odd_answer(const char *program)
{
	struct confine *own = NULL;
	struct confine_run *run = NULL;

	check(confine_new(&own, &error) == 0 &&
		      confine_set_program(own, program, &error) == 0 &&
		      confine_run_new(own, &run, &error) == 0 &&
		      confine_run_set_text(run, "true", NULL, &error) == 0 &&
		      confine_run(run, &error) < 0 && strstr(error.message, "answer") &&
		      confine_run_outcome(run) == CONFINE_FAILED &&
		      confine_run_status(run) == 125 && !confine_run_receipt(run) &&
		      confine_run_step(run, NULL) < 0,
	      "answer: one that cannot be read is an end, and a failure");
	confine_run_free(run);
	confine_free(own);
}

static void test_explain(void)
{
	struct confine_run *run = new_run("echo ran", "default");
	char *text = NULL;

	check(confine_run_explain(run, &text, &error) == 0 && strstr(text, "steps:") &&
		      strstr(text, "promises:") && !strstr(text, "ran\n"),
	      "explain: the plan");
	confine_release(text);
	text = NULL;
	check(confine_run(run, &error) == 0 && says(run, CONFINE_STDOUT, "ran\n"),
	      "explain: the run can be started afterwards");
	confine_run_free(run);
	run = new_run("echo ran", "default");
	check(confine_run_set_option(run, "--nonsense", NULL, &error) == 0 &&
		      confine_run_explain(run, &text, &error) < 0 &&
		      error.code == CONFINE_ERROR_POLICY,
	      "explain: refuses what a run refuses");
	confine_run_free(run);
}

/* --- threads and time -------------------------------------------------------------------------------------------- */

static void *cancel_soon(void *argument)
{
	poll(NULL, 0, 150);
	(void)confine_run_cancel(argument, NULL);
	return NULL;
}

static void *start_and_leave(void *argument)
{
	(void)confine_run_start(argument, NULL);
	return NULL;
}

static void test_parts(void)
{
	struct confine_run *run = new_run("echo begun; sleep 60", "default");
	struct confine_run *other = new_run("sleep 0.1; echo later", "default");
	struct pollfd watched[2] = { { .events = POLLIN }, { .events = POLLIN } };
	pthread_t thread;

	check(confine_run_start(run, &error) == 0 && confine_run_step(run, &error) == 0 &&
		      confine_run_wait(run, 20, &error) == 0,
	      "parts: a start does not wait");
	(void)pthread_create(&thread, NULL, cancel_soon, run);
	check(confine_run_wait(run, -1, &error) == 1 &&
		      confine_run_outcome(run) == CONFINE_INTERRUPTED &&
		      confine_run_status(run) == 128 + SIGTERM,
	      "cancel: from another thread");
	(void)pthread_join(thread, NULL);
	confine_run_free(run);

	run = new_run("sleep 60", "default");
	check(confine_run_start(run, &error) == 0 &&
		      confine_run_cancel(run, &error) == 0 &&
		      confine_run_wait(run, -1, &error) == 1 &&
		      confine_run_outcome(run) == CONFINE_INTERRUPTED,
	      "cancel: at once");
	confine_run_free(run);

	/* The thread that starts a run is gone before it: a death signal would have come. */
	run = new_run("sleep 0.3; echo alive", "default");
	(void)pthread_create(&thread, NULL, start_and_leave, run);
	(void)pthread_join(thread, NULL);
	check(confine_run_wait(run, -1, &error) == 1 &&
		      says(run, CONFINE_STDOUT, "alive\n"),
	      "threads: a run outlives the one that started it");
	confine_run_free(run);

	run = new_run("echo first", "default");
	(void)confine_run_start(run, &error);
	(void)confine_run_start(other, &error);
	watched[0].fd = confine_run_fd(run);
	watched[1].fd = confine_run_fd(other);
	while (watched[0].fd >= 0 || watched[1].fd >= 0) {
		(void)poll(watched, 2, 10000);
		if (watched[0].fd >= 0 && watched[0].revents &&
		    confine_run_step(run, &error))
			watched[0].fd = -1;
		if (watched[1].fd >= 0 && watched[1].revents &&
		    confine_run_step(other, &error))
			watched[1].fd = -1;
	}
	check(says(run, CONFINE_STDOUT, "first\n") &&
		      says(other, CONFINE_STDOUT, "later\n"),
	      "parts: two in one loop");
	confine_run_free(run);
	confine_run_free(other);

	run = new_run("trap '' TERM; sleep 60", "default");
	(void)confine_run_start(run, &error);
	confine_run_free(run);
	check(true, "free: ends what is not over");
}

struct worker {
	pthread_t thread;
	unsigned int number, count, wrong;
};

/* A context that is returned. */
static int want_value(struct confine_run *run, const char *json,
		      struct confine_error *told)
{
	if (confine_run_set_runtime(run, "sh", told) < 0 ||
	    confine_run_set_context(run, json, strlen(json), told) < 0)
		return -1;
	return confine_run_set_result(run, true, told);
}

static void *work(void *argument)
{
	struct worker *worker = argument;

	for (unsigned int i = 0; i < worker->count; i++) {
		struct confine_policy *policy = NULL;
		struct confine_run *run = NULL;
		struct confine_error told;
		char text[64], wanted[32];
		const char *output;

		(void)snprintf(text, sizeof(text), "echo %u.%u%s", worker->number, i,
			       i % 2 ? "; cat $CONFINE_CONTEXT >&4" : "");
		(void)snprintf(wanted, sizeof(wanted), "%u.%u\n", worker->number, i);
		if (confine_policy_new("default", &policy, &told) < 0 ||
		    confine_policy_set(policy, "/onUnavailable", "\"degrade\"", &told) <
			    0 ||
		    confine_policy_set(policy, "/resources/cpuSeconds", "0", &told) ==
			    0 ||
		    confine_run_new(confine, &run, &told) < 0 ||
		    confine_run_set_policy(run, policy, &told) < 0 ||
		    confine_run_set_text(run, text, NULL, &told) < 0 ||
		    (i % 2 && want_value(run, wanted, &told) < 0) ||
		    confine_run(run, &told) < 0) {
			printf("# %s\n", told.message);
			worker->wrong++;
		}
		output = confine_run_result(run, NULL);
		worker->wrong += i % 2 && (!output ||
					   strncmp(output, wanted, strlen(output)) != 0);
		output = confine_run_output(run, CONFINE_STDOUT, NULL);
		worker->wrong += !output || strcmp(output, wanted) != 0;
		confine_run_free(run);
		confine_policy_free(policy);
	}
	return NULL;
}

static unsigned int work_in_threads(unsigned int count)
{
	struct worker workers[THREADS];
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .number = i, .count = count };
		(void)pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	for (unsigned int i = 0; i < THREADS; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		wrong += workers[i].wrong;
	}
	return wrong;
}

/* --- memory that ends: everything again with one allocation more until it is enough ------------------------------ */

static int make_policy(struct confine_policy **policy)
{
	static const char document[] = "{\"onUnavailable\":\"degrade\",\"network\":{"
				       "\"allow\":[\"203.0.113.0/24 tcp 443\"]}}";
	char *text = NULL;
	int result;

	if (confine_policy_new("default", policy, &error) < 0)
		return -1;
	if (confine_policy_merge(*policy, "document", document, strlen(document),
				 &error) < 0 ||
	    confine_policy_set(*policy, "/network/allow", "[]", &error) < 0)
		return -1;
	result = confine_policy_json(*policy, &text, &error);
	confine_release(text);
	return result;
}

/* Every call that allocates, but for the end. */
static int make_run(const struct confine_policy *policy, struct confine_run **run)
{
	static const char *const environment[] = { "TZ=b", NULL };
	static const char *const arguments[] = { "x", NULL };
	struct confine *own = NULL;
	int result = -1;

	if (confine_new(&own, &error) == 0)
		result = confine_set_program(own, "/nonexistent", &error);
	confine_free(own);
	if (result < 0 || confine_run_new(confine, run, &error) < 0)
		return -1;
	if (confine_run_set_policy(*run, policy, &error) < 0 ||
	    confine_run_set_variable(*run, "B", "c", &error) < 0 ||
	    confine_run_set_environment(*run, environment, &error) < 0 ||
	    confine_run_set_directory(*run, "/usr", &error) < 0 ||
	    confine_run_set_timeout(*run, 30000, &error) < 0 ||
	    confine_run_set_input(*run, "in", 2, &error) < 0 ||
	    confine_run_set_script(*run, "true", 4, NULL, &error) < 0 ||
	    confine_run_set_runtime(*run, "sh", &error) < 0 ||
	    confine_run_set_context(*run, "[7]", 3, &error) < 0 ||
	    confine_run_set_result(*run, true, &error) < 0 ||
	    confine_run_set_text(*run, "echo $TZ$B; cat; cat $CONFINE_CONTEXT >&4",
				 arguments, &error) < 0)
		return -1;
	return confine_run_start(*run, &error);
}

static bool is_memory(int result)
{
	return result == 0 || error.code == CONFINE_ERROR_MEMORY;
}

static void test_memory(long stride)
{
	struct confine_policy *policy = NULL;
	struct confine_run *run = NULL;
	bool told = true, whole = false;
	long tries = 0;
	int result = -1;

	for (; result < 0 && tries < 100000; tries += stride) {
		confine_policy_free(policy);
		policy = NULL;
		allocations_left = tries;
		result = make_policy(&policy);
		allocations_left = -1;
		told = told && is_memory(result);
	}
	printf("# %ld allocations of a policy\n", tries);
	check(told && result == 0,
	      "memory: ends at any allocation of a policy, and is an error");
	result = -1;
	for (tries = 0; result < 0 && tries < 10000; tries++) {
		confine_run_free(run);
		run = NULL;
		allocations_left = tries;
		result = make_run(policy, &run);
		allocations_left = -1;
		told = told && is_memory(result);
	}
	printf("# %ld allocations of a run\n", tries);
	check(told && result == 0, "memory: or of a run until its start");
	result = -1;
	(void)poll(&(struct pollfd){ .fd = confine_run_fd(run), .events = POLLIN }, 1,
		   60000);
	for (tries = 0; result < 0 && tries < 100000; tries += stride) {
		allocations_left = tries;
		result = confine_run_wait(run, -1, &error);
		allocations_left = -1;
		told = told && (result == 1 || error.code == CONFINE_ERROR_MEMORY);
	}
	whole = says(run, CONFINE_STDOUT, "bc\nin") && returns(run, "returned", "[7]");
	printf("# %ld allocations of its end\n", tries);
	check(told && result == 1 && whole,
	      "memory: or of its end, which can be asked for again");
	confine_run_free(run);
	confine_policy_free(policy);
}

/* --- the caller's own affairs ----------------------------------------------------------------------------------------- */

static void test_odd_callers(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_child, old_term;
	struct rlimit limit, small;
	struct confine_run *run;
	sigset_t all, old;

	(void)sigaction(SIGCHLD, &ignore, &old_child);
	(void)sigaction(SIGTERM, &ignore, &old_term);
	run = new_run("echo x; sleep 60", "default");
	check(confine_run_start(run, &error) == 0 &&
		      confine_run_cancel(run, &error) == 0 &&
		      confine_run_wait(run, -1, &error) == 1 &&
		      confine_run_outcome(run) == CONFINE_INTERRUPTED,
	      "caller: ignores SIGCHLD and SIGTERM");
	confine_run_free(run);
	(void)sigaction(SIGCHLD, &old_child, NULL);
	(void)sigaction(SIGTERM, &old_term, NULL);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	run = new_run("kill -TERM $$; echo survived", "default");
	check(confine_run(run, &error) == 0 &&
		      confine_run_outcome(run) == CONFINE_SIGNALED,
	      "caller: blocks every signal");
	confine_run_free(run);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	(void)getrlimit(RLIMIT_FSIZE, &limit);
	small = (struct rlimit){ 4096, limit.rlim_max };
	(void)setrlimit(RLIMIT_FSIZE, &small);
	run = new_run("echo small", "default");
	check(confine_run_set_input(run, "x", 1, &error) == 0 &&
		      confine_run_set_script(run, (char[8192]){ 0 }, 8192, NULL, &error) <
			      0 &&
		      error.sys == EFBIG,
	      "caller: a small RLIMIT_FSIZE is an error, no signal");
	confine_run_free(run);
	(void)setrlimit(RLIMIT_FSIZE, &limit);
}

static bool has_children(void)
{
	return waitpid(-1, NULL, WNOHANG | __WALL) >= 0 || errno != ECHILD;
}

static int last(const char *program, const char *script)
{
	struct confine_run *run = NULL;

	if (confine_new(&confine, &error) < 0 ||
	    confine_set_program(confine, program, &error) < 0)
		return 1;
	run = new_run(script, "default");
	if (confine_run_set_output_fd(run, CONFINE_STDOUT, STDOUT_FILENO, &error) < 0 ||
	    confine_run_start(run, &error) < 0)
		return 1;
	/* A copy of everything that is open stays with a child that knows nothing of it. */
	if (fork() == 0) {
		sleep(5);
		_exit(0);
	}
	for (;;)
		pause();
}

static long resident_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* So many at the same time, of one thread; those that did not say what they should. */
static unsigned int run_at_once(unsigned int count)
{
	struct confine_run **runs = calloc(count, sizeof(struct confine_run *));
	unsigned int wrong = 0;

	for (unsigned int i = 0; runs && i < count; i++) {
		runs[i] = new_run("sleep 2; echo whole", "default");
		wrong += confine_run_start(runs[i], &error) < 0;
	}
	for (unsigned int i = 0; runs && i < count; i++) {
		bool whole = confine_run_wait(runs[i], -1, &error) == 1 &&
			     says(runs[i], CONFINE_STDOUT, "whole\n");

		if (!whole)
			printf("# %s\n", error.message);
		wrong += !whole;
		confine_run_free(runs[i]);
	}
	free(runs);
	return runs ? wrong : count;
}

/* A run holds five descriptors, and six where a value is wanted. */
static void raise_descriptors(unsigned int wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int soak(const char *program, unsigned int count, unsigned int at_once)
{
	unsigned int fds, wrong;
	long before;

	raise_descriptors(at_once * 6 + 100);
	if (confine_new(&confine, &error) < 0 ||
	    confine_set_program(confine, program, &error) < 0)
		return 1;
	wrong = work_in_threads(count / THREADS / 10);
	fds = count_fds();
	before = resident_kib();
	wrong += work_in_threads(count / THREADS);
	printf("# %u runs, %ld KiB, then %ld KiB\n", count, before, resident_kib());
	check(wrong == 0, "soak: every run said what it should");
	check(fds == count_fds() && !has_children(),
	      "soak: no descriptor, no child is left");
	check(resident_kib() < before + 2048, "soak: no memory either");
	wrong = run_at_once(at_once);
	before = resident_kib();
	printf("# %u at once, %ld KiB\n", at_once, before);
	check(wrong == 0, "soak: all of those at once said what they should");
	(void)run_at_once(at_once);
	check(fds == count_fds() && !has_children(), "soak: nothing is left of them");
	check(resident_kib() < before + 2048, "soak: no memory either, the second time");
	confine_free(confine);
	return failures != 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_child };
	struct caller before, after;

	if (argc > 3 && !strcmp(argv[1], "--lasting"))
		return last(argv[2], argv[3]);
	if (argc > 3 && !strcmp(argv[1], "--soak"))
		return soak(argv[2], (unsigned int)atoi(argv[3]),
			    argc > 4 ? (unsigned int)atoi(argv[4]) : 50);
	if (argc < 2 || confine_new(&confine, &error) < 0 ||
	    confine_set_program(confine, argv[1], &error) < 0)
		return 1;
	(void)sigaction(SIGCHLD, &action, NULL);
	(void)umask(0777); /* nothing of it may meet a run */
	before = look();
	check(confine_version()[0] != '\0', "version");
	test_policies();
	test_host();
	test_end();
	test_outcomes();
	test_requests();
	test_texts();
	test_surroundings();
	test_streams();
	test_function();
	test_results();
	test_runtimes();
	test_odd_values();
	if (argc > 3)
		test_odd_answer(argv[3]);
	test_explain();
	test_parts();
	test_memory(getenv("CONFINE_SOAK") && *getenv("CONFINE_SOAK") ? 1 : 7);
	test_odd_callers();
	check(work_in_threads(6) == 0, "threads: eight at the same time");
	if (argc > 2)
		test_refusal(argv[2]);
	after = look();
	unsetenv("HIDDEN");
	check(is_same(&before, &after),
	      "caller: mask, signals, umask, environment, descriptors as before");
	check(!has_children(), "caller: no child is left");
	check(children_told == 0, "caller: no SIGCHLD was sent");
	confine_free(confine);
	confine_free(NULL);
	return failures != 0;
}
