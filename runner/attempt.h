/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - plan, set up, verify; and again with one capability less, until the child stands
 * before its exec or the policy refuses what is left
 */
#ifndef RUNNER_ATTEMPT_H
#define RUNNER_ATTEMPT_H

#include "runner/identity.h"
#include "runner/sabotage.h"
#include "runner/verify.h"

struct attempt {
	const struct policy *policy;
	struct request *request;
	struct arena *arena;
	struct capabilities caps;
	struct identity identity;
	struct sabotage sabotage; /* empty but in test builds */
	char *arguments, *arguments_end;
	struct plan claims; /* what the receipt says */
	struct plan done;   /* what is carried out: the same, but in test builds */
	struct spawn spawn;
	struct view view;
	bool started; /* the child stands before its exec */
};

/* Empty, on the heap (free() it after attempt_done()); out of memory ends the program. */
struct attempt *attempt_new(void);
/* Reads what can be read and takes an identity where the policy needs one. @argv lies where the
 * kernel put it: init wipes it. */
int attempt_init(struct attempt *attempt, const struct policy *policy,
		 struct request *request, char **argv, struct arena *arena,
		 struct err *err);
/**
 * attempt_start() - Until a child stands verified before its exec
 * Return: 0 and attempt->started; 0 without it: the policy refuses, claims tell why; -1: POLICY
 * (what was asked for cannot be), or SYSTEM. Nothing is left behind unless started.
 */
int attempt_start(struct attempt *attempt, struct err *err);
void attempt_done(struct attempt *attempt);

#endif
