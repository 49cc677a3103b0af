/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* pages - see pages.h: what a program of the host's libc does */
#include "runner/base/pages.h"

__attribute__((weak)) void pages_part(void)
{
}
