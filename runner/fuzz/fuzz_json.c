/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_json - any bytes as a JSON document, and as a pointer into one
 *
 * Beyond not crashing: what is refused says where in one printable line; what is accepted is the same
 * tree after it was printed, plain and pretty, and read again; setting a value at a pointer either
 * finds it there afterwards or leaves the tree as it was.
 * seeds: runner/fuzz/corpus/json fixtures/policies/good fixtures/policies/hostile reports/fuzz/corpus
 */
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct err *err)
{
	if (err->code != ERR_POLICY || !err->msg[0])
		abort();
	for (const char *at = err->msg; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			abort();
}

static void check_printed(const struct json *tree, bool pretty)
{
	owned_mem char *text = json_print(tree, pretty);
	owned_json struct json *again = NULL;
	struct err err = { 0 };

	if (json_parse("again", text, strlen(text), &json_large, &again, &err) < 0 ||
	    !json_equal(tree, again))
		abort();
}

/* The document's own first name as a pointer, so that paths through what is there are taken. */
static void check_pointer(const struct json *tree, const char *pointer)
{
	owned_mem char *before = json_print(tree, false), *after = NULL;
	owned_json struct json *copy = NULL;
	struct err err = { 0 };

	if (json_parse("copy", before, strlen(before), &json_large, &copy, &err) < 0)
		abort();
	if (json_set_pointer(&copy, pointer, json_string("set"), &err) == 0)
		return;
	check_refusal(&err);
	after = json_print(copy, false);
	if (strcmp(before, after) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of the exact size: a read beyond the end is seen, and nothing ends it with a NUL. */
	owned_mem char *bytes = malloc(size ? size : 1);
	owned_mem char *text = strndup((const char *)data, size);
	owned_json struct json *tree = NULL;
	struct err err = { 0 };

	if (!bytes || !text)
		return 0;
	if (size)
		memcpy(bytes, data, size);
	if (json_parse("fuzz", bytes, size, &json_small, &tree, &err) < 0) {
		check_refusal(&err);
		if (tree)
			abort();
		return 0;
	}
	check_printed(tree, false);
	check_printed(tree, true);
	check_pointer(tree, text);
	if (json_is(tree, JSON_OBJECT) && json_first(tree))
		check_pointer(tree, json_first(tree)->key);
	return 0;
}
