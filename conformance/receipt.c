/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only what both sides can know is compared. The script's numbers are as seen inside, so ids are
 * compared with the owner of its files on the host, and namespaces by inode, which are the same
 * seen from anywhere.
 */
#include "conformance/receipt.h"
#include "runner/base/own.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct comparison {
	const struct arm *arm;
	const struct watch *watch;
	const struct json *receipt, *evidence;
	char *difference;
	unsigned int *compared; /* how much both sides state */
};

static const struct json *member(const struct json *object, const char *key)
{
	return json_member(object, key);
}

static bool differ(const struct comparison *c, const char *what, const char *stated,
		   const char *seen)
{
	(void)snprintf(c->difference, RUN_TEXT_MAX, "%s: stated %s, seen %s", what,
		       stated, seen);
	return true;
}

static bool number_differs(const struct comparison *c, const struct json *stated,
			   const char *what, double seen)
{
	char texts[2][32];

	if (!json_is(stated, JSON_NUMBER))
		return false;
	++*c->compared;
	if (stated->number == seen)
		return false;
	(void)snprintf(texts[0], sizeof(texts[0]), "%.15g", stated->number);
	(void)snprintf(texts[1], sizeof(texts[1]), "%.15g", seen);
	return differ(c, what, texts[0], texts[1]);
}

static bool bool_differs(const struct comparison *c, const char *key, bool seen)
{
	const struct json *stated = member(c->receipt, key);

	if (!json_is(stated, JSON_BOOL))
		return false;
	++*c->compared;
	if (json_is_true(stated) == seen)
		return false;
	return differ(c, key, seen ? "false" : "true", seen ? "true" : "false");
}

static bool ids_differ(const struct comparison *c)
{
	const struct watch *watch = c->watch;

	if (watch->owner == (uid_t)-1)
		return false;
	/* Without privileges a uid of ours is 0 of the shield, and the launcher's again inside: the
	 * owner is the caller on all sides. */
	return number_differs(c, member(c->receipt, "uid"), "uid", watch->owner) ||
	       number_differs(c, member(c->receipt, "gid"), "gid", watch->owner_group);
}

/* Both sides say what the kernel says, but a seccomp filter may be what the launcher adds last. */
static bool status_differs(const struct comparison *c)
{
	const struct facts *facts = &c->watch->facts;

	return number_differs(c, member(c->evidence, "noNewPrivs"), "noNewPrivs",
			      (double)facts->no_new_privs) ||
	       number_differs(c, member(c->evidence, "seccomp"), "seccomp",
			      (double)facts->seccomp);
}

static bool capabilities_differ(const struct comparison *c)
{
	for (unsigned int i = 0; i < CAPS_COUNT; i++) {
		const char *stated = json_text(member(c->evidence, fact_caps_names[i]));
		char seen[24];

		if (!stated)
			continue;
		++*c->compared;
		(void)snprintf(seen, sizeof(seen), "%016llx",
			       (unsigned long long)c->watch->facts.caps[i]);
		if (!str_equal(stated, seen))
			return differ(c, fact_caps_names[i], stated, seen);
	}
	return false;
}

/* "net:[4026531840]", or the number alone. */
static uint64_t inode_in(const struct json *stated)
{
	const char *text = json_text(stated);
	const char *open = text ? strchr(text, '[') : NULL;

	if (json_is(stated, JSON_NUMBER))
		return (uint64_t)stated->number;
	return open ? strtoull(open + 1, NULL, 10) : 0;
}

static bool namespaces_differ(const struct comparison *c)
{
	const struct json *stated = member(c->evidence, "namespaces");

	for (unsigned int i = 0; i < FACT_NS_COUNT; i++) {
		uint64_t inode = inode_in(member(stated, fact_ns_names[i]));
		uint64_t seen = c->watch->facts.ns[i];
		char texts[2][24];

		if (!inode || !seen)
			continue;
		++*c->compared;
		if (inode == seen)
			continue;
		(void)snprintf(texts[0], sizeof(texts[0]), "%llu",
			       (unsigned long long)inode);
		(void)snprintf(texts[1], sizeof(texts[1]), "%llu",
			       (unsigned long long)seen);
		return differ(c, fact_ns_names[i], texts[0], texts[1]);
	}
	return false;
}

static bool end_differs(const struct comparison *c)
{
	const struct watch *watch = c->watch;
	uint64_t allowed = 0;
	bool asked = c->arm->deadline_s && !c->arm->deadline_is_ours;

	/* Where a deadline was asked for, it passed before the script could end by itself. */
	if (asked && bool_differs(c, "timedOut", true))
		return true;
	if (!asked && bool_differs(c, "timedOut", false))
		return true;
	for (size_t i = 0; i < c->arm->probe->policy_count; i++)
		if (str_equal(c->arm->probe->policy[i].pointer,
			      "/resources/maxOutputBytes"))
			allowed = strtoull(c->arm->probe->policy[i].json, NULL, 10);
	if (!allowed && bool_differs(c, "outputTruncated", false))
		return true;
	if (!watch->ended || !WIFEXITED(watch->status) || watch->killed_by_us)
		return false;
	return number_differs(c, member(c->receipt, "confineExit"), "confineExit",
			      WEXITSTATUS(watch->status));
}

static bool facts_differ(const struct comparison *c)
{
	return c->watch->alive && (ids_differ(c) || status_differs(c) ||
				   capabilities_differ(c) || namespaces_differ(c));
}

enum receipt_says receipt_compare(const struct arm *arm, const struct watch *watch,
				  bool of_facts, char difference[RUN_TEXT_MAX])
{
	unsigned int facts = 0, end = 0;
	struct comparison c = { .arm = arm,
				.watch = watch,
				.receipt = watch->receipt,
				.evidence = member(watch->receipt, "evidence"),
				.difference = difference,
				.compared = &facts };

	if (!json_is(watch->receipt, JSON_OBJECT)) {
		(void)snprintf(difference, RUN_TEXT_MAX, "there is none");
		return RECEIPT_DIFFERS;
	}
	if (facts_differ(&c))
		return RECEIPT_DIFFERS;
	c.compared = &end;
	if (end_differs(&c))
		return RECEIPT_DIFFERS;
	return (of_facts ? facts : end) ? RECEIPT_AGREES : RECEIPT_STATES_NOTHING;
}
