/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/placeholder.h"
#include <string.h>

const char *placeholder_find(const char *text, size_t *ret_length, const char **ret_end)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz-";

	for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
		size_t length = strspn(open + 1, allowed);

		if (length > 0 && open[length + 1] == '}') {
			*ret_length = length;
			*ret_end = open + length + 2;
			return open + 1;
		}
	}
	return NULL;
}

bool placeholder_is(const char *name, size_t length, const char *candidate)
{
	return candidate && strlen(candidate) == length &&
	       strncmp(candidate, name, length) == 0;
}

bool placeholder_is_common(const char *name, size_t length)
{
	static const char *const common[] = { "confine", "scratch", "probes", "receipt" };

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (placeholder_is(name, length, common[i]))
			return true;
	return false;
}
