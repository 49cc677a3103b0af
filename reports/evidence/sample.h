/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample - which probes of which runs an auditor looks at again
 *
 * The population is every probe of every run that is given. An item's rank is the SHA-256 of the text
 * "SEED/RUN/PROBE" (the seed in decimal, the run's id, the probe's id, no line end); the items with the
 * smallest ranks are drawn. So the draw does not depend on the order or the names of the files, can be
 * made again with sha256sum and sort, and every set of that size is as likely as any other to whoever
 * does not know the seed: it is chosen after the runs, by the auditor.
 */
#ifndef EVIDENCE_SAMPLE_H
#define EVIDENCE_SAMPLE_H

#include "reports/gather.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdint.h>

#define SAMPLE_SIZE_MAX 10000

/* Reads one run at a time. The draw as text; POLICY: a file, or one run in two files. */
int sample_run(const struct gather *paths, uint64_t seed, size_t size, struct str *ret,
	       struct err *err);

#endif
