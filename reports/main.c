/* SPDX-License-Identifier: Apache-2.0 */
/* confine-report: read what was found, work out what it amounts to, write it down. */
#include "reports/format.h"
#include "reports/merge.h"
#include "reports/options.h"
#include "reports/output.h"
#include "reports/read.h"
#include "reports/waivers.h"
#include "runner/base/fd.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const struct err *err, enum outcome_exit exit)
{
	(void)fprintf(stderr, "confine report: %s\n", err->msg);
	return (int)(err->code == ERR_INTERNAL ? OUTCOME_INTERNAL : exit);
}

static int read_waivers(const struct options *options, struct waivers *waivers,
			struct results *results, struct err *err)
{
	if (!options->waivers)
		return 0;
	if (waivers_read(options->waivers, waivers, err) < 0)
		return -1;
	return waivers_apply(waivers, results, err);
}

static int merge(const struct options *options)
{
	struct format_taste taste = { 0 };
	struct err err = { 0 };
	int exit;

	if (options_dialect(options, &taste, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	exit = merge_run(options, &taste, &err);
	return err.code == ERR_NONE ? exit : complain(&err, (enum outcome_exit)exit);
}

static int report(const struct options *options)
{
	const char *input = options->inputs[0];
	struct format_taste taste = { .colour = output_wants_colour(options->output) };
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str text = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	if (options_dialect(options, &taste, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	if (output_is_input(options->output, input)) {
		(void)err_policy(&err, "report", "%s would be overwritten by its report",
				 input);
		return complain(&err, OUTCOME_USAGE);
	}
	/* A file that cannot be read is a wrong argument, as one that cannot be believed. */
	if (read_file(input, &results, &err) < 0 ||
	    read_waivers(options, &waivers, &results, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	outcome_compute(&results, &outcome);
	if (options->format->write(&results, &outcome, &taste, &text, &err) < 0)
		return complain(&err, OUTCOME_INTERNAL);
	if (output_write(options->output, &text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	return (int)outcome.exit;
}

int main(int argc, char **argv)
{
	/* Asked before the guard fills the hole: a report into the void is not written. */
	bool has_stdout = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	owned_options struct options options = { 0 };
	struct err err = { 0 };

	if (fd_guard_stdio() < 0)
		return OUTCOME_INTERNAL;
	/* A reader that goes away is a failed write, with a status of its own. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (options_parse(argc, argv, &options, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	if (!has_stdout && options.output && strcmp(options.output, "-") == 0) {
		(void)err_set(&err, ERR_SYSTEM, "report", "standard output is closed");
		return complain(&err, OUTCOME_NOT_WRITTEN);
	}
	/* Several files are merged, whatever it is called. */
	if (options.verb == VERB_MERGE ||
	    (options.verb == VERB_REPORT && options.input_count > 1))
		return merge(&options);
	if (options.verb == VERB_REPORT)
		return report(&options);
	if (options.verb == VERB_HELP)
		options_help(stdout);
	else
		(void)puts("confine " CONFINE_VERSION);
	return fflush(stdout) == 0 ? OUTCOME_PASS : OUTCOME_NOT_WRITTEN;
}
