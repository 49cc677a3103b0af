/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handicap - takes one kernel facility away from a launcher, to see whether it fails closed
 *
 * A seccomp filter that answers EPERM, as a container's own filter would. Source: seccomp(2)
 */
#ifndef CONFORMANCE_HANDICAP_H
#define CONFORMANCE_HANDICAP_H

#include <stdbool.h>

bool handicap_exists(const char *name);
/* For the calling process and all it starts; needs CAP_SYS_ADMIN in its user namespace, so that
 * no_new_privs stays as it was. 0, or -1 and errno. No allocation. */
int handicap_apply(const char *name);

#endif
