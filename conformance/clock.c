/* SPDX-License-Identifier: Apache-2.0 */
/* clock - see clock.h. */
#include "conformance/clock.h"
#include "runner/base/own.h"
#include <string.h>
#include <sys/timex.h>

/* Return values of adjtimex(2), in order. */
static const char *const states[] = { "TIME_OK",  "TIME_INS",  "TIME_DEL",
				      "TIME_OOP", "TIME_WAIT", "TIME_ERROR" };

void clock_read(struct clock_state *ret)
{
	struct timex timex;
	int state;

	memset(&timex, 0, sizeof(timex)); /* modes 0: a question */
	state = adjtimex(&timex);
	*ret = (struct clock_state){ .state = "unknown" };
	(void)clock_gettime(CLOCK_REALTIME, &ret->wall);
	(void)clock_gettime(CLOCK_BOOTTIME, &ret->since_boot);
	if (state < 0 || (size_t)state >= ARRAY_SIZE(states))
		return;
	ret->known = true;
	ret->state = states[state];
	ret->status = (unsigned int)timex.status;
	ret->synchronised = !(timex.status & STA_UNSYNC);
	ret->max_error_us = timex.maxerror;
}

static double between(const struct timespec *from, const struct timespec *to)
{
	return (double)(to->tv_sec - from->tv_sec) +
	       (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

void clock_add(struct json *run, const struct clock_state *started,
	       const struct clock_state *ended)
{
	struct json *clock = json_add_object(run, "clock");
	double stepped;

	if (started->known)
		json_add_bool(clock, "synchronised", started->synchronised);
	else
		json_add_null(clock, "synchronised");
	json_add_text(clock, "state", started->state ? started->state : "unknown");
	json_add_u64(clock, "status", started->status);
	json_add_u64(clock, "maxErrorMicroseconds",
		     started->max_error_us > 0 ? (uint64_t)started->max_error_us : 0);
	if (!ended) {
		json_add_null(clock, "steppedSeconds");
		return;
	}
	stepped = between(&started->wall, &ended->wall) -
		  between(&started->since_boot, &ended->since_boot);
	/* Milliseconds: slewing and the time between two calls are below. */
	json_add_number(clock, "steppedSeconds",
			(double)(long long)(stepped * 1000) / 1000);
}
