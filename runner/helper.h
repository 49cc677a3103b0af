/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper - a program that the supervisor starts for itself: from places that no variable chooses,
 * with a constant environment and no way to new privileges, holding nothing of ours but the streams
 * that it is given; it ends with us
 */
#ifndef RUNNER_HELPER_H
#define RUNNER_HELPER_H

#include "runner/base/err.h"
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* Statuses of a child that did not become the program: none that one of them ends with. */
enum helper_status {
	HELPER_NOT_FOUND = 111,
	HELPER_NOT_EXECUTABLE,
	HELPER_NOT_PREPARED,
	HELPER_NOT_JOINED, /* its caller's: it could not enter what it was to work on */
};

struct helper {
	const char *const *argv;
	char home[PATH_MAX];       /* of this image, without the last slash; or "" */
	const char *const *places; /* below it, tried in this order; NULL-terminated */
	pid_t parent;              /* who it ends with: us */
};

/* Its streams; -1 = /dev/null. */
struct helper_streams {
	int in, out, errors;
	int extra, extra_as; /* one more, and its number there; -1 = none */
};

/**
 * helper_init() - A program of ours, installed in libexec/confine or beside this image
 * @layer:	whose work it is, for errors
 * @argv:	NULL-terminated; argv[0] is its name; it outlives @helper
 * Return: 0; or -1 SYSTEM, the image's own place cannot be read
 */
int helper_init(struct helper *helper, const char *layer, const char *const *argv,
		struct err *err);

/* A program of the system: in the directories that root alone fills. Arguments as above. */
void helper_init_system(struct helper *helper, const char *const *argv);

/* Child side of fork; it allocates nothing. Capabilities that shall stay are ambient. */
noreturn void helper_become(const struct helper *helper,
			    const struct helper_streams *streams);

/* Somebody wants the run to end: a signal that the caller of this blocked, and will read. To be asked every
 * HELPER_LOOK_MS by whoever waits for a helper. */
bool helper_is_called_off(void);
#define HELPER_LOOK_MS 100

/**
 * helper_end() - Its status as from wait(2), once it has ended: by itself in @patience_ms, else by us
 * @pid:	a child that nobody has waited for; -1 afterwards. Below 0: nothing to end, 0
 */
int helper_end(pid_t *pid, unsigned int patience_ms);

#endif
