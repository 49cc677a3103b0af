/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control - who tests the tester: targets whose outcome is known before anything is believed
 *
 * One that confines nothing and promises everything must come out as breached; one that refuses
 * everything, one that says nothing and one that only says the right words must come out as errors,
 * and so must an act that does not work outside either. They go the same way as every other target:
 * same shield, same probe protocol, same judge.
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
	arm_text(reason, "%s came out as %s: %s", name, verdict_names[output.verdict],
		 output.reason);
	arena_done(&arena);
	return output.verdict;
}

static void work(const struct session *session, void *into)
{
	struct control_result *ret = into;
	enum verdict works_nowhere, forged;
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
		ret->ok = false;
		arm_text(ret->reason, "the run control was not run");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		char reason[RUN_TEXT_MAX];

		*targets[i].seen = try(session, targets[i].name, targets[i].argv,
				       targets[i].act, reason);
		/* Where no shield can be built nothing runs, here as in every probe, and every
		 * verdict says so: there is nothing to disbelieve. */
		if (*targets[i].seen == targets[i].expected || !ret->ok ||
		    *targets[i].seen == VERDICT_UNTESTABLE)
			continue;
		ret->ok = false;
		memcpy(ret->reason, reason, sizeof(ret->reason));
	}
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
