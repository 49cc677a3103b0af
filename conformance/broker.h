/* SPDX-License-Identifier: Apache-2.0 */
/*
 * broker - a careless service outside: whoever connects to it is handed a descriptor of the root
 * directory of the shield, which no mount of a sandbox has a say in. Kept by the shield's init.
 */
#ifndef CONFORMANCE_BROKER_H
#define CONFORMANCE_BROKER_H

/* A unix stream listener at this path that everybody may connect to; its descriptor, or -1 and errno
 * (ENAMETOOLONG: no such path fits into an address). */
int broker_listen(const char *path);
/* Serves whoever is waiting, and hangs up. */
void broker_answer(int listener);

#endif
