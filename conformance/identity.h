/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - the host-side credentials that a script was seen to have, and how to assume them
 *
 * A control act that runs as somebody stronger would blame the sandbox for what plain file modes
 * stop; as somebody weaker it would not work at all. Only what the layer under test takes away
 * stays as the caller has it: probes/README.md, key `reach`.
 */
#ifndef CONFORMANCE_IDENTITY_H
#define CONFORMANCE_IDENTITY_H

#include "conformance/requirements.h"
#include "conformance/transcript.h"
#include <stdbool.h>
#include <sys/types.h>

struct identity {
	bool known;
	uid_t uid; /* host side, from the owner of a file that the script made */
	gid_t gid;
	bool own_user_namespace; /* numbers in the facts are not the host's; no capability is */
	struct facts facts;
};

/* From the facts line and the owner of the file that held it. `user_ns`: inode of the user
 * namespace of whoever started the launcher. */
void identity_set(struct identity *identity, const struct facts *facts, uid_t uid,
		  gid_t gid, uint64_t user_ns);

/**
 * identity_assume() - Makes the calling process that identity, for good
 * @privileged:	real root; else uid, gid and groups stay what they are, which is the same person
 * @layer:	of the probe: decides what is left alone
 * Return: 0, or -1 and errno. Child side: no allocation.
 */
int identity_assume(const struct identity *identity, bool privileged, enum layer layer);

#endif
