/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain - see explain.h. One row a field and, for words, one a value; what has no row
 * is shown as it is, so that nothing of a policy stays unsaid.
 */
#include "runner/explain.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

enum shape {
	SHAPE_WORD,  /* the sentence belongs to one value */
	SHAPE_COUNT, /* %s is a number */
	SHAPE_BYTES, /* %s is a size */
	SHAPE_LIST,  /* %s is the list */
	SHAPE_UNSET, /* the sentence of a field that is not there */
};

static const struct sentence {
	const char *section, *key;
	enum shape shape;
	const char *value; /* of SHAPE_WORD */
	const char *text;
} sentences[] = {
	{ "", "enabled", SHAPE_WORD, "true", "runs are confined" },
	{ "", "enabled", SHAPE_WORD, "false",
	  "NOTHING is confined: a script runs as its caller, in the caller's view" },
	{ "", "onUnavailable", SHAPE_WORD, "fail",
	  "where a layer is missing, the run is refused and every missing layer named" },
	{ "", "onUnavailable", SHAPE_WORD, "degrade",
	  "where a layer is missing, the script runs without it, and the receipt says "
	  "so" },
	{ "resources", "cpuSeconds", SHAPE_COUNT, NULL,
	  "each process is killed after %s seconds of processor time" },
	{ "resources", "cpuSeconds", SHAPE_UNSET, NULL,
	  "the processor time of a process has no limit" },
	{ "resources", "treeCpuSeconds", SHAPE_COUNT, NULL,
	  "all processes together are killed after %s seconds of processor time" },
	{ "resources", "treeCpuSeconds", SHAPE_UNSET, NULL,
	  "the processor time of the whole tree has no limit of its own" },
	{ "resources", "memoryBytes", SHAPE_BYTES, NULL, "memory ends at %s" },
	{ "resources", "memoryBytes", SHAPE_UNSET, NULL, "memory has no limit" },
	{ "resources", "maxOpenFiles", SHAPE_COUNT, NULL,
	  "each process has at most %s open files" },
	{ "resources", "maxOpenFiles", SHAPE_UNSET, NULL,
	  "open files: the caller's limit" },
	{ "resources", "maxProcesses", SHAPE_COUNT, NULL,
	  "there are at most %s tasks at the same time; a further fork fails" },
	{ "resources", "maxProcesses", SHAPE_UNSET, NULL,
	  "the number of tasks has no limit" },
	{ "resources", "maxOutputBytes", SHAPE_BYTES, NULL,
	  "standard output and error together end at %s" },
	{ "resources", "maxOutputBytes", SHAPE_UNSET, NULL, "output has no limit" },
	{ "resources", "maxResultBytes", SHAPE_BYTES, NULL,
	  "a result that a runtime returns ends at %s" },
	{ "resources", "outputKeep", SHAPE_WORD, "head",
	  "of more output the start is kept, and the tree is killed" },
	{ "resources", "outputKeep", SHAPE_UNSET, NULL,
	  "of more output the start is kept, and the tree is killed" },
	{ "resources", "outputKeep", SHAPE_WORD, "tail",
	  "of more output the end is kept, and the run goes on" },
	{ "resources", "outputKeep", SHAPE_WORD, "both",
	  "of more output the start and the end are kept, and the run goes on" },
	{ "resources", "maxFileSizeBytes", SHAPE_BYTES, NULL, "a file ends at %s" },
	{ "resources", "maxFileSizeBytes", SHAPE_UNSET, NULL, "a file has no limit" },
	{ "resources", "diskBytes", SHAPE_BYTES, NULL,
	  "all writable places together hold %s" },
	{ "filesystem", "mode", SHAPE_WORD, "off",
	  "the script sees the host's files, with the rights of its identity" },
	{ "filesystem", "mode", SHAPE_WORD, "scratch-only",
	  "the script sees /usr, /bin, /sbin, /lib, /lib64 and /etc read-only, and "
	  "writes to "
	  "its scratch directory alone" },
	{ "filesystem", "mode", SHAPE_WORD, "scratch-plus-ro",
	  "as scratch-only, with the read-only directories that a runtime or readOnly "
	  "adds" },
	{ "filesystem", "scratchBytes", SHAPE_BYTES, NULL,
	  "the scratch directory and every other writable place hold %s" },
	{ "filesystem", "readOnly", SHAPE_LIST, NULL, "also shown, read-only: %s" },
	{ "filesystem", "hide", SHAPE_LIST, NULL, "covered: %s" },
	{ "network", "mode", SHAPE_WORD, "unrestricted",
	  "the script may reach what the host reaches" },
	{ "network", "mode", SHAPE_WORD, "deny",
	  "nothing can be reached but the sandbox's own loopback" },
	{ "network", "mode", SHAPE_WORD, "allowlist",
	  "only what allow lists can be reached; an empty list means nothing" },
	{ "network", "allow", SHAPE_LIST, NULL, "allowed: %s" },
	{ "network", "names", SHAPE_LIST, NULL,
	  "resolved before the run, and shown in its hosts file: %s" },
	{ "network", "denyLinkLocalAndMetadata", SHAPE_WORD, "true",
	  "link-local addresses and the clouds' metadata services stay closed" },
	{ "network", "denyLinkLocalAndMetadata", SHAPE_WORD, "false",
	  "metadata services are not closed in particular" },
	{ "network", "allowOverridesBlock", SHAPE_WORD, "true",
	  "what allow names is reached, also where it is one of those" },
	{ "privilege", "mode", SHAPE_WORD, "inherit",
	  "the script keeps the caller's identity; a root caller's script would be "
	  "root" },
	{ "privilege", "mode", SHAPE_WORD, "drop-to-uid",
	  "the script of a root caller gets an identity without rights; any other "
	  "caller's "
	  "keeps its own" },
	{ "privilege", "uid", SHAPE_COUNT, NULL, "that of uid %s" },
	{ "privilege", "uid", SHAPE_UNSET, NULL,
	  "one that nobody else uses during the run" },
	{ "privilege", "gid", SHAPE_COUNT, NULL, "with gid %s" },
	{ "syscalls", "mode", SHAPE_WORD, "auto",
	  "the default filter where this host can have one, a note where it cannot" },
	{ "syscalls", "mode", SHAPE_WORD, "off", "no call is filtered" },
	{ "syscalls", "mode", SHAPE_WORD, "default",
	  "calls that scripts never need are refused" },
	{ "syscalls", "mode", SHAPE_WORD, "strict",
	  "calls that few scripts need are refused too" },
	{ "syscalls", "allow", SHAPE_LIST, NULL, "but not these: %s" },
	{ "syscalls", "refuse", SHAPE_LIST, NULL, "and these: %s" },
};

