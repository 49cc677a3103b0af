/* SPDX-License-Identifier: Apache-2.0 */
/* urgent - see urgent.h. */
#include "reports/urgent.h"
#include "reports/line.h"
#include "reports/message.h"
#include "runner/base/str.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_MAX      120
#define LINE_MAX_BYTES 1000

static int compare(const void *a, const void *b)
{
	const struct urgent *left = a, *right = b;

	if (outcome_rank(left->exit) != outcome_rank(right->exit))
		return outcome_rank(left->exit) - outcome_rank(right->exit);
	/* What is wrong with the run as a whole explains what its rows lack; that something got worse
	 * does not. */
	if ((left->level == 0) != (right->level == 0))
		return (left->level == 0) == (left->exit != OUTCOME_BREACHED) ? -1 : 1;
	if (left->false_claim != right->false_claim)
		return left->false_claim ? -1 : 1;
	if (left->verdict != right->verdict)
		return left->verdict < right->verdict ? -1 : 1;
	if (left->level != right->level)
		return left->level < right->level ? -1 : 1;
	if (left->runs != right->runs)
		return left->runs > right->runs ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

void urgent_sort(struct urgent *rows, size_t count)
{
	if (count)
		qsort(rows, count, sizeof(*rows), compare);
}

static void count_ruling(struct urgent *row, struct ruling ruling)
{
	row->failing++;
	if (outcome_rank(ruling.exit) < outcome_rank(row->exit))
		row->exit = ruling.exit;
}

/* false: it does not stand in the way. */
static bool look(struct arena *arena, const struct results *results,
		 const struct outcome *outcome, const struct results_requirement *row,
		 struct urgent *ret)
{
	const struct results_probe *worst = NULL;
	struct urgent found = {
		.id = row->id,
		.title = row->title,
		.level = row->level,
		.verdict = VERDICT_NONE,
		.exit = OUTCOME_PASS,
		.probes = row->probe_count,
		.order = (size_t)(row - results->requirements),
	};

	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];
		struct ruling ruling;

		if (probe->requirement != row)
			continue;
		ruling = outcome_rule_probe(results, probe);
		if (ruling.kind < RULING_FAILURE)
			continue;
		count_ruling(&found, ruling);
		found.false_claim |= probe->false_claim;
		if (worst && probe->verdict >= worst->verdict)
			continue;
		worst = probe;
		found.verdict = probe->verdict;
	}
	if (outcome_stands_alone(results, row) &&
	    /* Where nothing was tested, that is the word for what is missing. */
	    !(outcome->findings[FINDING_NOTHING_TESTED] &&
	      row->verdict == VERDICT_NONE)) {
		struct ruling ruling = outcome_rule_requirement(results, row);

		if (ruling.kind >= RULING_FAILURE) {
			size_t failing = found.failing;

			count_ruling(&found, ruling);
			found.failing = failing + !failing;
			found.verdict = verdict_worse(found.verdict, row->verdict);
			found.false_claim |= row->false_claim;
		}
	}
	if (!found.failing)
		return false;
	if (worst && worst->remedy[0]) {
		found.remedy = worst->remedy;
	} else {
		owned_str struct str why = { 0 };

		message_add_requirement_text(&why, row);
		found.remedy = arena_strdup(arena, str_text(&why));
	}
	*ret = found;
	return true;
}

/* --fail-on can make a status of 0 that says nothing about the level. */
static bool is_met(const struct results *results, const struct outcome *outcome)
{
	return outcome->exit == OUTCOME_PASS && outcome->level >= results->run.require;
}

/* What it was that got worse belongs to it; what else findings say stands beside the list. */
static const char *title_of(struct arena *arena, const struct results *results,
			    const struct outcome *outcome, enum finding finding)
{
	owned_str struct str text = { 0 };

	if (finding != FINDING_REGRESSED)
		return outcome_finding_text(finding);
	message_add_finding_text(&text, results, outcome, finding);
	return arena_strdup(arena, text.text);
}

