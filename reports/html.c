/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - the page of one run: may scripts run here, what to fix first, the layers, every probe,
 * the controls, and what it takes to check all of it
 */
#include "reports/html.h"
#include "reports/format.h"
#include "reports/line.h"
#include "reports/message.h"
#include <inttypes.h>
#include <string.h>

#define NAME_MAX_BYTES 300
#define TEXT_MAX       1000
#define URGENT_MAX     20

/* --- text --- */

void html_add(struct html *html, const char *markup)
{
	str_add(html->ret, markup);
}

void html_addf(struct html *html, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	str_vaddf(html->ret, format, arguments);
	va_end(arguments);
}

static void add_escaped(struct str *ret, const char *text, size_t length)
{
	static const char *const entities[256] = {
		['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;",
	};
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		const char *entity = entities[(unsigned char)text[i]];

		if (!entity)
			continue;
		str_add_bytes(ret, text + from, i - from);
		str_add(ret, entity);
		from = i + 1;
	}
	str_add_bytes(ret, text + from, length - from);
}

void html_text(struct html *html, const char *text, size_t max_bytes)
{
	owned_str struct str clean = { 0 };

	line_add(&clean, text, max_bytes);
	add_escaped(html->ret, str_text(&clean), clean.length);
}

void html_prose(struct html *html, const char *text, size_t max_bytes)
{
	owned_str struct str clean = { 0 };
	const char *at;
	size_t ticks = 0, part = 0;

	line_add(&clean, text, max_bytes);
	at = str_text(&clean);
	for (const char *tick = at; *tick; tick++)
		ticks += *tick == '`';
	for (; *at; part++) {
		/* An odd tick at the end is only a tick. */
		bool last = part + 1 > ticks - ticks % 2;
		size_t length = last ? strlen(at) : strcspn(at, "`");

		html_add(html, part % 2 ? "<code>" : "");
		add_escaped(html->ret, at, length);
		html_add(html, part % 2 ? "</code>" : "");
		at += length + (at[length] == '`');
	}
}

void html_verdict(struct html *html, enum verdict verdict)
{
	if (verdict == VERDICT_NONE)
		html_add(html, "<b class=\"none\">NOT TESTED</b>");
	else
		html_addf(html, "<b class=\"%s\">%s</b>", verdict_words[verdict],
			  verdict_shouts[verdict]);
}

void html_begin(struct html *html, const char *title)
{
	html_add(
		html,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta name=\"viewport\" "
		"content=\"width=device-width,initial-scale=1\"/>\n"
		"<title>");
	html_text(html, title, NAME_MAX_BYTES);
	html_addf(html, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", html_style);
}

void html_end(struct html *html)
{
	html_add(html, "</body>\n</html>\n");
}

/* --- the answer --- */

static void add_fact(struct html *html, const char *term, const char *text)
{
	if (!text || !text[0])
		return;
	html_addf(html, "<dt>%s</dt><dd>", term);
	html_text(html, text, TEXT_MAX);
	html_add(html, "</dd>\n");
}

static void add_findings(struct html *html)
{
	for (enum finding i = 0; i < FINDING_COUNT; i++) {
		owned_str struct str text = { 0 };

		if (!html->outcome->findings[i])
			continue;
		message_add_finding_text(&text, html->results, html->outcome, i);
		html_add(html, "<p>");
		html_verdict(html, outcome_finding_verdict(i));
		html_add(html, " ");
		html_text(html, text.text, TEXT_MAX);
		html_add(html, "</p>\n");
	}
}

/* What is reached, and what the next one lacks, each in a line of its own. */
static void add_level(struct html *html)
{
	owned_str struct str level = { 0 }, lacking = { 0 }, reached = { 0 };
	uint64_t next = html->outcome->level + 1;
	const char *end;

	message_add_level(&level, html->results, html->outcome);
	end = strchr(str_text(&level), ';');
	str_add_bytes(&reached, str_text(&level),
		      end ? (size_t)(end - level.text) : level.length);
	if (html->outcome->level)
		str_addf(&reached, ": %s, for %s", level_names[html->outcome->level],
			 level_scripts[html->outcome->level]);
	add_fact(html, "Level", reached.text);
	if (next <= LEVEL_MAX)
		message_add_lacking(&lacking, html->results, next);
	if (lacking.length)
		add_fact(html, "Next", lacking.text + strspn(lacking.text, "; "));
}

static void add_subject(struct html *html)
{
	const struct results *results = html->results;
	owned_str struct str target = { 0 }, host = { 0 }, coverage = { 0 };
	const char *os = results_fact(results, "os");
	const char *kernel = results_fact(results, "kernel");

	/* Many titles begin with the name. */
	if (!str_has_prefix(results->target.title, results->target.name))
		str_addf(&target, "%s%s", results->target.name,
			 results->target.title[0] ? ", " : "");
	str_addf(&target, "%s %s", results->target.title, results->target.version);
	str_addf(&host, "%s%s%s%s%s", results->hostname, os ? ", " : "", os ? os : "",
		 kernel ? ", Linux " : "", kernel ? kernel : "");
	str_addf(&coverage, "%zu of %zu required ids tested, %zu probes",
		 html->outcome->tested, html->outcome->required, results->probe_count);
	html_add(html, "<dl>\n");
	add_level(html);
	add_fact(html, "Coverage", coverage.text);
	add_fact(html, "Sandbox", target.text);
	add_fact(html, "Host", host.text);
	add_fact(html, "Policy", results->policy.source);
	add_fact(html, "When", results->run.started);
	html_add(html, "</dl>\n");
}

static void add_navigation(struct html *html, bool urgent)
{
	html_add(html, "<nav aria-label=\"Contents\"><ul>\n");
	if (urgent)
		html_add(html, "<li><a href=\"#first\">What to fix first</a></li>\n");
	html_add(html, "<li><a href=\"#layers\">Layers</a></li>\n"
		       "<li><a href=\"#probes\">Probes</a></li>\n"
		       "<li><a href=\"#controls\">Controls</a></li>\n"
		       "<li><a href=\"#provenance\">Provenance</a></li>\n"
		       "<li><a href=\"#verify\">How to verify</a></li>\n"
		       "<li><a href=\"#words\">Words</a></li>\n"
		       "</ul></nav>\n");
}

void html_answer(struct html *html, const char *answer, const char *banner,
		 enum outcome_exit exit, const struct urgent *rows, size_t count)
{
	static const struct {
		const char *answer, *class;
	} classes[] = { { "YES", "yes" }, { "NO", "no" }, { "UNKNOWN", "unknown" } };
	const char *class = "";

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i].answer, answer) == 0)
			class = classes[i].class;
	html_addf(html,
		  "<div class=\"answer %s\">\n<p><strong>%s</strong> %s. "
		  "(exit %d, %s)</p>\n",
		  class, answer, banner, (int)exit, outcome_word(exit));
	if (count) {
		owned_str struct str first = { 0 };

		urgent_add_first(&first, rows, count);
		html_add(html, "<p>Fix first: <a href=\"#first\">");
		html_text(html, first.text, TEXT_MAX);
		html_add(html, "</a></p>\n");
	}
}