/* Layers of the plan that a section of the policy is about. */
static const struct {
	const char *section;
	enum layer_id layers[2];
	size_t count;
} homes[] = {
	{ "resources", { LAYER_RESOURCES, LAYER_OUTPUT }, 2 },
	{ "filesystem", { LAYER_FILESYSTEM, LAYER_SCRATCH }, 2 },
	{ "network", { LAYER_NETWORK }, 1 },
	{ "privilege", { LAYER_PRIVILEGE }, 1 },
	{ "syscalls", { LAYER_SYSCALLS }, 1 },
	{ "ipc", { LAYER_IPC }, 1 },
	{ "lifecycle", { LAYER_LIFECYCLE }, 1 },
	{ "environment", { LAYER_ENVIRONMENT }, 1 },
};

/* 536870912 is "512 MiB", 1000000 stays "1000000 bytes". */
static void add_bytes(struct str *text, double bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	unsigned long long number = (unsigned long long)bytes;
	size_t unit = 0;

	while (number && number % 1024 == 0 && unit + 1 < ARRAY_SIZE(units)) {
		number /= 1024;
		unit++;
	}
	str_addf(text, "%llu %s", number, units[unit]);
}

static void add_value(struct str *text, const struct json *value, enum shape shape)
{
	owned_mem char *printed = NULL;
	struct json *item;

	if (shape == SHAPE_BYTES && json_is(value, JSON_NUMBER)) {
		add_bytes(text, value->number);
		return;
	}
	if (json_text(value)) {
		str_add_visible(text, value->text, strlen(value->text), 4096);
		return;
	}
	if (shape == SHAPE_LIST && json_is(value, JSON_ARRAY)) {
		json_each(item, value) {
			str_add(text, item == json_first(value) ? "" : ", ");
			add_value(text, item, SHAPE_WORD);
		}
		if (!json_count(value))
			str_add(text, "nothing");
		return;
	}
	printed = json_print(value, false);
	str_add(text, printed);
}

