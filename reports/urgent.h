/* SPDX-License-Identifier: Apache-2.0 */
/* urgent - what to fix first: the requirements that make the status what it is, worst first */
#ifndef REPORTS_URGENT_H
#define REPORTS_URGENT_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/str.h"

struct urgent {
	const struct results_requirement *row;
	const struct results_probe *probe; /* the worst of it; NULL: none speaks for it */
	enum verdict verdict;              /* of that probe, or of the requirement */
	bool false_claim;                  /* any of its probes found one */
	size_t failing;                    /* of row->probe_count */
};

/* At most results->requirement_count rows, from the results' arena. */
struct urgent *urgent_list(struct arena *arena, const struct results *results,
			   size_t *ret_count);

/* "FS-01 nothing changes outside scratch (breached, a false claim), then 3 more"; raw; nothing for an
 * empty list. */
void urgent_add_first(struct str *str, const struct urgent *rows, size_t count);
/* "The required level 1, contained, is met", and what the status says otherwise: one sentence. */
void urgent_add_banner(struct str *str, const struct results *results,
		       const struct outcome *outcome);
/* "YES", "NO", "UNKNOWN": may scripts run here, as far as this run tells? */
const char *urgent_answer(const struct results *results, const struct outcome *outcome);

#endif
