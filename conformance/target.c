/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every key of a file is known, every placeholder has something to stand for, and each part that
 * is described is used: what a file cannot say wrongly, nobody has to find out in a run.
 */
#include "conformance/target.h"
#include "conformance/placeholder.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

enum {
	ARGUMENTS_MAX = 512,
	NAME_MAX_BYTES = 40,
};

const char *const target_part_names[PART_COUNT + 1] = {
	[PART_POLICY] = "policy-option",   [PART_SET] = "set",
	[PART_SCRATCH] = "scratch-option", [PART_ENV] = "env",
	[PART_TIMEOUT] = "timeout",
};

const char *const stated_by_names[STATED_BY_COUNT + 1] = {
	[STATED_BY_NOTHING] = "nothing",
	[STATED_BY_FILE] = "file",
	[STATED_BY_RECEIPT] = "receipt",
};

/* Placeholders in the arguments of each part, besides those known everywhere. */
static const char *const part_placeholders[PART_COUNT][2] = {
	[PART_POLICY] = { "policy" },   [PART_SET] = { "pointer", "json" },
	[PART_SCRATCH] = { "scratch" }, [PART_ENV] = { "name", "value" },
	[PART_TIMEOUT] = { "seconds" },
};

/* What is read, and from where. */
struct reader {
	struct target target;
	unsigned int uses; /* bits of enum target_part found in argv */
	bool uses_command, uses_receipt, uses_scratch;
	struct arena *arena;
	struct err *err;
};

/* --- placeholders ------------------------------------------------------------------------ */

static int bad_placeholder(const struct json_at *at, struct err *err, const char *name,
			   size_t length, const char *allowed)
{
	return json_fault(at, err, "{%.*s} is not known here: %s", (int)length, name,
			  allowed);
}

/* A part stands alone; its bit is remembered. */
static bool take_part(struct reader *reader, const char *text, const char *name,
		      size_t length, const char *end)
{
	for (unsigned int i = 0; i < PART_COUNT; i++) {
		if (!placeholder_is(name, length, target_part_names[i]))
			continue;
		reader->uses |= 1U << i;
		return name == text + 1 && !*end && reader->target.parts[i];
	}
	return false;
}

static int check_argument(struct reader *reader, const struct json_at *at,
			  const char *text)
{
	const char *name, *end, *rest = text;
	size_t length;

	while ((name = placeholder_find(rest, &length, &end)) != NULL) {
		rest = end;
		reader->uses_command |= placeholder_is(name, length, "command");
		reader->uses_receipt |= placeholder_is(name, length, "receipt");
		reader->uses_scratch |= placeholder_is(name, length, "scratch");
		if (placeholder_is_common(name, length) ||
		    placeholder_is(name, length, "command") ||
		    take_part(reader, text, name, length, end))
			continue;
		return bad_placeholder(
			at, reader->err, name, length,
			"confine scratch probes receipt command, or a part of "
			"\"parts\" as an argument of its own");
	}
	return 0;
}

static int check_part_argument(struct reader *reader, const struct json_at *at,
			       unsigned int part, const char *text)
{
	const char *const *own = part_placeholders[part];
	const char *name, *end;
	size_t length;

	while ((name = placeholder_find(text, &length, &end)) != NULL) {
		text = end;
		if (!placeholder_is_common(name, length) &&
		    !placeholder_is(name, length, own[0]) &&
		    !placeholder_is(name, length, own[1]))
			return bad_placeholder(at, reader->err, name, length,
					       own[1] ? own[1] : own[0]);
	}
	return 0;
}

/* --- members ----------------------------------------------------------------------------- */

/* An array of strings, none of them with a NUL (json_parse has seen to that). */
static int read_strings(struct reader *reader, const struct json *array,
			const struct json_at *at, const char *const **ret)
{
	size_t count = json_count(array), i = 0;
	const char **strings;
	const struct json *item;

	if (count > ARGUMENTS_MAX)
		return json_fault(at, reader->err, "more than %d strings", ARGUMENTS_MAX);
	strings = arena_array(reader->arena, count + 1, sizeof(*strings));
	json_each(item, array) {
		struct json_at place = json_at_index(at, i);

		if (!json_is(item, JSON_STRING))
			return json_fault(&place, reader->err, "must be a string");
		strings[i++] = arena_strdup(reader->arena, item->text);
	}
	*ret = strings;
	return 0;
}

