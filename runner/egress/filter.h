/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* filter - a ruleset into the kernel, and out of it again: the one file that knows libnftables */
#ifndef EGRESS_FILTER_H
#define EGRESS_FILTER_H

#include "runner/base/err.h"
#include "runner/base/str.h"

/* All of it or nothing, in the network namespace of the caller. */
int filter_load(const char *rules, struct err *err);

/* Every rule of this network namespace, whoever made it, numbers as numbers. */
int filter_list(struct str *ret, struct err *err);

#endif
