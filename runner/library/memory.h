/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - what malloc(3) is called in the objects of the library: see guard.h
 *
 * Put in front of every source of the library by the compiler (-include), those of runner/ and
 * runner/base included, so that nothing that they allocate escapes a guard.
 */
#ifndef LIBRARY_MEMORY_H
#define LIBRARY_MEMORY_H

#include <stdlib.h>
#include <string.h>

void *library_calloc(size_t count, size_t size);
void *library_realloc(void *memory, size_t size);
char *library_strdup(const char *text);
void library_free(void *memory);

#define malloc(size)          library_realloc(NULL, size)
#define calloc(count, size)   library_calloc(count, size)
#define realloc(memory, size) library_realloc(memory, size)
#define strdup(text)          library_strdup(text)
#define free(memory)          library_free(memory)

#endif
