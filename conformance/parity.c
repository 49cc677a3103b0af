/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parity - does the shield change what it is built around?
 *
 * Some launchers look for signs of a sandbox around them, and run the program without one if they
 * find any. So the script that only waits is run twice, as deployed and in the shield, and what
 * the target made of it is compared: never the numbers, which always differ, but whether a thing
 * is the script's own or its launcher's. Done in a process of its own, which can then reap and
 * end whatever comes from the target.
 */
#include "conformance/parity.h"
#include "conformance/aside.h"
#include "conformance/deployed.h"
#include "conformance/view.h"
#include "runner/base/own.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair {
	const struct appearance *deployed, *shielded;
	struct parity_result *ret;
};

__attribute__((format(printf, 2, 3))) static void differ(const struct pair *pair,
							 const char *format, ...)
{
	struct parity_result *ret = pair->ret;
	va_list arguments;

	if (ret->count == PARITY_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(ret->differences[ret->count++], RUN_TEXT_MAX, format, arguments);
	va_end(arguments);
}

/* --- facts of the script --------------------------------------------------------- */

static const char *whose(bool own)
{
	return own ? "its own" : "its launcher's";
}

static void compare_namespaces(const struct pair *pair)
{
	const struct appearance *sides[2] = { pair->deployed, pair->shielded };

	for (unsigned int i = 0; i < FACT_NS_COUNT; i++) {
		bool own[2], known = true;

		for (unsigned int side = 0; side < 2; side++) {
			uint64_t inside = sides[side]->facts.ns[i];
			uint64_t outside = sides[side]->launcher_ns[i];

			known = known && inside && outside;
			own[side] = inside != outside;
		}
		if (known && own[0] != own[1])
			differ(pair, "%s namespace: %s as deployed, %s in the shield",
			       fact_ns_names[i], whose(own[0]), whose(own[1]));
	}
}

static void compare_status(const struct pair *pair)
{
	const struct facts *deployed = &pair->deployed->facts;
	const struct facts *shielded = &pair->shielded->facts;

	if (deployed->no_new_privs != shielded->no_new_privs)
		differ(pair, "no_new_privs: %d as deployed, %d in the shield",
		       (int)deployed->no_new_privs, (int)shielded->no_new_privs);
	if (deployed->seccomp != shielded->seccomp)
		differ(pair, "seccomp: mode %d as deployed, %d in the shield",
		       (int)deployed->seccomp, (int)shielded->seccomp);
	for (unsigned int i = 0; i < CAPS_COUNT; i++)
		if (deployed->caps[i] != shielded->caps[i])
			differ(pair, "%s: %016llx as deployed, %016llx in the shield",
			       fact_caps_names[i], (unsigned long long)deployed->caps[i],
			       (unsigned long long)shielded->caps[i]);
}

/* Lines, and ids on them: which ids they are may be drawn anew for each run. */
static uint64_t map_shape(const struct str *map)
{
	uint64_t lines = 0, ids = 0;

	for (const char *at = str_text(map); *at; lines++) {
		char *end;

		(void)strtoul(at, &end, 10);
		(void)strtoul(end, &end, 10);
		ids += strtoul(end, &end, 10);
		at = strchrnul(end, '\n');
		at += *at == '\n';
	}
	return lines << 40 | ids;
}

static void compare_map(const struct pair *pair)
{
	const struct appearance *sides[2] = { pair->deployed, pair->shielded };

	for (unsigned int side = 0; side < 2; side++)
		if (sides[side]->facts.ns[FACT_NS_USER] ==
		    sides[side]->launcher_ns[FACT_NS_USER])
			return; /* then it is the launcher's map, which is the shield's */
	if (map_shape(&pair->deployed->held.map) != map_shape(&pair->shielded->held.map))
		differ(pair, "id map: of another shape in the shield");
}

/* --- cgroups --------------------------------------------------------------------- */

/* The line of the table with the same controllers, from their colon on; or NULL. */
static const char *same_hierarchy(const char *table, const char *names, size_t length)
{
	for (const char *at = table; *at;) {
		const char *found = strchr(at, ':');

		if (found && strncmp(found, names, length) == 0)
			return found;
		at = strchrnul(at, '\n');
		at += *at == '\n';
	}
	return NULL;
}

/* One bit for each line of /proc/PID/cgroup ("4:memory:/path"): is the script in a group that its
 * launcher is not in? The lines have the same order everywhere. */
static uint64_t own_groups(const struct held *held)
{
	const char *launcher = str_text(&held->launcher_groups);
	uint64_t bits = 0, bit = 1;

	for (const char *at = str_text(&held->groups); *at; bit <<= 1) {
		const char *end = strchrnul(at, '\n');
		const char *names = strchr(at, ':');
		const char *path = names ? strchr(names + 1, ':') : NULL;
		const char *other =
			path ? same_hierarchy(launcher, names, (size_t)(path - names) + 1)
			     : NULL;
		size_t length = path ? (size_t)(end - names) : 0;

		if (other && ((size_t)(strchrnul(other, '\n') - other) != length ||
			      strncmp(other, names, length) != 0))
			bits |= bit;
		at = end + (*end == '\n');
	}
	return bits;
}

static void compare_groups(const struct pair *pair)
{
	uint64_t deployed = own_groups(&pair->deployed->held);
	uint64_t shielded = own_groups(&pair->shielded->held);

	if (deployed != shielded)
		differ(pair, "cgroups: in %d of its own as deployed, in %d in the shield",
		       __builtin_popcountll(deployed), __builtin_popcountll(shielded));
}

/* --- mounts ---------------------------------------------------------------------- */

/* "PLACE TYPE" of one line of mountinfo, with the arm's own directory as {root}; "" for what is
 * not compared. */
static const char *mount_of(const char *line, const char *root, struct str *text)
{
	const char *place = line, *end, *type;
	size_t length = strlen(root);

	str_clear(text);
	for (unsigned int field = 0; field < 4 && place; field++) {
		place = strchr(place, ' ');
		place = place ? place + 1 : NULL;
	}
	end = place ? strchr(place, ' ') : NULL;
	type = end ? strstr(end, " - ") : NULL;
	if (!type)
		return "";
	type += strlen(" - ");
	/* There the file system is the shield's tmpfs on one side and the host's on the other. */
	if (strncmp(place, root, length) == 0) {
		str_add(text, "{root}");
		str_add_bytes(text, place + length, (size_t)(end - place) - length);
		return str_text(text);
	}
	/* So it is in the places that the shield covers, and what is mounted below them comes along
	 * when somebody binds the whole place. */
	if (view_is_covered(place))
		return "";
	str_add_bytes(text, place, (size_t)(end - place) + 1);
	if (!view_covers(place, (size_t)(end - place)))
		str_add_bytes(text, type, (size_t)(strchrnul(type, ' ') - type));
	return str_text(text);
}

static bool has_mount(const struct str *table, const char *root, const char *wanted)
{
	owned_str struct str text = { 0 };

	for (const char *at = str_text(table); *at;) {
		if (str_equal(mount_of(at, root, &text), wanted))
			return true;
		at = strchrnul(at, '\n');
		at += *at == '\n';
	}
	return false;
}

/* What the target mounted on one side: in the script's table and not in its launcher's. */
static void compare_mounts_one_way(const struct pair *pair, const struct appearance *here,
				   const struct appearance *there, const char *where)
{
	owned_str struct str text = { 0 };

	for (const char *at = str_text(&here->held.mounts); *at;) {
		const char *mount = mount_of(at, here->root, &text);

		if (mount[0] &&
		    !has_mount(&here->held.launcher_mounts, here->root, mount) &&
		    !has_mount(&there->held.mounts, there->root, mount))
			differ(pair, "mount %.180s: only %s", mount, where);
		at = strchrnul(at, '\n');
		at += *at == '\n';
	}
}

static void compare_mounts(const struct pair *pair)
{
	compare_mounts_one_way(pair, pair->deployed, pair->shielded, "as deployed");
	compare_mounts_one_way(pair, pair->shielded, pair->deployed, "in the shield");
}

/* --- receipt --------------------------------------------------------------------- */

/* A word, or what is true; "nothing" for what is not there, and for everything else "something". */
static const char *said(const struct json *value)
{
	if (json_is(value, JSON_BOOL))
		return value->truth ? "true" : "false";
	if (!value)
		return "nothing";
	return json_text(value) ? json_text(value) : "something";
}

/* The members of `here` that `there` says otherwise; only those that it lacks, with `lacking`. */
static void compare_members(const struct pair *pair, const char *key,
			    const struct json *here, const struct json *there,
			    bool lacking)
{
	const struct json *member;

	json_each(member, here) {
		const struct json *other = json_member(there, member->key);

		if (lacking ? other != NULL : json_equal(member, other))
			continue;
		differ(pair,
		       "receipt: %s of %.40s: %.60s as deployed, %.60s in the shield",
		       key, member->key, said(lacking ? other : member),
		       said(lacking ? member : other));
	}
}

static void compare_receipts(const struct pair *pair)
{
	static const char *const keys[] = { "enforced", "promises", "mechanism" };
	const struct json *receipts[2] = { pair->deployed->receipt,
					   pair->shielded->receipt };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct json *deployed = json_member(receipts[0], keys[i]);
		const struct json *shielded = json_member(receipts[1], keys[i]);

		if (json_is(deployed, JSON_OBJECT) && json_is(shielded, JSON_OBJECT)) {
			compare_members(pair, keys[i], deployed, shielded, false);
			compare_members(pair, keys[i], shielded, deployed, true);
		} else if (deployed && shielded && !json_equal(deployed, shielded)) {
			differ(pair, "receipt: \"%s\" is not the same", keys[i]);
		}
	}
	if (!receipts[0] != !receipts[1])
		differ(pair, "receipt: only %s",
		       receipts[0] ? "as deployed" : "in the shield");
}

