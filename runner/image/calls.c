/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls - two functions of the static image's libc, as plain system calls
 *
 * musl's open() sets FD_CLOEXEC a second time, for kernels that did not know O_CLOEXEC, and its
 * clock_gettime() reads the kernel's vdso first: forty calls and three faults for each run, which asks
 * the time twice.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_list more;

		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	return (int)syscall(SYS_clock_gettime, clock, ret);
}
