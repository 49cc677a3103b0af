/* SPDX-License-Identifier: Apache-2.0 */
/* compose - what the supervisor of a run is told, as confine-run(1) has it */
#include "runner/base/arena.h"
#include "runner/base/str.h"
#include "runner/library/guard.h"
#include "runner/library/run.h"

struct composing {
	const struct confine_run *run;
	bool explain;
	struct order made;
};

/* "--policy-fd" "4" */
static void add_place(struct str *words, const char *name, enum run_place place)
{
	str_add_bytes(words, name, strlen(name) + 1);
	str_addf(words, "%d", (int)place);
	str_add_bytes(words, "", 1);
}

/* "--context" "/proc/self/fd/8" */
static void add_file(struct str *words, const char *name, enum run_place place)
{
	str_add_bytes(words, name, strlen(name) + 1);
	str_addf(words, "/proc/self/fd/%d", (int)place);
	str_add_bytes(words, "", 1);
}

static void add_bytes(struct str *to, const struct words *words)
{
	if (words->length)
		str_add_bytes(to, words->bytes, words->length);
}

static void add_word(struct str *to, const char *word)
{
	str_add_bytes(to, word, strlen(word) + 1);
}

static void compose_words(const struct composing *composing, struct str *words)
{
	const struct confine_run *run = composing->run;

	add_place(words, "--lifeline", RUN_LIFELINE);
	if (composing->explain)
		add_word(words, "--explain");
	else
		add_place(words, "--report-fd", RUN_SAID);
	/* A policy's own text is resolved already. */
	if (run->policy) {
		add_word(words, "--profile");
		add_word(words, "permissive");
		add_place(words, "--policy-fd", RUN_POLICY);
	}
	if (run->input >= 0)
		add_word(words, "--stdin");
	if (run->context >= 0)
		add_file(words, "--context", RUN_CONTEXT);
	if (run->wants_result)
		add_place(words, "--result-fd", RUN_RESULT);
	add_bytes(words, &run->options);
	add_bytes(words, &run->task);
}

/* What is meant for the supervisor is not for the script's environment to say. */
static char **compose_environment(const struct words *words)
{
	size_t count = 0, at;
	char **made;

	for (at = 0; at < words->length; at += strlen(words->bytes + at) + 1)
		count++;
	made = calloc(count + 1, sizeof(*made));
	if (!made)
		arena_out_of_memory();
	count = 0;
	for (at = 0; at < words->length; at += strlen(words->bytes + at) + 1)
		if (!str_has_prefix(words->bytes + at, "CONFINE_"))
			made[count++] = words->bytes + at;
	return made;
}

static int compose(void *argument, struct err *err)
{
	struct composing *composing = argument;
	struct str words = { 0 };

	(void)err;
	compose_words(composing, &words);
	composing->made = (struct order){
		.environment = compose_environment(&composing->run->environment),
		.words = words.text,
		.length = words.length,
	};
	return 0;
}

int run_compose(const struct confine_run *run, bool explain, struct order *order,
		struct confine_error *error)
{
	struct composing composing = { .run = run, .explain = explain };

	if (!run->task.length)
		return guard_usage(error, "nothing to run: set a command, a text or a "
					  "script");
	if (guard_run(compose, &composing, error) < 0)
		return -1;
	*order = composing.made;
	return 0;
}

void order_done(struct order *order)
{
	free(order->environment);
	free(order->words);
}
