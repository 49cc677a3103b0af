/* SPDX-License-Identifier: Apache-2.0 */
/* verify - see verify.h. */
#include "reports/evidence/verify.h"
#include "reports/evidence/ssh.h"
#include "reports/message.h"
#include "reports/read.h"
#include "reports/waivers.h"
#include "runner/base/own.h"
#include <string.h>
#include <time.h>

#define SHOWN_MAX 200

/* A bundle as far as it has been believed. */
struct opened {
	struct envelope envelope;
	struct chain_head head; /* its place in a chain, and the digest of the envelope */
	struct statement statement;
	struct members members; /* without the envelope */
	struct results results;
	struct waivers waivers;
	struct outcome outcome;
	struct record record;
};

static void opened_done(struct opened *opened)
{
	envelope_done(&opened->envelope);
	waivers_done(&opened->waivers);
	results_done(&opened->results);
	statement_done(&opened->statement);
	members_done(&opened->members);
}
#define owned_opened __attribute__((cleanup(opened_done)))

static int fault(const struct verify_of *of, struct err *err, const char *name,
		 const char *why)
{
	return err_policy(err, "report", "%s/%s: %s", of->bundle, name, why);
}

/* --- envelope and members --- */

static int see_envelope(const struct verify_of *of, struct opened *opened,
			struct err *err)
{
	owned_str struct str text = { 0 }, what = { 0 };

	str_addf(&what, "%s/" ENVELOPE_NAME, of->bundle);
	if (members_load(of->directory, of->bundle, ENVELOPE_NAME, ENVELOPE_MAX, &text,
			 err) < 0 ||
	    envelope_verify(what.text, str_text(&text), text.length, of->key,
			    &opened->envelope, err) < 0 ||
	    statement_read(what.text, &opened->envelope.payload, &opened->statement,
			   err) < 0)
		return -1;
	opened->head.sequence = opened->statement.link.sequence;
	digest_sha256(str_text(&text), text.length, opened->head.sha256);
	return 0;
}

/* Both lists are sorted: the first difference has a name. */
static int compare_members(const struct verify_of *of, const struct members *signed_ones,
			   const struct members *found, struct err *err)
{
	const struct member *was = signed_ones->rows, *is = found->rows;
	size_t both =
		signed_ones->count < found->count ? signed_ones->count : found->count;

	for (size_t i = 0; i < both; i++) {
		int order = strcmp(was[i].name, is[i].name);

		if (order < 0)
			return fault(of, err, was[i].name, "was signed, and is missing");
		if (order > 0)
			return fault(of, err, is[i].name, "was not signed");
		if (strcmp(was[i].sha256, is[i].sha256) != 0)
			return fault(of, err, is[i].name, "is not what was signed");
	}
	if (both < signed_ones->count)
		return fault(of, err, was[both].name, "was signed, and is missing");
	return both < found->count ? fault(of, err, is[both].name, "was not signed") : 0;
}

static int see_members(const struct verify_of *of, struct opened *opened, struct err *err)
{
	owned_members struct members found = { 0 };

	if (members_read(of->directory, of->bundle, MEMBERS_MAX, &found, err) < 0)
		return -1;
	for (size_t i = 0; i < found.count; i++)
		if (strcmp(found.rows[i].name, ENVELOPE_NAME) != 0)
			members_add(&opened->members, found.rows[i].name,
				    found.rows[i].sha256);
	return compare_members(of, &opened->statement.subjects, &opened->members, err);
}

/* The bytes that are read are the bytes that were signed, also when the file changes meanwhile. */
static int load(const struct verify_of *of, const struct opened *opened, const char *name,
		struct str *ret, struct err *err)
{
	const struct member *member = members_find(&opened->members, name);
	char sha256[DIGEST_HEX];

	if (!member)
		return fault(of, err, name, "was not signed");
	if (members_load(of->directory, of->bundle, name, json_large.max_bytes, ret,
			 err) < 0)
		return -1;
	digest_sha256(str_text(ret), ret->length, sha256);
	return strcmp(sha256, member->sha256) == 0
		       ? 0
		       : fault(of, err, name, "is not what was signed");
}

