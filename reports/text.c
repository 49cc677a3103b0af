/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - the matrix as `confine check` prints it: a line for each layer, then what is not green
 * with its cause, what to do and a line that repeats it, then coverage, level and status.
 * Words carry the meaning; colour only repeats it.
 */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/message.h"
#include "reports/urgent.h"
#include <inttypes.h>
#include <string.h>

enum {
	LAYER_COLUMNS = 12,
	COUNTS_COLUMNS = 34,
	TESTED_COLUMNS = 8,
	VERDICT_COLUMNS = 15,
	PROBE_COLUMNS = 37,
	ID_COLUMNS = 8,
	INDENT = 4,
	FACT_MAX = 300, /* bytes of one foreign text on a line of several */
	TEXT_MAX = 1000,
};

#define RESET "\033[0m"
#define BOLD  "\033[1m"

static const char *const colours[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = "\033[1;31m",    [VERDICT_ERROR] = "\033[1;35m",
	[VERDICT_UNTESTABLE] = "\033[33m",    [VERDICT_DEGRADED] = "\033[33m",
	[VERDICT_OPEN] = "\033[31m",          [VERDICT_ENFORCED] = "\033[32m",
	[VERDICT_NOT_APPLICABLE] = "\033[2m", [VERDICT_NONE] = "\033[33m",
};

struct page {
	struct str *ret;
	const struct results *results;
	const struct outcome *outcome;
	bool colour;
};

/* Our own words, padded; at least one space where a column is too narrow. */
static void add_cell(struct page *page, const char *colour, const char *text, int columns)
{
	int used = (int)strlen(text);

	if (!page->colour)
		colour = "";
	str_addf(page->ret, "%s%s%s%*s", colour, text, colour[0] ? RESET : "",
		 columns > used ? columns - used : 1, "");
}

static void add_bold(struct page *page, const char *text)
{
	str_addf(page->ret, "%s%s%s\n", page->colour ? BOLD : "", text,
		 page->colour ? RESET : "");
}

static void add_verdict(struct page *page, enum verdict verdict)
{
	add_cell(page, colours[verdict],
		 verdict == VERDICT_NONE ? "NOT TESTED" : verdict_shouts[verdict],
		 VERDICT_COLUMNS);
}

/* Ends the line. */
static void end_with(struct page *page, const char *text)
{
	line_add(page->ret, text, TEXT_MAX);
	while (page->ret->text[page->ret->length - 1] == ' ')
		page->ret->text[--page->ret->length] = '\0';
	str_add(page->ret, "\n");
}

/* --- head --- */

static void add_fact(struct page *page, const char *before, const char *name)
{
	const struct results *results = page->results;

	for (size_t i = 0; i < results->host_count; i++) {
		if (strcmp(results->host[i].name, name) != 0)
			continue;
		str_add(page->ret, before);
		line_add(page->ret, results->host[i].value, FACT_MAX);
	}
}

static void add_head(struct page *page)
{
	const struct results *results = page->results;

	str_add(page->ret, "confine check: ");
	line_add(page->ret, results->target.name, FACT_MAX);
	str_add(page->ret, results->target.title[0] ? ", " : "");
	end_with(page, results->target.title);
	line_add(page->ret, results->hostname, FACT_MAX);
	add_fact(page, ", ", "os");
	add_fact(page, ", Linux ", "kernel");
	add_fact(page, " ", "machine");
	str_addf(page->ret, ", uid %" PRIu64 ", policy: ", results->run.uid);
	end_with(page, results->policy.source);
	str_addf(page->ret, "%s, %.1f s, run %s\n\n", results->run.started,
		 results->run.seconds, results->run.id);
}

/* --- matrix --- */

/* "1 breached, 4 enforced": over the required ids, worst first. */
static void add_counts(struct page *page, const struct outcome_layer *layer)
{
	owned_str struct str text = { 0 };
	enum verdict worst = VERDICT_NONE;
	size_t sum = 0;

	for (enum verdict i = 0; i < VERDICT_COUNT; i++) {
		if (!layer->counts[i])
			continue;
		str_addf(&text, "%s%zu %s", sum ? ", " : "", layer->counts[i],
			 verdict_words[i]);
		sum += layer->counts[i];
		worst = verdict_worse(worst, i);
	}
	if (!layer->required)
		str_add(&text, "nothing required at this level");
	else if (!sum)
		str_add(&text, "not tested");
	/* Something required without a verdict is no better than untestable. */
	if (sum < layer->required)
		worst = verdict_worse(worst, VERDICT_UNTESTABLE);
	/* Green is also what the gate accepts without having been tried. */
	if (worst == VERDICT_NOT_APPLICABLE)
		worst = VERDICT_ENFORCED;
	add_cell(page, layer->required ? colours[worst] : "", text.text, COUNTS_COLUMNS);
}

static void add_layers(struct page *page)
{
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		const struct outcome_layer *layer = &page->outcome->layers[i];
		owned_str struct str tested = { 0 };

		if (layer->required)
			str_addf(&tested, "%zu/%zu", layer->tested, layer->required);
		add_cell(page, "", layer_words[i], LAYER_COLUMNS);
		add_counts(page, layer);
		add_cell(page, "", str_text(&tested), TESTED_COLUMNS);
		end_with(page, page->results->layers[i].mechanism);
	}
	str_add(page->ret, "\n");
}

/* --- what is not green --- */

static void add_line(struct page *page, const char *label, const char *text)
{
	if (!text[0])
		return;
	str_addf(page->ret, "%*s%-*s", INDENT, "", LAYER_COLUMNS - INDENT, label);
	end_with(page, text);
}

