/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an envelope, as a statement, as keys and as a signature of OpenSSH: read or refused with
 * one line. What is a signature is written again byte for byte; what is read was not signed by us.
 * seeds: reports/fuzz/corpus/evidence
 */
#include "reports/evidence/base64.h"
#include "reports/evidence/chain.h"
#include "reports/evidence/key.h"
#include "reports/evidence/ssh.h"
#include "reports/evidence/statement.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const char public_key[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
	"-----END PUBLIC KEY-----\n";

static void refused(const struct err *err)
{
	if (!err->msg[0] || strchr(err->msg, '\n'))
		__builtin_trap();
}

static void try_statement(const struct str *payload)
{
	owned_statement struct statement statement = { .document = NULL };
	struct err err = { 0 };

	if (statement_read("fuzz", payload, &statement, &err) < 0)
		refused(&err);
}

static void try_envelope(const char *text, size_t count)
{
	owned_envelope struct envelope envelope = { { 0 }, { 0 } };
	struct envelope again = { { 0 }, { 0 } };
	owned_key struct key *key = NULL;
	struct err err = { 0 };

	if (envelope_read("fuzz", text, count, &envelope, &err) < 0) {
		refused(&err);
		return;
	}
	try_statement(&envelope.payload);
	if (key_parse_public("key", public_key, strlen(public_key), &key, &err) < 0 ||
	    envelope_verify("fuzz", text, count, key, &again, &err) == 0)
		__builtin_trap();
	refused(&err);
}

static void try_signature(const char *bytes, size_t count)
{
	owned_str struct str again = { 0 };
	struct ssh_signature signature;

	if (ssh_read_signature(bytes, count, &signature))
		return;
	ssh_add_signature(&again, &signature);
	if (again.length != count || memcmp(again.text, bytes, count) != 0)
		__builtin_trap();
}

static void try_keys(const char *text, size_t count)
{
	owned_key struct key *private = NULL, *public = NULL;
	struct chain_head head;
	struct err err = { 0 };

	if (key_parse_private("fuzz", text, count, &private, &err) < 0)
		refused(&err);
	if (key_parse_public("fuzz", text, count, &public, &err) < 0)
		refused(&err);
	if (chain_parse_head(text, &head, &err) < 0)
		refused(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	owned_str struct str text = { 0 }, decoded = { 0 };

	str_add_bytes(&text, bytes, count);
	try_envelope(str_text(&text), count);
	try_statement(&text);
	try_signature(str_text(&text), count);
	try_keys(str_text(&text), count);
	if (base64_decode(&decoded, str_text(&text), count))
		try_signature(str_text(&decoded), decoded.length);
	return 0;
}
