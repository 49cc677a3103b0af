/* SPDX-License-Identifier: Apache-2.0 */
/* capture - see capture.h. */
#include "conformance/capture.h"
#include <string.h>

static void end_line(struct capture *capture)
{
	size_t keep = capture->line_length < CAPTURE_LAST_MAX ? capture->line_length
							      : CAPTURE_LAST_MAX;
	bool ours = false;

	if (!capture->overlong && capture->transcript && capture->line_length)
		ours = transcript_line(capture->nonce, capture->line,
				       capture->line_length, capture->transcript);
	if (keep && !ours) {
		memcpy(capture->last, capture->line, keep);
		capture->last_length = keep;
	}
	capture->line_length = 0;
	capture->overlong = false;
}

static void add_to_line(struct capture *capture, const char *bytes, size_t count)
{
	size_t room = sizeof(capture->line) - capture->line_length;

	if (count > room) {
		capture->overlong = true;
		count = room;
	}
	memcpy(capture->line + capture->line_length, bytes, count);
	capture->line_length += count;
}

static void look_for_needle(struct capture *capture, const char *bytes, size_t count)
{
	size_t length = capture->needle ? strlen(capture->needle) : 0;
	char border[2 * CAPTURE_NEEDLE_MAX];
	size_t used = capture->overlap_length, head;

	if (length == 0 || length > CAPTURE_NEEDLE_MAX || capture->needle_seen)
		return;
	head = count < length - 1 ? count : length - 1;
	memcpy(border, capture->overlap, used);
	memcpy(border + used, bytes, head);
	used += head;
	capture->needle_seen = memmem(border, used, capture->needle, length) ||
			       memmem(bytes, count, capture->needle, length);
	/* What could be the start of the needle, for the next chunk. */
	if (count >= length - 1) {
		bytes += count - (length - 1);
		used = length - 1;
		memcpy(capture->overlap, bytes, used);
	} else {
		head = used > length - 1 ? used - (length - 1) : 0;
		used -= head;
		memcpy(capture->overlap, border + head, used);
	}
	capture->overlap_length = used;
}

void capture_add(struct capture *capture, const char *bytes, size_t count)
{
	capture->bytes += count;
	look_for_needle(capture, bytes, count);
	while (count) {
		const char *newline = memchr(bytes, '\n', count);
		size_t part = newline ? (size_t)(newline - bytes) : count;

		add_to_line(capture, bytes, part);
		if (!newline)
			return;
		end_line(capture);
		bytes += part + 1;
		count -= part + 1;
	}
}

void capture_end(struct capture *capture)
{
	end_line(capture);
}
