/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome_reconcile() - a document whose numbers contradict its rows is no evidence
 *
 * A verdict may be worse than its facts (the suite may know more), never better: that is the
 * one sentence the whole product stands on, DESIGN section 1.
 */
#include "reports/outcome.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <inttypes.h>
#include <string.h>

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

/*
 * What was held was tried, and the same act worked outside: which arms lead there, by the
 * sentence that the suite gives as the reason. Where somebody outside counted or looked, the
 * script may say what it likes. A launcher that refused ran no script: nobody was alive.
 */
enum said_set {
	SAYS_NOTHING = 1,
	SAYS_REACHED = 2,
	SAYS_DENIED = 4,
	SAYS_CANNOT_TELL = 8,
	SAYS_ANYTHING = 15
};

static const struct held {
	const char *reason;
	unsigned int said;
	bool alive;
} helds[] = {
	{ "refused before anything ran", SAYS_NOTHING, false },
	{ "refused", SAYS_DENIED, true },
	{ "stopped by a signal", SAYS_NOTHING, true },
	{ "the launcher ended the run", SAYS_NOTHING, true },
	{ "stopped at the stated ceiling, as counted outside", SAYS_ANYTHING, true },
	{ "no effect outside, where the same act was seen before",
	  SAYS_NOTHING | SAYS_REACHED, true },
	/* In words of another version, or of somebody else. */
	{ "", SAYS_NOTHING | SAYS_DENIED, true },
};

