/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/progress.h"
#include "runner/base/fd.h"
#include <unistd.h>

static const char clear_line[] = "\r\033[K";

void progress_start(struct progress *progress, const struct style *style, size_t total)
{
	*progress = (struct progress){ .style = *style, .total = total };
}

void progress_show(struct progress *progress, const char *what)
{
	owned_str struct str line = { 0 };
	owned_str struct str text = { 0 };
	size_t width = progress->style.width;

	if (!progress->style.terminal)
		return;
	str_addf(&text, "%zu/%zu %s", progress->done, progress->total, what);
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
