/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - see policy.h. The three profiles, what is read over them, and what only the
 * whole can show; the single fields are in policy_fields.c.
 */
#include "runner/policy.h"
#include "runner/base/own.h"
#include "runner/filter.h"
#include "runner/policy_fields.h"
#include <string.h>

#define MIB (1024ULL * 1024)

const char *const profile_names[PROFILE_COUNT + 1] = {
	[PROFILE_DEFAULT] = "default",
	[PROFILE_PERMISSIVE] = "permissive",
	[PROFILE_FAIL_CLOSED] = "fail-closed",
};

/* Limits and modes that the shipped and the fail-closed profile have in common. */
#define SHIPPED_RESOURCES                                                                \
	{                                                                                \
		.cpu_seconds = { true, 60 }, .memory_bytes = { true, 512 * MIB },        \
		.max_open_files = { true, 1024 }, .max_processes = { true, 256 },        \
		.max_output_bytes = { true, 5 * MIB },                                   \
		.max_file_size_bytes = { true, 256 * MIB },                              \
	}

static const struct policy profiles[PROFILE_COUNT] = {
	[PROFILE_DEFAULT] = {
		.enabled = true,
		.on_unavailable = ON_UNAVAILABLE_FAIL,
		.resources = SHIPPED_RESOURCES,
		.filesystem.mode = FILESYSTEM_SCRATCH_PLUS_RO,
		.network = { .mode = NETWORK_ALLOWLIST, .deny_link_local_and_metadata = true },
		.privilege.mode = PRIVILEGE_DROP_TO_UID,
		.syscalls.mode = SYSCALLS_DEFAULT,
	},
	[PROFILE_PERMISSIVE] = {
		.enabled = true,
		.on_unavailable = ON_UNAVAILABLE_DEGRADE,
		.filesystem.mode = FILESYSTEM_OFF,
		.network = { .mode = NETWORK_UNRESTRICTED, .deny_link_local_and_metadata = true },
		.privilege.mode = PRIVILEGE_INHERIT,
	},
	[PROFILE_FAIL_CLOSED] = {
		.enabled = true,
		.on_unavailable = ON_UNAVAILABLE_FAIL, /* upstream degrades here: CONFORMANCE.md */
		.resources = SHIPPED_RESOURCES,
		.filesystem.mode = FILESYSTEM_SCRATCH_PLUS_RO,
		.network = { .mode = NETWORK_DENY, .deny_link_local_and_metadata = true },
		.privilege.mode = PRIVILEGE_DROP_TO_UID,
		.syscalls.mode = SYSCALLS_DEFAULT,
	},
};

/* A --set is a document of one member, so that every fault names it. */
static int read_set(const struct policy_set *set, struct arena *arena,
		    struct policy *policy, struct err *err)
{
	owned_json struct json *document = NULL;
	owned_str struct str what = { 0 };
	struct json *value = NULL;

	str_add(&what, "--set ");
	str_add_visible(&what, set->pointer, strlen(set->pointer), 60);
	if (json_parse(what.text, set->json, strlen(set->json), &json_small, &value,
		       err) < 0)
		return -1;
	if (json_set_pointer(&document, set->pointer, value, err) < 0)
		return err_within(err, "--set");
	return policy_fields_read(document, what.text, arena, policy, err);
}

/* --- what only the whole policy can show --- */

static bool is_within(const char *path, const char *tree)
{
	size_t length = strlen(tree);

	return strncmp(path, tree, length) == 0 && (path[length] == '/' || !path[length]);
}

/* The sandbox has these of its own: the host's would undo what other layers promise. */
static const char *const own_trees[] = { "/proc", "/dev" };

/* And these are directories of its own, in which the host's can be shown. */
static const char *const own_places[] = { "/", "/tmp", "/run", "/run/confine" };

static int check_shown(const struct policy *policy, size_t index,
		       const struct json_at *list, struct err *err)
{
	const char *path = policy->filesystem.read_only.items[index];
	struct json_at at = json_at_index(list, index);

	for (size_t i = 0; i < ARRAY_SIZE(own_trees); i++)
		if (is_within(path, own_trees[i]))
			return json_fault(&at, err,
					  "must not be in %s: the sandbox has its own",
					  own_trees[i]);
	for (size_t i = 0; i < ARRAY_SIZE(own_places); i++)
		if (str_equal(path, own_places[i]))
			return json_fault(
				&at, err,
				"must not be %s itself: the sandbox has its own; "
				"name what is in it",
				own_places[i]);
	for (size_t i = 0; i < policy->filesystem.hide.count; i++)
		if (is_within(path, policy->filesystem.hide.items[i]))
			return json_fault(&at, err, "is hidden by /filesystem/hide/%zu",
					  i);
	return 0;
}

