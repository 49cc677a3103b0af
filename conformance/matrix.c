/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/matrix.h"
#include <string.h>

enum {
	LAYER_COLUMNS = 12,
	COUNTS_COLUMNS = 34,
	TESTED_COLUMNS = 8,
	VERDICT_COLUMNS = 15,
	PROBE_COLUMNS = 36,
	ID_COLUMNS = 8,
	INDENT = 4,
};

/* Is a list about this probe? */
typedef bool membership(const struct results *results, const struct result_probe *result);

/* Columns left on the line for a last, clipped field; 0 without an end. */
static size_t left(const struct style *style, size_t used)
{
	if (!style->width)
		return 0;
	return style->width > used + 8 ? style->width - used : 8;
}

static void add_line(struct str *str, const struct style *style, const char *label,
		     const char *text)
{
	str_addf(str, "%*s", INDENT, "");
	style_add_padded(str, label, LAYER_COLUMNS - INDENT);
	style_add_clipped(str, text, left(style, LAYER_COLUMNS));
	str_add(str, "\n");
}

static void add_bold(struct str *str, const struct style *style, const char *text)
{
	str_addf(str, "%s%s%s\n", style->colour ? "\033[1m" : "", text,
		 style->colour ? "\033[0m" : "");
}

/* Never clipped: without it the rest cannot be understood. */
static void add_notice(struct str *str, const char *what, const char *detail)
{
	str_add(str, what);
	style_add_clipped(str, detail, 0);
	str_add(str, "\n");
}

void matrix_add_subject(struct str *str, const struct results *results,
			const struct style *style)
{
	const struct host_facts *host = &results->host;
	owned_str struct str line = { 0 };

	str_addf(&line, "confine check: %s, %s", results->target->name,
		 results->target->title);
	style_add_clipped(str, str_text(&line), left(style, 0));
	str_clear(&line);
	str_addf(&line, "\n%s, Linux %s %s, uid %u, policy: %s", host->os, host->kernel,
		 host->machine, (unsigned int)results->run.uid, results->policy_source);
	str_add(str, "\n");
	style_add_clipped(str, str_text(&line) + 1, left(style, 0));
	str_add(str, "\n");
	if (results->refusal)
		add_notice(str,
			   "refused as it is; what follows was tried with onUnavailable "
			   "degrade: ",
			   results->refusal);
	if (!results->control.ok)
		add_notice(str, "the run control did not hold, and nothing was tried: ",
			   results->control.reason);
	for (const char *const *difference = results->parity_differences; *difference;
	     difference++)
		add_notice(str, "the shield changes this target: ", *difference);
	str_add(str, "\n");
}

/* "2 enforced, 1 degraded": worst first, so that a clipped line keeps what matters. */
static void add_counts(struct str *str, const struct gate_layer *layer)
{
	bool any = false;

	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		if (!layer->counts[i])
			continue;
		str_addf(str, "%s%zu %s", any ? ", " : "", layer->counts[i],
			 verdict_names[i]);
		any = true;
	}
	if (!layer->required)
		str_add(str, "nothing required at this level");
	else if (!any)
		str_add(str, "not tested");
}

static enum verdict worst_of(const struct gate_layer *layer)
{
	size_t sum = 0;
	enum verdict worst = VERDICT_NONE;

	for (unsigned int i = 0; i < VERDICT_COUNT; i++) {
		sum += layer->counts[i];
		if (layer->counts[i] && worst == VERDICT_NONE)
			worst = (enum verdict)i;
	}
	return sum < layer->required && worst > VERDICT_UNTESTABLE ? VERDICT_UNTESTABLE
								   : worst;
}

static const char *colour_of(const struct style *style, const struct gate_layer *layer)
{
	if (!style->colour || !layer->required)
		return "";
	switch (worst_of(layer)) {
	case VERDICT_BREACHED:
	case VERDICT_ERROR:
	case VERDICT_OPEN:
		return "\033[31m";
	case VERDICT_UNTESTABLE:
	case VERDICT_DEGRADED:
	case VERDICT_NONE:
		return "\033[33m";
	case VERDICT_ENFORCED:
	case VERDICT_NOT_APPLICABLE:
		return "\033[32m";
	}
	return "";
}

