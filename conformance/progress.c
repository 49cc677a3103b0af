/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/progress.h"
#include "runner/base/fd.h"
#include <time.h>
#include <unistd.h>

static const char clear_line[] = "\r\033[K";

enum {
	BAR_COLUMNS = 24,
	NARROW = 60,  /* columns below which there is no room for a bar */
	GUESS_AT = 5, /* probes after which the rest of the time can be guessed */
};

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail: clock_gettime(2) */
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void progress_start(struct progress *progress, const struct style *style, size_t total)
{
	*progress = (struct progress){ .style = *style, .total = total };
	progress->started = now();
}

void progress_add_line(struct str *str, const struct progress *progress, double seconds,
		       const char *what)
{
	size_t filled =
		progress->total ? progress->done * BAR_COLUMNS / progress->total : 0;
	size_t width = progress->style.width;

	if (!width || width >= NARROW) {
		str_add(str, "[");
		for (size_t i = 0; i < BAR_COLUMNS; i++)
			str_add(str, i < filled ? "#" : "-");
		str_add(str, "] ");
	}
	str_addf(str, "%zu/%zu ", progress->done, progress->total);
	if (progress->done >= GUESS_AT && progress->done < progress->total) {
		double rest = seconds / (double)progress->done *
			      (double)(progress->total - progress->done);
		unsigned int left = (unsigned int)(rest + 0.5);

		str_addf(str, "%u:%02u left ", left / 60, left % 60);
	}
	str_add(str, what);
}

void progress_show(struct progress *progress, const char *what)
{
	owned_str struct str line = { 0 };
	owned_str struct str text = { 0 };
	size_t width = progress->style.width;

	if (!progress->style.terminal)
		return;
	progress_add_line(&text, progress, now() - progress->started, what);
	str_add(&line, clear_line);
	style_add_clipped(&line, str_text(&text), width ? width - 1 : 78);
	/* A terminal that is gone is no reason to stop a run. */
	(void)fd_write_all(STDERR_FILENO, str_text(&line), line.length);
	progress->shown = true;
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		(void)fd_write_all(STDERR_FILENO, clear_line, sizeof(clear_line) - 1);
	progress->shown = false;
}
