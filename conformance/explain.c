/* SPDX-License-Identifier: Apache-2.0 */
/* The order is that of the questions: what, why, how it is tried, what it costs, what to do. */
#include "conformance/explain.h"
#include "conformance/glossary.h"
#include "conformance/section.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

enum {
	INDENT = 2,
	LABEL_COLUMNS = 19,
	WIDTH = 90, /* where the terminal says nothing, or is wider than one likes to read */
	SCRIPT_MAX_BYTES = 1 << 20,
};

static const char *const level_names[LEVEL_MAX + 1] = { "", "Contained", "Isolated",
							"Hardened" };

static const char *const class_sentences[CLASS_COUNT] = {
	[CLASS_P] = "passive: it looks, and changes nothing.",
	[CLASS_T] =
		"harmless by construction: where nothing stops the act, it still changes "
		"nothing on the host.",
	[CLASS_C] = "counted: it stops by itself at a number.",
	[CLASS_X] = "unbounded: it runs only where limits on tasks and memory are in "
		    "force and "
		    "the launcher's own tasks were seen inside them.",
};

static size_t width_of(const struct style *style)
{
	return style->width && style->width < WIDTH ? style->width : WIDTH;
}

static void add_heading(struct str *str, const struct style *style, const char *text)
{
	str_addf(str, "\n%s%s%s\n", style->colour ? "\033[1m" : "", text,
		 style->colour ? "\033[0m" : "");
}

static void add_paragraph(struct str *str, const struct style *style, const char *text)
{
	str_addf(str, "%*s", INDENT, "");
	style_add_wrapped(str, text, width_of(style), INDENT, INDENT);
	str_add(str, "\n");
}

/* "  label           text, going on below itself" */
static void add_row(struct str *str, const struct style *style, const char *label,
		    const char *text)
{
	size_t used = INDENT + style_columns(label) + 1;
	size_t at = used > INDENT + LABEL_COLUMNS ? used : INDENT + LABEL_COLUMNS;

	str_addf(str, "%*s%s%*s", INDENT, "", label,
		 (int)(at - INDENT - style_columns(label)), "");
	style_add_wrapped(str, text, width_of(style), at, INDENT + LABEL_COLUMNS);
	str_add(str, "\n");
}

static void add_words(struct str *str, const struct style *style, enum glossary_part part,
		      const char *const *words)
{
	for (; *words; words++) {
		owned_str struct str sentence = { 0 };
		owned_str struct str label = { 0 };

		str_add_bytes(&label, *words, strcspn(*words, "=:"));
		glossary_add(&sentence, part, *words);
		add_row(str, style, str_text(&label), str_text(&sentence));
	}
}

/* --- a probe ----------------------------------------------------------------------------- */

static const char *reach_identity(const struct probe *probe)
{
	if (probe->reach == REACH_CALLER)
		return "as whoever called confine check";
	if (probe->layer == LAYER_RESOURCES)
		return "with the uid, groups and capabilities that it was seen to have "
		       "inside, but without its limits";
	if (probe->layer == LAYER_PRIVILEGE ||
	    strstr(probe->setup[0] ? probe->setup[0] : "", "setuid"))
		return "with the uid and groups that it was seen to have inside, but "
		       "with "
		       "the caller's privileges";
	return "with the uid, groups, capabilities and no_new_privs that it was seen to "
	       "have inside";
}

static void add_reach(struct str *str, const struct style *style,
		      const struct probe *probe)
{
	owned_str struct str text = { 0 };

	str_addf(
		&text,
		"The script runs outside the sandbox %s. There the act must work%s; else "
		"its failure inside would prove nothing.",
		reach_identity(probe),
		probe->closed[0] ? ", or be closed by the host itself" : "");
	add_row(str, style, "outside", str_text(&text));
}

