/* SPDX-License-Identifier: Apache-2.0 */
/* digest - see digest.h. */
#include "reports/digest.h"
#include "runner/base/arena.h"
#include "runner/base/str.h"
#include <openssl/evp.h>
#include <string.h>

#define UUID_BYTES 16

/* Of our ids; a random UUID that stays what it is. */
static const unsigned char namespace[UUID_BYTES] = {
	0x5d, 0x2c, 0x0f, 0x8e, 0x71, 0x4b, 0x4e, 0x0a,
	0x9b, 0x36, 0xc1, 0xa4, 0x2f, 0x98, 0xd7, 0x60,
};

void digest_hex(const unsigned char *hash, char ret[DIGEST_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned int i = 0; i < 32; i++) {
		ret[2 * i] = digits[hash[i] >> 4];
		ret[2 * i + 1] = digits[hash[i] & 15];
	}
	ret[64] = '\0';
}

void digest_sha256(const void *bytes, size_t count, char ret[DIGEST_HEX])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int length = 0;

	if (EVP_Digest(bytes, count, hash, &length, EVP_sha256(), NULL) != 1)
		arena_out_of_memory();
	digest_hex(hash, ret);
}

void digest_uuid(char ret[DIGEST_UUID], const char *const *parts)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[EVP_MAX_MD_SIZE];
	owned_str struct str name = { 0 };
	unsigned int length = 0;
	char *at = ret;

	str_add_bytes(&name, namespace, sizeof(namespace));
	for (; *parts; parts++)
		str_addf(&name, "%zu:%s;", strlen(*parts), *parts);
	if (EVP_Digest(name.text, name.length, hash, &length, EVP_sha1(), NULL) != 1)
		arena_out_of_memory();
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50); /* version 5 */
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80); /* the variant of the RFC */
	for (unsigned int i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = digits[hash[i] >> 4];
		*at++ = digits[hash[i] & 15];
	}
	*at = '\0';
}
