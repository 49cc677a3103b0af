/* SPDX-License-Identifier: Apache-2.0 */
/* hostile - texts that break readers, and a run with one of them in every field */
#ifndef REPORTS_TESTS_HOSTILE_H
#define REPORTS_TESTS_HOSTILE_H

#include "reports/results.h"
#include "reports/tests/sample.h"

static const char *const hostile_texts[] = {
	"\x1b[31mred\x1b]0;title\a",
	"bad \xff\xfe bytes, cut \xe2\x82",
	"overlong \xc0\xaf, surrogate \xed\xa0\x80, too high \xf4\x90\x80\x80",
	"end of data ]]> <![CDATA[ <!-- -- --> <?xml?>",
	"&amp; &#27; &#x0; &lt;x&gt; &nbsp; &undefined;",
	"\"quotes\" 'single' <tag attr=\"v\">",
	"right to left \xe2\x80\xae\xd7\x90\xd7\x91 \xe2\x81\xa6 \xe2\x80\x8f",
	"C1 \xc2\x9b\x33\x31m and \xc2\x85 next line",
	"U+FFFE \xef\xbf\xbe U+FFFF \xef\xbf\xbf BOM \xef\xbb\xbf",
	"beyond \xf0\x9f\x98\x80 \xf0\x9f\xbf\xbe plane",
	"two\nlines\r\nand\ttabs\v\f\b\x7f",
	"back\\slash \\x1b \\u0000 %s %n %%",
	"line sep \xe2\x80\xa8 par \xe2\x80\xa9 zero \xe2\x80\x8b width",
	"\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x1f",
	" ",
	"   leading and trailing   ",
	"yaml",
	"@everyone see #1 !2 ~bug $1$ https://example.org www.example.org a@b.example",
	"| bars || and `ticks` ``` and [a](b) ![c](d) *e* _f_ **g** <details> # h",
	"` one tick, a tail of \\",
	"</td></tr></table><script>alert(1)</script><img src=x onerror=alert(2)>",
	"</style><svg/onload=alert(3)> javascript:alert(4) {{7*7}} ${8}",
	"label=\"v\"} 1\n# TYPE x counter",
};
#define HOSTILE_COUNT (sizeof(hostile_texts) / sizeof(hostile_texts[0]))

/* Texts that the struct only points at: those that a reader takes as they are. */
static UNUSED void hostile_fill(struct results *results, const char *text,
				const struct results_fact *facts, size_t fact_count)
{
	results->tool.name = results->tool.version = text;
	results->hostname = text;
	results->host = facts;
	results->host_count = fact_count;
	results->target.name = results->target.title = results->target.version = text;
	results->policy.source = results->policy.sha256 = results->policy.refusal = text;
	results->parity.first = results->run.command_line = text;
	results->parity.differences = 1;
	for (size_t i = 0; i < LAYER_COUNT; i++)
		results->layers[i].mechanism = text;
	for (size_t i = 0; i < results->requirement_count; i++)
		results->requirements[i].title = results->requirements[i].reason = text;
	for (size_t i = 0; i < results->probe_count; i++) {
		struct results_probe *probe = &results->probes[i];

		probe->title = probe->reason = probe->mechanism = probe->repeat =
			probe->what = probe->why = probe->remedy = text;
		probe->reach.word = probe->attack.word = probe->attack.signal = text;
		probe->evidence = facts;
		probe->evidence_count = fact_count;
	}
}

#endif
