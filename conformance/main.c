/* SPDX-License-Identifier: Apache-2.0 */
/* confine-check: tries, on this host, what a sandbox promises to prevent: select, shield, run,
 * judge, write. */
#include "conformance/present.h"
#include "conformance/reporter.h"
#include "conformance/trial.h"
#include "conformance/valid.h"
#include "runner/base/fd.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int complain(const struct err *err, int exit)
{
	if (err->msg[0]) /* else it has been said */
		(void)fprintf(stderr, "confine check: %s\n", err->msg);
	return exit;
}

static int say_nothing_to_do(const struct suite *suite)
{
	if (suite->selection.unmatched)
		(void)fprintf(stderr,
			      "confine check: --only %s matches no probe, requirement or "
			      "layer; see confine check list\n",
			      suite->selection.unmatched);
	else
		(void)fputs("confine check: every probe is skipped\n", stderr);
	return EXIT_NOTHING_TESTED;
}

/* The status of a run that a signal ended; what was found until then is on record. */
static int interrupted(int stop_fd, const struct err *err)
{
	struct signalfd_siginfo info;

	if (read(stop_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return complain(err, EXIT_INTERNAL);
	return complain(err, 128 + (int)info.ssi_signo);
}

static int report(struct suite *suite)
{
	struct err err = { 0 };
	struct gate gate;
	int exit;

	results_gate(&suite->results, &gate);
	exit = (int)gate.exit;
	if ((reporter_decides(suite) ? present_report(suite, &exit, &err)
				     : present_matrix(suite, &gate, &err)) < 0 ||
	    present_json(suite, &err) < 0 || present_junit(suite, exit, &err) < 0)
		exit = complain(&err, err.code == ERR_INTERNAL ? EXIT_INTERNAL
							       : EXIT_NOT_WRITTEN);
	results_gate_done(&gate);
	return exit;
}

static int try_all(struct suite *suite)
{
	struct trial trial;
	struct err err = { 0 };
	int exit;

	if (trial_shield(&trial, suite, &err) < 0)
		exit = trial.write_failed ? complain(&err, EXIT_NOT_WRITTEN)
					  : interrupted(trial.stop_fd, &err);
	else if (trial_run(&trial, &err) < 0)
		exit = interrupted(trial.stop_fd, &err);
	else if (trial_finish(&trial, &err) < 0)
		exit = complain(&err, EXIT_NOT_WRITTEN);
	else
		exit = report(suite);
	trial_done(&trial);
	return exit;
}

static int still_valid(struct suite *suite)
{
	owned_str struct str text = { 0 };
	struct err err = { 0 };
	bool holds;

	if (valid_check(suite, suite->options.still_valid, &holds, &text, &err) < 0)
		return complain(&err, EXIT_USAGE);
	if (fd_write_all(STDOUT_FILENO, str_text(&text), text.length) < 0)
		return EXIT_NOT_WRITTEN;
	return holds ? EXIT_PASS : EXIT_DEGRADED;
}

static int explain(struct suite *suite)
{
	struct err err = { 0 };

	if (present_explain(suite, &err) == 0)
		return EXIT_PASS;
	return complain(&err, err.code == ERR_POLICY ? EXIT_USAGE : EXIT_NOT_WRITTEN);
}

static int check(struct suite *suite, char *const *argv)
{
	struct err err = { 0 };

	if (suite->options.still_valid)
		return still_valid(suite);
	if (suite_select(suite, &err) < 0)
		return complain(&err,
				err.code == ERR_POLICY ? EXIT_USAGE : EXIT_INTERNAL);
	if (suite->options.list)
		return present_list(suite, &err) < 0 ? complain(&err, EXIT_NOT_WRITTEN)
						     : EXIT_PASS;
	if (suite->options.explain)
		return explain(suite);
	if (suite->selection.unmatched || suite->selection.count == 0)
		return say_nothing_to_do(suite);
	if (suite_prepare(suite, argv, &err) < 0 || reporter_check(suite, &err) < 0)
		return complain(&err,
				err.code == ERR_INTERNAL ? EXIT_INTERNAL : EXIT_USAGE);
	if (suite->options.dry_run)
		return present_dry_run(suite, &err) < 0 ? complain(&err, EXIT_NOT_WRITTEN)
							: EXIT_PASS;
	return try_all(suite);
}

static int print_help(void)
{
	owned_str struct str text = { 0 };

	options_add_help(&text);
	return fd_write_all(STDOUT_FILENO, str_text(&text), text.length) < 0
		       ? EXIT_NOT_WRITTEN
		       : EXIT_PASS;
}

int main(int argc, char **argv)
{
	struct suite suite = { 0 };
	struct err err = { 0 };
	int exit;

	(void)argc;
	/* Whoever starts us with it ignored would have every child of ours end unseen: wait(2), exec keeps that. */
	if (fd_guard_stdio() < 0 || signal(SIGCHLD, SIG_DFL) == SIG_ERR)
		return EXIT_INTERNAL;
	if (options_parse(argv, &suite.arena, &suite.options, &err) < 0)
		exit = complain(&err, EXIT_USAGE);
	else if (suite.options.help)
		exit = print_help();
	else if (suite.options.version)
		exit = puts("confine " CONFINE_VERSION) < 0 || fflush(stdout) != 0
			       ? EXIT_NOT_WRITTEN
			       : EXIT_PASS;
	else
		exit = check(&suite, argv);
	suite_done(&suite);
	return exit;
}
