/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_fields - see policy_fields.h. One table says what a policy may hold; reading and
 * writing are loops over it. Reading stores only what the document has, so reading over a
 * profile is the merge: a section is overlaid key by key, an array replaces the one
 * before.
 */
#include "runner/policy_fields.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/filter.h"
#include "runner/result.h"
#include <assert.h>
#include <limits.h>
#include <string.h>

#define EXACT_MAX (1ULL << 53) /* beyond it JSON readers round; upstream has no bound */

/* --- the table of fields --- */

/* Indexed by the enums of policy.h. */
static const char *const unavailable_words[] = { "degrade", "fail", NULL };
static const char *const filesystem_words[] = { "off", "scratch-only", "scratch-plus-ro",
						NULL };
static const char *const network_words[] = { "unrestricted", "deny", "allowlist", NULL };
static const char *const privilege_words[] = { "inherit", "drop-to-uid", NULL };
static const char *const tri_words[] = { "auto", "off", "on", NULL };
static const char *const keep_words[] = { "head", "tail", "both", NULL };
static const char *const syscalls_words[] = { "auto", "off", "default", "strict", NULL };

static_assert(sizeof(enum on_unavailable) == sizeof(unsigned int),
	      "words are read as unsigned");
static_assert(sizeof(enum tri_mode) == sizeof(unsigned int),
	      "words are read as unsigned");

enum kind {
	KIND_BOOL,
	KIND_WORD,
	KIND_LIMIT,
	KIND_PATHS,
	KIND_RULES,
	KIND_CALLS,
	KIND_NAMES,
	KIND_COUNT
};

static const char *const sections[] = { "",        "resources", "filesystem",
					"network", "privilege", "syscalls",
					"ipc",     "lifecycle", "environment" };
#define UPSTREAM_SECTIONS 5 /* always written; the others where they say something */

static const struct field {
	const char *section, *key;
	enum kind kind;
	size_t offset; /* in struct policy; KIND_RULES fills three members instead */
	uint64_t min, max;
	const char *const *words;
} fields[] = {
#define AT(member) offsetof(struct policy, member)
#define BOOL(section, key, member)                                                       \
	{                                                                                \
		section, key, KIND_BOOL, AT(member), 0, 0, NULL                          \
	}
/* Not upstream's: written only where it is true. */
#define OUR_BOOL(section, key, member)                                                   \
	{                                                                                \
		section, key, KIND_BOOL, AT(member), 1, 0, NULL                          \
	}
#define WORD(section, key, member, words)                                                \
	{                                                                                \
		section, key, KIND_WORD, AT(member), 0, 0, words                         \
	}
/* Written also as "auto", for a profile may say something else. */
#define PROFILE_WORD(section, key, member, words)                                        \
	{                                                                                \
		section, key, KIND_WORD, AT(member), 1, 0, words                         \
	}
#define LIMIT(section, key, member, min, max)                                            \
	{                                                                                \
		section, key, KIND_LIMIT, AT(member), min, max, NULL                     \
	}
#define CALLS(section, key, member)                                                      \
	{                                                                                \
		section, key, KIND_CALLS, AT(member), 0, 0, NULL                         \
	}
#define NAMES(section, key, member)                                                      \
	{                                                                                \
		section, key, KIND_NAMES, AT(member), 0, 0, NULL                         \
	}
#define PATHS(section, key, member)                                                      \
	{                                                                                \
		section, key, KIND_PATHS, AT(member), 0, 0, NULL                         \
	}
	BOOL("", "enabled", enabled),
	WORD("", "onUnavailable", on_unavailable, unavailable_words),
	LIMIT("resources", "cpuSeconds", resources.cpu_seconds, 1, 3600),
	LIMIT("resources", "memoryBytes", resources.memory_bytes, 1, EXACT_MAX),
	LIMIT("resources", "maxOpenFiles", resources.max_open_files, 1, 1048576),
	LIMIT("resources", "maxProcesses", resources.max_processes, 1, 65536),
	LIMIT("resources", "maxOutputBytes", resources.max_output_bytes, 1, EXACT_MAX),
	LIMIT("resources", "maxFileSizeBytes", resources.max_file_size_bytes, 1,
	      EXACT_MAX),
	LIMIT("resources", "maxResultBytes", resources.max_result_bytes, 1,
	      RESULT_MAX_BYTES),
	LIMIT("resources", "diskBytes", resources.disk_bytes, 1, EXACT_MAX),
	LIMIT("resources", "treeCpuSeconds", resources.tree_cpu_seconds, 1, EXACT_MAX),
	WORD("resources", "outputKeep", resources.output_keep, keep_words),
	WORD("filesystem", "mode", filesystem.mode, filesystem_words),
	LIMIT("filesystem", "scratchBytes", filesystem.scratch_bytes, 1, EXACT_MAX),
	PATHS("filesystem", "readOnly", filesystem.read_only),
	PATHS("filesystem", "hide", filesystem.hide),
	WORD("filesystem", "landlock", filesystem.landlock, tri_words),
	WORD("network", "mode", network.mode, network_words),
	{ "network", "allow", KIND_RULES, 0, 0, 0, NULL },
	BOOL("network", "denyLinkLocalAndMetadata", network.deny_link_local_and_metadata),
	OUR_BOOL("network", "allowOverridesBlock", network.allow_overrides_block),
	NAMES("network", "names", network.names),
	WORD("privilege", "mode", privilege.mode, privilege_words),
	LIMIT("privilege", "uid", privilege.uid, 0, POLICY_UID_MAX),
	LIMIT("privilege", "gid", privilege.gid, 0, POLICY_UID_MAX),
	PROFILE_WORD("syscalls", "mode", syscalls.mode, syscalls_words),
	CALLS("syscalls", "allow", syscalls.allow),
	CALLS("syscalls", "refuse", syscalls.refuse),
	WORD("ipc", "mode", ipc.mode, tri_words),
	WORD("lifecycle", "mode", lifecycle.mode, tri_words),
	WORD("environment", "mode", environment.mode, tri_words),
#undef AT
#undef BOOL
#undef OUR_BOOL
#undef WORD
#undef PROFILE_WORD
#undef LIMIT
#undef PATHS
#undef NAMES
#undef CALLS
};

