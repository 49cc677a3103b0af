/* SPDX-License-Identifier: Apache-2.0 */
/* options - `confine report FORMAT FILE…` and its other verbs: what the command line says */
#ifndef REPORTS_OPTIONS_H
#define REPORTS_OPTIONS_H

#include "reports/format.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include <stdio.h>

enum verb {
	VERB_REPORT,   /* FORMAT FILE */
	VERB_MERGE,    /* FORMAT FILE|DIR… */
	VERB_DIFF,     /* OLD NEW */
	VERB_BASELINE, /* FILE */
	VERB_WAIVERS,  /* FILE */
	VERB_SIGN,     /* FILE */
	VERB_VERIFY,   /* [BUNDLE] */
	VERB_SAMPLE,   /* FILE|DIR… */
	VERB_HELP,
	VERB_VERSION,
	VERB_COUNT
};

struct options {
	enum verb verb;
	const struct format *format; /* of VERB_REPORT and VERB_MERGE */
	const char **inputs;         /* "-": standard input */
	size_t input_count;
	const char *output; /* "-": standard output */
	/* NULL where the option was not given. */
	const char *dialect, *waivers, *baseline, *expect, *max_age;
	/* Of sign and verify. */
	const char *key, *chain, *policy, *receipts, *probes, *head, *challenge, *host,
		*as_of, *print_pae, *print_sig;
	const char *seed, *size; /* of sample */
	struct arena arena;
};

/* *ret zeroed, and options_done() always. POLICY: one line that says what is wrong and what is allowed. */
int options_parse(int argc, char *const *argv, struct options *ret, struct err *err);
void options_done(struct options *options);
#define owned_options __attribute__((cleanup(options_done)))
/* What --dialect says about the format; the texts are static. */
int options_dialect(const struct options *options, struct format_taste *taste,
		    struct err *err);
void options_help(FILE *stream);

#endif
