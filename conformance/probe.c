/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict, because the head is all that an auditor has to believe: a probe that says less than
 * what it does, or says it in another place, does not load. One table names the keys in their
 * order; each row checks its own value.
 */
#include "conformance/probe.h"
#include "conformance/glossary.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include "runner/base/str.h"
#include <signal.h>
#include <string.h>

enum {
	ERRNO_LAST = 133, /* EHWPOISON, include/uapi/asm-generic/errno.h */
};

const char *const probe_class_names[CLASS_COUNT + 1] = { "P", "T", "C", "X", NULL };

int probe_fault(const struct probe_value *at, const char *sentence, const char *detail)
{
	return err_policy(at->err, "catalogue", "%s:%u: %s%s%s", at->file, at->line,
			  sentence, detail ? ": " : "", detail ? detail : "");
}

static bool is_word(const char *text, const char *allowed)
{
	return text[0] && strspn(text, allowed) == strlen(text);
}

static int read_words(const struct probe_value *at, const char *const **ret)
{
	size_t count = 0, room = strlen(at->text) / 2 + 2;
	const char **words = arena_array(at->arena, room, sizeof(*words));
	char *rest = arena_strdup(at->arena, at->text), *word;

	while ((word = strsep(&rest, " ")) != NULL) {
		if (!word[0])
			return probe_fault(at, "words are separated by one space", NULL);
		words[count++] = word;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], "nothing") != 0)
			continue;
		if (count > 1)
			return probe_fault(at, "\"nothing\" stands alone", NULL);
		words[0] = NULL;
		break;
	}
	*ret = words;
	return 0;
}

static int read_id(const struct probe_value *at, struct probe *probe)
{
	if (strcmp(at->text, probe->id) != 0)
		return probe_fault(at, "the id of this file must be", probe->id);
	return 0;
}

static int read_title(const struct probe_value *at, struct probe *probe)
{
	probe->title = at->text;
	return strlen(at->text) <= 100 ? 0
				       : probe_fault(at, "longer than 100 bytes", NULL);
}

static int read_requirement(const struct probe_value *at, struct probe *probe)
{
	probe->requirement = requirement_find(at->text);
	return probe->requirement ? 0 : probe_fault(at, "unknown requirement", at->text);
}

static int read_class(const struct probe_value *at, struct probe *probe)
{
	for (unsigned int i = 0; i < CLASS_COUNT; i++) {
		if (strcmp(at->text, probe_class_names[i]) == 0) {
			probe->class = (enum probe_class)i;
			return 0;
		}
	}
	return probe_fault(at, "unknown class, one of P T C X", at->text);
}

/* Words that the harness knows: another one would be an arrangement that nobody makes, or a
 * witness that nobody asks. */
static int read_known_words(const struct probe_value *at, enum glossary_part part,
			    const char *const **ret)
{
	owned_str struct str fault = { 0 };

	if (read_words(at, ret) < 0)
		return -1;
	for (const char *const *word = *ret; *word; word++) {
		if (glossary_knows(part, *word))
			continue;
		str_addf(&fault, "\"%s\" is none of nothing, ", *word);
		glossary_add_words(&fault, part);
		return probe_fault(at, str_text(&fault), NULL);
	}
	return 0;
}

static int read_needs(const struct probe_value *at, struct probe *probe)
{
	return read_known_words(at, GLOSSARY_NEEDS, &probe->needs);
}

static int read_setup(const struct probe_value *at, struct probe *probe)
{
	return read_known_words(at, GLOSSARY_SETUP, &probe->setup);
}

static int read_witness(const struct probe_value *at, struct probe *probe)
{
	return read_known_words(at, GLOSSARY_WITNESS, &probe->witness);
}

