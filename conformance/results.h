/* SPDX-License-Identifier: Apache-2.0 */
/*
 * results - all that a run of the suite found out: plain data, filled by main, judged by gate.c
 *
 * Strings belong to the arena of whoever filled the struct.
 */
#ifndef CONFORMANCE_RESULTS_H
#define CONFORMANCE_RESULTS_H

#include "conformance/clock.h"
#include "conformance/conditions.h"
#include "conformance/controls.h"
#include "conformance/gate.h"
#include "conformance/host.h"
#include "conformance/probe.h"
#include "conformance/target.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct result_arm {
	bool ran;
	enum said said;
	const char *word; /* "-" for none */
	double seconds;
	int exit;           /* -1: ended otherwise */
	const char *signal; /* "SIGKILL", or NULL */
	bool timed_out;
};

struct result_evidence {
	const char *name, *value;
};

struct result_probe {
	const struct probe *probe;
	enum promise promise;
	struct verdict_output outcome;
	const char *mechanism; /* asserted, not verified; "" when nothing stopped it */
	const char *scope;     /* "host", "lab" or "nested" */
	double seconds;
	unsigned int attempts;
	struct result_arm reach, attack;
	bool alive;
	const struct result_evidence *evidence;
	size_t evidence_count;
	const char *repeat; /* a line that runs it again */
	/* As it stands in the document, printed once: document_print_probe(). NULL: not yet. */
	const char *printed;
};

struct result_control {
	bool ok; /* with all of them untestable: nothing was tried, so that nothing is to be disbelieved */
	enum verdict leaky, deny_all, silent; /* what the built-in targets came out as */
	const char *reason;                   /* when not ok, else "" */
};

struct results {
	bool complete, partial;
	struct {
		const char *id;
		struct timespec started, ended; /* wall clock; ended.tv_sec 0 = not yet */
		struct clock_state clock_started, clock_ended;
		const char *boot_id; /* the kernel's name of this boot; NULL: unknown */
		double seconds;
		const char *const *command_line; /* NULL-terminated */
		const char *directory;           /* where it was given; NULL: unknown */
		const char *challenge;           /* a collector's nonce, or NULL */
		uid_t uid;
		gid_t gid;
		unsigned int require;
		enum fail_on fail_on;
		const char *const *only, *const *skip; /* globs, NULL-terminated */
		unsigned int jobs;
	} run;
	struct host_facts host;
	struct conditions conditions;
	const struct controls *controls; /* NULL: not at hand */
	const struct target *target;
	const char *target_version; /* "" when it does not say */
	const char *policy_source;  /* "built-in default", or the file */
	struct result_control control;
	bool parity_ok;
	const char *const *parity_differences; /* NULL-terminated */
	/* The target refused the policy as it is: its own sentence; a degrading one was tested. */
	const char *refusal;
	struct result_probe *probes;
	size_t probe_count;
	size_t selected_count, catalogue_count; /* that are to be tried, of how many */
	const char *const *mechanisms;          /* by layer, "" where none is known */
	/* Ids of the probes of each requirement, selected or not; by requirement_index(). */
	const char *const *const *probes_of;
};

/* Gate of what is there so far: results_gate_done(). Reasons point into `results`. */
void results_gate(const struct results *results, struct gate *gate);
void results_gate_done(struct gate *gate);
/* "meets level 1, self-assessed; not tested at level 2: PRV-12", or why there is no level. */
void results_add_banner(struct str *str, const struct results *results,
			const struct gate *gate);

#endif
