/* SPDX-License-Identifier: Apache-2.0 */
/* arena_exit - the end of a program whose memory ended; the library has another one (library/guard.c) */
#include "runner/base/arena.h"
#include <stdio.h>
#include <stdlib.h>

#define EXIT_INTERNAL 70 /* EX_SOFTWARE of sysexits.h */

static int exit_status =
	EXIT_INTERNAL; /* of the whole program, set before it does anything */

void arena_exit_with(int status)
{
	exit_status = status;
}

void arena_out_of_memory(void)
{
	(void)fputs("confine: out of memory\n", stderr);
	_Exit(exit_status);
}
