/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_guidance - what to type on this host to get a capability that is missing
 *
 * Only what was read and found wrong is advised: a switch that stands wrong, a package of this
 * distribution. Where nothing of the kind is found, capability_advice[] says what there is to say.
 */
#ifndef RUNNER_HOST_GUIDANCE_H
#define RUNNER_HOST_GUIDANCE_H

#include "runner/base/arena.h"
#include "runner/capabilities.h"

#define GUIDANCE_MAX 16

struct guidance {
	enum capability capability;
	const char *command; /* for a root shell, or NULL */
	const char *text;    /* why, or what to do where no command helps */
};

/* PRETTY_NAME of os-release(5), "unknown" without one; in the arena. */
const char *host_distribution(struct arena *arena);

/* Fills at most GUIDANCE_MAX entries for the capabilities that are missing; returns how many. Two
 * that the same command helps have one entry. */
size_t host_guidance(const struct capabilities *caps, struct arena *arena,
		     struct guidance *ret);

#endif