static int see_results(const struct verify_of *of, struct opened *opened, struct err *err)
{
	owned_str struct str text = { 0 }, waivers = { 0 }, what = { 0 };

	str_addf(&what, "%s/results.json", of->bundle);
	if (load(of, opened, "results.json", &text, err) < 0 ||
	    read_text(what.text, str_text(&text), text.length, &opened->results, err) <
		    0 ||
	    record_read(what.text, &opened->results, &opened->record, err) < 0)
		return -1;
	if (members_find(&opened->members, "waivers.json") &&
	    (load(of, opened, "waivers.json", &waivers, err) < 0 ||
	     waivers_read_text("waivers.json", str_text(&waivers), waivers.length,
			       &opened->waivers, err) < 0 ||
	     waivers_apply(&opened->waivers, &opened->results, err) < 0))
		return -1;
	outcome_compute(&opened->results, &opened->outcome);
	return 0;
}

/* --- do the parts belong together? --- */

static int tie(const struct verify_of *of, const struct opened *opened, const char *name,
	       enum record_digest digest, struct err *err)
{
	const struct member *member = members_find(&opened->members, name);
	const char *wanted = opened->record.digests[digest];

	if (str_equal(wanted, member ? member->sha256 : NULL))
		return 0;
	return fault(of, err, name,
		     member ? "is not what the record names"
			    : "is missing, and the record names one");
}

static int check_parts(const struct verify_of *of, const struct opened *opened,
		       struct err *err)
{
	const struct statement_of again = {
		.results = &opened->results,
		.outcome = &opened->outcome,
		.record = &opened->record,
		.members = &opened->members,
		.link = opened->statement.link,
	};
	owned_json struct json *statement = statement_build(&again);
	char catalogue[DIGEST_HEX];

	members_catalogue(&opened->members, catalogue);
	if (!str_equal(catalogue, opened->record.digests[RECORD_CATALOGUE]))
		return fault(of, err, "probes", "are not those that the record names");
	if (tie(of, opened, "policy", RECORD_POLICY, err) < 0 ||
	    (opened->record.digests[RECORD_TEXT] &&
	     tie(of, opened, "CONFORMANCE.md", RECORD_TEXT, err) < 0))
		return -1;
	if (!json_equal(statement, opened->statement.document))
		return fault(of, err, ENVELOPE_NAME,
			     "states what does not follow from the members");
	/* A run control that failed, or a status that the rows do not make. */
	if (opened->outcome.exit == OUTCOME_EVIDENCE)
		return fault(of, err, "results.json",
			     "is what was signed, and cannot be believed: see confine "
			     "report text");
	return 0;
}

/* --- what the caller asked --- */

static int check_challenge(const struct verify_of *of, const struct opened *opened,
			   struct err *err)
{
	const char *given = opened->record.challenge;
	owned_str struct str shown = { 0 };

	if (!of->challenge || str_equal(of->challenge, given))
		return 0;
	str_add_visible(&shown, given ? given : "", given ? strlen(given) : 0, SHOWN_MAX);
	return err_policy(err, "report", "%s: answers %s%s, not the challenge %s",
			  of->bundle, given ? "the challenge " : "no challenge",
			  str_text(&shown), of->challenge);
}

static int check_host(const struct verify_of *of, const struct opened *opened,
		      struct err *err)
{
	owned_str struct str shown = { 0 };

	if (!of->hostname || str_equal(of->hostname, opened->results.hostname))
		return 0;
	str_add_visible(&shown, opened->results.hostname,
			strlen(opened->results.hostname), SHOWN_MAX);
	return err_policy(err, "report", "%s: is of the host %s, not of %s", of->bundle,
			  shown.text, of->hostname);
}

static int check_age(const struct verify_of *of, const struct opened *opened,
		     struct err *err)
{
	const char *ended = opened->results.run.ended;
	struct tm utc = { 0 };
	int64_t seconds;

	if (!of->max_age_ms)
		return 0;
	if (!ended || !strptime(ended, "%Y-%m-%dT%H:%M:%SZ", &utc))
		return err_policy(err, "report", "%s: the run did not end", of->bundle);
	seconds = (int64_t)time(NULL) - (int64_t)timegm(&utc);
	if (seconds <= 0 || (uint64_t)seconds <= of->max_age_ms / 1000)
		return 0;
	return err_policy(err, "report", "%s: the run ended at %s, too long ago",
			  of->bundle, ended);
}

/* A waiver holds until its day, whatever was signed before. */
static int check_waivers(const struct verify_of *of, const struct opened *opened,
			 struct err *err)
{
	long today = waivers_day(of->as_of);

	for (size_t i = 0; i < opened->results.waiver_count; i++) {
		const struct results_waiver *waiver = &opened->results.waivers[i];

		if (!waiver->unused && !waiver->refused &&
		    waivers_day(waiver->expires) < today)
			return err_policy(err, "report",
					  "%s: rests on the waiver of %s, which expired "
					  "on %s",
					  of->bundle, waiver->id, waiver->expires);
	}
	return 0;
}

