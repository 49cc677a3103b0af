/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - who tests the tester: targets whose outcome is known before anything is believed
 *
 * One that confines nothing and promises everything must come out as breached; one that refuses
 * everything, one that says nothing and one that only says the right words must come out as errors,
 * and so must an act that does not work outside either. They go the same way as every other target:
 * same shield, same probe protocol, same judge. Where none of them can be tried, as no shield can be
 * built, nothing else may be: what nobody tested the tester for is untestable.
 */
#include "conformance/control.h"
#include "conformance/attempt.h"
#include "runner/base/own.h"
#include <stdio.h>
#include <string.h>

static const char *const setup[] = { "canary-file", NULL };
static const char *const refusals[] = { "EROFS", "EACCES", "EPERM", "ENOENT", NULL };
static const char *const nothing[] = { NULL };

/* What is tried, and as which probe. */
struct act {
	struct probe probe;
	const char *script;
};

#define LIB ". \"${0%/*}/../lib.sh\"\nbegin \"$1\"\n"
#define BOTH                                                                             \
	.layer = LAYER_FILESYSTEM, .class = CLASS_C, .reach = REACH_CALLER,              \
	.budget = { .seconds = 5,                                                        \
		    .tasks = 64,                                                         \
		    .memory_bytes = 128U << 20,                                          \
		    .output_bytes = 1U << 20 },                                          \
	.needs = nothing, .setup = setup, .refusals = refusals, .closed = nothing,       \
	.rests_on = nothing

static const struct act append = {
	{ .id = "control.append",
	  .file = "control/append.sh",
	  .title = "Append to a file outside scratch",
	  .witness = setup,
	  BOTH },
	LIB "act append \"$CANARY\"\n",
};

/* An act that works nowhere: whoever says that it worked outside, says so of every act. */
static const struct act vacuous = {
	{ .id = "control.vacuous",
	  .file = "control/vacuous.sh",
	  .title = "Append to a file that is not there",
	  .witness = nothing,
	  BOTH },
	LIB "act append \"$CANARY.none/file\"\n",
};

static const char *const leaky[] = { "{command}", NULL };
static const char *const deny_all[] = { "/bin/sh", "-c", "echo denied; exit 1", NULL };
static const char *const silent[] = { "/bin/sh", "-c", "exit 0", NULL };
/* Says what is wanted to hear, and never ran the script: no file in scratch, no helper started. */
static const char *const forging[] = { "/bin/sh",
				       "-c",
				       ("for arm; do :; done; . \"$arm\"; "
					"printf 'confine-attempt %s\\nconfine-probe %s "
					"denied EPERM\\n' \"$NONCE\" \"$NONCE\""),
				       "sh",
				       "{command}",
				       NULL };

static enum verdict try(const struct session *session, const char *name,
			const char *const *argv, const struct act *act,
			char reason[RUN_TEXT_MAX])
{
	const struct target target = { .name = name,
				       .title = name,
				       .source = "run control",
				       .argv = argv,
				       .needs = nothing };
	struct session_wants wants = *session->wants;
	struct arena arena = { 0 };
	struct session *own = arena_alloc(&arena, sizeof(*own));
	struct run_result *result = arena_alloc(&arena, sizeof(*result));
	struct verdict_output output;
	struct verdict_input input;

	wants.target = &target;
	wants.policy = NULL;
	*own = *session;
	own->wants = &wants;
	own->set_count = 0;
	own->distrust = NULL;
	own->identity = (struct identity){ .known = false };
	own->hangs = false;
	attempt_probe(own, &act->probe, act->script, &arena, result);
	seen_input(&act->probe, result, &input);
	input.promise = PROMISE_ENFORCED;
	input.required = true;
	verdict_judge(&input, &output);
	if (output.verdict == VERDICT_UNTESTABLE)
		arm_text(reason, "%s", result->prerequisite);
	else
		arm_text(reason, "%s came out as %s: %s", name,
			 verdict_names[output.verdict], output.reason);
	arena_done(&arena);
	return output.verdict;
}

/* A control that is left out on purpose, as if no shield could be built for it. */
static bool is_blinded(const struct session *session, size_t index)
{
	return session->mutant == MUTANT_CONTROL_BLIND ||
	       (session->mutant == MUTANT_CONTROL_DIM && index == 0);
}

static enum verdict blind(char reason[RUN_TEXT_MAX])
{
	arm_text(reason, "it was left out");
	return VERDICT_UNTESTABLE;
}

static void fail(struct control_result *ret, const char *reason)
{
	ret->ok = false;
	arm_text(ret->reason, "%s", reason);
}

static void work(const struct session *session, void *into)
{
	struct control_result *ret = into;
	enum verdict works_nowhere, forged;
	char first[RUN_TEXT_MAX] = "";
	size_t untestable = 0;
	const struct {
		const char *name;
		const char *const *argv;
		const struct act *act;
		enum verdict expected, *seen;
	} targets[] = {
		{ "the leaky control", leaky, &append, VERDICT_BREACHED, &ret->leaky },
		{ "the deny-all control", deny_all, &append, VERDICT_ERROR,
		  &ret->deny_all },
		{ "the silent control", silent, &append, VERDICT_ERROR, &ret->silent },
		{ "the control of an act that works nowhere", leaky, &vacuous,
		  VERDICT_ERROR, &works_nowhere },
		{ "the forging control", forging, &append, VERDICT_ERROR, &forged },
	};

	*ret = (struct control_result){ .ok = true,
					.leaky = VERDICT_NONE,
					.deny_all = VERDICT_NONE,
					.silent = VERDICT_NONE };
	if (session->mutant == MUTANT_NO_CONTROL) {
		fail(ret, "the run control was not run");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		char reason[RUN_TEXT_MAX];

		*targets[i].seen = is_blinded(session, i)
					   ? blind(reason)
					   : try(session, targets[i].name,
						 targets[i].argv, targets[i].act, reason);
		if (*targets[i].seen == VERDICT_UNTESTABLE && untestable++ == 0)
			memcpy(first, reason, sizeof(first));
		else if (*targets[i].seen != VERDICT_UNTESTABLE &&
			 *targets[i].seen != targets[i].expected && ret->ok)
			fail(ret, reason);
	}
	if (untestable == ARRAY_SIZE(targets))
		arm_text(ret->untestable, "%s", first);
	else if (untestable && ret->ok)
		arm_text(ret->reason, "some of it could not be tried: %s", first);
	ret->ok = ret->ok && (!untestable || ret->untestable[0]);
}

void control_start(const struct session *session, struct aside *control)
{
	aside_start(control, work, session, sizeof(struct control_result));
}

void control_finish(struct aside *control, struct control_result *ret)
{
	*ret = (struct control_result){ .ok = false,
					.leaky = VERDICT_NONE,
					.deny_all = VERDICT_NONE,
					.silent = VERDICT_NONE };
	if (!aside_finish(control, ret, sizeof(*ret)))
		arm_text(ret->reason, "the run control ended without a result");
}
