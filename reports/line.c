/* SPDX-License-Identifier: Apache-2.0 */
/* line - see line.h. */
#include "reports/line.h"
#include <string.h>

void line_add(struct str *str, const char *text, size_t max_bytes)
{
	owned_str struct str shown = { 0 };
	size_t length = strnlen(text, max_bytes + 1), end;

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