/* --- both runs ------------------------------------------------------------------- */

static int shielded_look(const struct session *session, struct arena *arena,
			 struct appearance *ret, struct err *err)
{
	struct watch *watch = watch_new();
	struct arm *arm = arena_alloc(arena, sizeof(*arm));
	int result = session_hold(session, arena, arm, watch, err);

	ret->alive = result == 0 && watch->alive && watch->held.found;
	ret->facts = watch->facts;
	ret->root = arm->root;
	ret->receipt = watch->receipt;
	ret->held = watch->held;
	memcpy(ret->launcher_ns, watch->launcher_ns, sizeof(ret->launcher_ns));
	watch->receipt = NULL;
	watch->held = (struct held){ .found = false };
	watch_done(watch);
	str_done(&arm->variables);
	return result;
}

static void compare(const struct session *session, struct arena *arena,
		    struct parity_result *ret)
{
	struct appearance *deployed = arena_alloc(arena, sizeof(*deployed));
	struct appearance *shielded = arena_alloc(arena, sizeof(*shielded));
	struct pair pair = { .deployed = deployed, .shielded = shielded, .ret = ret };
	struct err err;

	if (shielded_look(session, arena, shielded, &err) < 0 ||
	    deployed_look(session, arena, deployed, &err) < 0) {
		arm_text(ret->reason, "%s", err.msg);
	} else if (!deployed->alive && !shielded->alive) {
		arm_text(ret->reason,
			 "the target starts no script, as deployed or in the shield");
	} else if (deployed->alive != shielded->alive) {
		ret->tested = true;
		differ(&pair, "the target starts a script only %s",
		       deployed->alive ? "as deployed" : "in the shield");
	} else {
		ret->tested = true;
		compare_namespaces(&pair);
		compare_status(&pair);
		compare_map(&pair);
		compare_groups(&pair);
		compare_mounts(&pair);
		compare_receipts(&pair);
	}
	ret->ok = ret->tested && ret->count == 0;
	if (ret->count)
		arm_text(ret->reason, "the shield changes this target: %s",
			 ret->differences[0]);
	appearance_done(deployed);
	appearance_done(shielded);
}

/* What the target leaves behind becomes this process's, deployed.c: a fork of its own. */
static void work(const struct session *session, void *ret)
{
	struct arena arena = { 0 };

	compare(session, &arena, ret);
	arena_done(&arena);
}

void session_parity(struct session *session, struct parity_result *ret)
{
	struct aside aside;

	*ret = (struct parity_result){ .ok = false };
	session_know(session);
	if (!session->found.ran && (session->hangs || session->found.refused)) {
		arm_text(ret->reason, "the target does not start: %s",
			 session->found.detail);
		return;
	}
	aside_start(&aside, work, session, sizeof(*ret));
	if (!aside_finish(&aside, ret, sizeof(*ret)))
		arm_text(ret->reason, "its worker ended without a result");
}