static void add_answer(struct html *html, const struct urgent *rows, size_t count)
{
	const char *answer = urgent_answer(html->results, html->outcome);
	owned_str struct str banner = { 0 }, waived = { 0 };

	urgent_add_banner(&banner, html->results, html->outcome);
	html_answer(html, answer, banner.text, html->outcome->exit, rows, count);
	urgent_add_waived(&waived, html->results);
	if (!count && strcmp(answer, "YES") == 0)
		html_addf(html, "<p>Enough for %s%s</p>\n",
			  level_scripts[html->results->run.require],
			  waived.length ? "." : "; nothing to fix.");
	if (waived.length) {
		html_addf(html, "<p>Fix %s: <a href=\"#waivers\">",
			  count ? "later" : "next");
		html_text(html, waived.text, TEXT_MAX);
		html_add(html, "</a></p>\n");
	}
	html_add(html, "</div>\n");
}

static void add_head(struct html *html, const struct urgent *rows, size_t count)
{
	html_add(html, "<header>\n<h1>May scripts run on ");
	html_text(html, html->results->hostname, NAME_MAX_BYTES);
	html_add(html, "?</h1>\n");
	add_answer(html, rows, count);
	add_findings(html);
	add_subject(html);
	add_navigation(html, count > 0);
	html_add(html, "</header>\n");
}

/* --- what to fix first --- */

/* Where it stands and how far it reaches, below its title. */
static void add_extent(struct html *html, const struct urgent *row, bool fleet)
{
	const char *before = "";

	if (!row->level && !row->runs)
		return;
	html_add(html, "<br/><span class=\"soft\">");
	if (row->level) {
		html_addf(html, "level %" PRIu64, row->level);
		before = ", ";
	}
	if (row->runs) {
		html_addf(html, "%s%zu run%s: ", before, row->runs,
			  row->runs == 1 ? "" : "s");
		html_text(html, row->hostname, NAME_MAX_BYTES);
		html_add(html, row->runs > 1 ? ", …" : "");
	} else if (!fleet) {
		html_addf(html, "%s%zu of %zu probes", before, row->failing, row->probes);
	}
	html_add(html, "</span>");
}

