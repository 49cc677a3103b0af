/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus - gauges for node_exporter's textfile collector
 *
 * Every series is there in every run, also the zeroes, so that an alert can tell "none" from
 * "gone"; no sample carries a time, which that collector refuses. What identifies a run is in
 * the labels of one info series. Source: the text format 0.0.4 of Prometheus.
 */
#include "reports/format.h"
#include "reports/line.h"
#include "reports/waivers.h"
#include <inttypes.h>
#include <string.h>

#define LABEL_MAX 200

/* Backslash, quote and line end are written with a backslash. */
static void add_label(struct str *str, const char *name, const char *value, bool last)
{
	owned_str struct str clean = { 0 };

	line_add(&clean, value, LABEL_MAX);
	str_addf(str, "%s=\"", name);
	for (const char *at = str_text(&clean); *at; at++) {
		if (*at == '\\' || *at == '"')
			str_add(str, "\\");
		str_add_bytes(str, at, 1);
	}
	str_add(str, last ? "\"" : "\",");
}

static void begin(struct str *str, const char *name, const char *help)
{
	str_addf(str, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void add_gauge(struct str *str, const char *name, const char *help, double value)
{
	begin(str, name, help);
	str_addf(str, "%s %.15g\n", name, value);
}

static void add_info(struct str *str, const struct results *results)
{
	const char *kernel = results_fact(results, "kernel");

	begin(str, "confine_run_info", "What was tested, and by what.");
	str_add(str, "confine_run_info{");
	add_label(str, "run", results->run.id, false);
	add_label(str, "host", results->hostname, false);
	add_label(str, "kernel", kernel ? kernel : "", false);
	add_label(str, "tool_version", results->tool.version, false);
	add_label(str, "target", results->target.name, false);
	add_label(str, "target_version", results->target.version, false);
	add_label(str, "policy", results->policy.source, true);
	str_add(str, "} 1\n");
}

/* Seconds since 1970 of "YYYY-MM-DDThh:mm:ssZ". */
static double seconds_of(const char *time)
{
	static const char epoch[] = "1970-01-01";
	long days = waivers_day(time) - waivers_day(epoch);
	long seconds = (time[11] - '0') * 36000L + (time[12] - '0') * 3600L +
		       (time[14] - '0') * 600L + (time[15] - '0') * 60L +
		       (time[17] - '0') * 10L + (time[18] - '0');

	return (double)days * 86400 + (double)seconds;
}

static void add_run(struct str *str, const struct results *results,
		    const struct outcome *outcome)
{
	size_t false_claims = 0;

	for (size_t i = 0; i < results->probe_count; i++)
		false_claims += results->probes[i].false_claim;
	add_gauge(str, "confine_exit_status",
		  "Exit status of the run: 0 is the required level met.",
		  (double)outcome->exit);
	add_gauge(str, "confine_run_complete", "Whether the run came to its end.",
		  results->complete);
	add_gauge(str, "confine_run_partial", "Whether a filter left probes out.",
		  results->partial);
	add_gauge(str, "confine_run_started_seconds",
		  "When the run began, in seconds since 1970.",
		  seconds_of(results->run.started));
	add_gauge(str, "confine_run_duration_seconds", "How long the run took.",
		  results->run.seconds);
	add_gauge(str, "confine_level_required", "Level that the run was to show.",
		  (double)results->run.require);
	add_gauge(str, "confine_level_reached", "Level that the run has shown.",
		  (double)outcome->level);
	add_gauge(str, "confine_required_ids", "Required ids at that level.",
		  (double)outcome->required);
	add_gauge(str, "confine_required_ids_tested", "Required ids with a verdict.",
		  (double)outcome->tested);
	add_gauge(str, "confine_false_claims",
		  "Probes that went through although the target had promised otherwise.",
		  (double)false_claims);
}

static void add_waivers(struct str *str, const struct results *results)
{
	size_t counts[3] = { 0 };
	static const char *const states[] = { "in-force", "not-holding", "unused" };

	for (size_t i = 0; i < results->waiver_count; i++)
		counts[results->waivers[i].refused  ? 1
		       : results->waivers[i].unused ? 2
						    : 0]++;
	begin(str, "confine_waivers", "Waivers by what became of them.");
	for (size_t i = 0; i < 3; i++)
		str_addf(str, "confine_waivers{state=\"%s\"} %zu\n", states[i],
			 counts[i]);
}

static void add_layers(struct str *str, const struct results *results,
		       const struct outcome *outcome)
{
	begin(str, "confine_layer_required_ids",
	      "Required ids of a layer by their verdict.");
	for (enum layer i = 0; i < LAYER_COUNT; i++)
		for (enum verdict k = 0; k < VERDICT_COUNT; k++)
			str_addf(
				str,
				"confine_layer_required_ids{layer=\"%s\",verdict=\"%s\"} "
				"%zu\n",
				layer_words[i], verdict_words[k],
				outcome->layers[i].counts[k]);
	begin(str, "confine_probes", "Probes by their verdict, required or not.");
	for (enum verdict k = 0; k < VERDICT_COUNT; k++) {
		size_t count = 0;

		for (size_t i = 0; i < results->probe_count; i++)
			count += results->probes[i].verdict == k;
		str_addf(str, "confine_probes{verdict=\"%s\"} %zu\n", verdict_words[k],
			 count);
	}
}

static void add_requirements(struct str *str, const struct results *results)
{
	if (!results->requirement_count)
		return;
	begin(str, "confine_requirement_accepted",
	      "Whether a requirement stands not in the way of its level.");
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *row = &results->requirements[i];

		str_addf(str,
			 "confine_requirement_accepted{id=\"%s\",layer=\"%s\","
			 "level=\"%" PRIu64 "\",required=\"%s\",verdict=\"%s\","
			 "waived=\"%s\"} %d\n",
			 row->id, layer_words[row->layer], row->level,
			 row->required ? "true" : "false",
			 row->verdict == VERDICT_NONE ? "none"
						      : verdict_words[row->verdict],
			 row->waiver ? "true" : "false", row->accepted);
	}
}

int prometheus_write(const struct results *results, const struct outcome *outcome,
		     const struct format_taste *taste, struct str *ret, struct err *err)
{
	(void)taste;
	(void)err; /* str ends the program where there is no memory */
	add_info(ret, results);
	add_run(ret, results, outcome);
	add_waivers(ret, results);
	add_layers(ret, results, outcome);
	add_requirements(ret, results);
	return 0;
}
