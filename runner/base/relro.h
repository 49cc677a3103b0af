/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* relro - what relocation has written is read-only from here on, also without a dynamic loader */
#ifndef BASE_RELRO_H
#define BASE_RELRO_H

/* First thing in main: tables of functions and texts are no place to write. A loader that has done it
 * already loses nothing. */
void relro_apply(void);

#endif
