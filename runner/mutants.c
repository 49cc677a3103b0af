/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutants - see mutants.h. A field that no table names is taken for what such a field mostly is: a
 * number is a limit, flags are bits. The tables hold the exceptions.
 */
#include "runner/mutants.h"
#ifdef CONFINE_SABOTAGE
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/domain.h"
#include <linux/mount.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

enum meaning {
	MEANS_LIMIT,  /* counted one by one */
	MEANS_AMOUNT, /* measured: one more is less than anybody can see */
	MEANS_BITS,
	MEANS_ID,    /* of the host */
	MEANS_GRANT, /* enum domain_grant */
	MEANS_NOTHING,
};

/* What a number is, where it is no limit. */
static const struct {
	enum op op;
	enum meaning meaning;
} numbers[] = {
	{ OP_CGROUP_MEMORY, MEANS_AMOUNT }, /* whole pages */
	{ OP_CGROUP_CPU, MEANS_AMOUNT },
	{ OP_RLIMIT_CPU, MEANS_AMOUNT },
	{ OP_RLIMIT_DATA, MEANS_AMOUNT },
	{ OP_DEADLINE, MEANS_AMOUNT },
	{ OP_KILL_TREE, MEANS_AMOUNT },
	{ OP_SCRATCH_SIZE, MEANS_AMOUNT },
	{ OP_IDENTITY, MEANS_ID },
	{ OP_FILTER, MEANS_NOTHING }, /* of instructions */
	{ OP_FILTER_NETWORK, MEANS_NOTHING },
	{ OP_LANDLOCK_HANDLE, MEANS_NOTHING }, /* ABI: its domain is what counts */
};

/* What flags are, where they are no bits. */
static const struct {
	enum op op;
	enum meaning meaning;
} flags[] = {
	{ OP_IDENTITY, MEANS_ID },
	{ OP_SCRATCH_SIZE, MEANS_LIMIT }, /* inodes */
	{ OP_LANDLOCK_ALLOW, MEANS_GRANT },
	{ OP_LANDLOCK_HANDLE, MEANS_NOTHING }, /* TCP or not: its domain is what counts */
	{ OP_OPEN, MEANS_NOTHING },
	{ OP_ATTACH, MEANS_NOTHING },
	{ OP_DIRECTORY, MEANS_NOTHING },
};

static const struct {
	uint64_t attribute;
	const char *name;
	enum op step; /* that stands for it where host paths are bound; OP_COUNT = none */
} attribute_words[] = {
	{ MOUNT_ATTR_RDONLY, "read-only", OP_READ_ONLY },
	{ MOUNT_ATTR_NOSUID, "nosuid", OP_NOSUID },
	{ MOUNT_ATTR_NODEV, "nodev", OP_NODEV },
	{ MOUNT_ATTR_NOEXEC, "noexec", OP_COUNT },
};

/* What a rule gives when it gives more. */
static const enum domain_grant wider[GRANT_COUNT] = {
	[GRANT_LIST] = GRANT_RUN,      [GRANT_READ] = GRANT_WRITE,
	[GRANT_RUN] = GRANT_WRITE,     [GRANT_WRITE] = GRANT_WRITE,
	[GRANT_DEVICE] = GRANT_DEVICE,
};

struct reader {
	const struct plan *plan;
	struct arena *arena;
	struct mutants *mutants;
	size_t room;
	size_t index; /* of the step that is read */
};

static const struct step *step_of(const struct reader *reader)
{
	return &reader->plan->steps[reader->index];
}

/* The next one, of the step that is read; its name is filled in by the caller. */
static struct mutant *add(struct reader *reader, enum mutant_field field)
{
	struct mutants *mutants = reader->mutants;
	const struct step *step = step_of(reader);
	struct mutant *mutant;

	if (mutants->count == reader->room) {
		struct mutant *larger;

		reader->room = reader->room ? 2 * reader->room : 256;
		larger = arena_array(reader->arena, reader->room, sizeof(*larger));
		if (mutants->count)
			memcpy(larger, mutants->items, mutants->count * sizeof(*larger));
		mutants->items = larger;
	}
	mutant = &mutants->items[mutants->count++];
	*mutant = (struct mutant){ .field = field,
				   .op = step->op,
				   .index = reader->index,
				   .layer = step_rows[step->op].layer,
				   .requirements = step_rows[step->op].requirements };
	return mutant;
}

