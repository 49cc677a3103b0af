/* SPDX-License-Identifier: Apache-2.0 */
/* plan - asks every layer in turn, then puts the steps into the order in which they can run */
#include "runner/plan.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/domain.h"
#include "runner/layer.h"
#include <stdarg.h>
#include <string.h>

const char *const scope_words[] = {
	[SCOPE_TREE] = "tree",
	[SCOPE_PROCESS] = "process",
	[SCOPE_PARTIAL] = "partial",
};

struct step *planner_step(struct planner *planner, enum op op)
{
	struct plan *plan = planner->plan;
	struct step *step;

	if (plan->count == planner->capacity) {
		size_t capacity = planner->capacity ? 2 * planner->capacity : 96;
		struct step *larger =
			arena_array(planner->arena, capacity, sizeof(*larger));

		if (plan->count)
			memcpy(larger, plan->steps, plan->count * sizeof(*larger));
		plan->steps = larger;
		planner->capacity = capacity;
	}
	step = &plan->steps[plan->count++];
	*step = (struct step){ .op = op };
	return step;
}

void planner_promise(struct planner *planner, uint64_t requirements, enum promise promise)
{
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		if (requirements >> i & 1 && planner->plan->promises[i] < promise)
			planner->plan->promises[i] = promise;
}

static void add_remark(struct planner *planner, struct plan_remark **list, size_t *count,
		       enum layer_id layer, const char *text)
{
	struct plan_remark *longer =
		arena_array(planner->arena, *count + 1, sizeof(*longer));

	if (*count)
		memcpy(longer, *list, *count * sizeof(*longer));
	longer[*count] = (struct plan_remark){ layer, text };
	*list = longer;
	(*count)++;
}

__attribute__((format(printf, 2, 0))) static const char *
format_remark(struct arena *arena, const char *format, va_list arguments)
{
	owned_str struct str text = { 0 };

	str_vaddf(&text, format, arguments);
	return arena_strdup(arena, str_text(&text));
}

void planner_downgrade(struct planner *planner, enum layer_id layer, const char *format,
		       ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_remark(planner, &planner->plan->downgrades, &planner->plan->downgrade_count,
		   layer, format_remark(planner->arena, format, arguments));
	va_end(arguments);
	planner->plan->enforced[layer] = false;
}

void planner_note(struct planner *planner, enum layer_id layer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_remark(planner, &planner->plan->notes, &planner->plan->note_count, layer,
		   format_remark(planner->arena, format, arguments));
	va_end(arguments);
}

void planner_stays_on(struct planner *planner, enum layer_id layer, enum tri_mode mode)
{
	if (mode == MODE_OFF)
		planner_note(planner, layer,
			     "mode off is not followed: this layer is always on");
}

void planner_limit(struct planner *planner, const char *name, uint64_t value,
		   enum limit_scope scope, const char *mechanism)
{
	struct plan *plan = planner->plan;

	if (plan->limit_count < PLAN_LIMITS)
		plan->limits[plan->limit_count++] =
			(struct plan_limit){ name, value, scope, mechanism };
}

const char *planner_file(struct planner *planner, const char *name, const char *bytes,
			 size_t length, unsigned int mode)
{
	struct plan *plan = planner->plan;
	struct plan_file *file = &plan->files[plan->file_count];
	const char *directory =
		plan->own_root ? RUNTIME_DIRECTORY : planner->request->host_scratch;
	struct step *step;

	*file = (struct plan_file){ arena_printf(planner->arena, "%s/%s", directory,
						 name),
				    bytes, length, mode };
	if (plan->own_root) {
		step = planner_step(planner, OP_SCRIPT);
		step->path = file->path;
		step->slot = plan->file_count;
	}
	plan->file_count++;
	return file->path;
}

bool planner_has(const struct planner *planner, enum capability capability)
{
	return planner->caps->is[capability].here;
}

bool planner_has_namespace(const struct planner *planner, enum capability capability)
{
	if (planner->caps->uid != 0 && !planner_has(planner, CAPABILITY_USER_NAMESPACE))
		return false;
	return planner_has(planner, capability);
}

bool planner_has_root(const struct planner *planner)
{
	return planner->policy->filesystem.mode != FILESYSTEM_OFF &&
	       planner_has_namespace(planner, CAPABILITY_MOUNT_NAMESPACE) &&
	       planner_has(planner, CAPABILITY_PRIVATE_ROOT);
}

bool planner_is_apart(const struct planner *planner)
{
	const struct plan *plan = planner->plan;

	return plan->own_pids || (plan->uid && plan->uid != planner->caps->uid);
}

