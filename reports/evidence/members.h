/* SPDX-License-Identifier: Apache-2.0 */
/*
 * members - the files of a bundle, or of any directory: names, sizes, digests
 *
 * A name is a path below the directory of 1 to 200 bytes A-Z a-z 0-9 . _ - and /, no part of which
 * begins with a dot. Only regular files and directories that hold some; nothing is followed.
 */
#ifndef EVIDENCE_MEMBERS_H
#define EVIDENCE_MEMBERS_H

#include "reports/digest.h"
#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/str.h"
#include <stdbool.h>
#include <stddef.h>

#define MEMBERS_MAX 4096

struct member {
	const char *name;
	char sha256[DIGEST_HEX];
};

struct members {
	struct member *rows; /* sorted by name, bytewise; each name once */
	size_t count, capacity;
	struct arena arena;
};
void members_done(struct members *members);
#define owned_members __attribute__((cleanup(members_done)))

bool member_is_name(const char *name);
/* Every file below an open directory (which stays open), with its digest, read as a stream, however
 * large. POLICY, with `what` before the name, for what is no member. *ret zeroed. */
int members_read(int directory, const char *what, size_t max, struct members *ret,
		 struct err *err);
/* Appends one; members_sort() when all are there. */
void members_add(struct members *members, const char *name, const char *sha256);
void members_sort(struct members *members);
/* NULL without. */
const struct member *members_find(const struct members *members, const char *name);
/* Bytes of one file of the directory, not in a folder below it. */
int members_load(int directory, const char *what, const char *name, size_t max_bytes,
		 struct str *ret, struct err *err);

/* The digest that confine check takes over its probes (conditions.digests.catalogue): the list that
 * `sha256sum` prints of lib.sh, mark.sh and gconv-modules, then of each layer's probes in the order of
 * layers, the shipped ones of `probes/` before those of `own/`. "-" stands for what is not there. */
void members_catalogue(const struct members *members, char ret[DIGEST_HEX]);

#endif
