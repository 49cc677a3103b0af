/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipts - real runs held against what was tested: which of them ran under what passed?
 *
 * DIR/HOST/… holds the receipts of a host's runs, each called receipt.json or *.receipt.json. A
 * run is covered when the suite met its required level on that host with the same runner, a
 * policy of the same name, the same mechanism in every layer, and no more promised at the
 * required level than the suite saw kept. Where scratch lies is no mechanism: the suite brings a
 * directory of its own. A receipt has no digest of the policy's file; what it was resolved to is
 * digested here, so that two policies of one name are two rows. A run that was refused ran
 * nothing and is no part of the share.
 */
#ifndef REPORTS_RECEIPTS_H
#define REPORTS_RECEIPTS_H

#include "reports/fleet.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"

enum receipts_state {
	RECEIPTS_PASSED,
	RECEIPTS_FAILED,     /* tested under the same, and the level was not met */
	RECEIPTS_DIFFERS,    /* tested, but under something else: see why */
	RECEIPTS_NOT_TESTED, /* no run of the suite for this host */
	RECEIPTS_REFUSED,    /* nothing ran */
	RECEIPTS_STATES
};
extern const char *const receipts_state_words[RECEIPTS_STATES];

/* Runs that have all of this in common. */
struct receipts_group {
	const char *version, *policy,
		*policy_digest; /* of the resolved policy, 12 digits */
	const char *why;        /* "" without */
	enum receipts_state state;
	size_t count, hosts;
	const char *last_host; /* whose receipt was counted last */
};

struct receipts {
	struct receipts_group *groups; /* the passed first, then by count */
	size_t count, capacity;
	size_t states[RECEIPTS_STATES]; /* runs */
	size_t ran;                     /* that were not refused */
	struct arena arena;
};

/**
 * receipts_read() - Count the receipts below a directory
 * @fleet:	every run of the suite; before or after fleet_finish()
 * @receipts:	zeroed; the caller's to receipts_done()
 * Return: 0; or -1 POLICY "<path>: …" for what is no receipt or lies in no host's folder, SYSTEM.
 * Reads one receipt at a time; what is kept grows with the number of groups.
 */
int receipts_read(const char *directory, const struct fleet *fleet,
		  struct receipts *receipts, struct err *err);
/* One receipt from memory; `host` is kept. What a test needs. */
int receipts_add_text(struct receipts *receipts, const struct fleet *fleet,
		      const char *host, const char *what, const char *text, size_t length,
		      struct err *err);
/* Accepts a zeroed struct; leaves it zeroed. */
void receipts_done(struct receipts *receipts);
#define owned_receipts __attribute__((cleanup(receipts_done)))

#endif
