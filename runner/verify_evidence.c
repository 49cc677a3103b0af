/* SPDX-License-Identifier: Apache-2.0 */
/* verify_evidence - what was seen, for the receipt */
#include "runner/base/own.h"
#include "runner/verify.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json *mounts_json(const struct view *view)
{
	struct json *list = json_array();

	for (size_t i = 0; i < view->mount_count; i++) {
		struct json *mount = json_object();

		json_add_text(mount, "at", view->mounts[i].point);
		json_add_text(mount, "type", view->mounts[i].type);
		json_add_text(mount, "options", view->mounts[i].options);
		json_append(list, mount);
	}
	return list;
}

static struct json *cgroups_json(const struct view *view)
{
	const struct groups *groups = &view->spawn->groups;
	struct json *list = json_array();

	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct step *step = plan_find(view->spawn->plan, groups_op(i));
		struct json *group;
		char number[32];

		if (!step || groups->of[i].fd < 0)
			continue;
		group = json_object();
		/* Of time there is no number in the kernel: the supervisor holds it. */
		(void)snprintf(number, sizeof(number), "%llu",
			       (unsigned long long)view->group_limits[i]);
		json_add_text(group, "controller", groups_controller(i));
		json_add_text(group, "path",
			      arena_printf(view->arena, "%s/%s", groups_home(groups, i),
					   groups_name(groups, i)));
		json_add_text(group, "limit",
			      view->group_limits[i] ? number : "counted only");
		json_append(list, group);
	}
	return list;
}

static struct json *limits_json(const struct view *view)
{
	struct json *object = json_object();

	for (size_t i = 0; i < SEEN_LIMITS; i++)
		if (view->limit_seen[i] && view->limits[i].rlim_cur == RLIM_INFINITY)
			json_add_text(object, seen_limits[i].name, "unlimited");
		else if (view->limit_seen[i])
			json_add_text(
				object, seen_limits[i].name,
				arena_printf(
					view->arena, "%llu",
					(unsigned long long)view->limits[i].rlim_cur));
	return object;
}

static void add_status(const struct view *view, struct json *object)
{
	static const char *const rows[][2] = {
		{ "capBnd", "CapBnd" }, { "capEff", "CapEff" }, { "capPrm", "CapPrm" },
		{ "capInh", "CapInh" }, { "capAmb", "CapAmb" }, { "umask", "Umask" },
	};
	static const char *const numbers[][2] = {
		{ "uid", "Uid" },
		{ "gid", "Gid" },
		{ "noNewPrivs", "NoNewPrivs" },
		{ "seccomp", "Seccomp" },
		{ "seccompFilters", "Seccomp_filters" },
	};
	const char *at = view_status(view, "Groups");
	struct json *groups;

	if (!view->status[0])
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		json_add_text(object, rows[i][0], view_status(view, rows[i][1]));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		json_add_u64(object, numbers[i][0],
			     strtoul(view_status(view, numbers[i][1]), NULL, 10));
	groups = json_add_array(object, "groups");
	while (*at) {
		char *end;

		json_append(groups, json_number((double)strtoul(at, &end, 10)));
		at = end + strspn(end, " ");
	}
}

/* Ids of a map with single blanks between them. */
static void add_map(struct json *object, const char *key, const char *text)
{
	unsigned int a, b, c;
	char line[48];

	if (sscanf(text, "%u %u %u", &a, &b, &c) != 3)
		return;
	(void)snprintf(line, sizeof(line), "%u %u %u", a, b, c);
	json_add_text(object, key, line);
}

/* Lines of a text as strings. */
static void add_lines(struct json *object, const char *key, const struct str *text,
		      struct arena *arena)
{
	struct json *list = json_add_array(object, key);
	const char *at = str_text(text);

	while (*at) {
		size_t length = strcspn(at, "\n");

		json_append(list, json_string(arena_strndup(arena, at, length)));
		at += length + (at[length] == '\n');
	}
}

static struct json *egress_json(const struct view *view)
{
	const struct outlet *outlet = &view->spawn->outlet;
	struct json *object = json_object();

	json_add_text(object, "uplink",
		      outlet->uplink.program ? outlet->uplink.program : "");
	add_lines(object, "addresses", &outlet->addresses, view->arena);
	add_lines(object, "rules", &outlet->rules, view->arena);
	return object;
}

static void add_landlock(const struct view *view, struct json *object)
{
	const struct plan *plan = view->spawn->plan;
	const struct step *handle = plan_find(plan, OP_LANDLOCK_HANDLE);
	const struct step *enter = plan_find(plan, OP_LANDLOCK_WALL);
	uint32_t tried = view->spawn->tried;
	struct json *landlock, *list;
	uint64_t rules = 0;

	enter = enter ? enter : plan_find(plan, OP_LANDLOCK_ALONE);
	if (!handle || !enter)
		return;
	for (size_t i = 0; i < plan->count; i++)
		rules += plan->steps[i].op == OP_LANDLOCK_ALLOW;
	landlock = json_add_object(object, "landlock");
	json_add_u64(landlock, "abi", handle->number);
	json_add_u64(landlock, "rules", rules);
	list = json_add_array(landlock, "selfTried");
	if (tried & CHILD_TRIED_READ)
		json_append(list,
			    json_string(arena_printf(view->arena, "reading %s: EACCES",
						     enter->path)));
	if (tried & CHILD_TRIED_WRITE && enter->source)
		json_append(list,
			    json_string(arena_printf(view->arena, "writing %s: EACCES",
						     enter->source)));
	if (tried & CHILD_TRIED_SHOWN)
		json_append(list, json_string("opening scratch: as before"));
}

/* What could not be read is left out: nought and nothing would be statements too. */
struct json *verify_evidence(const struct view *view)
{
	struct json *object = json_object();
	struct json *namespaces = json_add_object(object, "namespaces");
	struct json *descriptors;

	for (unsigned int i = 0; i < SEEN_NAMESPACES; i++)
		if (view->inside[i])
			json_add_text(namespaces, seen_namespace_names[i],
				      arena_printf(view->arena, "%s:[%llu]",
						   seen_namespace_names[i],
						   (unsigned long long)view->inside[i]));
	add_map(object, "uidMap", view->uid_map);
	add_map(object, "gidMap", view->gid_map);
	add_status(view, object);
	json_add(object, "cgroups", cgroups_json(view));
	json_add(object, "mounts", mounts_json(view));
	json_add(object, "rlimits", limits_json(view));
	if (plan_find(view->spawn->plan, OP_EGRESS) ||
	    plan_find(view->spawn->plan, OP_UPLINK))
		json_add(object, "egress", egress_json(view));
	add_landlock(view, object);
	if (view->session > 0)
		json_add_text(object, "session",
			      view->session == view->spawn->script ? "own"
								   : "the caller's");
	if (!view->descriptor_count || view->descriptors_unsure)
		return object;
	descriptors = json_add_array(object, "descriptors");
	for (size_t i = 0; i < view->descriptor_count; i++)
		if (view->descriptor_open[i])
			json_append(descriptors, json_number(view->descriptors[i]));
	return object;
}