void matrix_add_layers(struct str *str, const struct results *results,
		       const struct gate *gate, const struct style *style)
{
	for (size_t i = 0; i < LAYER_COUNT; i++) {
		const struct gate_layer *layer = &gate->layers[i];
		const char *colour = colour_of(style, layer);
		owned_str struct str counts = { 0 };
		owned_str struct str tested = { 0 };

		add_counts(&counts, layer);
		if (layer->required)
			str_addf(&tested, "%zu/%zu", layer->tested, layer->required);
		style_add_padded(str, layer_names[i], LAYER_COLUMNS);
		str_add(str, colour);
		style_add_padded(str, str_text(&counts), COUNTS_COLUMNS);
		str_add(str, colour[0] ? "\033[0m" : "");
		style_add_padded(str, str_text(&tested), TESTED_COLUMNS);
		style_add_clipped(
			str, results->mechanisms[i],
			left(style, LAYER_COLUMNS + COUNTS_COLUMNS + TESTED_COLUMNS));
		while (str->length && str->text[str->length - 1] == ' ')
			str->text[--str->length] = '\0';
		str_add(str, "\n");
	}
	str_add(str, "\n");
}

static bool is_green(enum verdict verdict)
{
	return verdict == VERDICT_ENFORCED || verdict == VERDICT_NOT_APPLICABLE;
}

static void add_probe_line(struct str *str, const struct style *style,
			   const struct result_probe *result, size_t more,
			   bool with_reason)
{
	owned_str struct str name = { 0 };
	size_t used = VERDICT_COLUMNS + ID_COLUMNS + PROBE_COLUMNS + 1;
	owned_str struct str reason = { 0 };

	str_add(&name, result->probe->id);
	if (more)
		str_addf(&name, ", %zu more", more);
	str_addf(&reason, "%s%s", result->outcome.false_claim ? "a FALSE CLAIM: " : "",
		 result->outcome.reason);
	style_add_verdict(str, style, result->outcome.verdict, VERDICT_COLUMNS);
	style_add_padded(str, result->probe->requirement->id, ID_COLUMNS);
	if (with_reason) {
		style_add_padded(str, str_text(&name), PROBE_COLUMNS);
		str_add(str, " ");
		style_add_clipped(str, str_text(&reason), left(style, used));
	} else {
		str_addf(str, "%s%s", str_text(&name),
			 result->outcome.false_claim ? "  a FALSE CLAIM" : "");
	}
	str_add(str, "\n");
}

/* One cause may stop many probes: a refusal, a missing program. It is one finding. */
static bool is_same(const struct result_probe *a, const struct result_probe *b)
{
	return a->outcome.verdict == b->outcome.verdict &&
	       (a->outcome.verdict == VERDICT_UNTESTABLE ||
		a->outcome.verdict == VERDICT_NOT_APPLICABLE) &&
	       strcmp(a->outcome.reason, b->outcome.reason) == 0;
}

/* How many of the probes in [from, to) that belong say the same as the one at `place`. */
static size_t count_same(const struct results *results, membership *belongs, size_t place,
			 size_t from, size_t to)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += belongs(results, &results->probes[i]) &&
			 is_same(&results->probes[i], &results->probes[place]);
	return count;
}

static void add_in_full(struct str *str, const struct style *style,
			const struct result_probe *result, size_t more)
{
	add_probe_line(str, style, result, more, false);
	if (!more)
		add_line(str, style, "tried", result->probe->title);
	add_line(str, style, "cause", result->outcome.reason);
	for (size_t i = 0; i < result->evidence_count; i++) {
		owned_str struct str text = { 0 };

		/* Of the control act: in the record, and one line too many here. */
		if (str_has_prefix(result->evidence[i].name, "outside: "))
			continue;
		str_addf(&text, "%s: %s", result->evidence[i].name,
			 result->evidence[i].value);
		add_line(str, style, "seen", str_text(&text));
	}
	if (result->outcome.verdict != VERDICT_UNTESTABLE)
		add_line(str, style, "remedy", result->probe->remedy);
	/* Never clipped: it is there to be copied. */
	str_addf(str, "%*srepeat  %s\n", INDENT, "", result->repeat);
}

