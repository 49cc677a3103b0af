/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as waivers and as a baseline: read or refused with one line; what was read can be
 * written and read again, listed, and held against: a run is never worse than itself.
 * seeds: reports/fuzz/corpus reports/tests/data
 */
#include "reports/change.h"
#include "reports/read.h"
#include "reports/waivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void try_against_itself(const char *text, size_t count,
			       const struct snapshot *baseline)
{
	owned_results struct results results = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	if (read_text("fuzz", text, count, &results, &err) < 0)
		return;
	if (change_apply(baseline, &results, &err) < 0 || results.regressed.count)
		__builtin_trap();
	outcome_compute(&results, &outcome);
	if (outcome.findings[FINDING_REGRESSED])
		__builtin_trap();
}

static void try_baseline(const char *text, size_t count)
{
	owned_snapshot struct snapshot once = { 0 }, twice = { 0 };
	owned_str struct str written = { 0 };
	struct err err = { 0 };

	if (snapshot_read_text("fuzz", text, count, &once, &err) < 0) {
		if (!err.msg[0])
			__builtin_trap();
		return;
	}
	snapshot_write(&once, &written);
	if (snapshot_read_text("again", written.text, written.length, &twice, &err) < 0 ||
	    once.count != twice.count)
		__builtin_trap();
	try_against_itself(text, count, &once);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	owned_waivers struct waivers waivers = { 0 };
	owned_str struct str listed = { 0 };
	struct err err = { 0 };

	if (waivers_read_text("fuzz", (const char *)bytes, count, &waivers, &err) < 0) {
		if (!err.msg[0] || waivers.document)
			__builtin_trap();
	} else if (waivers_list(&waivers, "2026-01-02", &listed, &err) < 0 &&
		   !err.msg[0]) {
		__builtin_trap();
	}
	try_baseline((const char *)bytes, count);
	return 0;
}
