/* SPDX-License-Identifier: Apache-2.0 */
/* selfcheck_net - what of selfcheck is about sockets */
#include "probes/attack/attack.h"
#include "probes/attack/selfcheck.h"
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void selfcheck_port(const char *port)
{
	struct sockaddr_storage to;
	size_t length = address_of("127.0.0.1", port, &to);

	fact_opened("port", "", connect_within(AF_INET, SOCK_STREAM, &to, length, 500));
}

static void try_unix(const char *key, const char *name, bool abstract)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1);

	(void)strncpy(to.sun_path + abstract, name, sizeof(to.sun_path) - 2);
	fact_result(key, "",
		    fd < 0 ? -1 : connect(fd, (const struct sockaddr *)&to, length));
	if (fd >= 0)
		(void)close(fd);
}

void selfcheck_abstract(const char *name)
{
	try_unix("abstract", name, true);
}

void selfcheck_socket(const char *path)
{
	try_unix("socket", path, false);
}

/* The inode of the caller's network: only away from it is a route asked for, and no packet sent. */
void selfcheck_metadata(const char *value)
{
	struct stat status = { 0 };
	struct sockaddr_storage to;
	size_t length = address_of("169.254.169.254", "80", &to);
	int fd;

	if (stat("/proc/self/ns/net", &status) < 0 || status.st_ino == number(value)) {
		fact("metadata", "", "not-tried");
		return;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	fact_result(
		"metadata", "",
		fd < 0 ? -1
		       : connect(fd, (const struct sockaddr *)&to, (socklen_t)length));
	if (fd >= 0)
		(void)close(fd);
}

/* ADDRESS,PORT of a private network of the caller's, never of another: a datagram. A rule of the
 * run's own refuses it before it leaves, and says so at once. */
static void send_to(const char *key, const char *value)
{
	struct sockaddr_storage to;
	char address[64] = "";
	const char *port = strchr(value, ',');
	size_t length;
	int fd;

	if (!port || (size_t)(port - value) >= sizeof(address))
		exit(2);
	memcpy(address, value, (size_t)(port - value));
	length = address_of(address, port + 1, &to);
	fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	fact_result(key, address,
		    fd < 0 ? -1
			   : (int)sendto(fd, "x", 1, 0, (const struct sockaddr *)&to,
					 (socklen_t)length));
	if (fd >= 0)
		(void)close(fd);
}

void selfcheck_refused(const char *value)
{
	send_to("refused", value);
}

void selfcheck_metadata_service(const char *value)
{
	send_to("service", value);
}
