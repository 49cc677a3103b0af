/* SPDX-License-Identifier: Apache-2.0 */
/* One line of the membership for each hierarchy: its group and all above it are asked. */
#include "conformance/io_limit.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct bounds {
	bool reads, writes;
};

static bool has_text(const char *group, const char *file, const char *word)
{
	char path[PATH_MAX], text[4096];

	if (snprintf(path, sizeof(path), "%s/%s", group, file) >= (int)sizeof(path) ||
	    fd_read_small_at(AT_FDCWD, path, text, sizeof(text)) <= 0)
		return false;
	return word ? strstr(text, word) != NULL : text[0] != '\0';
}

/* io.max shows "max" for what has no number: a number begins with a digit. */
static bool has_number(const char *group, const char *key)
{
	char path[PATH_MAX], text[4096];
	const char *at = text;

	if (snprintf(path, sizeof(path), "%s/io.max", group) >= (int)sizeof(path) ||
	    fd_read_small_at(AT_FDCWD, path, text, sizeof(text)) <= 0)
		return false;
	while ((at = strstr(at, key)) != NULL) {
		at += strlen(key);
		if (*at >= '0' && *at <= '9')
			return true;
	}
	return false;
}

static void ask(const char *group, struct bounds *bounds)
{
	bounds->reads |= has_number(group, "rbps=") || has_number(group, "riops=") ||
			 has_text(group, "blkio.throttle.read_bps_device", NULL) ||
			 has_text(group, "blkio.throttle.read_iops_device", NULL);
	bounds->writes |= has_number(group, "wbps=") || has_number(group, "wiops=") ||
			  has_text(group, "blkio.throttle.write_bps_device", NULL) ||
			  has_text(group, "blkio.throttle.write_iops_device", NULL);
}

static void ask_all_above(const char *home, const char *group, struct bounds *bounds)
{
	char path[PATH_MAX];
	size_t least = strlen(home);

	if (snprintf(path, sizeof(path), "%s%s", home, group) >= (int)sizeof(path))
		return;
	for (char *slash = path + strlen(path); slash && strlen(path) > least;
	     slash = strrchr(path, '/')) {
		*slash = '\0';
		if (strlen(path) >= least)
			ask(path, bounds);
	}
}

/* "7:blkio:/group" or "0::/group" */
static void ask_line(char *line, struct bounds *bounds)
{
	static const char *const unified[] = { "/sys/fs/cgroup",
					       "/sys/fs/cgroup/unified" };
	char *controllers = strchr(line, ':');
	char *group = controllers ? strchr(controllers + 1, ':') : NULL;

	if (!group)
		return;
	*group++ = '\0';
	controllers++;
	if (strstr(controllers, "blkio"))
		ask_all_above("/sys/fs/cgroup/blkio", group, bounds);
	for (size_t i = 0; !controllers[0] && i < ARRAY_SIZE(unified); i++)
		ask_all_above(unified[i], group, bounds);
}

bool io_limit_holds(const char *membership)
{
	char text[4096], *rest = text, *line;
	struct bounds bounds = { false, false };

	(void)snprintf(text, sizeof(text), "%s", membership);
	while ((line = strsep(&rest, "\n")) != NULL)
		ask_line(line, &bounds);
	return bounds.reads && bounds.writes;
}
