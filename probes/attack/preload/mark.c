/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mark - an object that shows it was loaded: its constructor leaves a file
 *
 * The path comes from a variable that only the script sets, so that a launcher which is itself
 * started with the object loaded leaves no mark: what counts is a process of the script's.
 * Built as mark.so (LD_PRELOAD, GCONV_PATH) and as libconfine-probe.so (LD_LIBRARY_PATH).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int confine_probe_loaded(void);
int gconv(void);

int confine_probe_loaded(void)
{
	return 1;
}

/* What iconv looks for in a conversion module: without it, it would abort after the mark. */
int gconv(void)
{
	return 1; /* __GCONV_NOCONV */
}

__attribute__((constructor)) static void leave_mark(void)
{
	const char *path = getenv("CONFINE_PROBE_MARK");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd < 0)
		return;
	(void)!write(fd, "loaded\n", 7);
	close(fd);
}
