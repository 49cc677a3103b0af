/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* namespace - inode numbers name a namespace; loopback is born down in every new network one */
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

uint64_t namespace_inode_at(int proc, const char *name)
{
	char path[32], text[64];
	ssize_t length;
	const char *number;

	(void)snprintf(path, sizeof(path), "ns/%s", name);
	length = readlinkat(proc, path, text, sizeof(text) - 1); /* "user:[4026531837]" */
	if (length <= 0)
		return 0;
	text[length] = '\0';
	number = strchr(text, '[');
	return number ? strtoull(number + 1, NULL, 10) : 0;
}

int namespace_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	owned_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	return ioctl(fd, SIOCSIFFLAGS, &request);
}
