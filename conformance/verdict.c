/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First the facts are reduced to one cause, in an order in which nothing that comes later
 * can make an earlier fact untrue: a leak that an outsider saw stands, whatever else broke.
 * Then the cause is one row of a table, and the verdict one cell of another.
 */
#include "conformance/verdict.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *const verdict_names[VERDICT_COUNT + 1] = {
	[VERDICT_BREACHED] = "breached",
	[VERDICT_ERROR] = "error",
	[VERDICT_UNTESTABLE] = "untestable",
	[VERDICT_DEGRADED] = "degraded",
	[VERDICT_OPEN] = "open",
	[VERDICT_ENFORCED] = "enforced",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
};

const char *const promise_names[PROMISE_COUNT + 1] = {
	[PROMISE_UNSTATED] = "nothing",
	[PROMISE_NOTHING] = "nothing",
	[PROMISE_DEGRADED] = "degraded",
	[PROMISE_ENFORCED] = "enforced",
};

const char *const seen_names[SEEN_COUNT + 1] = {
	[SEEN_HELD] = "held",
	[SEEN_LEAKED] = "leaked",
	[SEEN_CLOSED_BY_HOST] = "closed-by-host",
	[SEEN_REFUSED] = "refused",
	[SEEN_PREREQUISITE_MISSING] = "prerequisite-missing",
	[SEEN_OURS_BROKE] = "ours-broke",
	[SEEN_TARGET_BROKE] = "target-broke",
};

const char *const said_names[SAID_COUNT + 1] = {
	[SAID_NOTHING] = "nothing",
	[SAID_REACHED] = "reached",
	[SAID_DENIED] = "denied",
	[SAID_CANNOT_TELL] = "cannot-tell",
};

/* What goes after the sentence of a cause. */
enum detail {
	DETAIL_NONE,
	DETAIL_ATTACK_WORD,
	DETAIL_REACH_WORD,
	DETAIL_SIGNAL,
	DETAIL_LIMIT,
	DETAIL_LAUNCHER,
	DETAIL_HARNESS,
	DETAIL_PREREQUISITE,
	DETAIL_HOST,
	DETAIL_NEVER,
};