/* --- reading --- */

/* One object of the document, and what its readers need. */
struct reader {
	const struct json *object;
	struct json_at at;
	struct arena *arena;
	struct policy *policy;
	struct err *err;
};

static void *slot_of(const struct reader *reader, const struct field *field)
{
	return (char *)reader->policy + field->offset;
}

static int read_bool(const struct reader *reader, const struct field *field)
{
	return json_get_bool(reader->object, &reader->at, field->key,
			     slot_of(reader, field), reader->err);
}

static int read_word(const struct reader *reader, const struct field *field)
{
	return json_get_word(reader->object, &reader->at, field->key, field->words,
			     slot_of(reader, field), reader->err);
}

static int read_limit(const struct reader *reader, const struct field *field)
{
	struct limit *limit = slot_of(reader, field), read = { .set = true };

	if (!json_member(reader->object, field->key))
		return 0;
	if (json_get_u64(reader->object, &reader->at, field->key, field->min, field->max,
			 &read.value, reader->err) < 0)
		return -1;
	*limit = read;
	return 0;
}

/* An array of strings, in the arena; *ret_items is NULL when it is absent. */
static int read_strings(const struct reader *reader, const struct field *field,
			struct json_at *array_at, const char ***ret_items,
			size_t *ret_count)
{
	size_t count = 0;
	struct json *array, *item;

	*array_at = json_at_member(&reader->at, field->key);
	*ret_items = NULL;
	if (json_get_array(reader->object, &reader->at, field->key, &array, reader->err) <
	    0)
		return -1;
	if (!array)
		return 0;
	*ret_items =
		arena_array(reader->arena, json_count(array) + 1, sizeof(**ret_items));
	json_each(item, array) {
		struct json_at at = json_at_index(array_at, count);

		if (!json_is(item, JSON_STRING))
			return json_fault(&at, reader->err, "must be a string");
		(*ret_items)[count++] = arena_strdup(reader->arena, item->text);
	}
	*ret_count = count;
	return 0;
}

