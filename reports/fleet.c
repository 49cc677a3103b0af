/* SPDX-License-Identifier: Apache-2.0 */
/* fleet - see fleet.h. */
#include "reports/fleet.h"
#include "runner/base/fd.h"
#include "runner/base/str.h"
#include <stdlib.h>
#include <string.h>

#define EXPECT_BYTES (16U << 20)

const char *const fleet_condition_names[FLEET_CONDITIONS] = {
	[FLEET_TOOL] = "suite",
	[FLEET_TARGET] = "sandbox",
	[FLEET_TARGET_VERSION] = "version",
	[FLEET_POLICY] = "policy",
	[FLEET_KERNEL] = "kernel",
};

/* FNV-1a: the words are many only where somebody wants them to be. */
static size_t hash_of(const char *word)
{
	uint64_t hash = 14695981039346656037ULL;

	for (; *word; word++)
		hash = (hash ^ (unsigned char)*word) * 1099511628211ULL;
	return (size_t)(hash ^ hash >> 32);
}

/* Where the word is, or would be. */
static unsigned int *find_slot(const struct fleet *fleet, const char *word)
{
	size_t at = hash_of(word) & (fleet->slot_count - 1);

	while (fleet->slots[at] && strcmp(fleet->words[fleet->slots[at] - 1], word) != 0)
		at = (at + 1) & (fleet->slot_count - 1);
	return &fleet->slots[at];
}

/* Twice as many, so that at most half are in use. */
static void grow_slots(struct fleet *fleet)
{
	fleet->slot_count = fleet->slot_count ? fleet->slot_count * 2 : 128;
	fleet->slots =
		arena_array(&fleet->arena, fleet->slot_count, sizeof(*fleet->slots));
	for (size_t i = 0; i < fleet->word_count; i++)
		*find_slot(fleet, fleet->words[i]) = (unsigned int)i + 1;
}

static unsigned int intern(struct fleet *fleet, const char *word)
{
	unsigned int *slot;

	if (fleet->word_count * 2 >= fleet->slot_count)
		grow_slots(fleet);
	slot = find_slot(fleet, word);
	if (*slot)
		return *slot - 1;
	fleet->words = arena_grow(&fleet->arena, fleet->words, fleet->word_count,
				  &fleet->word_capacity, sizeof(*fleet->words));
	fleet->words[fleet->word_count++] = arena_strdup(&fleet->arena, word);
	*slot = (unsigned int)fleet->word_count;
	return *slot - 1;
}

/* --- who is expected --- */

static int compare_expected(const void *a, const void *b)
{
	const struct fleet_expected *left = a, *right = b;

	return strcmp(left->hostname, right->hostname);
}

static struct fleet_expected *find_expected(const struct fleet *fleet, const char *name)
{
	const struct fleet_expected key = { .hostname = name };

	if (!fleet->expected_count)
		return NULL;
	return bsearch(&key, fleet->expected, fleet->expected_count, sizeof(key),
		       compare_expected);
}

int fleet_expect_text(struct fleet *fleet, const char *path, struct str *text,
		      struct err *err)
{
	size_t capacity = 0;
	char *line, *rest;

	fleet->has_expected = true;
	rest = text->text;
	while (rest && (line = strsep(&rest, "\n")) != NULL) {
		line[strcspn(line, "#\r")] = '\0';
		line += strspn(line, " \t");
		line[strcspn(line, " \t")] = '\0';
		if (!line[0])
			continue;
		fleet->expected =
			arena_grow(&fleet->arena, fleet->expected, fleet->expected_count,
				   &capacity, sizeof(*fleet->expected));
		fleet->expected[fleet->expected_count++].hostname =
			arena_strdup(&fleet->arena, line);
	}
	if (!fleet->expected_count)
		return err_policy(err, "report", "%s: names no host", path);
	qsort(fleet->expected, fleet->expected_count, sizeof(*fleet->expected),
	      compare_expected);
	for (size_t i = 1; i < fleet->expected_count; i++)
		if (compare_expected(&fleet->expected[i - 1], &fleet->expected[i]) == 0)
			return err_policy(err, "report", "%s: names %.200s twice", path,
					  fleet->expected[i].hostname);
	return 0;
}

