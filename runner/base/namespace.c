/* SPDX-License-Identifier: Apache-2.0 */
/* namespace - inode numbers name a namespace; loopback is born down in every new network one */
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

uint64_t namespace_inode_at(int proc, const char *name)
{
	struct stat status;
	char path[32];

	(void)snprintf(path, sizeof(path), "ns/%s", name);
	/* Following the link gives the namespace's own inode, and asks for the same permission as
	 * reading it would. */
	if (fstatat(proc, path, &status, 0) < 0)
		return 0;
	return status.st_ino;
}

int namespace_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	owned_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	return ioctl(fd, SIOCSIFFLAGS, &request);
}
