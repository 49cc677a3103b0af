/* SPDX-License-Identifier: Apache-2.0 */
/* receipts - see receipts.h. One receipt is read, held against its host's rows and forgotten. */
#include "reports/receipts.h"
#include "reports/digest.h"
#include "reports/fields.h"
#include "reports/gather.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <stdlib.h>
#include <string.h>

#define RECEIPT_SCHEMA "confine-receipt/1"
#define WHY_BYTES      160 /* of a foreign text in a reason */
#define DIGEST_SHOWN   12
#define GROUPS_MAX     10000

const char *const receipts_state_words[RECEIPTS_STATES] = {
	[RECEIPTS_PASSED] = "passed",          [RECEIPTS_FAILED] = "failed",
	[RECEIPTS_DIFFERS] = "differs",        [RECEIPTS_NOT_TESTED] = "not tested",
	[RECEIPTS_REFUSED] = "refused to run",
};

/* --- one receipt --- */

struct receipt {
	const char *version, *source, *profile, *file, *outcome;
	const struct json *mechanisms, *promises, *requested;
};

static const char *const source_words[] = { "shipped", "host",        "option",
					    "profile", "fail-closed", NULL };

static const struct field receipt_fields[] = {
	{ "version", FIELD_NAME, offsetof(struct receipt, version),
	  .need = FIELD_REQUIRED },
	{ "outcome", FIELD_NAME, offsetof(struct receipt, outcome),
	  .need = FIELD_REQUIRED },
};
static const struct field policy_fields[] = {
	{ "source", FIELD_NAME, offsetof(struct receipt, source),
	  .need = FIELD_REQUIRED },
	{ "profile", FIELD_NAME, offsetof(struct receipt, profile),
	  .need = FIELD_REQUIRED },
	{ "file", FIELD_TEXT, offsetof(struct receipt, file), .need = FIELD_OPTIONAL },
};

static int check_source(const struct receipt *receipt, const struct json_at *at,
			struct err *err)
{
	struct json_at place = json_at_member(at, "source");

	for (size_t i = 0; source_words[i]; i++)
		if (strcmp(source_words[i], receipt->source) == 0)
			return 0;
	return json_fault(&place, err,
			  "must be shipped, host, option, profile or fail-closed");
}

static int read_receipt(const struct json *document, const char *path,
			struct receipt *ret, struct err *err)
{
	const struct json_at root = json_at_root(path);
	struct json *policy = NULL, *mechanisms = NULL, *promises = NULL,
		    *requested = NULL;
	struct json_at place, policy_at;
	const char *schema = "";

	if (json_get_string(document, &root, "schema", &schema, err) < 0)
		return -1;
	place = json_at_member(&root, "schema");
	if (!str_equal(schema, RECEIPT_SCHEMA))
		return json_fault(&place, err, "must be \"" RECEIPT_SCHEMA "\"");
	if (fields_read(document, &root, receipt_fields, ARRAY_SIZE(receipt_fields), ret,
			err) < 0 ||
	    fields_object(document, &root, "policy", &policy, &policy_at, err) < 0 ||
	    fields_read(policy, &policy_at, policy_fields, ARRAY_SIZE(policy_fields), ret,
			err) < 0 ||
	    check_source(ret, &policy_at, err) < 0 ||
	    fields_object(document, &root, "mechanism", &mechanisms, &place, err) < 0 ||
	    fields_object(document, &root, "promises", &promises, &place, err) < 0 ||
	    fields_object(document, &root, "requested", &requested, &place, err) < 0)
		return -1;
	ret->mechanisms = mechanisms;
	ret->promises = promises;
	ret->requested = requested;
	return 0;
}

/* As the suite names the policy that it ran under. */
static void add_policy(const struct receipt *receipt, struct str *ret)
{
	const char *file = receipt->file ? receipt->file : "";

	if (str_equal(receipt->source, "shipped"))
		str_add(ret, "built-in default");
	else if (str_equal(receipt->source, "host"))
		str_addf(ret, "the host's default, %s", file);
	else if (str_equal(receipt->source, "option"))
		str_add(ret, file);
	else
		str_addf(ret, "%s %s", receipt->source, receipt->profile);
}

/* --- held against a run of the suite --- */

