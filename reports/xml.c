/* SPDX-License-Identifier: Apache-2.0 */
/* xml - see xml.h. */
#include "reports/xml.h"
#include "reports/line.h"
#include <libxml/xmlerror.h>

/* clang-format off */
__attribute__((format(printf, 2, 3)))
static void say_nothing(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}
/* clang-format on */

void xml_begin(struct xml *xml)
{
	xmlSetGenericErrorFunc(NULL, say_nothing);
	*xml = (struct xml){ .buffer = xmlBufferCreate() };
	if (xml->buffer)
		xml->writer = xmlNewTextWriterMemory(xml->buffer, 0);
	xml->failed = !xml->writer || xmlTextWriterSetIndent(xml->writer, 1) < 0 ||
		      xmlTextWriterStartDocument(xml->writer, "1.0", "UTF-8", NULL) < 0;
}

void xml_flush(struct xml *xml, struct str *ret)
{
	if (!xml->failed)
		xml->failed = xmlTextWriterFlush(xml->writer) < 0;
	if (xml->failed)
		return;
	str_add_bytes(ret, xmlBufferContent(xml->buffer),
		      (size_t)xmlBufferLength(xml->buffer));
	xmlBufferEmpty(xml->buffer);
}

int xml_end(struct xml *xml, struct str *ret, struct err *err)
{
	if (!xml->failed)
		xml->failed = xmlTextWriterEndDocument(xml->writer) < 0;
	if (xml->writer)
		xmlFreeTextWriter(xml->writer); /* flushes into the buffer */
	if (!xml->failed)
		str_add_bytes(ret, xmlBufferContent(xml->buffer),
			      (size_t)xmlBufferLength(xml->buffer));
	if (xml->buffer)
		xmlBufferFree(xml->buffer);
	return xml->failed ? err_set(err, ERR_INTERNAL, "report",
				     "libxml2 cannot write this document")
			   : 0;
}

void xml_open(struct xml *xml, const char *element)
{
	if (!xml->failed)
		xml->failed = xmlTextWriterStartElement(xml->writer,
							(const xmlChar *)element) < 0;
}

void xml_close(struct xml *xml)
{
	if (!xml->failed)
		xml->failed = xmlTextWriterEndElement(xml->writer) < 0;
}

void xml_clean_attribute(struct xml *xml, const char *name, const char *text)
{
	if (!xml->failed)
		xml->failed =
			xmlTextWriterWriteAttribute(xml->writer, (const xmlChar *)name,
						    (const xmlChar *)text) < 0;
}

void xml_attribute(struct xml *xml, const char *name, const char *text, size_t max_bytes)
{
	owned_str struct str clean = { 0 };

	line_add(&clean, text, max_bytes);
	xml_clean_attribute(xml, name, str_text(&clean));
}

void xml_attribute_number(struct xml *xml, const char *name, size_t number)
{
	owned_str struct str text = { 0 };

	str_addf(&text, "%zu", number);
	xml_attribute(xml, name, text.text, text.length);
}

void xml_clean_lines(struct xml *xml, const char *lines)
{
	if (!xml->failed)
		xml->failed =
			xmlTextWriterWriteString(xml->writer, (const xmlChar *)lines) < 0;
}
