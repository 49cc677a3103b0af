/* SPDX-License-Identifier: Apache-2.0 */
/* options - one table of verbs and one of options, for parsing and for --help. */
#include "reports/options.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <string.h>

#define SHOWN_MAX 60
#define ALL       (~0U)
#define OF(verb)  (1U << (verb))
#define BOTH      (OF(VERB_REPORT) | OF(VERB_MERGE))
#define EVIDENCE  (OF(VERB_SIGN) | OF(VERB_VERIFY))

/* The formats are verbs too, of VERB_REPORT; they have a table of their own. */
static const struct verb_row {
	const char *name, *usage, *what;
	size_t min, max; /* operands */
} verbs[VERB_COUNT] = {
	[VERB_REPORT] = { NULL, "FORMAT FILE…", NULL, 1, SIZE_MAX },
	[VERB_MERGE] = { "merge", "FORMAT FILE|DIR…",
			 "the runs of many hosts or targets as one document", 1,
			 SIZE_MAX },
	[VERB_DIFF] = { "diff", "OLD NEW",
			"what became worse, better, new or gone; 1 when anything got "
			"worse",
			2, 2 },
	[VERB_BASELINE] = { "baseline", "FILE",
			    "a run boiled down to what diff compares, to be kept as OLD",
			    1, 1 },
	[VERB_WAIVERS] = { "waivers", "FILE",
			   "what is waived today, until when, why and by whom", 1, 1 },
	[VERB_SIGN] = { "sign", "FILE --key FILE -o DIR",
			"the run, its probes and its policy as a signed bundle in DIR", 1,
			1 },
	[VERB_VERIFY] = { "verify", "[BUNDLE] --key FILE",
			  "is a bundle, or a chain, what was signed, and all of it", 0,
			  1 },
	[VERB_SAMPLE] = { "sample", "FILE|DIR… --seed N --size K",
			  "draws probes of runs for an auditor to look at again", 1,
			  SIZE_MAX },
};

#define AT(member) offsetof(struct options, member)
static const struct option_row {
	char letter; /* 0: none */
	unsigned int verbs;
	const char *name, *value, *what;
	size_t offset; /* of a const char *: the value, or "" where there is none */
} rows[] = {
	{ 'o', ALL, "output", "FILE", "write to FILE, whole or not at all; - is stdout",
	  AT(output) },
	{ 0, BOTH, "dialect", "WORD",
	  "of junit: strict (default) or rich; of oscal: 1.2.1 or 1.0.6", AT(dialect) },
	{ 0, BOTH | OF(VERB_SIGN), "waivers", "FILE",
	  "what is known and accepted for a while", AT(waivers) },
	{ 0, OF(VERB_REPORT), "baseline", "FILE",
	  "what got worse than this is a breach, whatever its level", AT(baseline) },
	{ 0, OF(VERB_MERGE), "expect", "FILE",
	  "hosts that must have reported, one a line; a missing one is an error",
	  AT(expect) },
	{ 0, OF(VERB_MERGE) | OF(VERB_VERIFY), "max-age", "TIME",
	  "refuse a run that ended longer ago, like 24h", AT(max_age) },
	{ 0, EVIDENCE, "key", "FILE",
	  "Ed25519, of OpenSSL or OpenSSH: the private key to sign with, the public one "
	  "to verify with",
	  AT(key) },
	{ 0, EVIDENCE, "chain", "DIR",
	  "the host's chain of envelopes: appended to, or read as a whole", AT(chain) },
	{ 0, OF(VERB_SIGN), "policy", "FILE",
	  "the policy of the run, where the record's path is not it", AT(policy) },
	{ 0, OF(VERB_SIGN), "probes", "DIR", "the run's own probes, as given to check",
	  AT(probes) },
	{ 0, OF(VERB_SIGN) | OF(VERB_MERGE), "receipts", "DIR",
	  "receipts of real runs; sign: their digests go into the bundle; merge: of "
	  "DIR/HOST/*.receipt.json, how many ran under what passed",
	  AT(receipts) },
	{ 0, OF(VERB_VERIFY), "challenge", "NONCE",
	  "the record must answer the nonce that was given to check", AT(challenge) },
	{ 0, OF(VERB_VERIFY), "host", "NAME", "the record must be of this host",
	  AT(host) },
	{ 0, OF(VERB_VERIFY), "head", "N:SHA256",
	  "the chain must hold this entry: a head that was kept off the host", AT(head) },
	{ 0, OF(VERB_VERIFY), "as-of", "DATE",
	  "waivers must hold on this day; default today", AT(as_of) },
	{ 0, OF(VERB_VERIFY), "print-pae", NULL,
	  "write the bytes that were signed, and say nothing about them", AT(print_pae) },
	{ 0, OF(VERB_VERIFY), "print-sig", NULL,
	  "write the signature, as openssl or ssh-keygen takes it", AT(print_sig) },
	{ 0, OF(VERB_SAMPLE), "seed", "N", "the number that decides the draw", AT(seed) },
	{ 0, OF(VERB_SAMPLE), "size", "K", "how many are drawn, 1 to 10000", AT(size) },
	{ 'h', ALL, "help", NULL, "this text", 0 },
	{ 'V', ALL, "version", NULL, "the version", 0 },
};

