/* SPDX-License-Identifier: Apache-2.0 */
/* What is spoken to a metadata service and to a resolver: HTTP, the IMDSv2 token, one DNS query. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 1000,
	ANSWER_MAX = 8192
};

/* Sends the request, reads until the other side closes; length, or -1 and errno. */
static ssize_t converse(const struct sockaddr_storage *to, size_t length,
			const char *request, char *answer, size_t size)
{
	int fd = connect_within(to->ss_family, SOCK_STREAM, to, length, PATIENCE_MS);
	size_t have = 0;
	ssize_t count = -1;

	if (fd < 0)
		return -1;
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) {
		close(fd);
		return -1;
	}
	while (have < size - 1 && wait_for(fd, POLLIN, PATIENCE_MS) == 0) {
		count = recv(fd, answer + have, size - 1 - have, 0);
		if (count <= 0)
			break;
		have += (size_t)count;
	}
	close(fd);
	answer[have] = '\0';
	if (have == 0 && count == 0)
		errno = ECONNRESET;
	return have ? (ssize_t)have : -1;
}

static int say_conversation(ssize_t count)
{
	if (count < 0 && errno == ETIMEDOUT)
		return say_cannot_tell_errno(errno);
	return say_result(count < 0 ? -1 : 0);
}

/* Any answer will do: the service was reached. */
static int run_http(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	char request[512], answer[ANSWER_MAX];

	snprintf(request, sizeof(request), "GET %.256s HTTP/1.0\r\nHost: probe\r\n\r\n",
		 arguments[2]);
	return say_conversation(converse(&to, length, request, answer, sizeof(answer)));
}

/* The body of the answer, cut at its first control character; NULL when it is no 200. */
static char *body_of(char *answer)
{
	char *body = strstr(answer, "\r\n\r\n");

	if (strncmp(answer, "HTTP/1.", 7) != 0 || strncmp(answer + 8, " 200", 4) != 0 ||
	    !body)
		return NULL;
	body += 4;
	body[strcspn(body, "\r\n")] = '\0';
	return body;
}

/* The two steps of IMDSv2: PUT for a token, GET with it. */
static int run_token(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	char request[1024], answer[ANSWER_MAX];
	const char *token;
	ssize_t count = converse(&to, length,
				 "PUT /latest/api/token HTTP/1.0\r\nHost: probe\r\n"
				 "X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"
				 "Content-Length: 0\r\n\r\n",
				 answer, sizeof(answer));

	if (count < 0)
		return say_conversation(count);
	token = body_of(answer);
	if (!token)
		return say_cannot_tell("no-token");
	snprintf(request, sizeof(request),
		 "GET /latest/meta-data/ HTTP/1.0\r\nHost: probe\r\n"
		 "X-aws-ec2-metadata-token: %.512s\r\n\r\n",
		 token);
	count = converse(&to, length, request, answer, sizeof(answer));
	if (count >= 0 && !body_of(answer))
		return say_cannot_tell("token-refused");
	return say_conversation(count);
}

/* A query (RFC 1035) for an A record of NAME; length. */
static size_t dns_query(const char *name, unsigned char *query, size_t size)
{
	static const unsigned char head[12] = { 0x63, 0x6f, 1, 0, 0, 1 };
	static const unsigned char tail[5] = { 0, 0, 1, 0,
					       1 }; /* root, type A, class IN */
	size_t at = sizeof(head);

	memcpy(query, head, sizeof(head));
	while (*name) {
		size_t label = strcspn(name, ".");

		if (label == 0 || label > 63 || at + label + 6 > size)
			break;
		query[at++] = (unsigned char)label;
		for (size_t i = 0; i < label; i++)
			query[at++] = (unsigned char)name[i];
		name += label + (name[label] == '.');
	}
	memcpy(query + at, tail, sizeof(tail));
	return at + sizeof(tail);
}

/* A name is data: whatever resolver answers, the query has left. */
static int run_dns(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], "53", &to);
	unsigned char query[300];
	size_t size = dns_query(arguments[1], query, sizeof(query));
	int fd = connect_within(to.ss_family, SOCK_DGRAM, &to, length, PATIENCE_MS);

	return say_result(fd < 0 ? -1 : (int)send(fd, query, size, 0));
}

const struct verb web_verbs[] = {
	{ "http", 3, 3, "ADDRESS PORT PATH", run_http },
	{ "imds-token", 2, 2, "ADDRESS PORT", run_token },
	{ "dns", 2, 2, "RESOLVER NAME", run_dns },
	{ .name = NULL },
};
