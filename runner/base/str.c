/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* str - see str.h. */
#include "runner/base/str.h"
#include "runner/base/arena.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void str_reserve(struct str *str, size_t more)
{
	size_t wanted, capacity = str->capacity ? str->capacity : 64;
	char *text;

	if (__builtin_add_overflow(str->length, more, &wanted) ||
	    __builtin_add_overflow(wanted, (size_t)1, &wanted))
		goto fail;
	if (wanted <= str->capacity)
		return;
	while (capacity < wanted)
		if (__builtin_mul_overflow(capacity, (size_t)2, &capacity))
			goto fail;
	text = realloc(str->text, capacity);
	if (!text)
		goto fail;
	str->text = text;
	str->capacity = capacity;
	return;
fail:
	arena_out_of_memory();
}

void str_add_bytes(struct str *str, const void *bytes, size_t count)
{
	str_reserve(str, count);
	if (count)
		memcpy(str->text + str->length, bytes, count);
	str->length += count;
	str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
	str_add_bytes(str, text, strlen(text));
}

void str_vaddf(struct str *str, const char *format, va_list arguments)
{
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length > 0) {
		str_reserve(str, (size_t)length);
		(void)vsnprintf(str->text + str->length, (size_t)length + 1, format,
				again);
		str->length += (size_t)length;
	}
	va_end(again);
}

void str_addf(struct str *str, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	str_vaddf(str, format, arguments);
	va_end(arguments);
}

const char *str_text(const struct str *str)
{
	return str->text ? str->text : "";
}

void str_clear(struct str *str)
{
	str->length = 0;
	if (str->text)
		str->text[0] = '\0';
}

void str_done(struct str *str)
{
	int saved = errno;

	free(str->text);
	memset(str, 0, sizeof(*str));
	errno = saved;
}

bool str_equal(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool str_has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

/* Well-formed sequences, table 3-7 of the Unicode standard: lead byte, then the range of
 * the second byte; every further byte is 80..BF. */
static const struct {
	unsigned char lead_min, lead_max, second_min, second_max, bytes;
} utf8_rows[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Bytes of the character at the start of `text` (1..4); 0 = not UTF-8; -1 = cut by the
 * end. */
static int utf8_length(const unsigned char *text, size_t count)
{
	for (size_t row = 0; row < sizeof(utf8_rows) / sizeof(utf8_rows[0]); row++) {
		if (text[0] < utf8_rows[row].lead_min ||
		    text[0] > utf8_rows[row].lead_max)
			continue;
		for (size_t i = 1; i < utf8_rows[row].bytes; i++) {
			unsigned char min = i == 1 ? utf8_rows[row].second_min : 0x80;
			unsigned char max = i == 1 ? utf8_rows[row].second_max : 0xbf;

			if (i >= count)
				return -1;
			if (text[i] < min || text[i] > max)
				return 0;
		}
		return utf8_rows[row].bytes;
	}
	return 0;
}

size_t str_utf8_floor(const char *bytes, size_t count)
{
	size_t back = count < 3 ? count : 3;

	for (size_t i = 1; i <= back; i++) {
		const unsigned char *start = (const unsigned char *)bytes + count - i;

		if ((*start & 0xc0) == 0x80)
			continue; /* a continuation byte: its lead is further left */
		return utf8_length(start, i) == -1 ? count - i : count;
	}
	return count;
}

bool str_is_utf8(const char *bytes, size_t count)
{
	const unsigned char *text = (const unsigned char *)bytes;

	for (size_t i = 0; i < count;) {
		int length = utf8_length(text + i, count - i);

		if (length <= 0)
			return false;
		i += (size_t)length;
	}
	return true;
}

static uint32_t utf8_decode(const unsigned char *text, int length)
{
	static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = text[0] & lead_mask[length];

	for (int i = 1; i < length; i++)
		code = code << 6 | (text[i] & 0x3fU);
	return code;
}

/* Characters that change how a line is shown, or cannot be shown: escaped for people. */
static const struct {
	uint32_t first, last;
} invisible[] = {
	{ 0x00, 0x1f },     { 0x7f, 0x9f },       { 0x061c, 0x061c }, { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f },   { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0xfffe, 0xffff }, { 0xe0000, 0xe0fff },
};

static bool is_visible(uint32_t code)
{
	for (size_t i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		if (code >= invisible[i].first && code <= invisible[i].last)
			return false;
	return true;
}

void str_add_visible(struct str *str, const char *bytes, size_t count, size_t max_bytes)
{
	const unsigned char *text = (const unsigned char *)bytes;
	size_t end = count < max_bytes ? count : max_bytes;

	for (size_t i = 0; i < end;) {
		int length = utf8_length(text + i, end - i);
		int step = length > 0 ? length : 1;

		if (length > 0 && text[i] == '\\')
			str_add(str, "\\\\");
		else if (length > 0 && is_visible(utf8_decode(text + i, length)))
			str_add_bytes(str, text + i, (size_t)length);
		else
			for (int k = 0; k < step; k++)
				str_addf(str, "\\x%02x", text[i + (size_t)k]);
		i += (size_t)step;
	}
	if (end < count)
		str_add(str, "…");
}

#define NEAREST_MAX 48

/* Levenshtein distance without case; words longer than NEAREST_MAX are far from
 * everything. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t row[NEAREST_MAX + 1], a_length = strlen(a), b_length = strlen(b);

	if (a_length > NEAREST_MAX || b_length > NEAREST_MAX)
		return NEAREST_MAX;
	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			bool same = strncasecmp(&a[i - 1], &b[j - 1], 1) == 0;
			size_t best = diagonal + (same ? 0 : 1);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b_length];
}

const char *str_nearest(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	size_t best = strlen(word) / 3 + 1; /* one slip in three letters, and one more */

	for (size_t i = 0; names[i]; i++) {
		size_t distance = edit_distance(word, names[i]);

		if (distance <= best && (!nearest || distance < best)) {
			best = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
