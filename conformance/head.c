/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and their order; what a value may be is the table of probe.c. */
#include "conformance/head.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

/* Where the reader of a head stands. */
struct head {
	const char *rest; /* text from the next line on */
	const char *end;
	unsigned int line; /* of the line that was taken last */
	size_t next;       /* first key that may still come */
	size_t seen[PROBE_KEY_COUNT];
};

/* The next line without its newline; false at the end of the text. */
static bool take_line(struct head *head, const char **line, size_t *length)
{
	const char *newline;

	if (head->rest >= head->end)
		return false;
	newline = memchr(head->rest, '\n', (size_t)(head->end - head->rest));
	*line = head->rest;
	*length = (size_t)((newline ? newline : head->end) - head->rest);
	head->rest = newline ? newline + 1 : head->end;
	head->line++;
	return true;
}

static bool continues(const struct head *head)
{
	return head->end - head->rest > 3 && strncmp(head->rest, "#  ", 3) == 0;
}

static bool is_preamble(const char *line, size_t length)
{
	static const char spdx[] = "# SPDX-License-Identifier: ";

	return (length >= 2 && strncmp(line, "#!", 2) == 0) ||
	       (length >= sizeof(spdx) && strncmp(line, spdx, sizeof(spdx) - 1) == 0);
}

/* Value of one key with its continuation lines, spaces at both ends of each line taken off. */
static const char *join_value(struct head *head, bool may_continue, const char *text,
			      size_t length, struct arena *arena)
{
	owned_str struct str joined = { 0 };

	for (;;) {
		while (length && text[0] == ' ') {
			text++;
			length--;
		}
		while (length && text[length - 1] == ' ')
			length--;
		if (joined.length && length)
			str_add(&joined, " ");
		str_add_bytes(&joined, text, length);
		if (!may_continue || !continues(head) || !take_line(head, &text, &length))
			return arena_strdup(arena, str_text(&joined));
		text++; /* the # */
		length--;
	}
}

static size_t key_index(const char *name, size_t length)
{
	size_t i = 0;

	while (i < PROBE_KEY_COUNT && (strlen(probe_keys[i].name) != length ||
				       strncmp(probe_keys[i].name, name, length) != 0))
		i++;
	return i;
}

static int check_order(struct head *head, const struct probe_value *at, size_t key)
{
	if (head->seen[key] && probe_keys[key].times != TIMES_ANY)
		return probe_fault(at, "given twice", probe_keys[key].name);
	if (key < head->next)
		return probe_fault(at, "out of order", probe_keys[key].name);
	for (size_t i = head->next; i < key; i++)
		if (probe_keys[i].times == TIMES_ONCE && !head->seen[i])
			return probe_fault(at, "missing before this line",
					   probe_keys[i].name);
	head->seen[key]++;
	head->next = key + (probe_keys[key].times == TIMES_ANY ? 0 : 1);
	return 0;
}

static int read_line(struct head *head, const char *line, size_t length,
		     struct probe_value *at, struct probe *probe)
{
	const char *colon = memchr(line, ':', length);
	size_t key = colon && length > 2 ? key_index(line + 2, (size_t)(colon - line) - 2)
					 : PROBE_KEY_COUNT;

	at->line = head->line;
	if (length < 2 || line[1] != ' ' || key == PROBE_KEY_COUNT)
		return probe_fault(
			at, "not a line `# key: value` of a known key",
			arena_strndup(at->arena, line, length < 60 ? length : 60));
	at->text = join_value(head, probe_keys[key].continues, colon + 1,
			      length - (size_t)(colon + 1 - line), at->arena);
	if (!at->text[0])
		return probe_fault(at, "no value", probe_keys[key].name);
	if (check_order(head, at, key) < 0)
		return -1;
	return probe_keys[key].read(at, probe);
}

static int check_text(const struct probe_value *at, const char *text, size_t length)
{
	if (!str_is_utf8(text, length))
		return probe_fault(at, "not valid UTF-8", NULL);
	for (size_t i = 0; i < length; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\n' &&
		     text[i] != '\t') ||
		    text[i] == 0x7f)
			return probe_fault(at, "a control character", NULL);
	return 0;
}

int head_read(const char *file, const char *text, size_t length, struct arena *arena,
	      struct probe *probe, struct err *err)
{
	static const char *const nothing[] = { NULL };
	struct head head = { .rest = text, .end = text + length };
	struct probe_value at = { .file = file, .line = 1, .arena = arena, .err = err };
	struct probe read = { .rests_on = nothing, .closed = nothing };
	const char *line;
	size_t bytes;

	if (probe_read_path(&at, &read) < 0 || check_text(&at, text, length) < 0)
		return -1;
	while (take_line(&head, &line, &bytes)) {
		if (head.next == 0 && is_preamble(line, bytes))
			continue;
		if (bytes < 2 || line[0] != '#') /* a bare # ends the head as well */
			break;
		if (read_line(&head, line, bytes, &at, &read) < 0)
			return -1;
	}
	at.line = head.line;
	for (size_t i = 0; i < PROBE_KEY_COUNT; i++)
		if (probe_keys[i].times == TIMES_ONCE && !head.seen[i])
			return probe_fault(&at, "the head ends without",
					   probe_keys[i].name);
	if (probe_check(&at, &read) < 0)
		return -1;
	*probe = read;
	return 0;
}
