/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deployed - runs the target once as it is deployed: no namespace, cgroup or limit of ours
 *
 * Only the script that proves life and waits is ever run like this. What it needs lies in a
 * directory of the host for as long as that takes; a killed run's is removed by the next.
 */
#ifndef CONFORMANCE_DEPLOYED_H
#define CONFORMANCE_DEPLOYED_H

#include "conformance/session.h"

/* What both ways of running show: of the script, and of the launcher that started it. */
struct appearance {
	bool alive;
	struct facts facts;
	uint64_t launcher_ns[FACT_NS_COUNT];
	struct held held;
	const char *root; /* of the arm, for comparing paths */
	struct json *receipt;
};

/* -1: SYSTEM, could not be tried. A target that does not start is no error: not alive. */
int deployed_look(const struct session *session, struct arena *arena,
		  struct appearance *ret, struct err *err);
void appearance_done(struct appearance *appearance);

#endif
