/* SPDX-License-Identifier: Apache-2.0 */
/*
 * results - one run of the conformance suite, as read from results.json
 *
 * Plain data, filled by read.c (or by hand in a test) and never changed by a writer. Texts
 * point into the document; whatever they hold is foreign until line.h has cleaned it.
 * reports/ shares no code with conformance/: the words are written here a second time, and
 * outcome.h reaches its own conclusion from the rows.
 */
#ifndef REPORTS_RESULTS_H
#define REPORTS_RESULTS_H

#include "runner/base/arena.h"
#include "runner/base/json_tree.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	VERDICT_NONE = VERDICT_COUNT, /* null in the document: nobody looked */
};

enum promise {
	PROMISE_NOTHING,
	PROMISE_DEGRADED,
	PROMISE_ENFORCED,
	PROMISE_COUNT
};

enum seen {
	SEEN_HELD,
	SEEN_LEAKED,
	SEEN_CLOSED_BY_HOST,
	SEEN_REFUSED,
	SEEN_PREREQUISITE_MISSING,
	SEEN_OURS_BROKE,
	SEEN_TARGET_BROKE,
	SEEN_COUNT,
};

enum layer {
	LAYER_RESOURCES,
	LAYER_FILESYSTEM,
	LAYER_NETWORK,
	LAYER_PRIVILEGE,
	LAYER_SYSCALLS,
	LAYER_IPC,
	LAYER_LIFECYCLE,
	LAYER_ENVIRONMENT,
	LAYER_OUTPUT,
	LAYER_SCRATCH,
	LAYER_REPORT,
	LAYER_COUNT,
};

enum stated_by {
	STATED_BY_RECEIPT,
	STATED_BY_FILE,
	STATED_BY_NOTHING,
	STATED_BY_COUNT
};

/* What kind of evidence a requirement gives for a control. */
enum relation {
	RELATION_TESTS,    /* the probes try what the control asks for */
	RELATION_SUPPORTS, /* they show something that the control rests on */
	RELATION_PARTIAL,  /* a part of it, or a special case */
	RELATION_JUDGED,   /* no published mapping says so; we do */
	RELATION_COUNT,
};

/* What makes the exit status non-zero; each includes those before it. */
enum fail_on {
	FAIL_ON_NEVER,
	FAIL_ON_BREACHED,
	FAIL_ON_UNTESTABLE,
	FAIL_ON_DEGRADED,
	FAIL_ON_COUNT
};

enum {
	LEVEL_MIN = 1,
	LEVEL_MAX = 3
};

/* Words of the document, NULL-terminated, indexed by their enum. */
extern const char *const verdict_words[VERDICT_COUNT + 1];
extern const char *const verdict_shouts[VERDICT_COUNT + 1]; /* "BREACHED", … */
extern const char *const promise_words[PROMISE_COUNT + 1];
extern const char *const seen_words[SEEN_COUNT + 1];
extern const char *const layer_words[LAYER_COUNT + 1];
extern const char *const stated_by_words[STATED_BY_COUNT + 1];
extern const char *const fail_on_words[FAIL_ON_COUNT + 1];
extern const char *const relation_words[RELATION_COUNT + 1];
extern const char *const level_names[LEVEL_MAX + 1];   /* CONFORMANCE.md; [0] is none */
extern const char *const level_scripts[LEVEL_MAX + 1]; /* what may run there */

/* Somebody's word that a finding is known and accepted for a while (waivers.h). */
struct results_waiver {
	const char *id; /* of a requirement or a probe */
	const char *reason, *owner, *approver;
	const char *expires; /* "YYYY-MM-DD", the last day on which it holds */
	bool expired, unused;
	const char *refused; /* why it does not hold all the same; NULL: it holds */
};

/* A control that a requirement produces evidence for, never: one that is met. */
struct results_control {
	const char *framework; /* a key, like "nist-800-53" */
	const char *version, *id;
	const char *title, *baseline; /* "" without */
	enum relation relation;
};

struct results_requirement {
	const char *id, *title, *reason;
	uint64_t level; /* LEVEL_MIN..LEVEL_MAX */
	enum layer layer;
	bool must, required, selected, false_claim;
	enum promise promised;
	enum verdict verdict;
	const struct results_control *controls;
	size_t control_count;

