/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/present.h"
#include "conformance/document.h"
#include "conformance/explain.h"
#include "conformance/listing.h"
#include "conformance/matrix.h"
#include "conformance/reporter.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <unistd.h>

static int print(int fd, const struct str *text, struct err *err)
{
	if (fd_write_all(fd, str_text(text), text->length) < 0)
		return err_sys(err, "check", "cannot write the report");
	return 0;
}

int present_list(const struct suite *suite, struct err *err)
{
	struct style style = style_of(STDOUT_FILENO, suite->options.colour);
	owned_str struct str text = { 0 };

	listing_add_probes(&text, &suite->selection, &style);
	return print(STDOUT_FILENO, &text, err);
}

int present_explain(struct suite *suite, struct err *err)
{
	struct controls controls = { 0 };
	const struct explain explain = {
		.catalogue = &suite->catalogue,
		.controls = &controls,
		.text = suite->paths.text,
		.repeat = suite_repeat_prefix(suite),
		.style = style_of(STDOUT_FILENO, suite->options.colour),
	};
	owned_str struct str text = { 0 };

	if (suite->paths.controls &&
	    controls_load(suite->paths.controls, &suite->arena, &controls, err) < 0)
		return -1;
	for (const char *const *name = suite->options.explain; *name; name++) {
		if (text.length)
			str_add(&text, "\n\n");
		if (explain_add(&text, &explain, *name, err) < 0)
			return -1;
	}
	explain_add_words(&text, &explain);
	return print(STDOUT_FILENO, &text, err);
}

int present_dry_run(const struct suite *suite, struct err *err)
{
	owned_str struct str text = { 0 };

	str_addf(&text,
		 "Target %s, %s: %zu probes, each outside the sandbox and inside it.\n"
		 "Nothing was run.\n\n",
		 suite->target.name, suite->target.title, suite->selection.count);
	for (size_t i = 0; i < suite->selection.count; i++) {
		listing_add_probe(&text, suite->selection.probes[i]);
		if (run_describe(&suite->wants, suite->selection.probes[i], &text, err) <
		    0)
			return -1;
		str_add(&text, "\n");
	}
	return print(STDOUT_FILENO, &text, err);
}

int present_matrix(const struct suite *suite, const struct gate *gate, struct err *err)
{
	bool taken = str_equal(suite->options.json, "-") ||
		     str_equal(suite->options.junit, "-");
	int fd = taken ? STDERR_FILENO : STDOUT_FILENO;
	struct style style = style_of(fd, suite->options.colour);
	const struct results *results = &suite->results;
	owned_str struct str text = { 0 };

	matrix_add_subject(&text, results, &style);
	matrix_add_layers(&text, results, gate, &style);
	matrix_add_findings(&text, results, gate, &style);
	matrix_add_summary(&text, results, gate, &style);
	return print(fd, &text, err);
}

int present_json(const struct suite *suite, struct err *err)
{
	if (!str_equal(suite->options.json, "-"))
		return 0;
	return document_write(&suite->results, "-", err);
}

int present_report(struct suite *suite, int *ret_exit, struct err *err)
{
	bool taken = str_equal(suite->options.json, "-") ||
		     str_equal(suite->options.junit, "-");
	int status = reporter_run(suite, "text", NULL,
				  taken ? STDERR_FILENO : STDOUT_FILENO, err);

	if (status < 0)
		return -1;
	if (status == EXIT_NOT_WRITTEN)
		return err_set(err, ERR_SYSTEM, "check", "the report was not written");
	if (status == EXIT_USAGE || status == EXIT_INTERNAL)
		return err_set(err, ERR_INTERNAL, "check",
			       "confine report does not take the record of this run");
	*ret_exit = status;
	return 0;
}

int present_junit(struct suite *suite, int exit, struct err *err)
{
	int status;

	if (!suite->options.junit)
		return 0;
	status = reporter_run(suite, "junit", suite->options.junit, STDOUT_FILENO, err);
	if (status < 0)
		return -1;
	if (status == EXIT_NOT_WRITTEN)
		return err_set(err, ERR_SYSTEM, "check", "%s could not be written",
			       suite->options.junit);
	if (status != exit)
		return err_set(err, ERR_INTERNAL, "check",
			       "confine report says %d where the gate says %d", status,
			       exit);
	return 0;
}
