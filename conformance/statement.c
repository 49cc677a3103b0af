/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/statement.h"
#include <string.h>

static const char *member_text(const struct json *receipt, const char *section,
			       const char *key)
{
	const struct json *object = json_member(receipt, section);
	const struct json *item = json_member(object, key);

	return json_is(item, JSON_STRING) ? item->text : NULL;
}

/* A word that is not ours is no promise. */
static enum promise promise_of(const char *word)
{
	if (word && strcmp(word, promise_names[PROMISE_ENFORCED]) == 0)
		return PROMISE_ENFORCED;
	if (word && strcmp(word, promise_names[PROMISE_DEGRADED]) == 0)
		return PROMISE_DEGRADED;
	return PROMISE_NOTHING;
}

enum promise statement_promise(const struct target *target, const struct json *receipt,
			       const struct requirement *requirement)
{
	switch (target->stated_by) {
	case STATED_BY_RECEIPT:
		return promise_of(member_text(receipt, "promises", requirement->id));
	case STATED_BY_FILE:
		return target->promises[requirement_index(requirement)];
	case STATED_BY_NOTHING:
	case STATED_BY_COUNT:
		break;
	}
	return PROMISE_UNSTATED;
}

const char *statement_mechanism(const struct json *receipt, enum layer layer)
{
	return member_text(receipt, "mechanism", layer_names[layer]);
}
