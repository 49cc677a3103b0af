/* SPDX-License-Identifier: Apache-2.0 */
/* tree_clock - see tree_clock.h. */
#include "runner/tree_clock.h"
#include "runner/base/fd.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define PROCESSORS_MAX 8192

/* The highest number that is in use, and one: "0-3,8" has at most nine. */
static uint64_t count_processors(void)
{
	char text[256], *last;

	if (fd_read_small_at(AT_FDCWD, "/sys/devices/system/cpu/online", text,
			     sizeof(text)) <= 0)
		return PROCESSORS_MAX;
	last = text + strlen(text);
	while (last > text && !(last[-1] == ',' || last[-1] == '-'))
		last--;
	return strtoull(last, NULL, 10) + 1;
}

void tree_clock_init(struct tree_clock *clock, uint64_t seconds)
{
	clock->processors = count_processors();
	if (__builtin_mul_overflow(seconds, 1000000U, &clock->limit_us))
		clock->limit_us = UINT64_MAX;
}

uint64_t tree_clock_wait_ms(const struct tree_clock *clock, uint64_t spent_us)
{
	uint64_t wait_ms;

	if (spent_us >= clock->limit_us)
		return 0;
	wait_ms = (clock->limit_us - spent_us) / 1000 / clock->processors;
	return wait_ms > TREE_CLOCK_STEP_MS ? wait_ms : TREE_CLOCK_STEP_MS;
}
