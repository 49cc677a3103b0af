/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dialect - looks at a JUnit document element by element: the rules of our own dialect always,
 * the two schemas of others when JUNIT_XSD_DIR says where they are
 */
#ifndef REPORTS_TESTS_DIALECT_H
#define REPORTS_TESTS_DIALECT_H

#include "reports/outcome.h"
#include "runner/base/str.h"
#include <check.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const schema_names[] = { "junit-windyroad.xsd", "junit-10.xsd" };
static xmlSchema *schemas[2];

__attribute__((format(printf, 2, 3))) static void say_nothing(void *context,
							      const char *message, ...)
{
	(void)context;
	(void)message;
}

static void load_schemas(void)
{
	const char *directory = getenv("JUNIT_XSD_DIR");

	xmlSetGenericErrorFunc(NULL, say_nothing);
	if (!directory || !directory[0]) {
		(void)puts("JUNIT_XSD_DIR is not set: only the dialect's own rules");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		char path[4096];
		xmlSchemaParserCtxt *parser;

		(void)snprintf(path, sizeof(path), "%s/%s", directory, schema_names[i]);
		parser = xmlSchemaNewParserCtxt(path);
		schemas[i] = xmlSchemaParse(parser);
		xmlSchemaFreeParserCtxt(parser);
		if (!schemas[i])
			(void)printf("cannot load %s\n", path);
	}
}

/* --- looking at a document --- */

static const char *attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		if (strcmp((const char *)attr->name, name) == 0)
			return attr->children ? (const char *)attr->children->content
					      : "";
	ck_abort_msg("<%s> has no attribute %s", (const char *)node->name, name);
	return "";
}

static size_t attribute_count(const xmlNode *node)
{
	size_t count = 0;

	for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
		count++;
	return count;
}

static bool is_named(const xmlNode *node, const char *name)
{
	return node && strcmp((const char *)node->name, name) == 0;
}

/* Elements only; anything but white space between them is a fault. */
static const xmlNode *next_element(const xmlNode *node)
{
	while (node && node->type == XML_TEXT_NODE) {
		ck_assert_uint_eq(strspn((const char *)node->content, " \n"),
				  strlen((const char *)node->content));
		node = node->next;
	}
	return node;
}

static const char *content(const xmlNode *node)
{
	return node->children ? (const char *)node->children->content : "";
}

static void check_time(const char *text)
{
	size_t whole = strspn(text, "0123456789");

	ck_assert_msg(whole >= 1 && whole <= 9 && text[whole] == '.' &&
			      strspn(text + whole + 1, "0123456789") == 3 &&
			      !text[whole + 4],
		      "time %s", text);
}

struct tally {
	size_t tests, failures, errors, skipped;
};

static void check_case_child(const xmlNode *child, struct tally *tally)
{
	static const char *const types[] = { "breached", "degraded", "untestable",
					     "probe-error", NULL };
	const char *message = attribute(child, "message");
	bool known = false, shouted = false;

	ck_assert_str_eq(message, content(child));
	ck_assert_uint_le(strlen(message), 4096 + 3);
	ck_assert_ptr_null(strpbrk(message, "\n\r\t"));
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		shouted |= strncmp(message, verdict_shouts[i],
				   strlen(verdict_shouts[i])) == 0 &&
			   message[strlen(verdict_shouts[i])] == ':';
	ck_assert_msg(shouted, "message %s", message);
	if (is_named(child, "skipped")) {
		ck_assert_uint_eq(attribute_count(child), 1);
		tally->skipped++;
	} else {
		for (size_t i = 0; types[i]; i++)
			known |= strcmp(types[i], attribute(child, "type")) == 0;
		ck_assert_msg(known, "type %s", attribute(child, "type"));
		ck_assert(is_named(child, "failure") || is_named(child, "error"));
		tally->failures += is_named(child, "failure");
		tally->errors += is_named(child, "error");
	}
	ck_assert_ptr_null(next_element(child->next));
}

static void check_case(const xmlNode *node, const char *suite, struct tally *tally)
{
	const xmlNode *child = next_element(node->children);

	ck_assert_uint_eq(attribute_count(node), 3);
	ck_assert_str_eq(attribute(node, "classname"), suite);
	ck_assert(attribute(node, "name")[0]);
	check_time(attribute(node, "time"));
	tally->tests++;
	if (child)
		check_case_child(child, tally);
}

static void check_number(const xmlNode *node, const char *name, size_t number)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%zu", number);
	ck_assert_str_eq(attribute(node, name), text);
}