/* Exit statuses of a report; DESIGN section 5. */
static const struct {
	int status;
	const char *what;
} statuses[] = {
	{ 0, "the required level is met" },
	{ 1, "breached; with a baseline: something got worse" },
	{ 2,
	  "usage, or FILE is not a results file that can be believed; nothing written" },
	{ 3, "degraded or refused at the required level" },
	{ 4, "incomplete: untestable, error, a partial run, or one that was cut short" },
	{ 5, "nothing tested" },
	{ 6,
	  "evidence failure: a run control failed, FILE states another status; verify: a "
	  "signature, a member, a chain, a challenge or an age is not as it has to be" },
	{ 70, "internal error" },
	{ 74, "cannot write the report" },
};

static void help_verbs(FILE *stream)
{
	(void)fputs("usage: confine report FORMAT FILE [OPTION…]\n", stream);
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (verbs[i].name)
			(void)fprintf(stream, "       confine report %s %s\n",
				      verbs[i].name, verbs[i].usage);
	(void)fputs("\nWrites what `confine check --json FILE` found; FILE - is stdin.\n",
		    stream);
}

static void help_options(FILE *stream)
{
	(void)fputs("\noptions:\n", stream);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		owned_str struct str left = { 0 };

		if (rows[i].letter)
			str_addf(&left, "-%c, ", rows[i].letter);
		str_addf(&left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
			 rows[i].value ? rows[i].value : "");
		(void)fprintf(stream, "  %-20s %s\n", left.text, rows[i].what);
	}
}

void options_help(FILE *stream)
{
	help_verbs(stream);
	(void)fputs("\nformats:\n", stream);
	for (const struct format *format = formats; format->name; format++)
		(void)fprintf(stream, "  %-10s %s\n", format->name, format->what);
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (verbs[i].name)
			(void)fprintf(stream, "  %-10s %s\n", verbs[i].name,
				      verbs[i].what);
	help_options(stream);
	(void)fputs("\nexit status, of the run, the same in every format:\n", stream);
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
		(void)fprintf(stream, "  %2d  %s\n", statuses[i].status,
			      statuses[i].what);
}

static int refuse(const char *argument, const char *why, struct err *err)
{
	owned_str struct str shown = { 0 };

	str_add_visible(&shown, argument, strlen(argument), SHOWN_MAX);
	return err_policy(err, "report", "\"%s\" %s", str_text(&shown), why);
}

/* The row of "-o", "-oFILE", "--output" or "--output=FILE"; *value: what is glued to it. */
static const struct option_row *find_row(const char *argument, const char **value)
{
	*value = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t length = strlen(rows[i].name);

		if (rows[i].letter && argument[1] == rows[i].letter) {
			*value = argument[2] ? argument + 2 : NULL;
			return &rows[i];
		}
		if (!str_has_prefix(argument, "--") ||
		    strncmp(argument + 2, rows[i].name, length) != 0)
			continue;
		if (argument[2 + length] == '=')
			*value = argument + 3 + length;
		if (!argument[2 + length] || *value)
			return &rows[i];
	}
	return NULL;
}

static int refuse_option(const char *argument, struct err *err)
{
	owned_str struct str why = { 0 };

	str_add(&why, "is no option; there are");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		str_addf(&why, "%s --%s", i ? "," : "", rows[i].name);
	return refuse(argument, why.text, err);
}

