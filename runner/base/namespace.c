/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* namespace - inode numbers name a namespace; loopback is born down in every new network one */
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
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

bool namespace_maps_all(const char *map)
{
	uint64_t mapped = 0;

	while (*map) {
		uint64_t number[3]; /* inside, outside, count: ranges do not overlap */
		char *end;

		for (unsigned int i = 0; i < ARRAY_SIZE(number); i++) {
			number[i] = strtoull(map, &end, 10);
			if (end == map)
				return false;
			map = end;
		}
		mapped += number[2];
		map += strspn(map, " \n");
	}
	return mapped >= UINT32_MAX; /* the last one, -1, is nobody's id */
}

int namespace_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	owned_fd int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	return ioctl(fd, SIOCSIFFLAGS, &request);
}
