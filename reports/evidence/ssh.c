/* SPDX-License-Identifier: Apache-2.0 */
/* ssh - see ssh.h. Everything is a sequence of strings with their length in four bytes before them. */
#include "reports/evidence/ssh.h"
#include "reports/evidence/base64.h"
#include "runner/base/arena.h"
#include "runner/base/own.h"
#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#define KEY_TYPE      "ssh-ed25519"
#define KEY_MAGIC     "openssh-key-v1" /* and its NUL */
#define KEY_BEGIN     "-----BEGIN OPENSSH PRIVATE KEY-----"
#define KEY_END       "-----END OPENSSH PRIVATE KEY-----"
#define SIG_MAGIC     "SSHSIG" /* without its NUL */
#define ARMOUR_COLUMN 70

static const char *const hashes[] = { "sha512", "sha256" };

/* --- strings of a blob --- */

struct blob {
	const unsigned char *at;
	size_t left;
};

static bool take_bytes(struct blob *blob, size_t count, const unsigned char **ret)
{
	if (count > blob->left)
		return false;
	*ret = blob->at;
	blob->at += count;
	blob->left -= count;
	return true;
}

static bool take_number(struct blob *blob, uint32_t *ret)
{
	const unsigned char *bytes;

	if (!take_bytes(blob, sizeof(*ret), &bytes))
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	*ret = ntohl(*ret);
	return true;
}

static bool take_string(struct blob *blob, struct blob *ret)
{
	uint32_t count;

	if (!take_number(blob, &count) || !take_bytes(blob, count, &ret->at))
		return false;
	ret->left = count;
	return true;
}

static bool take_word(struct blob *blob, const char *word)
{
	struct blob string;

	return take_string(blob, &string) && string.left == strlen(word) &&
	       memcmp(string.at, word, string.left) == 0;
}

/* A string of exactly `count` bytes. */
static bool take_exactly(struct blob *blob, void *ret, size_t count)
{
	struct blob string;

	if (!take_string(blob, &string) || string.left != count)
		return false;
	memcpy(ret, string.at, count);
	return true;
}

static void add_string(struct str *str, const void *bytes, size_t count)
{
	uint32_t length = htonl((uint32_t)count);

	str_add_bytes(str, &length, sizeof(length));
	str_add_bytes(str, bytes, count);
}

static void add_word(struct str *str, const char *word)
{
	add_string(str, word, strlen(word));
}

static void add_key_blob(struct str *str, const unsigned char key[SSH_KEY_BYTES])
{
	owned_str struct str blob = { 0 };

	add_word(&blob, KEY_TYPE);
	add_string(&blob, key, SSH_KEY_BYTES);
	add_string(str, blob.text, blob.length);
}

static bool take_key_blob(struct blob *blob, unsigned char key[SSH_KEY_BYTES])
{
	struct blob inner;

	return take_string(blob, &inner) && take_word(&inner, KEY_TYPE) &&
	       take_exactly(&inner, key, SSH_KEY_BYTES) && inner.left == 0;
}

/* --- keys --- */

bool ssh_is_private(const char *text, size_t length)
{
	return length > strlen(KEY_BEGIN) &&
	       memcmp(text, KEY_BEGIN, strlen(KEY_BEGIN)) == 0;
}

bool ssh_is_public(const char *text, size_t length)
{
	return length > strlen("ssh-") && memcmp(text, "ssh-", strlen("ssh-")) == 0;
}

/* The base64 between the two lines, without its line ends. */
static bool unwrap(const char *text, size_t length, struct str *ret)
{
	owned_str struct str whole = { 0 }, joined = { 0 };
	const char *end;

	str_add_bytes(&whole, text, length);
	end = strstr(str_text(&whole), KEY_END);
	if (!end)
		return false;
	for (const char *at = whole.text + strlen(KEY_BEGIN); at < end; at++)
		if (*at != '\n' && *at != '\r')
			str_add_bytes(&joined, at, 1);
	if (whole.text)
		OPENSSL_cleanse(whole.text, whole.length);
	if (!joined.text)
		return false;
	if (!base64_decode(ret, joined.text, joined.length))
		str_clear(ret);
	OPENSSL_cleanse(joined.text, joined.length);
	return ret->length > 0;
}

