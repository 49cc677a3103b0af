/* SPDX-License-Identifier: Apache-2.0 */
/* notice - see notice.h */
#include "runner/notice.h"
#include "runner/base/json.h"
#include <stdio.h>

static const char *const codes[] = {
	[ERR_NONE] = "none",
	[ERR_POLICY] = "policy",
	[ERR_UNSUPPORTED] = "unsupported",
	[ERR_SYSTEM] = "system",
	[ERR_INTERNAL] = "internal",
};

static const char *const levels[] = {
	[NOTICE_ERROR] = "error",
	[NOTICE_WARNING] = "warning",
};

static void tell_program(int fd, enum notice_level level, const struct err *err,
			 const char *text)
{
	owned_json struct json *line = json_object();
	struct err ignored;

	json_add_string(line, "schema", "confine-message/1");
	json_add_string(line, "level", levels[level]);
	json_add_string(line, "code", codes[err->code]);
	if (err->layer)
		json_add_string(line, "layer", err->layer);
	else
		json_add_null(line, "layer");
	if (err->sys)
		json_add_u64(line, "errno", (uint64_t)err->sys);
	else
		json_add_null(line, "errno");
	json_add_text(line, "message", text);
	(void)json_write_fd(fd, line, false, &ignored);
}

void notice_tell(int fd, enum notice_level level, const struct err *err, const char *text)
{
	if (!text)
		text = err->msg;
	if (fd >= 0)
		tell_program(fd, level, err, text);
	else
		fprintf(stderr, "confine run: %s\n", text);
}
