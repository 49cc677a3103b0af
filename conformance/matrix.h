/* SPDX-License-Identifier: Apache-2.0 */
/* matrix - a run on one screen: a line per layer, then what is not green and what to do about it */
#ifndef CONFORMANCE_MATRIX_H
#define CONFORMANCE_MATRIX_H

#include "conformance/results.h"
#include "conformance/style.h"
#include "runner/base/str.h"

/* Target, host, policy: what the matrix is true of. */
void matrix_add_subject(struct str *str, const struct results *results,
			const struct style *style);
void matrix_add_layers(struct str *str, const struct results *results,
		       const struct gate *gate, const struct style *style);
/* Probe, cause and a line to repeat it; at the required level in full, above it one line each. */
void matrix_add_findings(struct str *str, const struct results *results,
			 const struct gate *gate, const struct style *style);
/* Coverage, level, and what the exit status means. */
void matrix_add_summary(struct str *str, const struct results *results,
			const struct gate *gate, const struct style *style);

#endif
