/* SPDX-License-Identifier: Apache-2.0 */
/* heap - the first memory of the image's malloc, for whoever fills it in ahead */
#ifndef IMAGE_HEAP_H
#define IMAGE_HEAP_H

/* All that a run of the default policy takes, and no more: it counts as data of whoever starts the image,
 * and an image whose data is beyond RLIMIT_DATA is ended at its exec, without a word. */
#define HEAP_BYTES (400U << 10)
#define HEAP_AHEAD (52U << 10) /* of it, asked for before the image is started */
#define HEAP_AFTER (28U << 10) /* and once it has cloned: pages_part() */

/* Hidden: start.c asks for its address before the image is relocated. */
extern char heap_first[HEAP_BYTES] __attribute__((visibility("hidden")));

#endif
