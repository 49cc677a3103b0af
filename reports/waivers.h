/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waivers - what is known and accepted for a while: an overlay, never a change of a verdict
 *
 * A file {"schema": "confine-waivers/1", "waivers": [{"id", "reason", "owner", "approver",
 * "expires"}]}; every member is required. `id` is a requirement or a probe, `expires` the last
 * day on which the waiver holds. "Today" is the day on which the run began, so that a report of
 * the same record is the same for ever. A false claim cannot be waived, nor what is wrong with
 * the run as a whole. In force at most WAIVER_DAYS: an open end is a change of policy.
 */
#ifndef REPORTS_WAIVERS_H
#define REPORTS_WAIVERS_H

#include "reports/results.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

#define WAIVER_SCHEMA "confine-waivers/1"
#define WAIVER_DAYS   90

struct waivers {
	const char *path;            /* the caller's */
	struct results_waiver *rows; /* in the order of the file */
	size_t count;
	struct arena arena;
	struct json *document;
};

/* Zeroed; the caller's to waivers_done(). POLICY "<path>: <pointer>: …", SYSTEM. */
int waivers_read(const char *path, struct waivers *waivers, struct err *err);
int waivers_read_text(const char *what, const char *text, size_t length,
		      struct waivers *waivers, struct err *err);
/* Marks the cases of a run that are waived; results->waivers tells what became of each. The
 * results point into `waivers` from here on. POLICY: one that would hold for too long. */
int waivers_apply(const struct waivers *waivers, struct results *results,
		  struct err *err);
/* A line for each, as of a day: in force or expired, until when, why, by whom. POLICY: one that would
 * hold for too long. */
int waivers_list(const struct waivers *waivers, const char *today, struct str *ret,
		 struct err *err);
/* Accepts a zeroed struct; leaves it zeroed. */
void waivers_done(struct waivers *waivers);
#define owned_waivers __attribute__((cleanup(waivers_done)))

/* Days from 0000-03-01 to "YYYY-MM-DD…", a day that exists. */
long waivers_day(const char *date);

#endif
