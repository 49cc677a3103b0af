/* SPDX-License-Identifier: Apache-2.0 */
/* line - see line.h. */
#include "reports/line.h"
#include <string.h>

/* Most of what is written needs no cleaning at all. */
static bool is_clean(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == '\\')
			return false;
	return true;
}

void line_add(struct str *str, const char *text, size_t max_bytes)
{
	owned_str struct str shown = { 0 };
	size_t length = strnlen(text, max_bytes + 1), end;

	if (length <= max_bytes && is_clean(text, length)) {
		str_add_bytes(str, text, length);
		return;
	}
	/* Cleaning never shortens: more input than max_bytes cannot be needed. */
	end = length <= max_bytes ? length : str_utf8_floor(text, max_bytes);
	str_add_visible(&shown, text, end, end);
	if (shown.length <= max_bytes && end == length) {
		str_add_bytes(str, str_text(&shown), shown.length);
		return;
	}
	if (shown.length > max_bytes)
		shown.length = str_utf8_floor(shown.text, max_bytes);
	str_add_bytes(str, str_text(&shown), shown.length);
	str_add(str, "…");
}

void line_add_raw(struct str *str, const char *text, size_t max_bytes)
{
	size_t length = strnlen(text, max_bytes + 1);

	if (length <= max_bytes) {
		str_add_bytes(str, text, length);
		return;
	}
	str_add_bytes(str, text, str_utf8_floor(text, max_bytes));
	str_add(str, "…");
}