/* The first layer that is done by other means than those that were tested; NULL: none. */
static const char *other_mechanism(const struct fleet *fleet, const struct fleet_row *row,
				   const struct receipt *receipt, enum layer *ret)
{
	for (enum layer i = 0; i < LAYER_COUNT; i++) {
		const char *tested = fleet->words[row->mechanisms[i]];
		const char *real =
			json_text(json_member(receipt->mechanisms, layer_words[i]));

		if (i == LAYER_SCRATCH || i == LAYER_REPORT)
			continue;
		if (strcmp(tested, real ? real : "") == 0)
			continue;
		*ret = i;
		return real ? real : "nothing";
	}
	return NULL;
}

/* "FS-01 FS-02 …": what the level rests on; all of them have to be promised. */
static void first_unpromised(const char *ids, const struct json *promises,
			     struct str *ret)
{
	while (*(ids += strspn(ids, " "))) {
		size_t length = strcspn(ids, " ");
		owned_str struct str id = { 0 };
		const char *promise;

		str_add_bytes(&id, ids, length);
		promise = json_text(json_member(promises, id.text));
		if (!promise || strcmp(promise, "enforced") != 0) {
			str_add(ret, id.text);
			return;
		}
		ids += length;
	}
}

/* Why the row says nothing about this run; "" when it does. */
static void add_difference(const struct fleet *fleet, const struct fleet_row *row,
			   const struct receipt *receipt, const char *policy,
			   struct str *ret)
{
	owned_str struct str id = { 0 };
	enum layer layer = 0;
	const char *other;

	if (!str_equal(fleet->words[row->target_version], receipt->version)) {
		str_addf(ret, "version %s was tested", fleet->words[row->target_version]);
		return;
	}
	if (strcmp(fleet->words[row->policy], policy) != 0) {
		str_addf(ret, "policy %s was tested", fleet->words[row->policy]);
		return;
	}
	other = other_mechanism(fleet, row, receipt, &layer);
	if (other) {
		str_addf(ret, "%s is done by ", layer_words[layer]);
		str_add_visible(ret, other, strlen(other), WHY_BYTES);
		return;
	}
	first_unpromised(fleet->words[row->promised], receipt->promises, &id);
	if (id.length)
		str_addf(ret, "does not promise %s", id.text);
}

/* --- the rows of a host --- */

struct count {
	struct receipts *receipts;
	const struct fleet *fleet;
	const struct fleet_row **by_host; /* those with receipts, sorted */
	size_t row_count;
	size_t prefix;    /* bytes of the directory and its '/' */
	const char *host; /* whose folder is being read */
};

static int compare_hosts(const void *a, const void *b)
{
	const struct fleet_row *const *left = a, *const *right = b;
	int order = strcmp((*left)->hostname, (*right)->hostname);

	return order ? order : strcmp((*left)->target, (*right)->target);
}

static void sort_rows(struct count *count)
{
	const struct fleet *fleet = count->fleet;

	count->by_host = arena_array(&count->receipts->arena, fleet->count + 1,
				     sizeof(*count->by_host));
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->rows[i].by_receipt)
			count->by_host[count->row_count++] = &fleet->rows[i];
	if (count->row_count)
		qsort(count->by_host, count->row_count, sizeof(*count->by_host),
		      compare_hosts);
}

