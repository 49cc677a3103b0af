/* SPDX-License-Identifier: Apache-2.0 */
/* share - see share.h. The program is in bin/ or in libexec/confine/. */
#include "reports/evidence/share.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_probes(const char *directory)
{
	owned_str struct str path = { 0 };

	str_addf(&path, "%s/probes/lib.sh", directory);
	return access(path.text, R_OK) == 0;
}

int share_find(struct str *ret, struct err *err)
{
	static const char *const ways[] = { "../../share/confine", "../share/confine" };
	const char *named = getenv("CONFINE_SHARE");
	char own[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;

	if (named && named[0] && holds_probes(named)) {
		str_add(ret, named);
		return 0;
	}
	own[length > 0 ? length : 0] = '\0';
	slash = strrchr(own, '/');
	for (size_t i = 0; slash && i < 2; i++) {
		owned_str struct str path = { 0 };

		str_addf(&path, "%.*s/%s", (int)(slash - own), own, ways[i]);
		if (holds_probes(path.text)) {
			str_add(ret, path.text);
			return 0;
		}
	}
	return err_policy(err, "report",
			  "there are no probes in share/confine beside this program; "
			  "CONFINE_SHARE names the directory");
}
