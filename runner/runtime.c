/* SPDX-License-Identifier: Apache-2.0 */
/* runtime - see runtime.h */
#include "runner/runtime.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/result.h"
#include <string.h>

static const struct runtime rows[] = {
	{ "sh", ".sh", false },
	{ "bash", ".sh", false },
	{ "python3", ".py", false },
	{ "node", ".mjs", true },
};

static const struct runtime any = { "", NULL, false };

/* Until the script's own end: what it leaves running may go on, and its status is the run's. A value
 * that JSON does not know (undefined) is null, so that no result at all means that it did not get here.
 * What JSON.stringify refuses is the script's error. The line end before it keeps 1 and 2 from being 12
 * where the script wrote there too. */
static const char starter[] =
	"import { readFileSync, writeSync } from 'node:fs';\n"
	"\n"
	"const { CONFINE_CONTEXT: path, CONFINE_RESULT_FD: fd } = process.env;\n"
	"const context = path ? JSON.parse(readFileSync(path, 'utf8')) : {};\n"
	"const script = process.argv.splice(2, 1)[0];\n"
	"\n"
	"process.argv[1] = script;\n"
	"globalThis.context = context;\n"
	"let value = (await import(script)).default;\n"
	"if (typeof value === 'function')\n"
	"\tvalue = value(context);\n"
	"value = await value;\n"
	"if (fd !== undefined) {\n"
	"\tconst bytes = Buffer.from('\\n' + (JSON.stringify(value) ?? 'null'));\n"
	"\tfor (let at = 0; at < bytes.length;)\n"
	"\t\tat += writeSync(Number(fd), bytes, at);\n"
	"}\n";

const struct runtime *runtime_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_equal(rows[i].name, name))
			return &rows[i];
	return NULL;
}

const struct runtime *runtime_for_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct runtime *found = runtime_find(slash ? slash + 1 : path);

	return found ? found : &any;
}

const char *runtime_names(struct arena *arena)
{
	owned_str struct str text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		str_addf(&text, "%s%s", i ? ", " : "", rows[i].name);
	return arena_strdup(arena, str_text(&text));
}

const char *runtime_starter(void)
{
	return starter;
}

uint64_t runtime_result_limit(const struct policy *policy)
{
	const struct limit *limit = &policy->resources.max_result_bytes;

	return limit->set ? limit->value : RESULT_DEFAULT_BYTES;
}