/* STEP:FIELD:VALUE in one word. */
__attribute__((format(printf, 3, 4))) static void
name(const struct reader *reader, struct mutant *mutant, const char *format, ...)
{
	const char *step = step_rows[mutant->op].name;
	owned_str struct str text = { 0 };
	va_list arguments;
	char *word;

	str_addf(&text, "%s:", step);
	va_start(arguments, format);
	str_vaddf(&text, format, arguments);
	va_end(arguments);
	word = arena_strdup(reader->arena, str_text(&text));
	for (char *at = word; *at; at++)
		*at = *at == ' ' || *at == '\t' ? '_' : *at;
	mutant->name = word;
}

static bool is_first(const struct reader *reader)
{
	return plan_find(reader->plan, step_of(reader)->op) == step_of(reader);
}

static bool is_one_of_many(const struct reader *reader)
{
	const struct plan *plan = reader->plan;
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->steps[i].op == step_of(reader)->op;
	return count > 1;
}

static void read_step(struct reader *reader)
{
	const struct step *step = step_of(reader);
	struct mutant *mutant;

	if (!step_rows[step->op].requirements)
		return;
	if (is_first(reader)) {
		mutant = add(reader, FIELD_STEP);
		mutant->name = step_rows[step->op].name;
	}
	if (is_one_of_many(reader) && step->path) {
		mutant = add(reader, FIELD_ONE);
		mutant->text = step->path;
		name(reader, mutant, "one:%s", step->path);
	}
}

static enum meaning meaning_of_number(enum op op)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].op == op)
			return numbers[i].meaning;
	return MEANS_LIMIT;
}

static enum meaning meaning_of_flags(enum op op)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].op == op)
			return flags[i].meaning;
	return MEANS_BITS;
}

static void read_limit(struct reader *reader, enum mutant_field field, const char *word,
		       uint64_t value, bool counted)
{
	struct mutant *mutant = add(reader, field);

	mutant->number = 2 * value;
	name(reader, mutant, "%s:double", word);
	if (!counted)
		return;
	mutant = add(reader, field);
	mutant->number = value + 1;
	name(reader, mutant, "%s:one-more", word);
}

/* Capabilities of the kernel, where it is they that the bits are. */
static bool is_real_bit(enum op op, unsigned int bit)
{
	return op != OP_BOUNDING || prctl(PR_CAPBSET_READ, bit, 0, 0, 0) >= 0;
}

static void read_bits(struct reader *reader, enum mutant_field field, const char *word,
		      uint64_t value)
{
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct mutant *mutant;

		if (!(value >> bit & 1) || !is_real_bit(step_of(reader)->op, bit))
			continue;
		mutant = add(reader, field);
		mutant->number = value & ~(UINT64_C(1) << bit);
		name(reader, mutant, "%s:bit-%u", word, bit);
	}
}

static void read_id(struct reader *reader, enum mutant_field field, const char *word)
{
	struct mutant *mutant = add(reader, field);

	mutant->number = 0;
	name(reader, mutant, "%s:root", word);
}

static void read_grant(struct reader *reader)
{
	const struct step *step = step_of(reader);
	enum domain_grant grant = wider[step->flags];
	struct mutant *mutant;

	if (grant == step->flags)
		return;
	mutant = add(reader, FIELD_FLAGS);
	mutant->number = grant;
	mutant->requirements = REQ(FS_21);
	name(reader, mutant, "grant:%s-%s", domain_grant_words[grant], step->path);
}

static void read_number(struct reader *reader, enum mutant_field field, const char *word,
			uint64_t value, enum meaning meaning)
{
	const struct step *step = step_of(reader);

	if (meaning == MEANS_GRANT)
		read_grant(reader);
	if (!value || !step_rows[step->op].requirements)
		return;
	if (meaning == MEANS_LIMIT || meaning == MEANS_AMOUNT)
		read_limit(reader, field, word, value, meaning == MEANS_LIMIT);
	else if (meaning == MEANS_BITS)
		read_bits(reader, field, word, value);
	else if (meaning == MEANS_ID)
		read_id(reader, field, word);
}

static void read_numbers(struct reader *reader)
{
	const struct step *step = step_of(reader);

	read_number(reader, FIELD_NUMBER, "number", step->number,
		    meaning_of_number(step->op));
	read_number(reader, FIELD_FLAGS, step->op == OP_IDENTITY ? "group" : "flags",
		    step->flags, meaning_of_flags(step->op));
}

