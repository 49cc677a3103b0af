/* SPDX-License-Identifier: Apache-2.0 */
/* explain - one probe or one requirement, for somebody who has never seen the code */
#ifndef CONFORMANCE_EXPLAIN_H
#define CONFORMANCE_EXPLAIN_H

#include "conformance/catalogue.h"
#include "conformance/controls.h"
#include "conformance/style.h"
#include "runner/base/err.h"

/* What there is to tell from. */
struct explain {
	const struct catalogue *catalogue;
	const struct controls *controls; /* without links: none are named */
	const char *text;                /* path of CONFORMANCE.md, or NULL */
	const char *repeat;              /* "confine check --target x" */
	struct style style;
};

/* The probe or the requirement of that name. -1: POLICY, with the nearest name, or SYSTEM. */
int explain_add(struct str *str, const struct explain *explain, const char *name,
		struct err *err);

/* What the words mean that all of these texts use. */
void explain_add_words(struct str *str, const struct explain *explain);

#endif
