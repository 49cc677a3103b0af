/* SPDX-License-Identifier: Apache-2.0 */
/* main - `confine run`: read, plan, set up, verify, supervise, account: one line each */
#include "runner/attempt.h"
#include "runner/base/fd.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include "runner/events.h"
#include "runner/host_scratch.h"
#include "runner/notice.h"
#include "runner/options.h"
#include "runner/paths.h"
#include "runner/programs.h"
#include "runner/receipt.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define OVERFLOW_UID 65534U /* what an owner without a place in the map looks like */
#define SCRIPT_MAX   (64U << 20)

struct run {
	struct arena arena;
	struct options options;
	struct policy policy;
	struct policy_source policy_source;
	struct request request;
	struct str script; /* bytes of --script */
	struct attempt *attempt;
	struct outcome outcome;
	struct events events;
	struct replace report,
		result; /* where files will go: found before anything runs */
	int signals;
};

/* Whose policy cannot be used is told at once: what applies now may refuse, or show less. */
static int read_policy(struct run *run, struct err *err)
{
	const struct options *options = &run->options;
	struct policy_wish wish = { .file = options->policy_file,
				    .fd = options->policy_fd,
				    .has_fd = options->policy_fd >= 0,
				    .has_profile = options->has_profile,
				    .profile = options->profile,
				    .sets = options->sets,
				    .set_count = options->set_count };
	struct err told = { .code = ERR_POLICY, .layer = "policy" };

	if (policy_find(&wish, &run->arena, &run->policy, &run->policy_source, err) < 0)
		return -1;
	run->request.policy_source = &run->policy_source;
	if (run->policy_source.origin != POLICY_FAIL_CLOSED)
		return 0;
	events_tell(&run->events, EVENT_POLICY, NULL, &run->policy_source, NULL);
	notice_tell(options->error_fd, NOTICE_WARNING, &told,
		    arena_printf(&run->arena, "%s; the fail-closed profile applies",
				 run->policy_source.reason));
	return 0;
}

/* ".mjs" of "dir/x.mjs": short and plain, since it becomes part of a path of ours. */
static const char *suffix_of(const char *file)
{
	const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');
	size_t length = dot ? strlen(dot) : 0;

	if (!dot || (slash && dot < slash) || length > 16)
		return "";
	for (const char *at = dot + 1; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
		      (*at >= '0' && *at <= '9')))
			return "";
	return dot;
}

static int read_script(struct run *run, struct err *err)
{
	const char *file = run->options.script_file;
	struct request *request = &run->request;

	request->kind = run->options.text ? RUN_TEXT : file ? RUN_SCRIPT : RUN_COMMAND;
	request->suffix = "";
	if (run->options.text) {
		request->script = run->options.text;
		request->script_length = strlen(run->options.text);
	}
	if (!file)
		return 0;
	if ((str_equal(file, "-")
		     ? fd_read_all(STDIN_FILENO, SCRIPT_MAX, &run->script, err)
		     : fd_read_file(file, SCRIPT_MAX, &run->script, err)) < 0)
		return err_within(err, "--script");
	request->script = str_text(&run->script);
	request->script_length = run->script.length;
	request->suffix = suffix_of(file);
	return 0;
}

/* Root's, as seen from the host? In a user namespace that does not know root, anybody else's directory
 * looks the same: it is taken for root's. */
static bool is_roots(const struct stat *status)
{
	char map[4096];

	if (status->st_uid != OVERFLOW_UID)
		return status->st_uid == 0;
	return fd_read_small_at(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)) <= 0 ||
	       !namespace_maps_all(map);
}

/* The same path is used inside, so it has to be the plain one. */
static int read_scratch(struct run *run, struct err *err)
{
	const char *given = run->options.scratch;
	char path[PATH_MAX];
	struct stat status;

	if (!given)
		return 0;
	if (!realpath(given, path))
		return err_set(err, ERR_POLICY, "scratch", "--scratch %s: %s", given,
			       err_name(errno));
	if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return err_policy(err, "scratch", "--scratch %s: not a directory", given);
	run->request.scratch = arena_strdup(&run->arena, path);
	run->request.scratch_is_roots = is_roots(&status);
	return 0;
}

