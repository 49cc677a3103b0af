/* SPDX-License-Identifier: Apache-2.0 */
/* format - one way to write a run down: results in, bytes out */
#ifndef REPORTS_FORMAT_H
#define REPORTS_FORMAT_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>

/* How the reader wants it; a writer ignores what does not concern it. */
struct format_taste {
	bool colour;       /* the output is a terminal that wants colours */
	bool rich;         /* JUnit: say more than the schemas of others allow */
	const char *oscal; /* version of the format; NULL: the newest */
};

struct format {
	const char *name, *what;
	/* Appends to *ret. The same results give the same bytes. -1: INTERNAL. */
	int (*write)(const struct results *results, const struct outcome *outcome,
		     const struct format_taste *taste, struct str *ret, struct err *err);
};

/* Ends with a row whose name is NULL. */
extern const struct format formats[];
/* NULL when unknown. */
const struct format *format_find(const char *name);

/* The writers behind the rows. */
int junit_write(const struct results *results, const struct outcome *outcome,
		const struct format_taste *taste, struct str *ret, struct err *err);
int html_write(const struct results *results, const struct outcome *outcome,
	       const struct format_taste *taste, struct str *ret, struct err *err);
int markdown_write(const struct results *results, const struct outcome *outcome,
		   const struct format_taste *taste, struct str *ret, struct err *err);
int oscal_write(const struct results *results, const struct outcome *outcome,
		const struct format_taste *taste, struct str *ret, struct err *err);
int prometheus_write(const struct results *results, const struct outcome *outcome,
		     const struct format_taste *taste, struct str *ret, struct err *err);
int text_write(const struct results *results, const struct outcome *outcome,
	       const struct format_taste *taste, struct str *ret, struct err *err);

#endif
