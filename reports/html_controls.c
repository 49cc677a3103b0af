/* SPDX-License-Identifier: Apache-2.0 */
/* The controls view: control -> requirements and how far they go -> the worst verdict of all. */
#include "reports/controls.h"
#include "reports/html.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 300

/* A pair of the record. */
struct pair {
	const struct results_control *control;
	const struct results_requirement *row;
	size_t order; /* of its framework, then of the record */
	size_t index;
};

/* The place of a framework among those shown; those of nobody we know come last. */
static size_t place_of(const char *key)
{
	size_t place = 0;

	while (frameworks[place].key && strcmp(frameworks[place].key, key) != 0)
		place++;
	return place;
}

/* "SC-7(10)" after "SC-7(9)": runs of digits by their number. */
static int compare_ids(const char *a, const char *b)
{
	while (*a && *a == *b && !(*a >= '0' && *a <= '9')) {
		a++;
		b++;
	}
	if (*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9') {
		size_t left, right;
		int order;

		a += strspn(a, "0");
		b += strspn(b, "0");
		left = strspn(a, "0123456789");
		right = strspn(b, "0123456789");
		order = left != right ? (left < right ? -1 : 1) : strncmp(a, b, left);
		return order ? order : compare_ids(a + left, b + right);
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare_controls(const struct pair *left, const struct pair *right)
{
	int order = left->order < right->order ? -1 : left->order > right->order;

	order = order ? order
		      : strcmp(left->control->framework, right->control->framework);
	order = order ? order : strcmp(left->control->version, right->control->version);
	order = order ? order : compare_ids(left->control->id, right->control->id);
	/* Ids that differ in leading zeros alone. */
	return order ? order : strcmp(left->control->id, right->control->id);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	int order = compare_controls(left, right);

	if (order)
		return order;
	if (left->control->relation != right->control->relation)
		return left->control->relation < right->control->relation ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

/* Pairs of requirements that this run says something about, in the order of the page. */
static struct pair *list_pairs(struct html *html, size_t *ret_count)
{
	const struct results *results = html->results;
	size_t count = 0, used = 0;
	struct pair *pairs;

	for (size_t i = 0; i < results->requirement_count; i++)
		count += results->requirements[i].control_count;
	pairs = arena_array(&html->arena, count + 1, sizeof(*pairs));
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		for (size_t k = 0; k < row->control_count; k++)
			if (row->verdict != VERDICT_NONE) {
				pairs[used] = (struct pair){
					.control = &row->controls[k],
					.row = row,
					.order = place_of(row->controls[k].framework),
					.index = used,
				};
				used++;
			}
	}
	if (used)
		qsort(pairs, used, sizeof(*pairs), compare_pairs);
	*ret_count = used;
	return pairs;
}

/* "tests FS-01, FS-02 degraded; supports …" of one control, and the worst verdict. */
static enum verdict add_evidence(const struct pair *pairs, size_t count, struct str *ret)
{
	enum verdict worst = VERDICT_NONE;

	for (size_t i = 0; i < count; i++) {
		const struct results_requirement *row = pairs[i].row;
		enum relation relation = pairs[i].control->relation;

		if (i && relation == pairs[i - 1].control->relation)
			str_add(ret, ", ");
		else
			str_addf(ret, "%s%s ", i ? "; " : "", relation_words[relation]);
		str_add(ret, row->id);
		if (row->verdict != VERDICT_ENFORCED)
			str_addf(ret, " %s%s", verdict_words[row->verdict],
				 row->waiver ? " (waived)" : "");
		worst = verdict_worse(worst, row->verdict);
	}
	return worst;
}

static void add_control(struct html *html, const struct pair *pairs, size_t count)
{
	const struct results_control *control = pairs->control;
	owned_str struct str text = { 0 };
	enum verdict worst = add_evidence(pairs, count, &text);

	html_add(html, "<tr><th scope=\"row\">");
	html_text(html, control->id, TEXT_MAX);
	html_add(html, "</th><td>");
	html_text(html, control->title, TEXT_MAX);
	if (control->baseline[0]) {
		html_add(html, control->title[0] ? "; baseline " : "baseline ");
		html_text(html, control->baseline, TEXT_MAX);
	}
	html_addf(html, "</td><td>%s</td><td>%s</td></tr>\n", verdict_words[worst],
		  text.text);
}

/* How many of the pairs belong to the first one's control, or to its framework. */
static size_t run_of(const struct pair *pairs, size_t count, bool framework)
{
	size_t run = 1;

	while (run < count && (framework ? strcmp(pairs[run].control->framework,
						  pairs->control->framework) == 0 &&
						   strcmp(pairs[run].control->version,
							  pairs->control->version) == 0
					 : compare_controls(&pairs[run], pairs) == 0))
		run++;
	return run;
}

static void add_framework(struct html *html, const struct pair *pairs, size_t count)
{
	const struct results_control *first = pairs->control;
	const struct framework *row = framework_find(first->framework);

	html_add(html, "<details><summary>");
	html_text(html, row ? row->name : first->framework, TEXT_MAX);
	html_add(html, ", ");
	html_text(html, first->version, TEXT_MAX);
	html_add(html, "</summary>\n");
	if (row && row->notice) {
		html_add(html, "<p class=\"soft\">");
		html_text(html, row->notice, TEXT_MAX);
		html_add(html, "</p>\n");
	}
	html_add(html,
		 "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Control</th><th "
		 "scope=\"col\">Title</th><th scope=\"col\">Worst verdict</th><th "
		 "scope=\"col\">Evidence from</th></tr></thead>\n<tbody>\n");
	while (count) {
		size_t run = run_of(pairs, count, false);

		add_control(html, pairs, run);
		pairs += run;
		count -= run;
	}
	html_add(html, "</tbody>\n</table>\n</details>\n");
}

void html_controls(struct html *html)
{
	size_t count;
	const struct pair *pairs = list_pairs(html, &count);

	html_add(html, "<section aria-labelledby=\"controls\">\n<h2 "
		       "id=\"controls\">Controls</h2>\n");
	html_add(html,
		 count ? "<p>The requirements above produce evidence "
			 "for these controls. Whether a control is met is for whoever "
			 "knows the whole system; nothing here says so. "
			 "<em>tests</em>: the probe tries what the control asks for; "
			 "<em>supports</em>: it shows something that the control "
			 "rests on; <em>partial</em>: a part or a special case; "
			 "<em>judged</em>: no published mapping says so.</p>\n"
		       : "<p>The record names no controls for what was tested.</p>\n");
	while (count) {
		size_t run = run_of(pairs, count, true);

		add_framework(html, pairs, run);
		pairs += run;
		count -= run;
	}
	html_add(html, "</section>\n");
}
