/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain - what a Landlock domain refuses and allows, by the ABI of the kernel: tables only
 *
 * Whatever a domain handles is refused everywhere but below the paths of its rules. No version
 * covers chmod, chown, utime, setxattr, stat or access(2), and names can be looked up everywhere:
 * landlock(7). Nothing here allocates or calls the kernel: it is used between clone and exec.
 */
#ifndef RUNNER_DOMAIN_H
#define RUNNER_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The newest ABI that the tables know; a kernel with a newer one is asked for no more. */
#define DOMAIN_ABI 7
/* From here on truncation is refused too: what can be opened by nobody cannot be emptied either. */
#define DOMAIN_ABI_CONTENT 3
/* Before it every move and link from one directory to another is refused, in scratch too. */
#define DOMAIN_ABI_MOVES 2

/* What a rule allows below its path. */
enum domain_grant {
	GRANT_LIST,   /* directories */
	GRANT_READ,   /* … and content */
	GRANT_RUN,    /* … and programs */
	GRANT_WRITE,  /* all but making device nodes and talking to them */
	GRANT_DEVICE, /* one device node: read, write, ioctl */
	GRANT_COUNT,
};
extern const char *const domain_grant_words[GRANT_COUNT];

/* Bits as the kernel numbers them: linux/landlock.h. */
struct domain {
	uint64_t files;  /* LANDLOCK_ACCESS_FS_* */
	uint64_t tcp;    /* LANDLOCK_ACCESS_NET_* */
	uint64_t scopes; /* LANDLOCK_SCOPE_* */
};

/* Everything that this ABI can refuse; `tcp`: bind and connect too. None for ABI 0. */
struct domain domain_handled(unsigned int abi, bool tcp);

/* The handled rights over files that a grant gives; of a path that is no directory the kernel takes
 * only those that a file can have. */
uint64_t domain_allowed(const struct domain *domain, enum domain_grant grant,
			bool directory);

/* One number for all that a kernel was asked for, in that order: what was told before (0 at first) and
 * these rights. Nothing shows a domain from outside, so that whoever makes it has to say. */
uint64_t domain_tell(uint64_t told, uint64_t rights);
uint64_t domain_tell_handled(const struct domain *domain);

/* What a kernel has no right over before an ABI. */
struct domain_gap {
	unsigned int since;
	bool tcp; /* matters only where TCP was to be refused */
	const char *lacks;
};
extern const struct domain_gap domain_gaps[];
extern const size_t domain_gap_count;

#endif