static const struct {
	enum seen seen;
	enum detail detail;
	const char *text;
} causes[] = {
	[CAUSE_HELD_BY_WORD] = { SEEN_HELD, DETAIL_ATTACK_WORD, "refused" },
	[CAUSE_HELD_BY_SIGNAL] = { SEEN_HELD, DETAIL_SIGNAL, "stopped by a signal" },
	[CAUSE_HELD_BY_CEILING] = { SEEN_HELD, DETAIL_NONE,
				    "stopped at the stated ceiling, as counted outside" },
	[CAUSE_HELD_BY_WITNESS] = { SEEN_HELD, DETAIL_NONE,
				    "no effect outside, where the same act was seen "
				    "before" },
	[CAUSE_HELD_BY_KILL] = { SEEN_HELD, DETAIL_SIGNAL, "the launcher ended the run" },
	[CAUSE_HELD_BY_REFUSAL] = { SEEN_HELD, DETAIL_LAUNCHER,
				    "refused before anything ran" },
	[CAUSE_WITNESS_SAW] = { SEEN_LEAKED, DETAIL_NONE,
				"the effect was seen from outside" },
	[CAUSE_CEILING_EXCEEDED] = { SEEN_LEAKED, DETAIL_NONE,
				     "went past the stated ceiling, as counted outside" },
	[CAUSE_SAID_REACHED] = { SEEN_LEAKED, DETAIL_ATTACK_WORD,
				 "the act worked inside" },
	[CAUSE_CLOSED_BY_HOST] = { SEEN_CLOSED_BY_HOST, DETAIL_HOST,
				   "the host itself closes this" },
	[CAUSE_NEVER] = { SEEN_CLOSED_BY_HOST, DETAIL_NEVER, "does not apply here" },
	[CAUSE_REFUSED] = { SEEN_REFUSED, DETAIL_LAUNCHER, "refused" },
	[CAUSE_PREREQUISITE] = { SEEN_PREREQUISITE_MISSING, DETAIL_PREREQUISITE,
				 "cannot be tested here" },
	[CAUSE_HARNESS] = { SEEN_OURS_BROKE, DETAIL_HARNESS, "the harness failed" },
	[CAUSE_REACH_NOT_RUN] = { SEEN_OURS_BROKE, DETAIL_NONE,
				  "the control act outside was not run" },
	[CAUSE_REACH_FAILED] = { SEEN_OURS_BROKE, DETAIL_REACH_WORD,
				 "the control act outside did not work" },
	[CAUSE_REACH_UNSEEN] = { SEEN_OURS_BROKE, DETAIL_NONE,
				 "the witness did not notice the control act outside" },
	[CAUSE_ATTACK_NOT_RUN] = { SEEN_OURS_BROKE, DETAIL_NONE,
				   "the act was not run inside" },
	[CAUSE_WITNESS_DEAF] = { SEEN_OURS_BROKE, DETAIL_NONE,
				 "the witness could not look" },
	[CAUSE_LIMIT_FIRED] = { SEEN_OURS_BROKE, DETAIL_LIMIT,
				"a limit of the harness's own shield fired" },
	[CAUSE_LAUNCHER_TIMED_OUT] = { SEEN_OURS_BROKE, DETAIL_LAUNCHER,
				       "the launcher did not end in time" },
	[CAUSE_TIMED_OUT] = { SEEN_OURS_BROKE, DETAIL_NONE, "no answer in time" },
	[CAUSE_NO_NONCE] = { SEEN_OURS_BROKE, DETAIL_LAUNCHER,
			     "nothing shows that the script ran" },
	[CAUSE_NOT_ALIVE] = { SEEN_OURS_BROKE, DETAIL_NONE,
			      "the allowed sibling act did not work either" },
	[CAUSE_CONTRADICTION] = { SEEN_OURS_BROKE, DETAIL_ATTACK_WORD,
				  "the script says reached, outside nothing was seen" },
	[CAUSE_NOT_ATTEMPTED] = { SEEN_OURS_BROKE, DETAIL_NONE,
				  "no record that the act was tried" },
	[CAUSE_SILENCE] = { SEEN_OURS_BROKE, DETAIL_SIGNAL,
			    "the script did not say how the act ended" },
	[CAUSE_CANNOT_TELL] = { SEEN_OURS_BROKE, DETAIL_ATTACK_WORD,
				"the script cannot tell" },
	[CAUSE_OTHER_REFUSAL] = { SEEN_OURS_BROKE, DETAIL_ATTACK_WORD,
				  "stopped, but not by a refusal that this probe "
				  "accepts" },
	[CAUSE_LAUNCHER_DIED] = { SEEN_TARGET_BROKE, DETAIL_LAUNCHER,
				  "the launcher died" },
	[CAUSE_NO_RECEIPT] = { SEEN_TARGET_BROKE, DETAIL_LAUNCHER,
			       "the launcher left no valid receipt" },
	[CAUSE_WRONG_CAUSE] = { SEEN_TARGET_BROKE, DETAIL_LAUNCHER,
				"the launcher names a wrong cause of the end" },
	[CAUSE_FALSE_REFUSAL] = { SEEN_TARGET_BROKE, DETAIL_LAUNCHER,
				  "the launcher says that it refused, but the script "
				  "ran" },
};

static_assert(sizeof(causes) / sizeof(causes[0]) == CAUSE_COUNT, "one row per cause");

/* The table of DESIGN section 1; a cell with two verdicts asks a question. */
enum question {
	ASK_NOTHING,
	ASK_REQUIRED,
	ASK_BEYOND
};

struct cell {
	enum verdict yes, no; /* answer to the question; the same without one */
	enum question question;
};

/* clang-format off */
#define ALWAYS(word) { VERDICT_##word, VERDICT_##word, ASK_NOTHING }
#define ROW(word)    { [PROMISE_UNSTATED] = ALWAYS(word), [PROMISE_NOTHING] = ALWAYS(word), \
		       [PROMISE_DEGRADED] = ALWAYS(word), [PROMISE_ENFORCED] = ALWAYS(word) }
static const struct cell cells[SEEN_COUNT][PROMISE_COUNT] = {
	[SEEN_HELD] = {
		[PROMISE_ENFORCED] = ALWAYS(ENFORCED),
		[PROMISE_DEGRADED] = ALWAYS(DEGRADED),
		[PROMISE_NOTHING] = { VERDICT_DEGRADED, VERDICT_NOT_APPLICABLE, ASK_REQUIRED },
		[PROMISE_UNSTATED] = ALWAYS(ENFORCED),
	},
	[SEEN_LEAKED] = {
		[PROMISE_ENFORCED] = ALWAYS(BREACHED),
		[PROMISE_DEGRADED] = { VERDICT_BREACHED, VERDICT_DEGRADED, ASK_BEYOND },
		[PROMISE_NOTHING] = { VERDICT_BREACHED, VERDICT_OPEN, ASK_REQUIRED },
		[PROMISE_UNSTATED] = { VERDICT_BREACHED, VERDICT_OPEN, ASK_REQUIRED },
	},
	[SEEN_CLOSED_BY_HOST] = ROW(NOT_APPLICABLE),
	[SEEN_REFUSED] = ROW(UNTESTABLE),
	[SEEN_PREREQUISITE_MISSING] = ROW(UNTESTABLE),
	[SEEN_OURS_BROKE] = ROW(ERROR),
	[SEEN_TARGET_BROKE] = ROW(BREACHED),
};
/* clang-format on */

