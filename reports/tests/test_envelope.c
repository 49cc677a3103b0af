/* SPDX-License-Identifier: Apache-2.0 */
/* The readers below a bundle: base64, keys and signatures of OpenSSH, envelopes. */
#include "reports/evidence/base64.h"
#include "reports/evidence/ssh.h"
#include "reports/tests/evidence.h"

/* --- base64 --- */

static const struct {
	const char *text, *bytes; /* NULL: refused */
} texts[] = {
	/* RFC 4648, section 10 */
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" },
	{ "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" },
	{ "+/+/", "\xfb\xff\xbf" },
	/* other spellings of the same bytes */
	{ "-_-_", NULL },
	{ "Zg", NULL },
	{ "Zg=", NULL },
	{ "Zh==", NULL },
	{ "Zm9=", NULL },
	{ " Zm9v", NULL },
	{ "Zm9v\n", NULL },
	{ "Zm 9v", NULL },
	{ "Zg==Zg==", NULL },
	{ "====", NULL },
	{ "=Zg=", NULL },
	{ "Zm9v====", NULL },
	{ "Zm\xc3\xa4=", NULL },
};

START_TEST(test_base64)
{
	const char *text = texts[_i].text, *bytes = texts[_i].bytes;
	owned_str struct str ret = { 0 }, again = { 0 };

	ck_assert_int_eq(base64_decode(&ret, text, strlen(text)), bytes != NULL);
	ck_assert_str_eq(str_text(&ret), bytes ? bytes : "");
	base64_add(&again, str_text(&ret), ret.length);
	if (bytes)
		ck_assert_str_eq(str_text(&again), text);
}
END_TEST

/* --- PAE --- */

/* The example of DSSE's protocol.md has the type http://example.com/HelloWorld; ours is fixed. */
START_TEST(test_pae)
{
	owned_str struct str payload = { 0 }, pae = { 0 };

	str_add(&payload, "hello world");
	envelope_add_pae(&pae, &payload);
	ck_assert_str_eq(pae.text,
			 "DSSEv1 28 application/vnd.in-toto+json 11 hello world");
}
END_TEST

/* --- keys of OpenSSH: written here after PROTOCOL.key; evidence.test.sh has ssh-keygen's own --- */

static char ssh_private[1024], ssh_public[256];

static void add_blob(struct str *str, const void *bytes, size_t count)
{
	const unsigned char length[4] = { 0, 0, (unsigned char)(count >> 8),
					  (unsigned char)count };

	str_add_bytes(str, length, sizeof(length));
	str_add_bytes(str, bytes, count);
}

static void add_text(struct str *str, const char *word)
{
	add_blob(str, word, strlen(word));
}

static void write_ssh_key(void)
{
	owned_str struct str key = { 0 }, secret = { 0 }, all = { 0 }, text = { 0 };
	unsigned char pair[2 * SSH_KEY_BYTES];
	size_t count = SSH_KEY_BYTES;
	EVP_PKEY *evp;

	for (unsigned int i = 0; i < SSH_KEY_BYTES; i++)
		pair[i] = (unsigned char)(i * 7 + 1);
	evp = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, pair, SSH_KEY_BYTES);
	ck_assert_int_eq(EVP_PKEY_get_raw_public_key(evp, pair + SSH_KEY_BYTES, &count),
			 1);
	EVP_PKEY_free(evp);
	add_text(&key, "ssh-ed25519");
	add_blob(&key, pair + SSH_KEY_BYTES, SSH_KEY_BYTES);
	str_add(&secret, "samesame");
	str_add_bytes(&secret, key.text, key.length);
	add_blob(&secret, pair, sizeof(pair));
	add_text(&secret, "test");
	for (char i = 1; secret.length % 8; i++)
		str_add_bytes(&secret, &i, 1);
	str_add_bytes(&all, "openssh-key-v1", sizeof("openssh-key-v1"));
	add_text(&all, "none");
	add_text(&all, "none");
	add_text(&all, "");
	str_add_bytes(&all, "\0\0\0\1", 4);
	add_blob(&all, key.text, key.length);
	add_blob(&all, secret.text, secret.length);
	base64_add(&text, all.text, all.length);
	(void)snprintf(ssh_private, sizeof(ssh_private),
		       "-----BEGIN OPENSSH "
		       "PRIVATE KEY-----\n%.70s\n%s\n"
		       "-----END OPENSSH "
		       "PRIVATE KEY-----\n",
		       text.text, text.text + 70);
	str_clear(&text);
	base64_add(&text, key.text, key.length);
	(void)snprintf(ssh_public, sizeof(ssh_public), "ssh-ed25519 %s a comment\n",
		       text.text);
}

