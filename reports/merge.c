/* SPDX-License-Identifier: Apache-2.0 */
/* merge - see merge.h. The one pass. */
#include "reports/merge.h"
#include "reports/gather.h"
#include "reports/output.h"
#include "reports/read.h"
#include "reports/sink.h"
#include "reports/waivers.h"
#include "runner/base/parse.h"
#include <malloc.h>

#define AGE_MAX_MS  (3660ULL * 24 * 3600 * 1000) /* ten years */
#define PIECE_BYTES (256U << 10)                 /* written when there is so much of it */

struct job {
	const struct options *options;
	const struct merge_writer *writer;
	struct merge_state state;
	struct waivers waivers;
	struct fleet fleet;
	struct receipts receipts;
	struct gather paths;
	struct sink sink;
	struct str text;
	time_t oldest; /* 0: no run is too old */
};

static void job_done(struct job *job)
{
	waivers_done(&job->waivers);
	fleet_done(&job->fleet);
	receipts_done(&job->receipts);
	gather_done(&job->paths);
	sink_done(&job->sink);
	str_done(&job->text);
}
#define owned_job __attribute__((cleanup(job_done)))

static int prepare(struct job *job, struct err *err)
{
	const struct options *options = job->options;
	uint64_t age_ms = 0;

	if (options->waivers && waivers_read(options->waivers, &job->waivers, err) < 0)
		return -1;
	if (options->expect && fleet_expect(&job->fleet, options->expect, err) < 0)
		return -1;
	if (options->max_age) {
		if (parse_duration_ms(options->max_age, AGE_MAX_MS, &age_ms, err) < 0)
			return err_within(err, "--max-age");
		job->oldest = time(NULL) - (time_t)(age_ms / 1000);
	}
	for (size_t i = 0; i < options->input_count; i++)
		if (gather_add(&job->paths, options->inputs[i], err) < 0)
			return -1;
	if (gather_sort(&job->paths, err) < 0)
		return -1;
	for (size_t i = 0; i < job->paths.count; i++)
		if (output_is_input(options->output, job->paths.paths[i]))
			return err_policy(err, "report",
					  "%s would be overwritten by its report",
					  job->paths.paths[i]);
	return 0;
}

/* Reads, counts, writes and forgets one run. */
static int take(struct job *job, const char *path, struct err *err)
{
	owned_results struct results results = { 0 };
	struct outcome outcome;

	if (read_file(path, &results, err) < 0)
		return -1;
	if (job->options->waivers && waivers_apply(&job->waivers, &results, err) < 0)
		return err_within(err, "%s", path);
	outcome_compute(&results, &outcome);
	if (fleet_add(&job->fleet, path, &results, &outcome, job->oldest, err) < 0)
		return -1;
	if (job->writer->add)
		job->writer->add(&job->state, &results, &outcome, &job->text);
	return 0;
}

/* -1: *err; *written tells whether it is about the report. */
static int run(struct job *job, bool *written, struct err *err)
{
	if (prepare(job, err) < 0)
		return -1;
	*written = true;
	if (sink_begin(&job->sink, job->options->output, err) < 0)
		return -1;
	if (job->writer->begin)
		job->writer->begin(&job->state, &job->text);
	for (size_t i = 0; i < job->paths.count; i++) {
		*written = false;
		if (take(job, job->paths.paths[i], err) < 0)
			return -1;
		*written = true;
		if (job->text.length > PIECE_BYTES &&
		    sink_add(&job->sink, &job->text, err) < 0)
			return -1;
	}
	*written = false;
	if (fleet_finish(&job->fleet, err) < 0)
		return -1;
	if (job->options->receipts) {
		if (receipts_read(job->options->receipts, &job->fleet, &job->receipts,
				  err) < 0)
			return -1;
		job->state.receipts = &job->receipts;
	}
	*written = true;
	if (job->writer->end(&job->state, &job->fleet, &job->text, err) < 0 ||
	    sink_add(&job->sink, &job->text, err) < 0)
		return -1;
	return sink_end(&job->sink, err);
}

int merge_run(const struct options *options, const struct format_taste *taste,
	      struct err *err)
{
	owned_job struct job job = {
		.options = options,
		.writer = merge_writer_find(options->format->name),
		.state = { .taste = taste },
	};
	bool written = false;

	if (!job.writer) {
		owned_str struct str names = { 0 };

		merge_writer_names(&names);
		(void)err_policy(err, "report", "runs can be merged into %s", names.text);
		return OUTCOME_USAGE;
	}
	/* Trees of one size come and go; returning their pages each time would cost more than all of
	 * the parsing. */
	(void)mallopt(M_TRIM_THRESHOLD, 32 << 20);
	(void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
	if (run(&job, &written, err) == 0)
		return (int)fleet_exit(&job.fleet);
	if (err->code == ERR_UNSUPPORTED)
		return OUTCOME_EVIDENCE;
	return written ? OUTCOME_NOT_WRITTEN : OUTCOME_USAGE;
}