static bool accepts(const struct verdict_input *input, const char *word)
{
	for (const char *const *refusal = input->refusals; refusal && *refusal; refusal++)
		if (strcmp(*refusal, word) == 0)
			return true;
	return false;
}

/* CAUSE_COUNT: nothing is wrong with the launcher. */
static enum cause launcher_cause(const struct verdict_input *input)
{
	static const enum cause faults[] = {
		[LAUNCHER_NOT_RUN] = CAUSE_COUNT,
		[LAUNCHER_RAN] = CAUSE_COUNT,
		[LAUNCHER_REFUSED] = CAUSE_REFUSED,
		[LAUNCHER_NO_RECEIPT] = CAUSE_NO_RECEIPT,
		[LAUNCHER_DIED] = CAUSE_LAUNCHER_DIED,
		[LAUNCHER_WRONG_CAUSE] = CAUSE_WRONG_CAUSE,
		[LAUNCHER_TIMED_OUT] = CAUSE_LAUNCHER_TIMED_OUT,
	};
	enum cause fault = faults[input->launcher];

	if (fault == CAUSE_COUNT)
		return CAUSE_COUNT;
	if (fault == CAUSE_REFUSED && (input->nonce || input->alive || input->attempted))
		return CAUSE_FALSE_REFUSAL;
	/* What refuses everything has not shown that it fails closed. */
	if (fault == CAUSE_REFUSED && input->launcher_works && accepts(input, "refused"))
		return CAUSE_COUNT;
	/* Our own shield may have killed it: never accuse for that. */
	if (input->limit && fault != CAUSE_REFUSED)
		return CAUSE_LIMIT_FIRED;
	return fault;
}

/* CAUSE_COUNT: the act works outside, and its witness, if there is one, noticed. */
static enum cause reach_cause(const struct verdict_input *input)
{
	bool effect = input->reach_witness == WITNESS_SAW;

	if (!input->reach_ran)
		return CAUSE_REACH_NOT_RUN;
	if (input->reach_said == SAID_REACHED)
		return effect || input->reach_witness == WITNESS_NONE
			       ? CAUSE_COUNT
			       : CAUSE_REACH_UNSEEN;
	/* An act that ends its own script cannot report: then the effect alone counts. */
	if (effect && input->reach_said != SAID_DENIED)
		return CAUSE_COUNT;
	return CAUSE_REACH_FAILED;
}

