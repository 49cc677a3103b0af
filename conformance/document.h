/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document - results.json, the only bridge to reports/
 *
 * Replaced as a whole after every probe, with `complete` false until the end, so that a reader
 * never sees half of it and never takes an interrupted run for a finished one. Schema:
 * conformance/schema/results.schema.json.
 */
#ifndef CONFORMANCE_DOCUMENT_H
#define CONFORMANCE_DOCUMENT_H

#include "conformance/results.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/json_tree.h"

/* The caller's (json_delete()). */
struct json *document_build(const struct results *results);
/* What a finished probe adds to the document: it never changes any more, and the document is
 * written after every probe. */
const char *document_print_probe(const struct results *results,
				 const struct result_probe *result, struct arena *arena);
/* To `path`, atomically; "-" is stdout. The same bytes as a print of document_build(). */
int document_write(const struct results *results, const char *path, struct err *err);

#endif
