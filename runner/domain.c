/* SPDX-License-Identifier: Apache-2.0 */
/* domain - see domain.h. Source: linux/landlock.h of Linux 6.15, landlock(7). */
#include "runner/domain.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"

#define READ_DIRECTORIES KERNEL_LANDLOCK_READ_DIR
#define READ_ALL         (READ_DIRECTORIES | KERNEL_LANDLOCK_READ_FILE)
#define RUN_ALL          (READ_ALL | KERNEL_LANDLOCK_EXECUTE)
/* Rights that the kernel takes for a path that is no directory; of any other it says EINVAL. */
#define OF_FILES                                                                         \
	(KERNEL_LANDLOCK_EXECUTE | KERNEL_LANDLOCK_WRITE_FILE |                          \
	 KERNEL_LANDLOCK_READ_FILE | KERNEL_LANDLOCK_TRUNCATE |                          \
	 KERNEL_LANDLOCK_IOCTL_DEV)

/* What each version added. */
static const struct {
	unsigned int since;
	struct domain adds;
} versions[] = {
	{ 1, { .files = KERNEL_LANDLOCK_FIRST } },
	{ 2, { .files = KERNEL_LANDLOCK_REFER } },
	{ 3, { .files = KERNEL_LANDLOCK_TRUNCATE } },
	{ 4, { .tcp = KERNEL_LANDLOCK_BIND_TCP | KERNEL_LANDLOCK_CONNECT_TCP } },
	{ 5, { .files = KERNEL_LANDLOCK_IOCTL_DEV } },
	{ 6,
	  { .scopes = KERNEL_LANDLOCK_SCOPE_ABSTRACT | KERNEL_LANDLOCK_SCOPE_SIGNAL } },
};

const struct domain_gap domain_gaps[] = {
	{ 2, false, "moving and linking between directories, refused altogether" },
	{ 3, false, "truncating files" },
	{ 4, true, "TCP" },
	{ 5, false, "ioctl on devices" },
	{ 6, false, "abstract unix sockets, signals" },
};
const size_t domain_gap_count = ARRAY_SIZE(domain_gaps);

const char *const domain_grant_words[GRANT_COUNT] = {
	[GRANT_LIST] = "list",   [GRANT_READ] = "read",     [GRANT_RUN] = "run",
	[GRANT_WRITE] = "write", [GRANT_DEVICE] = "device",
};

static const uint64_t grants[GRANT_COUNT] = {
	[GRANT_LIST] = READ_DIRECTORIES,
	[GRANT_READ] = READ_ALL,
	[GRANT_RUN] = RUN_ALL,
	[GRANT_WRITE] = (KERNEL_LANDLOCK_FIRST | KERNEL_LANDLOCK_REFER |
			 KERNEL_LANDLOCK_TRUNCATE) &
			~(KERNEL_LANDLOCK_MAKE_CHAR | KERNEL_LANDLOCK_MAKE_BLOCK),
	[GRANT_DEVICE] = KERNEL_LANDLOCK_READ_FILE | KERNEL_LANDLOCK_WRITE_FILE |
			 KERNEL_LANDLOCK_TRUNCATE | KERNEL_LANDLOCK_IOCTL_DEV,
};

struct domain domain_handled(unsigned int abi, bool tcp)
{
	struct domain domain = { 0, 0, 0 };

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		if (versions[i].since > abi)
			break;
		domain.files |= versions[i].adds.files;
		domain.tcp |= tcp ? versions[i].adds.tcp : 0;
		domain.scopes |= versions[i].adds.scopes;
	}
	return domain;
}

uint64_t domain_allowed(const struct domain *domain, enum domain_grant grant,
			bool directory)
{
	return grants[grant] & domain->files & (directory ? UINT64_MAX : OF_FILES);
}

/* FNV-1a, a word at a time. */
uint64_t domain_tell(uint64_t told, uint64_t rights)
{
	return (told ^ rights) * 0x100000001b3U + 1;
}

uint64_t domain_tell_handled(const struct domain *domain)
{
	return domain_tell(domain_tell(domain_tell(0, domain->files), domain->tcp),
			   domain->scopes);
}
