/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet - what is remembered of many runs: one small row each
 *
 * A run is read, counted, written and forgotten; only its row stays. Hosts that were expected and
 * did not report are errors, those that nobody expected are shown. The same run twice, the same
 * host and target twice, and a run that is too old are refused: then nothing is written.
 */
#ifndef REPORTS_FLEET_H
#define REPORTS_FLEET_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "reports/urgent.h"
#include "runner/base/arena.h"
#include "runner/base/str.h"
#include <time.h>

struct fleet_row {
	const char *hostname, *target, *run_id;
	/* What it ran under: indices into fleet->words. */
	unsigned int tool, target_name, target_version, policy, kernel;
	unsigned int mechanisms[LAYER_COUNT];
	unsigned int promised; /* "FS-01 FS-02 …": required ids, promised as enforced */
	enum outcome_exit exit;
	uint64_t require, level;
	size_t required, tested, waivers;
	size_t breached;                  /* required ids */
	unsigned char worst[LAYER_COUNT]; /* enum verdict over the required ids */
	bool false_claim, expected;
	bool by_receipt; /* its promises are those of receipts */
};

struct fleet_expected {
	const char *hostname;
	bool reported;
};

struct fleet {
	struct fleet_row *rows;
	size_t count, capacity;
	struct fleet_expected *expected; /* sorted by name */
	size_t expected_count;
	bool has_expected;
	struct urgent *urgent; /* each requirement once, over all runs */
	size_t urgent_count, urgent_capacity;
	const char **words; /* versions, policies, mechanisms …: each once */
	size_t word_count, word_capacity;
	unsigned int *slots; /* index + 1 of a word by its hash; 0: free */
	size_t slot_count;
	struct arena arena;
};

/* Is what was asked of the run there? */
static inline bool fleet_row_met(const struct fleet_row *row)
{
	return row->exit == OUTCOME_PASS && row->level >= row->require;
}

/* Reads the hosts that are expected: one a line, # begins a comment. POLICY, SYSTEM. */
int fleet_expect(struct fleet *fleet, const char *path, struct err *err);
/* The same from memory, which is cut into lines. */
int fleet_expect_text(struct fleet *fleet, const char *path, struct str *text,
		      struct err *err);
/**
 * fleet_add() - Remembers a run
 * @what:	the file, for errors
 * @oldest:	a run that ended before is refused; 0: none is
 * Return: 0; or -1 with UNSUPPORTED, which stands for an evidence failure
 */
int fleet_add(struct fleet *fleet, const char *what, const struct results *results,
	      const struct outcome *outcome, time_t oldest, struct err *err);
/* Sorts the rows by badness and name, and looks for the same thing twice. */
int fleet_finish(struct fleet *fleet, struct err *err);
size_t fleet_missing(const struct fleet *fleet);
size_t fleet_unexpected(const struct fleet *fleet);
/* The worst of all; 4 when a host is missing, 5 when there is none at all. */
enum outcome_exit fleet_exit(const struct fleet *fleet);

/* --- fleet_urgent.c --- */

/* Adds what stands in the way of a run; fleet_add() does. `hostname` lives as long as the fleet. */
void fleet_add_urgent(struct fleet *fleet, const struct results *results,
		      const struct outcome *outcome, const char *hostname);
/* What to fix first, hosts that are missing included; from the fleet's arena. */
const struct urgent *fleet_urgent(struct fleet *fleet, size_t *ret_count);
/* "YES", "NO", "UNKNOWN": may scripts run on all of it? */
const char *fleet_answer(const struct fleet *fleet);
/* "3 of 4 runs meet the level that was asked of them, …". */
void fleet_add_banner(struct str *str, const struct fleet *fleet);

/* Accepts a zeroed struct; leaves it zeroed. */
void fleet_done(struct fleet *fleet);
#define owned_fleet __attribute__((cleanup(fleet_done)))

/* One thing that runs differ in, how many run under each. */
struct fleet_share {
	const char *word;
	size_t count;
};
enum fleet_condition {
	FLEET_TOOL,
	FLEET_TARGET,
	FLEET_TARGET_VERSION,
	FLEET_POLICY,
	FLEET_KERNEL,
	FLEET_CONDITIONS
};
extern const char *const fleet_condition_names[FLEET_CONDITIONS];
/* From the fleet's arena, most common first. */
struct fleet_share *fleet_shares(struct fleet *fleet, enum fleet_condition condition,
				 size_t *ret_count);

#endif