const char *planner_missing(const struct planner *planner, enum capability capability)
{
	if (planner_has(planner,
			capability)) /* then it is the user namespace that lacks */
		capability = CAPABILITY_USER_NAMESPACE;
	if (!capability_advice[capability])
		return planner->caps->is[capability].why;
	return arena_printf(planner->arena, "%s (%s)", planner->caps->is[capability].why,
			    capability_advice[capability]);
}

/* Layers add steps as they think of them; the enum is the order in which they can run. */
static void order_steps(struct planner *planner)
{
	struct plan *plan = planner->plan;
	struct step *ordered =
		arena_array(planner->arena, plan->count + 1, sizeof(*ordered));
	size_t count = 0;

	for (unsigned int op = 0; op < OP_COUNT; op++)
		for (size_t i = 0; i < plan->count; i++)
			if (plan->steps[i].op == op)
				ordered[count++] = plan->steps[i];
	plan->steps = ordered;
}

int plan_build(const struct policy *policy, const struct capabilities *caps,
	       const struct request *request, struct arena *arena, struct plan *plan,
	       struct err *err)
{
	struct plan made = { .policy = policy, .caps = caps, .request = request };
	struct planner planner = { policy, caps, request, arena, &made, 0 };

	made.uid = caps->uid;
	made.gid = caps->gid;
	for (size_t i = 0; i < layer_table_count; i++)
		if (layers[i].plan(&planner, err) < 0)
			return -1;
	order_steps(&planner);
	*plan = made;
	return 0;
}

bool plan_is_refused(const struct plan *plan)
{
	return plan->policy->enabled &&
	       plan->policy->on_unavailable == ON_UNAVAILABLE_FAIL &&
	       plan->downgrade_count > 0;
}

const char *plan_refusal(const struct plan *plan, struct arena *arena)
{
	owned_str struct str text = { 0 };

	str_add(&text, "sandbox unavailable: ");
	for (size_t i = 0; i < plan->downgrade_count; i++)
		str_addf(&text, "%s%s: %s", i ? "; " : "",
			 layer_names[plan->downgrades[i].layer],
			 plan->downgrades[i].text);
	return arena_strdup(arena, str_text(&text));
}

void plan_withdraw(struct plan *plan, struct arena *arena, const struct step *step,
		   const char *why)
{
	const struct step_row *row = &step_rows[step->op];
	struct planner planner = {
		plan->policy, plan->caps, plan->request, arena, plan, 0
	};

	planner_downgrade(&planner, row->layer,
			  "%s was set up, but what is seen differs: %s", row->name, why);
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		if (row->requirements >> i & 1 && plan->promises[i] != PROMISE_NOTHING)
			plan->promises[i] = PROMISE_DEGRADED;
}

const struct step *plan_find(const struct plan *plan, enum op op)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].op == op)
			return &plan->steps[i];
	return NULL;
}

static void print_step(const struct step *step, size_t number, FILE *to)
{
	const struct step_row *row = &step_rows[step->op];

	fprintf(to, "%3zu  %-10s  %-27s  %-11s", number, phase_names[row->phase],
		row->name, layer_names[row->layer]);
	if (step->path)
		fprintf(to, "  %s", step->path);
	if (step->source)
		fprintf(to, "  from %s", step->source);
	if (step->op == OP_LANDLOCK_ALLOW)
		fprintf(to, "  %s", domain_grant_words[step->flags]);
	if (step->number)
		fprintf(to, "  %llu", (unsigned long long)step->number);
	fputc('\n', to);
}

void plan_print(const struct plan *plan, FILE *to)
{
	fprintf(to, "steps:\n");
	for (size_t i = 0; i < plan->count; i++)
		print_step(&plan->steps[i], i + 1, to);
	fprintf(to, "promises:\n");
	for (unsigned int i = 0; i < REQ_COUNT; i++)
		if (plan->promises[i] != PROMISE_NOTHING)
			fprintf(to, "  %-7s %s\n", requirement_ids[i],
				promise_words[plan->promises[i]]);
	fprintf(to, "limits:\n");
	for (size_t i = 0; i < plan->limit_count; i++)
		fprintf(to, "  %s %llu (%s, %s)\n", plan->limits[i].name,
			(unsigned long long)plan->limits[i].value,
			scope_words[plan->limits[i].scope], plan->limits[i].mechanism);
	fprintf(to, "downgrades:%s\n", plan->downgrade_count ? "" : " none");
	for (size_t i = 0; i < plan->downgrade_count; i++)
		fprintf(to, "  %s: %s\n", layer_names[plan->downgrades[i].layer],
			plan->downgrades[i].text);
	for (size_t i = 0; i < plan->note_count; i++)
		fprintf(to, "note: %s: %s\n", layer_names[plan->notes[i].layer],
			plan->notes[i].text);
	if (plan_is_refused(plan))
		fprintf(to, "the policy refuses this run (onUnavailable: fail)\n");
}
