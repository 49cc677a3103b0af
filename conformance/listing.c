/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/listing.h"

enum {
	ID_COLUMNS = 36,
	REQUIREMENT_COLUMNS = 8,
};

static const char *const class_words[CLASS_COUNT] = {
	[CLASS_P] = "passive",
	[CLASS_T] = "harmless by construction",
	[CLASS_C] = "counted, stops by itself",
	[CLASS_X] = "unbounded, only with limits in force",
};

/* "filesystem, 17 probes", above the first of them. */
static void add_layer(struct str *str, const struct selection *selection, size_t first,
		      const struct style *style)
{
	enum layer layer = selection->probes[first]->layer;
	size_t count = 0;

	while (first + count < selection->count &&
	       selection->probes[first + count]->layer == layer)
		count++;
	str_addf(str, "%s%s%s%s, %zu\n", first ? "\n" : "",
		 style->colour ? "\033[1m" : "", layer_names[layer],
		 style->colour ? "\033[0m" : "", count);
}

void listing_add_probes(struct str *str, const struct selection *selection,
			const struct style *style)
{
	const size_t used = ID_COLUMNS + REQUIREMENT_COLUMNS + 8;
	enum layer layer = LAYER_COUNT;

	for (size_t i = 0; i < selection->count; i++) {
		const struct probe *probe = selection->probes[i];

		if (probe->layer != layer)
			add_layer(str, selection, i, style);
		layer = probe->layer;
		style_add_padded(str, probe->id, ID_COLUMNS);
		str_add(str, " ");
		style_add_padded(str, probe->requirement->id, REQUIREMENT_COLUMNS);
		str_addf(str, "L%u  %s  ", probe->requirement->level,
			 probe_class_names[probe->class]);
		style_add_clipped(str, probe->title,
				  style->width > used ? style->width - used : 0);
		str_add(str, "\n");
	}
	str_addf(str,
		 "\n%zu probes; L: level, then the class: P passive, T harmless, C "
		 "counted, "
		 "X unbounded. More of one: confine check explain NAME\n",
		 selection->count);
}

void listing_add_probe(struct str *str, const struct probe *probe)
{
	const struct probe_budget *budget = &probe->budget;

	str_addf(str, "%s: %s (%s, level %u)\n  class %s: %s\n  tried: %s\n", probe->id,
		 probe->title, probe->requirement->id, probe->requirement->level,
		 probe_class_names[probe->class], class_words[probe->class], probe->what);
	str_addf(str,
		 "  at most: %u s, %u tasks, %llu KiB of memory, %llu KiB of output, "
		 "each arm\n",
		 budget->seconds, budget->tasks,
		 (unsigned long long)(budget->memory_bytes >> 10),
		 (unsigned long long)(budget->output_bytes >> 10));
}
