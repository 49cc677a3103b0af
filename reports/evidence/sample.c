/* SPDX-License-Identifier: Apache-2.0 */
/* sample - see sample.h. */
#include "reports/evidence/sample.h"
#include "reports/evidence/members.h"
#include "reports/read.h"
#include "runner/base/own.h"
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 200

struct item {
	char rank[DIGEST_HEX];
	char *lines; /* what is printed of it */
};

/* The smallest ranks so far, in order. */
struct draw {
	struct item *items;
	size_t count, size, population;
	uint64_t seed;
	struct members runs;
};

static void draw_done(struct draw *draw)
{
	for (size_t i = 0; i < draw->count; i++)
		free(draw->items[i].lines);
	members_done(&draw->runs);
}
#define owned_draw __attribute__((cleanup(draw_done)))

static void add_shown(struct str *str, const char *text)
{
	str_add_visible(str, text, strlen(text), SHOWN_MAX);
}

static char *item_lines(const char *path, const struct results *results,
			const struct results_probe *probe, const char *rank)
{
	owned_str struct str text = { 0 };

	str_addf(&text, "%s  ", verdict_words[probe->verdict]);
	add_shown(&text, results->hostname);
	str_add(&text, "  ");
	add_shown(&text, results->target.name);
	str_addf(&text, "  %s\n      run %s in ", probe->id, results->run.id);
	add_shown(&text, path);
	str_addf(&text, "\n      rank %s\n      again: ", rank);
	add_shown(&text, probe->repeat);
	str_add(&text, "\n");
	return take_mem(&text.text);
}

static void take_item(struct draw *draw, const char *path, const struct results *results,
		      const struct results_probe *probe)
{
	owned_str struct str name = { 0 };
	char rank[DIGEST_HEX];
	size_t at;

	draw->population++;
	str_addf(&name, "%llu/%s/%s", (unsigned long long)draw->seed, results->run.id,
		 probe->id);
	digest_sha256(name.text, name.length, rank);
	if (draw->count == draw->size &&
	    strcmp(rank, draw->items[draw->count - 1].rank) >= 0)
		return;
	if (draw->count == draw->size)
		free(draw->items[--draw->count].lines);
	for (at = draw->count; at && strcmp(rank, draw->items[at - 1].rank) < 0; at--)
		draw->items[at] = draw->items[at - 1];
	memcpy(draw->items[at].rank, rank, sizeof(rank));
	draw->items[at].lines = item_lines(path, results, probe, rank);
	draw->count++;
}

static int take_run(struct draw *draw, const char *path, struct err *err)
{
	owned_results struct results results = { 0 };
	char sha256[DIGEST_HEX] = "";

	if (read_file(path, &results, err) < 0)
		return -1;
	members_add(&draw->runs, results.run.id, sha256);
	for (size_t i = 0; i < results.probe_count; i++)
		take_item(draw, path, &results, &results.probes[i]);
	return 0;
}

static int check_runs(struct draw *draw, struct err *err)
{
	members_sort(&draw->runs);
	for (size_t i = 1; i < draw->runs.count; i++)
		if (strcmp(draw->runs.rows[i - 1].name, draw->runs.rows[i].name) == 0)
			return err_policy(err, "report", "run %s is in two of the files",
					  draw->runs.rows[i].name);
	return 0;
}

int sample_run(const struct gather *paths, uint64_t seed, size_t size, struct str *ret,
	       struct err *err)
{
	owned_draw struct draw draw = { .size = size, .seed = seed };

	draw.items = arena_array(&draw.runs.arena, size, sizeof(*draw.items));
	for (size_t i = 0; i < paths->count; i++)
		if (take_run(&draw, paths->paths[i], err) < 0)
			return -1;
	if (check_runs(&draw, err) < 0)
		return -1;
	str_addf(ret,
		 "seed %llu: %zu of %zu items, the probes of %zu runs\n"
		 "method: the items with the smallest SHA-256 of \"%llu/RUN/PROBE\"\n\n",
		 (unsigned long long)seed, draw.count, draw.population, draw.runs.count,
		 (unsigned long long)seed);
	for (size_t i = 0; i < draw.count; i++)
		str_addf(ret, "%4zu  %s", i + 1, draw.items[i].lines);
	return 0;
}
