/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module - see module.h. Not a parser: a `/` that begins a regular expression cannot be told from a
 * division without one. So quotes inside of one may mislead it, though only up to the end of that
 * line; a lone back quote in one, until the next.
 */
#include "runner/module.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

static const char before[] = "export default async function (context) { ";
static const char behind[] = "\n}\n";

struct source {
	const char *at, *end;
};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f' ||
	       byte == '\v';
}

static bool starts_with(const struct source *source, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(source->end - source->at) >= length &&
	       !memcmp(source->at, word, length);
}

static bool begins_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       byte == '_' || byte == '$' || byte == '\\' || (unsigned char)byte >= 0x80;
}

/* Behind the word, what a statement can go on with and a name in an expression cannot. */
static bool is_statement(const struct source *source)
{
	static const char *const words[] = { "import", "export" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *next = source->at + strlen(words[i]);
		bool apart;

		if (!starts_with(source, words[i]))
			continue;
		apart = next < source->end && is_blank(*next);
		while (next < source->end && is_blank(*next))
			next++;
		if (next == source->end)
			return false;
		return strchr("\"'{*/\n", *next) || (apart && begins_name(*next));
	}
	return false;
}

static void skip_line(struct source *source)
{
	const char *found = memchr(source->at, '\n', (size_t)(source->end - source->at));

	source->at = found ? found : source->end;
}

static void skip_comment(struct source *source)
{
	for (source->at += 2; source->at < source->end; source->at++)
		if (starts_with(source, "*/")) {
			source->at += 2;
			return;
		}
}

/* To behind the closing quote; of '…' and "…" at most to the end of the line. */
static void skip_string(struct source *source)
{
	char quote = *source->at++;

	for (; source->at < source->end; source->at++) {
		if (*source->at == '\n' && quote != '`')
			return;
		if (*source->at == quote) {
			source->at++;
			return;
		}
		if (*source->at == '\\' && source->at + 1 < source->end)
			source->at++;
	}
}

bool module_has_statements(const char *source, size_t length)
{
	struct source rest = { source, source + length };
	bool fresh = true; /* nothing but blanks and comments on this line so far */

	while (rest.at < rest.end) {
		if (fresh && is_statement(&rest))
			return true;
		if (starts_with(&rest, "//") ||
		    (rest.at == source && starts_with(&rest, "#!"))) {
			skip_line(&rest);
		} else if (starts_with(&rest, "/*")) {
			skip_comment(&rest);
		} else if (*rest.at == '"' || *rest.at == '\'' || *rest.at == '`') {
			skip_string(&rest);
			fresh = false;
		} else {
			fresh = *rest.at == '\n' || (fresh && is_blank(*rest.at));
			rest.at++;
		}
	}
	return false;
}

const char *module_wrap(const char *source, size_t *length, struct arena *arena)
{
	size_t head = sizeof(before) - 1, tail = sizeof(behind) - 1;
	char *wrapped = arena_alloc(arena, head + *length + tail + 1);

	memcpy(wrapped, before, head);
	memcpy(wrapped + head, source, *length);
	/* A line that names an interpreter is one only at the very start. */
	if (*length >= 2 && !memcmp(source, "#!", 2))
		wrapped[head] = wrapped[head + 1] = '/';
	memcpy(wrapped + head + *length, behind, tail);
	*length += head + tail;
	return wrapped;
}
