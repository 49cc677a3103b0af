/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read - results.json into a struct, strictly
 *
 * Nothing is guessed and nothing is repaired: a wrong schema, type, word, time, id or size, a
 * probe that comes twice, a number that its rows do not make, all are one error with the
 * place. At most 10 000 probes and 1 000 requirements; free text may be of any length that
 * the document may have (writers cut it).
 */
#ifndef REPORTS_READ_H
#define REPORTS_READ_H

#include "reports/results.h"
#include "runner/base/err.h"
#include "runner/base/json.h"

#define READ_SCHEMA           "confine-results/1"
#define READ_PROBES_MAX       10000
#define READ_REQUIREMENTS_MAX 1000
#define READ_CONTROLS_MAX     64   /* of one requirement */
#define READ_LIST_MAX         1000 /* evidence of one probe, facts, options, differences */

/**
 * read_file() - A whole document
 * @path:	"-" is standard input
 * @results:	zeroed; the caller's to results_done(); zeroed again on failure
 * Return: 0; or -1: POLICY "<path>: <pointer>: …", SYSTEM when it cannot be read
 */
int read_file(const char *path, struct results *results, struct err *err);
/* The same from memory; `what` names the document in errors. */
int read_text(const char *what, const char *text, size_t length, struct results *results,
	      struct err *err);

/* The rows of a document (read_rows.c): requirements, probes, layers. */
int read_rows(const struct json *document, const struct json_at *root,
	      struct results *results, struct err *err);

#endif