/* The first row of the host, or the number of rows. */
static size_t first_of(const struct count *count, const char *host)
{
	size_t low = 0, high = count->row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(count->by_host[middle]->hostname, host) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum receipts_state judge(const struct count *count, const struct receipt *receipt,
				 const char *policy, struct str *why)
{
	bool found = false;

	if (str_equal(receipt->outcome, "refused"))
		return RECEIPTS_REFUSED;
	for (size_t i = first_of(count, count->host);
	     i < count->row_count &&
	     strcmp(count->by_host[i]->hostname, count->host) == 0;
	     i++) {
		found = true;
		str_clear(why);
		add_difference(count->fleet, count->by_host[i], receipt, policy, why);
		if (!why->length)
			return fleet_row_met(count->by_host[i]) ? RECEIPTS_PASSED
								: RECEIPTS_FAILED;
	}
	return found ? RECEIPTS_DIFFERS : RECEIPTS_NOT_TESTED;
}

/* --- groups --- */

/* In the order in which they are shown; by count only where the rest is equal. */
static int compare_keys(const struct receipts_group *a, const struct receipts_group *b)
{
	int order = (int)a->state - (int)b->state;

	order = order ? order : strcmp(a->version, b->version);
	order = order ? order : strcmp(a->policy, b->policy);
	order = order ? order : strcmp(a->policy_digest, b->policy_digest);
	return order ? order : strcmp(a->why, b->why);
}

static int compare_groups(const void *a, const void *b)
{
	const struct receipts_group *left = a, *right = b;

	if (left->state != right->state)
		return (int)left->state - (int)right->state;
	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return compare_keys(left, right);
}

static struct receipts_group *find_group(struct receipts *receipts,
					 const struct receipts_group *like)
{
	struct receipts_group *group;

	for (size_t i = 0; i < receipts->count; i++)
		if (compare_keys(&receipts->groups[i], like) == 0)
			return &receipts->groups[i];
	receipts->groups = arena_grow(&receipts->arena, receipts->groups, receipts->count,
				      &receipts->capacity, sizeof(*receipts->groups));
	group = &receipts->groups[receipts->count++];
	*group = *like;
	group->version = arena_strdup(&receipts->arena, like->version);
	group->policy = arena_strdup(&receipts->arena, like->policy);
	group->policy_digest = arena_strdup(&receipts->arena, like->policy_digest);
	group->why = arena_strdup(&receipts->arena, like->why);
	return group;
}

static int take(struct count *count, const char *path, const struct json *document,
		struct err *err)
{
	owned_str struct str why = { 0 }, policy = { 0 };
	owned_mem char *printed = NULL;
	struct receipt receipt = { 0 };
	struct receipts_group like = { 0 }, *group;
	char digest[DIGEST_HEX];

	if (read_receipt(document, path, &receipt, err) < 0)
		return -1;
	printed = json_print(receipt.requested, false);
	digest_sha256(printed, strlen(printed), digest);
	digest[DIGEST_SHOWN] = '\0';
	add_policy(&receipt, &policy);
	like = (struct receipts_group){ .version = receipt.version,
					.policy = str_text(&policy),
					.policy_digest = digest };
	like.state = judge(count, &receipt, like.policy, &why);
	like.why = like.state == RECEIPTS_DIFFERS ? str_text(&why) : "";
	group = find_group(count->receipts, &like);
	if (count->receipts->count > GROUPS_MAX)
		return err_policy(err, "report",
				  "%s: the receipts differ in more than %d ways", path,
				  GROUPS_MAX);
	group->count++;
	/* The pointer tells: a host's folder is read in one go. */
	group->hosts += group->last_host != count->host;
	group->last_host = count->host;
	count->receipts->states[like.state]++;
	count->receipts->ran += like.state != RECEIPTS_REFUSED;
	return 0;
}

static int visit(void *data, const char *path, const char *name, struct err *err)
{
	owned_json struct json *document = NULL;
	struct count *count = data;
	const char *host = path + count->prefix;
	size_t length = strcspn(host, "/");

	if (strcmp(name, "receipt.json") != 0 && !str_has_suffix(name, ".receipt.json"))
		return 0;
	if (!host[length])
		return err_policy(err, "report",
				  "%s: must lie in a folder with its host's name", path);
	if (!count->host || strlen(count->host) != length ||
	    strncmp(count->host, host, length) != 0)
		count->host = arena_strndup(&count->receipts->arena, host, length);
	if (json_read_file(path, &json_small, &document, err) < 0)
		return -1;
	return take(count, path, document, err);
}

int receipts_add_text(struct receipts *receipts, const struct fleet *fleet,
		      const char *host, const char *what, const char *text, size_t length,
		      struct err *err)
{
	struct count count = { .receipts = receipts, .fleet = fleet, .host = host };
	owned_json struct json *document = NULL;

	sort_rows(&count);
	if (json_parse(what, text, length, &json_small, &document, err) < 0)
		return -1;
	return take(&count, what, document, err);
}

int receipts_read(const char *directory, const struct fleet *fleet,
		  struct receipts *receipts, struct err *err)
{
	struct count count = { .receipts = receipts,
			       .fleet = fleet,
			       .prefix = strlen(directory) + 1 };

	sort_rows(&count);
	if (gather_walk(directory, visit, &count, err) < 0)
		return -1;
	if (!receipts->count)
		return err_policy(err, "report",
				  "%s: has no HOST/…/receipt.json or *.receipt.json",
				  directory);
	qsort(receipts->groups, receipts->count, sizeof(*receipts->groups),
	      compare_groups);
	return 0;
}

void receipts_done(struct receipts *receipts)
{
	arena_done(&receipts->arena);
	memset(receipts, 0, sizeof(*receipts));
}
