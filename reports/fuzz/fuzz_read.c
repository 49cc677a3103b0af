/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as results.json: read or refused with one line; what was read can be written in
 * every format, and the JUnit document can be parsed again.
 * seeds: reports/fuzz/corpus reports/tests/data
 */
#include "reports/format.h"
#include "reports/read.h"
#include <libxml/parser.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void write_all(const struct results *results)
{
	struct outcome outcome;

	outcome_compute(results, &outcome);
	for (const struct format *format = formats; format->name; format++) {
		const struct format_taste taste = { .colour = true };
		owned_str struct str text = { 0 };
		struct err err = { 0 };
		xmlDoc *document;

		if (format->write(results, &outcome, &taste, &text, &err) < 0)
			__builtin_trap();
		if (format->write != junit_write)
			continue;
		document = xmlReadMemory(text.text, (int)text.length, "j.xml", NULL,
					 XML_PARSE_NONET | XML_PARSE_NOERROR |
						 XML_PARSE_NOWARNING);
		if (!document)
			__builtin_trap();
		xmlFreeDoc(document);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	owned_results struct results results = { 0 };
	struct err err = { 0 };

	if (read_text("fuzz", (const char *)bytes, count, &results, &err) == 0)
		write_all(&results);
	else if (!err.msg[0] || results.document)
		__builtin_trap();
	return 0;
}
