/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn - the supervisor's side of one attempt: cgroups, clone, id maps, until the child stands
 * ready before its exec; then go, or kill
 */
#ifndef RUNNER_SPAWN_H
#define RUNNER_SPAWN_H

#include "runner/child.h"
#include "runner/groups.h"
#include "runner/init.h"
#include "runner/outlet.h"
#include "runner/plan.h"
#include "runner/result.h"

struct spawn {
	const struct plan *plan;
	struct child child; /* what it was given */
	pid_t init;
	pid_t script; /* as the supervisor sees it */
	int pidfd;    /* of init */
	int report, control;
	int output[2];        /* read ends of stdout and stderr, -1 = not ours */
	int input;            /* write end of stdin, or -1 */
	struct result result; /* what the script returns, where a runtime asks for it */
	int32_t keyring, death_signal, below; /* as in struct child_report */
	uint32_t tried;                       /* likewise: enum child_tried */
	uint64_t told;                        /* likewise: domain_tell() */
	uint64_t signals; /* that it has to reset, as in struct child_go */
	struct groups groups;
	struct outlet outlet; /* of its network namespace */
	int host_scratch;     /* lock of a directory to be removed, or -1 */
	/* when spawn_start() fails: */
	const struct step *failed; /* or NULL: not a step of the child */
	bool clone_failed;
	bool swap_failed; /* of failed, only the bound on swap */
};

/**
 * spawn_start() - Start the child, make what it needs beside it
 * Return: 0; or -1 with nothing left behind and nothing of the script run. Then failed tells the
 * step that the host refused (err->sys is its errno), and clone_failed a refusal of namespaces.
 * The three below return likewise; in between there is time to look at what stands already.
 */
int spawn_start(const struct plan *plan, char *arguments, char *arguments_end,
		struct spawn *spawn, struct err *err);
/* Namespaces and mounts stand as they will: init can be looked at while the child goes on. */
int spawn_await_mounted(struct spawn *spawn, struct err *err);
/* The script's process stands before its exec with everything set up: spawn->script. */
int spawn_await_ready(struct spawn *spawn, struct err *err);
/* Everything was read: from here on neither it nor init can be looked into by anybody but root, who could
 * all the time, and for whom it was so before (child.seen_anyway). */
int spawn_guard(struct spawn *spawn, struct err *err);

/* The child may exec. */
int spawn_release(struct spawn *spawn, struct err *err);

/* Ends the tree, waits for its end, removes cgroups and directories. Accepts a half-made one. */
void spawn_done(struct spawn *spawn);

#endif