/* Requirements whose verdict is not that of their probes, or that have none. */
static void add_requirement_findings(struct str *str, const struct gate *gate,
				     const struct style *style)
{
	for (size_t i = 0; i < requirement_count; i++) {
		const struct gate_requirement *row = &gate->requirements[i];

		if (!row->required || (row->probes && row->reason != gate->claims_reason))
			continue;
		style_add_verdict(str, style, row->verdict, VERDICT_COLUMNS);
		style_add_padded(str, requirements[i].id, ID_COLUMNS);
		style_add_clipped(str,
				  row->reason[0] ? row->reason
						 : "none of its probes was selected",
				  left(style, VERDICT_COLUMNS + ID_COLUMNS));
		str_add(str, "\n");
	}
}

static bool is_required(const struct results *results, const struct result_probe *result)
{
	return requirement_is_required(result->probe->requirement, results->run.require);
}

static bool is_finding(const struct results *results, const struct result_probe *result)
{
	return !is_green(result->outcome.verdict) && is_required(results, result);
}

static bool is_above(const struct results *results, const struct result_probe *result)
{
	return !is_green(result->outcome.verdict) && !is_required(results, result);
}

static bool is_condition(const struct results *results, const struct result_probe *result)
{
	(void)results;
	return result->outcome.verdict == VERDICT_NOT_APPLICABLE;
}

/* The worst first, each in full. */
static void add_required(struct str *str, const struct results *results,
			 const struct style *style)
{
	for (unsigned int verdict = 0; verdict < VERDICT_ENFORCED; verdict++) {
		for (size_t i = 0; i < results->probe_count; i++) {
			const struct result_probe *result = &results->probes[i];

			if (result->outcome.verdict != (enum verdict)verdict ||
			    !is_finding(results, result) ||
			    count_same(results, is_finding, i, 0, i) > 0)
				continue;
			add_in_full(str, style, result,
				    count_same(results, is_finding, i, i + 1,
					       results->probe_count));
		}
	}
}

/* One line for each probe of a kind, under a heading; nothing when there is none. */
static void add_group(struct str *str, const struct results *results,
		      const struct style *style, const char *heading, membership *belongs)
{
	bool any = false;

	for (size_t i = 0; i < results->probe_count; i++) {
		if (!belongs(results, &results->probes[i]) ||
		    count_same(results, belongs, i, 0, i) > 0)
			continue;
		if (!any)
			add_bold(str, style, heading);
		any = true;
		add_probe_line(
			str, style, &results->probes[i],
			count_same(results, belongs, i, i + 1, results->probe_count),
			true);
	}
	if (any)
		str_add(str, "\n");
}

void matrix_add_findings(struct str *str, const struct results *results,
			 const struct gate *gate, const struct style *style)
{
	size_t before = str->length;

	add_required(str, results, style);
	if (!results->partial)
		add_requirement_findings(str, gate, style);
	if (str->length > before)
		str_add(str, "\n");
	add_group(str, results, style,
		  "Above the required level (does not change the exit status)", is_above);
	add_group(str, results, style, "Conditions of validity", is_condition);
}

void matrix_add_summary(struct str *str, const struct results *results,
			const struct gate *gate, const struct style *style)
{
	owned_str struct str line = { 0 };

	str_addf(&line, "coverage %zu/%zu required ids, %zu probes; ", gate->tested,
		 gate->required, results->probe_count);
	results_add_banner(&line, results, gate);
	str_add(str, str_text(&line));
	str_addf(str, "\nexit %d: ", (int)gate->exit);
	add_bold(str, style, gate_exit_word(gate->exit));
}