/* A number of bytes is also told as people say it. */
static void add_policy(struct str *str, const char *pointer, const char *json)
{
	static const char *const units[] = { "", "KiB", "MiB", "GiB" };
	const char *kind = strstr(pointer, "Bytes");
	unsigned long long number = strtoull(json, NULL, 10);
	unsigned int unit = 0;

	for (; unit < ARRAY_SIZE(units) - 1 && number && number % 1024 == 0; unit++)
		number /= 1024;
	str_addf(str, "%*s%s = %s", INDENT, "", pointer, json);
	if (unit && kind && !kind[strlen("Bytes")])
		str_addf(str, " (%llu %s)", number, units[unit]);
	str_add(str, "\n");
}

static void add_arms(struct str *str, const struct style *style,
		     const struct probe *probe)
{
	add_heading(str, style, "How it is tried");
	add_reach(str, style, probe);
	add_row(str, style, "inside", "The same script runs in the sandbox under test.");
	add_row(str, style, "alive",
		"In that same run, before the act, the script answers a question that "
		"only a "
		"script that really ran can answer, writes to scratch and starts a "
		"child. A "
		"sandbox that refuses everything, or starts nothing, comes out as an "
		"error and "
		"never as a pass.");
	if (probe->needs[0]) {
		add_heading(str, style, "What has to be there");
		add_words(str, style, GLOSSARY_NEEDS, probe->needs);
	}
	if (probe->setup[0]) {
		add_heading(str, style, "What the suite arranges, for both runs");
		add_words(str, style, GLOSSARY_SETUP, probe->setup);
	}
	if (probe->policy_count) {
		add_heading(str, style, "What the sandbox is asked for");
		for (size_t i = 0; i < probe->policy_count; i++)
			add_policy(str, probe->policy[i].pointer, probe->policy[i].json);
	}
	add_heading(str, style, "Who watches from outside");
	if (probe->witness[0])
		add_words(str, style, GLOSSARY_WITNESS, probe->witness);
	else
		add_paragraph(
			str, style,
			"Nobody: the act leaves no trace outside, and the script's own "
			"word is believed only because the same script says `reached` "
			"outside the sandbox.");
}

static void add_answers(struct str *str, const struct style *style,
			const struct probe *probe)
{
	add_heading(str, style, "What counts as stopped");
	add_words(str, style, GLOSSARY_REFUSALS, probe->refusals);
	add_paragraph(str, style,
		      "Any other answer, silence or a timeout is an error. The name of "
		      "an error "
		      "is a hint at the layer that gave it, and no proof.");
	if (probe->closed[0]) {
		add_heading(str, style, "Where the host itself closes it");
		add_words(str, style, GLOSSARY_CLOSED, probe->closed);
		add_paragraph(str, style,
			      "With such an answer outside the sandbox the probe is not "
			      "applicable: nothing is left to stop, and the record keeps "
			      "it as a condition of validity.");
	}
	if (probe->rests_on[0]) {
		add_heading(str, style, "Open as well where this is lost");
		for (const char *const *id = probe->rests_on; *id; id++) {
			const struct requirement *other = requirement_find(*id);

			add_row(str, style, *id, other ? other->title : "");
		}
	}
}

static void add_cost(struct str *str, const struct style *style,
		     const struct probe *probe)
{
	const struct probe_budget *budget = &probe->budget;
	owned_str struct str text = { 0 };

	str_addf(&text,
		 "Class %s, %s Each of the two runs may take %u s, %u tasks, %llu MiB of "
		 "memory and %llu KiB of output, and is ended there: emergency limits of "
		 "the suite's own, whatever the sandbox allows.",
		 probe_class_names[probe->class], class_sentences[probe->class],
		 budget->seconds, budget->tasks,
		 (unsigned long long)(budget->memory_bytes >> 20),
		 (unsigned long long)(budget->output_bytes >> 10));
	add_heading(str, style, "What it can cost this host");
	add_paragraph(str, style, str_text(&text));
}

