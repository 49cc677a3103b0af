/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* namespace - the small mechanics of namespaces that runner, shield and lab share */
#ifndef BASE_NAMESPACE_H
#define BASE_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Inode of /proc/PID/ns/NAME ("user", "pid" …), seen through `proc` (a descriptor of the directory
 * /proc/PID); 0 when it cannot be read. */
uint64_t namespace_inode_at(int proc, const char *name);

/* Does a text of /proc/PID/uid_map or gid_map give every id a place? Where it does not, the overflow id
 * (65534) is what any other owner looks like, the host's root too. Source: user_namespaces(7) */
bool namespace_maps_all(const char *map);

/* Sets the loopback interface of the current network namespace up; -1 and errno. Needs no memory
 * and no state: usable between clone and exec. Source: netdevice(7) */
int namespace_loopback_up(void);

#endif
