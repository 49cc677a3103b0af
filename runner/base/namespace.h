/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* namespace - the small mechanics of namespaces that runner, shield and lab share */
#ifndef BASE_NAMESPACE_H
#define BASE_NAMESPACE_H

#include <stdint.h>
#include <sys/types.h>

/* Inode of /proc/PID/ns/NAME ("user", "pid" …), seen through `proc` (a descriptor of the directory
 * /proc/PID); 0 when it cannot be read. */
uint64_t namespace_inode_at(int proc, const char *name);

/* Sets the loopback interface of the current network namespace up; -1 and errno. Needs no memory
 * and no state: usable between clone and exec. Source: netdevice(7) */
int namespace_loopback_up(void);

#endif
