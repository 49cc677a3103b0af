/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * err - one error value, made where it happens, wrapped on the way up, printed by main
 *
 * Contract: a fallible function returns 0 or -1. On -1 it has filled *err (never NULL) and left
 * its outputs untouched. errno is saved by the statement right after the failed call and never
 * crosses a module border. Nothing here allocates, so an error needs no clean-up.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

/* Whose move it is. */
enum err_code {
	ERR_NONE,
	ERR_POLICY,      /* the request is wrong: usage, policy, target, results file */
	ERR_UNSUPPORTED, /* this host cannot do it */
	ERR_SYSTEM,      /* a call failed that should have worked */
	ERR_INTERNAL,    /* our own mistake */
};

struct err {
	enum err_code code;
	const char *layer; /* static text: layer or module the error belongs to */
	int sys;           /* errno, or 0 */
	char msg[400];     /* one line, no newline; cut at the end when longer */
};

/* Every one returns -1, so that `return err_…(…)` is assignment and return in one. */
int err_set(struct err *err, enum err_code code, const char *layer, const char *format,
	    ...) __attribute__((format(printf, 4, 5), cold));

/* errno is read first; the message becomes "<format>: <strerror>". Code SYSTEM. */
int err_sys(struct err *err, const char *layer, const char *format, ...)
	__attribute__((format(printf, 3, 4), cold));

/* Prefixes "<format>: " and keeps code, layer and errno of the cause. */
int err_within(struct err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3), cold));

/* Short for err_set(err, ERR_POLICY, …): the request is at fault. */
#define err_policy(err, layer, ...) err_set((err), ERR_POLICY, (layer), __VA_ARGS__)

/* "EPERM" for EPERM, "errno 999" where unknown; static or thread-local text. */
const char *err_name(int sys);

#endif
