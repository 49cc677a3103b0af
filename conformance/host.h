/* SPDX-License-Identifier: Apache-2.0 */
/* host - facts of the machine that go into the results: what a verdict was true of */
#ifndef CONFORMANCE_HOST_H
#define CONFORMANCE_HOST_H

#include "runner/base/arena.h"
#include <stdbool.h>

struct host_facts {
	const char *hostname, *kernel, *machine;
	const char *os;     /* PRETTY_NAME of os-release, "unknown" without */
	const char *lsm;    /* comma-separated, "unknown" when the kernel does not say */
	const char *cgroup; /* "v1 cpu memory pids; v2 hugetlb", "none" */
	int landlock_abi;   /* 0: none */
	bool user_namespaces; /* one could be made, in a child that is gone again */
};

/* Never fails: what cannot be found out is "unknown". Strings are the arena's. */
void host_measure(struct arena *arena, struct host_facts *facts);

#endif
