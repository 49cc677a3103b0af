/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine-names NAME... - what the host's own resolver says of each name, one line an address:
 * "ADDRESS NAME", or "! NAME: why not"; getaddrinfo(3) decides where it asks
 *
 * A program of its own, since the image of confine knows no resolver, and what answers come from
 * the network are not for a supervisor to read.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_failure(const char *name, const char *why)
{
	printf("! %s: %s\n", name, why);
}

static void print_addresses(const char *name, const struct addrinfo *found)
{
	char text[NI_MAXHOST];
	size_t count = 0;

	for (; found; found = found->ai_next) {
		/* A zone belongs to an interface of the host's, which is not there inside. */
		if (getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof(text),
				NULL, 0, NI_NUMERICHOST) != 0 ||
		    strchr(text, '%'))
			continue;
		printf("%s %s\n", text, name);
		count++;
	}
	if (!count)
		print_failure(name, "no address that can be used inside");
}

int main(int argc, char **argv)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
					.ai_socktype = SOCK_STREAM };

	for (int i = 1; i < argc; i++) {
		struct addrinfo *found = NULL;
		int status = getaddrinfo(argv[i], NULL, &hints, &found);

		if (status == 0)
			print_addresses(argv[i], found);
		else
			print_failure(argv[i], gai_strerror(status));
		if (status == 0)
			freeaddrinfo(found);
	}
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
