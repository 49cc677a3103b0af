/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml - elements and attributes through libxml2's writer, cleaned at the last moment
 *
 * Every text passes line_add() once: libxml2 writes control bytes and bad UTF-8 that its own
 * parser then refuses. The first failure sticks; xml_end() tells.
 */
#ifndef REPORTS_XML_H
#define REPORTS_XML_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stddef.h>

struct xml {
	xmlBuffer *buffer;
	xmlTextWriter *writer;
	bool failed;
};

/* Silences libxml2 for this process and starts a document. */
void xml_begin(struct xml *xml);
/* Appends what is written so far to *ret and forgets it: a document may be larger than memory. */
void xml_flush(struct xml *xml, struct str *ret);
/* Ends the document and appends it to *ret. Always frees. -1: INTERNAL. */
int xml_end(struct xml *xml, struct str *ret, struct err *err);

void xml_open(struct xml *xml, const char *element);
void xml_close(struct xml *xml);
void xml_attribute(struct xml *xml, const char *name, const char *text, size_t max_bytes);
/* Text that line_add() has made. */
void xml_clean_attribute(struct xml *xml, const char *name, const char *text);
void xml_attribute_number(struct xml *xml, const char *name, size_t number);
/* Lines that line_add() has made: only their ends are newlines. */
void xml_clean_lines(struct xml *xml, const char *lines);

#endif
