/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* err - see err.h. */
#include "runner/base/err.h"
#include "runner/base/names.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void err_fill(struct err *err, enum err_code code, const char *layer, int sys)
{
	err->code = code;
	err->layer = layer;
	err->sys = sys;
}

int err_set(struct err *err, enum err_code code, const char *layer, const char *format,
	    ...)
{
	va_list arguments;

	err_fill(err, code, layer, 0);
	va_start(arguments, format);
	(void)vsnprintf(err->msg, sizeof(err->msg), format, arguments);
	va_end(arguments);
	return -1;
}

int err_sys(struct err *err, const char *layer, const char *format, ...)
{
	int sys = errno;
	va_list arguments;
	size_t used;

	err_fill(err, ERR_SYSTEM, layer, sys);
	va_start(arguments, format);
	(void)vsnprintf(err->msg, sizeof(err->msg), format, arguments);
	va_end(arguments);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", strerror(sys));
	return -1;
}

int err_within(struct err *err, const char *format, ...)
{
	char cause[sizeof(err->msg)];
	va_list arguments;
	size_t used;

	memcpy(cause, err->msg, sizeof(cause));
	va_start(arguments, format);
	(void)vsnprintf(err->msg, sizeof(err->msg), format, arguments);
	va_end(arguments);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", cause);
	return -1;
}

const char *err_name(int sys)
{
	static _Thread_local char unknown[24];
	const char *name = name_of_errno(sys);

	if (name)
		return name;
	(void)snprintf(unknown, sizeof(unknown), "errno %d", sys);
	return unknown;
}
