/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign - see sign.h. What the record says took part is compared with what is put into the bundle: the
 * scripts of another version would be evidence for something that was not run.
 */
#include "reports/evidence/sign.h"
#include "reports/evidence/bundle.h"
#include "reports/evidence/chain.h"
#include "reports/evidence/share.h"
#include "reports/read.h"
#include "reports/waivers.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define RECEIPTS_MAX 1000000
#define HOST_POLICY  "the host's default, "

struct run {
	struct results results;
	struct waivers waivers;
	struct outcome outcome;
	struct record record;
	struct bundle bundle;
};

static void run_done(struct run *run)
{
	bundle_done(&run->bundle);
	waivers_done(&run->waivers);
	results_done(&run->results);
}
#define owned_run __attribute__((cleanup(run_done)))

/* The bytes that are signed are the bytes that were judged. */
static int take_results(const struct sign_of *of, struct run *run, struct err *err)
{
	const char *what = strcmp(of->results, "-") == 0 ? "standard input" : of->results;
	owned_str struct str text = { 0 };

	if (strcmp(of->results, "-") != 0) {
		if (fd_read_file(of->results, json_large.max_bytes, &text, err) < 0)
			return -1;
	} else if (fd_read_all(STDIN_FILENO, json_large.max_bytes, &text, err) < 0) {
		return err_within(err, "%s", what);
	}
	if (read_text(what, str_text(&text), text.length, &run->results, err) < 0 ||
	    record_read(what, &run->results, &run->record, err) < 0)
		return -1;
	bundle_add(&run->bundle, "results.json", &text);
	return 0;
}

static int take_waivers(const struct sign_of *of, struct run *run, struct err *err)
{
	owned_str struct str text = { 0 };

	if (!of->waivers)
		return 0;
	if (fd_read_file(of->waivers, json_small.max_bytes, &text, err) < 0 ||
	    waivers_read_text(of->waivers, str_text(&text), text.length, &run->waivers,
			      err) < 0 ||
	    waivers_apply(&run->waivers, &run->results, err) < 0)
		return -1;
	bundle_add(&run->bundle, "waivers.json", &text);
	return 0;
}

/* --- what took part --- */

static int take_probes(struct bundle *bundle, const char *prefix, const char *directory,
		       struct err *err)
{
	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		owned_str struct str name = { 0 }, path = { 0 };

		str_addf(&name, "%s/%s", prefix, layer_words[i]);
		str_addf(&path, "%s/%s", directory, layer_words[i]);
		if (bundle_add_folder(bundle, name.text, path.text, ".sh", err) < 0)
			return -1;
	}
	return 0;
}

static int take_share(struct bundle *bundle, const char *share, struct err *err)
{
	static const char *const files[] = {
		"CONFORMANCE.md",
		"probes/README.md",
		"probes/lib.sh",
		"probes/mark.sh",
		"probes/gconv-modules",
		"controls/NOTICE",
		"controls/frameworks.tsv",
		"controls/ids.tsv",
		"controls/requirements.tsv",
	};
	owned_str struct str probes = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		owned_str struct str path = { 0 };

		str_addf(&path, "%s/%s", share, files[i]);
		if (bundle_add_file(bundle, files[i], path.text, err) < 0)
			return -1;
	}
	str_addf(&probes, "%s/probes", share);
	return take_probes(bundle, "probes", probes.text, err);
}

static const struct member *last_member(const struct bundle *bundle)
{
	return &bundle->members.rows[bundle->members.count - 1];
}

/* The file that the record names, if it is still the one that the run used. */
static int take_policy(const struct sign_of *of, struct run *run, struct err *err)
{
	const char *wanted = run->record.digests[RECORD_POLICY];
	const char *path = of->policy ? of->policy : run->results.policy.source;

	if (!wanted)
		return of->policy
			       ? err_policy(err, "report",
					    "%s: the run had no policy file", of->policy)
			       : 0;
	if (!of->policy && str_has_prefix(path, HOST_POLICY))
		path += strlen(HOST_POLICY);
	if (bundle_add_file(&run->bundle, "policy", path, err) < 0)
		return err_within(err, "the policy of the run (--policy FILE)");
	if (strcmp(last_member(&run->bundle)->sha256, wanted) != 0)
		return err_policy(err, "report",
				  "%s: is not the policy of the run, which has the "
				  "SHA-256 %s; --policy FILE",
				  path, wanted);
	return 0;
}

