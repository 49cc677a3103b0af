/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict - pure: from what was promised and what was seen to a verdict
 *
 * Makes no system call and reads no clock: the same input gives the same verdict on any
 * machine, and a test walks through the whole input space. run.c fills struct
 * verdict_input and judges nothing; all that decides is here and in gate.c. Source:
 * DESIGN section 1. A verdict is never better than the promise and never better than
 * what was seen.
 */
#ifndef CONFORMANCE_VERDICT_H
#define CONFORMANCE_VERDICT_H

#include "conformance/requirements.h"
#include <stdbool.h>
#include <stddef.h>

/* In order of badness: the lower number is the worse one. */
enum verdict {
	VERDICT_BREACHED,
	VERDICT_ERROR,
	VERDICT_UNTESTABLE,
	VERDICT_DEGRADED,
	VERDICT_OPEN,
	VERDICT_ENFORCED,
	VERDICT_NOT_APPLICABLE,
	VERDICT_COUNT,
	VERDICT_NONE = VERDICT_COUNT, /* nobody looked: no probe, or none selected */
};

enum promise {
	PROMISE_UNSTATED, /* the target states nothing at all: judged by what is seen */
	PROMISE_NOTHING,  /* it states its promises, and this is not one of them */
	PROMISE_DEGRADED,
	PROMISE_ENFORCED,
	PROMISE_COUNT,
};

enum seen {
	SEEN_HELD,
	SEEN_LEAKED,
	SEEN_CLOSED_BY_HOST, /* also: an act that this identity can never perform */
	SEEN_REFUSED,
	SEEN_PREREQUISITE_MISSING,
	SEEN_OURS_BROKE, /* control, witness, harness, or nothing that can be believed */
	SEEN_TARGET_BROKE,
	SEEN_COUNT,
};

/* The line `confine-probe NONCE WORD …` of one arm; with another nonce it is nothing. */
enum said {
	SAID_NOTHING,
	SAID_REACHED,
	SAID_DENIED,
	SAID_CANNOT_TELL,
	SAID_COUNT,
};

/* What the harness saw from outside during one arm, until its last task was gone. */
enum witness {
	WITNESS_NONE,   /* the probe has none: the script's word stands alone */
	WITNESS_SILENT, /* looked, and the act had no effect */
	WITNESS_SAW,    /* the act had its effect */
	WITNESS_DEAF,   /* could not look */
	WITNESS_COUNT,
};

/* A number that was claimed against the number that was measured outside. */
enum ceiling {
	CEILING_NONE,     /* not measured, or nothing claimed */
	CEILING_HELD,     /* stopped at the number, within the probe's tolerance */
	CEILING_EXCEEDED, /* went past it: a leak */
	CEILING_COUNT,
};

/* How the target's launcher itself did in the attack arm. */
enum launcher {
	LAUNCHER_NOT_RUN,     /* no attack arm: something else decided before */
	LAUNCHER_RAN,         /* ended as it should, or was killed as the probe wants */
	LAUNCHER_REFUSED,     /* says that it refused to start; believed if nothing ran */
	LAUNCHER_NO_RECEIPT,  /* this target writes receipts, and no valid one is there */
	LAUNCHER_DIED,        /* of a signal or crash of its own */
	LAUNCHER_WRONG_CAUSE, /* names a cause of the end that is not what happened */
	LAUNCHER_TIMED_OUT,   /* still there at the harness's deadline */
	LAUNCHER_COUNT,
};

enum {
	VERDICT_WORD_MAX = 40,
	VERDICT_TEXT_MAX = 240,
};

/*
 * Words in a probe's `refusals:` line: errno names (EROFS), signal names (SIGKILL), and
 *
 * absent:  the object is not there inside; said by the script as `denied absent`
 *
 * ceiling: stopped at a number that the harness measured (CEILING_HELD); never believed
 * on the script's word
 *
 * witness: only an outsider can tell, and decides alone. The witness that saw the reach
 * arm stays silent for the attack arm, whatever the script says except another denial
 *
 * killed:  the launcher ended the whole run during the act: nothing was said, and a
 * signal is what ended the script, as seen outside
 *
 * refused: the launcher refused to start, and is known to work without the handicap
 */
struct verdict_input {
	/* Wanted. */
	enum promise promise;
	bool required;        /* MUST, at or below the required level */
	bool beyond_declared; /* degraded, and it leaks more than the receipt declared */
	const char *const *refusals; /* NULL-terminated, from the catalogue */