static void add_urgent(struct html *html, const struct urgent *row, bool fleet)
{
	html_add(html, "<tr><td>");
	html_verdict(html, row->verdict);
	html_add(html, row->false_claim ? " a false claim</td>" : "</td>");
	html_add(html, "<th scope=\"row\">");
	if (row->level && fleet) /* whose page has no place for each requirement */
		html_addf(html, "%s ", row->id);
	else if (row->level)
		html_addf(html, "<a href=\"#%s\">%s</a> ", row->id, row->id);
	html_text(html, row->title, NAME_MAX_BYTES);
	add_extent(html, row, fleet);
	html_add(html, "</th><td>");
	html_prose(html, row->remedy, TEXT_MAX);
	html_add(html, "</td></tr>\n");
}

void html_urgent(struct html *html, const struct urgent *rows, size_t count, bool fleet)
{
	if (!count)
		return;
	html_add(html,
		 "<section aria-labelledby=\"first\">\n<h2 id=\"first\">What to fix "
		 "first</h2>\n<table class=\"cards\">\n<thead><tr><th "
		 "scope=\"col\">Verdict</th><th scope=\"col\">Requirement</th><th "
		 "scope=\"col\">What to do</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count && i < URGENT_MAX; i++)
		add_urgent(html, &rows[i], fleet);
	html_add(html, "</tbody>\n</table>\n");
	if (count > URGENT_MAX)
		html_addf(html, "<p>And %zu more%s.</p>\n", count - URGENT_MAX,
			  fleet ? "" : ", below");
	html_add(html, "</section>\n");
}

/* --- the matrix --- */

/* What was found above the required level: told, and no part of the answer. */
static void add_above(struct html *html, enum layer layer)
{
	size_t counts[VERDICT_COUNT] = { 0 };
	const char *before = "<br/><span class=\"soft\">above: ";

	for (size_t i = 0; i < html->results->requirement_count; i++) {
		const struct results_requirement *row = &html->results->requirements[i];

		if (row->layer == layer && !row->required && row->verdict != VERDICT_NONE)
			counts[row->verdict]++;
	}
	for (enum verdict k = 0; k < VERDICT_COUNT; k++) {
		if (!counts[k])
			continue;
		html_addf(html, "%s%zu %s", before, counts[k], verdict_words[k]);
		before = ", ";
	}
	html_add(html, *before == ',' ? "</span>" : "");
}

static void add_layer_row(struct html *html, enum layer i)
{
	const struct outcome_layer *layer = &html->outcome->layers[i];
	size_t sum = 0;
	bool any = false;

	html_addf(html, "<tr><th scope=\"row\"><a href=\"#layer-%s\">%s</a></th><td>",
		  layer_words[i], layer_words[i]);
	for (enum verdict k = 0; k <= VERDICT_COUNT; k++) {
		/* What has no verdict at all is counted too. */
		size_t count =
			k == VERDICT_NONE ? layer->required - sum : layer->counts[k];

		sum += count;
		if (!count)
			continue;
		html_addf(html, "%s%zu ", any ? ", " : "", count);
		html_verdict(html, k);
		any = true;
	}
	html_add(html, any ? "" : "nothing required");
	add_above(html, i);
	if (layer->required)
		html_addf(html, "</td><td>%zu of %zu tested</td><td>", layer->tested,
			  layer->required);
	else
		html_add(html, "</td><td></td><td>");
	html_text(html, html->results->layers[i].mechanism, TEXT_MAX);
	html_add(html, "</td></tr>\n");
}

void html_matrix(struct html *html)
{
	html_addf(
		html,
		"<section aria-labelledby=\"layers\">\n<h2 id=\"layers\">Layers</h2>\n"
		"<table class=\"cards matrix\">\n<caption>Requirements at level %" PRIu64
		" and below, by their verdict; above: those of "
		"higher levels</caption>\n<thead><tr><th "
		"scope=\"col\">Layer</th><th scope=\"col\">Required ids</th><th "
		"scope=\"col\">Tested</th><th scope=\"col\">By</th></tr></thead>\n"
		"<tbody>\n",
		html->results->run.require);
	for (enum layer i = 0; i < LAYER_COUNT; i++)
		add_layer_row(html, i);
	html_add(html, "</tbody>\n</table>\n</section>\n");
}

int html_write(const struct results *results, const struct outcome *outcome,
	       const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct html html = { .ret = ret, .results = results, .outcome = outcome };
	owned_str struct str title = { 0 };
	size_t count;
	const struct urgent *rows = urgent_list(&html.arena, results, outcome, &count);

	(void)taste;
	(void)err; /* str ends the program where there is no memory */
	str_addf(&title, "confine: %s, %s, %s", urgent_answer(results, outcome),
		 results->hostname, results->target.name);
	html_begin(&html, title.text);
	add_head(&html, rows, count);
	html_add(&html, "<main>\n");
	html_urgent(&html, rows, count, false);
	html_matrix(&html);
	html_layers(&html);
	html_controls(&html);
	html_waivers(&html);
	html_provenance(&html);
	html_verify(&html);
	html_glossary(&html);
	html_add(&html, "</main>\n");
	html_end(&html);
	arena_done(&html.arena);
	return 0;
}
