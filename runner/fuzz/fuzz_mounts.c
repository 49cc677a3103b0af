/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_mounts - any bytes as a mount table: the names in it are whoever's made the directories
 *
 * Beyond not crashing: every mount that is taken has its point, options, type and source options.
 * seeds: runner/fuzz/corpus/mounts
 */
#include "runner/base/own.h"
#include "runner/verify.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char place[] = "/tmp/confine-fuzz.XXXXXX";
static int place_fd = -1;

static void remove_place(void)
{
	(void)unlinkat(place_fd, "mountinfo", 0);
	(void)rmdir(place);
}

/* In place of /proc/PID: a directory of our own with one file. */
static int make_place(const uint8_t *data, size_t size)
{
	owned_fd int file = -1;

	if (place_fd < 0) {
		if (!mkdtemp(place))
			abort();
		place_fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		(void)atexit(remove_place);
	}
	file = openat(place_fd, "mountinfo", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);
	if (file < 0 || write(file, data, size) != (ssize_t)size)
		abort();
	return place_fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct view view = { .arena = &arena };

	verify_read_mounts(&view, make_place(data, size));
	for (size_t i = 0; i < view.mount_count; i++)
		if (!view.mounts[i].point || !view.mounts[i].options ||
		    !view.mounts[i].type || !view.mounts[i].super ||
		    strlen(view.mounts[i].point) > size)
			abort();
	arena_done(&arena);
	return 0;
}
