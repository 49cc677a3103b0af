/* SPDX-License-Identifier: Apache-2.0 */
/* io_limit - is disk input and output of a process bounded by its cgroups? */
#ifndef CONFORMANCE_IO_LIMIT_H
#define CONFORMANCE_IO_LIMIT_H

#include <stdbool.h>

/**
 * io_limit_holds() - Is there a number for reading and one for writing, at any level above the process?
 * @membership: text of its /proc/PID/cgroup
 * The kernel has no other place for such a number. Source: kernel documents
 * admin-guide/cgroup-v2.rst (io.max), admin-guide/cgroup-v1/blkio-controller.rst
 */
bool io_limit_holds(const char *membership);

#endif
