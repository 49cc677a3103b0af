/* SPDX-License-Identifier: Apache-2.0 */
/*
 * markdown - for a comment on a change request or a step summary: the answer, the matrix, what to
 * fix first, the rest folded
 *
 * Foreign text that is more than plain words goes into code spans: there neither Markdown, nor
 * HTML, nor the mentions, references and mathematics that the hosts add afterwards are looked at.
 * The whole stays below what a comment may hold; what is left out is counted.
 */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/message.h"
#include "reports/urgent.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define CELL_MAX   200
#define TEXT_MAX   600
#define WHOLE_MAX  60000 /* bytes; a GitHub comment takes 65,536 characters */
#define URGENT_MAX 20

/* --- foreign text --- */

/* A letter that means nothing to Markdown or to the hosts where it stands. */
static bool is_plain_at(const char *text, size_t i, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ ,;()'\"/=+.-";
	bool inside = i > 0 && i + 1 < length;

	if ((unsigned char)text[i] >= 0x80)
		return true; /* cleaned: a visible letter */
	if (text[i] == ':')
		return i + 1 >= length || text[i + 1] == ' ';
	if (text[i] == '_') /* within a word it is no emphasis */
		return inside && isalnum((unsigned char)text[i - 1]) &&
		       isalnum((unsigned char)text[i + 1]);
	return text[i] && strchr(plain, text[i]) != NULL;
}

static bool is_plain(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_plain_at(text, i, length) ||
		    (length - i >= 4 && strncasecmp(text + i, "www.", 4) == 0) ||
		    (length - i >= 2 && strncmp(text + i, "--", 2) == 0))
			return false;
	return true;
}

/* Plain but for `code` in single backquotes, as catalogues write it. */
static bool is_prose(const char *text)
{
	size_t part = 0;

	if (text[0] == ' ' || text[strlen(text) - 1] == ' ')
		return false;
	for (;; part++) {
		size_t length = strcspn(text, "`");

		if (part % 2 == 0 ? !is_plain(text, length) : length == 0)
			return false;
		if (!text[length])
			return part % 2 == 0;
		text += length + 1;
	}
}

static size_t longest_run(const char *text, char letter)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == letter ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

/* A fence that is longer than any in the text; inside a table a bar needs a backslash. */
static void add_code(struct str *str, const char *text, bool in_table)
{
	size_t fence = longest_run(text, '`') + 1;
	/* A blank at either end is taken away again, and lets the text begin with a fence. */
	const char *pad = fence > 1 || text[0] == ' ' ? " " : "";

	for (size_t i = 0; i < fence; i++)
		str_add(str, "`");
	str_add(str, pad);
	for (; *text; text++) {
		if (in_table && *text == '|')
			str_add(str, "\\");
		str_add_bytes(str, text, 1);
	}
	str_add(str, pad);
	for (size_t i = 0; i < fence; i++)
		str_add(str, "`");
}

static void add_prose(struct str *str, const char *text, bool in_table)
{
	for (size_t part = 0;; part++) {
		size_t length = strcspn(text, "`");
		owned_str struct str code = { 0 };

		str_add_bytes(part % 2 ? &code : str, text, length);
		if (part % 2)
			add_code(str, code.text, in_table);
		if (!text[length])
			return;
		text += length + 1;
	}
}

static void add_foreign(struct str *str, const char *text, size_t max_bytes,
			bool in_table)
{
	owned_str struct str clean = { 0 };

	line_add(&clean, text, max_bytes);
	if (!clean.length)
		return;
	if (is_prose(clean.text))
		add_prose(str, clean.text, in_table);
	else
		add_code(str, clean.text, in_table);
}

static void add_cell(struct str *str, const char *text, size_t max_bytes)
{
	str_add(str, " ");
	add_foreign(str, text, max_bytes, true);
	str_add(str, " |");
}

/* --- parts --- */

struct page {
	struct str *ret;
	const struct results *results;
	const struct outcome *outcome;
	const struct urgent *urgent;
	size_t urgent_count;
	struct arena arena;
};