int fleet_expect(struct fleet *fleet, const char *path, struct err *err)
{
	owned_str struct str text = { 0 };

	if (fd_read_file(path, EXPECT_BYTES, &text, err) < 0)
		return -1;
	return fleet_expect_text(fleet, path, &text, err);
}

/* --- a run --- */

static void fill_layers(struct fleet_row *row, const struct outcome *outcome)
{
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		const struct outcome_layer *layer = &outcome->layers[i];
		enum verdict worst = VERDICT_NONE;
		size_t sum = 0;

		for (enum verdict k = VERDICT_COUNT; k-- > 0;) {
			sum += layer->counts[k];
			if (layer->counts[k])
				worst = k;
		}
		/* Something required without a verdict is no better than untestable. */
		if (sum < layer->required)
			worst = verdict_worse(worst, VERDICT_UNTESTABLE);
		row->worst[i] = (unsigned char)worst;
		row->breached += layer->counts[VERDICT_BREACHED];
	}
}

/* What a real run has to have in common with this one. */
static void fill_conditions(struct fleet *fleet, struct fleet_row *row,
			    const struct results *results)
{
	owned_str struct str promised = { 0 };

	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		const char *mechanism = results->layers[i].mechanism;

		row->mechanisms[i] = intern(fleet, mechanism ? mechanism : "");
	}
	for (size_t i = 0; i < results->requirement_count; i++) {
		const struct results_requirement *id = &results->requirements[i];

		if (id->required && id->promised == PROMISE_ENFORCED)
			str_addf(&promised, "%s%s", promised.length ? " " : "", id->id);
	}
	row->promised = intern(fleet, str_text(&promised));
	row->by_receipt = results->target.stated_by == STATED_BY_RECEIPT;
}

/* Seconds since 1970 of "YYYY-MM-DDThh:mm:ssZ". */
static time_t seconds_of(const char *text)
{
	struct tm parts = { 0 };

	return strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) ? timegm(&parts) : 0;
}

int fleet_add(struct fleet *fleet, const char *what, const struct results *results,
	      const struct outcome *outcome, time_t oldest, struct err *err)
{
	const char *when = results->run.ended ? results->run.ended : results->run.started;
	const char *kernel = results_fact(results, "kernel");
	struct fleet_expected *expected = find_expected(fleet, results->hostname);
	struct fleet_row row = {
		.hostname = arena_strdup(&fleet->arena, results->hostname),
		.run_id = arena_strdup(&fleet->arena, results->run.id),
		.tool = intern(fleet, results->tool.version),
		.target_name = intern(fleet, results->target.name),
		.target_version = intern(fleet, results->target.version),
		.policy = intern(fleet, results->policy.source),
		.kernel = intern(fleet, kernel ? kernel : ""),
		.exit = outcome->exit,
		.require = results->run.require,
		.level = outcome->level,
		.required = outcome->required,
		.tested = outcome->tested,
		.waivers = outcome->waivers,
		.expected = !fleet->has_expected || expected != NULL,
	};

	if (oldest && seconds_of(when) < oldest)
		return err_set(err, ERR_UNSUPPORTED, "report",
			       "%s: is stale: the run ended at %s", what, when);
	row.target = fleet->words[row.target_name];
	if (expected)
		expected->reported = true;
	for (size_t i = 0; i < results->probe_count; i++)
		row.false_claim |= results->probes[i].false_claim;
	fill_layers(&row, outcome);
	fill_conditions(fleet, &row, results);
	fleet_add_urgent(fleet, results, outcome, row.hostname);
	fleet->rows = arena_grow(&fleet->arena, fleet->rows, fleet->count,
				 &fleet->capacity, sizeof(*fleet->rows));
	fleet->rows[fleet->count++] = row;
	return 0;
}

/* --- all of them --- */

static int compare_names(const void *a, const void *b)
{
	const struct fleet_row *left = a, *right = b;
	int order = strcmp(left->hostname, right->hostname);

	return order ? order : strcmp(left->target, right->target);
}

