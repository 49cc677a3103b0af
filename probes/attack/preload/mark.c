/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mark - an object that shows it was loaded: its constructor leaves a file
 *
 * The path comes from a variable that only the script sets, so that a launcher which is itself
 * started with the object loaded leaves no mark: what counts is a process of the script's.
 * With CONFINE_PROBE_ONLY=":name:name:" only programs of these names leave one.
 * Built as mark.so (LD_PRELOAD, GCONV_PATH) and as libconfine-probe.so (LD_LIBRARY_PATH).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int is_meant(void)
{
	const char *only = getenv("CONFINE_PROBE_ONLY");
	char name[128];

	if (!only)
		return 1;
	(void)snprintf(name, sizeof(name), ":%s:", program_invocation_short_name);
	return strstr(only, name) != NULL;
}

__attribute__((constructor)) static void leave_mark(void)
{
	const char *path = is_meant() ? getenv("CONFINE_PROBE_MARK") : NULL;
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd < 0)
		return;
	(void)!write(fd, "loaded\n", 7);
	close(fd);
}