/* What the lists of system calls say together. */
static int check_calls(const struct policy *policy, const struct json_at *root,
		       struct err *err)
{
	const struct call_list *allow = &policy->syscalls.allow;
	const struct call_list *refuse = &policy->syscalls.refuse;
	struct json_at section = json_at_member(root, "syscalls");
	struct json_at list = json_at_member(&section, "refuse");

	if (policy->syscalls.mode == SYSCALLS_OFF && allow->count + refuse->count > 0)
		return json_fault(&section, err,
				  "allow and refuse change a filter: they need a mode "
				  "that has one, not \"off\"");
	for (size_t i = 0; i < refuse->count; i++) {
		struct json_at at = json_at_index(&list, i);

		if (filter_call_find(refuse->items[i])->needed)
			return json_fault(&at, err, "no script can be started without %s",
					  refuse->items[i]);
		for (size_t other = 0; other < allow->count; other++)
			if (str_equal(refuse->items[i], allow->items[other]))
				return json_fault(&at, err,
						  "%s is in /syscalls/allow/%zu, too",
						  refuse->items[i], other);
	}
	return 0;
}

/* What is kept of an end is kept in memory. */
static int check_output(const struct policy *policy, const struct json_at *root,
			struct err *err)
{
	struct json_at section = json_at_member(root, "resources");
	struct json_at at = json_at_member(&section, "outputKeep");
	const struct limit *limit = &policy->resources.max_output_bytes;

	if (policy->resources.output_keep == KEEP_HEAD || !limit->set ||
	    limit->value <= POLICY_KEPT_MAX)
		return 0;
	return json_fault(&at, err,
			  "keeps the end of the output in memory: maxOutputBytes must be "
			  "at most %llu for it",
			  POLICY_KEPT_MAX);
}

static int check_whole(const struct policy *policy, struct err *err)
{
	struct json_at root = json_at_root("policy"), at;
	struct json_at filesystem = json_at_member(&root, "filesystem");

	if (policy->enabled && policy->filesystem.mode == FILESYSTEM_OFF &&
	    policy->filesystem.read_only.count + policy->filesystem.hide.count > 0)
		return json_fault(&filesystem, err,
				  "readOnly and hide need a mode that confines: "
				  "\"scratch-only\" or \"scratch-plus-ro\", not \"off\"");
	if (check_output(policy, &root, err) < 0)
		return -1;
	at = json_at_member(&filesystem, "readOnly");
	for (size_t i = 0; i < policy->filesystem.read_only.count; i++)
		if (check_shown(policy, i, &at, err) < 0)
			return -1;
	return check_calls(policy, &root, err);
}

/* Text from the environment is never an error: what is no id counts as unset. */
static void seed(struct limit *limit, const char *text)
{
	struct err ignored;

	limit->set =
		text && parse_u64(text, 0, POLICY_UID_MAX, &limit->value, &ignored) == 0;
}

int policy_load(enum profile profile, const char *what, const char *text, size_t length,
		const struct policy_set *sets, size_t set_count, const char *uid_seed,
		const char *gid_seed, struct arena *arena, struct policy *policy,
		struct err *err)
{
	struct policy loaded = profiles[profile];
	owned_json struct json *document = NULL;

	if (profile == PROFILE_DEFAULT) {
		seed(&loaded.privilege.uid, uid_seed);
		seed(&loaded.privilege.gid, loaded.privilege.uid.set ? gid_seed : NULL);
	}
	if (text && json_parse(what, text, length, &json_small, &document, err) < 0)
		return -1;
	if (text && policy_fields_read(document, what, arena, &loaded, err) < 0)
		return -1;
	for (size_t i = 0; i < set_count; i++)
		if (read_set(&sets[i], arena, &loaded, err) < 0)
			return -1;
	if (check_whole(&loaded, err) < 0)
		return -1;
	*policy = loaded;
	return 0;
}

struct json *policy_to_json(const struct policy *policy)
{
	return policy_fields_write(policy);
}
