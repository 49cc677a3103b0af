/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * own - ownership that can be seen in the declaration
 *
 * A resource belongs to a scope and leaves it by take_…; clean-up keeps errno.
 *   owned_fd int fd = open(…);          closed on every return
 *   *ret_fd = take_fd(&fd);             from here on the caller's
 */
#ifndef BASE_OWN_H
#define BASE_OWN_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void own_close_fd(int *fd)
{
	if (*fd >= 0) {
		int saved = errno;

		(void)close(
			*fd); /* EINTR has closed it already: never retried, close(2) */
		errno = saved;
	}
	*fd = -1;
}

static inline void own_free(void *pointer)
{
	int saved = errno;

	free(*(void **)pointer);
	errno = saved;
}

static inline void own_close_file(FILE **file)
{
	if (*file) {
		int saved = errno;

		(void)fclose(*file);
		errno = saved;
	}
}

static inline void own_close_dir(DIR **dir)
{
	if (*dir) {
		int saved = errno;

		(void)closedir(*dir);
		errno = saved;
	}
}

#define owned_fd   __attribute__((cleanup(own_close_fd)))
#define owned_mem  __attribute__((cleanup(own_free)))
#define owned_file __attribute__((cleanup(own_close_file)))
#define owned_dir  __attribute__((cleanup(own_close_dir)))

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static inline void *take_mem_raw(void *pointer)
{
	void **slot = pointer;
	void *taken = *slot;

	*slot = NULL;
	return taken;
}

/* take_mem(&p): the memory is the caller's from here on. */
#define take_mem(pointer) take_mem_raw(pointer)

/* Runs on a stack that ASan does not know, or in memory that is another's: it would warn at each end. */
#ifdef __SANITIZE_ADDRESS__
#define on_own_stack __attribute__((no_sanitize_address))
#else
#define on_own_stack
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
