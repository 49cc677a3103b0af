/* SPDX-License-Identifier: Apache-2.0 */
/* Suites about the fleet: who was expected, who reported, what real runs ran under. */
#include "reports/junit.h"
#include "reports/line.h"
#include <stdio.h>

void junit_add_fleet_case(struct junit *junit, const char *class, const char *name,
			  const char *element, const char *type, const char *message)
{
	struct xml *xml = &junit->xml;

	xml_open(xml, "testcase");
	xml_attribute(xml, "name", name, JUNIT_VALUE_MAX);
	xml_attribute(xml, "classname", class, JUNIT_VALUE_MAX);
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

void junit_open_fleet(struct junit *junit, const char *name, size_t tests, size_t errors,
		      size_t skipped)
{
	struct xml *xml = &junit->xml;

	xml_open(xml, "testsuite");
	xml_attribute(xml, "name", name, JUNIT_VALUE_MAX);
	xml_attribute(xml, "package", "fleet", JUNIT_VALUE_MAX);
	xml_attribute_number(xml, "id", junit->next_id++);
	xml_attribute(xml, "hostname", "fleet", JUNIT_VALUE_MAX);
	xml_attribute(xml, "timestamp", junit->first_started, JUNIT_VALUE_MAX);
	xml_attribute_number(xml, "tests", tests);
	xml_attribute_number(xml, "failures", 0);
	xml_attribute_number(xml, "errors", errors);
	xml_attribute_number(xml, "skipped", skipped);
	xml_attribute(xml, "time", "0.000", JUNIT_VALUE_MAX);
	xml_open(xml, "properties");
	xml_close(xml);
}

void junit_close_fleet(struct junit *junit)
{
	struct xml *xml = &junit->xml;

	xml_open(xml, "system-out");
	xml_close(xml);
	xml_open(xml, "system-err");
	xml_close(xml);
	xml_close(xml);
}

void junit_add_fleet(struct junit *junit, const struct fleet *fleet)
{
	size_t unexpected = fleet_unexpected(fleet);

	if (!fleet->has_expected)
		return;
	junit_open_fleet(junit, "fleet", fleet->expected_count + unexpected,
			 fleet_missing(fleet), unexpected);
	for (size_t i = 0; i < fleet->expected_count; i++) {
		owned_str struct str name = { 0 };

		str_addf(&name, "%s.reported", fleet->expected[i].hostname);
		junit_add_fleet_case(
			junit, "fleet", name.text,
			fleet->expected[i].reported ? NULL : "error", "untestable",
			"UNTESTABLE: this host was expected and did not report");
	}
	for (size_t i = 0; i < fleet->count; i++) {
		owned_str struct str name = { 0 };

		if (fleet->rows[i].expected)
			continue;
		str_addf(&name, "%s.%s.reported", fleet->rows[i].hostname,
			 fleet->rows[i].target);
		junit_add_fleet_case(junit, "fleet", name.text, "skipped", NULL,
				     "UNEXPECTED: nobody expected this host");
	}
	junit_close_fleet(junit);
}