/* Of a mount that is written to, scratch's own step stands for them all. */
static uint64_t requirements_of_attribute(const struct step *step, size_t which)
{
	bool scratch = step->op == OP_SCRATCH ||
		       (step->op == OP_OPEN && step->flags == BIND_WRITABLE);
	enum op op = scratch ? OP_SCRATCH_INERT : attribute_words[which].step;

	return op == OP_COUNT ? 0 : step_rows[op].requirements;
}

static void read_attributes(struct reader *reader)
{
	const struct step *step = step_of(reader);
	const char *place = step->op == OP_OPEN        ? step->source
			    : step->op == OP_PROC_OPEN ? "/proc"
			    : step->op == OP_ROOT      ? "/"
						       : step->path;

	for (size_t i = 0; i < ARRAY_SIZE(attribute_words); i++) {
		struct mutant *mutant;

		if (!(step->attributes & attribute_words[i].attribute))
			continue;
		mutant = add(reader, FIELD_ATTRIBUTES);
		mutant->number = attribute_words[i].attribute;
		mutant->requirements = requirements_of_attribute(step, i);
		name(reader, mutant, "%s:%s", attribute_words[i].name, place);
	}
}

static void read_rights(struct reader *reader, enum mutant_field field, const char *word,
			uint64_t rights)
{
	enum op wall = plan_find(reader->plan, OP_LANDLOCK_ALONE) ? OP_LANDLOCK_ALONE
								  : OP_LANDLOCK_WALL;

	for (unsigned int bit = 0; bit < 64; bit++) {
		struct mutant *mutant;

		if (!(rights >> bit & 1))
			continue;
		mutant = add(reader, field);
		mutant->number = UINT64_C(1) << bit;
		mutant->requirements = step_rows[wall].requirements;
		name(reader, mutant, "%s:bit-%u", word, bit);
	}
}

static void read_domain(struct reader *reader)
{
	const struct domain *domain = step_of(reader)->domain;

	if (!domain)
		return;
	read_rights(reader, FIELD_FILES, "files", domain->files);
	read_rights(reader, FIELD_TCP, "tcp", domain->tcp);
	read_rights(reader, FIELD_SCOPES, "scopes", domain->scopes);
}

/* Does the line say no to something? */
static bool is_refusal(const char *line, size_t length)
{
	return memmem(line, length, "goto refuse", 11) ||
	       memmem(line, length, "policy drop", 11);
}

/* The rules without the lines that keep says no to. A chain that drops by itself accepts instead. */
static const char *filter_lines(const struct reader *reader,
				bool (*goes)(const char *line, const char *argument),
				const char *argument)
{
	owned_str struct str text = { 0 };

	for (const char *line = step_of(reader)->text; *line;) {
		size_t length = strcspn(line, "\n") + 1;
		const char *copy = arena_strndup(reader->arena, line, length);
		const char *policy = strstr(copy, "policy drop");

		if (!goes(copy, argument))
			str_add(&text, copy);
		else if (policy)
			str_addf(&text, "%.*spolicy accept;\n", (int)(policy - copy),
				 copy);
		line += length;
	}
	return arena_strdup(reader->arena, str_text(&text));
}

static bool is_line(const char *line, const char *wanted)
{
	return str_equal(line, wanted);
}

static bool is_family(const char *line, const char *family)
{
	return is_refusal(line, strlen(line)) && str_has_prefix(line + 2, family);
}

static void read_line(struct reader *reader, const char *line)
{
	struct mutant *mutant = add(reader, FIELD_RULES);

	mutant->text = filter_lines(reader, is_line, line);
	if (strstr(line, "daddr"))
		mutant->requirements = REQ(NET_13);
	name(reader, mutant, "rule:%.*s", (int)strcspn(line + 2, ";\n"), line + 2);
}

static void read_rules(struct reader *reader)
{
	static const char *const families[] = { "ip ", "ip6 " };
	const char *text = step_of(reader)->text;

	if (!text)
		return;
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n") + 1;

		if (is_refusal(line, length))
			read_line(reader, arena_strndup(reader->arena, line, length));
		line += length;
	}
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		struct mutant *mutant = add(reader, FIELD_RULES);

		mutant->text = filter_lines(reader, is_family, families[i]);
		name(reader, mutant, "family:%.*s", (int)strcspn(families[i], " "),
		     families[i]);
	}
}

