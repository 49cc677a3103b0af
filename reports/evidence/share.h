/* SPDX-License-Identifier: Apache-2.0 */
/* share - where this installation keeps the texts and the probes */
#ifndef EVIDENCE_SHARE_H
#define EVIDENCE_SHARE_H

#include "runner/base/err.h"
#include "runner/base/str.h"

/* CONFINE_SHARE, or share/confine beside this program's own directory. POLICY: neither is there. */
int share_find(struct str *ret, struct err *err);

#endif
