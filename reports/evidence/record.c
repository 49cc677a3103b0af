/* SPDX-License-Identifier: Apache-2.0 */
/* record - see record.h. */
#include "reports/evidence/record.h"
#include "reports/fields.h"
#include "runner/base/str.h"
#include <string.h>

const char *const record_digest_names[RECORD_DIGEST_COUNT] = {
	[RECORD_LAUNCHER] = "launcher", [RECORD_TARGET] = "target",
	[RECORD_POLICY] = "policy",     [RECORD_CATALOGUE] = "catalogue",
	[RECORD_ATTACK] = "attack",     [RECORD_SUITE] = "suite",
	[RECORD_TEXT] = "text",
};

static bool is_digest(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* A member that is a digest, null, or not there. */
static int read_digest(const struct json *object, const struct json_at *at,
		       const char *name, const char **ret, struct err *err)
{
	struct json_at place = json_at_member(at, name);
	const char *text = NULL;

	if (!fields_member(object, name))
		return 0;
	if (json_get_string(object, at, name, &text, err) < 0)
		return -1;
	if (!is_digest(text))
		return json_fault(&place, err, "must be a SHA-256 in hexadecimal");
	*ret = text;
	return 0;
}

static int read_conditions(const struct json *document, const struct json_at *root,
			   struct record *record, struct err *err)
{
	struct json *conditions, *object;
	struct json_at at, inner;

	if (fields_object(document, root, "conditions", &conditions, &at, err) < 0 ||
	    fields_object(conditions, &at, "host", &object, &inner, err) < 0 ||
	    read_digest(object, &inner, "identity", &record->identity, err) < 0 ||
	    fields_object(conditions, &at, "digests", &object, &inner, err) < 0)
		return -1;
	for (unsigned int i = 0; i < RECORD_DIGEST_COUNT; i++)
		if (read_digest(object, &inner, record_digest_names[i],
				&record->digests[i], err) < 0)
			return -1;
	return 0;
}

static int read_attestation(const struct json *document, const struct json_at *root,
			    struct record *record, struct err *err)
{
	static const char *const labels[] = { "self-attested", "collector-witnessed",
					      NULL };
	struct json_at at, place;
	struct json *object;
	unsigned int label = 0;

	if (fields_object(document, root, "attestation", &object, &at, err) < 0 ||
	    json_get_word(object, &at, "label", labels, &label, err) < 0)
		return -1;
	if (fields_member(object, "challenge") &&
	    json_get_string(object, &at, "challenge", &record->challenge, err) < 0)
		return -1;
	place = json_at_member(&at, "label");
	if ((record->challenge != NULL) != (label == 1))
		return json_fault(&place, err, "must be \"%s\" %s a challenge",
				  labels[record->challenge ? 1 : 0],
				  record->challenge ? "with" : "without");
	record->label = labels[label];
	return 0;
}

int record_read(const char *what, const struct results *results, struct record *ret,
		struct err *err)
{
	const struct json_at root = json_at_root(what);
	struct json_at policy_at = json_at_member(&root, "policy"), place;
	struct record record = { .label = NULL };

	if (read_attestation(results->document, &root, &record, err) < 0 ||
	    read_conditions(results->document, &root, &record, err) < 0)
		return -1;
	place = json_at_member(&policy_at, "sha256");
	if (!str_equal(record.digests[RECORD_POLICY], results->policy.sha256))
		return json_fault(&place, err, "is not /conditions/digests/policy");
	*ret = record;
	return 0;
}
