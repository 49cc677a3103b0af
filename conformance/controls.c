/* SPDX-License-Identifier: Apache-2.0 */
/* Strict: a mapping that names what no table has would end in a wrong report of an auditor. */
#include "conformance/controls.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

enum {
	TABLE_MAX_BYTES = 1 << 20,
	FIELDS = 4,
};

const char *const relation_names[RELATION_COUNT + 1] = {
	[RELATION_TESTS] = "tests",
	[RELATION_SUPPORTS] = "supports",
	[RELATION_PARTIAL] = "partial",
	[RELATION_JUDGED] = "judged",
};

/* Where the reader stands; the rows read so far may be changed here alone. */
struct reader {
	struct arena *arena;
	struct framework *frameworks;
	struct control *ids;
	struct control_link *links;
	size_t framework_count, id_count, link_count;
	const char *path;
	unsigned int line;
	struct err *err;
};

static int fault(const struct reader *reader, const char *sentence, const char *detail)
{
	return err_policy(reader->err, "controls", "%s:%u: %s: %s", reader->path,
			  reader->line, sentence, detail);
}

static const struct framework *find_framework(const struct reader *reader,
					      const char *key)
{
	for (size_t i = 0; i < reader->framework_count; i++)
		if (strcmp(reader->frameworks[i].key, key) == 0)
			return &reader->frameworks[i];
	return NULL;
}

static const struct control *find_id(const struct reader *reader,
				     const struct framework *framework, const char *id)
{
	for (size_t i = 0; i < reader->id_count; i++)
		if (reader->ids[i].framework == framework &&
		    strcmp(reader->ids[i].id, id) == 0)
			return &reader->ids[i];
	return NULL;
}

static int add_framework(struct reader *reader, char *const *fields)
{
	if (find_framework(reader, fields[0]))
		return fault(reader, "given twice", fields[0]);
	reader->frameworks[reader->framework_count++] = (struct framework){
		.key = fields[0],
		.name = fields[1],
		.version = fields[2],
	};
	return 0;
}

static int add_id(struct reader *reader, char *const *fields)
{
	const struct framework *framework = find_framework(reader, fields[0]);

	if (!framework)
		return fault(reader, "unknown framework", fields[0]);
	if (find_id(reader, framework, fields[1]))
		return fault(reader, "given twice", fields[1]);
	reader->ids[reader->id_count++] = (struct control){
		.framework = framework,
		.id = fields[1],
		.title = fields[2],
		.baseline = fields[3],
	};
	return 0;
}

static int add_link(struct reader *reader, char *const *fields)
{
	const struct requirement *requirement = requirement_find(fields[0]);
	const struct framework *framework = find_framework(reader, fields[1]);
	const struct control *control =
		framework ? find_id(reader, framework, fields[2]) : NULL;
	unsigned int relation = 0;

	if (!requirement)
		return fault(reader, "unknown requirement", fields[0]);
	if (!framework)
		return fault(reader, "unknown framework", fields[1]);
	if (!control)
		return fault(reader, "not in ids.tsv", fields[2]);
	while (relation < RELATION_COUNT &&
	       strcmp(relation_names[relation], fields[3]) != 0)
		relation++;
	if (relation == RELATION_COUNT)
		return fault(reader, "not one of tests, supports, partial, judged",
			     fields[3]);
	for (size_t i = 0; i < reader->link_count; i++)
		if (reader->links[i].requirement == requirement &&
		    reader->links[i].control == control)
			return fault(reader, "given twice", fields[2]);
	reader->links[reader->link_count++] = (struct control_link){
		.requirement = requirement,
		.control = control,
		.relation = (enum relation)relation,
	};
	return 0;
}

static int read_row(struct reader *reader, char *line,
		    int (*add)(struct reader *reader, char *const *fields))
{
	char *fields[FIELDS + 1] = { NULL };
	size_t count = 0;

	if (!line[0] || line[0] == '#')
		return 0;
	while (line && count <= FIELDS)
		fields[count++] = strsep(&line, "\t");
	if (count != FIELDS)
		return fault(reader, "not four fields, separated by tabs", fields[0]);
	for (size_t i = 0; i < FIELDS; i++)
		if (!fields[i][0])
			return fault(reader, "an empty field", fields[0]);
	return add(reader, fields);
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* The text of one table, the arena's; NULL with the error filled. */
static char *read_table(struct reader *reader, const char *directory, const char *name)
{
	owned_str struct str text = { 0 };

	reader->path = arena_printf(reader->arena, "%s/%s", directory, name);
	reader->line = 0;
	if (fd_read_file(reader->path, TABLE_MAX_BYTES, &text, reader->err) < 0)
		return NULL;
	return arena_strndup(reader->arena, str_text(&text), text.length);
}

static int read_rows(struct reader *reader, char *text,
		     int (*add)(struct reader *reader, char *const *fields))
{
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		reader->line++;
		if (read_row(reader, line, add) < 0)
			return -1;
	}
	return 0;
}

int controls_load(const char *directory, struct arena *arena, struct controls *controls,
		  struct err *err)
{
	struct reader reader = { .arena = arena, .err = err };
	char *text = read_table(&reader, directory, "frameworks.tsv");

	if (!text)
		return -1;
	reader.frameworks =
		arena_array(arena, count_lines(text), sizeof(struct framework));
	if (read_rows(&reader, text, add_framework) < 0)
		return -1;
	text = read_table(&reader, directory, "ids.tsv");
	if (!text)
		return -1;
	reader.ids = arena_array(arena, count_lines(text), sizeof(struct control));
	if (read_rows(&reader, text, add_id) < 0)
		return -1;
	text = read_table(&reader, directory, "requirements.tsv");
	if (!text)
		return -1;
	reader.links = arena_array(arena, count_lines(text), sizeof(struct control_link));
	if (read_rows(&reader, text, add_link) < 0)
		return -1;
	*controls = (struct controls){
		.frameworks = reader.frameworks,
		.framework_count = reader.framework_count,
		.ids = reader.ids,
		.id_count = reader.id_count,
		.links = reader.links,
		.link_count = reader.link_count,
	};
	return 0;
}