static uint64_t requirement_of(const char *id, uint64_t otherwise)
{
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		if (str_equal(requirement_ids[i], id))
			return UINT64_C(1) << i;
	return otherwise;
}

/* Of a call with several, each by its number. */
static void read_conditions(struct reader *reader, ptrdiff_t profile)
{
	unsigned int number = 0;

	for (size_t i = 0; i < filter_condition_count; i++) {
		const struct filter_condition *condition = &filter_conditions[i];
		struct mutant *mutant;

		number = i && str_equal(condition->call, filter_conditions[i - 1].call)
				 ? number
				 : 0;
		if (!condition->touched[profile])
			continue;
		mutant = add(reader, FIELD_CALL);
		mutant->number = (uint64_t)profile;
		mutant->text = arena_printf(reader->arena, "#%zu", i);
		if (step_of(reader)->op == OP_FILTER)
			mutant->requirements =
				requirement_of(condition->protects, REQ(SYS_21));
		name(reader, mutant, "argument:%s-%u", condition->call, ++number);
	}
}

/* A filter of the policy's own is made anew for each: only the compiled ones are read. */
static void read_filter(struct reader *reader)
{
	const struct filter_program *program = step_of(reader)->filter;
	ptrdiff_t profile = program ? program - filter_programs : -1;

	if (profile < 0 || profile >= FILTER_COUNT)
		return;
	read_conditions(reader, profile);
	for (size_t i = 0; i < filter_call_count; i++) {
		struct mutant *mutant;

		if (!filter_calls[i].touched[profile])
			continue;
		mutant = add(reader, FIELD_CALL);
		mutant->number = (uint64_t)profile;
		mutant->text = filter_calls[i].name;
		if (step_of(reader)->op == OP_FILTER)
			mutant->requirements =
				requirement_of(filter_calls[i].protects, REQ(SYS_21));
		name(reader, mutant, "call:%s", filter_calls[i].name);
	}
}

static void read_variables(struct reader *reader)
{
	struct mutant *mutant;

	if (step_of(reader)->op != OP_ENV_GUARD)
		return;
	for (size_t i = 0; i < environment_forbidden_count; i++) {
		mutant = add(reader, FIELD_VARIABLE);
		mutant->text = environment_forbidden[i].name;
		name(reader, mutant, "variable:%s", mutant->text);
	}
	mutant = add(reader, FIELD_VARIABLE);
	name(reader, mutant, "inherited:all");
}

static void (*const readers[])(struct reader *) = {
	read_step,  read_numbers, read_attributes, read_domain,
	read_rules, read_filter,  read_variables,
};

void mutants_of(const struct plan *plan, struct arena *arena, struct mutants *ret)
{
	struct reader reader = { .plan = plan, .arena = arena, .mutants = ret };

	*ret = (struct mutants){ 0 };
	for (; reader.index < plan->count; reader.index++)
		for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
			readers[i](&reader);
}

static void print_requirements(uint64_t wanted, FILE *to)
{
	const char *separator = "";

	for (unsigned int i = 0; i < REQ_COUNT; i++) {
		if (!(wanted >> i & 1))
			continue;
		fprintf(to, "%s%s", separator, requirement_ids[i]);
		separator = ",";
	}
	if (!wanted)
		fputc('-', to);
}

void mutants_print(const struct mutants *mutants, FILE *to)
{
	for (size_t i = 0; i < mutants->count; i++) {
		fprintf(to, "%s\t", mutants->items[i].name);
		print_requirements(mutants->items[i].requirements, to);
		fprintf(to, "\t%s\n", layer_names[mutants->items[i].layer]);
	}
}

/* --- weakening ------------------------------------------------------------------------------- */

static void drop_step(struct plan *plan, size_t index)
{
	memmove(&plan->steps[index], &plan->steps[index + 1],
		(plan->count - index - 1) * sizeof(*plan->steps));
	plan->count--;
}

static const char *decimal(struct arena *arena, uint64_t number)
{
	return arena_printf(arena, "%llu", (unsigned long long)number);
}

