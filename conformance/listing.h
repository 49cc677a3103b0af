/* SPDX-License-Identifier: Apache-2.0 */
/* listing - the probes themselves: `confine check list`, and the head of --dry-run */
#ifndef CONFORMANCE_LISTING_H
#define CONFORMANCE_LISTING_H

#include "conformance/select.h"
#include "conformance/style.h"
#include "runner/base/str.h"

/* One line for each selected probe: id, requirement, level, class, title. */
void listing_add_probes(struct str *str, const struct selection *selection,
			const struct style *style);
/* What one probe does, in its own words, and what it may use. */
void listing_add_probe(struct str *str, const struct probe *probe);

#endif
