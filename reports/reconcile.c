/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome_reconcile() - a document whose numbers contradict its rows is no evidence
 *
 * A verdict may be worse than its facts (the suite may know more), never better: that is the
 * one sentence the whole product stands on, DESIGN section 1.
 */
#include "reports/outcome.h"
#include "runner/base/str.h"
#include <inttypes.h>

static int fault(const char *what, const char *list, size_t index, const char *member,
		 struct err *err, const char *sentence)
{
	return err_policy(err, "report", "%s: /%s/%zu/%s: %s", what, list, index, member,
			  sentence);
}

/* --- probes --- */

/* The best verdict that each cell of the table of DESIGN section 1 allows. */
static enum verdict best_verdict(const struct results *results,
				 const struct results_probe *probe)
{
	static const enum verdict other[SEEN_COUNT] = {
		[SEEN_HELD] = VERDICT_ENFORCED,
		[SEEN_LEAKED] = VERDICT_BREACHED,
		[SEEN_CLOSED_BY_HOST] = VERDICT_NOT_APPLICABLE,
		[SEEN_REFUSED] = VERDICT_UNTESTABLE,
		[SEEN_PREREQUISITE_MISSING] = VERDICT_UNTESTABLE,
		[SEEN_OURS_BROKE] = VERDICT_ERROR,
		[SEEN_TARGET_BROKE] = VERDICT_BREACHED,
	};
	bool states = results->target.stated_by != STATED_BY_NOTHING;

	if (probe->seen == SEEN_HELD && states) {
		if (probe->promised == PROMISE_DEGRADED)
			return VERDICT_DEGRADED;
		if (probe->promised == PROMISE_NOTHING)
			return probe->required ? VERDICT_DEGRADED
					       : VERDICT_NOT_APPLICABLE;
	}
	if (probe->seen == SEEN_LEAKED) {
		if (probe->promised == PROMISE_DEGRADED)
			return VERDICT_DEGRADED;
		if (probe->promised == PROMISE_NOTHING && !probe->required)
			return VERDICT_OPEN;
	}
	return other[probe->seen];
}

static int reconcile_probe(const char *what, const struct results *results, size_t index,
			   struct err *err)
{
	const struct results_probe *probe = &results->probes[index];
	const struct results_requirement *row = probe->requirement;

	if (probe->level != row->level || probe->required != row->required)
		return fault(what, "probes", index,
			     probe->level != row->level ? "level" : "required", err,
			     "is not what its requirement says");
	if (probe->verdict > best_verdict(results, probe))
		return err_policy(
			err, "report",
			"%s: /probes/%zu/verdict: \"%s\" is better than what was "
			"seen (%s) and promised (%s) allow",
			what, index, verdict_words[probe->verdict],
			seen_words[probe->seen], promise_words[probe->promised]);
	if (probe->seen == SEEN_LEAKED && probe->promised == PROMISE_ENFORCED &&
	    !probe->false_claim)
		return fault(what, "probes", index, "falseClaim", err,
			     "must be true: enforced was promised, and it leaked");
	return 0;
}

/* --- requirements --- */

static bool has_false_claim(const struct results *results)
{
	for (size_t i = 0; i < results->probe_count; i++)
		if (results->probes[i].false_claim)
			return true;
	return false;
}

static int reconcile_requirement(const char *what, const struct results *results,
				 size_t index, bool lied, struct err *err)
{
	const struct results_requirement *row = &results->requirements[index];
	/* One false claim makes every requirement that rests on the claims untrue. */
	bool follows = lied && row->false_claim && row->verdict == VERDICT_BREACHED;

	if (row->required != (row->must && row->level <= results->run.require))
		return fault(what, "requirements", index, "required", err,
			     "does not follow from must, level and the required level");
	if (row->verdict == row->from_probes || follows)
		return 0;
	return err_policy(
		err, "report",
		"%s: /requirements/%zu/verdict: %s is not the worst verdict of "
		"its probes, which is %s",
		what, index,
		row->verdict == VERDICT_NONE ? "null" : verdict_words[row->verdict],
		row->from_probes == VERDICT_NONE ? "null"
						 : verdict_words[row->from_probes]);
}

