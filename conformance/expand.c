/* SPDX-License-Identifier: Apache-2.0 */
/* One list of names and values, searched for every placeholder; parts bring their own two. */
#include "conformance/expand.h"
#include "conformance/placeholder.h"
#include "conformance/words.h"
#include "runner/base/str.h"
#include <string.h>

enum {
	VALUES_MAX = 10,
	ARGUMENTS_MAX = 4096,
};

struct values {
	struct target_pair pairs[VALUES_MAX];
	size_t count;
};

struct argument_list {
	const char **items;
	size_t count;
	struct arena *arena;
	struct err *err;
};

static const char *value_of(const struct values *values, const char *name, size_t length)
{
	for (size_t i = 0; i < values->count; i++)
		if (strlen(values->pairs[i].name) == length &&
		    strncmp(values->pairs[i].name, name, length) == 0)
			return values->pairs[i].value;
	return NULL;
}

static int add_argument(struct argument_list *list, const char *text)
{
	if (list->count == ARGUMENTS_MAX)
		return err_policy(list->err, "target", "more than %d arguments",
				  ARGUMENTS_MAX);
	list->items[list->count++] = text;
	return 0;
}

/* One argument with every placeholder replaced. */
static int add_filled(struct argument_list *list, const struct values *values,
		      const char *text)
{
	owned_str struct str filled = { 0 };
	const char *name, *end;
	size_t length;

	while ((name = placeholder_find(text, &length, &end)) != NULL) {
		const char *value = value_of(values, name, length);

		if (!value)
			return err_set(list->err, ERR_UNSUPPORTED, "target",
				       "nothing to put for {%.*s}", (int)length, name);
		str_add_bytes(&filled, text, (size_t)(name - 1 - text));
		str_add(&filled, value);
		text = end;
	}
	str_add(&filled, text);
	return add_argument(list, arena_strdup(list->arena, str_text(&filled)));
}

static int add_all(struct argument_list *list, const struct values *values,
		   const char *const *part)
{
	for (; *part; part++)
		if (add_filled(list, values, *part) < 0)
			return -1;
	return 0;
}

/* The part once for each pair, with the two names that this kind of part knows. */
static int add_pairs(struct argument_list *list, const struct values *common,
		     const char *const *part, const char *const names[2],
		     const struct target_pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct values values = *common;

		values.pairs[values.count++] =
			(struct target_pair){ names[0], pairs[i].name };
		values.pairs[values.count++] =
			(struct target_pair){ names[1], pairs[i].value };
		if (add_all(list, &values, part) < 0)
			return -1;
	}
	return 0;
}

/* What the arm asks for through this part, or nothing at all. */
static int add_part(struct argument_list *list, const struct values *common,
		    const struct target *target, const struct target_fill *fill,
		    enum target_part kind)
{
	static const char *const set_names[2] = { "pointer", "json" };
	static const char *const env_names[2] = { "name", "value" };
	const char *const *part = target->parts[kind];
	const bool once[PART_COUNT] = {
		[PART_POLICY] = fill->policy,
		[PART_SCRATCH] = fill->scratch,
		[PART_TIMEOUT] = fill->timeout_seconds,
	};

	if (kind == PART_SET)
		return add_pairs(list, common, part, set_names, fill->sets,
				 fill->set_count);
	if (kind == PART_ENV)
		return add_pairs(list, common, part, env_names, fill->env,
				 fill->env_count);
	return once[kind] ? add_all(list, common, part) : 0;
}

/* The part that an argument stands for, or PART_COUNT. */
static enum target_part part_of(const char *argument)
{
	enum target_part kind = PART_POLICY;
	const char *end;
	size_t length;

	if (placeholder_find(argument, &length, &end) != argument + 1 || *end)
		return PART_COUNT;
	while (kind < PART_COUNT &&
	       (strlen(target_part_names[kind]) != length ||
		strncmp(target_part_names[kind], argument + 1, length) != 0))
		kind++;
	return kind;
}

static int add_template(struct argument_list *list, const struct values *values,
			const struct target *target, const struct target_fill *fill)
{
	for (const char *const *text = target->argv; *text; text++) {
		enum target_part kind = part_of(*text);
		int result = 0;

		if (kind != PART_COUNT)
			result = add_part(list, values, target, fill, kind);
		else if (strcmp(*text, "{command}") == 0)
			for (size_t i = 0; fill->command[i] && result == 0; i++)
				result = add_argument(list, fill->command[i]);
		else
			result = add_filled(list, values, *text);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* Everything asked for has a place to go. */
static int check_parts(const struct target *target, const struct target_fill *fill,
		       struct err *err)
{
	const bool wanted[PART_COUNT] = {
		[PART_POLICY] = fill->policy,
		[PART_SET] = fill->set_count,
		[PART_ENV] = fill->env_count,
		[PART_TIMEOUT] = fill->timeout_seconds,
	};

	for (unsigned int i = 0; i < PART_COUNT; i++)
		if (wanted[i] && !target_has_part(target, (enum target_part)i))
			return err_set(err, ERR_UNSUPPORTED, "target",
				       "target %s takes no {%s}", target->name,
				       target_part_names[i]);
	if (!fill->scratch && !target->has_own_scratch)
		return err_set(err, ERR_UNSUPPORTED, "target",
			       "target %s makes no scratch directory of its own",
			       target->name);
	return 0;
}

static void add_value(struct values *values, const char *name, const char *value)
{
	if (value)
		values->pairs[values->count++] = (struct target_pair){ name, value };
}

int target_expand(const struct target *target, const struct target_fill *fill,
		  struct arena *arena, const char *const **ret_argv, struct err *err)
{
	struct argument_list list = {
		.items = arena_array(arena, ARGUMENTS_MAX + 1, sizeof(char *)),
		.arena = arena,
		.err = err,
	};
	struct values values = { .count = 0 };
	owned_str struct str command = { 0 };

	if (check_parts(target, fill, err) < 0)
		return -1;
	words_join(&command, fill->command);
	add_value(&values, "confine", fill->confine);
	add_value(&values, "scratch", fill->scratch);
	add_value(&values, "probes", fill->probes);
	add_value(&values, "policy", fill->policy);
	add_value(&values, "receipt", fill->receipt);
	add_value(&values, "command", str_text(&command));
	if (fill->timeout_seconds)
		add_value(&values, "seconds",
			  arena_printf(arena, "%u", fill->timeout_seconds));
	if (add_template(&list, &values, target, fill) < 0)
		return -1;
	*ret_argv = list.items;
	return 0;
}
