/* SPDX-License-Identifier: Apache-2.0 */
/* statement - see statement.h. */
#include "reports/evidence/statement.h"
#include "reports/fields.h"
#include "runner/base/own.h"
#include <string.h>

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define PREDICATE_TYPE "https://in-toto.io/attestation/test-result/v0.1"
#define SEQUENCE_MAX   99999999

static const struct json_limits limits = { .max_bytes = 16U << 20,
					   .max_depth = 8,
					   .max_values = 1U << 20 };

/* Where the predicate lists a probe: as the gate takes it, and JUnit shows it. */
static const char *const list_names[] = {
	[RULING_PASS] = "passedTests",
	[RULING_SKIPPED] = "warnedTests",
	[RULING_FAILURE] = "failedTests",
	[RULING_ERROR] = "failedTests",
};

const char *statement_result(const struct outcome *outcome)
{
	if (outcome->exit == OUTCOME_PASS)
		return "PASSED";
	return outcome->exit == OUTCOME_DEGRADED ? "WARNED" : "FAILED";
}

/* --- writing --- */

static void add_text_or_null(struct json *object, const char *key, const char *text)
{
	if (text)
		json_add_text(object, key, text);
	else
		json_add_null(object, key);
}

static void add_file(struct json *array, const struct member *member)
{
	struct json *object = json_object(), *digest;

	json_add_text(object, "name", member->name);
	digest = json_add_object(object, "digest");
	json_add_text(digest, "sha256", member->sha256);
	json_append(array, object);
}

/* Under what it was tested: the text, and what the operator chose. */
static void add_configuration(struct json *predicate, const struct members *members)
{
	static const char *const names[] = { "CONFORMANCE.md", "policy", "waivers.json" };
	struct json *array = json_add_array(predicate, "configuration");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct member *member = members_find(members, names[i]);

		if (member)
			add_file(array, member);
	}
}

static void add_tests(struct json *predicate, const struct results *results)
{
	static const char *const names[] = { "passedTests", "warnedTests",
					     "failedTests" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct json *array = json_add_array(predicate, names[i]);

		for (size_t j = 0; j < results->probe_count; j++) {
			const struct results_probe *probe = &results->probes[j];
			struct ruling ruling = outcome_rule_probe(results, probe);

			if (strcmp(list_names[ruling.kind], names[i]) == 0)
				json_append_text(array, probe->id);
		}
	}
}

static void add_counts(struct json *object, const struct results *results)
{
	struct json *counts = json_add_object(object, "counts");
	size_t by[VERDICT_COUNT] = { 0 };

	for (size_t i = 0; i < results->probe_count; i++)
		by[results->probes[i].verdict]++;
	json_add_u64(counts, "probes", results->probe_count);
	for (unsigned int i = 0; i < VERDICT_COUNT; i++)
		json_add_u64(counts, verdict_words[i], by[i]);
}

static void add_origin(struct json *object, const struct statement_of *of)
{
	const struct results *results = of->results;
	struct json *host = json_add_object(object, "host"), *run, *asked, *digests;

	json_add_text(host, "name", results->hostname);
	add_text_or_null(host, "identity", of->record->identity);
	run = json_add_object(object, "run");
	json_add_text(run, "id", results->run.id);
	json_add_text(run, "started", results->run.started);
	add_text_or_null(run, "ended", results->run.ended);
	json_add_bool(run, "privileged", results->run.privileged);
	json_add_text(run, "target", results->target.name);
	asked = json_add_object(object, "attestation");
	json_add_text(asked, "label", of->record->label);
	add_text_or_null(asked, "challenge", of->record->challenge);
	digests = json_add_object(object, "digests");
	for (unsigned int i = 0; i < RECORD_DIGEST_COUNT; i++)
		add_text_or_null(digests, record_digest_names[i], of->record->digests[i]);
}

static void add_link(struct json *object, const struct statement_link *link)
{
	struct json *chain;

	json_add_text(object, "signed", link->signed_at);
	if (!link->sequence) {
		json_add_null(object, "chain");
		return;
	}
	chain = json_add_object(object, "chain");
	json_add_u64(chain, "sequence", link->sequence);
	add_text_or_null(chain, "previous", link->previous);
}

struct json *statement_build(const struct statement_of *of)
{
	struct json *root = json_object(), *subjects, *predicate, *ours;

	json_add_text(root, "_type", STATEMENT_TYPE);
	subjects = json_add_array(root, "subject");
	for (size_t i = 0; i < of->members->count; i++)
		add_file(subjects, &of->members->rows[i]);
	json_add_text(root, "predicateType", PREDICATE_TYPE);
	predicate = json_add_object(root, "predicate");
	json_add_text(predicate, "result", statement_result(of->outcome));
	add_configuration(predicate, of->members);
	add_tests(predicate, of->results);
	ours = json_add_object(predicate, "confine");
	json_add_text(ours, "schema", STATEMENT_SCHEMA);
	add_origin(ours, of);
	add_counts(ours, of->results);
	json_add_bool(ours, "complete", of->results->complete);
	json_add_u64(ours, "level", of->outcome->level);
	json_add_u64(ours, "waivers", of->outcome->waivers);
	json_add_u64(ours, "exit", (uint64_t)of->outcome->exit);
	add_link(ours, &of->link);
	return root;
}

/* --- reading --- */

void statement_done(struct statement *statement)
{
	members_done(&statement->subjects);
	json_delete(&statement->document);
	memset(statement, 0, sizeof(*statement));
}

