/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events - what happened to runs on this host, as JSON lines for whoever collects logs
 *
 * One object a line (confine-event/1), one write a line, to standard error, syslog or a file. Not
 * asked for, nothing is formatted. The text of a script, its arguments and its output never appear.
 */
#ifndef RUNNER_EVENTS_H
#define RUNNER_EVENTS_H

#include "runner/outline.h"

#define EVENTS_ENV "CONFINE_EVENTS"

enum event {
	EVENT_STARTED, /* info: a run began; which layers are in force, what this host lacks */
	EVENT_DEGRADED, /* warning: it began without some of what was asked for */
	EVENT_NOTES,   /* info: what is weaker than it looks, without being a downgrade */
	EVENT_REFUSED, /* error: it was refused */
	EVENT_FAILED,  /* error: it could not be set up */
	EVENT_POLICY,  /* warning: the host's default cannot be used */
	EVENT_COUNT
};

struct events {
	int fd; /* -1 = nobody wants any */
	bool syslog;
	bool broken;         /* a line could not be written, and that was told */
	const char *receipt; /* where the run's own report goes, or NULL */
};

/**
 * events_open() - Make the place ready where they go
 * @spec:	"stderr", "syslog", or a file that lines are appended to; NULL, "" and "none" = nowhere
 * Return: 0; or -1 POLICY: it cannot be opened, and then no run should begin unseen
 */
int events_open(const char *spec, struct events *events, struct err *err);
void events_close(struct events *events);

/* Tells one; @plan may be NULL for EVENT_POLICY and EVENT_FAILED, @reason elsewhere. A line that
 * cannot be written is told once on standard error, and ends nothing. */
void events_tell(struct events *events, enum event event, const struct plan *plan,
		 const struct policy_source *source, const char *reason);

/* What a run that was set up has to tell: started, then degraded and notes where there are any. */
void events_tell_start(struct events *events, const struct plan *plan);

#endif