static int take_option(char *const *argv, int *index, struct options *ret,
		       unsigned int *used, struct err *err)
{
	const char *value, *argument = argv[*index];
	const struct option_row *row = find_row(argument, &value);
	const char **slot;

	if (!row)
		return refuse_option(argument, err);
	if (!row->value && value)
		return refuse(argument, "takes no value", err);
	if (row->letter == 'h' || row->letter == 'V') {
		ret->verb = row->letter == 'h' ? VERB_HELP : VERB_VERSION;
		return 0;
	}
	if (row->value && !value)
		value = argv[*index + 1] ? argv[++*index] : "";
	if (row->value && !value[0])
		return refuse(argument, "needs a value", err);
	slot = (const char **)(void *)((char *)ret + row->offset);
	if (*slot)
		return refuse(argument, "comes twice; give one", err);
	*slot = row->value ? value : "";
	*used |= 1U << (row - rows);
	return 0;
}

static int refuse_verb(const char *argument, struct err *err)
{
	owned_str struct str names = { 0 };

	str_add(&names, "is no format; there are");
	for (const struct format *format = formats; format->name; format++)
		str_addf(&names, "%s %s", format == formats ? "" : ",", format->name);
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (verbs[i].name)
			str_addf(&names, ", %s", verbs[i].name);
	return refuse(argument, names.text, err);
}

static int take_operand(const char *argument, bool *has_verb, struct options *ret,
			struct err *err)
{
	bool wants_format = ret->verb == VERB_MERGE && !ret->format;

	if (*has_verb && !wants_format) {
		if (!argument[0])
			return refuse(argument, "is not the name of a file", err);
		ret->inputs[ret->input_count++] = argument;
		return 0;
	}
	*has_verb = true;
	for (enum verb i = 0; i < VERB_COUNT && !wants_format; i++) {
		if (!verbs[i].name || strcmp(verbs[i].name, argument) != 0)
			continue;
		if (ret->verb == VERB_REPORT) /* help was asked for otherwise */
			ret->verb = i;
		return 0;
	}
	ret->format = format_find(argument);
	return ret->format ? 0 : refuse_verb(argument, err);
}

/* What belongs together: the verb, its operands, its options. */
static int check_verb(const struct options *options, bool has_verb, unsigned int used,
		      struct err *err)
{
	const struct verb_row *verb = &verbs[options->verb];

	if (options->verb == VERB_HELP || options->verb == VERB_VERSION)
		return 0;
	if (!has_verb || options->input_count < verb->min)
		return err_policy(
			err, "report", "usage: confine report %s%s%s; see --help",
			verb->name ? verb->name : "", verb->name ? " " : "", verb->usage);
	if (options->input_count > verb->max)
		return refuse(options->inputs[verb->max], "is one argument too many",
			      err);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((used & (1U << i)) && !(rows[i].verbs & OF(options->verb)))
			return refuse(rows[i].name, "is no option of this command", err);
	return 0;
}

int options_parse(int argc, char *const *argv, struct options *ret, struct err *err)
{
	struct options options = { .verb = VERB_REPORT };
	bool only_operands = false, has_verb = false;
	unsigned int used = 0;

	options.inputs =
		arena_array(&ret->arena, (size_t)argc + 1, sizeof(*options.inputs));
	for (int i = 1; i < argc; i++) {
		bool is_option = argv[i][0] == '-' && argv[i][1] && !only_operands;

		if (is_option && strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if ((is_option
				  ? take_option(argv, &i, &options, &used, err)
				  : take_operand(argv[i], &has_verb, &options, err)) < 0)
			return -1;
	}
	if (check_verb(&options, has_verb, used, err) < 0)
		return -1;
	if (!options.output)
		options.output = "-";
	options.arena = ret->arena;
	*ret = options;
	return 0;
}

int options_dialect(const struct options *options, struct format_taste *taste,
		    struct err *err)
{
	static const struct {
		const char *format, *dialect;
		struct format_taste taste;
	} dialects[] = {
		{ "junit", "strict", { .rich = false } },
		{ "junit", "rich", { .rich = true } },
		{ "oscal", "1.2.1", { .oscal = "1.2.1" } },
		{ "oscal", "1.0.6", { .oscal = "1.0.6" } },
	};
	owned_str struct str names = { 0 };

	if (!options->dialect)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (!str_equal(dialects[i].format, options->format->name))
			continue;
		if (str_equal(dialects[i].dialect, options->dialect)) {
			taste->rich = dialects[i].taste.rich;
			taste->oscal = dialects[i].taste.oscal;
			return 0;
		}
		str_addf(&names, "%s %s", names.length ? "," : "is no dialect; there are",
			 dialects[i].dialect);
	}
	return refuse(options->dialect,
		      names.length ? names.text
				   : "is a dialect of a format that has none",
		      err);
}

void options_done(struct options *options)
{
	arena_done(&options->arena);
}