START_TEST(test_ssh_key)
{
	owned_key struct key *private = NULL, *public = NULL;
	owned_str struct str signature = { 0 };
	struct err err = { 0 };

	accepted(key_parse_private("k", ssh_private, strlen(ssh_private), &private, &err),
		 err);
	accepted(key_parse_public("p", ssh_public, strlen(ssh_public), &public, &err),
		 err);
	ck_assert_str_eq(key_id(private), key_id(public));
	ck_assert_uint_eq(strlen(key_id(public)), strlen("SHA256:") + 43);
	accepted(key_sign(private, "message", 7, &signature, &err), err);
	accepted(key_verify(public, "message", 7, signature.text, signature.length, &err),
		 err);
	refused_with(
		key_verify(public, "massage", 7, signature.text, signature.length, &err),
		err, "is not of the key");
	ck_assert_int_eq(key_sign(public, "message", 7, &signature, &err), -1);
	ck_assert_int_eq(err.code, ERR_INTERNAL);
}
END_TEST

/* Every prefix of a file, and every byte of it changed: refused, or the same key. */
START_TEST(test_ssh_key_damaged)
{
	char text[sizeof(ssh_private)];
	unsigned char seed[SSH_KEY_BYTES], found[SSH_KEY_BYTES];
	size_t same = 0, length = strlen(ssh_private);

	ck_assert_ptr_null(ssh_read_private(ssh_private, length, seed));
	for (size_t i = 0; i + 2 < length; i++)
		ck_assert_ptr_nonnull(ssh_read_private(ssh_private, i, found));
	for (size_t i = 0; i < length; i++) {
		memcpy(text, ssh_private, sizeof(text));
		text[i] = (char)(text[i] ^ 1);
		if (!ssh_read_private(text, length, found)) {
			same++;
			ck_assert_mem_eq(found, seed, SSH_KEY_BYTES);
		}
	}
	/* The comment, the padding after it, the equal numbers, the last line end. */
	ck_assert_uint_lt(same, length / 4);
}
END_TEST

START_TEST(test_ssh_signature_damaged)
{
	owned_key struct key *private = NULL;
	owned_str struct str signature = { 0 };
	struct err err = { 0 };

	accepted(key_parse_private("k", ssh_private, strlen(ssh_private), &private, &err),
		 err);
	accepted(key_sign(private, "message", 7, &signature, &err), err);
	for (size_t i = 0; i < signature.length; i++) {
		ck_assert_int_eq(
			key_verify(private, "message", 7, signature.text, i, &err), -1);
		for (int bit = 0; bit < 8; bit++) {
			signature.text[i] = (char)(signature.text[i] ^ (1 << bit));
			ck_assert_int_eq(key_verify(private, "message", 7, signature.text,
						    signature.length, &err),
					 -1);
			signature.text[i] = (char)(signature.text[i] ^ (1 << bit));
		}
	}
}
END_TEST

static const struct {
	bool private;
	const char *text, *wanted;
} bad_keys[] = {
	{ true, "", "is no private key" },
	{ true, "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
	  "is no private key" },
	{ true, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "protected by a passphrase" },
	{ true, "-----BEGIN OPENSSH PRIVATE KEY-----\n", "no whole private key" },
	{ true,
	  "-----BEGIN OPENSSH PRIVATE "
	  "KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI=\n"
	  "-----END OPENSSH PRIVATE KEY-----\n",
	  "protected by a passphrase" },
	{ false, "", "is no public key" },
	{ false, "ssh-rsa AAAA\n", "must be ssh-ed25519" },
	{ false, "ssh-ed25519 AAAA\n", "is no line of an Ed25519 key" },
	{ false, "ssh-ed25519 A*AA\n", "is no line of a public key" },
	{ false, "ssh-ed25519 AAAA\nssh-ed25519 AAAA\n", "more than one line" },
	{ false,
	  "-----BEGIN PUBLIC KEY-----\n"
	  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwp"
	  "ZP"
	  "40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n",
	  "must be an Ed25519 key" },
};

START_TEST(test_bad_keys)
{
	const char *text = bad_keys[_i].text;
	struct key *key = NULL;
	struct err err = { 0 };

	refused_with(bad_keys[_i].private
			     ? key_parse_private("k", text, strlen(text), &key, &err)
			     : key_parse_public("k", text, strlen(text), &key, &err),
		     err, bad_keys[_i].wanted);
	ck_assert_ptr_null(key);
}
END_TEST