/* As sha256sum prints them. The receipts stay where they are: they may hold what a bundle should not. */
static int take_receipts(const struct sign_of *of, struct run *run, struct err *err)
{
	owned_members struct members receipts = { 0 };
	owned_str struct str list = { 0 };
	owned_fd int directory = -1;

	if (!of->receipts)
		return 0;
	directory = open(of->receipts, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return err_sys(err, "report", "cannot open %s", of->receipts);
	if (members_read(directory, of->receipts, RECEIPTS_MAX, &receipts, err) < 0)
		return -1;
	for (size_t i = 0; i < receipts.count; i++)
		str_addf(&list, "%s  %s\n", receipts.rows[i].sha256,
			 receipts.rows[i].name);
	if (!receipts.count)
		return err_policy(err, "report", "%s: holds no receipt", of->receipts);
	bundle_add(&run->bundle, "receipts.sha256", &list);
	return 0;
}

static int check_parts(const struct run *run, struct err *err)
{
	const char *text = run->record.digests[RECORD_TEXT];
	char catalogue[DIGEST_HEX];

	members_catalogue(&run->bundle.members, catalogue);
	if (!str_equal(catalogue, run->record.digests[RECORD_CATALOGUE]))
		return err_policy(err, "report",
				  "the probes of this installation are not those of the "
				  "run: sign where it ran, with the same version; "
				  "--probes DIR for your own");
	if (text &&
	    strcmp(text, members_find(&run->bundle.members, "CONFORMANCE.md")->sha256) !=
		    0)
		return err_policy(err, "report",
				  "CONFORMANCE.md of this installation is not that of "
				  "the run");
	return 0;
}

static int take_all(const struct sign_of *of, struct run *run, struct err *err)
{
	owned_str struct str share = { 0 };

	if (take_results(of, run, err) < 0 || take_waivers(of, run, err) < 0 ||
	    share_find(&share, err) < 0 ||
	    take_share(&run->bundle, share.text, err) < 0 ||
	    (of->probes && take_probes(&run->bundle, "own", of->probes, err) < 0) ||
	    take_policy(of, run, err) < 0 || take_receipts(of, run, err) < 0)
		return -1;
	outcome_compute(&run->results, &run->outcome);
	bundle_seal(&run->bundle);
	return check_parts(run, err);
}

/* --- the envelope --- */

static int now_text(char ret[STATEMENT_TIME], struct err *err)
{
	time_t now = time(NULL);
	struct tm utc;

	if (!gmtime_r(&now, &utc) || strftime(ret, STATEMENT_TIME, "%Y-%m-%dT%H:%M:%SZ",
					      &utc) != STATEMENT_TIME - 1)
		return err_set(err, ERR_SYSTEM, "report", "the clock has no time");
	return 0;
}

static int make_envelope(const struct sign_of *of, const struct run *run,
			 const struct chain *chain, struct str *ret, struct err *err)
{
	owned_json struct json *statement = NULL;
	owned_mem char *printed = NULL;
	owned_str struct str payload = { 0 };
	char signed_at[STATEMENT_TIME];
	struct statement_of what = {
		.results = &run->results,
		.outcome = &run->outcome,
		.record = &run->record,
		.members = &run->bundle.members,
		.link = { .signed_at = signed_at },
	};

	if (now_text(signed_at, err) < 0)
		return -1;
	if (of->chain) {
		what.link.sequence = chain->last.sequence + 1;
		what.link.previous = chain->last.sequence ? chain->last.sha256 : NULL;
	}
	statement = statement_build(&what);
	printed = json_print(statement, false);
	str_add(&payload, printed);
	return envelope_write(of->key, &payload, ret, err);
}

static void say(const struct sign_of *of, const struct run *run,
		const struct chain *chain, struct str *said)
{
	str_addf(said, "signed  %zu files in %s: %s, %zu probes, exit %d\n",
		 run->bundle.members.count, of->output, statement_result(&run->outcome),
		 run->results.probe_count, (int)run->outcome.exit);
	str_addf(said, "key     %s\n", key_id(of->key));
	if (of->chain)
		str_addf(said, "head    %llu:%s\n",
			 (unsigned long long)chain->last.sequence, chain->last.sha256);
}

int sign_run(const struct sign_of *of, struct str *said, struct err *err)
{
	owned_run struct run run = { .record = { .label = NULL } };
	owned_draft struct draft draft = { .bundle = NULL };
	owned_chain struct chain chain = { .path = NULL };
	owned_str struct str envelope = { 0 };

	if (take_all(of, &run, err) < 0 ||
	    draft_write(&run.bundle, of->output, &draft, err) < 0)
		return -1;
	if (of->chain && chain_open(of->chain, of->key, run.results.hostname,
				    run.record.identity, &chain, err) < 0)
		return -1;
	if (make_envelope(of, &run, &chain, &envelope, err) < 0 ||
	    draft_add(&draft, ENVELOPE_NAME, &envelope, err) < 0)
		return -1;
	/* An entry without its bundle is a run whose record was lost, and says so; a bundle without
	 * its entry could be followed by another with the same number. */
	if ((of->chain && chain_append(&chain, &envelope, err) < 0) ||
	    draft_place(&draft, err) < 0)
		return -1;
	say(of, &run, &chain, said);
	return 0;
}
