/* SPDX-License-Identifier: Apache-2.0 */
/* policy - the handle of one: its whole text, which a run hands to its supervisor */
#ifndef LIBRARY_POLICY_H
#define LIBRARY_POLICY_H

#include "runner/confine.h"

struct confine_policy {
	char *json; /* resolved: the same again over the permissive profile */
};

#endif