static int compare_runs(const void *a, const void *b)
{
	const struct fleet_row *left = a, *right = b;

	return strcmp(left->run_id, right->run_id);
}

static int compare_badness(const void *a, const void *b)
{
	const struct fleet_row *left = a, *right = b;

	if (outcome_rank(left->exit) != outcome_rank(right->exit))
		return outcome_rank(left->exit) - outcome_rank(right->exit);
	if (left->false_claim != right->false_claim)
		return left->false_claim ? -1 : 1;
	if (left->breached != right->breached)
		return left->breached > right->breached ? -1 : 1;
	return compare_names(a, b);
}

int fleet_finish(struct fleet *fleet, struct err *err)
{
	struct fleet_row *rows = fleet->rows;

	if (!fleet->count)
		return 0;
	qsort(rows, fleet->count, sizeof(*rows), compare_runs);
	for (size_t i = 1; i < fleet->count; i++)
		if (compare_runs(&rows[i - 1], &rows[i]) == 0)
			return err_set(err, ERR_UNSUPPORTED, "report",
				       "run %.64s comes twice, as host %.100s and %.100s",
				       rows[i].run_id, rows[i - 1].hostname,
				       rows[i].hostname);
	qsort(rows, fleet->count, sizeof(*rows), compare_names);
	for (size_t i = 1; i < fleet->count; i++)
		if (compare_names(&rows[i - 1], &rows[i]) == 0)
			return err_set(
				err, ERR_UNSUPPORTED, "report",
				"host %.100s reported twice for target %.60s: runs "
				"%.64s and %.64s",
				rows[i].hostname, rows[i].target, rows[i - 1].run_id,
				rows[i].run_id);
	qsort(rows, fleet->count, sizeof(*rows), compare_badness);
	return 0;
}

size_t fleet_missing(const struct fleet *fleet)
{
	size_t count = 0;

	for (size_t i = 0; i < fleet->expected_count; i++)
		count += !fleet->expected[i].reported;
	return count;
}

size_t fleet_unexpected(const struct fleet *fleet)
{
	size_t count = 0;

	for (size_t i = 0; i < fleet->count; i++)
		count += !fleet->rows[i].expected;
	return count;
}

enum outcome_exit fleet_exit(const struct fleet *fleet)
{
	enum outcome_exit worst = fleet->count ? OUTCOME_PASS : OUTCOME_NOTHING_TESTED;

	if (fleet_missing(fleet))
		worst = OUTCOME_INCOMPLETE;
	for (size_t i = 0; i < fleet->count; i++)
		if (outcome_rank(fleet->rows[i].exit) < outcome_rank(worst))
			worst = fleet->rows[i].exit;
	return worst;
}

/* --- what they ran under --- */

static int compare_shares(const void *a, const void *b)
{
	const struct fleet_share *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return strcmp(left->word, right->word);
}

struct fleet_share *fleet_shares(struct fleet *fleet, enum fleet_condition condition,
				 size_t *ret_count)
{
	struct fleet_share *shares =
		arena_array(&fleet->arena, fleet->word_count + 1, sizeof(*shares));
	size_t count = 0;

	for (size_t i = 0; i < fleet->count; i++) {
		const struct fleet_row *row = &fleet->rows[i];
		const unsigned int words[FLEET_CONDITIONS] = {
			[FLEET_TOOL] = row->tool,
			[FLEET_TARGET] = row->target_name,
			[FLEET_TARGET_VERSION] = row->target_version,
			[FLEET_POLICY] = row->policy,
			[FLEET_KERNEL] = row->kernel,
		};

		shares[words[condition]].count++;
	}
	for (size_t i = 0; i < fleet->word_count; i++)
		if (shares[i].count) {
			shares[count].count = shares[i].count;
			shares[count++].word =
				fleet->words[i][0] ? fleet->words[i] : "not stated";
		}
	if (count)
		qsort(shares, count, sizeof(*shares), compare_shares);
	*ret_count = count;
	return shares;
}

void fleet_done(struct fleet *fleet)
{
	arena_done(&fleet->arena);
	memset(fleet, 0, sizeof(*fleet));
}
