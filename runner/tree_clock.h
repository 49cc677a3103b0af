/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_clock - when to look at the time that a tree has taken
 *
 * The number cannot be reached before every processor has worked for the tree all the while. So it is
 * looked at then, and then again, with a part of the rest left each time; towards the end in steps that
 * cost nothing to speak of. A tree that waits is looked at seldom.
 */
#ifndef RUNNER_TREE_CLOCK_H
#define RUNNER_TREE_CLOCK_H

#include <stdint.h>

#define TREE_CLOCK_STEP_MS 10 /* shortest wait */

struct tree_clock {
	uint64_t limit_us;
	uint64_t processors; /* that can work at once, at least 1 */
};

/* Reads how many processors this machine has in use; where that cannot be read, supposes a great many. */
void tree_clock_init(struct tree_clock *clock, uint64_t seconds);
/* Milliseconds until the next look, the tree having taken `spent_us`; 0: the number is reached. */
uint64_t tree_clock_wait_ms(const struct tree_clock *clock, uint64_t spent_us);

#endif
