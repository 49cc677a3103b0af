/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* link - see link.h. rtnetlink(7); each request asks for an acknowledgement, so 0 means done. */
#include "runner/egress/link.h"
#include "runner/base/own.h"
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

struct request {
	struct nlmsghdr header;
	union {
		struct ifaddrmsg address;
		struct rtmsg route;
	} body;
	char attributes[128];
};

static void add_attribute(struct request *request, unsigned short type, const void *bytes,
			  unsigned short count)
{
	struct rtattr *at =
		(void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	at->rta_type = type;
	at->rta_len = (unsigned short)RTA_LENGTH(count);
	memcpy(RTA_DATA(at), bytes, count);
	request->header.nlmsg_len =
		NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(at->rta_len);
}

/* 0, or the errno that the kernel answered. */
static int ask(struct request *request)
{
	owned_fd int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;

	request->header.nlmsg_flags =
		NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0)
		return errno;
	if (recv(fd, &answer, sizeof(answer), 0) <
	    (ssize_t)NLMSG_LENGTH(sizeof(answer.error)))
		return EPROTO;
	return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

static int find(const char *interface, const char *address, unsigned int *index,
		struct in6_addr *bytes, struct err *err)
{
	*index = if_nametoindex(interface);
	if (!*index)
		return err_sys(err, "network", "no interface %s", interface);
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return err_set(err, ERR_INTERNAL, "network", "no IPv6 address");
	return 0;
}

int link_add_address(const char *interface, const char *address, unsigned int prefix,
		     struct err *err)
{
	const uint32_t flags = IFA_F_NODAD | IFA_F_PERMANENT;
	struct request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)),
			    .nlmsg_type = RTM_NEWADDR },
		.body.address = { .ifa_family = AF_INET6,
				  .ifa_prefixlen = (unsigned char)prefix },
	};
	struct in6_addr bytes;

	if (find(interface, address, &request.body.address.ifa_index, &bytes, err) < 0)
		return -1;
	add_attribute(&request, IFA_LOCAL, &bytes, sizeof(bytes));
	add_attribute(&request, IFA_FLAGS, &flags, sizeof(flags));
	errno = ask(&request);
	return errno ? err_sys(err, "network", "cannot add address %s", address) : 0;
}

int link_add_gateway(const char *interface, const char *gateway, struct err *err)
{
	struct request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
			    .nlmsg_type = RTM_NEWROUTE },
		.body.route = { .rtm_family = AF_INET6,
				.rtm_table = RT_TABLE_MAIN,
				.rtm_protocol = RTPROT_STATIC,
				.rtm_type = RTN_UNICAST },
	};
	struct in6_addr bytes;
	unsigned int index;

	if (find(interface, gateway, &index, &bytes, err) < 0)
		return -1;
	add_attribute(&request, RTA_GATEWAY, &bytes, sizeof(bytes));
	add_attribute(&request, RTA_OIF, &index, sizeof(index));
	errno = ask(&request);
	return errno ? err_sys(err, "network", "cannot route by %s", gateway) : 0;
}

static unsigned int prefix_of(const unsigned char *mask, size_t count)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < count; i++)
		bits += (unsigned int)__builtin_popcount(mask[i]);
	return bits;
}

static void list_one(struct str *ret, const struct ifaddrs *at)
{
	bool v6 = at->ifa_addr->sa_family == AF_INET6;
	struct sockaddr_in6 address6, mask6;
	struct sockaddr_in address, mask;
	char text[INET6_ADDRSTRLEN];
	const void *from, *bits;

	if (v6) {
		memcpy(&address6, at->ifa_addr, sizeof(address6));
		memcpy(&mask6, at->ifa_netmask, sizeof(mask6));
		if (IN6_IS_ADDR_LINKLOCAL(&address6.sin6_addr))
			return;
	} else {
		memcpy(&address, at->ifa_addr, sizeof(address));
		memcpy(&mask, at->ifa_netmask, sizeof(mask));
	}
	from = v6 ? (const void *)&address6.sin6_addr : (const void *)&address.sin_addr;
	bits = v6 ? (const void *)&mask6.sin6_addr : (const void *)&mask.sin_addr;
	if (inet_ntop(at->ifa_addr->sa_family, from, text, sizeof(text)))
		str_addf(ret, "address %s %s/%u\n", at->ifa_name, text,
			 prefix_of(bits, v6 ? 16 : 4));
}

int link_list(struct str *ret, struct err *err)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return err_sys(err, "network", "cannot list the addresses");
	for (const struct ifaddrs *at = all; at; at = at->ifa_next)
		if (at->ifa_addr && at->ifa_netmask &&
		    (at->ifa_addr->sa_family == AF_INET ||
		     at->ifa_addr->sa_family == AF_INET6))
			list_one(ret, at);
	freeifaddrs(all);
	return 0;
}
