/* SPDX-License-Identifier: Apache-2.0 */
/* confine-report: read what was found, work out what it amounts to, write it down. */
#include "reports/change.h"
#include "reports/evidence/commands.h"
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
#include <time.h>
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

static int hold_against_baseline(const struct options *options, struct results *results,
				 struct err *err)
{
	owned_snapshot struct snapshot snapshot = { 0 };
	owned_str struct str note = { 0 };
	char *line, *rest;

	if (!options->baseline)
		return 0;
	if (snapshot_read(options->baseline, &snapshot, err) < 0)
		return -1;
	if (!snapshot.whole)
		return err_policy(
			err, "report",
			"%s: is no baseline: the run is not whole, or cannot be "
			"believed",
			options->baseline);
	if (change_apply(&snapshot, results, err) < 0)
		return err_within(err, "%s", options->baseline);
	change_note(&snapshot, results, &note);
	rest = note.text;
	while (rest && (line = strsep(&rest, "\n")) != NULL)
		if (line[0])
			(void)fprintf(stderr, "confine report: %s: %s\n",
				      options->baseline, line);
	return 0;
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

static int diff(const struct options *options)
{
	owned_snapshot struct snapshot old = { 0 }, new = { 0 };
	owned_results struct results results = { 0 };
	owned_str struct str text = { 0 };
	size_t counts[CHANGE_COUNT];
	struct outcome outcome;
	struct err err = { 0 };

	if (snapshot_read(options->inputs[0], &old, &err) < 0 ||
	    read_file(options->inputs[1], &results, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	outcome_compute(&results, &outcome);
	snapshot_take(&results, &outcome, &new);
	if (change_check(&old, &new, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	change_write(&old, &new, counts, &text);
	if (output_write(options->output, &text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	if (outcome.exit == OUTCOME_EVIDENCE)
		return OUTCOME_EVIDENCE;
	if (counts[CHANGE_REGRESSED])
		return OUTCOME_BREACHED;
	return results.complete && !results.partial ? OUTCOME_PASS : OUTCOME_INCOMPLETE;
}

static int baseline(const struct options *options)
{
	owned_snapshot struct snapshot snapshot = { 0 };
	owned_str struct str text = { 0 };
	struct err err = { 0 };

	/* A baseline of a baseline is that baseline. What is compared with has to be whole. */
	if (snapshot_read(options->inputs[0], &snapshot, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	if (!snapshot.whole) {
		(void)err_policy(&err, "report",
				 "%s: is no baseline: the run is not whole, or cannot be "
				 "believed",
				 options->inputs[0]);
		return complain(&err, OUTCOME_USAGE);
	}
	snapshot_write(&snapshot, &text);
	if (output_write(options->output, &text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	return OUTCOME_PASS;
}

static int list_waivers(const struct options *options)
{
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str text = { 0 };
	char today[sizeof("YYYY-MM-DD")];
	time_t now = time(NULL);
	struct err err = { 0 };
	struct tm utc;

	if (!gmtime_r(&now, &utc) ||
	    strftime(today, sizeof(today), "%Y-%m-%d", &utc) != sizeof(today) - 1) {
		(void)err_set(&err, ERR_INTERNAL, "report", "the clock has no date");
		return complain(&err, OUTCOME_INTERNAL);
	}
	if (waivers_read(options->inputs[0], &waivers, &err) < 0 ||
	    waivers_list(&waivers, today, &text, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	if (output_write(options->output, &text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	return OUTCOME_PASS;
}

static int report_one(const struct options *options)
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
	    read_waivers(options, &waivers, &results, &err) < 0 ||
	    hold_against_baseline(options, &results, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	outcome_compute(&results, &outcome);
	if (options->format->write(&results, &outcome, &taste, &text, &err) < 0)
		return complain(&err, OUTCOME_INTERNAL);
	if (output_write(options->output, &text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	return (int)outcome.exit;
}

/* Several files are merged, whatever it is called. */
static int report(const struct options *options)
{
	struct err err = { 0 };

	if (options->input_count > 1 && options->baseline) {
		(void)err_policy(&err, "report",
				 "--baseline goes with one run, not with %zu",
				 options->input_count);
		return complain(&err, OUTCOME_USAGE);
	}
	return options->input_count > 1 ? merge(options) : report_one(options);
}

static int help(const struct options *options)
{
	(void)options;
	options_help(stdout);
	return fflush(stdout) == 0 ? OUTCOME_PASS : OUTCOME_NOT_WRITTEN;
}

static int version(const struct options *options)
{
	(void)options;
	(void)puts("confine " CONFINE_VERSION);
	return fflush(stdout) == 0 ? OUTCOME_PASS : OUTCOME_NOT_WRITTEN;
}

static int (*const commands[VERB_COUNT])(const struct options *options) = {
	[VERB_REPORT] = report,
	[VERB_MERGE] = merge,
	[VERB_DIFF] = diff,
	[VERB_BASELINE] = baseline,
	[VERB_WAIVERS] = list_waivers,
	[VERB_HELP] = help,
	[VERB_VERSION] = version,
	[VERB_SIGN] = command_sign,
	[VERB_VERIFY] = command_verify,
	[VERB_SAMPLE] = command_sample,
};

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
	return commands[options.verb](&options);
}