static int read_policy(const struct probe_value *at, struct probe *probe)
{
	struct probe_policy *grown =
		arena_array(at->arena, probe->policy_count + 1, sizeof(*grown));
	const char *equals = strchr(at->text, '=');
	struct err ignored = { 0 };
	owned_json struct json *tree = NULL;

	if (at->text[0] != '/' || !equals)
		return probe_fault(at, "a policy line is /POINTER=JSON", at->text);
	if (json_parse("policy", equals + 1, strlen(equals + 1), &json_small, &tree,
		       &ignored) < 0)
		return probe_fault(at, "no JSON after the =", equals + 1);
	for (size_t i = 0; i < probe->policy_count; i++)
		grown[i] = probe->policy[i];
	grown[probe->policy_count++] = (struct probe_policy){
		.pointer =
			arena_strndup(at->arena, at->text, (size_t)(equals - at->text)),
		.json = equals + 1,
	};
	probe->policy = grown;
	return 0;
}

static bool is_errno_name(const char *word)
{
	for (int sys = 1; sys <= ERRNO_LAST; sys++)
		if (strcmp(err_name(sys), word) == 0)
			return true;
	return false;
}

static bool is_signal_name(const char *word)
{
	if (!str_has_prefix(word, "SIG"))
		return false;
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		const char *name = sigabbrev_np(sig);

		if (name && strcmp(name, word + 3) == 0)
			return true;
	}
	return false;
}

static int read_refusals(const struct probe_value *at, struct probe *probe)
{
	static const char *const others[] = { "absent", "ceiling", "witness", "killed",
					      "refused" };

	if (read_words(at, &probe->refusals) < 0)
		return -1;
	if (!probe->refusals[0])
		return probe_fault(at, "a probe accepts at least one refusal", NULL);
	for (const char *const *word = probe->refusals; *word; word++) {
		bool known = is_errno_name(*word) || is_signal_name(*word);

		for (size_t i = 0; i < ARRAY_SIZE(others); i++)
			known |= strcmp(others[i], *word) == 0;
		if (!known)
			return probe_fault(at,
					   "not an errno, a signal, absent, ceiling, "
					   "witness, killed, refused",
					   *word);
	}
	return 0;
}

/* Words of the reach arm: an errno, a signal or a token of the probe's own. */
static int read_closed(const struct probe_value *at, struct probe *probe)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	if (read_words(at, &probe->closed) < 0)
		return -1;
	if (!probe->closed[0])
		return probe_fault(at, "leave the line out where the host closes nothing",
				   NULL);
	for (const char *const *word = probe->closed; *word; word++)
		if (!is_word(*word, allowed) || strlen(*word) > 40)
			return probe_fault(at, "no word that a probe says", *word);
	return 0;
}

static int read_reach(const struct probe_value *at, struct probe *probe)
{
	probe->reach = strcmp(at->text, "caller") == 0 ? REACH_CALLER : REACH_IDENTITY;
	if (probe->reach == REACH_IDENTITY && strcmp(at->text, "identity") != 0)
		return probe_fault(at, "reach is identity or caller", at->text);
	return 0;
}

/* "256M": digits, then K, M, G or nothing. */
static int read_size(const char *text, uint64_t max, uint64_t *ret)
{
	static const char suffixes[] = "KMG";
	char digits[24];
	size_t length = strspn(text, "0123456789");
	const char *suffix = text[length] ? strchr(suffixes, text[length]) : NULL;
	unsigned int shift = suffix ? 10 * (unsigned int)(suffix - suffixes + 1) : 0;
	uint64_t number;
	struct err ignored = { 0 };

	if (length >= sizeof(digits) || (text[length] && (!suffix || text[length + 1])))
		return -1;
	memcpy(digits, text, length);
	digits[length] = '\0';
	if (parse_u64(digits, 1, max >> shift, &number, &ignored) < 0)
		return -1;
	*ret = number << shift;
	return 0;
}

