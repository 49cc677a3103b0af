/* SPDX-License-Identifier: Apache-2.0 */
/* seen - see seen.h. */
#include "conformance/seen.h"
#include "runner/base/own.h"

void seen_input(const struct probe *probe, const struct run_result *result,
		struct verdict_input *ret)
{
	const struct {
		const char *text;
		const char **to;
	} texts[] = {
		{ result->harness_fault, &ret->harness_fault },
		{ result->prerequisite, &ret->prerequisite },
		{ result->closed_by_host, &ret->closed_by_host },
		{ result->never, &ret->never },
		{ result->limit, &ret->limit },
		{ result->signal, &ret->signal },
	};

	*ret = result->input;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		*texts[i].to = texts[i].text[0] ? texts[i].text : NULL;
	ret->refusals = probe->refusals;
}
