/* SPDX-License-Identifier: Apache-2.0 */
/* The folders are those of the layers, in their order; within one, files by name. */
#include "conformance/catalogue.h"
#include "conformance/head.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROBE_FILE_MAX = 1 << 20,
};

static int load_file(const char *directory, const char *file, struct arena *arena,
		     struct catalogue *catalogue, struct err *err)
{
	owned_str struct str text = { 0 };
	owned_str struct str path = { 0 };
	struct probe probe;

	str_addf(&path, "%s/%s", directory, file);
	if (fd_read_file(str_text(&path), PROBE_FILE_MAX, &text, err) < 0)
		return -1;
	if (head_read(file, str_text(&text), text.length, arena, &probe, err) < 0)
		return err_within(err, "%s", directory);
	probe.directory = catalogue->directory;
	catalogue->probes[catalogue->count++] = probe;
	return 0;
}

static int is_probe_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && str_has_suffix(entry->d_name, ".sh");
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

static int load_layer(const char *directory, enum layer layer, struct arena *arena,
		      struct catalogue *catalogue, struct err *err)
{
	owned_str struct str folder = { 0 };
	struct dirent **entries = NULL;
	struct probe *grown;
	int count, result = 0;

	str_addf(&folder, "%s/%s", directory, layer_names[layer]);
	count = scandir(str_text(&folder), &entries, is_probe_file, alphasort);
	if (count < 0)
		return errno == ENOENT ? 0
				       : err_sys(err, "catalogue", "cannot list %s",
						 str_text(&folder));
	grown = arena_array(arena, catalogue->count + (size_t)count + 1, sizeof(*grown));
	for (size_t i = 0; i < catalogue->count; i++)
		grown[i] = catalogue->probes[i];
	catalogue->probes = grown;
	for (int i = 0; i < count && result == 0; i++)
		result = load_file(directory,
				   arena_printf(arena, "%s/%s", layer_names[layer],
						entries[i]->d_name),
				   arena, catalogue, err);
	free_entries(entries, count);
	return result;
}

int catalogue_load(const char *directory, struct arena *arena,
		   struct catalogue *catalogue, struct err *err)
{
	struct catalogue loaded = { .directory = arena_strdup(arena, directory) };
	owned_fd int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "catalogue", "cannot open %s", directory);
	for (unsigned int i = 0; i < LAYER_COUNT; i++)
		if (load_layer(directory, (enum layer)i, arena, &loaded, err) < 0)
			return -1;
	*catalogue = loaded;
	return 0;
}

/* Both by layer; within one, the shipped ones come first. */
static void join(const struct catalogue *shipped, const struct catalogue *own,
		 struct arena *arena, struct catalogue *ret)
{
	struct catalogue joined = {
		.directory = shipped->directory,
		.probes = arena_array(arena, shipped->count + own->count + 1,
				      sizeof(struct probe)),
	};

	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		for (size_t j = 0; j < shipped->count; j++)
			if (shipped->probes[j].layer == (enum layer)i)
				joined.probes[joined.count++] = shipped->probes[j];
		for (size_t j = 0; j < own->count; j++)
			if (own->probes[j].layer == (enum layer)i)
				joined.probes[joined.count++] = own->probes[j];
	}
	*ret = joined;
}

/* A folder of another name would be a probe that is written and never run. */
static int check_folders(const char *directory, struct err *err)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, NULL, alphasort), result = 0;

	if (count < 0)
		return err_sys(err, "catalogue", "cannot list %s", directory);
	for (int i = 0; i < count && result == 0; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && entries[i]->d_type == DT_DIR &&
		    layer_find(name, strlen(name)) == LAYER_COUNT)
			result = err_policy(
				err, "catalogue",
				"%s/%s: a folder of probes has the name of a layer: "
				"resources, "
				"filesystem, network, … (see confine check list)",
				directory, name);
	}
	free_entries(entries, count);
	return result;
}

int catalogue_add(const char *directory, struct arena *arena, struct catalogue *catalogue,
		  struct err *err)
{
	struct catalogue own = { .count = 0 };

	if (catalogue_load(directory, arena, &own, err) < 0 ||
	    check_folders(directory, err) < 0)
		return -1;
	if (own.count == 0)
		return err_policy(err, "catalogue",
				  "%s: no probe in it; one is <layer>/<name>.sh",
				  directory);
	for (size_t i = 0; i < own.count; i++)
		if (catalogue_find(catalogue, own.probes[i].id))
			return err_policy(err, "catalogue",
					  "%s/%s: a shipped probe has this id", directory,
					  own.probes[i].file);
	join(catalogue, &own, arena, catalogue);
	return 0;
}

const struct probe *catalogue_find(const struct catalogue *catalogue, const char *id)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->probes[i].id, id) == 0)
			return &catalogue->probes[i];
	return NULL;
}
