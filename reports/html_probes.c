/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every layer, its requirements, their probes. What is enforced is one line in the list of its
 * requirement; all else has a fold of its own with what was tried, what was seen, what to do and
 * a line that repeats it.
 */
#include "reports/html.h"
#include "reports/message.h"
#include <inttypes.h>
#include <string.h>

#define LINE_MAX_BYTES 200
#define TEXT_MAX       1000

static void add_item(struct html *html, const char *term, const char *text, bool prose)
{
	if (!text[0])
		return;
	html_addf(html, "<dt>%s</dt><dd>", term);
	if (prose)
		html_prose(html, text, TEXT_MAX);
	else
		html_text(html, text, TEXT_MAX);
	html_add(html, "</dd>\n");
}

static void add_repeat(struct html *html, const char *text)
{
	if (!text[0])
		return;
	html_add(html, "<dt>Repeat</dt><dd><code>");
	html_text(html, text, TEXT_MAX);
	html_add(html, "</code></dd>\n");
}

static void add_body(struct html *html, const struct results_probe *probe)
{
	owned_str struct str arms = { 0 }, evidence = { 0 }, waiver = { 0 }, kind = { 0 };

	message_add_arms(&arms, probe);
	message_add_evidence(&evidence, probe);
	if (probe->waiver)
		message_add_waiver(&waiver, probe->waiver);
	str_addf(&kind, "promised %s, seen: %s, %.2f s, %" PRIu64 " attempt%s%s%s",
		 promise_words[probe->promised], seen_words[probe->seen], probe->seconds,
		 probe->attempts, probe->attempts == 1 ? "" : "s",
		 probe->scope[0] ? ", scope: " : "", probe->scope);
	html_add(html, "<dl>\n");
	add_item(html, "Tried", probe->what[0] ? probe->what : probe->title, true);
	add_item(html, "Why", probe->why, true);
	add_item(html, "Cause", probe->reason, false);
	add_item(html, "Arms", str_text(&arms), false);
	add_item(html, "Evidence", str_text(&evidence), false);
	add_item(html, "Mechanism", probe->mechanism, false);
	add_item(html, "Test", kind.text, false);
	add_item(html, "Waived", str_text(&waiver), false);
	if (probe->verdict != VERDICT_NOT_APPLICABLE)
		add_item(html, "Remedy", probe->remedy, true);
	add_repeat(html, probe->repeat);
	html_add(html, "</dl>\n");
}

static void add_fold(struct html *html, const struct results_probe *probe)
{
	html_add(html, "<details><summary>");
	if (probe->waiver)
		html_add(html, "WAIVED, was ");
	html_verdict(html, probe->verdict);
	html_addf(html, " %s%s: ", probe->false_claim ? "(a false claim) " : "",
		  probe->id);
	html_text(html, probe->title, LINE_MAX_BYTES);
	html_add(html, "</summary>\n");
	add_body(html, probe);
	html_add(html, "</details>\n");
}

static void add_line(struct html *html, const struct results_probe *probe)
{
	html_addf(html, "<li>%s: ", probe->id);
	html_text(html, probe->title, LINE_MAX_BYTES);
	html_add(html, "; ");
	html_text(html, probe->reason, LINE_MAX_BYTES);
	html_add(html, "</li>\n");
}

static size_t count_of(const struct html *html, const struct results_requirement *row,
		       bool enforced)
{
	size_t count = 0;

	for (size_t i = 0; i < html->results->probe_count; i++) {
		const struct results_probe *probe = &html->results->probes[i];

		count += probe->requirement == row &&
			 (probe->verdict == VERDICT_ENFORCED) == enforced;
	}
	return count;
}

static void add_enforced(struct html *html, const struct results_requirement *row)
{
	size_t count = count_of(html, row, true);

	if (!count)
		return;
	html_addf(html,
		  "<details><summary>%zu probe%s enforced</summary>\n"
		  "<ul class=\"lines\">\n",
		  count, count == 1 ? "" : "s");
	for (size_t i = 0; i < html->results->probe_count; i++)
		if (html->results->probes[i].requirement == row &&
		    html->results->probes[i].verdict == VERDICT_ENFORCED)
			add_line(html, &html->results->probes[i]);
	html_add(html, "</ul></details>\n");
}

static void add_requirement(struct html *html, const struct results_requirement *row)
{
	html_addf(html, "<h3 id=\"%s\">%s ", row->id, row->id);
	html_text(html, row->title, LINE_MAX_BYTES);
	html_add(html, " ");
	html_verdict(html, row->verdict);
	html_addf(html, "</h3>\n<p class=\"soft\">level %" PRIu64 "%s%s%s</p>\n",
		  row->level, row->must ? "" : ", should",
		  row->required ? ", required" : "", row->waiver ? ", waived" : "");
	if (outcome_stands_alone(html->results, row) || row->probe_count == 0) {
		owned_str struct str text = { 0 };

		message_add_requirement_text(&text, row);
		html_add(html, "<p>");
		html_text(html, str_text(&text), TEXT_MAX);
		html_add(html, "</p>\n");
	}
	for (enum verdict k = 0; k < VERDICT_COUNT; k++)
		for (size_t i = 0; i < html->results->probe_count; i++) {
			const struct results_probe *probe = &html->results->probes[i];

			if (probe->requirement == row && probe->verdict == k &&
			    k != VERDICT_ENFORCED)
				add_fold(html, probe);
		}
	add_enforced(html, row);
}

/* What nobody looked at, and nobody has to: one line for all of a layer. */
static bool is_silent(const struct results_requirement *row)
{
	return row->probe_count == 0 && !row->required && row->verdict == VERDICT_NONE;
}

static void add_silent(struct html *html, enum layer layer)
{
	const struct results *results = html->results;
	bool any = false;

	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		if (row->layer != layer || !is_silent(row))
			continue;
		html_addf(html, "%s%s ",
			  any ? ", " : "<p class=\"soft\">Not tested: ", row->id);
		html_text(html, row->title, LINE_MAX_BYTES);
		any = true;
	}
	html_add(html, any ? "</p>\n" : "");
}

void html_layers(struct html *html)
{
	const struct results *results = html->results;

	html_add(html,
		 "<section aria-labelledby=\"probes\">\n<h2 id=\"probes\">Probes</h2>\n"
		 "<p>Each act was tried outside the sandbox, where it must work, and "
		 "inside, "
		 "where it must not. To repeat one: <code>confine check --only "
		 "ID</code>.</p>\n</section>\n");
	for (enum layer layer = 0; layer < LAYER_COUNT; layer++) {
		html_addf(html,
			  "<section aria-labelledby=\"layer-%s\">\n<h2 "
			  "id=\"layer-%s\">Layer: %s</h2>\n",
			  layer_words[layer], layer_words[layer], layer_words[layer]);
		for (size_t i = 0; i < results->requirement_count; i++)
			if (results->requirements[i].layer == layer &&
			    !is_silent(&results->requirements[i]))
				add_requirement(html, &results->requirements[i]);
		add_silent(html, layer);
		html_add(html, "</section>\n");
	}
}
