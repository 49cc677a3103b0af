/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile - see compile.h. Code is written from its end to its start, so that every jump, which can
 * only go forward, knows its distance.
 */
#include "runner/filter/compile.h"
#include "runner/base/own.h"
#include <endian.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#define JUMP_MAX 255 /* instructions that a conditional jump can skip */

/* --- what the tables say --- */

/* Is the word one of those in a text with blanks between them? */
static bool is_among(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(words, word); at; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') &&
		    (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static bool is_listed(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

const struct rule_group *rules_group(const char *call)
{
	for (size_t i = 0; i < rule_group_count; i++)
		if (is_among(rule_groups[i].calls, call))
			return &rule_groups[i];
	return NULL;
}

static bool is_condition_of(size_t place, enum filter_profile profile,
			    const struct overrides *overrides, const char *call)
{
	const struct rule_condition *condition = &rule_conditions[place];

	return condition->profiles >> profile & 1 && strcmp(condition->call, call) == 0 &&
	       place + 1 != overrides->without;
}

int compile_answer(enum filter_profile profile, const struct overrides *overrides,
		   const char *call)
{
	const struct rule_group *group;

	if (is_listed(overrides->allowed, call))
		return 0;
	if (is_listed(overrides->refused, call))
		return EPERM;
	group = rules_group(call);
	if (!group)
		return ENOSYS;
	if (group->answers[profile])
		return group->answers[profile];
	for (size_t i = 0; i < rule_condition_count; i++)
		if (is_condition_of(i, profile, overrides, call))
			return RULE_LIMITED;
	return 0;
}

/* --- writing code backwards --- */

/* A place in the code: how many instructions were written when it was the last one. */
typedef size_t label;

struct writer {
	struct sock_filter code[BPF_MAXINSNS]; /* last instruction first */
	size_t count;
	bool full;
	label returns[256]; /* of the answers, by errno; 0 = none yet */
};

static label put(struct writer *writer, unsigned int op, uint32_t k, size_t jt, size_t jf)
{
	if (writer->count == ARRAY_SIZE(writer->code)) {
		writer->full = true;
		return writer->count;
	}
	writer->code[writer->count++] =
		(struct sock_filter){ (uint16_t)op, (uint8_t)jt, (uint8_t)jf, k };
	return writer->count;
}

/* Instructions between the next one to be written and the place. */
static size_t distance(const struct writer *writer, label to)
{
	return writer->count - to;
}

/* The place itself, or a jump to it when it has become too far for a conditional one. */
static label within_reach(struct writer *writer, label to)
{
	/* two more may come in between: this jump, and the one for the other way */
	if (distance(writer, to) + 2 <= JUMP_MAX)
		return to;
	return put(writer, BPF_JMP | BPF_JA, (uint32_t)distance(writer, to), 0, 0);
}

static label branch(struct writer *writer, unsigned int test, uint32_t k, label yes,
		    label no)
{
	if (yes == no)
		return yes;
	yes = within_reach(writer, yes);
	no = within_reach(writer, no);
	return put(writer, BPF_JMP | test | BPF_K, k, distance(writer, yes),
		   distance(writer, no));
}

/* What was written last, or a jump: an instruction that is no jump goes on to the next one. */
static void go_on_to(struct writer *writer, label to)
{
	if (distance(writer, to) > 0)
		(void)put(writer, BPF_JMP | BPF_JA, (uint32_t)distance(writer, to), 0, 0);
}

static label answer(struct writer *writer, int error)
{
	label *known = &writer->returns[error];

	if (!*known || distance(writer, *known) + 2 > JUMP_MAX)
		*known = put(writer, BPF_RET | BPF_K,
			     error ? SECCOMP_RET_ERRNO | (uint32_t)error
				   : SECCOMP_RET_ALLOW,
			     0, 0);
	return *known;
}

static label load(struct writer *writer, size_t offset, label then)
{
	go_on_to(writer, then);
	return put(writer, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static label mask(struct writer *writer, uint32_t bits, label then)
{
	go_on_to(writer, then);
	return put(writer, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
}

/* --- conditions --- */

static label term(struct writer *writer, const struct rule_term *term, label in,
		  label out)
{
	size_t offset =
		offsetof(struct seccomp_data, args) + term->argument * sizeof(uint64_t);
	label at = out;

	for (unsigned int i = term->count; i > 0; i--)
		at = branch(writer, BPF_JEQ, term->values[i - 1], in, at);
	if (term->mask != UINT32_MAX)
		at = mask(writer, term->mask, at);
	return load(writer, offset + (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0), at);
}

static label condition(struct writer *writer, const struct rule_condition *condition,
		       label met)
{
	label failed = answer(writer, condition->error), at;

	at = condition->none ? term(writer, &condition->must, failed, met)
			     : term(writer, &condition->must, met, failed);
	if (condition->when.mask)
		at = term(writer, &condition->when, at, met);
	return at;
}

/* All conditions of a call, in the order of the table. */
static label conditions(struct writer *writer, enum filter_profile profile,
			const struct overrides *overrides, const char *call)
{
	label at = answer(writer, 0);

	for (size_t i = rule_condition_count; i > 0; i--)
		if (is_condition_of(i - 1, profile, overrides, call))
			at = condition(writer, &rule_conditions[i - 1], at);
	return at;
}

/* --- numbers --- */

/* Numbers from here to the next range have one answer. */
struct range {
	uint32_t first;
	int error;  /* 0 = passes, RULE_LIMITED = the conditions decide */
	label goes; /* of a limited call */
};

struct search {
	struct range ranges[NUMBER_LIMIT + 2];
	size_t count;
};

/* A limited call and where its conditions begin, for every ABI the same. */
struct limited {
	const char *call;
	label at;
};

struct compilation {
	struct writer writer;
	struct search search;
	struct limited limited[32];
	size_t limited_count;
	enum filter_profile profile;
	const struct overrides *overrides;
};

static void add_range(struct search *search, uint32_t first, int error, label goes)
{
	const struct range *last =
		search->count ? &search->ranges[search->count - 1] : NULL;

	if (!last || last->error != error || last->goes != goes)
		search->ranges[search->count++] = (struct range){ first, error, goes };
}

static label limited_at(const struct compilation *compilation, const char *call)
{
	for (size_t i = 0; i < compilation->limited_count; i++)
		if (strcmp(compilation->limited[i].call, call) == 0)
			return compilation->limited[i].at;
	return 0;
}

static void find_ranges(struct compilation *compilation, const struct abi *abi)
{
	struct search *search = &compilation->search;

	search->count = 0;
	for (uint32_t i = 0; i < NUMBER_LIMIT; i++) {
		const char *name = abi->names[i];
		int error = name ? compile_answer(compilation->profile,
						  compilation->overrides, name)
				 : ENOSYS;

		add_range(search, i, error,
			  error == RULE_LIMITED ? limited_at(compilation, name) : 0);
	}
	add_range(search, NUMBER_LIMIT, ENOSYS, 0);
}

/* Ranges first … last; the number is in the accumulator. */
static label tree(struct compilation *compilation, size_t first, size_t last)
{
	const struct range *ranges = compilation->search.ranges;
	size_t middle = first + (last - first + 1) / 2;
	label above, below;

	if (first == last)
		return ranges[first].error == RULE_LIMITED
			       ? ranges[first].goes
			       : answer(&compilation->writer, ranges[first].error);
	above = tree(compilation, middle, last);
	below = tree(compilation, first, middle - 1);
	return branch(&compilation->writer, BPF_JGE, ranges[middle].first, above, below);
}

static label whole_abi(struct compilation *compilation, const struct abi *abi,
		       bool foreign)
{
	struct writer *writer = &compilation->writer;
	bool strict = compilation->profile == FILTER_STRICT;
	label native, twin;

	if (foreign && strict)
		return answer(writer, ENOSYS);
	find_ranges(compilation, abi);
	native = tree(compilation, 0, compilation->search.count - 1);
	if (abi->twin_bit) {
		twin = strict ? answer(writer, ENOSYS)
			      : mask(writer, ~abi->twin_bit, native);
		native = branch(writer, BPF_JGE, abi->twin_first, answer(writer, ENOSYS),
				native);
		native = branch(writer, BPF_JSET, abi->twin_bit, twin, native);
	}
	return load(writer, offsetof(struct seccomp_data, nr), native);
}

/* Once for all ABIs: they look at the arguments only. */
static void write_conditions(struct compilation *compilation)
{
	for (size_t i = 0; i < rule_condition_count; i++) {
		const char *call = rule_conditions[i].call;

		if (limited_at(compilation, call) ||
		    compile_answer(compilation->profile, compilation->overrides, call) !=
			    RULE_LIMITED)
			continue;
		compilation->limited[compilation->limited_count++] = (struct limited){
			call, conditions(&compilation->writer, compilation->profile,
					 compilation->overrides, call)
		};
	}
}

static void write_all(struct compilation *compilation, const struct abi *abis,
		      size_t abi_count)
{
	struct writer *writer = &compilation->writer;
	label at = put(writer, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);

	write_conditions(compilation);
	for (size_t i = abi_count; i > 0; i--) {
		label abi = whole_abi(compilation, &abis[i - 1], i > 1);

		at = branch(writer, BPF_JEQ, abis[i - 1].arch, abi, at);
	}
	(void)load(writer, offsetof(struct seccomp_data, arch), at);
}

int compile(enum filter_profile profile, const struct overrides *overrides,
	    const struct abi *abis, size_t abi_count, struct program *program,
	    struct err *err)
{
	struct compilation *compilation = calloc(1, sizeof(*compilation));
	bool full;

	if (!compilation)
		abort();
	compilation->profile = profile;
	compilation->overrides = overrides;
	write_all(compilation, abis, abi_count);
	program->count = compilation->writer.count;
	full = compilation->writer.full;
	for (size_t i = 0; i < program->count; i++)
		program->code[i] = compilation->writer.code[program->count - 1 - i];
	free(compilation);
	if (full)
		return err_set(err, ERR_INTERNAL, "syscalls",
			       "the filter is longer than %d instructions", BPF_MAXINSNS);
	return 0;
}