static void add_first(struct page *page)
{
	owned_str struct str first = { 0 }, waived = { 0 };

	urgent_add_first(&first, page->urgent, page->urgent_count);
	if (first.length) {
		str_add(page->ret, "**Fix first:** ");
		add_foreign(page->ret, first.text, TEXT_MAX, false);
		if (page->urgent->remedy[0]) {
			str_add(page->ret, ": ");
			add_foreign(page->ret, page->urgent->remedy, TEXT_MAX, false);
		}
		str_add(page->ret, "\n\n");
	}
	urgent_add_waived(&waived, page->results);
	if (!waived.length)
		return;
	str_addf(page->ret, "**Fix %s:** ", first.length ? "later" : "next");
	add_foreign(page->ret, waived.text, TEXT_MAX, false);
	str_add(page->ret, "\n\n");
}

static void add_head(struct page *page)
{
	const struct results *results = page->results;
	owned_str struct str text = { 0 };
	const char *version = results->target.version;
	bool any = false;

	str_addf(page->ret, "### confine: %s, exit %d, %s\n\n",
		 urgent_answer(results, page->outcome), (int)page->outcome->exit,
		 outcome_word(page->outcome->exit));
	urgent_add_banner(&text, results, page->outcome);
	str_addf(page->ret, "**%s.** Host ", text.text);
	add_foreign(page->ret, results->hostname, CELL_MAX, false);
	str_add(page->ret, ", target ");
	add_foreign(page->ret, results->target.name, CELL_MAX, false);
	if (version[0]) {
		str_add(page->ret, " ");
		add_foreign(page->ret, version, CELL_MAX, false);
	}
	str_clear(&text);
	message_add_level(&text, results, page->outcome);
	str_addf(page->ret, ".\n\nCoverage %zu/%zu required ids, %zu probes; %s.\n\n",
		 page->outcome->tested, page->outcome->required, results->probe_count,
		 text.text);
	add_first(page);
	for (enum finding i = 0; i < FINDING_COUNT; i++) {
		if (!page->outcome->findings[i])
			continue;
		any = true;
		str_clear(&text);
		message_add_finding_text(&text, results, page->outcome, i);
		str_addf(page->ret,
			 "- **%s**: ", verdict_shouts[outcome_finding_verdict(i)]);
		add_foreign(page->ret, text.text, TEXT_MAX, false);
		str_add(page->ret, "\n");
	}
	str_add(page->ret, any ? "\n" : "");
}

static void add_matrix(struct page *page)
{
	str_add(page->ret, "| layer | required ids | tested | by |\n|---|---|---|---|\n");
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		const struct outcome_layer *layer = &page->outcome->layers[i];
		size_t sum = 0;
		bool any = false;

		str_addf(page->ret, "| %s | ", layer_words[i]);
		for (enum verdict k = 0; k <= VERDICT_COUNT; k++) {
			bool loud = k < VERDICT_ENFORCED || k == VERDICT_NONE;
			size_t count = k == VERDICT_NONE ? layer->required - sum
							 : layer->counts[k];

			sum += count;
			if (!count)
				continue;
			str_addf(page->ret, "%s%s%zu %s%s", any ? ", " : "",
				 loud ? "**" : "", count,
				 k == VERDICT_NONE ? "not tested" : verdict_words[k],
				 loud ? "**" : "");
			any = true;
		}
		str_add(page->ret, any ? "" : "none");
		str_addf(page->ret, " | %zu/%zu |", layer->tested, layer->required);
		add_cell(page->ret, page->results->layers[i].mechanism, CELL_MAX);
		str_add(page->ret, "\n");
	}
	str_add(page->ret, "\n");
}

