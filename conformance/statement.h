/* SPDX-License-Identifier: Apache-2.0 */
/* statement - what a target says of one very run: by its receipt, else by its file, else nothing */
#ifndef CONFORMANCE_STATEMENT_H
#define CONFORMANCE_STATEMENT_H

#include "conformance/target.h"
#include "runner/base/json_tree.h"

/**
 * statement_promise() - What is promised for one requirement
 * @receipt:	of the run, or NULL when there is none; a target that states by receipt then
 *		promises nothing
 */
enum promise statement_promise(const struct target *target, const struct json *receipt,
			       const struct requirement *requirement);
/* The receipt's own words for the mechanism of a layer, or NULL. */
const char *statement_mechanism(const struct json *receipt, enum layer layer);

#endif
