/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/digest.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

enum {
	BLOCK_BYTES = 1 << 13,
};

static void done_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

#define owned_context __attribute__((cleanup(done_context)))

static const char *finish(EVP_MD_CTX *context, struct arena *arena)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	owned_str struct str text = { 0 };
	unsigned int count;

	if (EVP_DigestFinal_ex(context, bytes, &count) != 1)
		return NULL;
	for (unsigned int i = 0; i < count; i++)
		str_addf(&text, "%02x", bytes[i]);
	return arena_strdup(arena, str_text(&text));
}

const char *digest_bytes(const void *bytes, size_t count, struct arena *arena)
{
	owned_context EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
	    EVP_DigestUpdate(context, bytes, count) != 1)
		return NULL;
	return finish(context, arena);
}

const char *digest_file(const char *path, struct arena *arena)
{
	owned_context EVP_MD_CTX *context = EVP_MD_CTX_new();
	owned_fd int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	unsigned char block[BLOCK_BYTES];
	ssize_t count;

	if (file < 0 || !context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		return NULL;
	while ((count = read(file, block, sizeof(block))) > 0)
		if (EVP_DigestUpdate(context, block, (size_t)count) != 1)
			return NULL;
	return count < 0 ? NULL : finish(context, arena);
}

void digest_add_line(struct str *list, const char *path, const char *name,
		     struct arena *arena)
{
	const char *digest = digest_file(path, arena);

	str_addf(list, "%s  %s\n", digest ? digest : "-", name);
}