static int check_chain(const struct verify_of *of, const struct opened *opened,
		       struct chain_head *head, struct err *err)
{
	const struct chain_of chain = {
		.path = of->chain,
		.key = of->key,
		.anchor = of->anchor,
		.has = of->bundle ? &opened->head : NULL,
		.hostname = of->bundle ? opened->results.hostname : NULL,
		.identity = of->bundle ? opened->record.identity : NULL,
	};

	if (of->bundle && !opened->head.sequence)
		return err_policy(err, "report", "%s: was signed for no chain",
				  of->bundle);
	return chain_verify(&chain, head, err);
}

/* --- what is said --- */

static void say_label(const struct verify_of *of, const struct opened *opened,
		      struct str *said)
{
	str_addf(said, "label   %s", opened->record.label);
	if (opened->record.challenge)
		str_addf(said, "%s",
			 of->challenge ? ", by the nonce that was asked"
				       : "; the nonce was not compared: --challenge");
	str_add(said, "\n");
}

static void say_bundle(const struct verify_of *of, const struct opened *opened,
		       struct str *said)
{
	const struct results *results = &opened->results;
	owned_str struct str level = { 0 };

	message_add_level(&level, results, &opened->outcome);
	str_addf(said, "holds   %zu files are as they were signed\n",
		 opened->members.count);
	str_add(said, "host    ");
	str_add_visible(said, results->hostname, strlen(results->hostname), SHOWN_MAX);
	str_addf(said, "\nrun     %s, %s to %s, %s\n", results->run.id,
		 results->run.started, results->run.ended ? results->run.ended : "no end",
		 results->run.privileged ? "as root" : "unprivileged");
	str_addf(said, "result  %s, exit %d: ", statement_result(&opened->outcome),
		 (int)opened->outcome.exit);
	str_add_visible(said, str_text(&level), level.length, 2000);
	str_add(said, "\n");
	say_label(of, opened, said);
	str_addf(said, "signed  %s by the host's clock, key %s\n",
		 opened->statement.link.signed_at, key_id(of->key));
	if (opened->head.sequence)
		str_addf(said, "place   %llu:%s\n",
			 (unsigned long long)opened->head.sequence, opened->head.sha256);
}

static void say_chain(const struct verify_of *of, const struct chain_head *head,
		      struct str *said)
{
	str_addf(said, "chain   %llu entries without a gap%s\nhead    %llu:%s\n",
		 (unsigned long long)head->sequence,
		 of->anchor ? ", and the anchored head is in it"
			    : "; an end that was cut off with its head is seen only by "
			      "--head",
		 (unsigned long long)head->sequence, head->sha256);
}

int verify_run(const struct verify_of *of, struct str *said, struct err *err)
{
	owned_opened struct opened opened = { .head = { .sequence = 0 } };
	struct chain_head head = { .sequence = 0 };

	if (of->bundle &&
	    (see_envelope(of, &opened, err) < 0 || see_members(of, &opened, err) < 0 ||
	     see_results(of, &opened, err) < 0 || check_parts(of, &opened, err) < 0 ||
	     check_challenge(of, &opened, err) < 0 || check_host(of, &opened, err) < 0 ||
	     check_age(of, &opened, err) < 0 || check_waivers(of, &opened, err) < 0))
		return -1;
	if (of->chain && check_chain(of, &opened, &head, err) < 0)
		return -1;
	if (of->bundle)
		say_bundle(of, &opened, said);
	if (of->chain)
		say_chain(of, &head, said);
	return 0;
}

int verify_print(int directory, const char *bundle, bool signature, struct str *ret,
		 struct err *err)
{
	owned_envelope struct envelope envelope = { 0 };
	owned_str struct str text = { 0 };

	if (members_load(directory, bundle, ENVELOPE_NAME, ENVELOPE_MAX, &text, err) <
		    0 ||
	    envelope_read(ENVELOPE_NAME, str_text(&text), text.length, &envelope, err) <
		    0)
		return -1;
	if (!signature)
		envelope_add_pae(ret, &envelope.payload);
	else if (envelope.signature.length == SSH_SIGNATURE_BYTES)
		str_add_bytes(ret, envelope.signature.text, envelope.signature.length);
	else
		ssh_add_armour(ret, str_text(&envelope.signature),
			       envelope.signature.length);
	return 0;
}
