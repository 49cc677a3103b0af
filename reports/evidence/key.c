/* SPDX-License-Identifier: Apache-2.0 */
/* key - see key.h. */
#include "reports/evidence/key.h"
#include "reports/digest.h"
#include "reports/evidence/ssh.h"
#include "runner/base/arena.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>

#define KEY_FILE_MAX 65536

struct key {
	EVP_PKEY *evp;
	bool ssh;
	unsigned char public[SSH_KEY_BYTES];
	struct str id;
};

void key_free(struct key **key)
{
	if (*key) {
		EVP_PKEY_free((*key)->evp);
		str_done(&(*key)->id);
		free(*key);
	}
	*key = NULL;
}

const char *key_id(const struct key *key)
{
	return str_text(&key->id);
}

bool key_is_ssh(const struct key *key)
{
	return key->ssh;
}

static bool is_ed25519(const EVP_PKEY *evp, unsigned char public[SSH_KEY_BYTES])
{
	size_t count = SSH_KEY_BYTES;

	return evp && EVP_PKEY_get_base_id(evp) == EVP_PKEY_ED25519 &&
	       EVP_PKEY_get_raw_public_key(evp, public, &count) == 1 &&
	       count == SSH_KEY_BYTES;
}

static void add_id(const struct key *key, struct str *ret)
{
	unsigned char *der = NULL;
	char hex[DIGEST_HEX];
	int length;

	if (key->ssh) {
		ssh_add_fingerprint(ret, key->public);
		return;
	}
	length = i2d_PUBKEY(key->evp, &der);
	if (length <= 0)
		arena_out_of_memory();
	digest_sha256(der, (size_t)length, hex);
	OPENSSL_free(der);
	str_add(ret, hex);
}

/* Takes `evp`, which may be NULL: a key of another kind. */
static int make(const char *what, EVP_PKEY *evp, bool ssh, struct key **ret,
		struct err *err)
{
	unsigned char public[SSH_KEY_BYTES];
	struct key *key;

	if (!is_ed25519(evp, public)) {
		EVP_PKEY_free(evp);
		return err_policy(err, "report", "%s: must be an Ed25519 key", what);
	}
	key = calloc(1, sizeof(*key));
	if (!key)
		arena_out_of_memory();
	key->evp = evp;
	key->ssh = ssh;
	memcpy(key->public, public, sizeof(public));
	add_id(key, &key->id);
	*ret = key;
	return 0;
}

/* Nobody is asked: a host that signs has nobody. */
static int no_passphrase(char *buffer, int size, int rwflag, void *data)
{
	(void)buffer;
	(void)size;
	(void)rwflag;
	(void)data;
	return -1;
}

static EVP_PKEY *read_pem(const char *text, size_t length, bool private)
{
	BIO *bio = BIO_new_mem_buf(text, (int)length);
	EVP_PKEY *evp;

	if (!bio)
		arena_out_of_memory();
	evp = private ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
		      : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return evp;
}

static bool is_encrypted(const char *text, size_t length)
{
	static const char mark[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

	return length > strlen(mark) && memcmp(text, mark, strlen(mark)) == 0;
}

int key_parse_private(const char *what, const char *text, size_t length, struct key **ret,
		      struct err *err)
{
	unsigned char seed[SSH_KEY_BYTES];
	const char *fault;
	EVP_PKEY *evp;

	if (ssh_is_private(text, length)) {
		fault = ssh_read_private(text, length, seed);
		if (fault)
			return err_policy(err, "report", "%s: %s", what, fault);
		evp = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
						   sizeof(seed));
		OPENSSL_cleanse(seed, sizeof(seed));
		return make(what, evp, true, ret, err);
	}
	if (is_encrypted(text, length))
		return err_policy(err, "report",
				  "%s: is protected by a passphrase; nobody is asked for "
				  "one",
				  what);
	evp = read_pem(text, length, true);
	if (!evp)
		return err_policy(err, "report",
				  "%s: is no private key; one is made by openssl genpkey "
				  "-algorithm ed25519, or by ssh-keygen -t ed25519",
				  what);
	return make(what, evp, false, ret, err);
}

int key_parse_public(const char *what, const char *text, size_t length, struct key **ret,
		     struct err *err)
{
	unsigned char bytes[SSH_KEY_BYTES];
	const char *fault;
	EVP_PKEY *evp;

