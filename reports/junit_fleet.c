/* SPDX-License-Identifier: Apache-2.0 */
/* The suite about the fleet: who was expected, who reported. */
#include "reports/junit.h"
#include "reports/line.h"
#include <stdio.h>

static void put_case(struct xml *xml, const char *host, const char *element,
		     const char *type, const char *message)
{
	owned_str struct str name = { 0 };

	str_addf(&name, "%s.reported", host);
	xml_open(xml, "testcase");
	xml_attribute(xml, "name", name.text, JUNIT_VALUE_MAX);
	xml_attribute(xml, "classname", "fleet", JUNIT_VALUE_MAX);
	xml_attribute(xml, "time", "0.000", JUNIT_VALUE_MAX);
	if (element) {
		xml_open(xml, element);
		if (type)
			xml_attribute(xml, "type", type, JUNIT_VALUE_MAX);
		xml_clean_attribute(xml, "message", message);
		xml_clean_lines(xml, message);
		xml_close(xml);
	}
	xml_close(xml);
}

static void put_head(struct junit *junit, const struct fleet *fleet)
{
	struct xml *xml = &junit->xml;
	size_t unexpected = fleet_unexpected(fleet);

	xml_open(xml, "testsuite");
	xml_attribute(xml, "name", "fleet", JUNIT_VALUE_MAX);
	xml_attribute(xml, "package", "fleet", JUNIT_VALUE_MAX);
	xml_attribute_number(xml, "id", junit->next_id++);
	xml_attribute(xml, "hostname", "fleet", JUNIT_VALUE_MAX);
	xml_attribute(xml, "timestamp", junit->first_started, JUNIT_VALUE_MAX);
	xml_attribute_number(xml, "tests", fleet->expected_count + unexpected);
	xml_attribute_number(xml, "failures", 0);
	xml_attribute_number(xml, "errors", fleet_missing(fleet));
	xml_attribute_number(xml, "skipped", unexpected);
	xml_attribute(xml, "time", "0.000", JUNIT_VALUE_MAX);
	xml_open(xml, "properties");
	xml_close(xml);
}

void junit_add_fleet(struct junit *junit, const struct fleet *fleet)
{
	struct xml *xml = &junit->xml;

	if (!fleet->has_expected)
		return;
	put_head(junit, fleet);
	for (size_t i = 0; i < fleet->expected_count; i++)
		put_case(xml, fleet->expected[i].hostname,
			 fleet->expected[i].reported ? NULL : "error", "untestable",
			 "UNTESTABLE: this host was expected and did not report");
	for (size_t i = 0; i < fleet->count; i++)
		if (!fleet->rows[i].expected) {
			owned_str struct str name = { 0 };

			str_addf(&name, "%s.%s", fleet->rows[i].hostname,
				 fleet->rows[i].target);
			put_case(xml, name.text, "skipped", NULL,
				 "UNEXPECTED: nobody expected this host");
		}
	xml_open(xml, "system-out");
	xml_close(xml);
	xml_open(xml, "system-err");
	xml_close(xml);
	xml_close(xml);
}
