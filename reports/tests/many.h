/* SPDX-License-Identifier: Apache-2.0 */
/*
 * many - runs for the tests of the writers: every mix of verdicts, hostile texts, and waivers
 *
 * many_each() hands one run after the other to a check, each read through read_text().
 */
#ifndef REPORTS_TESTS_MANY_H
#define REPORTS_TESTS_MANY_H

#include "reports/format.h"
#include "reports/outcome.h"
#include "reports/read.h"
#include "reports/tests/hostile.h"
#include "reports/tests/sample.h"
#include "reports/waivers.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <check.h>

#define MANY_PROBES 24

static UNUSED void many_read(const struct sample *sample, struct results *results)
{
	struct json *document = sample_document(sample);
	char *text = json_print(document, false);
	struct err err = { 0 };
	int status = read_text("sample", text, strlen(text), results, &err);

	ck_assert_msg(status == 0, "%s", err.msg);
	free(text);
	json_delete(&document);
}

/* Of a requirement, of a probe, one that has expired and one that nobody needs. The runs of
 * sample.h begin on 2026-01-02. */
static const char many_waivers[] =
	"{\"schema\":\"confine-waivers/1\",\"waivers\":["
	"{\"id\":\"FS-01\",\"reason\":\"known <b>&\",\"owner\":\"a\",\"approver\":\"b\","
	"\"expires\":\"2026-02-01\"},"
	"{\"id\":\"network.probe-3\",\"reason\":\"a | b\",\"owner\":\"a\","
	"\"approver\":\"b\",\"expires\":\"2026-01-02\"},"
	"{\"id\":\"RES-01\",\"reason\":\"late\",\"owner\":\"a\",\"approver\":\"b\","
	"\"expires\":\"2026-01-01\"},"
	"{\"id\":\"ZZ-99\",\"reason\":\"none\",\"owner\":\"a\",\"approver\":\"b\","
	"\"expires\":\"2026-01-03\"}]}";

static UNUSED void write_as(const char *name, const struct results *results,
			    const struct outcome *outcome, struct str *ret)
{
	const struct format_taste taste = { .colour = false };
	const struct format *format = format_find(name);
	struct err err = { 0 };

	ck_assert_msg(format != NULL, "%s", name);
	ck_assert_int_eq(format->write(results, outcome, &taste, ret, &err), 0);
}

/* For the checkers of others: what was written stays in the directory CONFINE_SAMPLES, if it is set. */
static UNUSED void many_keep(const struct str *text, const char *suffix)
{
	static unsigned int number;
	const char *directory = getenv("CONFINE_SAMPLES");
	owned_str struct str path = { 0 };
	struct err err = { 0 };

	if (!directory || !directory[0])
		return;
	str_addf(&path, "%s/%u.%s", directory, number++, suffix);
	ck_assert_msg(fd_replace_file(path.text, text->text, text->length, &err) == 0,
		      "%s", err.msg);
}

/* As long as a sentence of the catalogue. */
#define MANY_PROSE                                                                       \
	"A child spins until it has used `1.5 s` of processor time, with 1 s allowed, "  \
	"and tells how far it came. "

/* A run of nothing, whose rows somebody fills by hand. */
static UNUSED void many_head(struct results *results)
{
	results->complete = true;
	results->tool.name = "confine";
	results->tool.version = "0.1.0";
	results->run.id = "00ff";
	results->run.started = "2026-01-02T03:04:05Z";
	results->run.ended = "2026-01-02T03:05:05Z";
	results->run.require = 1;
	results->run.fail_on = FAIL_ON_DEGRADED;
	results->run.command_line = "confine check";
	results->hostname = "host-a";
	results->target.name = "confine";
	results->target.title = results->target.version = "";
	results->policy.source = "built-in default";
	results->policy.refusal = results->parity.first = "";
	results->control.ok = results->parity.ok = true;
	results->control.leaky = VERDICT_BREACHED;
	results->control.deny_all = results->control.silent = VERDICT_ERROR;
	for (size_t i = 0; i < LAYER_COUNT; i++)
		results->layers[i].mechanism = "a wall";
}

typedef void many_check(const struct results *results, const struct outcome *outcome);

static UNUSED void many_one(uint64_t seed, many_check *check)
{
	static const struct results_fact facts[] = { { "kernel", "6.1.0" },
						     { "lsm", "landlock" },
						     { "userNamespaces", "true" } };
	struct sample_probe probes[MANY_PROBES];
	struct sample sample = sample_mix(seed, probes, MANY_PROBES);
	owned_results struct results results = { 0 };
	owned_waivers struct waivers waivers = { 0 };
	struct results_fact foreign[] = { { "name", "value" }, { "other", "value" } };
	struct outcome outcome;
	struct err err = { 0 };

	many_read(&sample, &results);
	if (seed % 2) {
		const char *text = hostile_texts[seed / 2 % HOSTILE_COUNT];

		foreign[0] = (struct results_fact){ text, text };
		hostile_fill(&results, text, foreign, 2);
	} else {
		results.host = facts;
		results.host_count = 3;
	}
	if (seed % 3 == 0) {
		int status = waivers_read_text("waivers", many_waivers,
					       strlen(many_waivers), &waivers, &err);

		ck_assert_msg(status == 0, "%s", err.msg);
		status = waivers_apply(&waivers, &results, &err);
		ck_assert_msg(status == 0, "%s", err.msg);
	}
	outcome_compute(&results, &outcome);
	check(&results, &outcome);
}

static UNUSED void many_each(many_check *check)
{
	int count = sample_sweep(150);

	for (int seed = 0; seed < count; seed++)
		many_one((uint64_t)seed, check);
}

#endif
