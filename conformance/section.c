/* SPDX-License-Identifier: Apache-2.0 */
/* Headings are `### ID · title`, items `- text` and lines that go on with two spaces. */
#include "conformance/section.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <stdbool.h>
#include <string.h>

enum {
	TEXT_MAX_BYTES = 1 << 20,
};

static bool opens(const char *line, const char *id)
{
	size_t length = strlen(id);

	return str_has_prefix(line, "### ") && strncmp(line + 4, id, length) == 0 &&
	       line[4 + length] == ' ';
}

static void add_text(struct str *str, const char *text)
{
	for (; *text; text++)
		if (*text != '`' && *text != '*')
			str_add_bytes(str, text, 1);
}

int section_add_items(struct str *str, const char *path, const char *id, struct err *err)
{
	owned_str struct str text = { 0 };
	bool inside = false, item = false;
	char *rest, *line;

	if (fd_read_file(path, TEXT_MAX_BYTES, &text, err) < 0)
		return -1;
	rest = text.text;
	while (rest && (line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '#') {
			inside = opens(line, id);
			item = false;
		} else if (inside && str_has_prefix(line, "- ")) {
			item = !str_has_prefix(line, "- Probes: ");
			if (item) {
				str_add(str, str->length ? "\n" : "");
				add_text(str, line + 2);
			}
		} else if (inside && item && str_has_prefix(line, "  ")) {
			add_text(str, line + 1);
		} else {
			item = false;
		}
	}
	return 0;
}