/* Words of a refusal that no script can say for itself. */
static bool is_outside_word(const char *word)
{
	static const char *const words[] = { "ceiling", "witness", "killed", "refused" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static bool was_done(const struct verdict_input *input)
{
	return input->attack_said == SAID_REACHED ||
	       (input->attack_said == SAID_NOTHING && input->signal);
}

/* The script was seen to try; was it stopped by what the probe accepts? */
static enum cause refusal_cause(const struct verdict_input *input)
{
	bool silent = input->attack_said == SAID_NOTHING;

	if (input->attack_said == SAID_DENIED && !is_outside_word(input->attack_word))
		return accepts(input, input->attack_word) ? CAUSE_HELD_BY_WORD
							  : CAUSE_OTHER_REFUSAL;
	if (silent && input->signal && accepts(input, input->signal))
		return CAUSE_HELD_BY_SIGNAL;
	if (silent && input->signal && accepts(input, "killed"))
		return CAUSE_HELD_BY_KILL;
	if (input->ceiling == CEILING_HELD && accepts(input, "ceiling"))
		return CAUSE_HELD_BY_CEILING;
	/* Silence proves something only where the same ears heard the act outside, and of an act that
	 * was done: of a script that was cut short in the middle the end has to be known. */
	if (accepts(input, "witness") && input->attack_witness == WITNESS_SILENT &&
	    input->reach_witness == WITNESS_SAW && was_done(input))
		return CAUSE_HELD_BY_WITNESS;
	if (input->attack_said == SAID_REACHED)
		return CAUSE_CONTRADICTION;
	if (input->attack_said == SAID_DENIED)
		return CAUSE_OTHER_REFUSAL;
	return silent ? CAUSE_SILENCE : CAUSE_CANNOT_TELL;
}

/* Where nobody looks from outside, the script's own word is all there is. */
static bool is_leak_by_word(const struct verdict_input *input)
{
	return input->nonce && input->attack_said == SAID_REACHED &&
	       input->attack_witness == WITNESS_NONE && !accepts(input, "witness");
}

static enum cause attack_cause(const struct verdict_input *input)
{
	bool reached = input->nonce && input->attack_said == SAID_REACHED;

	if (input->attack_witness == WITNESS_DEAF)
		return CAUSE_WITNESS_DEAF;
	/* A script can print anything: against a silent witness its word is no leak. */
	if (reached && !accepts(input, "witness"))
		return CAUSE_CONTRADICTION;
	if (input->limit)
		return CAUSE_LIMIT_FIRED;
	if (input->timed_out)
		return CAUSE_TIMED_OUT;
	if (!input->nonce)
		return CAUSE_NO_NONCE;
	if (!input->alive)
		return CAUSE_NOT_ALIVE;
	if (!input->attempted)
		return CAUSE_NOT_ATTEMPTED;
	return refusal_cause(input);
}

enum cause verdict_cause(const struct verdict_input *input)
{
	bool ran = input->launcher != LAUNCHER_NOT_RUN;
	enum cause reach, launcher;

	if (input->harness_fault)
		return CAUSE_HARNESS;
	if (ran && input->attack_witness == WITNESS_SAW)
		return CAUSE_WITNESS_SAW;
	if (ran && input->ceiling == CEILING_EXCEEDED)
		return CAUSE_CEILING_EXCEEDED;
	if (input->never)
		return CAUSE_NEVER;
	if (input->closed_by_host)
		return CAUSE_CLOSED_BY_HOST;
	if (input->prerequisite)
		return CAUSE_PREREQUISITE;
	reach = reach_cause(input);
	if (reach == CAUSE_COUNT && ran && is_leak_by_word(input))
		return CAUSE_SAID_REACHED;
	launcher = launcher_cause(input);
	if (launcher != CAUSE_COUNT)
		return launcher;
	if (reach != CAUSE_COUNT)
		return reach;
	if (input->launcher == LAUNCHER_REFUSED)
		return CAUSE_HELD_BY_REFUSAL;
	return ran ? attack_cause(input) : CAUSE_ATTACK_NOT_RUN;
}

enum seen verdict_seen(enum cause cause)
{
	return causes[cause].seen;
}

enum verdict verdict_cell(enum seen seen, enum promise promise, bool required,
			  bool beyond_declared)
{
	const struct cell *cell = &cells[seen][promise];
	bool answer = cell->question == ASK_BEYOND ? beyond_declared : required;

	return answer ? cell->yes : cell->no;
}

static const char *detail_text(enum detail detail, const struct verdict_input *input)
{
	const char *const texts[] = {
		[DETAIL_NONE] = NULL,
		[DETAIL_ATTACK_WORD] = input->attack_word,
		[DETAIL_REACH_WORD] = input->reach_word,
		[DETAIL_SIGNAL] = input->signal,
		[DETAIL_LIMIT] = input->limit,
		[DETAIL_LAUNCHER] = input->launcher_detail,
		[DETAIL_HARNESS] = input->harness_fault,
		[DETAIL_PREREQUISITE] = input->prerequisite,
		[DETAIL_HOST] = input->closed_by_host,
		[DETAIL_NEVER] = input->never,
	};
	const char *text = texts[detail];

	return text && strcmp(text, "-") != 0 ? text : "";
}

void verdict_judge(const struct verdict_input *input, struct verdict_output *output)
{
	enum cause cause = verdict_cause(input);
	enum seen seen = causes[cause].seen;
	const char *detail = detail_text(causes[cause].detail, input);

	*output = (struct verdict_output){
		.verdict = verdict_cell(seen, input->promise, input->required,
					input->beyond_declared),
		.if_required =
			verdict_cell(seen, input->promise, true, input->beyond_declared),
		.seen = seen,
		.cause = cause,
		.false_claim = seen == SEEN_LEAKED && input->promise == PROMISE_ENFORCED,
	};
	(void)snprintf(output->reason, sizeof(output->reason), "%s%s%s",
		       causes[cause].text, detail[0] ? ": " : "", detail);
}

bool verdict_may_retry(const struct verdict_output *output)
{
	return output->verdict == VERDICT_ERROR;
}

void verdict_merge(const struct verdict_output *first, struct verdict_output *second)
{
	size_t used;

	if (first->seen == SEEN_LEAKED && second->seen != SEEN_LEAKED) {
		*second = *first;
		return;
	}
	used = strlen(second->reason);
	(void)snprintf(second->reason + used, sizeof(second->reason) - used,
		       "; first attempt: %s", first->reason);
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return a < b ? a : b;
}
