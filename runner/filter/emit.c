/* SPDX-License-Identifier: Apache-2.0 */
/* emit - see emit.h */
#include "runner/filter/emit.h"
#include "runner/base/own.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const struct overrides none = { NULL, NULL, 0 };

#define NAMES_MAX (ABI_MAX * NUMBER_LIMIT)

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of all ABIs, sorted, each once; returns how many. */
static size_t all_names(const struct abi *abis, size_t abi_count, const char **names)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < abi_count; i++)
		for (size_t nr = 0; nr < NUMBER_LIMIT; nr++)
			if (abis[i].names[nr])
				names[count++] = abis[i].names[nr];
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	return kept;
}

static const char *protects(const char *call)
{
	const struct rule_group *group = rules_group(call);

	for (size_t i = 0; i < rule_condition_count; i++)
		if (strcmp(rule_conditions[i].call, call) == 0 &&
		    rule_conditions[i].protects[0])
			return rule_conditions[i].protects;
	return group ? group->protects : "";
}

static bool is_needed(const char *call)
{
	for (size_t i = 0; rule_needed[i]; i++)
		if (strcmp(rule_needed[i], call) == 0)
			return true;
	return false;
}

static void emit_code(const struct program *program, enum filter_profile profile,
		      FILE *to)
{
	fprintf(to, "static const struct sock_filter code_%u[] = {\n",
		(unsigned int)profile);
	for (size_t i = 0; i < program->count; i++)
		fprintf(to, "\t{ 0x%02x, %u, %u, 0x%08" PRIx32 " },\n",
			program->code[i].code, program->code[i].jt, program->code[i].jf,
			program->code[i].k);
	fprintf(to, "};\n\n");
}

static void emit_row(const struct program *program, enum filter_profile profile,
		     const struct abi *native, FILE *to)
{
	unsigned int refused = 0, limited = 0;

	for (size_t nr = 0; nr < NUMBER_LIMIT; nr++) {
		bool own = native->names[nr] &&
			   !(native->twin_bit && nr >= native->twin_first);
		int answer = own ? compile_answer(profile, &none, native->names[nr]) : 0;

		refused += answer > 0;
		limited += answer == RULE_LIMITED;
	}
	fprintf(to, "\t{ \"%s\", code_%u, %zu, %u, %u, UINT64_C(0x%016" PRIx64 ") },\n",
		filter_profile_names[profile], (unsigned int)profile, program->count,
		refused, limited, filter_digest(program->code, program->count));
}

static void emit_calls(const char *const *names, size_t count, FILE *to)
{
	fprintf(to, "const struct filter_call filter_calls[] = {\n");
	for (size_t i = 0; i < count; i++) {
		const struct rule_group *group = rules_group(names[i]);

		fprintf(to, "\t{ \"%s\", \"%s\", \"%s\", { ", names[i],
			group ? group->name : "new", protects(names[i]));
		for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
			fprintf(to, "%d, ",
				compile_answer(profile, &none, names[i]) != 0);
		fprintf(to, "}, %d },\n", is_needed(names[i]));
	}
	fprintf(to, "};\nconst size_t filter_call_count = %zu;\n", count);
}

static void emit_abis(const struct abi *abis, size_t abi_count, FILE *to)
{
	fprintf(to, "const char filter_abis[] = \"");
	for (size_t i = 0; i < abi_count; i++) {
		fprintf(to, "%s%s", i ? ", " : "", abis[i].name);
		if (abis[i].twin_name)
			fprintf(to, ", %s", abis[i].twin_name);
	}
	fprintf(to, "\";\n\n");
}

/* For test builds, which leave them out one by one. */
static void emit_conditions(FILE *to)
{
	fprintf(to, "\n#ifdef CONFINE_SABOTAGE\n"
		    "const struct filter_condition filter_conditions[] = {\n");
	for (size_t i = 0; i < rule_condition_count; i++) {
		fprintf(to, "\t{ \"%s\", \"%s\", { ", rule_conditions[i].call,
			rule_conditions[i].protects);
		for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
			fprintf(to, "%u, ", rule_conditions[i].profiles >> profile & 1);
		fprintf(to, "} },\n");
	}
	fprintf(to, "};\nconst size_t filter_condition_count = %zu;\n#endif\n",
		rule_condition_count);
}

int emit_source(const struct abi *abis, size_t abi_count, struct arena *arena, FILE *to,
		struct err *err)
{
	struct program *programs = arena_array(arena, FILTER_COUNT, sizeof(*programs));
	const char **names = arena_array(arena, NAMES_MAX, sizeof(*names));

	for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
		if (compile(profile, &none, abis, abi_count, &programs[profile], err) < 0)
			return -1;
	fprintf(to, "/* made by confine-filter --emit-c from runner/filter/rules.c */\n"
		    "#include \"runner/filter.h\"\n\n");
	for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
		emit_code(&programs[profile], profile, to);
	fprintf(to, "const struct filter_program filter_programs[FILTER_COUNT] = {\n");
	for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
		emit_row(&programs[profile], profile, &abis[0], to);
	fprintf(to, "};\n\n");
	emit_abis(abis, abi_count, to);
	emit_calls(names, all_names(abis, abi_count, names), to);
	emit_conditions(to);
	return 0;
}

static const char *word_of(int answer)
{
	return answer == 0              ? "passes"
	       : answer == RULE_LIMITED ? "limited"
					: err_name(answer);
}

void emit_list(const struct abi *abis, size_t abi_count, struct arena *arena, FILE *to)
{
	const char **names = arena_array(arena, NAMES_MAX, sizeof(*names));
	size_t count = all_names(abis, abi_count, names);

	for (size_t i = 0; i < count; i++) {
		const struct rule_group *group = rules_group(names[i]);

		fprintf(to, "%-28s %-14s", names[i], group ? group->name : "new");
		for (unsigned int profile = 0; profile < FILTER_COUNT; profile++)
			fprintf(to, " %-8s",
				word_of(compile_answer(profile, &none, names[i])));
		fprintf(to, " %s\n", protects(names[i]));
	}
}
