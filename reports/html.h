/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html - the parts of the page
 *
 * One file without a script, a font, an image or anything fetched; it reads as well where the
 * style is stripped (Jenkins' content security policy does): headings, tables and words carry
 * the meaning, colour repeats it. Well-formed as XML too. Everything foreign is cleaned
 * (line.h), then escaped.
 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "reports/outcome.h"
#include "reports/results.h"
#include "reports/urgent.h"
#include "runner/base/arena.h"
#include "runner/base/str.h"

struct html {
	struct str *ret;
	const struct results *results;
	const struct outcome *outcome;
	struct arena arena;
};

/* The style sheet; static text without '<' and '&'. */
extern const char html_style[];

/* Markup of ours. */
void html_add(struct html *html, const char *markup);
void html_addf(struct html *html, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Foreign text, cleaned and escaped, in content or in an attribute. */
void html_text(struct html *html, const char *text, size_t max_bytes);
/* Foreign prose, in which `this` is code. */
void html_prose(struct html *html, const char *text, size_t max_bytes);
/* <b class="…">BREACHED</b>; VERDICT_NONE is NOT TESTED. */
void html_verdict(struct html *html, enum verdict verdict);
/* From <!DOCTYPE html> to the open <body>; `title` is foreign. */
void html_begin(struct html *html, const char *title);
void html_end(struct html *html);

/* The box with the answer and what to fix first; left open for one more line. `banner` is ours. */
void html_answer(struct html *html, const char *answer, const char *banner,
		 enum outcome_exit exit, const struct urgent *rows, size_t count);

/* The sections, in their order; each adds nothing where it has nothing to say. */
void html_urgent(struct html *html, const struct urgent *rows, size_t count, bool fleet);
void html_matrix(struct html *html);
void html_layers(struct html *html);   /* html_probes.c */
void html_controls(struct html *html); /* html_controls.c */
void html_waivers(struct html *html);  /* html_about.c, and those below */
void html_provenance(struct html *html);
void html_verify(struct html *html);
void html_glossary(struct html *html);

#endif