static bool is_digest(const char *text)
{
	return text && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* A constant of the format. */
static int expect(const struct json *object, const struct json_at *at, const char *key,
		  const char *wanted, struct err *err)
{
	struct json_at place = json_at_member(at, key);
	const char *text = NULL;

	if (json_get_string(object, at, key, &text, err) < 0)
		return -1;
	return str_equal(text, wanted)
		       ? 0
		       : json_fault(&place, err, "must be \"%s\"", wanted);
}

static int read_subject(const struct json *item, const struct json_at *at,
			struct members *subjects, struct err *err)
{
	struct json_at inner, name_at = json_at_member(at, "name");
	const char *name = NULL, *sha256 = NULL;
	struct json *digest;

	if (!json_is(item, JSON_OBJECT))
		return json_fault(at, err, "must be an object");
	if (json_get_string(item, at, "name", &name, err) < 0 ||
	    fields_object(item, at, "digest", &digest, &inner, err) < 0 ||
	    json_get_string(digest, &inner, "sha256", &sha256, err) < 0)
		return -1;
	if (!name || !member_is_name(name))
		return json_fault(&name_at, err, "must be the name of a member");
	if (subjects->count &&
	    strcmp(subjects->rows[subjects->count - 1].name, name) >= 0)
		return json_fault(&name_at, err,
				  "must be after the name before it, bytewise");
	if (!is_digest(sha256))
		return json_fault(&inner, err, "must have a sha256");
	members_add(subjects, name, sha256);
	return 0;
}

static int read_subjects(const struct json *document, const struct json_at *root,
			 struct members *subjects, struct err *err)
{
	struct fields_list list;
	const struct json *item;

	if (fields_array(document, root, "subject", MEMBERS_MAX, &list, err) < 0)
		return -1;
	json_each(item, list.items) {
		struct json_at at = json_at_index(&list.at, subjects->count);

		if (read_subject(item, &at, subjects, err) < 0)
			return -1;
	}
	return 0;
}

#define AT(member) offsetof(struct statement, member)
static const struct field host_fields[] = {
	{ "name", FIELD_NAME, AT(hostname), .need = FIELD_REQUIRED },
	{ "identity", FIELD_ID, AT(identity), .need = FIELD_OPTIONAL },
};
static const struct field run_fields[] = {
	{ "id", FIELD_ID, AT(run), .need = FIELD_REQUIRED },
};
static const struct field our_fields[] = {
	{ "signed", FIELD_TIME, AT(link.signed_at), .need = FIELD_REQUIRED },
};
static const struct field chain_fields[] = {
	{ "sequence", FIELD_NUMBER, AT(link.sequence), .min = 1, .max = SEQUENCE_MAX },
	{ "previous", FIELD_ID, AT(link.previous), .need = FIELD_OPTIONAL },
};
#undef AT

static int read_chain(const struct json *ours, const struct json_at *at,
		      struct statement *statement, struct err *err)
{
	struct json_at inner, place;
	struct json *chain;

	if (!fields_member(ours, "chain"))
		return 0;
	if (fields_object(ours, at, "chain", &chain, &inner, err) < 0 ||
	    fields_read(chain, &inner, chain_fields, ARRAY_SIZE(chain_fields), statement,
			err) < 0)
		return -1;
	place = json_at_member(&inner, "previous");
	if (statement->link.previous && !is_digest(statement->link.previous))
		return json_fault(&place, err, "must be a SHA-256 in hexadecimal");
	if ((statement->link.sequence == 1) != (statement->link.previous == NULL))
		return json_fault(&place, err,
				  "must be there for all but the first of a chain");
	return 0;
}

static int read_predicate(const struct json *predicate, const struct json_at *at,
			  struct statement *statement, struct err *err)
{
	struct json_at ours_at, inner;
	struct json *ours, *object;

	if (json_get_string(predicate, at, "result", &statement->result, err) < 0 ||
	    fields_object(predicate, at, "confine", &ours, &ours_at, err) < 0 ||
	    expect(ours, &ours_at, "schema", STATEMENT_SCHEMA, err) < 0 ||
	    fields_read(ours, &ours_at, our_fields, ARRAY_SIZE(our_fields), statement,
			err) < 0 ||
	    fields_object(ours, &ours_at, "host", &object, &inner, err) < 0 ||
	    fields_read(object, &inner, host_fields, ARRAY_SIZE(host_fields), statement,
			err) < 0 ||
	    fields_object(ours, &ours_at, "run", &object, &inner, err) < 0 ||
	    fields_read(object, &inner, run_fields, ARRAY_SIZE(run_fields), statement,
			err) < 0)
		return -1;
	return read_chain(ours, &ours_at, statement, err);
}

static int read_document(const char *what, struct statement *statement, struct err *err)
{
	const struct json_at root = json_at_root(what);
	const struct json *document = statement->document;
	struct json *predicate;
	struct json_at at;

	if (!json_is(document, JSON_OBJECT))
		return json_fault(&root, err, "must be an object");
	if (expect(document, &root, "_type", STATEMENT_TYPE, err) < 0 ||
	    expect(document, &root, "predicateType", PREDICATE_TYPE, err) < 0 ||
	    read_subjects(document, &root, &statement->subjects, err) < 0 ||
	    fields_object(document, &root, "predicate", &predicate, &at, err) < 0)
		return -1;
	return read_predicate(predicate, &at, statement, err);
}

int statement_read(const char *what, const struct str *payload, struct statement *ret,
		   struct err *err)
{
	if (json_parse(what, str_text(payload), payload->length, &limits, &ret->document,
		       err) < 0)
		return -1;
	if (read_document(what, ret, err) == 0)
		return 0;
	statement_done(ret);
	return -1;
}
