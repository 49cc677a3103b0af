/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invocation - odd ways in which a caller may start a launcher
 *
 * Each is one that a cron job, a careless supervisor or somebody who means harm brings about, and
 * none takes anything away from what the launcher may do.
 */
#ifndef CONFORMANCE_INVOCATION_H
#define CONFORMANCE_INVOCATION_H

#include <stdbool.h>

bool invocation_exists(const char *name);
/* Of the calling process, before exec. root: a directory that it may write. -1 and errno. */
int invocation_apply(const char *name, const char *root);

#endif
