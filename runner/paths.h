/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paths - the policy's paths on this host: what the links in them lead to, and the directories of the
 * caller's scratch that must not be moved away from around them
 *
 * The policy's reader compares text; here what the text leads to is compared.
 */
#ifndef RUNNER_PATHS_H
#define RUNNER_PATHS_H

#include "runner/outline.h"
#include "runner/policy.h"

/**
 * paths_read() - Look up the paths of readOnly and hide
 * @request:	scratch and modules are set; read_only_leads, hide_leads and held are filled
 * Return: 0; or -1 POLICY: an entry of readOnly leads through a link (but from what every run shows to
 * what every run shows), or one of either list through a link into scratch or in it; is hidden; or
 * cannot be looked at
 */
int paths_read(const struct policy *policy, struct arena *arena, struct request *request,
	       struct err *err);

#endif
