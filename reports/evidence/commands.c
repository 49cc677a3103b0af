/* SPDX-License-Identifier: Apache-2.0 */
/* commands - see commands.h. What the caller got wrong is told from what the evidence has wrong. */
#include "reports/evidence/commands.h"
#include "reports/evidence/sample.h"
#include "reports/evidence/sign.h"
#include "reports/evidence/verify.h"
#include "reports/fields.h"
#include "reports/outcome.h"
#include "reports/output.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define AGE_MAX_MS (3660ULL * 24 * 3600 * 1000) /* ten years */

static int complain(const struct err *err, enum outcome_exit exit)
{
	(void)fprintf(stderr, "confine report: %s\n", err->msg);
	return (int)(err->code == ERR_INTERNAL ? OUTCOME_INTERNAL : exit);
}

static int need(const char *value, const char *sentence, struct err *err)
{
	return value ? 0 : err_policy(err, "report", "%s", sentence);
}

static int finish(const struct options *options, const struct str *text)
{
	struct err err = { 0 };

	if (output_write(options->output, text, &err) < 0)
		return complain(&err, OUTCOME_NOT_WRITTEN);
	return OUTCOME_PASS;
}

/* --- sign --- */

/* What cannot be read is the caller's; what cannot be written is 74. */
static enum outcome_exit sign_exit(const struct err *err)
{
	return err->code == ERR_SYSTEM && !strstr(err->msg, "cannot open") &&
			       !strstr(err->msg, "cannot list")
		       ? OUTCOME_NOT_WRITTEN
		       : OUTCOME_USAGE;
}

int command_sign(const struct options *options)
{
	struct options said_to = *options;
	owned_key struct key *key = NULL;
	owned_str struct str said = { 0 };
	struct err err = { 0 };
	struct sign_of of = {
		.results = options->inputs[0],
		.output = options->output,
		.chain = options->chain,
		.policy = options->policy,
		.waivers = options->waivers,
		.receipts = options->receipts,
		.probes = options->probes,
	};

	if (need(options->key, "sign needs --key FILE, a private key", &err) < 0 ||
	    need(strcmp(options->output, "-") == 0 ? NULL : options->output,
		 "sign needs -o DIR, a directory that is not there yet", &err) < 0 ||
	    key_read_private(options->key, &key, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	of.key = key;
	if (sign_run(&of, &said, &err) < 0)
		return complain(&err, sign_exit(&err));
	said_to.output = "-";
	return finish(&said_to, &said);
}

/* --- verify --- */

struct question {
	struct verify_of of;
	struct key *key;
	struct chain_head anchor;
	char today[STATEMENT_TIME];
};

static void question_done(struct question *question)
{
	own_close_fd(&question->of.directory);
	key_free(&question->key);
}
#define owned_question __attribute__((cleanup(question_done)))

static int take_day(const struct options *options, struct question *question,
		    struct err *err)
{
	time_t now = time(NULL);
	struct tm utc = { 0 };
	const char *end;

	question->of.as_of = question->today;
	if (!options->as_of) {
		(void)gmtime_r(&now, &utc);
		(void)strftime(question->today, sizeof(question->today), "%Y-%m-%d",
			       &utc);
		return 0;
	}
	end = strptime(options->as_of, "%Y-%m-%d", &utc);
	if (!end || *end || strlen(options->as_of) != strlen("YYYY-MM-DD"))
		return err_policy(err, "report", "--as-of: must be YYYY-MM-DD");
	question->of.as_of = options->as_of;
	return 0;
}

static int take_bundle(const struct options *options, struct question *question,
		       struct err *err)
{
	if (!options->input_count)
		return need(options->chain, "verify needs a bundle, or --chain DIR", err);
	question->of.bundle = options->inputs[0];
	question->of.directory =
		open(question->of.bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (question->of.directory < 0)
		return err_sys(err, "report", "cannot open %s as a directory",
			       question->of.bundle);
	return 0;
}

static int take_question(const struct options *options, struct question *question,
			 struct err *err)
{
	question->of.chain = options->chain;
	question->of.challenge = options->challenge;
	question->of.hostname = options->host;
	if (take_bundle(options, question, err) < 0 ||
	    take_day(options, question, err) < 0)
		return -1;
	if (options->print_pae || options->print_sig)
		return need(question->of.bundle,
			    "--print-pae and --print-sig need a bundle", err);
	if (need(options->key, "verify needs --key FILE, the public key", err) < 0 ||
	    key_read_public(options->key, &question->key, err) < 0)
		return -1;
	question->of.key = question->key;
	if (options->head &&
	    (need(options->chain, "--head needs --chain DIR", err) < 0 ||
	     chain_parse_head(options->head, &question->anchor, err) < 0))
		return -1;
	question->of.anchor = options->head ? &question->anchor : NULL;
	if (!question->of.bundle && (options->challenge || options->max_age))
		return need(NULL, "--challenge and --max-age need a bundle", err);
	if (options->max_age && parse_duration_ms(options->max_age, AGE_MAX_MS,
						  &question->of.max_age_ms, err) < 0)
		return err_within(err, "--max-age");
	return 0;
}

int command_verify(const struct options *options)
{
	owned_question struct question question = { .of = { .directory = -1 } };
	owned_str struct str text = { 0 };
	struct err err = { 0 };
	int result;

	if (take_question(options, &question, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	result = options->print_pae || options->print_sig
			 ? verify_print(question.of.directory, question.of.bundle,
					options->print_sig != NULL, &text, &err)
			 : verify_run(&question.of, &text, &err);
	if (result < 0)
		return complain(&err, OUTCOME_EVIDENCE);
	return finish(options, &text);
}

/* --- sample --- */

static int take_paths(const struct options *options, struct gather *paths,
		      struct err *err)
{
	for (size_t i = 0; i < options->input_count; i++)
		if (gather_add(paths, options->inputs[i], err) < 0)
			return -1;
	return gather_sort(paths, err);
}

int command_sample(const struct options *options)
{
	struct gather paths __attribute__((cleanup(gather_done))) = { 0 };
	owned_str struct str text = { 0 };
	uint64_t seed = 0, size = 0;
	struct err err = { 0 };

	if (need(options->seed && options->size ? options->seed : NULL,
		 "sample needs --seed N and --size K", &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	if (parse_u64(options->seed, 0, UINT64_MAX, &seed, &err) < 0) {
		(void)err_within(&err, "--seed");
		return complain(&err, OUTCOME_USAGE);
	}
	if (parse_u64(options->size, 1, SAMPLE_SIZE_MAX, &size, &err) < 0) {
		(void)err_within(&err, "--size");
		return complain(&err, OUTCOME_USAGE);
	}
	if (take_paths(options, &paths, &err) < 0 ||
	    sample_run(&paths, seed, (size_t)size, &text, &err) < 0)
		return complain(&err, OUTCOME_USAGE);
	return finish(options, &text);
}