/* A seed that is not the key's own signs for somebody else. */
static bool is_seed_of(const unsigned char seed[SSH_KEY_BYTES],
		       const unsigned char key[SSH_KEY_BYTES])
{
	EVP_PKEY *evp =
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, SSH_KEY_BYTES);
	unsigned char derived[SSH_KEY_BYTES];
	size_t count = sizeof(derived);
	bool same = evp && EVP_PKEY_get_raw_public_key(evp, derived, &count) == 1 &&
		    count == sizeof(derived) && memcmp(derived, key, count) == 0;

	EVP_PKEY_free(evp);
	return same;
}

/* PROTOCOL.key: two equal numbers, the key, a comment, and 1 2 3 … up to a block of eight. */
static const char *read_secret(struct blob blob, const unsigned char key[SSH_KEY_BYTES],
			       unsigned char seed[SSH_KEY_BYTES])
{
	unsigned char again[SSH_KEY_BYTES], pair[2 * SSH_KEY_BYTES];
	struct blob comment;
	uint32_t one, two;

	if (!take_number(&blob, &one) || !take_number(&blob, &two) || one != two ||
	    !take_word(&blob, KEY_TYPE) || !take_exactly(&blob, again, sizeof(again)) ||
	    !take_exactly(&blob, pair, sizeof(pair)) || !take_string(&blob, &comment))
		return "is no whole private key";
	memcpy(seed, pair, SSH_KEY_BYTES);
	OPENSSL_cleanse(pair, SSH_KEY_BYTES);
	if (memcmp(again, key, SSH_KEY_BYTES) != 0 ||
	    memcmp(pair + SSH_KEY_BYTES, key, SSH_KEY_BYTES) != 0 ||
	    !is_seed_of(seed, key))
		return "holds a private key of another public key";
	return NULL;
}

static const char *read_sections(struct blob blob, unsigned char seed[SSH_KEY_BYTES])
{
	static const char whole[] = "is no whole private key of OpenSSH";
	unsigned char key[SSH_KEY_BYTES];
	const unsigned char *magic;
	struct blob cipher, secret;
	uint32_t keys;

	if (!take_bytes(&blob, sizeof(KEY_MAGIC), &magic) ||
	    memcmp(magic, KEY_MAGIC, sizeof(KEY_MAGIC)) != 0 ||
	    !take_string(&blob, &cipher))
		return whole;
	if (cipher.left != strlen("none") || memcmp(cipher.at, "none", cipher.left) != 0)
		return "is protected by a passphrase; a host key is not";
	if (!take_word(&blob, "none") || !take_word(&blob, "") ||
	    !take_number(&blob, &keys) || keys != 1)
		return whole;
	if (!take_key_blob(&blob, key))
		return "is of another kind; it must be ssh-ed25519";
	if (!take_string(&blob, &secret) || blob.left)
		return whole;
	return read_secret(secret, key, seed);
}

const char *ssh_read_private(const char *text, size_t length,
			     unsigned char seed[SSH_KEY_BYTES])
{
	owned_str struct str bytes = { 0 };
	const char *fault = "is no whole private key of OpenSSH";

	if (ssh_is_private(text, length) && unwrap(text, length, &bytes))
		fault = read_sections(
			(struct blob){ (unsigned char *)bytes.text, bytes.length }, seed);
	if (bytes.text)
		OPENSSL_cleanse(bytes.text, bytes.length);
	return fault;
}

