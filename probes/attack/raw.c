/* SPDX-License-Identifier: Apache-2.0 */
/* Below TCP and UDP: an echo request, a raw datagram, a frame straight onto an interface. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const unsigned char planted[7] = { 'c', 'o', 'n', 'f', 'i', 'n', 'e' };

/* RFC 1071 */
static uint16_t checksum(const unsigned char *bytes, size_t count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < count; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The ping socket needs a group, the raw one a capability; either is the same act. */
static int echo_socket(int family)
{
	int protocol = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);

	return fd >= 0 ? fd : socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
}

static int run_ping(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], "0", &to);
	unsigned char echo[16] = { to.ss_family == AF_INET ? ICMP_ECHO
							   : ICMP6_ECHO_REQUEST };
	uint16_t sum;
	int fd = echo_socket(to.ss_family);

	if (fd < 0)
		return say_denied(errno);
	memcpy(echo + 8, planted, sizeof(planted));
	sum = checksum(echo,
		       sizeof(echo)); /* ICMPv6: the kernel writes its own over it */
	echo[2] = (unsigned char)(sum >> 8);
	echo[3] = (unsigned char)sum;
	return say_result((int)sendto(fd, echo, sizeof(echo), 0,
				      (const struct sockaddr *)&to, (socklen_t)length));
}

static int run_raw(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], "0", &to);
	int fd = socket(to.ss_family, SOCK_RAW | SOCK_CLOEXEC, (int)number(arguments[1]));

	if (fd < 0)
		return say_denied(errno);
	return say_result((int)sendto(fd, planted, sizeof(planted), 0,
				      (const struct sockaddr *)&to, (socklen_t)length));
}

unsigned int first_interface(void)
{
	struct if_nameindex *all = if_nameindex();
	unsigned int index = 0;

	for (size_t i = 0; all && all[i].if_index && !index; i++)
		if (strcmp(all[i].if_name, "lo") != 0)
			index = all[i].if_index;
	if (all)
		if_freenameindex(all);
	return index;
}

/* A broadcast frame with an IPv4 packet of protocol 253 (RFC 3692): no route, no filter on the way. */
static int run_frame(char **arguments)
{
	unsigned char frame[14 + 20 + 8] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1,
		8,    0,    0x45, 0,    0,    28,   0, 0, 0, 0, 1, 253
	};
	struct sockaddr_storage to;
	struct sockaddr_ll link = { .sll_family = AF_PACKET, .sll_halen = 6 };
	uint16_t sum;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return say_denied(errno);
	link.sll_ifindex = (int)first_interface();
	if (!link.sll_ifindex)
		return say_denied_word("absent");
	if (address_of(arguments[0], "0", &to) != sizeof(struct sockaddr_in))
		return 2;
	memcpy(frame + 30, &((struct sockaddr_in *)(void *)&to)->sin_addr, 4);
	memcpy(frame + 34, planted, sizeof(planted));
	sum = checksum(frame + 14, 20);
	frame[24] = (unsigned char)(sum >> 8);
	frame[25] = (unsigned char)sum;
	return say_result((int)sendto(fd, frame, sizeof(frame), 0,
				      (const struct sockaddr *)&link, sizeof(link)));
}

const struct verb raw_verbs[] = {
	{ "ping", 1, 1, "ADDRESS", run_ping },
	{ "raw", 2, 2, "ADDRESS PROTOCOL", run_raw },
	{ "frame", 1, 1, "IPV4-ADDRESS", run_frame },
	{ .name = NULL },
};
