/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh - the Ed25519 keys and the signatures of OpenSSH, as bytes
 *
 * Sources, in the OpenSSH tree: PROTOCOL.key (private keys), PROTOCOL.sshsig (signatures of files),
 * sshd(8) (a line of a public key). A host has such a key already: no key of ours to hand out. What
 * is signed is bound to a namespace, so that a signature for one purpose is none for another.
 */
#ifndef EVIDENCE_SSH_H
#define EVIDENCE_SSH_H

#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>

#define SSH_NAMESPACE "confine-evidence" /* of ssh-keygen -Y … -n */

enum {
	SSH_KEY_BYTES = 32,       /* of a public key, and of the seed of a private one */
	SSH_SIGNATURE_BYTES = 64, /* Ed25519, RFC 8032 */
};

struct ssh_signature {
	unsigned char key[SSH_KEY_BYTES]; /* whose it says it is */
	unsigned char bytes[SSH_SIGNATURE_BYTES];
	const char *hash; /* "sha512" or "sha256", static */
};

bool ssh_is_private(const char *text, size_t length);
bool ssh_is_public(const char *text, size_t length);
/* The seed of a private key file. NULL, or what is wrong with it, static. */
const char *ssh_read_private(const char *text, size_t length,
			     unsigned char seed[SSH_KEY_BYTES]);
/* The key of a line "ssh-ed25519 AAAA… comment". */
const char *ssh_read_public(const char *text, size_t length,
			    unsigned char key[SSH_KEY_BYTES]);
/* "SHA256:…", as ssh-keygen -l shows it. */
void ssh_add_fingerprint(struct str *str, const unsigned char key[SSH_KEY_BYTES]);

/* What Ed25519 signs, of a message; `hash` as in struct ssh_signature. */
void ssh_add_signed(struct str *str, const char *hash, const void *message, size_t count);
/* A signature as its blob, and back: NULL, or what is wrong with it. */
void ssh_add_signature(struct str *str, const struct ssh_signature *signature);
const char *ssh_read_signature(const void *blob, size_t count, struct ssh_signature *ret);
/* The blob as a file that ssh-keygen -Y verify -s takes. */
void ssh_add_armour(struct str *str, const void *blob, size_t count);

#endif