/* The words that a layer of ours has in every section. */
static const char *meaning_of(const char *word)
{
	static const struct {
		const char *word, *text;
	} meanings[] = {
		{ "auto", ": where this host has it; a note where it has not" },
		{ "on",
		  ": asked for by name; without it the run is refused, or degraded" },
		{ "off", ": left out, and nothing is promised for it" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (str_equal(word, meanings[i].word))
			return meanings[i].text;
	return "";
}

static const struct sentence *find_sentence(const char *section, const char *key,
					    const struct json *value, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		const struct sentence *row = &sentences[i];

		if (strcmp(row->section, section) != 0 || strcmp(row->key, key) != 0 ||
		    (row->shape == SHAPE_UNSET) != !value)
			continue;
		if (row->shape != SHAPE_WORD || str_equal(row->value, word))
			return row;
	}
	return NULL;
}

/* The sentence with the value in the place of its %s. */
static void print_field(const char *section, const struct json *field, FILE *to)
{
	owned_str struct str value = { 0 };
	const struct sentence *row;
	const char *gap;

	add_value(&value, field, SHAPE_WORD);
	row = find_sentence(section, field->key, field, str_text(&value));
	fprintf(to, "  %-26s ", field->key);
	if (!row || row->shape == SHAPE_WORD) {
		fprintf(to, "%s%s%s\n", str_text(&value), row ? ": " : "",
			row ? row->text : meaning_of(str_text(&value)));
		return;
	}
	str_clear(&value);
	add_value(&value, field, row->shape);
	gap = strstr(row->text, "%s");
	fprintf(to, "%.*s%s%s\n", (int)(gap - row->text), row->text, str_text(&value),
		gap + 2);
}

static void print_unset(const char *section, const struct json *object, FILE *to)
{
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		const struct sentence *row = &sentences[i];

		if (row->shape == SHAPE_UNSET && !strcmp(row->section, section) &&
		    !json_member(object, row->key))
			fprintf(to, "  %-26s %s\n", row->key, row->text);
	}
}

static void print_layer(const struct plan *plan, enum layer_id layer, FILE *to)
{
	fprintf(to, "  here: %s: %s%s\n", layer_names[layer],
		plan->enforced[layer] ? "enforced by " : "not enforced: ",
		plan->mechanism[layer] ? plan->mechanism[layer] : "nothing");
	for (size_t i = 0; i < plan->downgrade_count; i++)
		if (plan->downgrades[i].layer == layer)
			fprintf(to, "    missing: %s\n", plan->downgrades[i].text);
	for (size_t i = 0; i < plan->note_count; i++)
		if (plan->notes[i].layer == layer)
			fprintf(to, "    note: %s\n", plan->notes[i].text);
}

static void print_section(const char *section, const struct json *object,
			  const struct plan *plan, FILE *to)
{
	struct json *field;

	fprintf(to, "%s\n", section);
	json_each(field, object) {
		print_field(section, field, to);
	}
	print_unset(section, object, to);
	for (size_t i = 0; plan && i < ARRAY_SIZE(homes); i++)
		for (size_t j = 0;
		     !strcmp(homes[i].section, section) && j < homes[i].count; j++)
			print_layer(plan, homes[i].layers[j], to);
}

void explain_policy(const struct policy *policy, const struct plan *plan, FILE *to)
{
	owned_json struct json *tree = policy_to_json(policy);
	struct json *member;

	fputs("policy\n", to);
	json_each(member, tree) {
		if (!json_is(member, JSON_OBJECT))
			print_field("", member, to);
	}
	for (size_t i = 0; i < ARRAY_SIZE(homes); i++)
		print_section(homes[i].section, json_member(tree, homes[i].section), plan,
			      to);
}