static void check_properties(const xmlNode *node)
{
	ck_assert(is_named(node, "properties"));
	for (const xmlNode *property = next_element(node->children); property;
	     property = next_element(property->next)) {
		ck_assert(attribute(property, "name")[0]);
		ck_assert_msg(attribute(property, "value")[0], "%s is empty",
			      attribute(property, "name"));
		ck_assert_uint_le(strlen(attribute(property, "value")), 1024 + 3);
	}
}

static void check_suite(const xmlNode *suite, size_t id, struct tally *all)
{
	struct tally tally = { 0 };
	const xmlNode *node = next_element(suite->children);
	const char *stamp = attribute(suite, "timestamp");

	ck_assert(is_named(suite, "testsuite"));
	check_number(suite, "id", id);
	ck_assert(attribute(suite, "hostname")[0]);
	ck_assert_str_eq(attribute(suite, "package"), attribute(suite, "hostname"));
	ck_assert(strlen(stamp) == 19 && stamp[10] == 'T');
	check_time(attribute(suite, "time"));
	check_properties(node);
	node = next_element(node->next);
	for (; is_named(node, "testcase"); node = next_element(node->next))
		check_case(node, attribute(suite, "name"), &tally);
	ck_assert(is_named(node, "system-out"));
	ck_assert_uint_le(strlen(content(node)), 65536);
	node = next_element(node->next);
	ck_assert(is_named(node, "system-err"));
	ck_assert_ptr_null(next_element(node->next));
	ck_assert_uint_gt(tally.tests, 0);
	check_number(suite, "tests", tally.tests);
	check_number(suite, "failures", tally.failures);
	check_number(suite, "errors", tally.errors);
	check_number(suite, "skipped", tally.skipped);
	all->tests += tally.tests;
	all->failures += tally.failures;
	all->errors += tally.errors;
	all->skipped += tally.skipped;
}

static const char *case_key(const xmlNode *node, char *key, size_t size)
{
	(void)snprintf(key, size, "%s %s", attribute(node, "classname"),
		       attribute(node, "name"));
	return key;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* (classname, name) is what several readers merge by. */
static void check_unique(const xmlNode *root, size_t count)
{
	char **keys = calloc(count, sizeof(*keys));
	size_t used = 0;

	ck_assert_ptr_nonnull(keys);
	for (const xmlNode *suite = next_element(root->children); suite;
	     suite = next_element(suite->next))
		for (const xmlNode *node = next_element(suite->children); node;
		     node = next_element(node->next)) {
			char key[1200];

			if (is_named(node, "testcase"))
				keys[used++] = strdup(case_key(node, key, sizeof(key)));
		}
	ck_assert_uint_eq(used, count);
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++)
		ck_assert_str_ne(keys[i - 1], keys[i]);
	for (size_t i = 0; i < count; i++)
		free(keys[i]);
	free(keys);
}

static void check_schemas(xmlDoc *document)
{
	for (size_t i = 0; i < 2; i++) {
		xmlSchemaValidCtxt *valid;

		if (!schemas[i])
			continue;
		valid = xmlSchemaNewValidCtxt(schemas[i]);
		ck_assert_msg(xmlSchemaValidateDoc(valid, document) == 0,
			      "not valid under %s", schema_names[i]);
		xmlSchemaFreeValidCtxt(valid);
	}
}

/* The caller's (xmlFreeDoc). */
static xmlDoc *check_text(const struct str *text, const struct outcome *outcome)
{
	xmlDoc *document =
		xmlReadMemory(text->text, (int)text->length, "junit.xml", NULL,
			      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	struct tally all = { 0 };
	const xmlNode *root;
	size_t id = 0;

	ck_assert_msg(document != NULL, "libxml2 refuses it:\n%.4000s", text->text);
	ck_assert(str_is_utf8(text->text, text->length));
	root = xmlDocGetRootElement(document);
	ck_assert(is_named(root, "testsuites"));
	ck_assert_uint_eq(attribute_count(root), 0);
	for (const xmlNode *suite = next_element(root->children); suite;
	     suite = next_element(suite->next))
		check_suite(suite, id++, &all);
	/* Never nothing at all, and red exactly when the status is. */
	ck_assert_uint_gt(all.tests, 0);
	ck_assert_int_eq(all.failures + all.errors > 0, outcome->exit != OUTCOME_PASS);
	check_unique(root, all.tests);
	check_schemas(document);
	return document;
}

#endif
