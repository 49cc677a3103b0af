/* SPDX-License-Identifier: Apache-2.0 */
/* arm - see arm.h. */
#include "conformance/arm.h"
#include "runner/base/own.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

const char *arm_setup(const struct arm *arm, const char *word)
{
	return probe_word(arm->probe->setup, word);
}

const char *arm_witness(const struct arm *arm, const char *word)
{
	return probe_word(arm->probe->witness, word);
}

uint64_t arm_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

int arm_random(char text[NONCE_SIZE], struct err *err)
{
	unsigned char bytes[(NONCE_SIZE - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return err_sys(err, "run", "no random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

void arm_text(char text[RUN_TEXT_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, RUN_TEXT_MAX, format, arguments);
	va_end(arguments);
}

void arm_variable(struct arm *arm, const char *name, const char *value)
{
	str_addf(&arm->variables, "%s='%s'\n", name, value);
}

void arm_evidence(struct arm *arm, const char *name, const char *format, ...)
{
	struct arm_shared *shared = arm->shared;
	struct evidence *row;
	char text[RUN_TEXT_MAX];
	owned_str struct str visible = { 0 };
	va_list arguments;

	if (shared->evidence_count == RUN_EVIDENCE_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	str_add_visible(&visible, text, strlen(text), sizeof(text));
	row = &shared->evidence[shared->evidence_count++];
	(void)snprintf(row->name, sizeof(row->name), "%s", name);
	(void)snprintf(row->value, sizeof(row->value), "%s", str_text(&visible));
}

const char *arm_path(const struct arm *arm, const char *name)
{
	return arena_printf(arm->arena, "%s/%s", arm->root, name);
}

void arm_set_environment(struct arm *arm, const char *name, const char *value)
{
	size_t length = strlen(name), at = 0;

	while (at < arm->environment_count &&
	       (strncmp(arm->environment[at], name, length) != 0 ||
		arm->environment[at][length] != '='))
		at++;
	arm->environment[at] = arena_printf(arm->arena, "%s=%s", name, value);
	if (at == arm->environment_count)
		arm->environment[++arm->environment_count] = NULL;
}

const char *arm_fill(const struct arm *arm, const char *text)
{
	const struct target_pair pairs[] = {
		{ "{scratch}", arm->scratch },
		{ "{probes}", arm->probes },
	};
	owned_str struct str filled = { 0 };

	while (*text) {
		size_t step = 1;

		for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
			if (!str_has_prefix(text, pairs[i].name))
				continue;
			step = strlen(pairs[i].name);
			str_add(&filled, pairs[i].value);
			break;
		}
		if (step == 1)
			str_add_bytes(&filled, text, 1);
		text += step;
	}
	return arena_strdup(arm->arena, str_text(&filled));
}
