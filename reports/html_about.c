/* SPDX-License-Identifier: Apache-2.0 */
/* What stands after the probes: waivers, where the run came from, how to check it. */
#include "reports/html.h"
#include "reports/message.h"
#include <inttypes.h>
#include <string.h>

#define TEXT_MAX 1000

/* --- waivers --- */

void html_waivers(struct html *html)
{
	const struct results *results = html->results;

	if (!results->waiver_count)
		return;
	html_add(html, "<section aria-labelledby=\"waivers\">\n<h2 "
		       "id=\"waivers\">Waivers</h2>\n<table "
		       "class=\"cards\">\n<thead><tr><th scope=\"col\">For</th><th "
		       "scope=\"col\">State</th><th scope=\"col\">Expires</th><th "
		       "scope=\"col\">Reason</th><th scope=\"col\">Owner, "
		       "approver</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < results->waiver_count; i++) {
		const struct results_waiver *row = &results->waivers[i];

		html_addf(html, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>",
			  row->id,
			  row->refused  ? row->refused
			  : row->unused ? "not needed"
					: "in force",
			  row->expires);
		html_text(html, row->reason, TEXT_MAX);
		html_add(html, "</td><td>");
		html_text(html, row->owner, TEXT_MAX);
		html_add(html, ", ");
		html_text(html, row->approver, TEXT_MAX);
		html_add(html, "</td></tr>\n");
	}
	html_add(html, "</tbody>\n</table>\n</section>\n");
}

/* --- provenance --- */

static void add_fact(struct html *html, const char *term, const char *text)
{
	if (!text || !text[0])
		return;
	html_add(html, "<dt>");
	html_text(html, term, TEXT_MAX);
	html_add(html, "</dt><dd>");
	html_text(html, text, TEXT_MAX);
	html_add(html, "</dd>\n");
}

void html_provenance(struct html *html)
{
	const struct results *results = html->results;
	owned_str struct str who = { 0 }, control = { 0 }, parity = { 0 }, tool = { 0 };

	str_addf(&tool, "%s %s", results->tool.name, results->tool.version);
	str_addf(&who, "uid %" PRIu64 ", gid %" PRIu64 ", %s", results->run.uid,
		 results->run.gid,
		 results->run.privileged ? "privileged" : "unprivileged");
	str_addf(&control, "%s: leaky %s, deny-all %s, silent %s",
		 results->control.leaky == VERDICT_UNTESTABLE && results->control.ok
			 ? "could not be tried"
		 : results->control.ok ? "as they must"
				       : "NOT as they must",
		 results->control.leaky == VERDICT_NONE
			 ? "nothing"
			 : verdict_words[results->control.leaky],
		 results->control.deny_all == VERDICT_NONE
			 ? "nothing"
			 : verdict_words[results->control.deny_all],
		 results->control.silent == VERDICT_NONE
			 ? "nothing"
			 : verdict_words[results->control.silent]);
	str_addf(&parity, "%s",
		 results->parity.ok ? "the shield changes nothing"
				    : "the shield changes this target");
	html_add(html, "<section aria-labelledby=\"provenance\">\n<h2 "
		       "id=\"provenance\">Provenance</h2>\n<dl>\n");
	add_fact(html, "Run", results->run.id);
	add_fact(html, "Began", results->run.started);
	add_fact(html, "Ended", results->run.ended);
	add_fact(html, "Command", results->run.command_line);
	add_fact(html, "Suite", tool.text);
	add_fact(html, "Invoker", who.text);
	add_fact(html, "Fails on", fail_on_words[results->run.fail_on]);
	add_fact(html, "Promises by", stated_by_words[results->target.stated_by]);
	add_fact(html, "Policy SHA-256", results->policy.sha256);
	add_fact(html, "Run controls", control.text);
	add_fact(html, "Parity", parity.text);
	for (size_t i = 0; i < results->host_count; i++)
		add_fact(html, results->host[i].name, results->host[i].value);
	html_add(html, "</dl>\n</section>\n");
}

void html_verify(struct html *html)
{
	html_add(html,
		 "<section aria-labelledby=\"verify\">\n<h2 id=\"verify\">How to "
		 "verify</h2>\n<p>This page is a view; the record is the results file it "
		 "was "
		 "made from. <code>confine report text FILE</code> works out level, "
		 "coverage "
		 "and status from its rows again and says where the file disagrees with "
		 "itself. <code>confine check</code> with the command above repeats the "
		 "run on "
		 "the host. A level belongs to this host, sandbox, policy and invoker, "
		 "and is "
		 "self-assessed; a root attacker before the run could have forged "
		 "it.</p>\n</section>\n");
}

/* --- words --- */

void html_glossary(struct html *html)
{
	static const char *const meanings[VERDICT_COUNT] = {
		[VERDICT_BREACHED] = ("the act went through; a false claim when the "
				      "sandbox had promised otherwise"),
		[VERDICT_ERROR] = "the machinery of the suite or of the target failed",
		[VERDICT_UNTESTABLE] = "something needed for the test is missing",
		[VERDICT_DEGRADED] = "weaker than required, and said so",
		[VERDICT_OPEN] = ("above the required level, promised by nobody, and it "
				  "goes through"),
		[VERDICT_ENFORCED] =
			"promised, tried, stopped, and known to work outside",
		[VERDICT_NOT_APPLICABLE] =
			"this identity, or this host, can never perform the act",
	};

	html_add(html, "<section aria-labelledby=\"words\">\n<h2 "
		       "id=\"words\">Words</h2>\n<dl>\n");
	for (enum verdict i = 0; i < VERDICT_COUNT; i++) {
		html_add(html, "<dt>");
		html_verdict(html, i);
		html_addf(html, "</dt><dd>%s</dd>\n", meanings[i]);
	}
	html_add(html, "</dl>\n</section>\n");
}
