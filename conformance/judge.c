/* SPDX-License-Identifier: Apache-2.0 */
/* Copies what a report needs out of a run's buffers; the decision itself is verdict.c's. */
#include "conformance/judge.h"
#include "conformance/statement.h"
#include "runner/base/json.h"
#include "runner/base/str.h"
#include <string.h>

static struct result_arm arm_of(const struct judge *judge, const struct arm_report *arm)
{
	return (struct result_arm){
		.ran = arm->ran,
		.said = arm->said,
		.word = arena_strdup(judge->arena, arm->word),
		.seconds = arm->seconds,
		.exit = arm->exit,
		.signal = arm->signal[0] ? arena_strdup(judge->arena, arm->signal) : NULL,
		.timed_out = arm->timed_out,
	};
}

static const struct result_evidence *evidence_of(const struct judge *judge,
						 const struct run_result *seen)
{
	struct result_evidence *evidence =
		arena_array(judge->arena, seen->evidence_count + 1, sizeof(*evidence));

	for (size_t i = 0; i < seen->evidence_count; i++)
		evidence[i] = (struct result_evidence){
			.name = arena_strdup(judge->arena, seen->evidence[i].name),
			.value = arena_strdup(judge->arena, seen->evidence[i].value),
		};
	return evidence;
}

/* "EROFS: mount namespace + pivot_root": what was met, and what the target says it has there.
 * The first is a hint, the second a claim. */
static const char *mechanism_of(const struct judge *judge,
				const struct verdict_input *input,
				const struct verdict_output *outcome, const char *claimed)
{
	const char *met = input->attack_said == SAID_DENIED ? input->attack_word : "";

	if (outcome->seen != SEEN_HELD)
		return "";
	if (!met[0] && input->signal)
		met = input->signal;
	return arena_printf(judge->arena, "%s%s%s", met, met[0] && claimed[0] ? ": " : "",
			    claimed);
}

static struct json *receipt_of(const struct run_result *seen)
{
	struct json *receipt = NULL;
	struct err ignored = { 0 };

	/* One that is not valid is run.c's finding (LAUNCHER_NO_RECEIPT), not ours. */
	if (seen->receipt_length == 0 ||
	    json_parse("receipt", seen->receipt, seen->receipt_length, &json_small,
		       &receipt, &ignored) < 0)
		return NULL;
	return receipt;
}

static void take_notes(const struct judge *judge, const struct json *receipt,
		       struct judge_notes *notes)
{
	const struct json *version = json_member(receipt, "version");

	notes->version = json_is(version, JSON_STRING)
				 ? arena_strdup(judge->arena, version->text)
				 : "";
	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		const char *text = statement_mechanism(receipt, (enum layer)i);

		notes->mechanisms[i] = text ? arena_strdup(judge->arena, text) : "";
	}
}

void judge_probe(const struct judge *judge, const struct probe *probe,
		 const struct run_result *seen, struct result_probe *result,
		 struct judge_notes *notes)
{
	owned_json struct json *receipt = receipt_of(seen);
	const char *claimed = statement_mechanism(receipt, probe->layer);
	struct verdict_input input;

	seen_input(probe, seen, &input);
	input.promise = statement_promise(judge->target, receipt, probe->requirement);
	input.required = requirement_is_required(probe->requirement, judge->require);
	input.launcher_works = judge->launcher_works;
	*result = (struct result_probe){
		.probe = probe,
		.promise = input.promise,
		.scope = seen->scope ? seen->scope : "host",
		.seconds = seen->seconds,
		.attempts = 1,
		.reach = arm_of(judge, &seen->reach),
		.attack = arm_of(judge, &seen->attack),
		.alive = input.alive,
		.evidence = evidence_of(judge, seen),
		.evidence_count = seen->evidence_count,
		.repeat = arena_printf(judge->arena, "%s --only %s", judge->repeat_prefix,
				       probe->id),
	};
	verdict_judge(&input, &result->outcome);
	result->mechanism =
		mechanism_of(judge, &input, &result->outcome, claimed ? claimed : "");
	if (notes)
		take_notes(judge, receipt, notes);
}