static int read_part(struct reader *reader, const struct json *parts,
		     const struct json_at *at, unsigned int part)
{
	struct json_at place = json_at_member(at, target_part_names[part]);
	const char *const *strings = NULL;
	struct json *array = NULL;

	if (json_get_array(parts, at, target_part_names[part], &array, reader->err) < 0)
		return -1;
	if (!array)
		return 0;
	if (read_strings(reader, array, &place, &strings) < 0)
		return -1;
	for (size_t i = 0; strings && strings[i]; i++) {
		struct json_at item = json_at_index(&place, i);

		if (check_part_argument(reader, &item, part, strings[i]) < 0)
			return -1;
	}
	reader->target.parts[part] = strings;
	return 0;
}

static int read_parts(struct reader *reader, const struct json *root,
		      const struct json_at *at)
{
	struct json_at parts_at = json_at_member(at, "parts");
	struct json *parts = NULL;

	if (json_get_object(root, at, "parts", &parts, reader->err) < 0)
		return -1;
	if (!parts)
		return 0;
	if (json_only(parts, &parts_at, target_part_names, reader->err) < 0)
		return -1;
	for (unsigned int i = 0; i < PART_COUNT; i++)
		if (read_part(reader, parts, &parts_at, i) < 0)
			return -1;
	return 0;
}

static int read_argv(struct reader *reader, const struct json *root,
		     const struct json_at *at)
{
	struct json_at argv_at = json_at_member(at, "argv");
	const char *const *argv = NULL;
	struct json *array = NULL;

	if (json_get_array(root, at, "argv", &array, reader->err) < 0)
		return -1;
	if (!array || json_count(array) == 0)
		return json_fault(&argv_at, reader->err, "must name a program");
	if (read_strings(reader, array, &argv_at, &argv) < 0)
		return -1;
	for (size_t i = 0; argv && argv[i]; i++) {
		struct json_at place = json_at_index(&argv_at, i);

		if (check_argument(reader, &place, argv[i]) < 0)
			return -1;
	}
	if (!reader->uses_command)
		return json_fault(&argv_at, reader->err, "must contain {command}");
	for (unsigned int i = 0; i < PART_COUNT; i++)
		if (reader->target.parts[i] && !(reader->uses & 1U << i))
			return json_fault(&argv_at, reader->err,
					  "must contain {%s}, which \"parts\" describes",
					  target_part_names[i]);
	reader->target.argv = argv;
	return 0;
}

static int read_promises(struct reader *reader, const struct json *promises,
			 const struct json_at *at)
{
	static const char *const words[] = { "degraded", "enforced", NULL };
	static const enum promise values[] = { PROMISE_DEGRADED, PROMISE_ENFORCED };
	enum promise *table =
		arena_array(reader->arena, requirement_count, sizeof(*table));
	unsigned int word = 0;
	const struct json *item;

	for (size_t i = 0; i < requirement_count; i++)
		table[i] = PROMISE_NOTHING;
	if (json_member(promises, "*")) {
		if (json_get_word(promises, at, "*", words, &word, reader->err) < 0)
			return -1;
		for (size_t i = 0; i < requirement_count; i++)
			table[i] = values[word];
	}
	json_each(item, promises) {
		const struct requirement *requirement = requirement_find(item->key);
		struct json_at place = json_at_member(at, item->key);

		if (strcmp(item->key, "*") == 0)
			continue;
		if (!requirement)
			return json_fault(&place, reader->err, "no such requirement");
		if (json_get_word(promises, at, item->key, words, &word, reader->err) < 0)
			return -1;
		table[requirement_index(requirement)] = values[word];
	}
	reader->target.promises = table;
	reader->target.stated_by = STATED_BY_FILE;
	return 0;
}