	if (ssh_is_public(text, length)) {
		fault = ssh_read_public(text, length, bytes);
		if (fault)
			return err_policy(err, "report", "%s: %s", what, fault);
		evp = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes,
						  sizeof(bytes));
		return make(what, evp, true, ret, err);
	}
	evp = read_pem(text, length, false);
	if (!evp)
		return err_policy(err, "report",
				  "%s: is no public key; one is written by openssl pkey "
				  "-pubout, or stands in a file ssh_…_ed25519_key.pub",
				  what);
	return make(what, evp, false, ret, err);
}

int key_read_private(const char *path, struct key **ret, struct err *err)
{
	owned_str struct str text = { 0 };
	struct stat about;
	int result;

	if (fd_read_file(path, KEY_FILE_MAX, &text, err) < 0)
		return -1;
	result = key_parse_private(path, str_text(&text), text.length, ret, err);
	if (text.text)
		OPENSSL_cleanse(text.text, text.length);
	/* A public key may be: what it is was said first. */
	if (result == 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
	    (about.st_mode & 07)) {
		key_free(ret);
		return err_policy(err, "report",
				  "%s: is open to everybody (mode %04o); chmod 600 it",
				  path, (unsigned int)(about.st_mode & 07777));
	}
	return result;
}

int key_read_public(const char *path, struct key **ret, struct err *err)
{
	owned_str struct str text = { 0 };

	if (fd_read_file(path, KEY_FILE_MAX, &text, err) < 0)
		return -1;
	return key_parse_public(path, str_text(&text), text.length, ret, err);
}

/* --- signatures --- */

static bool ed25519_sign(EVP_PKEY *evp, const void *message, size_t count,
			 unsigned char ret[SSH_SIGNATURE_BYTES])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t length = SSH_SIGNATURE_BYTES;
	bool ok;

	if (!context)
		arena_out_of_memory();
	ok = EVP_DigestSignInit(context, NULL, NULL, NULL, evp) == 1 &&
	     EVP_DigestSign(context, ret, &length, message, count) == 1 &&
	     length == SSH_SIGNATURE_BYTES;
	EVP_MD_CTX_free(context);
	return ok;
}

static bool ed25519_verify(EVP_PKEY *evp, const void *message, size_t count,
			   const unsigned char *signature, size_t signature_count)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok;

	if (!context)
		arena_out_of_memory();
	ok = signature_count == SSH_SIGNATURE_BYTES &&
	     EVP_DigestVerifyInit(context, NULL, NULL, NULL, evp) == 1 &&
	     EVP_DigestVerify(context, signature, signature_count, message, count) == 1;
	EVP_MD_CTX_free(context);
	return ok;
}

int key_sign(const struct key *key, const void *message, size_t count, struct str *ret,
	     struct err *err)
{
	struct ssh_signature signature = { .hash = "sha512" };
	owned_str struct str wrapped = { 0 };

	if (key->ssh)
		ssh_add_signed(&wrapped, signature.hash, message, count);
	else
		str_add_bytes(&wrapped, message, count);
	/* libcrypto fails here only when it has no memory, or the key is a public one. */
	if (!ed25519_sign(key->evp, wrapped.text, wrapped.length, signature.bytes))
		return err_set(err, ERR_INTERNAL, "report",
			       "libcrypto does not sign with this key");
	memcpy(signature.key, key->public, SSH_KEY_BYTES);
	if (key->ssh)
		ssh_add_signature(ret, &signature);
	else
		str_add_bytes(ret, signature.bytes, SSH_SIGNATURE_BYTES);
	return 0;
}

static int verify_ssh(const struct key *key, const void *message, size_t count,
		      const void *blob, size_t blob_count, struct err *err)
{
	owned_str struct str wrapped = { 0 };
	struct ssh_signature signature;
	const char *fault = ssh_read_signature(blob, blob_count, &signature);

	if (fault)
		return err_policy(err, "report", "the signature %s", fault);
	ssh_add_signed(&wrapped, signature.hash, message, count);
	if (memcmp(signature.key, key->public, SSH_KEY_BYTES) != 0 ||
	    !ed25519_verify(key->evp, wrapped.text, wrapped.length, signature.bytes,
			    SSH_SIGNATURE_BYTES))
		return err_policy(err, "report", "the signature is not of the key %s",
				  key_id(key));
	return 0;
}

int key_verify(const struct key *key, const void *message, size_t count,
	       const void *signature, size_t signature_count, struct err *err)
{
	if (key->ssh)
		return verify_ssh(key, message, count, signature, signature_count, err);
	if (!ed25519_verify(key->evp, message, count, signature, signature_count))
		return err_policy(err, "report", "the signature is not of the key %s",
				  key_id(key));
	return 0;
}
