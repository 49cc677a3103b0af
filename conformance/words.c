/* SPDX-License-Identifier: Apache-2.0 */
/* Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition. */
#include "conformance/words.h"
#include <string.h>

static const char layer[] = "command";

/* Where the splitting stands. */
struct splitter {
	const char *at;
	struct str word;
	bool in_word; /* also after '' with nothing in it */
	const char **words;
	size_t count;
	struct arena *arena;
	struct err *err;
};

static void end_word(struct splitter *splitter)
{
	if (splitter->in_word)
		splitter->words[splitter->count++] =
			arena_strdup(splitter->arena, str_text(&splitter->word));
	str_clear(&splitter->word);
	splitter->in_word = false;
}

static int single_quoted(struct splitter *splitter)
{
	const char *close = strchr(splitter->at + 1, '\'');

	if (!close)
		return err_policy(splitter->err, layer, "a ' is not closed");
	str_add_bytes(&splitter->word, splitter->at + 1,
		      (size_t)(close - splitter->at) - 1);
	splitter->at = close + 1;
	return 0;
}

static int double_quoted(struct splitter *splitter)
{
	for (splitter->at++; *splitter->at != '"'; splitter->at++) {
		if (!*splitter->at)
			return err_policy(splitter->err, layer, "a \" is not closed");
		if (*splitter->at == '$' || *splitter->at == '`')
			return err_policy(
				splitter->err, layer,
				"no shell reads this: %c inside \" expands nothing",
				*splitter->at);
		if (*splitter->at == '\\' && splitter->at[1] &&
		    strchr("$`\"\\\n", splitter->at[1])) {
			splitter->at++;
			if (*splitter->at == '\n')
				continue;
		}
		str_add_bytes(&splitter->word, splitter->at, 1);
	}
	splitter->at++;
	return 0;
}

static int escaped(struct splitter *splitter)
{
	if (!splitter->at[1])
		return err_policy(splitter->err, layer, "ends with a backslash");
	if (splitter->at[1] == '\n') {
		splitter->at += 2;
		return 0;
	}
	splitter->in_word = true;
	str_add_bytes(&splitter->word, splitter->at + 1, 1);
	splitter->at += 2;
	return 0;
}

static int plain(struct splitter *splitter)
{
	char byte = *splitter->at;

	if (strchr("|&;<>()$`*?[", byte) || (!splitter->in_word && strchr("#~", byte)))
		return err_policy(splitter->err, layer,
				  "no shell reads this: quote the %c, or start a shell",
				  byte);
	splitter->in_word = true;
	str_add_bytes(&splitter->word, splitter->at, 1);
	splitter->at++;
	return 0;
}

static int next_byte(struct splitter *splitter)
{
	switch (*splitter->at) {
	case ' ':
	case '\t':
	case '\n':
		end_word(splitter);
		splitter->at++;
		return 0;
	case '\'':
		splitter->in_word = true;
		return single_quoted(splitter);
	case '"':
		splitter->in_word = true;
		return double_quoted(splitter);
	case '\\':
		return escaped(splitter);
	default:
		return plain(splitter);
	}
}

int words_split(const char *text, struct arena *arena, const char *const **ret,
		struct err *err)
{
	struct splitter splitter = {
		.at = text,
		.words = arena_array(arena, strlen(text) / 2 + 2, sizeof(char *)),
		.arena = arena,
		.err = err,
	};
	int result = 0;

	while (*splitter.at && result == 0)
		result = next_byte(&splitter);
	if (result == 0)
		end_word(&splitter);
	str_done(&splitter.word);
	if (result == 0)
		*ret = splitter.words;
	return result;
}

void words_quote(struct str *str, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_-./:=,@%+";

	if (word[0] && strspn(word, safe) == strlen(word)) {
		str_add(str, word);
		return;
	}
	str_add(str, "'");
	for (; *word; word++) {
		if (*word == '\'')
			str_add(str, "'\\''");
		else
			str_add_bytes(str, word, 1);
	}
	str_add(str, "'");
}

void words_join(struct str *str, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (i > 0)
			str_add(str, " ");
		words_quote(str, words[i]);
	}
}
