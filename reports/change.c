/* SPDX-License-Identifier: Apache-2.0 */
/* change - see change.h. */
#include "reports/change.h"
#include "reports/line.h"
#include <inttypes.h>
#include <string.h>

enum {
	TEXT_MAX = 300,
	NAME_SHOWN = 40, /* bytes of a name in an error, which is short */
	NAMES_SHOWN = 3,
};

static const char *const words[CHANGE_COUNT] = {
	[CHANGE_REGRESSED] = "REGRESSED",
	[CHANGE_FIXED] = "FIXED",
	[CHANGE_NEW] = "NEW",
	[CHANGE_GONE] = "GONE",
	[CHANGE_OTHER] = "CHANGED",
	[CHANGE_EVIDENCE] = "OTHER EVIDENCE",
};

/* What nobody looked at is no better than what could not be looked at; enforced and not
 * applicable are as good as each other. */
static unsigned int goodness(const struct change_row *row)
{
	if (row->false_claim)
		return 0;
	if (row->verdict == VERDICT_NONE)
		return 1 + VERDICT_UNTESTABLE;
	return 1 + (verdict_is_green(row->verdict) ? VERDICT_ENFORCED : row->verdict);
}

enum change change_of(const struct change_row *old, const struct change_row *new)
{
	if (!old)
		return CHANGE_NEW;
	if (!new)
		return CHANGE_GONE;
	if (goodness(new) < goodness(old))
		return CHANGE_REGRESSED;
	if (goodness(new) > goodness(old))
		return verdict_is_green(new->verdict) && !new->false_claim ? CHANGE_FIXED
									   : CHANGE_OTHER;
	if (old->verdict != new->verdict || strcmp(old->evidence, new->evidence) != 0)
		return CHANGE_EVIDENCE;
	return CHANGE_NONE;
}

static const char *word_of(const struct change_row *row)
{
	if (!row)
		return "not there";
	return row->verdict == VERDICT_NONE ? "not tested" : verdict_words[row->verdict];
}

static void add_change(enum change change, const struct change_row *old,
		       const struct change_row *new, struct str *ret)
{
	const struct change_row *row = new ? new : old;

	str_addf(ret, "%-15s %s: %s -> %s%s", words[change], row->id, word_of(old),
		 word_of(new), new &&new->false_claim ? ", A FALSE CLAIM" : "");
	if (new &&new->evidence[0]) {
		str_add(ret, "; ");
		line_add(ret, new->evidence, TEXT_MAX);
	}
	if (change == CHANGE_EVIDENCE && old->evidence[0]) {
		str_add(ret, "; was: ");
		line_add(ret, old->evidence, TEXT_MAX);
	}
	str_add(ret, "\n");
}

static int compare(const struct change_row *old, const struct change_row *new)
{
	int order;

	if (!old || !new)
		return old ? -1 : 1;
	order = strcmp(old->id, new->id);
	return order ? order : old->is_requirement - new->is_requirement;
}

/* Both lists side by side. */
struct pair {
	const struct snapshot *old, *new;
	size_t i, k;
	const struct change_row *was, *is; /* one of them may be NULL */
};

static bool next_pair(struct pair *pair)
{
	const struct change_row *a =
		pair->i < pair->old->count ? &pair->old->rows[pair->i] : NULL;
	const struct change_row *b =
		pair->k < pair->new->count ? &pair->new->rows[pair->k] : NULL;
	int order;

	if (!a && !b)
		return false;
	order = compare(a, b);
	pair->was = order <= 0 ? a : NULL;
	pair->is = order >= 0 ? b : NULL;
	pair->i += pair->was != NULL;
	pair->k += pair->is != NULL;
	return true;
}

/* `wanted` CHANGE_COUNT: only counts. */
static void walk(const struct snapshot *old, const struct snapshot *new,
		 enum change wanted, size_t counts[CHANGE_COUNT], struct str *ret)
{
	struct pair pair = { .old = old, .new = new };

	while (next_pair(&pair)) {
		enum change change = change_of(pair.was, pair.is);

		if (wanted == CHANGE_COUNT)
			counts[change]++;
		else if (change == wanted)
			add_change(change, pair.was, pair.is, ret);
	}
}

static void add_run(const char *label, const struct snapshot *snapshot, struct str *ret)
{
	str_addf(ret, "%s  run ", label);
	line_add(ret, snapshot->run_id, TEXT_MAX);
	str_addf(ret, " of %s, host ", snapshot->started);
	line_add(ret, snapshot->hostname, TEXT_MAX);
	str_add(ret, ", target ");
	line_add(ret, snapshot->target, TEXT_MAX);
	str_addf(ret, ", level %" PRIu64 "\n", snapshot->level);
}

int change_check(const struct snapshot *old, const struct snapshot *new, struct err *err)
{
	struct pair pair = { .old = old, .new = new };

	if (old->require != new->require)
		return err_policy(err, "report",
				  "the old run was asked for level %" PRIu64
				  ", the new one for %" PRIu64
				  ": their verdicts cannot be compared",
				  old->require, new->require);
	while (next_pair(&pair))
		if (pair.was && pair.is)
			return 0;
	return err_policy(err, "report",
			  "no requirement and no probe is in both runs: there is nothing "
			  "to compare");
}

