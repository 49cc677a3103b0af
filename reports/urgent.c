/* SPDX-License-Identifier: Apache-2.0 */
/* urgent - see urgent.h. */
#include "reports/urgent.h"
#include "reports/line.h"
#include "runner/base/str.h"
#include <inttypes.h>
#include <stdlib.h>

#define TITLE_MAX 120

/* A false claim first, then by badness, then the lower level, which the higher ones rest on, then
 * in the order of CONFORMANCE.md, which begins with what a script can do to the host. */
static int compare(const void *a, const void *b)
{
	const struct urgent *left = a, *right = b;

	if (left->false_claim != right->false_claim)
		return left->false_claim ? -1 : 1;
	if (left->verdict != right->verdict)
		return left->verdict < right->verdict ? -1 : 1;
	if (left->row->level != right->row->level)
		return left->row->level < right->row->level ? -1 : 1;
	return left->row < right->row ? -1 : left->row > right->row;
}

static struct urgent look(const struct results *results,
			  const struct results_requirement *row)
{
	struct urgent found = { .row = row, .verdict = VERDICT_NONE };

	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		if (probe->requirement != row ||
		    outcome_rule_probe(results, probe).kind < RULING_FAILURE)
			continue;
		found.failing++;
		found.false_claim |= probe->false_claim;
		if (found.probe && probe->verdict >= found.verdict)
			continue;
		found.probe = probe;
		found.verdict = probe->verdict;
	}
	if (outcome_stands_alone(results, row) &&
	    outcome_rule_requirement(results, row).kind >= RULING_FAILURE) {
		found.verdict = verdict_worse(found.verdict, row->verdict);
		found.false_claim |= row->false_claim;
		found.failing += !found.failing;
	}
	return found;
}

struct urgent *urgent_list(struct arena *arena, const struct results *results,
			   size_t *ret_count)
{
	struct urgent *rows =
		arena_array(arena, results->requirement_count + 1, sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; i < results->requirement_count; i++) {
		rows[count] = look(results, &results->requirements[i]);
		if (rows[count].failing)
			count++;
	}
	if (count)
		qsort(rows, count, sizeof(*rows), compare);
	*ret_count = count;
	return rows;
}

/* --fail-on can make a status of 0 that says nothing about the level. */
static bool is_met(const struct results *results, const struct outcome *outcome)
{
	return outcome->exit == OUTCOME_PASS && outcome->level >= results->run.require;
}

const char *urgent_answer(const struct results *results, const struct outcome *outcome)
{
	if (is_met(results, outcome))
		return "YES";
	return outcome->exit == OUTCOME_INCOMPLETE ||
			       outcome->exit == OUTCOME_NOTHING_TESTED ||
			       outcome->exit == OUTCOME_EVIDENCE
		       ? "UNKNOWN"
		       : "NO";
}

void urgent_add_banner(struct str *str, const struct results *results,
		       const struct outcome *outcome)
{
	static const struct {
		enum outcome_exit exit;
		const char *text;
	} sentences[] = {
		{ OUTCOME_BREACHED, "is not met: a required act was not stopped" },
		{ OUTCOME_DEGRADED, "is not met: degraded or refused" },
		{ OUTCOME_INCOMPLETE, "may or may not be met: the run is incomplete" },
		{ OUTCOME_NOTHING_TESTED, "may or may not be met: nothing was tested" },
		{ OUTCOME_EVIDENCE,
		  "may or may not be met: this run cannot be believed" },
	};

	str_addf(str, "The required level %" PRIu64 ", %s, ", results->run.require,
		 level_names[results->run.require]);
	if (outcome->exit == OUTCOME_PASS) {
		str_add(str, is_met(results, outcome)
				     ? "is met"
				     : "is not met, though the status is 0 as --fail-on "
				       "asked");
		if (outcome->waivers && is_met(results, outcome))
			str_addf(str, " with %zu waiver%s", outcome->waivers,
				 outcome->waivers == 1 ? "" : "s");
		return;
	}
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (sentences[i].exit == outcome->exit)
			str_add(str, sentences[i].text);
}

void urgent_add_first(struct str *str, const struct urgent *rows, size_t count)
{
	const struct urgent *first = rows;

	if (!count)
		return;
	str_addf(str, "%s ", first->row->id);
	line_add_raw(str, first->row->title, TITLE_MAX);
	str_addf(str, " (%s%s)", verdict_words[first->verdict],
		 first->false_claim ? ", a false claim" : "");
	if (count > 1)
		str_addf(str, ", then %zu more", count - 1);
}
