/* SPDX-License-Identifier: Apache-2.0 */
/* envelope - see envelope.h. */
#include "reports/evidence/envelope.h"
#include "reports/evidence/base64.h"
#include "reports/fields.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

static const struct json_limits limits = { .max_bytes = ENVELOPE_MAX, .max_depth = 4 };

void envelope_done(struct envelope *envelope)
{
	str_done(&envelope->payload);
	str_done(&envelope->signature);
}

static int read_base64(const struct json *object, const struct json_at *at,
		       const char *name, struct str *ret, struct err *err)
{
	struct json_at place = json_at_member(at, name);
	const char *text = NULL;

	if (json_get_string(object, at, name, &text, err) < 0)
		return -1;
	if (!text || !base64_decode(ret, text, strlen(text)))
		return json_fault(&place, err,
				  "must be base64 of the usual alphabet, padded, without "
				  "blanks");
	return 0;
}

static int read_signature(const struct json *document, const struct json_at *root,
			  struct envelope *ret, struct err *err)
{
	static const char *const names[] = { "keyid", "sig", NULL };
	struct fields_list list;
	struct json_at at;

	if (fields_array(document, root, "signatures", 100, &list, err) < 0)
		return -1;
	if (list.count != 1)
		return json_fault(&list.at, err, "must be one signature, not %zu",
				  list.count);
	at = json_at_index(&list.at, 0);
	if (!json_is(list.items->first, JSON_OBJECT))
		return json_fault(&at, err, "must be an object");
	if (json_only(list.items->first, &at, names, err) < 0)
		return -1;
	return read_base64(list.items->first, &at, "sig", &ret->signature, err);
}

static int read_document(const struct json *document, const struct json_at *root,
			 struct envelope *ret, struct err *err)
{
	static const char *const names[] = { "payload", "payloadType", "signatures",
					     NULL };
	struct json_at at = json_at_member(root, "payloadType");
	const char *type = NULL;

	if (!json_is(document, JSON_OBJECT))
		return json_fault(root, err, "must be an object");
	if (json_only(document, root, names, err) < 0 ||
	    json_get_string(document, root, "payloadType", &type, err) < 0)
		return -1;
	if (!str_equal(type, ENVELOPE_TYPE))
		return json_fault(&at, err, "must be \"%s\"", ENVELOPE_TYPE);
	if (read_base64(document, root, "payload", &ret->payload, err) < 0)
		return -1;
	return read_signature(document, root, ret, err);
}

int envelope_read(const char *what, const char *text, size_t length, struct envelope *ret,
		  struct err *err)
{
	const struct json_at root = json_at_root(what);
	owned_envelope struct envelope envelope = { 0 };
	owned_json struct json *document = NULL;

	if (json_parse(what, text, length, &limits, &document, err) < 0 ||
	    read_document(document, &root, &envelope, err) < 0)
		return -1;
	*ret = envelope;
	memset(&envelope, 0, sizeof(envelope));
	return 0;
}

void envelope_add_pae(struct str *str, const struct str *payload)
{
	str_addf(str, "DSSEv1 %zu %s %zu ", strlen(ENVELOPE_TYPE), ENVELOPE_TYPE,
		 payload->length);
	str_add_bytes(str, str_text(payload), payload->length);
}

static void add_form(struct str *str, const struct str *payload, const char *id,
		     const struct str *signature)
{
	str_add(str, "{\"payload\":\"");
	base64_add(str, str_text(payload), payload->length);
	str_addf(str,
		 "\",\"payloadType\":\"%s\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"",
		 ENVELOPE_TYPE, id);
	base64_add(str, str_text(signature), signature->length);
	str_add(str, "\"}]}\n");
}

int envelope_verify(const char *what, const char *text, size_t length,
		    const struct key *key, struct envelope *ret, struct err *err)
{
	owned_envelope struct envelope envelope = { 0 };
	owned_str struct str pae = { 0 }, form = { 0 };

	if (envelope_read(what, text, length, &envelope, err) < 0)
		return -1;
	envelope_add_pae(&pae, &envelope.payload);
	if (key_verify(key, pae.text, pae.length, str_text(&envelope.signature),
		       envelope.signature.length, err) < 0)
		return err_within(err, "%s", what);
	add_form(&form, &envelope.payload, key_id(key), &envelope.signature);
	if (form.length != length || memcmp(form.text, text, length) != 0)
		return err_policy(err, "report",
				  "%s: is not byte for byte what sign writes (layout or "
				  "keyid), though the statement in it is signed",
				  what);
	*ret = envelope;
	memset(&envelope, 0, sizeof(envelope));
	return 0;
}

int envelope_write(const struct key *key, const struct str *payload, struct str *ret,
		   struct err *err)
{
	owned_str struct str pae = { 0 }, signature = { 0 };

	envelope_add_pae(&pae, payload);
	if (key_sign(key, pae.text, pae.length, &signature, err) < 0)
		return -1;
	add_form(ret, payload, key_id(key), &signature);
	return 0;
}
