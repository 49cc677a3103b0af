/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes come from a script that may be hostile: a line is taken apart in place, whole or
 * not at all, and numbers go through the strict JSON reader.
 */
#include "conformance/transcript.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

const char *const fact_ns_names[FACT_NS_COUNT + 1] = { "user", "pid", "mnt",    "net",
						       "ipc",  "uts", "cgroup", NULL };
const char *const fact_limit_names[FACT_LIMIT_COUNT + 1] = { "cpu",    "data",  "fsize",
							     "nofile", "nproc", "core",
							     "as",     "stack", NULL };
const char *const fact_caps_names[CAPS_COUNT + 1] = { "capEff", "capPrm", "capInh",
						      "capBnd", "capAmb", NULL };

uint64_t transcript_answer(const char *nonce)
{
	const char *const parts[] = { nonce, "confine" };
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		for (const char *at = parts[i]; *at; at++)
			hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
	return hash;
}

/* Sixteen lower-case hexadecimal digits, nothing else. */
static int parse_hex16(const char *text, uint64_t *ret)
{
	if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return -1;
	*ret = strtoull(text, NULL, 16);
	return 0;
}

static const struct json *member(const struct json *object, const char *key)
{
	return json_member(object, key);
}

/* Whole numbers only; -1 stands for "unlimited" and "not said". */
static int read_number(const struct json *item, int64_t least, int64_t *ret)
{
	if (!json_is(item, JSON_NUMBER) || item->number < (double)least ||
	    item->number > 9007199254740992.0 ||
	    item->number != (double)(int64_t)item->number)
		return -1;
	*ret = (int64_t)item->number;
	return 0;
}

static int read_unsigned(const struct json *object, const char *key, uint64_t *ret)
{
	int64_t number;

	if (read_number(member(object, key), 0, &number) < 0)
		return -1;
	*ret = (uint64_t)number;
	return 0;
}

static int read_groups(const struct json *tree, struct facts *facts)
{
	const struct json *groups = member(tree, "groups"), *group;

	if (!json_is(groups, JSON_ARRAY))
		return -1;
	json_each(group, groups) {
		int64_t number;

		if (facts->group_count == FACT_GROUPS_MAX ||
		    read_number(group, 0, &number) < 0)
			return -1;
		facts->groups[facts->group_count++] = (gid_t)number;
	}
	return 0;
}

/* A hard limit beyond 2^53 is as good as none, and JSON readers round it. */
static int read_limit(const struct json *item, int64_t *ret)
{
	if (json_is(item, JSON_NUMBER) && item->number > 9007199254740992.0) {
		*ret = FACT_RLIM_UNLIMITED;
		return 0;
	}
	return read_number(item, -1, ret);
}

static int read_tables(const struct json *tree, struct facts *facts)
{
	const struct json *spaces = member(tree, "ns"), *limits = member(tree, "rlimits");

	for (size_t i = 0; i < CAPS_COUNT; i++)
		if (parse_hex16(json_text(member(tree, fact_caps_names[i])),
				&facts->caps[i]) < 0)
			return -1;
	for (size_t i = 0; i < FACT_NS_COUNT; i++)
		if (read_unsigned(spaces, fact_ns_names[i], &facts->ns[i]) < 0)
			return -1;
	for (size_t i = 0; i < FACT_LIMIT_COUNT; i++) {
		const struct json *pair = member(limits, fact_limit_names[i]);

		if (json_count(pair) != 2 ||
		    read_limit(json_item(pair, 0), &facts->limits[i][0]) < 0 ||
		    read_limit(json_item(pair, 1), &facts->limits[i][1]) < 0)
			return -1;
	}
	return 0;
}

static int read_identity(const struct json *tree, struct facts *facts)
{
	const struct json *forked = member(tree, "forked"),
			  *wrote = member(tree, "wrote");

	if (read_unsigned(tree, "pid", &facts->pid) < 0 ||
	    read_unsigned(tree, "uid", &facts->uid) < 0 ||
	    read_unsigned(tree, "euid", &facts->euid) < 0 ||
	    read_unsigned(tree, "gid", &facts->gid) < 0 ||
	    read_unsigned(tree, "egid", &facts->egid) < 0 ||
	    read_number(member(tree, "noNewPrivs"), -1, &facts->no_new_privs) < 0 ||
	    read_number(member(tree, "seccomp"), -1, &facts->seccomp) < 0 ||
	    !json_is(forked, JSON_BOOL) || !json_is(wrote, JSON_BOOL))
		return -1;
	facts->forked = json_is_true(forked);
	facts->wrote = json_is_true(wrote);
	return read_groups(tree, facts);
}

static bool is_answer(const struct json *tree, const char *nonce)
{
	const char *said_nonce = json_text(member(tree, "nonce"));
	const char *said_answer = json_text(member(tree, "answer"));
	uint64_t answer;

	return str_equal(said_nonce, nonce) && parse_hex16(said_answer, &answer) == 0 &&
	       answer == transcript_answer(nonce);
}

int transcript_facts(const char *nonce, const char *text, size_t length,
		     struct facts *ret, struct err *err)
{
	static const struct json_limits limits = { FACT_TEXT_MAX, 4, 0 };
	owned_json struct json *tree = NULL;
	struct facts facts = { 0 };

	if (json_parse("facts", text, length, &limits, &tree, err) < 0)
		return -1;
	if (!is_answer(tree, nonce))
		return err_policy(err, "run", "facts: not the answer to this nonce");
	if (read_identity(tree, &facts) < 0 || read_tables(tree, &facts) < 0)
		return err_policy(err, "run", "facts: a key is missing or not as agreed");
	*ret = facts;
	return 0;
}

/* The rest of the line after "WORD ", or NULL. */
static const char *after(const char *line, const char *end, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(end - line) <= length || strncmp(line, word, length) != 0 ||
	    line[length] != ' ')
		return NULL;
	return line + length + 1;
}

static bool is_token(const char *text, size_t length)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	if (length < 1 || length > VERDICT_WORD_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!text[i] || !strchr(allowed, text[i]))
			return false;
	return true;
}

static bool read_said(const char *rest, const char *end, struct transcript *transcript)
{
	for (unsigned int said = SAID_REACHED; said < SAID_COUNT; said++) {
		const char *word = after(rest, end, said_names[said]);
		size_t length = word ? (size_t)(end - word) : 0;

		if (!word || !is_token(word, length))
			continue;
		if (transcript->said != SAID_NOTHING)
			return true;
		transcript->said = (enum said)said;
		memcpy(transcript->word, word, length);
		transcript->word[length] = '\0';
		return true;
	}
	return false;
}

bool transcript_line(const char *nonce, const char *line, size_t length,
		     struct transcript *transcript)
{
	const char *end = line + length, *rest;
	size_t nonce_length = strlen(nonce);
	struct err ignored; /* a line that is no answer is just a line */

	rest = after(line, end, "confine-attempt");
	if (rest && (size_t)(end - rest) == nonce_length &&
	    memcmp(rest, nonce, nonce_length) == 0) {
		transcript->attempted = true;
		return true;
	}
	rest = after(line, end, "confine-alive");
	rest = rest ? after(rest, end, nonce) : NULL;
	if (rest) {
		if (transcript->has_facts)
			return true;
		transcript->has_facts =
			transcript_facts(nonce, rest, (size_t)(end - rest),
					 &transcript->facts, &ignored) == 0;
		return transcript->has_facts;
	}
	rest = after(line, end, "confine-probe");
	rest = rest ? after(rest, end, nonce) : NULL;
	return rest && read_said(rest, end, transcript);
}
