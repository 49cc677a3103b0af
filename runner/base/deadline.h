/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* deadline - a moment up to which something is waited for; where the clock cannot be read it is over */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Since the machine was started; false: the clock cannot be read. */
static inline bool deadline_now_ms(int64_t *ret)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return false;
	*ret = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	return true;
}

/* So many milliseconds from now. */
static inline int64_t deadline_in(unsigned int milliseconds)
{
	int64_t now;

	return deadline_now_ms(&now) ? now + milliseconds : 0;
}

/* Milliseconds that are left of it, fit for poll(2); 0: it is over. */
static inline int deadline_left(int64_t deadline)
{
	int64_t now;

	if (!deadline_now_ms(&now) || deadline <= now)
		return 0;
	return deadline - now < INT_MAX ? (int)(deadline - now) : INT_MAX;
}

#endif
