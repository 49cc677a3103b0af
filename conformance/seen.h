/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen - what the arms of one probe showed, flat, so that it can cross a pipe between processes
 */
#ifndef CONFORMANCE_SEEN_H
#define CONFORMANCE_SEEN_H

#include "conformance/probe.h"
#include "conformance/verdict.h"
#include <stdbool.h>
#include <stddef.h>

enum {
	RUN_TEXT_MAX = 240,
	RUN_EVIDENCE_MAX = 24,
	RUN_RECEIPT_MAX = 65536,
	PARITY_MAX = 16,
};

struct arm_report {
	bool ran;
	enum said said;
	char word[VERDICT_WORD_MAX + 1];
	double seconds;
	int exit;        /* of the launcher; -1 when it died of a signal or is unknown */
	char signal[16]; /* "SIGKILL" or "" */
	bool timed_out;
};

struct evidence {
	char name[32];
	char value[RUN_TEXT_MAX]; /* printable; only bytes that we planted, or counts */
};

/* Flat but for the receipt: it crosses a socket between processes, and the receipt after it. */
struct run_result {
	/* Words behind the pointers of struct verdict_input; "" is NULL there. */
	char harness_fault[RUN_TEXT_MAX], prerequisite[RUN_TEXT_MAX];
	char closed_by_host[RUN_TEXT_MAX], never[RUN_TEXT_MAX];
	char limit[RUN_TEXT_MAX], signal[16];
	struct verdict_input input; /* pointers are not valid here: seen_input() */
	struct arm_report reach, attack;
	const char *scope; /* "host" or "lab"; static text */
	double seconds;
	size_t evidence_count;
	struct evidence evidence[RUN_EVIDENCE_MAX];
	size_t receipt_length; /* 0: none, or not JSON, or longer than the maximum */
	const char *receipt;   /* JSON text of the attack arm's receipt; not ours */
};

/* The input to judge by: all but promise, required, beyond_declared, launcher_works, which the
 * caller knows. Points into *probe and *result. */
void seen_input(const struct probe *probe, const struct run_result *result,
		struct verdict_input *ret);

#endif
