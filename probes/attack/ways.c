/* SPDX-License-Identifier: Apache-2.0 */
/* Less usual ways to somewhere else: other transports, long and wide datagrams, routes in a packet. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PATIENCE_MS =
		3000, /* a first packet may be lost, and is sent again after one second */
	LONG_MAX_BYTES = 60000
};

/* Whether it arrived is for the witness; the kernel only says whether it was sent. */
static int send_from(int fd, const struct sockaddr_storage *to, size_t length,
		     size_t count)
{
	static const char bytes[LONG_MAX_BYTES] = "confine";

	return say_result((int)sendto(fd, bytes, count, 0, (const struct sockaddr *)to,
				      (socklen_t)length));
}

/* UDP, UDP-Lite (136) … */
static int run_datagram(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[1], arguments[2], &to);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC,
			(int)number(arguments[0]));

	return fd < 0 ? say_denied(errno) : send_from(fd, &to, length, 7);
}

/* TCP, MPTCP (262), SCTP (132) … */
static int run_stream(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[1], arguments[2], &to);
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			(int)number(arguments[0]));
	int error = 0;
	socklen_t size = sizeof(error);

	if (fd < 0)
		return say_denied(errno);
	if (connect(fd, (const struct sockaddr *)&to, (socklen_t)length) == 0)
		return say_reached();
	if (errno != EINPROGRESS)
		return say_denied(errno);
	if (wait_for(fd, POLLOUT, PATIENCE_MS) < 0)
		return say_cannot_tell_errno(errno);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return say_denied(errno);
	return error ? say_denied(error) : say_reached();
}

/* One that no link carries whole: it leaves in fragments. */
static int run_long(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	uint64_t count = number(arguments[2]);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return say_denied(errno);
	return send_from(fd, &to, length,
			 count < LONG_MAX_BYTES ? count : LONG_MAX_BYTES);
}

/* Multicast, broadcast and link-local addresses, which mean nothing without an interface. */
static int run_link(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&to;
	int index = (int)first_interface(), on = 1, hops = 4, fd;
	struct ip_mreqn by = { .imr_ifindex = index };

	if (!index)
		return say_denied_word("absent");
	fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return say_denied(errno);
	if (to.ss_family == AF_INET6) {
		v6->sin6_scope_id = (unsigned int)index;
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index,
				 sizeof(index));
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
				 sizeof(hops));
	} else {
		(void)setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
		(void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by));
		(void)setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof(hops));
	}
	return send_from(fd, &to, length, 7);
}

/* Loose source route (RFC 791), or a routing header of type 2 (RFC 6275): where the packet is to pass
 * before it goes to its destination, and what the kernel writes into it as such. */
static int add_stop(int fd, const struct sockaddr_storage *via)
{
	const struct sockaddr_in *v4 = (const void *)via;
	const struct sockaddr_in6 *v6 = (const void *)via;
	unsigned char option[8] = { IPOPT_NOOP, IPOPT_LSRR, 7, 4 };
	unsigned char header[24] = { 0, 2, 2, 1 };

	memcpy(option + 4, &v4->sin_addr, 4);
	memcpy(header + 8, &v6->sin6_addr, 16);
	if (via->ss_family == AF_INET)
		return setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option, sizeof(option));
	return setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, header, sizeof(header));
}

static int run_source_route(char **arguments)
{
	struct sockaddr_storage via, last;
	size_t length = address_of(arguments[0], arguments[2], &via);
	int fd = socket(via.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (address_of(arguments[1], arguments[2], &last) != length)
		return 2;
	if (fd < 0 || add_stop(fd, &via) < 0)
		return say_denied(errno);
	return send_from(fd, &last, length, 7);
}

const struct verb way_verbs[] = {
	{ "datagram", 3, 3, "PROTOCOL ADDRESS PORT", run_datagram },
	{ "stream", 3, 3, "PROTOCOL ADDRESS PORT", run_stream },
	{ "udp-long", 3, 3, "ADDRESS PORT BYTES", run_long },
	{ "udp-link", 2, 2, "ADDRESS PORT", run_link },
	{ "source-route", 3, 3, "VIA ADDRESS PORT", run_source_route },
	{ .name = NULL },
};
