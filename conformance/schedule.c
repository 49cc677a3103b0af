/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run is as long as its longest chain. Those that wait for seconds begin first, since they cost
 * nothing meanwhile; then the lab, which takes one probe after the other; then what burns
 * processor time by itself; the many short ones fill what is left.
 */
#include "conformance/schedule.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

bool schedule_needs_lab(const struct probe *probe)
{
	return probe_word(probe->needs, "lab") || probe_word(probe->setup, "lab");
}

bool schedule_waits(const struct probe *probe)
{
	static const char *const setups[] = { "deadline", "kill-launcher" };
	static const char *const witnesses[] = { "survivors", "ends" };

	for (size_t i = 0; i < ARRAY_SIZE(setups); i++)
		if (probe_word(probe->setup, setups[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(witnesses); i++)
		if (probe_word(probe->witness, witnesses[i]) &&
		    probe->layer != LAYER_RESOURCES)
			return true;
	return false;
}

static unsigned int rank(const struct probe *probe)
{
	if (schedule_waits(probe))
		return 0;
	if (schedule_needs_lab(probe))
		return 1;
	return probe->layer == LAYER_RESOURCES ? 2 : 3;
}

unsigned int schedule_jobs(unsigned int wanted, long processors)
{
	unsigned int most = (processors > 0 && processors < SCHEDULE_JOBS_MAX
				     ? (unsigned int)processors
				     : 1) *
			    SCHEDULE_JOBS_PER_PROCESSOR;

	if (most > SCHEDULE_JOBS_MAX)
		most = SCHEDULE_JOBS_MAX;
	return wanted && wanted < most ? wanted : most;
}

void schedule_open(struct schedule *schedule, const struct probe *const *probes,
		   size_t count, unsigned int jobs, long processors, struct arena *arena)
{
	/* Room for every one once more: trial.c tries a probe at most twice. */
	*schedule = (struct schedule){
		.queue = arena_array(arena, 2 * count + 1, sizeof(void *)),
		.jobs = schedule_jobs(jobs, processors),
		/* One more than there are: no short one works all of its time. */
		.slots = processors > 0 ? (unsigned int)processors + 1 : 1,
	};
	for (unsigned int wanted = 0; schedule->count < count; wanted++)
		for (size_t i = 0; i < count; i++)
			if (rank(probes[i]) == wanted)
				schedule->queue[schedule->count++] = probes[i];
}

static bool may_begin(const struct schedule *schedule, const struct probe *probe)
{
	if (schedule->lab_busy && schedule_needs_lab(probe))
		return false;
	return schedule_waits(probe) || schedule->working < schedule->slots;
}

const struct probe *schedule_next(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->count && schedule->running < schedule->jobs;
	     i++) {
		const struct probe *probe = schedule->queue[i];

		if (!may_begin(schedule, probe))
			continue;
		schedule->count--;
		memmove(&schedule->queue[i], &schedule->queue[i + 1],
			(schedule->count - i) * sizeof(probe));
		schedule->running++;
		schedule->working += !schedule_waits(probe);
		schedule->lab_busy = schedule->lab_busy || schedule_needs_lab(probe);
		return probe;
	}
	return NULL;
}

void schedule_done(struct schedule *schedule, const struct probe *probe)
{
	schedule->running--;
	schedule->working -= !schedule_waits(probe);
	if (schedule_needs_lab(probe))
		schedule->lab_busy = false;
}

void schedule_again(struct schedule *schedule, const struct probe *probe)
{
	schedule->queue[schedule->count++] = probe;
}
