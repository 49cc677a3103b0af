/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule - which probe may begin next: how many at once, and which of them keep a processor busy
 *
 * Pure. The outcome of a probe must not depend on it, only the time that all of them take.
 */
#ifndef CONFORMANCE_SCHEDULE_H
#define CONFORMANCE_SCHEDULE_H

#include "conformance/probe.h"
#include "runner/base/arena.h"

enum {
	SCHEDULE_JOBS_MAX = 64,
	/* More than this would only make deadlines fire: much of a probe's time is waiting, but not
	 * all of it. */
	SCHEDULE_JOBS_PER_PROCESSOR = 4,
};

struct schedule {
	const struct probe **queue; /* what is left, the longest first */
	size_t count;
	unsigned int jobs;  /* that may run at once */
	unsigned int slots; /* of them, that may work rather than wait */
	unsigned int running, working;
	bool lab_busy;
};

/* Does it spend its time waiting: for a deadline, for a launcher to end, for what survives? */
bool schedule_waits(const struct probe *probe);
bool schedule_needs_lab(const struct probe *probe);
/* How many may run at once when `wanted` were asked for; 0: as many as are useful here. */
unsigned int schedule_jobs(unsigned int wanted, long processors);

/* Takes a copy of the list into the arena. The order is the same for the same list. */
void schedule_open(struct schedule *schedule, const struct probe *const *probes,
		   size_t count, unsigned int jobs, long processors, struct arena *arena);
/* One that may begin now, from here on running; NULL: none, until one is done. The lab can count
 * for one at a time. */
const struct probe *schedule_next(struct schedule *schedule);
void schedule_done(struct schedule *schedule, const struct probe *probe);
/* One that was done is to run once more, after all others. */
void schedule_again(struct schedule *schedule, const struct probe *probe);

#endif
