/* SPDX-License-Identifier: Apache-2.0 */
/* The fleet as text, and as gauges: counts first, then what stands in the way. */
#include "reports/line.h"
#include "reports/merge.h"
#include <inttypes.h>
#include <string.h>

#define NAME_MAX_BYTES 255

static void add_shares(struct fleet *fleet, struct str *ret)
{
	for (enum fleet_condition i = 0; i < FLEET_CONDITIONS; i++) {
		size_t count;
		const struct fleet_share *shares = fleet_shares(fleet, i, &count);

		str_addf(ret, "%-8s", fleet_condition_names[i]);
		for (size_t k = 0; k < count && k < 10; k++) {
			str_add(ret, k ? ", " : " ");
			line_add(ret, shares[k].word, NAME_MAX_BYTES);
			str_addf(ret, " (%zu)", shares[k].count);
		}
		if (count > 10)
			str_addf(ret, ", and %zu more", count - 10);
		str_add(ret, "\n");
	}
}

static size_t count_exit(const struct fleet *fleet, enum outcome_exit exit)
{
	size_t count = 0;

	for (size_t i = 0; i < fleet->count; i++)
		count += fleet->rows[i].exit == exit;
	return count;
}

static const enum outcome_exit exits[] = {
	OUTCOME_PASS,       OUTCOME_EVIDENCE,       OUTCOME_BREACHED,
	OUTCOME_INCOMPLETE, OUTCOME_NOTHING_TESTED, OUTCOME_DEGRADED,
};
#define EXITS (sizeof(exits) / sizeof(exits[0]))

static void add_row(const struct fleet_row *row, struct str *ret)
{
	bool any = false;

	str_addf(ret, "%-14s ", outcome_word(row->exit));
	line_add(ret, row->hostname, NAME_MAX_BYTES);
	str_add(ret, ", ");
	line_add(ret, row->target, NAME_MAX_BYTES);
	str_addf(ret, ": level %" PRIu64, row->level);
	if (row->waivers)
		str_addf(ret, " with %zu waiver%s", row->waivers,
			 row->waivers == 1 ? "" : "s");
	str_addf(ret, ", coverage %zu/%zu", row->tested, row->required);
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		if (row->worst[i] >= VERDICT_ENFORCED)
			continue;
		str_addf(ret, "%s%s %s", any ? ", " : "; ", layer_words[i],
			 verdict_words[row->worst[i]]);
		any = true;
	}
	str_addf(ret, "%s%s\n", row->false_claim ? "; A FALSE CLAIM" : "",
		 row->expected ? "" : "; nobody expected this host");
}

void merge_text(struct fleet *fleet, const struct receipts *receipts, struct str *ret)
{
	enum outcome_exit exit = fleet_exit(fleet);
	const struct urgent *rows;
	size_t count;

	str_addf(ret, "%zu runs", fleet->count);
	for (size_t i = 0; i < EXITS; i++)
		if (count_exit(fleet, exits[i]))
			str_addf(ret, ", %zu %s", count_exit(fleet, exits[i]),
				 outcome_word(exits[i]));
	str_add(ret, "\n");
	if (fleet->has_expected)
		str_addf(ret, "%zu hosts expected, %zu missing, %zu not expected\n",
			 fleet->expected_count, fleet_missing(fleet),
			 fleet_unexpected(fleet));
	add_shares(fleet, ret);
	str_add(ret, "\n");
	for (size_t i = 0; i < fleet->expected_count; i++) {
		if (fleet->expected[i].reported)
			continue;
		str_addf(ret, "%-14s ", "missing");
		line_add(ret, fleet->expected[i].hostname, NAME_MAX_BYTES);
		str_add(ret, ": was expected and did not report\n");
	}
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->rows[i].exit != OUTCOME_PASS || !fleet->rows[i].expected)
			add_row(&fleet->rows[i], ret);
	if (receipts)
		merge_receipts_text(receipts, ret);
	str_addf(ret, "%s: ", fleet_answer(fleet));
	fleet_add_banner(ret, fleet);
	str_add(ret, "\n");
	rows = fleet_urgent(fleet, &count);
	urgent_add_lines(ret, rows, count);
	str_addf(ret, "exit %d: %s\n", (int)exit, outcome_word(exit));
}

static void add_gauge(struct str *ret, const char *name, const char *help, size_t value)
{
	str_addf(ret, "# HELP %s %s\n# TYPE %s gauge\n%s %zu\n", name, help, name, name,
		 value);
}

void merge_prometheus(const struct fleet *fleet, const struct receipts *receipts,
		      struct str *ret)
{
	add_gauge(ret, "confine_fleet_exit_status",
		  "Exit status of the fleet: 0 is the required level met everywhere.",
		  (size_t)fleet_exit(fleet));
	add_gauge(ret, "confine_fleet_hosts_expected", "Hosts that were to report.",
		  fleet->expected_count);
	add_gauge(ret, "confine_fleet_hosts_missing",
		  "Hosts that were to report and did not.", fleet_missing(fleet));
	add_gauge(ret, "confine_fleet_hosts_unexpected",
		  "Runs of hosts that nobody expected.", fleet_unexpected(fleet));
	str_add(ret, "# HELP confine_fleet_runs Runs by their outcome.\n"
		     "# TYPE confine_fleet_runs gauge\n");
	for (size_t i = 0; i < EXITS; i++)
		str_addf(ret, "confine_fleet_runs{outcome=\"%s\"} %zu\n",
			 outcome_word(exits[i]), count_exit(fleet, exits[i]));
	str_add(ret, "# HELP confine_fleet_layers Runs by layer and its worst verdict "
		     "over the "
		     "required ids.\n# TYPE confine_fleet_layers gauge\n");
	for (enum layer i = 0; i < LAYER_COUNT; i++)
		for (enum verdict k = 0; k < VERDICT_COUNT; k++) {
			size_t count = 0;

			for (size_t r = 0; r < fleet->count; r++)
				count += fleet->rows[r].worst[i] == k;
			str_addf(
				ret,
				"confine_fleet_layers{layer=\"%s\",verdict=\"%s\"} %zu\n",
				layer_words[i], verdict_words[k], count);
		}
	if (receipts)
		merge_receipts_prometheus(receipts, ret);
}
