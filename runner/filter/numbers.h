/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers - which number each call has, for every ABI that a kernel of this machine's kind may
 * accept; from libseccomp
 */
#ifndef RUNNER_FILTER_NUMBERS_H
#define RUNNER_FILTER_NUMBERS_H

#include "runner/base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_LIMIT 1024U /* no ABI here counts as far */

struct abi {
	const char *name;
	uint32_t arch; /* AUDIT_ARCH_… as seccomp shows it */
	/* A second ABI under the same arch (x32), told by a bit of the number, 0 = none. Numbers
	 * below twin_first mean the same call in both; from there on they are the twin's own. */
	const char *twin_name;
	uint32_t twin_bit, twin_first;
	const char *names[NUMBER_LIMIT]; /* by number, NULL = none is known */
};

#define ABI_MAX 2

/**
 * numbers_read() - All ABIs of this machine, the native one first
 * @abis:	room for ABI_MAX
 * @arena:	owns the names
 * Return: how many; 0 when libseccomp does not know this machine, or contradicts itself
 */
size_t numbers_read(struct arena *arena, struct abi *abis);

#endif
