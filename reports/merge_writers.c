/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what runs can be merged into; a new format is a new row. */
#include "reports/merge.h"
#include <string.h>

/* --- junit: the suites of every run, then one about the fleet --- */

static void begin_junit(struct merge_state *state, struct str *ret)
{
	(void)ret;
	junit_begin(&state->junit, state->taste->rich, true);
}

static void add_junit(struct merge_state *state, const struct results *results,
		      const struct outcome *outcome, struct str *ret)
{
	junit_add(&state->junit, results, outcome);
	junit_flush(&state->junit, ret);
}

static int end_junit(struct merge_state *state, struct fleet *fleet, struct str *ret,
		     struct err *err)
{
	junit_add_fleet(&state->junit, fleet);
	if (state->receipts)
		merge_receipts_junit(state->receipts, &state->junit);
	return junit_end(&state->junit, ret, err);
}

/* --- oscal: a result for every run --- */

static void begin_oscal(struct merge_state *state, struct str *ret)
{
	oscal_begin(&state->oscal,
		    state->taste->oscal ? state->taste->oscal : OSCAL_VERSION, ret);
}

static void add_oscal(struct merge_state *state, const struct results *results,
		      const struct outcome *outcome, struct str *ret)
{
	oscal_add(&state->oscal, results, outcome, ret);
}

static int end_oscal(struct merge_state *state, struct fleet *fleet, struct str *ret,
		     struct err *err)
{
	(void)fleet;
	(void)err;
	if (state->receipts) {
		state->oscal.runs = state->receipts->ran;
		state->oscal.runs_passed = state->receipts->states[RECEIPTS_PASSED];
		state->oscal.counts_runs = true;
	}
	oscal_end(&state->oscal, ret);
	return 0;
}

/* --- what is made of the rows alone --- */

static int end_html(struct merge_state *state, struct fleet *fleet, struct str *ret,
		    struct err *err)
{
	(void)err;
	merge_html(fleet, state->receipts, ret);
	return 0;
}

static int end_text(struct merge_state *state, struct fleet *fleet, struct str *ret,
		    struct err *err)
{
	(void)err;
	merge_text(fleet, state->receipts, ret);
	return 0;
}

static int end_prometheus(struct merge_state *state, struct fleet *fleet, struct str *ret,
			  struct err *err)
{
	(void)err;
	merge_prometheus(fleet, state->receipts, ret);
	return 0;
}

static const struct merge_writer writers[] = {
	{ "html", NULL, NULL, end_html },
	{ "junit", begin_junit, add_junit, end_junit },
	{ "oscal", begin_oscal, add_oscal, end_oscal },
	{ "prometheus", NULL, NULL, end_prometheus },
	{ "text", NULL, NULL, end_text },
};

const struct merge_writer *merge_writer_find(const char *name)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (strcmp(writers[i].name, name) == 0)
			return &writers[i];
	return NULL;
}

void merge_writer_names(struct str *str)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		str_addf(str, "%s%s", i ? ", " : "", writers[i].name);
}
