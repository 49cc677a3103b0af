/* SPDX-License-Identifier: Apache-2.0 */
/* valid - `confine check --still-valid FILE`: do the conditions of a record still hold? */
#ifndef CONFORMANCE_VALID_H
#define CONFORMANCE_VALID_H

#include "conformance/suite.h"

/**
 * valid_check() - Measures again and compares; starts no sandbox and runs no probe
 * @path:	results.json
 * @holds:	nothing has changed
 * @text:	what changed, and what follows; to be printed
 * Return: 0; or -1: POLICY, it is no record with conditions; SYSTEM, it cannot be read
 */
int valid_check(struct suite *suite, const char *path, bool *holds, struct str *text,
		struct err *err);

#endif
