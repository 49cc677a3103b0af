/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_result - any bytes as what a script returns, and as the source of a module
 *
 * Beyond not crashing: the verdict does not hang on the pieces in which the bytes come; what the strict
 * reader of policies takes is one value here too; what is kept of a value is that value, once more; and
 * where the verdict is against it, nothing above the limit is held.
 * seeds: runner/fuzz/corpus/result
 */
#include "runner/base/json.h"
#include "runner/module.h"
#include "runner/result.h"
#include <stdlib.h>
#include <string.h>

#define LIMIT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(struct result *result, const char *text, size_t size, size_t piece)
{
	result_init(result, -1, LIMIT);
	for (size_t at = 0; at < size; at += piece)
		result_feed(result, text + at, size - at < piece ? size - at : piece);
	if (result->seen_bytes != size || result->text.length > LIMIT)
		abort();
}

static void check_strict(const char *text, size_t size, enum result_state state)
{
	const struct json_limits limits = { LIMIT, 32 };
	struct json *tree = NULL;
	struct err err = { 0 };

	if (json_parse("x", text, size, &limits, &tree, &err) == 0 &&
	    state != RESULT_RETURNED)
		abort();
	json_delete(&tree);
}

static void check_value(const struct result *result)
{
	struct result again;
	size_t length;
	const char *value = result_value(result, &length);

	feed(&again, value, length, length + 1);
	if (result_state(&again) != RESULT_RETURNED || again.text.length != length)
		abort();
	result_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct result whole, pieces;

	feed(&whole, text, size, size + 1);
	feed(&pieces, text, size, size ? 1 + data[0] % 7 : 1);
	if (result_state(&whole) != result_state(&pieces))
		abort();
	if (size <= LIMIT &&
	    (whole.fault_at != pieces.fault_at || whole.fault != pieces.fault ||
	     (result_state(&whole) == RESULT_INVALID) != (whole.fault != NULL)))
		abort();
	check_strict(text, size, result_state(&whole));
	if (result_state(&whole) == RESULT_RETURNED)
		check_value(&whole);
	result_done(&whole);
	result_done(&pieces);
	(void)module_has_statements(text, size);
	return 0;
}
