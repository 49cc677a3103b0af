/* SPDX-License-Identifier: Apache-2.0 */
/* receipt - what was asked, what each layer did, what was seen, how it ended (confine-receipt/1) */
#ifndef RUNNER_RECEIPT_H
#define RUNNER_RECEIPT_H

#include "runner/supervise.h"
#include "runner/verify.h"

/**
 * receipt_make() - Build the whole document; the caller's
 * @view:	what was seen before exec, or NULL when nothing was started
 */
struct json *receipt_make(const struct plan *plan, const struct view *view,
			  const struct outcome *outcome);

#endif
