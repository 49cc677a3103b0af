/* SPDX-License-Identifier: Apache-2.0 */
/* controls - see controls.h. Reading the lines of the table. */
#include "reports/controls.h"
#include <string.h>

const char *const relation_words[RELATION_COUNT] = {
	[RELATION_TESTS] = "tests",
	[RELATION_SUPPORTS] = "supports",
	[RELATION_PARTIAL] = "partial",
	[RELATION_JUDGED] = "judged",
};

static const struct control *find(enum framework framework, const char *id, size_t length)
{
	for (size_t i = 0; i < control_count; i++)
		if (controls[i].framework == framework &&
		    strlen(controls[i].id) == length &&
		    strncmp(controls[i].id, id, length) == 0)
			return &controls[i];
	return NULL;
}

static enum relation relation_of(char sign)
{
	static const char signs[] = { '!', ' ', '~', '?' };

	for (enum relation i = 0; i < RELATION_COUNT; i++)
		if (signs[i] == sign)
			return i;
	return RELATION_SUPPORTS;
}

static size_t add_ids(enum framework framework, const char *ids, struct control_link *ret,
		      size_t count)
{
	while (ids && *(ids += strspn(ids, " "))) {
		size_t length = strcspn(ids, " ");
		size_t id = strcspn(ids, " !~?");
		const struct control *control = find(framework, ids, id);

		if (control && count < CONTROL_LINKS_MAX)
			ret[count++] = (struct control_link){
				control, relation_of(id < length ? ids[id] : ' ')
			};
		ids += length;
	}
	return count;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (; *(words += strspn(words, " ")); words += strcspn(words, " "))
		if (strcspn(words, " ") == length && strncmp(words, word, length) == 0)
			return true;
	return false;
}

size_t controls_of(const char *requirement, struct control_link *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < control_family_count; i++) {
		const struct control_family *family = &control_families[i];

		if (!has_word(family->requirements, requirement))
			continue;
		for (enum framework k = 0; k < FRAMEWORK_COUNT; k++)
			count = add_ids(k, family->ids[k], ret, count);
	}
	return count;
}