struct urgent *urgent_list(struct arena *arena, const struct results *results,
			   const struct outcome *outcome, size_t *ret_count)
{
	struct urgent *rows = arena_array(
		arena, results->requirement_count + FINDING_COUNT, sizeof(*rows));
	struct results strict = *results; /* its rows are borrowed */
	size_t count = 0;

	*ret_count = 0;
	if (is_met(results, outcome))
		return rows; /* --fail-on lets a refused policy pass, and no level rests on it */
	strict.run.fail_on = FAIL_ON_DEGRADED;
	for (enum finding i = 0; i < FINDING_COUNT; i++)
		if (outcome_finding_counts(outcome, i))
			rows[count++] = (struct urgent){
				.id = outcome_finding_name(i),
				.title = title_of(arena, results, outcome, i),
				.remedy = outcome_finding_remedy(i),
				.verdict = outcome_finding_verdict(i),
				.exit = outcome_rule_finding(&strict, i).exit,
				.order = i,
			};
	for (size_t i = 0; i < results->requirement_count; i++)
		count += look(arena, &strict, outcome, &results->requirements[i],
			      &rows[count]);
	urgent_sort(rows, count);
	*ret_count = count;
	return rows;
}

const char *urgent_answer_of(enum outcome_exit exit, bool met)
{
	if (met)
		return "YES";
	return exit == OUTCOME_INCOMPLETE || exit == OUTCOME_NOTHING_TESTED ||
			       exit == OUTCOME_EVIDENCE
		       ? "UNKNOWN"
		       : "NO";
}

const char *urgent_answer(const struct results *results, const struct outcome *outcome)
{
	return urgent_answer_of(outcome->exit, is_met(results, outcome));
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
		str_add(str, is_met(results, outcome) ? "is met"
			     : results->run.fail_on < FAIL_ON_DEGRADED
				     ? "is not met, though the status is 0 as --fail-on "
				       "asked"
				     : "is not met: the record itself states less than "
				       "its rows say");
		if (outcome->waivers && is_met(results, outcome))
			str_addf(str, " with %zu waiver%s", outcome->waivers,
				 outcome->waivers == 1 ? "" : "s");
		return;
	}
	if (outcome->exit == OUTCOME_BREACHED && outcome->findings[FINDING_REGRESSED] &&
	    outcome->level >= results->run.require) {
		str_add(str,
			"is met, but something got worse than it is in the baseline");
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
	if (first->level)
		str_addf(str, "%s ", first->id);
	line_add_raw(str, first->title, TITLE_MAX);
	if (first->level)
		str_addf(str, " (%s%s)",
			 first->verdict == VERDICT_NONE ? "not tested"
							: verdict_words[first->verdict],
			 first->false_claim ? ", a false claim" : "");
	if (first->runs) {
		str_addf(str, " in %zu run%s, ", first->runs,
			 first->runs == 1 ? "" : "s");
		line_add_raw(str, first->hostname, TITLE_MAX);
		str_add(str, first->runs == 1 ? "" : " among them");
	}
	if (count > 1)
		str_addf(str, "%s then %zu more", first->runs ? ";" : ",", count - 1);
}

static bool is_in_force(const struct results_waiver *waiver)
{
	return !waiver->expired && !waiver->unused && !waiver->refused;
}

void urgent_add_waived(struct str *str, const struct results *results)
{
	const struct results_waiver *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < results->waiver_count; i++) {
		const struct results_waiver *waiver = &results->waivers[i];

		if (!is_in_force(waiver))
			continue;
		count++;
		if (!first || strcmp(waiver->expires, first->expires) < 0)
			first = waiver;
	}
	if (!first)
		return;
	line_add_raw(str, first->id, TITLE_MAX);
	str_addf(str, " (waived until %s)", first->expires);
	if (count > 1)
		str_addf(str, ", then %zu more", count - 1);
}

void urgent_add_lines(struct str *str, const struct urgent *rows, size_t count)
{
	owned_str struct str first = { 0 };

	if (!count)
		return;
	urgent_add_first(&first, rows, count);
	str_add(str, "fix first: ");
	line_add(str, first.text, LINE_MAX_BYTES);
	str_add(str, "\n");
	if (!rows->remedy[0])
		return;
	str_add(str, "what to do: ");
	line_add(str, rows->remedy, LINE_MAX_BYTES);
	str_add(str, "\n");
}
