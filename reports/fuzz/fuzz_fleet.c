/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a run of a fleet, as a receipt of a real run and as the list of hosts: taken or refused
 * with one line; what was taken can be merged into every format, and the JUnit document parses.
 * seeds: reports/fuzz/corpus reports/tests/data
 */
#include "reports/merge.h"
#include "reports/read.h"
#include <libxml/parser.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check_refusal(const struct err *err)
{
	if (!err->msg[0] || strpbrk(err->msg, "\n\x1b"))
		__builtin_trap();
}

static void merge_as(const char *name, const struct results *results, struct fleet *fleet,
		     const struct receipts *receipts)
{
	const struct merge_writer *writer = merge_writer_find(name);
	const struct format_taste taste = { 0 };
	struct merge_state state = { .taste = &taste, .receipts = receipts };
	owned_str struct str text = { 0 };
	struct outcome outcome;
	struct err err = { 0 };

	if (writer->begin)
		writer->begin(&state, &text);
	if (results && writer->add) {
		outcome_compute(results, &outcome);
		writer->add(&state, results, &outcome, &text);
	}
	if (writer->end(&state, fleet, &text, &err) < 0)
		__builtin_trap();
	if (strcmp(name, "junit") == 0 && results) {
		xmlDoc *document = xmlReadMemory(
			text.text, (int)text.length, "j.xml", NULL,
			XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

		if (!document)
			__builtin_trap();
		xmlFreeDoc(document);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const char *const names[] = { "html", "junit", "oscal", "prometheus",
					     "text" };
	const char *text = (const char *)bytes;
	owned_receipts struct receipts receipts = { 0 };
	owned_results struct results results = { 0 };
	owned_fleet struct fleet fleet = { 0 };
	owned_str struct str lines = { 0 };
	struct outcome outcome;
	struct err err = { 0 };
	bool ran;

	str_add_bytes(&lines, bytes, count);
	if (fleet_expect_text(&fleet, "hosts", &lines, &err) < 0)
		check_refusal(&err);
	ran = read_text("run", text, count, &results, &err) == 0;
	if (ran) {
		outcome_compute(&results, &outcome);
		if (fleet_add(&fleet, "run", &results, &outcome, 0, &err) < 0)
			check_refusal(&err);
	}
	if (fleet_finish(&fleet, &err) < 0)
		check_refusal(&err);
	if (receipts_add_text(&receipts, &fleet, "host-a", "receipt", text, count, &err) <
	    0)
		check_refusal(&err);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		merge_as(names[i], ran ? &results : NULL, &fleet, &receipts);
	return 0;
}