/* --- numbers --- */

static int equal(const char *what, const char *place, const char *member, uint64_t stated,
		 size_t counted, struct err *err)
{
	if (stated == counted)
		return 0;
	return err_policy(err, "report", "%s: %s/%s: says %" PRIu64 ", its rows make %zu",
			  what, place, member, stated, counted);
}

static int reconcile_layer(const char *what, enum layer layer,
			   const struct results_layer *stated,
			   const struct outcome_layer *counted, struct err *err)
{
	owned_str struct str place = { 0 }, counts = { 0 };

	str_addf(&place, "/layers (%s)", layer_words[layer]);
	str_addf(&counts, "%s/counts", place.text);
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		if (equal(what, counts.text, verdict_words[i], stated->counts[i],
			  counted->counts[i], err) < 0)
			return -1;
	if (equal(what, place.text, "required", stated->required, counted->required,
		  err) < 0 ||
	    equal(what, place.text, "tested", stated->tested, counted->tested, err) < 0)
		return -1;
	return equal(what, place.text, "probes", stated->probes, counted->probes, err);
}

/* Nothing was left out on the way, unless the record says so. */
static int reconcile_counts(const char *what, const struct results *results,
			    struct err *err)
{
	size_t by[VERDICT_COUNT] = { 0 };
	bool whole = results->complete && !results->partial;

	if (!results->counts.stated)
		return 0;
	for (size_t i = 0; i < results->probe_count; i++)
		by[results->probes[i].verdict]++;
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		if (equal(what, "/counts", verdict_words[i], results->counts.by[i], by[i],
			  err) < 0)
			return -1;
	if (equal(what, "/counts", "probes", results->counts.probes, results->probe_count,
		  err) < 0 ||
	    (results->complete &&
	     equal(what, "/counts", "selected", results->counts.selected,
		   results->probe_count, err) < 0) ||
	    (whole && equal(what, "/counts", "catalogue", results->counts.catalogue,
			    results->probe_count, err) < 0))
		return -1;
	return 0;
}

/* The control is believed only when its three targets came out as they must. */
static int reconcile_control(const char *what, const struct results *results,
			     struct err *err)
{
	const enum verdict mute[] = { results->control.deny_all,
				      results->control.silent };
	const char *const names[] = { "denyAll", "silent" };

	if (!results->control.ok)
		return 0;
	if (results->control.leaky != VERDICT_BREACHED)
		return err_policy(err, "report",
				  "%s: /runControl/ok: is true, but leaky is not "
				  "\"breached\"",
				  what);
	for (size_t i = 0; i < sizeof(mute) / sizeof(mute[0]); i++)
		if (mute[i] > VERDICT_UNTESTABLE)
			return err_policy(
				err, "report",
				"%s: /runControl/ok: is true, but %s is no error", what,
				names[i]);
	return 0;
}

int outcome_reconcile(const char *what, const struct results *results, struct err *err)
{
	bool lied = has_false_claim(results);
	struct outcome outcome;

	for (size_t i = 0; i < results->probe_count; i++)
		if (reconcile_probe(what, results, i, err) < 0)
			return -1;
	for (size_t i = 0; i < results->requirement_count; i++)
		if (reconcile_requirement(what, results, i, lied, err) < 0)
			return -1;
	outcome_compute(results, &outcome);
	for (enum layer i = 0; i < LAYER_COUNT; i++)
		if (results->layers[i].stated &&
		    reconcile_layer(what, i, &results->layers[i], &outcome.layers[i],
				    err) < 0)
			return -1;
	if (equal(what, "/coverage", "required", results->stated_required,
		  outcome.required, err) < 0 ||
	    equal(what, "/coverage", "tested", results->stated_tested, outcome.tested,
		  err) < 0 ||
	    reconcile_counts(what, results, err) < 0 ||
	    reconcile_control(what, results, err) < 0)
		return -1;
	if (results->stated_level > outcome.level)
		return equal(what, "/level", "reached", results->stated_level,
			     (size_t)outcome.level, err);
	return 0;
}
