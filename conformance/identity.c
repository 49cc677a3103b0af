/* SPDX-License-Identifier: Apache-2.0 */
/* Order: limits and the bounding set while there are rights to, then groups, gid, uid, then the
 * sets that the change of uid would have cleared, last no_new_privs. Source: capabilities(7). */
#include "conformance/identity.h"
#include "runner/base/own.h"
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void identity_set(struct identity *identity, const struct facts *facts, uid_t uid,
		  gid_t gid, uint64_t user_ns)
{
	*identity = (struct identity){
		.known = true,
		.uid = uid,
		.gid = gid,
		.own_user_namespace = facts->ns[FACT_NS_USER] != user_ns,
		.facts = *facts,
	};
}

/* Lowers only. RLIMIT_NPROC stays: it counts all tasks of that uid on the host, not ours. Core
 * stays too: 1 keeps a piped core_pattern from running anything, 0 does not (core(5)). */
static int assume_limits(const struct facts *facts)
{
	static const __rlimit_resource_t resources[FACT_LIMIT_COUNT] = {
		[FACT_CPU] = RLIMIT_CPU,     [FACT_DATA] = RLIMIT_DATA,
		[FACT_FSIZE] = RLIMIT_FSIZE, [FACT_NOFILE] = RLIMIT_NOFILE,
		[FACT_NPROC] = RLIMIT_NPROC, [FACT_CORE] = RLIMIT_CORE,
		[FACT_AS] = RLIMIT_AS,       [FACT_STACK] = RLIMIT_STACK,
	};

	for (unsigned int i = 0; i < FACT_LIMIT_COUNT; i++) {
		struct rlimit limit;
		rlim_t soft = (rlim_t)facts->limits[i][0];

		if (i == FACT_NPROC || i == FACT_CORE || facts->limits[i][0] < 0)
			continue;
		if (getrlimit(resources[i], &limit) < 0)
			return -1;
		if (soft >= limit.rlim_cur)
			continue;
		limit.rlim_cur = soft;
		if (setrlimit(resources[i], &limit) < 0)
			return -1;
	}
	return 0;
}

static int drop_bounding(uint64_t keep)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if (!(keep & (1ULL << cap)) && prctl(PR_CAPBSET_READ, cap) == 1 &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -1;
	return 0;
}

static int set_capabilities(const struct facts *facts, bool none)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (unsigned int i = 0; i < 2; i++) {
		unsigned int shift = 32 * i;

		data[i] = (struct __user_cap_data_struct){
			.effective =
				none ? 0
				     : (uint32_t)(facts->caps[CAPS_EFFECTIVE] >> shift),
			.permitted =
				none ? 0
				     : (uint32_t)(facts->caps[CAPS_PERMITTED] >> shift),
			.inheritable =
				none ? 0
				     : (uint32_t)(facts->caps[CAPS_INHERITABLE] >> shift),
		};
	}
	return (int)syscall(SYS_capset, &header, data);
}

/* The groups of another user namespace have no numbers here; the primary one was seen. */
static int assume_ids(const struct identity *identity)
{
	const struct facts *facts = &identity->facts;
	size_t count = identity->own_user_namespace ? 0 : facts->group_count;

	/* EPERM where root is root of a user namespace that refuses it: no launcher there can
	 * drop them either. */
	if ((setgroups(count, facts->groups) < 0 && errno != EPERM) ||
	    setresgid(identity->gid, identity->gid, identity->gid) < 0)
		return -1;
	return setresuid(identity->uid, identity->uid, identity->uid);
}

/*
 * Root keeps its powers over exec by its number alone, so a root that was seen without
 * capabilities needs an empty bounding set. What was seen with capabilities as non-root had
 * them ambient; execve would drop the rest.
 */
static int assume_privileged(const struct identity *identity, bool ids_only)
{
	bool none = identity->own_user_namespace;
	const struct facts *facts = &identity->facts;
	uint64_t keep = facts->caps[CAPS_BOUNDING];

	if (ids_only)
		return assume_ids(identity);
	if (none)
		keep = 0;
	else if (identity->uid == 0)
		keep = facts->caps[CAPS_PERMITTED];
	if (drop_bounding(keep) < 0 || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ||
	    assume_ids(identity) < 0 || set_capabilities(facts, none) < 0)
		return -1;
	for (unsigned long cap = 0; cap < 64 && !none; cap++)
		if ((facts->caps[CAPS_AMBIENT] & (1ULL << cap)) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return -1;
	return 0;
}

int identity_assume(const struct identity *identity, bool privileged, enum layer layer)
{
	bool ids_only = layer == LAYER_PRIVILEGE;

	if (!identity->known)
		return 0;
	if (layer != LAYER_RESOURCES && !ids_only && assume_limits(&identity->facts) < 0)
		return -1;
	if (privileged && assume_privileged(identity, ids_only) < 0)
		return -1;
	if (!ids_only && identity->facts.no_new_privs == 1)
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return 0;
}
