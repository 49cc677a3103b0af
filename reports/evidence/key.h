/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - one Ed25519 key, of OpenSSL or of OpenSSH, told apart by what the file holds
 *
 * PEM PKCS#8 as `openssl genpkey -algorithm ed25519` writes, and PEM as `openssl pkey -pubout`: a
 * signature is the 64 bytes of RFC 8032 over the message. A private key of OpenSSH, and its line
 * "ssh-ed25519 …": a signature is the blob of `ssh-keygen -Y sign -n confine-evidence`.
 */
#ifndef EVIDENCE_KEY_H
#define EVIDENCE_KEY_H

#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>

struct key;

/* A file that only its owner can read. POLICY, one line; asks for no passphrase. *ret: key_free(). */
int key_read_private(const char *path, struct key **ret, struct err *err);
int key_read_public(const char *path, struct key **ret, struct err *err);
/* The same from memory; `what` names it in errors. */
int key_parse_private(const char *what, const char *text, size_t length, struct key **ret,
		      struct err *err);
int key_parse_public(const char *what, const char *text, size_t length, struct key **ret,
		     struct err *err);
void key_free(struct key **key);
#define owned_key __attribute__((cleanup(key_free)))

/* SHA-256 of the public key in DER, hexadecimal; of OpenSSH the fingerprint of ssh-keygen -l. */
const char *key_id(const struct key *key);
bool key_is_ssh(const struct key *key);
/* Appends the signature of the message. INTERNAL. */
int key_sign(const struct key *key, const void *message, size_t count, struct str *ret,
	     struct err *err);
/* POLICY, and why, when it is no signature of this key over this message. */
int key_verify(const struct key *key, const void *message, size_t count,
	       const void *signature, size_t signature_count, struct err *err);

#endif
