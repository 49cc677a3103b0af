/* SPDX-License-Identifier: Apache-2.0 */
/* selfcheck - many facts of one run: lines `fact KEY WORD` */
#ifndef SELFCHECK_H
#define SELFCHECK_H

#include <stdint.h>

/* The detail, "" = none, stands behind the key and a colon. */
void fact(const char *key, const char *detail, const char *word);
/* "reached", or the name of errno when the result is negative. */
void fact_result(const char *key, const char *detail, int result);
/* The same of a descriptor that was opened for the fact alone: it is closed. */
void fact_opened(const char *key, const char *detail, int fd);
void fact_number(const char *key, uint64_t value);
/* An act that changes the process, and so gets one of its own; it returns -1 and errno, or 0. */
void fact_of_child(const char *key, int (*act)(void));

/* selfcheck_places.c */
void selfcheck_look_writable(void);
void selfcheck_look_wall(void);
void selfcheck_look_scratch(void);
void selfcheck_look_devices(void);
void selfcheck_secret(const char *path);
void selfcheck_hidden(const char *path);
void selfcheck_outside(const char *directory);
void selfcheck_make(const char *path);
void selfcheck_below(const char *path);
void selfcheck_visible(const char *path);
void selfcheck_disk(const char *bytes);

/* selfcheck_net.c */
void selfcheck_port(const char *port);
void selfcheck_abstract(const char *name);
void selfcheck_socket(const char *path);
void selfcheck_metadata(const char *inode);
void selfcheck_refused(const char *place);
void selfcheck_metadata_service(const char *place);

/* selfcheck_calls.c */
void selfcheck_look_calls(void);

#endif