	/* Known before the arms: NULL, or words for the reader. */
	const char *harness_fault;  /* the harness could not do its part */
	const char *prerequisite;   /* what is missing here */
	const char *closed_by_host; /* proof that the host closes the act for everybody */
	const char *never;          /* why this identity can never perform the act */

	/* Reach: the act outside the sandbox. */
	bool reach_ran;
	enum said reach_said;
	char reach_word[VERDICT_WORD_MAX + 1];
	enum witness reach_witness;

	/* Attack: the act inside, with liveness in the same invocation. */
	enum launcher launcher;
	char launcher_detail
		[VERDICT_TEXT_MAX]; /* "killed by SIGSEGV", "no user namespaces" */
	bool launcher_works; /* it was seen to run a script in this run of the suite */
	bool nonce;          /* the answer to this arm's nonce was seen */
	bool alive;          /* the allowed sibling acts worked, seen outside stdout */
	bool attempted;      /* there is a record that the act was tried */
	bool timed_out;      /* the harness's deadline ended the arm */
	const char *limit;   /* name of the shield's limit that fired, or NULL */
	const char *signal;  /* "SIGKILL": what ended the script, seen outside; or NULL */
	enum said attack_said;
	char attack_word[VERDICT_WORD_MAX + 1];
	enum witness attack_witness;
	enum ceiling ceiling;
};

/* Why it counts as what it counts; one row of text each in verdict.c. */
enum cause {
	CAUSE_HELD_BY_WORD, /* a refusal of the declared set */
	CAUSE_HELD_BY_SIGNAL,
	CAUSE_HELD_BY_CEILING,
	CAUSE_HELD_BY_WITNESS,
	CAUSE_HELD_BY_KILL,
	CAUSE_HELD_BY_REFUSAL,
	CAUSE_WITNESS_SAW,
	CAUSE_CEILING_EXCEEDED,
	CAUSE_SAID_REACHED,
	CAUSE_CLOSED_BY_HOST,
	CAUSE_NEVER,
	CAUSE_REFUSED,
	CAUSE_PREREQUISITE,
	CAUSE_HARNESS,
	CAUSE_REACH_NOT_RUN,
	CAUSE_REACH_FAILED,
	CAUSE_REACH_UNSEEN, /* the control act worked unnoticed: the witness is deaf */
	CAUSE_ATTACK_NOT_RUN,
	CAUSE_WITNESS_DEAF,
	CAUSE_LIMIT_FIRED,
	CAUSE_LAUNCHER_TIMED_OUT,
	CAUSE_TIMED_OUT,
	CAUSE_NO_NONCE,
	CAUSE_NOT_ALIVE,
	CAUSE_CONTRADICTION, /* says reached, and the witness outside saw nothing */
	CAUSE_NOT_ATTEMPTED,
	CAUSE_SILENCE, /* tried, and not a word about how it ended */
	CAUSE_CANNOT_TELL,
	CAUSE_OTHER_REFUSAL, /* stopped by something the probe does not accept */
	CAUSE_LAUNCHER_DIED,
	CAUSE_NO_RECEIPT,
	CAUSE_WRONG_CAUSE,
	CAUSE_FALSE_REFUSAL, /* says that it refused, and the script ran */
	CAUSE_COUNT,
};

struct verdict_output {
	enum verdict verdict;
	enum verdict if_required; /* if the level asked for it: decides higher levels */
	enum seen seen;
	enum cause cause;
	bool false_claim; /* promised as enforced, and leaked */
	char reason[2 * VERDICT_TEXT_MAX];
};

/* Words, NULL-terminated, indexed by their enum. */
extern const char *const verdict_names[VERDICT_COUNT + 1];
extern const char *const promise_names[PROMISE_COUNT + 1]; /* UNSTATED is "nothing" */
extern const char *const seen_names[SEEN_COUNT + 1];
extern const char *const said_names[SAID_COUNT + 1];

/* What the facts amount to, whatever was promised. */
enum cause verdict_cause(const struct verdict_input *input);
enum seen verdict_seen(enum cause cause);
/* One cell of the table of DESIGN section 1. */
enum verdict verdict_cell(enum seen seen, enum promise promise, bool required,
			  bool beyond_declared);
void verdict_judge(const struct verdict_input *input, struct verdict_output *output);

/* Only an error may be tried once more; a leak is final. */
bool verdict_may_retry(const struct verdict_output *output);
/* Of two attempts: a leak, else the second, whose reason then tells of the first. */
void verdict_merge(const struct verdict_output *first, struct verdict_output *second);

/* The worse of two; VERDICT_NONE gives way to anything. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

#endif