void change_write(const struct snapshot *old, const struct snapshot *new,
		  size_t counts[CHANGE_COUNT], struct str *ret)
{
	memset(counts, 0, sizeof(counts[0]) * CHANGE_COUNT);
	walk(old, new, CHANGE_COUNT, counts, ret);
	add_run("old", old, ret);
	add_run("new", new, ret);
	str_add(ret, "\n");
	for (enum change change = 0; change < CHANGE_NONE; change++)
		walk(old, new, change, counts, ret);
	if (new->level < old->level) {
		str_addf(ret, "%-15s level: %" PRIu64 " -> %" PRIu64 "\n",
			 words[CHANGE_REGRESSED], old->level, new->level);
		counts[CHANGE_REGRESSED]++;
	}
	str_addf(ret,
		 "%zu regressed, %zu fixed, %zu new, %zu gone, %zu changed, "
		 "%zu with other evidence, %zu as before\n",
		 counts[CHANGE_REGRESSED], counts[CHANGE_FIXED], counts[CHANGE_NEW],
		 counts[CHANGE_GONE], counts[CHANGE_OTHER], counts[CHANGE_EVIDENCE],
		 counts[CHANGE_NONE]);
}

/* Requirements first: a probe that got worse has mostly made its requirement worse. */
static size_t add_regressed(const struct snapshot *old, const struct snapshot *new,
			    bool requirements, bool partial, struct str *ret)
{
	struct pair pair = { .old = old, .new = new };
	size_t count = 0;

	while (next_pair(&pair)) {
		if (change_of(pair.was, pair.is) != CHANGE_REGRESSED || !pair.is ||
		    pair.is->waived || pair.is->is_requirement != requirements ||
		    (partial && pair.is->verdict == VERDICT_NONE))
			continue;
		count++;
		str_addf(ret, "%s%s %s -> %s%s", ret->length ? ", " : "", pair.is->id,
			 word_of(pair.was), word_of(pair.is),
			 pair.is->false_claim ? ", a false claim" : "");
	}
	return count;
}

static int check_target(const struct snapshot *baseline, const struct snapshot *now,
			struct err *err)
{
	owned_str struct str text = { 0 };

	if (strcmp(baseline->target, now->target) == 0)
		return 0;
	str_add(&text, "the baseline is of target ");
	line_add(&text, baseline->target, NAME_SHOWN);
	str_add(&text, ", this run of ");
	line_add(&text, now->target, NAME_SHOWN);
	return err_policy(err, "report", "%s: their verdicts cannot be compared",
			  text.text);
}

static void note_host(const struct snapshot *baseline, const struct snapshot *now,
		      struct str *ret)
{
	if (strcmp(baseline->hostname, now->hostname) == 0)
		return;
	str_add(ret, "the baseline is of host ");
	line_add(ret, baseline->hostname, TEXT_MAX);
	str_add(ret, ", this run of ");
	line_add(ret, now->hostname, TEXT_MAX);
	str_add(ret, "\n");
}

/* What nobody looked at in this run cannot be worse. */
static void note_missing(const struct snapshot *baseline, const struct snapshot *now,
			 struct str *ret)
{
	struct pair pair = { .old = baseline, .new = now };
	size_t seen = 0, missing = 0;
	owned_str struct str names = { 0 };

	while (next_pair(&pair)) {
		if (!pair.is || pair.is->verdict == VERDICT_NONE)
			continue;
		seen++;
		if (pair.was)
			continue;
		if (missing++ < NAMES_SHOWN)
			str_addf(&names, "%s%s", names.length ? ", " : "", pair.is->id);
	}
	if (missing)
		str_addf(ret,
			 "the baseline lacks %zu of the %zu requirements and probes of "
			 "this run, which are not compared: %s%s\n",
			 missing, seen, names.text, missing > NAMES_SHOWN ? ", ..." : "");
}

void change_note(const struct snapshot *baseline, const struct results *results,
		 struct str *ret)
{
	owned_snapshot struct snapshot now = { 0 };
	struct outcome outcome;

	outcome_compute(results, &outcome);
	snapshot_take(results, &outcome, &now);
	note_host(baseline, &now, ret);
	note_missing(baseline, &now, ret);
}

int change_apply(const struct snapshot *baseline, struct results *results,
		 struct err *err)
{
	owned_snapshot struct snapshot now = { 0 };
	owned_str struct str what = { 0 };
	struct outcome outcome;
	size_t count = 0;

	outcome_compute(results, &outcome);
	snapshot_take(results, &outcome, &now);
	if (check_target(baseline, &now, err) < 0 ||
	    change_check(baseline, &now, err) < 0)
		return -1;
	if (now.level < baseline->level && !results->partial) {
		str_addf(&what, "level %" PRIu64 " -> %" PRIu64, baseline->level,
			 now.level);
		count++;
	}
	count += add_regressed(baseline, &now, true, results->partial, &what);
	count += add_regressed(baseline, &now, false, results->partial, &what);
	results->regressed.count = count;
	results->regressed.what = arena_strdup(&results->arena, str_text(&what));
	return 0;
}