	/* Derived from the probes by results_join(). */
	size_t probe_count;
	enum verdict from_probes; /* the worst of them; VERDICT_NONE without */
	bool accepted;            /* stands not in the way of its level */
	/* Set by waivers_apply(): everything that stands in the way is waived, and by whom (one
	 * of them). */
	const struct results_waiver *waiver;
};

/* One arm; not there (`ran` false) when something else decided before. */
struct results_arm {
	bool ran;
	const char *said, *word;
	const char *signal; /* NULL: none */
	double seconds;
	bool timed_out;
};

struct results_fact {
	const char *name, *value; /* value never empty */
};

struct results_probe {
	const char *id, *title, *requirement_id;
	const struct results_requirement *requirement; /* results_join() */
	/* "" without */
	const char *class, *reason, *mechanism, *scope, *repeat, *what, *why, *remedy;
	const struct results_waiver *waiver; /* waivers_apply(); NULL without */
	uint64_t level, attempts;
	enum layer layer;
	bool required, false_claim;
	enum verdict verdict;
	enum promise promised;
	enum seen seen;
	double seconds;
	struct results_arm reach, attack;
	struct {
		bool stated; /* false: a record that does not say */
		bool ok;
	} liveness;
	const struct results_fact *evidence;
	size_t evidence_count;
};

/* Numbers that the document states about its own rows: compared, never used. */
struct results_layer {
	bool stated;
	const char *mechanism; /* "" without */
	uint64_t counts[VERDICT_COUNT], required, tested, probes;
};

struct results {
	bool complete, partial;
	struct {
		const char *name, *version;
	} tool;
	struct {
		const char *id, *started; /* "YYYY-MM-DDThh:mm:ssZ", checked */
		const char *ended; /* NULL while it runs, or when it was cut short */
		double seconds;
		uint64_t uid, gid, require;
		bool privileged;
		enum fail_on fail_on;
		const char *command_line; /* its words, parted by blanks; "" without */
	} run;
	const char *hostname;            /* 1..255 bytes */
	const struct results_fact *host; /* its other facts, as text */
	size_t host_count;
	struct {
		const char *name, *title, *version; /* "" without */
		enum stated_by stated_by;
	} target;
	struct {
		const char *source, *sha256; /* sha256 NULL without */
		/* The target refused the policy under `fail`; a degrading one was tested. */
		bool refused_under_fail;
		const char *refusal; /* its own sentence, "" without */
	} policy;
	struct {
		bool ok;
		enum verdict leaky, deny_all, silent;
	} control;
	struct {
		bool ok;
		size_t differences;
		const char *first; /* "" without */
	} parity;

	struct results_requirement *requirements;
	size_t requirement_count;
	struct results_probe *probes;
	size_t probe_count;
	const struct results_waiver *waivers; /* waivers_apply() */
	size_t waiver_count;
	struct {
		size_t count;     /* of what got worse; 0 without a baseline too */
		const char *what; /* "FD-11 enforced -> open, level 2 -> 1, …" */
	} regressed;              /* change_apply() */

	/* What the document concludes. */
	struct results_layer layers[LAYER_COUNT];
	uint64_t stated_required, stated_tested, stated_level, stated_exit;
	const char *stated_word; /* of the exit status; NULL: a record that has none */
	struct {
		bool stated; /* false: an older record, which has none */
		uint64_t by[VERDICT_COUNT], probes, selected, catalogue;
	} counts;

	struct arena arena;
	struct json
		*document; /* owns the texts; NULL when the struct was filled by hand */
};

/* Ties every probe to its requirement and fills what is derived. False: *orphan is the first
 * probe whose requirement is not in the document. */
bool results_join(struct results *results, const struct results_probe **orphan);
/* The worse of two; VERDICT_NONE gives way to anything. */
enum verdict verdict_worse(enum verdict a, enum verdict b);
/* Did somebody look, and see? */
bool verdict_is_tested(enum verdict verdict);
/* Nothing to do about it: enforced, or not applicable. */
bool verdict_is_green(enum verdict verdict);
/* The value of a fact about the host; NULL without. */
const char *results_fact(const struct results *results, const char *name);
/* Accepts a zeroed struct; leaves it zeroed. */
void results_done(struct results *results);
#define owned_results __attribute__((cleanup(results_done)))

#endif
