/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle - everything that is needed to look at a run again, in one new directory
 *
 * The directory appears whole, under its name, or not at all; one that is there is never touched.
 */
#ifndef EVIDENCE_BUNDLE_H
#define EVIDENCE_BUNDLE_H

#include "reports/evidence/members.h"
#include "runner/base/err.h"
#include "runner/base/str.h"

struct bundle_item {
	const char *name;
	struct str bytes;
};

struct bundle {
	struct bundle_item *items;
	size_t count, capacity;
	struct members members; /* of the items, in their order until bundle_seal() */
};
void bundle_done(struct bundle *bundle);
#define owned_bundle __attribute__((cleanup(bundle_done)))

/* Takes the bytes. */
void bundle_add(struct bundle *bundle, const char *name, struct str *bytes);
/* POLICY or SYSTEM. */
int bundle_add_file(struct bundle *bundle, const char *name, const char *path,
		    struct err *err);
/* Files of a directory (not of those below it) whose names end in `suffix`, as PREFIX/NAME. A
 * directory that is not there is empty. */
int bundle_add_folder(struct bundle *bundle, const char *prefix, const char *path,
		      const char *suffix, struct err *err);
/* All are there: the members are sorted. */
void bundle_seal(struct bundle *bundle);

/* A directory beside the one that is wanted. */
struct draft {
	struct str path, temporary; /* temporary empty: placed, or never made */
	const struct bundle *bundle;
};
/* Removes what was not placed. */
void draft_done(struct draft *draft);
#define owned_draft __attribute__((cleanup(draft_done)))
/* POLICY: `path` is there. SYSTEM. *ret zeroed. */
int draft_write(const struct bundle *bundle, const char *path, struct draft *ret,
		struct err *err);
/* One more file. */
int draft_add(const struct draft *draft, const char *name, const struct str *bytes,
	      struct err *err);
int draft_place(struct draft *draft, struct err *err);

#endif