static int read_statement(struct reader *reader, const struct json *root,
			  const struct json_at *at)
{
	struct json_at promises_at = json_at_member(at, "promises");
	struct json_at receipt_at = json_at_member(at, "receipt");
	const char *receipt = NULL;
	struct json *promises = NULL;

	if (json_get_string(root, at, "receipt", &receipt, reader->err) < 0 ||
	    json_get_object(root, at, "promises", &promises, reader->err) < 0)
		return -1;
	if (receipt && strcmp(receipt, "{receipt}") != 0)
		return json_fault(&receipt_at, reader->err, "must be \"{receipt}\"");
	if (receipt && promises)
		return json_fault(&promises_at, reader->err,
				  "a target with a receipt promises there");
	if ((receipt != NULL) != reader->uses_receipt)
		return json_fault(&receipt_at, reader->err,
				  "\"receipt\" and {receipt} in argv go together");
	if (receipt)
		reader->target.stated_by = STATED_BY_RECEIPT;
	return promises ? read_promises(reader, promises, &promises_at) : 0;
}

/* {confine} and {policy}, and nothing else: it is no run. */
static int read_policy_check(struct reader *reader, const struct json *root,
			     const struct json_at *at)
{
	struct json_at check_at = json_at_member(at, "policyCheck");
	const char *const *words = NULL;
	struct json *array = NULL;

	if (json_get_array(root, at, "policyCheck", &array, reader->err) < 0)
		return -1;
	if (!array)
		return 0;
	if (!reader->target.parts[PART_POLICY])
		return json_fault(&check_at, reader->err,
				  "without a part {policy-option}");
	if (read_strings(reader, array, &check_at, &words) < 0)
		return -1;
	if (!words || !words[0])
		return json_fault(&check_at, reader->err, "must name a program");
	for (size_t i = 0; words[i]; i++) {
		struct json_at item = json_at_index(&check_at, i);

		if (check_part_argument(reader, &item, PART_POLICY, words[i]) < 0)
			return -1;
	}
	reader->target.policy_check = words;
	return 0;
}

static int read_needs(struct reader *reader, const struct json *root,
		      const struct json_at *at)
{
	static const char *const names[] = { "programs", NULL };
	struct json_at needs_at = json_at_member(at, "needs");
	struct json_at programs_at = json_at_member(&needs_at, "programs");
	struct json *needs = NULL, *programs = NULL;

	if (json_get_object(root, at, "needs", &needs, reader->err) < 0)
		return -1;
	if (needs &&
	    (json_only(needs, &needs_at, names, reader->err) < 0 ||
	     json_get_array(needs, &needs_at, "programs", &programs, reader->err) < 0))
		return -1;
	return programs ? read_strings(reader, programs, &programs_at,
				       &reader->target.needs)
			: 0;
}

static int read_helpers(struct reader *reader, const struct json *root,
			const struct json_at *at)
{
	struct json_at helpers_at = json_at_member(at, "helpers");
	const char *const *helpers = NULL;
	struct json *array = NULL;

	if (json_get_array(root, at, "helpers", &array, reader->err) < 0)
		return -1;
	if (!array)
		return 0;
	if (read_strings(reader, array, &helpers_at, &helpers) < 0)
		return -1;
	reader->target.helpers = helpers;
	for (size_t i = 0; helpers && helpers[i]; i++) {
		struct json_at place = json_at_index(&helpers_at, i);

		if (!helpers[i][0] || strpbrk(helpers[i], "/:'"))
			return json_fault(
				&place, reader->err,
				"must be the name of a program, without its path");
	}
	return 0;
}