static bool is_at_or_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	while (length && directory[length - 1] == '/')
		length--;
	return !strncmp(path, directory, length) &&
	       (path[length] == '/' || path[length] == '\0');
}

/* A command by its path, outside everything that is shown anyway, is shown by itself. */
static void read_command(struct run *run)
{
	static const char *const shown[] = { "/usr/", "/bin/", "/sbin/", "/lib",
					     "/etc/", "/tmp/", "/proc/", "/dev/" };
	const char *command = run->request.kind == RUN_COMMAND ? run->request.command[0]
			      : run->request.runtime_file      ? run->request.runtime_file
							       : "";
	struct stat status;
	char path[PATH_MAX];

	if (*command != '/' || !realpath(command, path) || !str_equal(path, command) ||
	    stat(path, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (str_has_prefix(command, shown[i]) && !str_equal(shown[i], "/tmp/"))
			return;
	for (size_t i = 0; i < run->policy.filesystem.read_only.count; i++)
		if (is_at_or_below(command, run->policy.filesystem.read_only.items[i]))
			return;
	if (!run->request.scratch || !is_at_or_below(command, run->request.scratch))
		run->request.command_bind = command;
}

static int read_request(struct run *run, struct err *err)
{
	struct request *request = &run->request;
	char cwd[PATH_MAX];

	request->command = run->options.command;
	request->env = run->options.env;
	request->env_count = run->options.env_count;
	request->inherited = environ;
	request->cwd = run->options.cwd;
	request->caller_cwd =
		arena_strdup(&run->arena, getcwd(cwd, sizeof(cwd)) ? cwd : "/");
	request->timeout_ms = run->options.timeout_ms;
	request->stdin_wanted = run->options.want_stdin;
	request->host_scratch = host_scratch_path(getenv("TMPDIR"), &run->arena);
	if (read_script(run, err) < 0 || read_scratch(run, err) < 0)
		return -1;
	if (handover_read(&run->options.handover, &run->policy, &run->arena, request,
			  err) < 0)
		return -1;
	if (paths_read(&run->policy, &run->arena, request, err) < 0)
		return -1;
	read_command(run);
	return 0;
}

static int find_file(const char *option, const char *path, struct replace *ret,
		     struct err *err)
{
	if (!path || str_equal(path, "-"))
		return 0;
	if (replace_find(path, ret, err) < 0 || replace_check(ret, err) < 0)
		return err_within(err, "%s", option);
	return 0;
}

/* A script that is done has had its time in scratch: what it left at that name is in the way. */
static int keep_out_of_scratch(const struct run *run, const char *option,
			       const struct replace *file, struct err *err)
{
	const char *scratch = run->request.scratch;

	if (!scratch || file->directory < 0 ||
	    !is_at_or_below(file->directory_path, scratch))
		return 0;
	return err_policy(
		err, "options",
		"%s %s: lies in scratch, where the script could put something in "
		"its way: name a place outside %s",
		option, file->path, scratch);
}

static bool is_one_file(const struct replace *a, const struct replace *b)
{
	return a->directory >= 0 && b->directory >= 0 &&
	       str_equal(a->directory_path, b->directory_path) &&
	       str_equal(a->name, b->name);
}

/* Before anything is started: what cannot be written is bad input. */
static int find_files(struct run *run, struct err *err)
{
	const char *result =
		run->options.handover.runtime ? run->options.handover.result_file : NULL;

	if (find_file("--report", run->options.report, &run->report, err) < 0 ||
	    find_file("--result", result, &run->result, err) < 0 ||
	    keep_out_of_scratch(run, "--report", &run->report, err) < 0 ||
	    keep_out_of_scratch(run, "--result", &run->result, err) < 0)
		return -1;
	if (is_one_file(&run->report, &run->result))
		return err_policy(err, "options",
				  "--report and --result name the same file");
	return 0;
}

/* Before the policy, which may have something to tell. */
static int open_events(struct run *run, struct err *err)
{
	const char *named = run->options.events;

	if (run->options.explain)
		named = "none";
	if (events_open(named ? named : getenv(EVENTS_ENV), &run->events, err) < 0)
		return -1;
	run->events.receipt = run->options.report;
	return 0;
}

/* Signals that end a run are read, never handled; what the caller ignores (nohup) stays ignored. */
static int watch_signals(struct run *run, struct err *err)
{
	static const int wanted[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set, child;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct sigaction action;

		if (sigaction(wanted[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			(void)sigaddset(&set, wanted[i]);
	}
	child = set;
	(void)sigaddset(&child,
			SIGCHLD); /* init reads it: blocked from its first moment */
	/* Writes that fail say so: a reader that left, a small RLIMIT_FSIZE of the caller's. */
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR ||
	    signal(SIGCHLD, SIG_DFL) == SIG_ERR ||
	    sigprocmask(SIG_BLOCK, &child, NULL) < 0)
		return err_sys(err, "lifecycle", "cannot block signals");
	run->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (run->signals < 0)
		return err_sys(err, "lifecycle", "signalfd");
	return 0;
}

static int write_receipt(struct run *run, struct err *err)
{
	const struct options *options = &run->options;
	int fd = str_equal(options->report, "-") ? STDOUT_FILENO : options->report_fd;
	owned_json struct json *receipt = NULL;
	bool ran = run->attempt->started && !run->outcome.failure;
	owned_str struct str text = { 0 };
	owned_mem char *printed = NULL;

	if (!options->report && fd < 0)
		return 0;
	receipt = receipt_make(&run->attempt->claims, ran ? &run->attempt->view : NULL,
			       &run->outcome);
	/* Beside our words it is a line as they are. */
	printed = json_print(receipt, fd < 0 || fd != options->error_fd);
	str_addf(&text, "%s\n", printed);
	if (fd < 0)
		return replace_write(&run->report, str_text(&text), text.length, err);
	if (fd_write_patient(fd, str_text(&text), text.length) < 0)
		return err_sys(err, "options",
			       "cannot write the receipt to descriptor %d", fd);
	return 0;
}

/* The plan has its own copy; nobody may read the caller's out of our memory. */
static void wipe_environment(void)
{
	for (char **at = environ; *at; at++)
		memset(*at, 0, strlen(*at));
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* While the script runs there is time to tidy up after supervisors that were killed. */
static void sweep(const struct attempt *attempt)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		cgroup_sweep(&attempt->caps.homes[i], CGROUP_PREFIX);
	host_scratch_sweep(attempt->request->host_scratch);
}

static int refuse(struct run *run, struct err *err)
{
	const struct plan *claims = &run->attempt->claims;
	struct err told = { .code = ERR_UNSUPPORTED,
			    .layer = layer_names[claims->downgrades[0].layer] };

	run->outcome =
		(struct outcome){ .word = OUTCOME_REFUSED, .confine_exit = EXIT_REFUSED };
	events_tell(&run->events, EVENT_REFUSED, claims, &run->policy_source, NULL);
	/* Longer than an error may be: every layer that is missing is named. */
	notice_tell(run->options.error_fd, NOTICE_ERROR, &told,
		    plan_refusal(claims, &run->arena));
	return write_receipt(run, err);
}

/* What the host or our own set-up failed at; a request that is wrong leaves no receipt. */
static int fail(struct run *run, const struct err *cause)
{
	struct plan *claims = &run->attempt->claims;
	struct err ignored;

	if (cause->code == ERR_POLICY || !claims->policy || run->options.explain)
		return -1;
	run->outcome = (struct outcome){ .word = OUTCOME_FAILED,
					 .confine_exit = EXIT_REFUSED,
					 .failure = cause };
	events_tell(&run->events, EVENT_FAILED, NULL, &run->policy_source, cause->msg);
	/* The cause is what is worth a line on stderr. */
	(void)write_receipt(run, &ignored);
	return -1;
}

static void tell_exec(const struct run *run, struct err *told)
{
	const struct request *request = &run->request;
	const struct plan *plan = &run->attempt->claims;
	const char *name = request->kind == RUN_COMMAND ? request->command[0]
			   : request->runtime && !request->runtime_file
				   ? request->runtime->name
				   : plan->exec_paths[0];

	(void)err_set(told, ERR_POLICY, "lifecycle", "%s%s: %s",
		      request->runtime ? "--runtime " : "", name,
		      err_name(run->outcome.exec_error));
}

/* What nobody else would say a word about. */
static void tell_outcome(const struct run *run)
{
	const struct outcome *outcome = &run->outcome;
	struct err told = { 0 };

	if (outcome->output_error)
		(void)err_set(&told, ERR_SYSTEM, "output",
			      "the script's output is lost: %s",
			      err_name(outcome->output_error));
	else if (outcome->exec_error)
		tell_exec(run, &told);
	else if (outcome->word == OUTCOME_NO_RESULT)
		(void)err_set(&told, ERR_POLICY, "output", "the script's result: %s",
			      result_words[result_state(outcome->result)]);
	else if (outcome->word == OUTCOME_FAILED)
		(void)err_set(&told, ERR_SYSTEM, "lifecycle",
			      "the run ended without word of its script");
	told.sys = outcome->output_error ? outcome->output_error : outcome->exec_error;
	if (told.code)
		notice_tell(run->options.error_fd, NOTICE_ERROR, &told, NULL);
}

static int account(struct run *run, struct err *err)
{
	int result = handover_deliver(&run->options.handover, &run->result, &run->outcome,
				      err);

	if (result < 0) {
		run->outcome.word = OUTCOME_FAILED;
		run->outcome.confine_exit = EXIT_REFUSED;
	}
	if (write_receipt(run, err) < 0)
		result = -1;

	if (result == 0)
		tell_outcome(run);
	return result;
}

#ifdef CONFINE_SABOTAGE
static void explain_plan(struct run *run)
{
	if (run->options.list_mutants)
		sabotage_list(&run->attempt->claims, &run->arena, stdout);
	else
		plan_print(&run->attempt->claims, stdout);
}
#else
static void explain_plan(struct run *run)
{
	plan_print(&run->attempt->claims, stdout);
}
#endif

/* Who does not want it any more, or is gone, gets no script at all: the signal, or 0. */
static int called_off(const struct run *run)
{
	struct pollfd watched[] = { { .fd = run->signals, .events = POLLIN },
				    { .fd = run->options.lifeline, .events = POLLIN } };
	struct signalfd_siginfo info;

	if (poll(watched, ARRAY_SIZE(watched), 0) <= 0)
		return 0;
	if (watched[0].revents && read(run->signals, &info, sizeof(info)) == sizeof(info))
		return (int)info.ssi_signo;
	return watched[1].revents ? SIGHUP : 0;
}

static int call_off(struct run *run, int sig, struct err *err)
{
	run->outcome = (struct outcome){ .word = OUTCOME_INTERRUPTED,
					 .interrupted = sig,
					 .confine_exit = 128 + sig };
	return account(run, err);
}

static int execute(struct run *run, struct err *err)
{
	struct attempt *attempt = run->attempt;
	owned_mem struct pump *pump = NULL;
	int started = attempt_start(attempt, err), sig;

	/* Whoever waits for a helper stops waiting when nobody wants the run any more. */
	sig = started < 0 || !attempt->started ? called_off(run) : 0;
	if (sig && attempt->claims.policy)
		return call_off(run, sig, err);
	if (started < 0)
		return fail(run, err);
	if (run->options.explain) {
		explain_plan(run);
		run->outcome.confine_exit =
			plan_is_refused(&attempt->claims) ? EXIT_REFUSED : 0;
		return 0;
	}
	if (!attempt->started)
		return refuse(run, err);
	sig = called_off(run);
	if (sig)
		return call_off(run, sig, err);
	pump = supervise_prepare(err);
	if (!pump)
		return fail(run, err);
	events_tell_start(&run->events, &attempt->claims);
	if (plan_find(&attempt->done, OP_ENV_WIPE))
		wipe_environment();
	if (spawn_release(&attempt->spawn, err) < 0)
		return fail(run, err);
	sweep(attempt);
	supervise(pump, &attempt->spawn, run->signals, run->options.lifeline,
		  attempt->view.account, &run->outcome);
	free(pump); /* for the receipt, where memory is short */
	pump = NULL;
	verify_read_usage(&attempt->view, &run->outcome.usage);
	return account(run, err);
}

#ifdef CONFINE_SABOTAGE
static int read_sabotage(struct run *run, struct err *err)
{
	const struct options *options = &run->options;
	struct sabotage *sabotage = &run->attempt->sabotage;

	for (size_t i = 0; i < options->sabotage_count; i++)
		if (sabotage_add(sabotage, options->sabotage[i], false, err) < 0)
			return -1;
	for (size_t i = 0; i < options->sabotage_seen_count; i++)
		if (sabotage_add(sabotage, options->sabotage_seen[i], true, err) < 0)
			return -1;
	return 0;
}
#else
static int read_sabotage(struct run *run, struct err *err)
{
	(void)run;
	(void)err;
	return 0;
}
#endif

/* Init wipes the block where the kernel put them, and the script's process shares its memory. */
static char **copy_arguments(struct arena *arena, int argc, char **argv)
{
	char **copy = arena_array(arena, (size_t)argc + 1, sizeof(*copy));

	for (int i = 0; i < argc; i++)
		copy[i] = arena_strdup(arena, argv[i]);
	return copy;
}

static int prepare(struct run *run, int argc, char **argv, struct err *err)
{
	if (options_parse(argc, copy_arguments(&run->arena, argc, argv), &run->arena,
			  &run->options, err) < 0)
		return -1;
	if (run->options.help)
		return 0;
	if (open_events(run, err) < 0 || read_policy(run, err) < 0 ||
	    read_request(run, err) < 0 || find_files(run, err) < 0 ||
	    watch_signals(run, err) < 0)
		return -1;
	if (attempt_init(run->attempt, &run->policy, &run->request, argv, &run->arena,
			 err) < 0)
		return -1;
	run->attempt->view.account = run->options.report || run->options.report_fd >= 0;
	return read_sabotage(run, err);
}

int run_main(int argc, char **argv)
{
	struct run run = { .signals = -1,
			   .options.error_fd = -1,
			   .report = REPLACE_NONE,
			   .result = REPLACE_NONE };
	struct err err = { 0 };
	int result, sig = 0;

	arena_exit_with(EXIT_REFUSED);
	run.attempt = attempt_new();
	result = prepare(&run, argc, argv, &err);
	/* There is no plan yet, and so no receipt. */
	if (result < 0 && run.signals >= 0)
		sig = called_off(&run);
	if (sig)
		(void)err_set(&err, ERR_SYSTEM, "lifecycle",
			      "interrupted by signal %d before the script was started",
			      sig);
	if (result == 0 && run.options.help)
		options_print_help(stdout);
	else if (result == 0)
		result = execute(&run, &err);
	attempt_done(run.attempt);
	free(run.attempt);
	if (result < 0)
		notice_tell(run.options.error_fd, NOTICE_ERROR, &err, NULL);
	events_close(&run.events);
	own_close_fd(&run.signals);
	replace_done(&run.report);
	replace_done(&run.result);
	str_done(&run.script);
	arena_done(&run.arena);
	if (sig)
		return 128 + sig;
	return result < 0 ? EXIT_REFUSED : run.outcome.confine_exit;
}