const char *ssh_read_public(const char *text, size_t length,
			    unsigned char key[SSH_KEY_BYTES])
{
	const char *line_end = memchr(text, '\n', length);
	size_t type = strlen(KEY_TYPE " "), end = type;
	owned_str struct str bytes = { 0 };
	struct blob blob;

	if (length < type || memcmp(text, KEY_TYPE " ", type) != 0)
		return "is of another kind; it must be ssh-ed25519";
	while (end < length && !strchr(" \r\n", text[end]))
		end++;
	if (line_end && line_end + 1 < text + length)
		return "has more than one line";
	if (!base64_decode(&bytes, text + type, end - type))
		return "is no line of a public key";
	blob = (struct blob){ (const unsigned char *)str_text(&bytes), bytes.length };
	if (!take_word(&blob, KEY_TYPE) || !take_exactly(&blob, key, SSH_KEY_BYTES) ||
	    blob.left)
		return "is no line of an Ed25519 key";
	return NULL;
}

void ssh_add_fingerprint(struct str *str, const unsigned char key[SSH_KEY_BYTES])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	owned_str struct str blob = { 0 };
	unsigned int length = 0;

	add_word(&blob, KEY_TYPE);
	add_string(&blob, key, SSH_KEY_BYTES);
	if (EVP_Digest(blob.text, blob.length, hash, &length, EVP_sha256(), NULL) != 1)
		arena_out_of_memory();
	str_add(str, "SHA256:");
	base64_add(str, hash, length);
	while (str->text[str->length - 1] == '=')
		str->text[--str->length] = '\0';
}

/* --- signatures --- */

void ssh_add_signed(struct str *str, const char *hash, const void *message, size_t count)
{
	const EVP_MD *kind = strcmp(hash, "sha256") == 0 ? EVP_sha256() : EVP_sha512();
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;

	if (EVP_Digest(message, count, digest, &length, kind, NULL) != 1)
		arena_out_of_memory();
	str_add(str, SIG_MAGIC);
	add_word(str, SSH_NAMESPACE);
	add_word(str, "");
	add_word(str, hash);
	add_string(str, digest, length);
}

void ssh_add_signature(struct str *str, const struct ssh_signature *signature)
{
	uint32_t version = htonl(1);
	owned_str struct str inner = { 0 };

	str_add(str, SIG_MAGIC);
	str_add_bytes(str, &version, sizeof(version));
	add_key_blob(str, signature->key);
	add_word(str, SSH_NAMESPACE);
	add_word(str, "");
	add_word(str, signature->hash);
	add_word(&inner, KEY_TYPE);
	add_string(&inner, signature->bytes, SSH_SIGNATURE_BYTES);
	add_string(str, inner.text, inner.length);
}

const char *ssh_read_signature(const void *bytes, size_t count, struct ssh_signature *ret)
{
	struct blob blob = { bytes, count }, hash, inner;
	struct ssh_signature signature = { .hash = NULL };
	const unsigned char *magic;
	uint32_t version;

	if (!take_bytes(&blob, strlen(SIG_MAGIC), &magic) ||
	    memcmp(magic, SIG_MAGIC, strlen(SIG_MAGIC)) != 0 ||
	    !take_number(&blob, &version) || version != 1 ||
	    !take_key_blob(&blob, signature.key))
		return "is no signature of an Ed25519 key of OpenSSH";
	if (!take_word(&blob, SSH_NAMESPACE))
		return "was made for another namespace than " SSH_NAMESPACE;
	if (!take_word(&blob, "") || !take_string(&blob, &hash) ||
	    !take_string(&blob, &inner) || blob.left || !take_word(&inner, KEY_TYPE) ||
	    !take_exactly(&inner, signature.bytes, SSH_SIGNATURE_BYTES) || inner.left)
		return "is no whole signature of OpenSSH";
	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++)
		if (hash.left == strlen(hashes[i]) &&
		    memcmp(hash.at, hashes[i], hash.left) == 0)
			signature.hash = hashes[i];
	if (!signature.hash)
		return "is over an unknown hash; there are sha512, sha256";
	*ret = signature;
	return NULL;
}

void ssh_add_armour(struct str *str, const void *blob, size_t count)
{
	owned_str struct str text = { 0 };

	base64_add(&text, blob, count);
	str_add(str, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < text.length; at += ARMOUR_COLUMN)
		str_addf(str, "%.*s\n", ARMOUR_COLUMN, text.text + at);
	str_add(str, "-----END SSH SIGNATURE-----\n");
}
