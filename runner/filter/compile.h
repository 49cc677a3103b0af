/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile - the tables of rules.h and the numbers of an ABI, to a program for seccomp(2)
 *
 * libseccomp would write 1416 instructions for the same three ABIs, in 14 ms, and the kernel takes
 * 245 us to accept them; ranges of equal answers in one search tree per ABI are a third of that,
 * and a condition is written once for all ABIs.
 */
#ifndef RUNNER_FILTER_COMPILE_H
#define RUNNER_FILTER_COMPILE_H

#include "runner/base/err.h"
#include "runner/filter/numbers.h"
#include "runner/filter/rules.h"

/* What a policy changes: names, NULL-terminated; `refused` wins over nothing, a name stands in one
 * list only. */
struct overrides {
	const char *const *allowed, *const *refused;
	size_t without; /* place in rule_conditions, from 1, of one that is left out; 0 = none */
};

struct program {
	struct sock_filter code[BPF_MAXINSNS];
	size_t count;
};

/* The answer of a profile to a call, whatever its arguments: 0, an errno, or RULE_LIMITED. */
#define RULE_LIMITED (-1)
int compile_answer(enum filter_profile profile, const struct overrides *overrides,
		   const char *call);

/**
 * compile() - One program for all ABIs; an arch that is none of them is killed
 * Return: 0; or -1: it would be longer than the kernel takes
 */
int compile(enum filter_profile profile, const struct overrides *overrides,
	    const struct abi *abis, size_t abi_count, struct program *program,
	    struct err *err);

/* The group of a call, or NULL. */
const struct rule_group *rules_group(const char *call);

#endif
