/* SPDX-License-Identifier: Apache-2.0 */
/* The network namespace itself: its packet filter, routes, addresses and links, by netlink. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's answer to a request that asked for one: reached, or denied by its errno. */
static int say_answer(int fd)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;

	if (wait_for(fd, POLLIN, 1000) < 0)
		return say_cannot_tell_errno(errno);
	if (recv(fd, &answer, sizeof(answer), 0) <
		    (ssize_t)NLMSG_LENGTH(sizeof(answer.error)) ||
	    answer.header.nlmsg_type != NLMSG_ERROR)
		return say_cannot_tell("no-answer");
	return answer.error.error ? say_denied(-answer.error.error) : say_reached();
}

struct link_request {
	struct nlmsghdr header;
	union {
		struct rtmsg route;
		struct ifaddrmsg address;
		struct ifinfomsg link;
	} body;
	char attributes[64];
};

static void add_attribute(struct link_request *request, unsigned short type,
			  const void *bytes, unsigned short count)
{
	struct rtattr *at =
		(void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	at->rta_type = type;
	at->rta_len = (unsigned short)RTA_LENGTH(count);
	memcpy(RTA_DATA(at), bytes, count);
	request->header.nlmsg_len += RTA_ALIGN(at->rta_len);
}

static int ask_link(struct link_request *request)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	request->header.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (fd < 0 || send(fd, request, request->header.nlmsg_len, 0) < 0)
		return say_denied(errno);
	return say_answer(fd);
}

/* A route to one address straight through the first interface. */
static int run_add_route(char **arguments)
{
	struct link_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
			    .nlmsg_type = RTM_NEWROUTE,
			    .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
		.body.route = { .rtm_family = AF_INET,
				.rtm_dst_len = 32,
				.rtm_table = RT_TABLE_MAIN,
				.rtm_protocol = RTPROT_STATIC,
				.rtm_scope = RT_SCOPE_LINK,
				.rtm_type = RTN_UNICAST },
	};
	struct sockaddr_storage to;
	unsigned int index = first_interface();

	if (address_of(arguments[0], "0", &to) != sizeof(struct sockaddr_in))
		return 2;
	add_attribute(&request, RTA_DST, &((struct sockaddr_in *)(void *)&to)->sin_addr,
		      4);
	add_attribute(&request, RTA_OIF, &index, sizeof(index));
	return ask_link(&request);
}

static int run_add_address(char **arguments)
{
	struct link_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg)),
			    .nlmsg_type = RTM_NEWADDR,
			    .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
		.body.address = { .ifa_family = AF_INET,
				  .ifa_prefixlen = 32,
				  .ifa_index = first_interface() },
	};
	struct sockaddr_storage to;

	if (address_of(arguments[0], "0", &to) != sizeof(struct sockaddr_in))
		return 2;
	add_attribute(&request, IFA_LOCAL, &((struct sockaddr_in *)(void *)&to)->sin_addr,
		      4);
	return ask_link(&request);
}

static int run_link_down(char **arguments)
{
	struct link_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			    .nlmsg_type = RTM_NEWLINK },
		.body.link = { .ifi_index = (int)first_interface(), .ifi_change = 1 },
	};

	(void)arguments;
	return ask_link(&request);
}

/* Every table of the namespace goes, in one batch: nft flush ruleset. */
static int run_flush_rules(char **arguments)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg generation;
	} batch[3] = {
		{ { .nlmsg_type = NFNL_MSG_BATCH_BEGIN },
		  { .res_id = htons(NFNL_SUBSYS_NFTABLES) } },
		{ { .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELTABLE,
		    .nlmsg_flags = NLM_F_ACK },
		  { .nfgen_family = AF_UNSPEC } },
		{ { .nlmsg_type = NFNL_MSG_BATCH_END },
		  { .res_id = htons(NFNL_SUBSYS_NFTABLES) } },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	(void)arguments;
	if (fd < 0)
		return say_denied(errno);
	for (size_t i = 0; i < 3; i++) {
		batch[i].header.nlmsg_len = sizeof(batch[i]);
		batch[i].header.nlmsg_flags |= NLM_F_REQUEST;
		batch[i].header.nlmsg_seq = (unsigned int)i;
	}
	if (send(fd, batch, sizeof(batch), 0) < 0)
		return say_denied(errno);
	return say_answer(fd);
}

const struct verb rule_verbs[] = {
	{ "flush-rules", 0, 0, "", run_flush_rules },
	{ "add-route", 1, 1, "IPV4-ADDRESS", run_add_route },
	{ "add-address", 1, 1, "IPV4-ADDRESS", run_add_address },
	{ "link-down", 0, 0, "", run_link_down },
	{ .name = NULL },
};
