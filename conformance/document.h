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
#include "runner/base/err.h"
#include "runner/base/json_tree.h"

/* The caller's (json_delete()). */
struct json *document_build(const struct results *results);
/* To `path`, atomically; "-" is stdout. */
int document_write(const struct results *results, const char *path, struct err *err);

#endif