static void add_urgent(struct page *page)
{
	const struct urgent *rows = page->urgent;
	size_t count = page->urgent_count;

	if (!count)
		return;
	str_add(page->ret, "#### What to fix first\n\n"
			   "| verdict | level | requirement | probes | what to do |\n"
			   "|---|---|---|---|---|\n");
	for (size_t i = 0; i < count && i < URGENT_MAX; i++) {
		const struct urgent *row = &rows[i];

		str_addf(page->ret, "| **%s**%s |",
			 verdict_shouts[row->verdict == VERDICT_NONE ? VERDICT_UNTESTABLE
								     : row->verdict],
			 row->false_claim ? " (false claim)" : "");
		if (row->level)
			str_addf(page->ret, " %" PRIu64 " | %s", row->level, row->id);
		else
			str_add(page->ret, " |");
		add_cell(page->ret, row->title, CELL_MAX);
		if (row->level)
			str_addf(page->ret, " %zu of %zu", row->failing, row->probes);
		str_add(page->ret, " |");
		add_cell(page->ret, row->remedy, TEXT_MAX);
		str_add(page->ret, "\n");
	}
	if (count > URGENT_MAX)
		str_addf(page->ret, "\nAnd %zu more.\n", count - URGENT_MAX);
	str_add(page->ret, "\n");
}

static void add_probe(struct page *page, const struct results_probe *probe)
{
	str_addf(page->ret, "| %s%s%s | %s | %s |", probe->waiver ? "WAIVED, was " : "",
		 verdict_shouts[probe->verdict],
		 probe->false_claim ? " (false claim)" : "", probe->requirement_id,
		 probe->id);
	add_cell(page->ret, probe->reason, CELL_MAX);
	str_add(page->ret, "\n");
}

/* Worst first, as long as there is room. */
static void add_probes(struct page *page)
{
	const struct results *results = page->results;
	size_t wanted = 0, shown = 0;

	for (size_t i = 0; i < results->probe_count; i++)
		wanted += results->probes[i].verdict != VERDICT_ENFORCED;
	if (!wanted)
		return;
	str_addf(page->ret,
		 "<details><summary>%zu of %zu probes are not enforced</summary>\n\n"
		 "| verdict | requirement | probe | cause |\n|---|---|---|---|\n",
		 wanted, results->probe_count);
	for (enum verdict k = 0; k < VERDICT_COUNT; k++)
		for (size_t i = 0; i < results->probe_count; i++) {
			if (results->probes[i].verdict != k || k == VERDICT_ENFORCED ||
			    page->ret->length > WHOLE_MAX - 2000)
				continue;
			add_probe(page, &results->probes[i]);
			shown++;
		}
	if (shown < wanted)
		str_addf(page->ret, "\nAnd %zu more.\n", wanted - shown);
	str_add(page->ret, "\n</details>\n\n");
}

static void add_waivers(struct page *page)
{
	const struct results *results = page->results;

	for (size_t i = 0; i < results->waiver_count; i++) {
		const struct results_waiver *row = &results->waivers[i];
		owned_str struct str text = { 0 };

		if (page->ret->length > WHOLE_MAX - 2000)
			break;
		message_add_waiver(&text, row);
		str_addf(page->ret, "- waiver %s, %s: ", row->id,
			 row->refused  ? row->refused
			 : row->unused ? "not needed"
				       : "in force");
		add_foreign(page->ret, text.text, TEXT_MAX, false);
		str_add(page->ret, "\n");
	}
	if (results->waiver_count)
		str_add(page->ret, "\n");
}

static void add_foot(struct page *page)
{
	const struct results *results = page->results;

	str_add(page->ret, "Run ");
	add_foreign(page->ret, results->run.id, CELL_MAX, false);
	str_addf(page->ret, " of %s, %.1f s, uid %" PRIu64 ", policy ",
		 results->run.started, results->run.seconds, results->run.uid);
	add_foreign(page->ret, results->policy.source, CELL_MAX, false);
	str_add(page->ret, ", by ");
	add_foreign(page->ret, results->tool.name, CELL_MAX, false);
	str_add(page->ret, " ");
	add_foreign(page->ret, results->tool.version, CELL_MAX, false);
	str_add(page->ret, ".\n");
}

int markdown_write(const struct results *results, const struct outcome *outcome,
		   const struct format_taste *taste, struct str *ret, struct err *err)
{
	struct page page = { .ret = ret, .results = results, .outcome = outcome };

	(void)taste;
	(void)err; /* str ends the program where there is no memory */
	page.urgent = urgent_list(&page.arena, results, outcome, &page.urgent_count);
	add_head(&page);
	add_matrix(&page);
	add_urgent(&page);
	add_probes(&page);
	add_waivers(&page);
	add_foot(&page);
	arena_done(&page.arena);
	return 0;
}
