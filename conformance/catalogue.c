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

const struct probe *catalogue_find(const struct catalogue *catalogue, const char *id)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->probes[i].id, id) == 0)
			return &catalogue->probes[i];
	return NULL;
}
