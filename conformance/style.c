/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/style.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	WIDTH_MIN = 40, /* narrower than this, lines are left to wrap */
};

static const char *const colours[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = "\033[1;31m",    [VERDICT_ERROR] = "\033[1;35m",
	[VERDICT_UNTESTABLE] = "\033[33m",    [VERDICT_DEGRADED] = "\033[33m",
	[VERDICT_OPEN] = "\033[31m",          [VERDICT_ENFORCED] = "\033[32m",
	[VERDICT_NOT_APPLICABLE] = "\033[2m", [VERDICT_NONE] = "\033[33m",
};

static bool wants_colour(bool terminal, enum colour wish)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	if (wish != COLOUR_AUTO)
		return wish == COLOUR_ALWAYS;
	return terminal && !(no_colour && no_colour[0]) && !str_equal(term, "dumb");
}

struct style style_of(int fd, enum colour wish)
{
	struct winsize size = { 0 };
	bool terminal = isatty(fd) == 1;
	size_t width = terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;

	return (struct style){
		.terminal = terminal,
		.colour = wants_colour(terminal, wish),
		.width = width >= WIDTH_MIN ? width : 0,
	};
}

static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t style_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += starts_character(*text);
	return columns;
}

/* Bytes of the first `columns` characters. */
static size_t bytes_of(const char *text, size_t columns)
{
	size_t bytes = 0;

	while (text[bytes] && (columns || !starts_character(text[bytes])))
		columns -= starts_character(text[bytes++]);
	return bytes;
}

void style_add_clipped(struct str *str, const char *text, size_t columns)
{
	owned_str struct str clean = { 0 };
	size_t length = strlen(text);

	str_add_visible(&clean, text, length, length);
	if (!columns || style_columns(str_text(&clean)) <= columns) {
		str_add(str, str_text(&clean));
		return;
	}
	str_add_bytes(str, str_text(&clean), bytes_of(str_text(&clean), columns - 1));
	str_add(str, "…");
}

static void add_spaces(struct str *str, size_t count)
{
	str_addf(str, "%*s", (int)count, "");
}

void style_add_padded(struct str *str, const char *text, size_t columns)
{
	owned_str struct str clipped = { 0 };
	size_t used;

	style_add_clipped(&clipped, text, columns);
	used = style_columns(str_text(&clipped));
	str_add(str, str_text(&clipped));
	if (used < columns)
		add_spaces(str, columns - used);
}

void style_add_wrapped(struct str *str, const char *text, size_t width, size_t at,
		       size_t indent)
{
	owned_str struct str clean = { 0 };
	size_t column = at, length = strlen(text);
	bool first = true; /* on its line */
	char *rest, *word;

	str_add_visible(&clean, text, length, length);
	rest = clean.text;
	while (rest && (word = strsep(&rest, " ")) != NULL) {
		if (!word[0])
			continue;
		if (!first && column + 1 + style_columns(word) > width) {
			str_add(str, "\n");
			add_spaces(str, indent);
			column = indent;
		} else if (!first) {
			str_add(str, " ");
			column++;
		}
		str_add(str, word);
		column += style_columns(word);
		first = false;
	}
}

void style_add_verdict(struct str *str, const struct style *style, enum verdict verdict,
		       size_t columns)
{
	const char *name =
		verdict == VERDICT_NONE ? "not tested" : verdict_names[verdict];
	size_t used = strlen(name);

	if (style->colour)
		str_add(str, colours[verdict]);
	for (; *name; name++) {
		char upper = (char)toupper((unsigned char)*name);

		str_add_bytes(str, &upper, 1);
	}
	if (style->colour)
		str_add(str, "\033[0m");
	if (used < columns)
		add_spaces(str, columns - used);
}
