/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answer of a fleet, and what to fix first on it: what stands in the way of each run, added up by
 * requirement while the runs pass by. What is kept grows with the requirements, not with the hosts.
 */
#include "reports/fleet.h"
#include <string.h>

static struct urgent *find(struct fleet *fleet, const char *id)
{
	for (size_t i = 0; i < fleet->urgent_count; i++)
		if (strcmp(fleet->urgent[i].id, id) == 0)
			return &fleet->urgent[i];
	return NULL;
}

/* Is the one worse than what was seen so far? */
static bool is_worse(const struct urgent *row, const struct urgent *than)
{
	if (outcome_rank(row->exit) != outcome_rank(than->exit))
		return outcome_rank(row->exit) < outcome_rank(than->exit);
	if (row->false_claim != than->false_claim)
		return row->false_claim;
	return row->verdict < than->verdict;
}

static void add(struct fleet *fleet, const struct urgent *row, const char *hostname)
{
	struct urgent *sum = find(fleet, row->id);
	size_t runs = sum ? sum->runs : 0, order = sum ? sum->order : fleet->urgent_count;

	if (!sum) {
		fleet->urgent =
			arena_grow(&fleet->arena, fleet->urgent, fleet->urgent_count,
				   &fleet->urgent_capacity, sizeof(*fleet->urgent));
		sum = &fleet->urgent[fleet->urgent_count++];
	}
	if (runs == 0 || is_worse(row, sum)) {
		/* At most once for each step of badness, so that this does not grow with the hosts. */
		*sum = *row;
		sum->id = arena_strdup(&fleet->arena, row->id);
		sum->title = arena_strdup(&fleet->arena, row->title);
		sum->remedy = arena_strdup(&fleet->arena, row->remedy);
		sum->hostname = hostname;
		sum->order = order;
	}
	sum->runs = runs + 1;
}

void fleet_add_urgent(struct fleet *fleet, const struct results *results,
		      const struct outcome *outcome, const char *hostname)
{
	struct arena arena = { 0 };
	size_t count;
	const struct urgent *rows = urgent_list(&arena, results, outcome, &count);

	for (size_t i = 0; i < count; i++)
		add(fleet, &rows[i], hostname);
	arena_done(&arena);
}

const struct urgent *fleet_urgent(struct fleet *fleet, size_t *ret_count)
{
	struct urgent *rows =
		arena_array(&fleet->arena, fleet->urgent_count + 1, sizeof(*rows));
	size_t count = fleet->urgent_count, missing = fleet_missing(fleet);

	if (count)
		memcpy(rows, fleet->urgent, count * sizeof(*rows));
	if (missing) {
		const char *first = NULL;

		for (size_t i = 0; !first; i++)
			first = fleet->expected[i].reported ? NULL
							    : fleet->expected[i].hostname;
		rows[count++] = (struct urgent){
			.id = "fleet.reported",
			.title = arena_printf(&fleet->arena,
					      "%zu of %zu expected hosts did not report, "
					      "%.200s%s",
					      missing, fleet->expected_count, first,
					      missing > 1 ? " among them" : ""),
			.remedy = "run the suite on the hosts that are missing, or take "
				  "them off the list of those that are expected",
			.verdict = VERDICT_UNTESTABLE,
			.exit = OUTCOME_INCOMPLETE,
		};
	}
	urgent_sort(rows, count);
	*ret_count = count;
	return rows;
}

static bool is_met(const struct fleet *fleet)
{
	bool met = fleet_exit(fleet) == OUTCOME_PASS;

	for (size_t i = 0; i < fleet->count; i++)
		met &= fleet_row_met(&fleet->rows[i]);
	return met;
}

const char *fleet_answer(const struct fleet *fleet)
{
	return urgent_answer_of(fleet_exit(fleet), is_met(fleet));
}

void fleet_add_banner(struct str *str, const struct fleet *fleet)
{
	size_t good = 0, waivers = 0;

	for (size_t i = 0; i < fleet->count; i++) {
		const struct fleet_row *row = &fleet->rows[i];

		good += fleet_row_met(row);
		waivers += fleet_row_met(row) ? row->waivers : 0;
	}
	str_addf(str, "%zu of %zu runs meet the level that was asked of them", good,
		 fleet->count);
	if (waivers)
		str_addf(str, ", with %zu waiver%s", waivers, waivers == 1 ? "" : "s");
	if (fleet_missing(fleet))
		str_addf(str, "; %zu of %zu expected hosts did not report",
			 fleet_missing(fleet), fleet->expected_count);
}
