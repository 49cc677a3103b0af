/* SPDX-License-Identifier: Apache-2.0 */
/* base64 - see base64.h. libcrypto's decoder forgives; so what it took is written again. */
#include "reports/evidence/base64.h"
#include <openssl/evp.h>
#include <string.h>

enum {
	BLOCK_BYTES = 3072,
	BLOCK_TEXT = BLOCK_BYTES / 3 * 4,
};

void base64_add(struct str *str, const void *bytes, size_t count)
{
	const unsigned char *at = bytes;
	unsigned char text[BLOCK_TEXT + 1];

	while (count > 0) {
		size_t block = count < BLOCK_BYTES ? count : BLOCK_BYTES;

		str_add_bytes(str, text, (size_t)EVP_EncodeBlock(text, at, (int)block));
		at += block;
		count -= block;
	}
}

/* Of the last block, the only one that may have some. */
static size_t padding(const char *text, size_t length)
{
	if (length < 1 || text[length - 1] != '=')
		return 0;
	return length > 1 && text[length - 2] == '=' ? 2 : 1;
}

bool base64_decode(struct str *str, const char *text, size_t length)
{
	owned_str struct str bytes = { 0 }, again = { 0 };
	unsigned char block[BLOCK_BYTES];

	if (length % 4)
		return false;
	for (size_t at = 0; at < length; at += BLOCK_TEXT) {
		size_t left = length - at < BLOCK_TEXT ? length - at : BLOCK_TEXT;
		int count = EVP_DecodeBlock(block, (const unsigned char *)text + at,
					    (int)left);

		if (count < 0)
			return false;
		str_add_bytes(&bytes, block, (size_t)count);
	}
	if (bytes.length < padding(text, length))
		return false;
	bytes.length -= padding(text, length);
	base64_add(&again, str_text(&bytes), bytes.length);
	if (again.length != length || memcmp(str_text(&again), text, length) != 0)
		return false;
	str_add_bytes(str, str_text(&bytes), bytes.length);
	return true;
}