static int read_refused_exits(struct reader *reader, const struct json *root,
			      const struct json_at *at)
{
	struct json_at exits_at = json_at_member(at, "refusedExits");
	struct json *array = NULL;
	const struct json *item;
	size_t count = 0;
	int *exits;

	if (json_get_array(root, at, "refusedExits", &array, reader->err) < 0)
		return -1;
	if (!array)
		return 0;
	exits = arena_array(reader->arena, json_count(array) + 1, sizeof(int));
	json_each(item, array) {
		struct json_at place = json_at_index(&exits_at, count);

		if (!json_is(item, JSON_NUMBER) || item->number < 1 ||
		    item->number > 255 || (double)(int)item->number < item->number)
			return json_fault(&place, reader->err, "must be 1 to 255");
		exits[count++] = (int)item->number;
	}
	reader->target.refused_exits = exits;
	reader->target.refused_exit_count = count;
	return 0;
}

static int read_text(struct reader *reader, const struct json *root,
		     const struct json_at *at, const char *key, const char **ret)
{
	const char *text = NULL;

	if (json_get_string(root, at, key, &text, reader->err) < 0)
		return -1;
	if (text)
		*ret = arena_strdup(reader->arena, text);
	return 0;
}

static int read_labels(struct reader *reader, const struct json *root,
		       const struct json_at *at)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char *const schemas[] = { "confine-target/1", NULL };
	struct json_at schema_at = json_at_member(at, "schema");
	struct json_at name_at = json_at_member(at, "name");
	struct target *target = &reader->target;
	unsigned int ignored;

	if (!json_member(root, "schema"))
		return json_fault(&schema_at, reader->err, "must be \"%s\"", schemas[0]);
	if (json_get_word(root, at, "schema", schemas, &ignored, reader->err) < 0 ||
	    read_text(reader, root, at, "name", &target->name) < 0 ||
	    read_text(reader, root, at, "title", &target->title) < 0 ||
	    read_text(reader, root, at, "install", &target->install) < 0 ||
	    read_text(reader, root, at, "notes", &target->notes) < 0)
		return -1;
	if (!target->name || !target->name[0] || strlen(target->name) > NAME_MAX_BYTES ||
	    strspn(target->name, allowed) != strlen(target->name))
		return json_fault(&name_at, reader->err,
				  "must be 1 to %d small letters, digits and hyphens",
				  NAME_MAX_BYTES);
	if (!target->title)
		target->title = target->name;
	return 0;
}

static struct reader new_reader(const char *source, struct arena *arena, struct err *err)
{
	static const char *const nothing[] = { NULL };

	return (struct reader){
		.target = { .source = arena_strdup(arena, source), .needs = nothing },
		.arena = arena,
		.err = err,
	};
}

/* A target that is not told where scratch is may well have one of its own. */
static void finish(struct reader *reader, struct target *target)
{
	reader->target.has_own_scratch = !reader->uses_scratch;
	*target = reader->target;
}

int target_parse(const char *what, const char *text, size_t length, struct arena *arena,
		 struct target *target, struct err *err)
{
	static const char *const names[] = { "schema",       "name",     "title",
					     "argv",         "parts",    "receipt",
					     "policyCheck",  "promises", "needs",
					     "refusedExits", "install",  "notes",
					     "helpers",      NULL };
	struct reader reader = new_reader(what, arena, err);
	struct json_at at = json_at_root(what);
	owned_json struct json *root = NULL;

	if (json_parse(what, text, length, &json_small, &root, err) < 0)
		return -1;
	if (!json_is(root, JSON_OBJECT))
		return json_fault(&at, err, "must be an object");
	if (json_only(root, &at, names, err) < 0 || read_labels(&reader, root, &at) < 0 ||
	    read_parts(&reader, root, &at) < 0 || read_argv(&reader, root, &at) < 0 ||
	    read_policy_check(&reader, root, &at) < 0 ||
	    read_statement(&reader, root, &at) < 0 ||
	    read_needs(&reader, root, &at) < 0 || read_helpers(&reader, root, &at) < 0 ||
	    read_refused_exits(&reader, root, &at) < 0)
		return -1;
	finish(&reader, target);
	return 0;
}

bool target_is_refusal(const struct target *target, int exit_status)
{
	for (size_t i = 0; i < target->refused_exit_count; i++)
		if (target->refused_exits[i] == exit_status)
			return true;
	return false;
}

bool target_has_part(const struct target *target, enum target_part part)
{
	return target->parts[part] != NULL;
}