static void add_controls(struct str *str, const struct explain *explain,
			 const struct requirement *requirement)
{
	bool any = false;

	for (size_t i = 0; i < explain->controls->link_count; i++) {
		const struct control_link *link = &explain->controls->links[i];
		const struct framework *framework = link->control->framework;
		owned_str struct str text = { 0 };

		if (link->requirement != requirement)
			continue;
		if (!any)
			add_heading(
				str, &explain->style,
				"Controls that this is evidence for (never: satisfied)");
		any = true;
		str_addf(&text, "%s %s: %s, %s", framework->name, framework->version,
			 link->control->id, link->control->title);
		if (strcmp(link->control->baseline, "-") != 0)
			str_addf(&text, " (baseline: %s)", link->control->baseline);
		add_row(str, &explain->style, relation_names[link->relation],
			str_text(&text));
	}
}

/* To be copied: tabs and backslashes stay, and what a terminal would obey does not. */
static void add_line(struct str *str, const char *line)
{
	while (*line) {
		size_t length = strcspn(line, "\t\\");

		str_add_visible(str, line, length, length);
		line += length;
		length = strspn(line, "\t\\");
		str_add_bytes(str, line, length);
		line += length;
	}
}

static int add_script(struct str *str, const struct style *style,
		      const struct probe *probe, struct err *err)
{
	owned_str struct str path = { 0 };
	owned_str struct str text = { 0 };
	owned_mem char *real = NULL;
	char *rest, *line;

	str_addf(&path, "%s/%s", probe->directory, probe->file);
	if (fd_read_file(str_text(&path), SCRIPT_MAX_BYTES, &text, err) < 0)
		return -1;
	add_heading(str, style, "The script");
	add_paragraph(str, style,
		      "`begin` proves life and leaves the record of the attempt, `act` "
		      "runs one "
		      "verb of the static helper confine-attack and says what came of "
		      "it, `say` "
		      "says it in so many words.");
	rest = text.text;
	while (rest && (line = strsep(&rest, "\n")) != NULL) {
		/* The head has been told above. */
		if (!line[0] || line[0] == '#')
			continue;
		str_addf(str, "%*s", INDENT + INDENT, "");
		add_line(str, line);
		str_add(str, "\n");
	}
	real = realpath(str_text(&path), NULL);
	str_addf(str, "%*s%s\n", INDENT, "", real ? real : str_text(&path));
	return 0;
}

static void add_title(struct str *str, const struct style *style, const char *id,
		      const char *title, const struct requirement *requirement)
{
	owned_str struct str text = { 0 };

	str_addf(str, "%s%s%s  ", style->colour ? "\033[1m" : "", id,
		 style->colour ? "\033[0m" : "");
	style_add_wrapped(str, title, width_of(style), style_columns(id) + 2, INDENT);
	str_add(str, "\n");
	str_addf(&text, "level %u (%s), layer %s, %s\n", requirement->level,
		 level_names[requirement->level], layer_names[requirement->layer],
		 requirement->must ? "MUST" : "SHOULD");
	if (strcmp(id, requirement->id) != 0)
		str_addf(str, "%*s%s, %s\n", INDENT, "", requirement->id,
			 requirement->title);
	str_addf(str, "%*s%s", INDENT, "", str_text(&text));
}

static int add_probe(struct str *str, const struct explain *explain,
		     const struct probe *probe, struct err *err)
{
	const struct style *style = &explain->style;

	add_title(str, style, probe->id, probe->title, probe->requirement);
	add_heading(str, style, "What is tried");
	add_paragraph(str, style, probe->what);
	add_heading(str, style, "Why it matters");
	add_paragraph(str, style, probe->why);
	add_arms(str, style, probe);
	add_answers(str, style, probe);
	add_cost(str, style, probe);
	add_heading(str, style, "Where it gets through");
	add_paragraph(str, style, probe->remedy);
	add_controls(str, explain, probe->requirement);
	add_heading(str, style, "To try this one alone");
	str_addf(str, "%*s%s --only %s\n", INDENT, "", explain->repeat, probe->id);
	return add_script(str, style, probe, err);
}