static int read_budget(const struct probe_value *at, struct probe *probe)
{
	uint64_t numbers[4] = { 0 };
	static const struct {
		const char *prefix;
		uint64_t max;
	} keys[] = {
		{ "seconds=", 300 },
		{ "tasks=", 4096 },
		{ "memory=", 4ULL << 30 },
		{ "output=", 1ULL << 30 },
	};
	const char *const *words;

	if (read_words(at, &words) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *word = words[i];

		if (!word || !str_has_prefix(word, keys[i].prefix))
			return probe_fault(
				at,
				"a budget is seconds= tasks= memory= output=, missing",
				keys[i].prefix);
		if (read_size(word + strlen(keys[i].prefix), keys[i].max, &numbers[i]) <
		    0)
			return probe_fault(
				at, "not a number, or more than a probe may have", word);
	}
	if (words[ARRAY_SIZE(keys)])
		return probe_fault(at, "unknown budget", words[ARRAY_SIZE(keys)]);
	probe->budget = (struct probe_budget){
		.seconds = (unsigned int)numbers[0],
		.tasks = (unsigned int)numbers[1],
		.memory_bytes = numbers[2],
		.output_bytes = numbers[3],
	};
	return 0;
}

static int read_rests_on(const struct probe_value *at, struct probe *probe)
{
	if (read_words(at, &probe->rests_on) < 0)
		return -1;
	for (const char *const *word = probe->rests_on; *word; word++)
		if (!requirement_find(*word))
			return probe_fault(at, "unknown requirement", *word);
	return 0;
}

static int read_what(const struct probe_value *at, struct probe *probe)
{
	probe->what = at->text;
	return 0;
}

static int read_why(const struct probe_value *at, struct probe *probe)
{
	probe->why = at->text;
	return 0;
}

static int read_remedy(const struct probe_value *at, struct probe *probe)
{
	probe->remedy = at->text;
	return 0;
}

const struct probe_key probe_keys[PROBE_KEY_COUNT] = {
	{ "id", TIMES_ONCE, false, read_id },
	{ "title", TIMES_ONCE, false, read_title },
	{ "requirement", TIMES_ONCE, false, read_requirement },
	{ "class", TIMES_ONCE, false, read_class },
	{ "needs", TIMES_ONCE, false, read_needs },
	{ "policy", TIMES_ANY, false, read_policy },
	{ "setup", TIMES_ONCE, false, read_setup },
	{ "witness", TIMES_ONCE, false, read_witness },
	{ "refusals", TIMES_ONCE, false, read_refusals },
	{ "closed", TIMES_MAYBE, false, read_closed },
	{ "reach", TIMES_ONCE, false, read_reach },
	{ "budget", TIMES_ONCE, false, read_budget },
	{ "rests-on", TIMES_MAYBE, false, read_rests_on },
	{ "what", TIMES_ONCE, true, read_what },
	{ "why", TIMES_ONCE, true, read_why },
	{ "remedy", TIMES_ONCE, true, read_remedy },
};

int probe_read_path(const struct probe_value *at, struct probe *probe)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *slash = strchr(at->file, '/');
	char *id;

	probe->layer =
		slash ? layer_find(at->file, (size_t)(slash - at->file)) : LAYER_COUNT;
	if (probe->layer == LAYER_COUNT || !str_has_suffix(at->file, ".sh"))
		return probe_fault(at, "a probe is <layer>/<name>.sh", NULL);
	id = arena_strndup(at->arena, at->file, strlen(at->file) - strlen(".sh"));
	if (!is_word(id + (slash - at->file) + 1, allowed))
		return probe_fault(at, "a name has small letters, digits and hyphens",
				   NULL);
	id[slash - at->file] = '.';
	probe->id = id;
	probe->file = arena_strdup(at->arena, at->file);
	return 0;
}

int probe_check(const struct probe_value *at, const struct probe *probe)
{
	if (probe->requirement->layer != probe->layer)
		return probe_fault(at, "the folder must be the layer of the requirement",
				   layer_names[probe->requirement->layer]);
	for (const char *const *word = probe->refusals; *word; word++)
		if (strcmp(*word, "witness") == 0 && !probe->witness[0])
			return probe_fault(at, "a refusal by witness needs a witness",
					   NULL);
	return 0;
}

const char *probe_word(const char *const *words, const char *key)
{
	size_t length = strlen(key);

	for (; words && *words; words++) {
		if (strncmp(*words, key, length) != 0)
			continue;
		if ((*words)[length] == '=')
			return *words + length + 1;
		if (!(*words)[length])
			return "";
	}
	return NULL;
}
