/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/trial.h"
#include "conformance/document.h"
#include "conformance/expand.h"
#include "runner/base/own.h"
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

/* Refused under `fail`, a policy is tried again as one that may degrade: the matrix is to show
 * which layers hold on this host, and the exit status stays that of a refusal. */
static const struct target_pair degrade[] = { { "/onUnavailable", "\"degrade\"" } };

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: clock_gettime(2) */
	return (double)(now.tv_sec - start->tv_sec) +
	       (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void record(struct trial *trial)
{
	struct suite *suite = trial->suite;

	suite->results.run.seconds = seconds_since(&suite->started);
	if (!suite->record || trial->write_failed)
		return;
	trial->write_failed =
		document_write(&suite->results, suite->record, &trial->write_err) < 0;
}

/* --- shield ------------------------------------------------------------------------------ */

/* Readable when somebody wants the run to end. */
static int open_stop(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_sys(err, "check", "cannot block signals");
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? err_sys(err, "check", "cannot make a signalfd") : fd;
}

/* Administrators of the host are to know what these attacks are. */
static void announce(const struct suite *suite, const char *what)
{
	openlog("confine-check", LOG_PID, LOG_USER);
	syslog(LOG_NOTICE, "%s: run %s, target %s, %zu probes, uid %u", what,
	       suite->results.run.id, suite->target.name, suite->selection.count,
	       (unsigned int)getuid());
	closelog();
}

static void take_parity(struct suite *suite)
{
	struct parity_result *parity = arena_alloc(&suite->arena, sizeof(*parity));
	const char **differences =
		arena_array(&suite->arena, PARITY_MAX + 1, sizeof(*differences));

	session_parity(suite->session, parity);
	for (size_t i = 0; i < parity->count && i < PARITY_MAX; i++)
		differences[i] = parity->differences[i];
	suite->results.parity_ok = parity->ok || !parity->tested;
	suite->results.parity_differences = differences;
	if (!suite->results.parity_ok)
		session_distrust(suite->session, parity->reason);
}

/* Who is the script? After a refusal, once more with a policy that may degrade. True: there was a shield. */
static bool identify(struct suite *suite)
{
	struct identify_result found;
	bool shielded;

	session_identify(suite->session, &found);
	shielded = found.shielded;
	if (found.refused && target_has_part(&suite->target, PART_SET)) {
		suite->results.refusal = arena_strdup(&suite->arena, found.detail);
		session_override(suite->session, degrade, ARRAY_SIZE(degrade));
		take_parity(suite);
		session_identify(suite->session, &found);
	}
	suite->judge.launcher_works = found.ran;
	return shielded || found.shielded;
}

/* Where no shield can be built nothing is tried, so that there is nothing to disbelieve: from then on not even
 * if one could be built later. */
static void take_control(struct suite *suite, struct aside *running, bool shielded)
{
	struct control_result control;

	control_finish(running, &control);
	if (control.untestable[0] && shielded) {
		control.ok = false;
		arm_text(control.reason,
			 "it could not be tried, and the target could: %s",
			 control.untestable);
	} else if (control.untestable[0]) {
		session_distrust(suite->session,
				 arena_strdup(&suite->arena, control.untestable));
	}
	suite->results.control = (struct result_control){
		.ok = control.ok,
		.leaky = control.leaky,
		.deny_all = control.deny_all,
		.silent = control.silent,
		.reason = arena_strdup(&suite->arena, control.reason),
	};
}

/* What was under way has ended early by then, and says nothing. */
static bool is_stopped(int stop_fd)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

int trial_shield(struct trial *trial, struct suite *suite, struct err *err)
{
	struct aside control;
	bool shielded;
	struct style style = style_of(STDERR_FILENO, suite->options.colour);

	*trial = (struct trial){
		.suite = suite,
		.first = arena_array(&suite->arena, suite->selection.count + 1,
				     sizeof(struct verdict_output)),
		.tried = arena_array(&suite->arena, suite->selection.count + 1,
				     sizeof(bool)),
	};
	progress_start(&trial->progress, &style, suite->selection.count);
	trial->stop_fd = open_stop(err);
	if (trial->stop_fd < 0)
		return -1;
	suite->wants.stop_fd = trial->stop_fd;
	(void)clock_gettime(CLOCK_MONOTONIC, &suite->started);
	clock_read(&suite->results.run.clock_started);
	suite->results.run.started = suite->results.run.clock_started.wall;
	progress_show(&trial->progress, "measuring the host");
	host_measure(&suite->arena, &suite->results.host);
	conditions_measure(&(struct conditions_of){ .host = &suite->results.host,
						    .paths = &suite->paths,
						    .catalogue = &suite->catalogue,
						    .target = &suite->target,
						    .policy = suite->options.policy },
			   &suite->arena, &suite->results.conditions);
	/* Who cannot write the record is told before anything is tried. */
	record(trial);
	if (trial->write_failed) {
		*err = trial->write_err;
		return -1;
	}
	announce(suite, "start");
	if (session_open(&suite->wants, &suite->session, err) < 0)
		return -1;
	control_start(suite->session, &control);
	progress_show(&trial->progress, "parity");
	take_parity(suite);
	shielded = identify(suite);
	progress_show(&trial->progress, "run control");
	take_control(suite, &control, shielded);
	if (is_stopped(trial->stop_fd))
		return err_policy(err, "run", "interrupted");
	record(trial);
	return 0;
}

/* --- run --------------------------------------------------------------------------------- */

static size_t place_of(const struct suite *suite, const struct probe *probe)
{
	size_t i = 0;

	while (suite->selection.probes[i] != probe)
		i++;
	return i;
}

/* Keeps the catalogue's order, whatever ended first. */
static void insert(struct suite *suite, const struct result_probe *result)
{
	struct results *results = &suite->results;
	size_t at = results->probe_count++;

	while (at > 0 && results->probes[at - 1].probe > result->probe) {
		results->probes[at] = results->probes[at - 1];
		at--;
	}
	results->probes[at] = *result;
}

static void take_notes(struct suite *suite, const struct judge_notes *notes)
{
	for (size_t i = 0; i < LAYER_COUNT; i++)
		if (!suite->notes.mechanisms[i][0])
			suite->notes.mechanisms[i] = notes->mechanisms[i];
	if (!suite->notes.version[0])
		suite->notes.version = notes->version;
	suite->results.target_version = suite->notes.version;
}

/* One attempt ended. True: once more. */
static bool done(void *context, const struct probe *probe, const struct run_result *seen)
{
	struct trial *trial = context;
	struct suite *suite = trial->suite;
	size_t place = place_of(suite, probe);
	struct result_probe result;
	struct judge_notes notes;

	judge_probe(&suite->judge, probe, seen, &result, &notes);
	take_notes(suite, &notes);
	if (!trial->tried[place] && verdict_may_retry(&result.outcome)) {
		trial->tried[place] = true;
		trial->first[place] = result.outcome;
		return true;
	}
	if (trial->tried[place]) {
		verdict_merge(&trial->first[place], &result.outcome);
		result.attempts = 2;
	}
	result.printed = document_print_probe(&suite->results, &result, &suite->arena);
	insert(suite, &result);
	record(trial);
	trial->progress.done = suite->results.probe_count;
	progress_show(&trial->progress, probe->id);
	return false;
}

int trial_run(struct trial *trial, struct err *err)
{
	struct suite *suite = trial->suite;
	int result;

	if (!suite->results.control.ok)
		return 0;
	result =
		run_probes(suite->session, suite->selection.probes,
			   suite->selection.count, suite->options.jobs, done, trial, err);
	progress_clear(&trial->progress);
	return result;
}

int trial_finish(struct trial *trial, struct err *err)
{
	struct suite *suite = trial->suite;

	progress_show(&trial->progress, "cleaning up");
	session_close(suite->session);
	suite->session = NULL;
	announce(suite, "end");
	clock_read(&suite->results.run.clock_ended);
	suite->results.run.ended = suite->results.run.clock_ended.wall;
	suite->results.complete = true;
	record(trial);
	progress_clear(&trial->progress);
	if (!trial->write_failed)
		return 0;
	*err = trial->write_err;
	return -1;
}

void trial_done(struct trial *trial)
{
	progress_clear(&trial->progress);
	if (trial->suite && trial->stop_fd > 0)
		(void)close(trial->stop_fd);
}
