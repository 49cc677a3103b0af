/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice - what a run has to say to whoever started it: a line on standard error, or, for a program
 * that gave a descriptor for it, a line of JSON there (confine-message/1)
 *
 *	{ "schema", "level": "error" | "warning", "code": "policy" | "unsupported" | "system" |
 *	  "internal", "layer": text or null, "errno": number or null, "message": text }
 */
#ifndef RUNNER_NOTICE_H
#define RUNNER_NOTICE_H

#include "runner/base/err.h"

enum notice_level {
	NOTICE_ERROR,
	NOTICE_WARNING, /* the run goes on */
};

/* @fd: -1 = standard error, as text. A line that cannot be written is lost: there is nobody else to
 * tell. @text stands for err->msg where that was too small for it, NULL = it was not. */
void notice_tell(int fd, enum notice_level level, const struct err *err,
		 const char *text);

#endif