/* Some steps carry a number as text as well. */
static void set_number(struct step *step, uint64_t *field, uint64_t number,
		       struct arena *arena)
{
	const char *before = decimal(arena, *field), *after = decimal(arena, number);

	if (str_equal(step->source, before))
		step->source = after;
	if (str_equal(step->path, before))
		step->path = after;
	*field = number;
}

/* An id of the host's has to be mapped to be taken. */
static void map_root(struct plan *plan, enum mutant_field field)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct step *step = &plan->steps[i];

		if (step->op == OP_ID_MAP && field == FIELD_NUMBER)
			step->path = "0 0 1";
		else if (step->op == OP_ID_MAP)
			step->source = "0 0 1";
	}
}

static struct domain *domain_without(const struct step *step, enum mutant_field field,
				     uint64_t right, struct arena *arena)
{
	struct domain *domain = arena_alloc(arena, sizeof(*domain));

	*domain = *step->domain;
	if (field == FIELD_FILES)
		domain->files &= ~right;
	else if (field == FIELD_TCP)
		domain->tcp &= ~right;
	else
		domain->scopes &= ~right;
	return domain;
}

static int let_through(const struct mutant *mutant, struct step *step,
		       struct arena *arena, struct err *err)
{
	const char *allowed[] = { mutant->text, NULL };
	struct filter_program *program = arena_alloc(arena, sizeof(*program));

	if (filter_custom((enum filter_profile)mutant->number, allowed, NULL, arena,
			  program, err) < 0)
		return -1;
	step->filter = program;
	return 0;
}

/* In the place of one of that name, which would count otherwise; false: there is none. */
static bool pass_again(struct environment *environment, const char *variable,
		       struct arena *arena)
{
	size_t length = strcspn(variable, "=") + 1;

	for (size_t i = 0; i < environment->count; i++)
		if (!strncmp(environment->vars[i], variable, length)) {
			environment->vars[i] = arena_strdup(arena, variable);
			return true;
		}
	return false;
}

/* Of the wanted, there being room. */
static void pass(struct environment *environment, const char *variable,
		 const char *wanted, struct arena *arena)
{
	if (wanted && !str_has_prefix(variable, wanted))
		return;
	if (!pass_again(environment, variable, arena))
		environment->vars[environment->count++] = arena_strdup(arena, variable);
}

/* What is asked for goes before what the caller has, and both before what is there. One of each name:
 * of two, some shells take the first and some the last. */
static void pass_variables(const struct mutant *mutant, struct plan *plan,
			   struct arena *arena)
{
	const struct request *request = plan->request;
	struct environment *environment = &plan->environment;
	size_t room = environment->count + request->env_count + 1;
	char **longer;

	for (char *const *at = request->inherited; *at; at++)
		room++;
	longer = arena_array(arena, room, sizeof(*longer));
	memcpy(longer, environment->vars, environment->count * sizeof(*longer));
	environment->vars = longer;
	for (char *const *at = request->inherited; *at; at++)
		pass(environment, *at, mutant->text, arena);
	for (size_t i = 0; i < request->env_count; i++)
		pass(environment, request->env[i], mutant->text, arena);
}

int mutants_apply(const struct mutant *mutant, struct plan *plan, struct arena *arena,
		  struct err *err)
{
	struct step *step = &plan->steps[mutant->index];

	switch (mutant->field) {
	case FIELD_STEP:
		break;
	case FIELD_ONE:
		drop_step(plan, mutant->index);
		break;
	case FIELD_NUMBER:
		if (meaning_of_number(mutant->op) == MEANS_ID)
			map_root(plan, mutant->field);
		set_number(step, &step->number, mutant->number, arena);
		break;
	case FIELD_FLAGS:
		if (meaning_of_flags(mutant->op) == MEANS_ID)
			map_root(plan, mutant->field);
		set_number(step, &step->flags, mutant->number, arena);
		break;
	case FIELD_ATTRIBUTES:
		step->attributes &= ~mutant->number;
		break;
	case FIELD_FILES:
	case FIELD_TCP:
	case FIELD_SCOPES:
		step->domain = domain_without(step, mutant->field, mutant->number, arena);
		break;
	case FIELD_RULES:
		step->text = mutant->text;
		break;
	case FIELD_CALL:
		return let_through(mutant, step, arena, err);
	case FIELD_VARIABLE:
		pass_variables(mutant, plan, arena);
		break;
	}
	return 0;
}
#endif