static void add_in_full(struct page *page, const struct results_probe *probe)
{
	owned_str struct str arms = { 0 };

	add_verdict(page, probe->verdict);
	add_cell(page, "", probe->requirement_id, ID_COLUMNS);
	str_addf(page->ret, "%s%s\n", probe->id,
		 probe->false_claim ? "  (A FALSE CLAIM)" : "");
	add_line(page, "tried", probe->title);
	message_add_arms(&arms, probe);
	add_line(page, "arms", str_text(&arms));
	add_line(page, "cause", probe->reason);
	for (size_t i = 0; i < probe->evidence_count; i++) {
		owned_str struct str text = { 0 };

		line_add_raw(&text, probe->evidence[i].name, FACT_MAX);
		str_add(&text, ": ");
		line_add_raw(&text, probe->evidence[i].value, FACT_MAX);
		add_line(page, "seen", text.text);
	}
	if (probe->waiver) {
		owned_str struct str text = { 0 };

		message_add_waiver(&text, probe->waiver);
		add_line(page, "waived", text.text);
	}
	add_line(page, "remedy", probe->remedy);
	add_line(page, "repeat", probe->repeat);
}

static void add_one_line(struct page *page, const struct results_probe *probe)
{
	add_verdict(page, probe->verdict);
	add_cell(page, "", probe->requirement_id, ID_COLUMNS);
	add_cell(page, "", probe->id, PROBE_COLUMNS);
	end_with(page, probe->reason);
}

static void add_findings(struct page *page)
{
	for (enum finding i = 0; i < FINDING_COUNT; i++) {
		owned_str struct str text = { 0 };

		if (!page->outcome->findings[i])
			continue;
		add_verdict(page, outcome_finding_verdict(i));
		message_add_finding_text(&text, page->results, page->outcome, i);
		end_with(page, text.text);
	}
}

static void add_requirements(struct page *page)
{
	const struct results *results = page->results;

	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];
		owned_str struct str text = { 0 };

		if (!outcome_stands_alone(results, row))
			continue;
		add_verdict(page, row->verdict);
		add_cell(page, "", row->id, ID_COLUMNS);
		message_add_requirement_text(&text, row);
		end_with(page, text.text);
	}
}

static bool is_above(const struct results_probe *probe)
{
	return !verdict_is_green(probe->verdict) && !probe->required;
}

static bool is_condition(const struct results_probe *probe)
{
	return probe->verdict == VERDICT_NOT_APPLICABLE;
}

/* One line for each probe of a kind, under a heading; nothing when there is none. */
static void add_group(struct page *page, const char *heading,
		      bool (*belongs)(const struct results_probe *probe))
{
	const struct results *results = page->results;
	bool any = false;

	for (size_t i = 0; i < results->probe_count; i++) {
		if (!belongs(&results->probes[i]))
			continue;
		if (!any)
			add_bold(page, heading);
		any = true;
		add_one_line(page, &results->probes[i]);
	}
	if (any)
		str_add(page->ret, "\n");
}

static void add_not_green(struct page *page)
{
	const struct results *results = page->results;
	size_t before = page->ret->length;

	add_findings(page);
	for (enum verdict verdict = 0; verdict < VERDICT_ENFORCED; verdict++)
		for (size_t i = 0; i < results->probe_count; i++)
			if (results->probes[i].verdict == verdict &&
			    results->probes[i].required)
				add_in_full(page, &results->probes[i]);
	add_requirements(page);
	if (page->ret->length > before)
		str_add(page->ret, "\n");
	add_group(page, "Above the required level (does not change the exit status)",
		  is_above);
	add_group(page, "Conditions of validity", is_condition);
}

static void add_waivers(struct page *page)
{
	const struct results *results = page->results;

	for (size_t i = 0; i < results->waiver_count; i++) {
		const struct results_waiver *row = &results->waivers[i];
		owned_str struct str text = { 0 };

		str_addf(page->ret, "waiver %s, %s, ", row->id,
			 row->refused  ? row->refused
			 : row->unused ? "not needed"
				       : "in force");
		message_add_waiver(&text, row);
		end_with(page, text.text);
	}
	if (results->waiver_count)
		str_add(page->ret, "\n");
}

static void add_summary(struct page *page)
{
	const struct outcome *outcome = page->outcome;
	owned_str struct str level = { 0 }, answer = { 0 }, waived = { 0 };
	struct arena arena = { 0 };
	size_t count;
	const struct urgent *rows = urgent_list(&arena, page->results, outcome, &count);

	str_addf(page->ret, "coverage %zu/%zu required ids, %zu probes; ",
		 outcome->tested, outcome->required, page->results->probe_count);
	message_add_level(&level, page->results, outcome);
	end_with(page, level.text);
	str_addf(&answer, "%s: ", urgent_answer(page->results, outcome));
	urgent_add_banner(&answer, page->results, outcome);
	add_bold(page, answer.text);
	urgent_add_lines(page->ret, rows, count);
	urgent_add_waived(&waived, page->results);
	if (waived.length) {
		str_addf(page->ret, "fix %s: ", count ? "later" : "next");
		end_with(page, waived.text);
	}
	str_addf(page->ret, "exit %d: ", (int)outcome->exit);
	add_bold(page, outcome_word(outcome->exit));
	arena_done(&arena);
}

int text_write(const struct results *results, const struct outcome *outcome,
	       const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct page page = {
		.ret = ret,
		.results = results,
		.outcome = outcome,
		.colour = taste->colour,
	};

	(void)err; /* str ends the program where there is no memory */
	add_head(&page);
	add_layers(&page);
	add_not_green(&page);
	add_waivers(&page);
	add_summary(&page);
	return 0;
}
