/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - pure: from the verdicts of the probes to requirements, layers, a level and an exit
 *
 * A verdict above the required level is shown and does not change the exit status; nothing
 * tested is never green; a filtered run is partial and reaches no level. Source: DESIGN 5.
 */
#ifndef CONFORMANCE_GATE_H
#define CONFORMANCE_GATE_H

#include "conformance/verdict.h"
#include <stdbool.h>
#include <stddef.h>

/* What makes the exit status non-zero; each includes those before it. */
enum fail_on {
	FAIL_ON_NEVER,
	FAIL_ON_BREACHED,
	FAIL_ON_UNTESTABLE, /* and errors, and what nobody looked at */
	FAIL_ON_DEGRADED,   /* and refusals; the default */
	FAIL_ON_COUNT,
};

/* Exit statuses of `confine check`, in no order; gate_exit_word() has a word for each. */
enum gate_exit {
	EXIT_PASS = 0,
	EXIT_BREACHED = 1,
	EXIT_USAGE = 2,
	EXIT_DEGRADED = 3,
	EXIT_INCOMPLETE = 4,
	EXIT_NOTHING_TESTED = 5,
	EXIT_EVIDENCE = 6,
	EXIT_INTERNAL = 70,
	EXIT_NOT_WRITTEN = 74,
};

/* One selected probe. */
struct gate_probe {
	const struct requirement *requirement;
	enum promise promise;
	const struct verdict_output *outcome;
};

struct gate_input {
	unsigned int require; /* LEVEL_MIN..LEVEL_MAX */
	enum fail_on fail_on;
	bool partial;        /* a filter left probes out */
	bool control_failed; /* the run control or the parity check did not hold */
	bool refused_under_fail; /* the target refused the policy; a degrading one was tested */
	bool stated_by_receipt; /* then one false claim breaches what rests on the claims */
	const struct gate_probe *probes;
	size_t count;
};

struct gate_requirement {
	bool required;
	bool selected;        /* one of its probes was selected, or its verdict follows */
	enum promise promise; /* the weakest of its probes; PROMISE_NOTHING without */
	enum verdict verdict;
	enum verdict if_required;
	bool false_claim;
	bool refused;  /* one of its probes met a refusal */
	bool untested; /* one of its probes met another reason for having no verdict */
	const char *
		reason; /* of the worst probe, or of the verdict that follows; "" without */
	size_t probes; /* selected ones */
};

struct gate_layer {
	size_t counts[VERDICT_COUNT]; /* over the required ids that have a verdict */
	size_t required;
	size_t tested; /* required ids with a verdict other than untestable and error */
	size_t probes; /* selected ones of its requirements */
};

enum {
	GATE_REASON_MAX = 200,
};

struct gate {
	struct gate_requirement *requirements; /* by requirement_index() */
	struct gate_layer layers[LAYER_COUNT];
	size_t required, tested; /* coverage */
	unsigned int level;      /* reached; 0 = none */
	enum gate_exit exit;
	/* Reason of what follows from the false claims of others; rows point here. */
	char claims_reason[GATE_REASON_MAX];
};

extern const char *const fail_on_names[FAIL_ON_COUNT + 1];

/* `rows` has requirement_count rows and outlives *gate; reasons point into the
 * outcomes and into *gate, which stays where it is. */
void gate_compute(const struct gate_input *input, struct gate_requirement *rows,
		  struct gate *gate);
/* Does this requirement stand in the way of its level? */
bool gate_accepts(const struct gate_requirement *row);
/* "pass", "breached", …; "unknown" for another number. */
const char *gate_exit_word(enum gate_exit exit);

#endif