/* --- a requirement ----------------------------------------------------------------------- */

static void add_probes_of(struct str *str, const struct explain *explain,
			  const struct requirement *requirement)
{
	bool any = false;

	add_heading(str, &explain->style, "Probes");
	for (size_t i = 0; i < explain->catalogue->count; i++) {
		const struct probe *probe = &explain->catalogue->probes[i];

		if (probe->requirement != requirement)
			continue;
		any = true;
		str_addf(str, "%*s", INDENT, "");
		style_add_padded(str, probe->id, 36);
		str_addf(str, " %s\n", probe->title);
	}
	if (!any)
		add_paragraph(str, &explain->style,
			      "None yet: a level that needs it cannot be reached.");
}

static int add_requirement(struct str *str, const struct explain *explain,
			   const struct requirement *requirement, struct err *err)
{
	const struct style *style = &explain->style;
	owned_str struct str items = { 0 };
	char *rest, *item;

	add_title(str, style, requirement->id, requirement->title, requirement);
	add_heading(str, style, "What is required");
	add_paragraph(str, style, requirement->sentence);
	if (explain->text &&
	    section_add_items(&items, explain->text, requirement->id, err) < 0)
		return -1;
	if (items.length)
		add_heading(str, style, "What is promised, and what is not");
	rest = items.text;
	while (rest && (item = strsep(&rest, "\n")) != NULL)
		if (item[0])
			add_paragraph(str, style, item);
	add_probes_of(str, explain, requirement);
	add_controls(str, explain, requirement);
	add_heading(str, style, "To try these alone");
	str_addf(str, "%*s%s --only %s\n", INDENT, "", explain->repeat, requirement->id);
	return 0;
}

static int unknown(const struct explain *explain, const char *name, struct err *err)
{
	struct arena arena = { 0 };
	size_t count = 0;
	const char **names =
		arena_array(&arena, requirement_count + explain->catalogue->count + 1,
			    sizeof(*names));
	const char *nearest;

	for (size_t i = 0; i < requirement_count; i++)
		names[count++] = requirements[i].id;
	for (size_t i = 0; i < explain->catalogue->count; i++)
		names[count++] = explain->catalogue->probes[i].id;
	nearest = str_nearest(name, names);
	(void)err_policy(
		err, "explain",
		"no probe or requirement \"%.60s\"%s%s%s; see confine check list", name,
		nearest ? " (did you mean " : "", nearest ? nearest : "",
		nearest ? "?)" : "");
	arena_done(&arena);
	return -1;
}

void explain_add_words(struct str *str, const struct explain *explain)
{
	static const char *const words[][2] = {
		{ "target", "the sandbox under test, and how it is started" },
		{ "launcher", "the program of the target that starts the script" },
		{ "script", "what runs inside; here it is the probe, which attacks" },
		{ "scratch",
		  "the one directory that the script may write to, {scratch}" },
		{ "{probes}", "the directory with the scripts and helpers of the suite, "
			      "shown inside" },
		{ "this identity",
		  "the uid, groups and capabilities that the script was seen to have "
		  "inside" },
		{ "outside", "the same host and kernel, without the sandbox" },
		{ "receipt",
		  "what a launcher writes about a run: the layers that it enforced" },
		{ "record", "the results that the suite writes, results.json" },
		{ "helper",
		  "of the suite: confine-attack, which acts for the script; of a "
		  "launcher: a program that it starts for its own work" },
	};

	add_heading(str, &explain->style, "Words");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		add_row(str, &explain->style, words[i][0], words[i][1]);
}

int explain_add(struct str *str, const struct explain *explain, const char *name,
		struct err *err)
{
	const struct probe *probe = catalogue_find(explain->catalogue, name);
	const struct requirement *requirement = requirement_find(name);

	if (probe)
		return add_probe(str, explain, probe, err);
	if (requirement)
		return add_requirement(str, explain, requirement, err);
	return unknown(explain, name, err);
}
