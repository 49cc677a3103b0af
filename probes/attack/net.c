/* SPDX-License-Identifier: Apache-2.0 */
/* Connections and datagrams to a literal address, to a local socket, through a given descriptor. */
#include "probes/attack/attack.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 1000
};

size_t address_of(const char *address, const char *port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret;
	uint16_t number_of_port = htons((uint16_t)number(port));

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = number_of_port;
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = number_of_port;
		return sizeof(*v6);
	}
	fprintf(stderr, "confine-attack: '%s' is not an address\n", address);
	exit(2);
}

int wait_for(int fd, short events, int milliseconds)
{
	struct pollfd watched = { .fd = fd, .events = events };
	int count = poll(&watched, 1, milliseconds);

	if (count == 0)
		errno = ETIMEDOUT;
	return count > 0 ? 0 : -1;
}

static int finish_connect(int fd, int milliseconds)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (wait_for(fd, POLLOUT, milliseconds) < 0)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		return -1;
	errno = error;
	return error ? -1 : 0;
}

int connect_within(int family, int type, const struct sockaddr_storage *to, size_t length,
		   int milliseconds)
{
	int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, (socklen_t)length) == 0)
		return fd;
	if (errno == EINPROGRESS && finish_connect(fd, milliseconds) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Nobody's answer is no refusal: a silent drop and a lost packet look the same from here. */
static int say_connection(int fd)
{
	if (fd < 0 && errno == ETIMEDOUT)
		return say_cannot_tell_errno(errno);
	return say_result(fd);
}

static int run_tcp(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);

	return say_connection(
		connect_within(to.ss_family, SOCK_STREAM, &to, length, PATIENCE_MS));
}

/* Whether it arrived is for the witness; the kernel only says whether it was sent. */
static int run_udp(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	int fd = connect_within(to.ss_family, SOCK_DGRAM, &to, length, PATIENCE_MS);

	return say_result(fd < 0 ? -1 : (int)send(fd, "confine", 7, 0));
}

/* Link-local addresses mean nothing without a link: the first, as for every script. */
static void fill_scope(struct sockaddr_storage *to)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)to;

	if (to->ss_family == AF_INET6 && (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) ||
					  IN6_IS_ADDR_MC_LINKLOCAL(&v6->sin6_addr)))
		v6->sin6_scope_id = first_interface();
}

static int send_one(const char *address, const char *port)
{
	static const int on = 1;
	struct sockaddr_storage to;
	size_t length = address_of(address, port, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t sent = -1;
	int saved;

	fill_scope(&to);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0)
		sent = sendto(fd, "confine", 7, MSG_DONTWAIT,
			      (const struct sockaddr *)&to, (socklen_t)length);
	saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return sent < 0 ? -1 : 0;
}

/* One datagram to each, until one goes; the word says the how many-th. What the kernel will not send
 * anywhere (EINVAL) was no attempt, and so no refusal. */
static int run_udp_any(char **arguments)
{
	char word[32];
	int error = 0;

	for (size_t i = 1; arguments[i]; i++) {
		if (send_one(arguments[i], arguments[0]) == 0) {
			(void)snprintf(word, sizeof(word), "address-%zu", i);
			return say_reached_word(word);
		}
		if (errno == EINVAL)
			return say_cannot_tell_errno(errno);
		error = error ? error : errno;
	}
	return say_denied(error);
}

static int run_send_descriptor(char **arguments)
{
	return say_result((int)send((int)number(arguments[0]), "confine", 7,
				    MSG_NOSIGNAL | MSG_DONTWAIT));
}

/* PATH, or @NAME for the abstract name space. */
static int run_unix(char **arguments)
{
	union {
		struct sockaddr_storage storage;
		struct sockaddr_un un;
	} to = { .un = { .sun_family = AF_UNIX } };
	size_t length = strlen(arguments[0]);

	if (length >= sizeof(to.un.sun_path))
		return 2;
	memcpy(to.un.sun_path, arguments[0], length);
	if (to.un.sun_path[0] == '@')
		to.un.sun_path[0] = '\0';
	else
		length++;
	return say_connection(connect_within(
		AF_UNIX, SOCK_STREAM, &to.storage,
		offsetof(struct sockaddr_un, sun_path) + length, PATIENCE_MS));
}

const struct verb net_verbs[] = {
	{ "tcp", 2, 2, "ADDRESS PORT", run_tcp },
	{ "udp", 2, 2, "ADDRESS PORT", run_udp },
	{ "udp-any", 2, 64, "PORT ADDRESS...", run_udp_any },
	{ "unix", 1, 1, "PATH|@NAME", run_unix },
	{ "send-descriptor", 1, 1, "DESCRIPTOR", run_send_descriptor },
	{ .name = NULL },
};
