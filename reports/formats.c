/* SPDX-License-Identifier: Apache-2.0 */
/* The formats; a new one is a new row and a file of its own. */
#include "reports/format.h"
#include <string.h>

const struct format formats[] = {
	{ "junit", "JUnit XML for CI systems", junit_write },
	{ "html", "one page without scripts, for operators and auditors", html_write },
	{ "markdown", "for a comment on a change, or a step summary", markdown_write },
	{ "oscal", "OSCAL assessment results, for compliance tools", oscal_write },
	{ "prometheus", "gauges for node_exporter's textfile collector",
	  prometheus_write },
	{ "text", "the matrix of layers and what is not green, for people", text_write },
	{ NULL, NULL, NULL },
};

const struct format *format_find(const char *name)
{
	for (const struct format *format = formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}
