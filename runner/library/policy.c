/* SPDX-License-Identifier: Apache-2.0 */
/* policy - confine_policy_…: the reader of `confine run`, in the calling process */
#include "runner/policy.h"
#include "runner/base/own.h"
#include "runner/library/guard.h"
#include "runner/library/policy.h"
#include "runner/policy_fields.h"

/* One call: what lies over what. */
struct overlay {
	enum profile profile;
	const char *base;    /* resolved, or NULL = the profile as it is */
	const char *name;    /* of the document below */
	const char *json;    /* NULL = nothing lies over it */
	size_t length;       /* of json */
	const char *pointer; /* json is the value of this one field; NULL = a document */
	struct confine_policy *made;
};

/* A policy's own text is read over what it was written from. */
static int load(const char *text, struct arena *arena, struct policy *policy,
		struct err *err)
{
	return policy_load(PROFILE_PERMISSIVE, "policy", text, strlen(text), NULL, 0,
			   NULL, NULL, arena, policy, err);
}

static int read_document(const struct overlay *overlay, struct json **ret,
			 struct err *err)
{
	struct json *value = NULL;

	if (json_parse(overlay->name, overlay->json, overlay->length, &json_small, &value,
		       err) < 0)
		return -1;
	if (overlay->pointer)
		return json_set_pointer(ret, overlay->pointer, value, err);
	*ret = value;
	return 0;
}

static int lay_over(const struct overlay *overlay, struct arena *arena,
		    struct policy *policy, struct err *err)
{
	owned_json struct json *document = NULL;

	if (!overlay->json)
		return 0;
	if (read_document(overlay, &document, err) < 0)
		return -1;
	return policy_fields_read(document, overlay->name, arena, policy, err);
}

/* What only the whole can show is found by reading it once more. */
static int resolve(const struct overlay *overlay, struct arena *arena, char **ret,
		   struct err *err)
{
	owned_json struct json *tree = NULL;
	owned_mem char *text = NULL;
	struct policy policy, again;

	if (overlay->base ? load(overlay->base, arena, &policy, err) < 0
			  : policy_load(overlay->profile, NULL, NULL, 0, NULL, 0, NULL,
					NULL, arena, &policy, err) < 0)
		return -1;
	if (lay_over(overlay, arena, &policy, err) < 0)
		return -1;
	tree = policy_to_json(&policy);
	text = json_print(tree, true);
	if (load(text, arena, &again, err) < 0)
		return -1;
	*ret = take_mem(&text);
	return 0;
}

static int make(void *argument, struct err *err)
{
	struct overlay *overlay = argument;
	struct confine_policy *made = calloc(1, sizeof(*made));
	struct arena arena = { NULL };
	int result;

	if (!made)
		arena_out_of_memory();
	result = resolve(overlay, &arena, &made->json, err);
	arena_done(&arena);
	overlay->made = made; /* of a call that failed nothing is left: guard_run() */
	return result;
}

static int make_new(struct overlay *overlay, struct confine_policy **ret,
		    struct confine_error *error)
{
	if (guard_run(make, overlay, error) < 0)
		return -1;
	*ret = overlay->made;
	return 0;
}

static int change(struct overlay *overlay, struct confine_policy *policy,
		  struct confine_error *error)
{
	struct confine_policy *made;
	char *old = policy->json;

	overlay->base = old;
	if (make_new(overlay, &made, error) < 0)
		return -1;
	policy->json = made->json;
	made->json = old;
	confine_policy_free(made);
	return 0;
}

int confine_policy_new(const char *profile, struct confine_policy **ret,
		       struct confine_error *error)
{
	for (unsigned int i = 0; profile && i < PROFILE_COUNT; i++)
		if (str_equal(profile, profile_names[i]))
			return make_new(&(struct overlay){ .profile = i }, ret, error);
	return guard_fault(error, CONFINE_ERROR_POLICY, "policy",
			   "profile %.60s: default, permissive or fail-closed",
			   profile ? profile : "NULL");
}

int confine_policy_copy(const struct confine_policy *policy, struct confine_policy **ret,
			struct confine_error *error)
{
	if (!policy)
		return guard_usage(error, "a policy is wanted, not NULL");
	return make_new(&(struct overlay){ .base = policy->json }, ret, error);
}

void confine_policy_free(struct confine_policy *policy)
{
	if (!policy)
		return;
	free(policy->json);
	free(policy);
}

int confine_policy_merge(struct confine_policy *policy, const char *name,
			 const char *json, size_t length, struct confine_error *error)
{
	struct overlay overlay = { .name = name ? name : "policy",
				   .json = json,
				   .length = length };

	if (!policy || !json)
		return guard_usage(error, "a policy and a document are wanted, not NULL");
	return change(&overlay, policy, error);
}

int confine_policy_set(struct confine_policy *policy, const char *pointer,
		       const char *json, struct confine_error *error)
{
	struct overlay overlay = { .name = "policy", .json = json, .pointer = pointer };

	if (!policy || !pointer || !json)
		return guard_usage(error, "a policy, a pointer and a value are wanted, "
					  "not NULL");
	overlay.length = strlen(json);
	return change(&overlay, policy, error);
}

struct copy {
	const char *from;
	char *made;
};

static int copy_text(void *argument, struct err *err)
{
	struct copy *copy = argument;

	(void)err;
	copy->made = strdup(copy->from);
	if (!copy->made)
		arena_out_of_memory();
	return 0;
}

int confine_policy_json(const struct confine_policy *policy, char **ret,
			struct confine_error *error)
{
	struct copy copy = { .from = policy ? policy->json : NULL };

	if (!policy)
		return guard_usage(error, "a policy is wanted, not NULL");
	if (guard_run(copy_text, &copy, error) < 0)
		return -1;
	*ret = copy.made;
	return 0;
}

void confine_release(char *text)
{
	free(text);
}
