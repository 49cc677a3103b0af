/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fleet as a page: may scripts run on all of it, what is missing, under what it ran, and the
 * matrix of hosts and layers, the worst first. Hosts on which all is well are counted and stand in
 * a fold; a layer is named where it is not enforced, so that a page of 10,000 hosts stays readable.
 */
#include "reports/html.h"
#include "reports/merge.h"
#include <inttypes.h>

#define NAME_MAX_BYTES 255

static void add_answer(struct html *html, struct fleet *fleet, const struct urgent *rows,
		       size_t count)
{
	owned_str struct str banner = { 0 };

	fleet_add_banner(&banner, fleet);
	html_add(html, "<header>\n<h1>May scripts run on this fleet?</h1>\n");
	html_answer(html, fleet_answer(fleet), banner.text, fleet_exit(fleet), rows,
		    count);
	html_add(html, "</div>\n");
}

static void add_conditions(struct html *html, struct fleet *fleet)
{
	html_add(html, "<dl>\n");
	for (enum fleet_condition i = 0; i < FLEET_CONDITIONS; i++) {
		size_t count;
		const struct fleet_share *shares = fleet_shares(fleet, i, &count);

		html_addf(html, "<dt>%s</dt><dd>", fleet_condition_names[i]);
		for (size_t k = 0; k < count && k < 20; k++) {
			html_add(html, k ? ", " : "");
			html_text(html, shares[k].word, NAME_MAX_BYTES);
			html_addf(html, " (%zu)", shares[k].count);
		}
		if (count > 20)
			html_addf(html, ", and %zu more", count - 20);
		html_add(html, "</dd>\n");
	}
	html_add(html, "</dl>\n");
}

static void add_missing(struct html *html, const struct fleet *fleet)
{
	size_t missing = fleet_missing(fleet);

	if (!missing)
		return;
	html_addf(html,
		  "<section aria-labelledby=\"missing\">\n<h2 id=\"missing\">Missing"
		  "</h2>\n<p>Expected, and did not report: %zu.</p>\n<ul "
		  "class=\"lines\">\n",
		  missing);
	for (size_t i = 0; i < fleet->expected_count; i++) {
		if (fleet->expected[i].reported)
			continue;
		html_add(html, "<li>");
		html_text(html, fleet->expected[i].hostname, NAME_MAX_BYTES);
		html_add(html, "</li>\n");
	}
	html_add(html, "</ul>\n</section>\n");
}

static void add_row(struct html *html, const struct fleet_row *row)
{
	bool any = false;

	html_add(html, "<tr><th scope=\"row\">");
	html_text(html, row->hostname, NAME_MAX_BYTES);
	html_add(html, "<br/><span class=\"soft\">");
	html_text(html, row->target, NAME_MAX_BYTES);
	html_addf(html, "%s</span></th><td>%s%s</td><td>%" PRIu64,
		  row->expected ? "" : ", not expected", outcome_word(row->exit),
		  row->false_claim ? ", a false claim" : "", row->level);
	if (row->waivers)
		html_addf(html, " with %zu waiver%s", row->waivers,
			  row->waivers == 1 ? "" : "s");
	html_addf(html, "</td><td>%zu of %zu</td><td>", row->tested, row->required);
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		if (row->worst[i] >= VERDICT_ENFORCED)
			continue;
		html_addf(html, "%s%s ", any ? ", " : "", layer_words[i]);
		html_verdict(html, (enum verdict)row->worst[i]);
		any = true;
	}
	html_add(html, "</td></tr>\n");
}

static bool is_good(const struct fleet_row *row)
{
	return fleet_row_met(row) && row->expected;
}

static void add_table(struct html *html, const struct fleet *fleet, bool good)
{
	html_add(html,
		 "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
		 "aria-label=\"Hosts\">\n"
		 "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Host</th><th "
		 "scope=\"col\">Outcome</th><th scope=\"col\">Level</th><th "
		 "scope=\"col\">Coverage</th><th scope=\"col\">Layers that are not "
		 "enforced"
		 "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < fleet->count; i++)
		if (is_good(&fleet->rows[i]) == good)
			add_row(html, &fleet->rows[i]);
	html_add(html, "</tbody>\n</table>\n</div>\n");
}

static void add_hosts(struct html *html, const struct fleet *fleet)
{
	size_t good = 0;

	for (size_t i = 0; i < fleet->count; i++)
		good += is_good(&fleet->rows[i]);
	html_add(html, "<section aria-labelledby=\"hosts\">\n<h2 "
		       "id=\"hosts\">Hosts</h2>\n");
	if (good < fleet->count)
		add_table(html, fleet, false);
	if (good) {
		html_addf(html, "<details><summary>%zu run%s met the level</summary>\n",
			  good, good == 1 ? "" : "s");
		add_table(html, fleet, true);
		html_add(html, "</details>\n");
	}
	html_add(html, "</section>\n");
}

static void add_layers(struct html *html, const struct fleet *fleet)
{
	html_add(html,
		 "<section aria-labelledby=\"layers\">\n<h2 id=\"layers\">Layers"
		 "</h2>\n<table class=\"cards\">\n<caption>Runs by the worst verdict "
		 "of a layer over its required ids</caption>\n<thead><tr><th "
		 "scope=\"col\">Layer</th><th scope=\"col\">Runs</th></tr></thead>\n"
		 "<tbody>\n");
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		bool any = false;

		html_addf(html, "<tr><th scope=\"row\">%s</th><td>", layer_words[i]);
		for (enum verdict k = 0; k < VERDICT_COUNT; k++) {
			size_t count = 0;

			for (size_t r = 0; r < fleet->count; r++)
				count += fleet->rows[r].worst[i] == k;
			if (!count)
				continue;
			html_addf(html, "%s%zu ", any ? ", " : "", count);
			html_verdict(html, k);
			any = true;
		}
		html_addf(html, "%s</td></tr>\n", any ? "" : "nothing required");
	}
	html_add(html, "</tbody>\n</table>\n</section>\n");
}

void merge_html(struct fleet *fleet, const struct receipts *receipts, struct str *ret)
{
	struct html html = { .ret = ret };
	owned_str struct str title = { 0 };
	size_t count;
	const struct urgent *rows = fleet_urgent(fleet, &count);

	str_addf(&title, "confine: %s, fleet", fleet_answer(fleet));
	html_begin(&html, title.text);
	add_answer(&html, fleet, rows, count);
	add_conditions(&html, fleet);
	html_addf(&html,
		  "<nav aria-label=\"Contents\"><ul>\n%s<li><a href=\"#hosts\">Hosts"
		  "</a></li>\n<li><a href=\"#layers\">Layers</a></li>\n%s<li><a "
		  "href=\"#words\">Words</a></li>\n</ul></nav>\n</header>\n<main>\n",
		  count ? "<li><a href=\"#first\">What to fix first</a></li>\n" : "",
		  receipts ? "<li><a href=\"#runs\">Real runs</a></li>\n" : "");
	html_urgent(&html, rows, count, true);
	add_missing(&html, fleet);
	add_hosts(&html, fleet);
	add_layers(&html, fleet);
	if (receipts)
		merge_receipts_html(receipts, ret);
	html_glossary(&html);
	html_add(&html, "</main>\n");
	html_end(&html);
}