/* In place: "//" and "." go. What ".." means depends on links on the way: refused. */
static int normalise(char *path, const struct json_at *at, struct err *err)
{
	char *out = path, *next = path;

	if (*path != '/')
		return json_fault(at, err, "must be an absolute path");
	if (strlen(path) >= PATH_MAX)
		return json_fault(at, err, "must be shorter than %d bytes", PATH_MAX);
	while (*next) {
		char *name = next + strspn(next, "/");
		size_t length = strcspn(name, "/");

		next = name + length;
		if (length == 2 && memcmp(name, "..", 2) == 0)
			return json_fault(at, err, "must not contain \"..\"");
		if (length == 0 || (length == 1 && *name == '.'))
			continue;
		*out++ = '/';
		memmove(out, name, length);
		out += length;
	}
	*out = '\0';
	if (out == path)
		return json_fault(at, err, "must name something below \"/\"");
	return 0;
}

static int read_paths(const struct reader *reader, const struct field *field)
{
	struct path_list *list = slot_of(reader, field), read = { 0 };
	struct json_at array_at;

	if (read_strings(reader, field, &array_at, &read.items, &read.count) < 0)
		return -1;
	if (!read.items)
		return 0;
	for (size_t i = 0; i < read.count; i++) {
		struct json_at at = json_at_index(&array_at, i);
		char *path = arena_strdup(reader->arena, read.items[i]);

		if (normalise(path, &at, reader->err) < 0)
			return -1;
		read.items[i] = path;
	}
	*list = read;
	return 0;
}

static int read_rules(const struct reader *reader, const struct field *field)
{
	struct policy *policy = reader->policy;
	struct json_at array_at;
	struct net_rule *rules;
	const char **texts;
	size_t count = 0;

	if (read_strings(reader, field, &array_at, &texts, &count) < 0)
		return -1;
	if (!texts)
		return 0;
	rules = arena_array(reader->arena, count + 1, sizeof(*rules));
	for (size_t i = 0; i < count; i++) {
		struct json_at at = json_at_index(&array_at, i);

		if (parse_net_rule(texts[i], &rules[i], reader->err) < 0)
			return err_within(reader->err, "%s: %s", at.what, at.pointer);
	}
	policy->network.allow_text = texts;
	policy->network.allow = rules;
	policy->network.allow_count = count;
	return 0;
}

static int check_call(const char *name, const struct json_at *at, struct err *err)
{
	const char *near;

	if (filter_call_find(name))
		return 0;
	near = filter_call_nearest(name);
	return json_fault(at, err, "must name a system call of this machine (%s)%s%s%s",
			  filter_abis, near ? "; the nearest known is \"" : "",
			  near ? near : "", near ? "\"" : "");
}

static int read_calls(const struct reader *reader, const struct field *field)
{
	struct call_list *list = slot_of(reader, field), read = { 0 };
	struct json_at array_at;

	if (read_strings(reader, field, &array_at, &read.items, &read.count) < 0)
		return -1;
	if (!read.items)
		return 0;
	for (size_t i = 0; i < read.count; i++) {
		struct json_at at = json_at_index(&array_at, i);

		if (check_call(read.items[i], &at, reader->err) < 0)
			return -1;
	}
	*list = read;
	return 0;
}

static int read_names(const struct reader *reader, const struct field *field)
{
	struct name_list *list = slot_of(reader, field), read = { 0 };
	struct json_at array_at;

	if (read_strings(reader, field, &array_at, &read.items, &read.count) < 0)
		return -1;
	if (!read.items)
		return 0;
	if (read.count > POLICY_NAMES_MAX)
		return json_fault(&array_at, reader->err, "must have at most %d names",
				  POLICY_NAMES_MAX);
	for (size_t i = 0; i < read.count; i++) {
		struct json_at at = json_at_index(&array_at, i);

		if (!parse_is_host_name(read.items[i]))
			return json_fault(&at, reader->err,
					  "must be a host name (RFC 1123: letters, "
					  "digits and \"-\", parted by dots)");
		for (size_t k = 0; k < i; k++)
			if (!strcasecmp(read.items[k], read.items[i]))
				return json_fault(&at, reader->err,
						  "is in the list already, at %zu", k);
	}
	*list = read;
	return 0;
}

static int (*const read_kind[KIND_COUNT])(const struct reader *, const struct field *) = {
	[KIND_BOOL] = read_bool,   [KIND_WORD] = read_word,   [KIND_LIMIT] = read_limit,
	[KIND_PATHS] = read_paths, [KIND_RULES] = read_rules, [KIND_CALLS] = read_calls,
	[KIND_NAMES] = read_names,
};