static unsigned int said_set(const char *said)
{
	static const struct {
		const char *word;
		unsigned int set;
	} words[] = {
		{ "nothing", SAYS_NOTHING },
		{ "reached", SAYS_REACHED },
		{ "denied", SAYS_DENIED },
		{ "cannot-tell", SAYS_CANNOT_TELL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_equal(words[i].word, said))
			return words[i].set;
	return 0;
}

/* The sentence stands first; a detail follows, or what the first attempt came to. */
static const struct held *find_held(const char *reason)
{
	const struct held *held = helds;

	while (held->reason[0]) {
		char next = '\0';

		if (str_has_prefix(reason, held->reason)) {
			next = reason[strlen(held->reason)];
			if (next == '\0' || next == ':' || next == ';')
				break;
		}
		held++;
	}
	return held;
}

static int reconcile_held(const char *what, const struct results_probe *probe,
			  size_t index, struct err *err)
{
	const struct held *held = find_held(probe->reason);
	unsigned int outside = said_set(probe->reach.said);
	unsigned int inside = said_set(probe->attack.said);
	const struct {
		bool holds;
		const char *member, *sentence;
	} rules[] = {
		{ probe->reach.ran, "arms/reach/ran",
		  "must be true: what was held is known to work outside" },
		/* An act that ends its own script cannot say so: its effect was seen. */
		{ outside != SAYS_DENIED, "arms/reach/said",
		  "is \"denied\", and what was held is known to work outside" },
		{ !probe->reach.timed_out, "arms/reach/timedOut",
		  "must be false: what was held is known to work outside" },
		{ probe->attack.ran, "arms/attack/ran",
		  "must be true: what was held was tried inside" },
		{ !probe->attack.timed_out, "arms/attack/timedOut",
		  "must be false: no answer in time is not held" },
		{ !probe->liveness.stated || probe->liveness.ok == held->alive,
		  "arms/liveness/ok",
		  held->alive ? "must be true: what was held was seen alive"
			      : "must be false: it refused before anything ran" },
		{ (inside & held->said) != 0, "arms/attack/said",
		  "is not how an act ends that was held for this reason" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (!rules[i].holds)
			return fault(what, "probes", index, rules[i].member, err,
				     rules[i].sentence);
	return 0;
}

/* Failing closed is less than a breach: then nothing of the script ran. */
static int reconcile_refused(const char *what, const struct results_probe *probe,
			     size_t index, struct err *err)
{
	if (probe->liveness.ok)
		return fault(what, "probes", index, "arms/liveness/ok", err,
			     "must be false: it refused to start");
	if (said_set(probe->attack.said) == SAYS_REACHED)
		return fault(what, "probes", index, "arms/attack/said", err,
			     "is \"reached\", and it refused to start");
	return 0;
}

static int reconcile_probe(const char *what, const struct results *results, size_t index,
			   struct err *err)
{
	const struct results_probe *probe = &results->probes[index];
	const struct results_requirement *row = probe->requirement;
	bool lied = probe->seen == SEEN_LEAKED && probe->promised == PROMISE_ENFORCED;

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
	if (probe->false_claim != lied)
		return fault(what, "probes", index, "falseClaim", err,
			     lied ? "must be true: enforced was promised, and it leaked"
				  : "must be false: only what was promised as enforced, "
				    "and leaked, is one");
	if (probe->seen == SEEN_HELD)
		return reconcile_held(what, probe, index, err);
	if (probe->seen == SEEN_REFUSED)
		return reconcile_refused(what, probe, index, err);
	return 0;
}

/* --- requirements --- */

/* Among the probes of this requirement; NULL: among all. */
static bool has_false_claim(const struct results *results,
			    const struct results_requirement *row)
{
	for (size_t i = 0; i < results->probe_count; i++)
		if (results->probes[i].false_claim &&
		    (!row || results->probes[i].requirement == row))
			return true;
	return false;
}

static int reconcile_claim(const char *what, const struct results *results, size_t index,
			   bool lied, struct err *err)
{
	const struct results_requirement *row = &results->requirements[index];

	if (row->false_claim && !lied)
		return fault(what, "requirements", index, "falseClaim", err,
			     "is true, and no probe shows a false claim");
	if (!row->false_claim && lied && has_false_claim(results, row))
		return fault(what, "requirements", index, "falseClaim", err,
			     "must be true: one of its probes shows a false claim");
	return 0;
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
	if (reconcile_claim(what, results, index, lied, err) < 0)
		return -1;
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

/* Nothing was left out on the way, unless the record says so; and after a run control that failed nothing
 * is tried at all. */
static int reconcile_counts(const char *what, const struct results *results,
			    struct err *err)
{
	size_t by[VERDICT_COUNT] = { 0 };
	bool tried = results->complete && results->control.ok;
	bool whole = tried && !results->partial;

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
	    (tried && equal(what, "/counts", "selected", results->counts.selected,
			    results->probe_count, err) < 0) ||
	    (whole && equal(what, "/counts", "catalogue", results->counts.catalogue,
			    results->probe_count, err) < 0))
		return -1;
	return 0;
}

/* Where no shield can be built the control is as untestable as everything else, and that is no failure of
 * the control's; but then nothing may have come to a verdict. */
static int reconcile_untested(const char *what, const struct results *results,
			      struct err *err)
{
	for (size_t i = 0; i < results->probe_count; i++) {
		const struct results_probe *probe = &results->probes[i];

		if (probe->seen == SEEN_REFUSED ||
		    (verdict_is_tested(probe->verdict) &&
		     probe->verdict != VERDICT_NOT_APPLICABLE))
			return fault(what, "probes", i, "verdict", err,
				     "was tried, and the run control could not be");
	}
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
	if (results->control.leaky == VERDICT_UNTESTABLE &&
	    mute[0] == VERDICT_UNTESTABLE && mute[1] == VERDICT_UNTESTABLE)
		return reconcile_untested(what, results, err);
	if (results->control.leaky != VERDICT_BREACHED)
		return err_policy(err, "report",
				  "%s: /runControl/ok: is true, but leaky is not "
				  "\"breached\"",
				  what);
	for (size_t i = 0; i < sizeof(mute) / sizeof(mute[0]); i++)
		if (mute[i] != VERDICT_ERROR)
			return err_policy(
				err, "report",
				"%s: /runControl/ok: is true, but %s is no error", what,
				names[i]);
	return 0;
}

/* That the status itself differs is a finding; its word is only the status again. */
static int reconcile_word(const char *what, const struct results *results,
			  struct err *err)
{
	const char *word = outcome_word((enum outcome_exit)results->stated_exit);

	if (!results->stated_word || str_equal(results->stated_word, word))
		return 0;
	return err_policy(err, "report",
			  "%s: /outcome/word: is not the word of exit %" PRIu64
			  ", which is \"%s\"",
			  what, results->stated_exit, word);
}

int outcome_reconcile(const char *what, const struct results *results, struct err *err)
{
	bool lied = has_false_claim(results, NULL);
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
	    reconcile_control(what, results, err) < 0 ||
	    reconcile_word(what, results, err) < 0)
		return -1;
	if (results->stated_level > outcome.level)
		return equal(what, "/level", "reached", results->stated_level,
			     (size_t)outcome.level, err);
	return 0;
}
