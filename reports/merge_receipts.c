/* SPDX-License-Identifier: Apache-2.0 */
/* What the documents about a fleet say of real runs: the share first, then every combination. */
#include "reports/html.h"
#include "reports/line.h"
#include "reports/merge.h"

#define TEXT_BYTES 400
#define SHOWN_MAX  50

/* "812 of 900 real runs (90.2 %) ran under what was tested and passed"; never rounded up to 100. */
static void add_share(const struct receipts *receipts, struct str *ret)
{
	size_t passed = receipts->states[RECEIPTS_PASSED], ran = receipts->ran;
	size_t permille = ran ? passed * 1000 / ran : 0;

	str_addf(ret, "%zu of %zu real runs", passed, ran);
	if (ran)
		str_addf(ret, " (%zu.%zu %%)", permille / 10, permille % 10);
	str_add(ret, " ran under what was tested on their host and passed");
	if (receipts->states[RECEIPTS_REFUSED])
		str_addf(ret, "; %zu more refused to run anything",
			 receipts->states[RECEIPTS_REFUSED]);
}

/* What the state and the reason amount to. */
static void add_why(const struct receipts_group *group, struct str *ret)
{
	static const char *const sentences[RECEIPTS_STATES] = {
		[RECEIPTS_PASSED] = "tested, and the level was met",
		[RECEIPTS_FAILED] = "tested, and the level was NOT met",
		[RECEIPTS_DIFFERS] = "NOT what was tested: ",
		[RECEIPTS_NOT_TESTED] = "the host was not tested",
		[RECEIPTS_REFUSED] = "refused: nothing ran",
	};

	str_addf(ret, "%s%s", sentences[group->state], group->why);
}

static void add_name(const struct receipts_group *group, struct str *ret)
{
	str_addf(ret, "confine %s, policy %s (%s)", group->version, group->policy,
		 group->policy_digest);
}

void merge_receipts_text(const struct receipts *receipts, struct str *ret)
{
	str_add(ret, "\n");
	add_share(receipts, ret);
	str_add(ret, "\n");
	for (size_t i = 0; i < receipts->count && i < SHOWN_MAX; i++) {
		const struct receipts_group *group = &receipts->groups[i];
		owned_str struct str name = { 0 }, why = { 0 };

		add_name(group, &name);
		add_why(group, &why);
		str_addf(ret, "%7zu run%s on %zu host%s, ", group->count,
			 group->count == 1 ? "" : "s", group->hosts,
			 group->hosts == 1 ? "" : "s");
		line_add(ret, name.text, TEXT_BYTES);
		str_add(ret, ": ");
		line_add(ret, why.text, TEXT_BYTES);
		str_add(ret, "\n");
	}
	if (receipts->count > SHOWN_MAX)
		str_addf(ret, "        and %zu more combinations\n",
			 receipts->count - SHOWN_MAX);
	str_add(ret, "\n");
}

void merge_receipts_html(const struct receipts *receipts, struct str *ret)
{
	struct html html = { .ret = ret };
	owned_str struct str share = { 0 };

	add_share(receipts, &share);
	html_addf(&html,
		  "<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">Real runs</h2>\n"
		  "<p>%s.</p>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">"
		  "Runner and policy</th><th scope=\"col\">Runs</th><th scope=\"col\">"
		  "Hosts</th><th scope=\"col\">Against the suite</th></tr></thead>\n"
		  "<tbody>\n",
		  share.text);
	for (size_t i = 0; i < receipts->count && i < SHOWN_MAX; i++) {
		const struct receipts_group *group = &receipts->groups[i];
		owned_str struct str name = { 0 }, why = { 0 };

		add_name(group, &name);
		add_why(group, &why);
		html_add(&html, "<tr><th scope=\"row\">");
		html_text(&html, name.text, TEXT_BYTES);
		html_addf(&html, "</th><td>%zu runs</td><td>%zu host%s</td><td>",
			  group->count, group->hosts, group->hosts == 1 ? "" : "s");
		html_text(&html, why.text, TEXT_BYTES);
		html_add(&html, "</td></tr>\n");
	}
	html_add(&html, "</tbody>\n</table>\n");
	if (receipts->count > SHOWN_MAX)
		html_addf(&html, "<p>And %zu more combinations.</p>\n",
			  receipts->count - SHOWN_MAX);
	html_add(&html, "</section>\n");
}

void merge_receipts_prometheus(const struct receipts *receipts, struct str *ret)
{
	str_add(ret, "# HELP confine_fleet_real_runs Real runs by what the suite says of "
		     "their combination of runner, policy and mechanisms.\n"
		     "# TYPE confine_fleet_real_runs gauge\n");
	for (enum receipts_state i = 0; i < RECEIPTS_STATES; i++)
		str_addf(ret, "confine_fleet_real_runs{state=\"%s\"} %zu\n",
			 receipts_state_words[i], receipts->states[i]);
}

/* Told, and no failure: the gate is about hosts. */
void merge_receipts_junit(const struct receipts *receipts, struct junit *junit)
{
	size_t skipped = 0;

	for (size_t i = 0; i < receipts->count; i++)
		skipped += receipts->groups[i].state != RECEIPTS_PASSED;
	junit_open_fleet(junit, "receipts", receipts->count, 0, skipped);
	for (size_t i = 0; i < receipts->count; i++) {
		const struct receipts_group *group = &receipts->groups[i];
		owned_str struct str name = { 0 }, message = { 0 };

		add_name(group, &name);
		str_addf(&name, ", %s", receipts_state_words[group->state]);
		str_addf(&name, "%s%s", group->why[0] ? ": " : "", group->why);
		str_addf(&message, "%zu real runs on %zu hosts: ", group->count,
			 group->hosts);
		add_why(group, &message);
		junit_add_fleet_case(junit, "fleet.receipts", name.text,
				     group->state == RECEIPTS_PASSED ? NULL : "skipped",
				     NULL, message.text);
	}
	junit_close_fleet(junit);
}