/* What an object may hold: the keys of its section; at the top, the sections too. */
static int check_names(const struct reader *reader, const char *section)
{
	const char *names[ARRAY_SIZE(fields) + ARRAY_SIZE(sections) + 1];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strcmp(fields[i].section, section) == 0)
			names[count++] = fields[i].key;
	for (size_t i = 1; !*section && i < ARRAY_SIZE(sections); i++)
		names[count++] = sections[i];
	names[count] = NULL;
	return json_only(reader->object, &reader->at, names, reader->err);
}

static int read_section(struct reader reader, const char *section)
{
	if (check_names(&reader, section) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].section, section) == 0 &&
		    read_kind[fields[i].kind](&reader, &fields[i]) < 0)
			return -1;
	}
	return 0;
}

int policy_fields_read(const struct json *document, const char *what, struct arena *arena,
		       struct policy *policy, struct err *err)
{
	struct reader top = { document, json_at_root(what), arena, policy, err };

	if (read_section(top, sections[0]) < 0)
		return -1;
	for (size_t i = 1; i < ARRAY_SIZE(sections); i++) {
		struct reader reader = top;
		struct json *object;

		if (json_get_object(document, &top.at, sections[i], &object, err) < 0)
			return -1;
		if (!object)
			continue;
		reader.object = object;
		reader.at = json_at_member(&top.at, sections[i]);
		if (read_section(reader, sections[i]) < 0)
			return -1;
	}
	return 0;
}

/* --- writing --- */

static void add_strings(struct json *object, const char *key, const char *const *items,
			size_t count)
{
	struct json *array = json_add_array(object, key);

	for (size_t i = 0; i < count; i++)
		json_append(array, json_string(items[i]));
}

static const void *value_of(const struct policy *policy, const struct field *field)
{
	return (const char *)policy + field->offset;
}

static void write_bool(struct json *object, const struct field *field,
		       const struct policy *policy)
{
	const bool *value = value_of(policy, field);

	if (*value || !field->min)
		json_add_bool(object, field->key, *value);
}

static void write_word(struct json *object, const struct field *field,
		       const struct policy *policy)
{
	const unsigned int *index = value_of(policy, field);

	if (*index > 0 || field->min ||
	    (strcmp(field->words[0], "auto") != 0 && field->words != keep_words))
		json_add_string(object, field->key, field->words[*index]);
}

static void write_limit(struct json *object, const struct field *field,
			const struct policy *policy)
{
	const struct limit *limit = value_of(policy, field);

	if (limit->set)
		json_add_u64(object, field->key, limit->value);
}

static void write_paths(struct json *object, const struct field *field,
			const struct policy *policy)
{
	const struct path_list *list = value_of(policy, field);

	if (list->count > 0)
		add_strings(object, field->key, list->items, list->count);
}

static void write_calls(struct json *object, const struct field *field,
			const struct policy *policy)
{
	const struct call_list *list = value_of(policy, field);

	if (list->count > 0)
		add_strings(object, field->key, list->items, list->count);
}

static void write_rules(struct json *object, const struct field *field,
			const struct policy *policy)
{
	add_strings(object, field->key, policy->network.allow_text,
		    policy->network.allow_count);
}

static void write_names(struct json *object, const struct field *field,
			const struct policy *policy)
{
	const struct name_list *list = value_of(policy, field);

	if (list->count > 0)
		add_strings(object, field->key, list->items, list->count);
}

static void (*const write_kind[KIND_COUNT])(struct json *, const struct field *,
					    const struct policy *) = {
	[KIND_BOOL] = write_bool,   [KIND_WORD] = write_word,
	[KIND_LIMIT] = write_limit, [KIND_PATHS] = write_paths,
	[KIND_RULES] = write_rules, [KIND_CALLS] = write_calls,
	[KIND_NAMES] = write_names,
};

static void write_section(struct json *object, const struct policy *policy,
			  const char *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strcmp(fields[i].section, section) == 0)
			write_kind[fields[i].kind](object, &fields[i], policy);
}

struct json *policy_fields_write(const struct policy *policy)
{
	struct json *document = json_object();

	write_section(document, policy, sections[0]);
	for (size_t i = 1; i < ARRAY_SIZE(sections); i++) {
		struct json *object = json_object();

		write_section(object, policy, sections[i]);
		if (i < UPSTREAM_SECTIONS || object->first)
			json_add(document, sections[i], object);
		else
			json_delete(&object);
	}
	return document;
}