/* --- envelopes --- */

#define TYPE      "\"payloadType\":\"application/vnd.in-toto+json\""
#define SIGNATURE "{\"keyid\":\"k\",\"sig\":\"AAAA\"}"
#define PAYLOAD   "\"payload\":\"e30=\""

static const struct {
	const char *text, *wanted;
} envelopes[] = {
	{ "", "line 1" },
	{ "[]", "must be an object" },
	{ "{}", "/payloadType: must be \"application/vnd.in-toto+json\"" },
	{ "{" TYPE "}", "/payload: must be base64" },
	{ "{" TYPE "," PAYLOAD "}", "/signatures: must be there" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[]}", "one signature, not 0" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[" SIGNATURE "," SIGNATURE "]}",
	  "/signatures: must be one signature, not 2" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[7]}",
	  "/signatures/0: must be an object" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[{\"keyid\":\"k\"}]}",
	  "/signatures/0/sig: must be base64" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[{\"sig\":\"AAAA\",\"cert\":\"\"}]}",
	  "/cert" },
	{ "{\"payloadType\":\"text/plain\"," PAYLOAD ",\"signatures\":[" SIGNATURE "]}",
	  "/payloadType: must be" },
	{ "{" TYPE ",\"payload\":\"e30\",\"signatures\":[" SIGNATURE "]}",
	  "/payload: must be base64 of the usual alphabet" },
	{ "{" TYPE ",\"payload\":\"e3_-\",\"signatures\":[" SIGNATURE "]}",
	  "/payload: must be base64 of the usual alphabet" },
	{ "{" TYPE ",\"payload\":7,\"signatures\":[" SIGNATURE "]}", "/payload" },
	{ "{" TYPE "," PAYLOAD "," PAYLOAD ",\"signatures\":[" SIGNATURE "]}",
	  "appears twice" },
	{ "{" TYPE "," PAYLOAD ",\"signatures\":[" SIGNATURE "]} x", "line 1" },
	{ "[[[[[[[[[[[[[[[[", "line 1" },
};

START_TEST(test_bad_envelopes)
{
	struct envelope envelope = { { 0 }, { 0 } };
	const char *text = envelopes[_i].text;
	struct err err = { 0 };

	refused_with(envelope_read("e", text, strlen(text), &envelope, &err), err,
		     envelopes[_i].wanted);
	ck_assert_int_eq(err.code, ERR_POLICY);
	ck_assert_ptr_null(envelope.payload.text);
}
END_TEST

/* The same statement and the same signature in other clothes. */
START_TEST(test_one_form)
{
	owned_key struct key *key = NULL;
	owned_str struct str payload = { 0 }, text = { 0 }, spaced = { 0 }, id = { 0 };
	owned_envelope struct envelope envelope = { 0 };
	struct err err = { 0 };
	char *found;

	accepted(key_parse_private("k", ssh_private, strlen(ssh_private), &key, &err),
		 err);
	str_add(&payload, "{}");
	accepted(envelope_write(key, &payload, &text, &err), err);
	accepted(envelope_verify("e", text.text, text.length, key, &envelope, &err), err);
	ck_assert_str_eq(envelope.payload.text, "{}");
	str_add(&spaced, text.text);
	str_add(&spaced, " ");
	refused_with(
		envelope_verify("e", spaced.text, spaced.length, key, &envelope, &err),
		err, "is not byte for byte what sign writes");
	str_add(&id, text.text);
	found = strstr(id.text, "SHA256:");
	ck_assert_ptr_nonnull(found);
	found[7] = found[7] == 'x' ? 'y' : 'x';
	refused_with(envelope_verify("e", id.text, id.length, key, &envelope, &err), err,
		     "is not byte for byte what sign writes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("envelope");
	TCase *tcase = tcase_create("envelope");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, write_ssh_key, NULL);
	tcase_add_loop_test(tcase, test_base64, 0, ARRAY_SIZE(texts));
	tcase_add_test(tcase, test_pae);
	tcase_add_test(tcase, test_ssh_key);
	tcase_add_test(tcase, test_ssh_key_damaged);
	tcase_add_test(tcase, test_ssh_signature_damaged);
	tcase_add_loop_test(tcase, test_bad_keys, 0, ARRAY_SIZE(bad_keys));
	tcase_add_loop_test(tcase, test_bad_envelopes, 0, ARRAY_SIZE(envelopes));
	tcase_add_test(tcase, test_one_form);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
