/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controls - which controls of which frameworks a requirement produces evidence for
 *
 * "Produces evidence for", never "satisfies": whether a control is met is for whoever knows the
 * whole system. The ids are those of one version of a framework each; titles stand here only
 * where their text is free (NIST: public domain; ATT&CK: with MITRE's notice). The pairs are our
 * judgement over published mappings, and each says what kind of evidence it is.
 */
#ifndef REPORTS_CONTROLS_H
#define REPORTS_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>

enum framework {
	FRAMEWORK_NIST,
	FRAMEWORK_NIST_190,
	FRAMEWORK_ATTACK,
	FRAMEWORK_CIS_DOCKER,
	FRAMEWORK_CIS_KUBERNETES,
	FRAMEWORK_ISO,
	FRAMEWORK_SOC,
	FRAMEWORK_PCI,
	FRAMEWORK_COUNT,
};

enum relation {
	RELATION_TESTS,    /* the probe tries what the control asks for */
	RELATION_SUPPORTS, /* it shows something that the control rests on */
	RELATION_PARTIAL,  /* a part of it, or a special case */
	RELATION_JUDGED,   /* no published mapping says so; we do */
	RELATION_COUNT,
};

struct framework_row {
	const char *key; /* a token, for ids */
	const char *name, *version;
	const char *notice; /* NULL without */
};

struct control {
	enum framework framework;
	const char *id;
	const char *title; /* NULL where it is not free */
	const char *
		baseline; /* of NIST: the lowest that asks for it, or "none"; else NULL */
};

struct control_link {
	const struct control *control;
	enum relation relation;
};

enum {
	CONTROL_LINKS_MAX = 64
};

extern const struct framework_row frameworks[FRAMEWORK_COUNT];
extern const char *const relation_words[RELATION_COUNT];
extern const struct control controls[]; /* in the order of their framework */
extern const size_t control_count;

/* Lines of the table: the requirements of a line have its pairs. "ID" supports, "ID!" tests,
 * "ID~" partial, "ID?" judged; ids of one framework are parted by blanks. */
struct control_family {
	const char *requirements;
	const char *ids[FRAMEWORK_COUNT];
};
extern const struct control_family control_families[];
extern const size_t control_family_count;

/* The pairs of a requirement, at most CONTROL_LINKS_MAX; returns how many. */
size_t controls_of(const char *requirement, struct control_link *ret);

#endif
