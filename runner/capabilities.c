/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capabilities - cheap facts are read up front, everything else is presumed until a step fails.
 * A version, a uid or a file name never decides: kernels are patched, containers lie.
 */
#include "runner/capabilities.h"
#include "runner/base/cgroup_place.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

const char *const capability_names[CAPABILITY_COUNT] = {
	[CAPABILITY_NONE] = "none",
	[CAPABILITY_USER_NAMESPACE] = "user namespaces",
	[CAPABILITY_MOUNT_NAMESPACE] = "mount namespaces",
	[CAPABILITY_PID_NAMESPACE] = "pid namespaces",
	[CAPABILITY_NETWORK_NAMESPACE] = "network namespaces",
	[CAPABILITY_IPC_NAMESPACE] = "ipc namespaces",
	[CAPABILITY_UTS_NAMESPACE] = "uts namespaces",
	[CAPABILITY_CGROUP_NAMESPACE] = "cgroup namespaces",
	[CAPABILITY_ID_MAP] = "mapping an identity of its own",
	[CAPABILITY_SET_IDS] = "changing to another uid",
	[CAPABILITY_SET_GROUPS] = "dropping supplementary groups",
	[CAPABILITY_PRIVATE_ROOT] = "a private root file system",
	[CAPABILITY_PROC] = "a private /proc",
	[CAPABILITY_LOOPBACK] = "a loopback interface of its own",
	[CAPABILITY_CGROUP_PIDS] = "a pids cgroup",
	[CAPABILITY_CGROUP_MEMORY] = "a memory cgroup",
	[CAPABILITY_CGROUP_SWAP] = "counting swap in a memory cgroup",
	[CAPABILITY_CGROUP_CPU] = "a cgroup that counts CPU time",
	[CAPABILITY_KEYRING] = "a session keyring of its own",
	[CAPABILITY_NONE_BELOW] = "forbidding nested user namespaces",
	[CAPABILITY_LANDLOCK] = "Landlock",
	[CAPABILITY_SECCOMP] = "system call filters",
	[CAPABILITY_FILTER] = "compiling a filter of the policy's own",
	[CAPABILITY_PACKET_FILTER] = "packet filter rules",
	[CAPABILITY_UPLINK] = "an uplink for a network namespace",
};

#define ADVICE_NAMESPACE                                                                 \
	"allow it: sysctl user.max_*_namespaces, kernel.unprivileged_userns_clone, "     \
	"kernel.apparmor_restrict_unprivileged_userns, or the container's seccomp "      \
	"profile"

#define ADVICE_GROUP                                                                     \
	"run as root with the cgroup hierarchy mounted, or in a group that is yours "    \
	"alone: systemd-run --user --scope -p Delegate=yes confine run …"

const char *const capability_advice[CAPABILITY_COUNT] = {
	[CAPABILITY_USER_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_MOUNT_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_PID_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_NETWORK_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_IPC_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_UTS_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_CGROUP_NAMESPACE] = ADVICE_NAMESPACE,
	[CAPABILITY_ID_MAP] =
		"give the container CAP_SETUID and CAP_SETGID, and an id range that "
		"holds 61184-65519",
	[CAPABILITY_SET_IDS] = "run confine as an unprivileged user, or with CAP_SETUID",
	[CAPABILITY_SET_GROUPS] = "run confine as a user without supplementary groups",
	[CAPABILITY_PRIVATE_ROOT] =
		"needs Linux 5.12 or later, and mount calls that no filter "
		"refuses",
	[CAPABILITY_PROC] = "unmask /proc for this container",
	[CAPABILITY_SECCOMP] = "needs a kernel with CONFIG_SECCOMP_FILTER, and a "
			       "container that lets seccomp(2) through",
	[CAPABILITY_FILTER] = "install confine-filter in libexec/confine, or leave "
			      "allow and refuse out",
	[CAPABILITY_LANDLOCK] =
		"needs Linux 5.13 or later with landlock among the lsm= of the boot "
		"command line, and calls that no filter refuses",
	[CAPABILITY_NONE_BELOW] = "let /proc/sys/user be writable in this container",
	[CAPABILITY_PACKET_FILTER] =
		"needs nf_tables, nft_ct and nft_reject_inet in the kernel (modprobe "
		"them), and confine-egress installed",
	[CAPABILITY_UPLINK] =
		"install passt or slirp4netns, let the caller open /dev/net/tun "
		"(container: --device /dev/net/tun), and have a default route",
	[CAPABILITY_CGROUP_PIDS] = ADVICE_GROUP,
	[CAPABILITY_CGROUP_CPU] = ADVICE_GROUP,
	[CAPABILITY_CGROUP_SWAP] = "boot the kernel with swapaccount=1",
	[CAPABILITY_CGROUP_MEMORY] = ADVICE_GROUP,
};

static const uint64_t clone_flags[CAPABILITY_COUNT] = {
	[CAPABILITY_USER_NAMESPACE] = CLONE_NEWUSER,
	[CAPABILITY_MOUNT_NAMESPACE] = CLONE_NEWNS,
	[CAPABILITY_PID_NAMESPACE] = CLONE_NEWPID,
	[CAPABILITY_NETWORK_NAMESPACE] = CLONE_NEWNET,
	[CAPABILITY_IPC_NAMESPACE] = CLONE_NEWIPC,
	[CAPABILITY_UTS_NAMESPACE] = CLONE_NEWUTS,
	[CAPABILITY_CGROUP_NAMESPACE] = CLONE_NEWCGROUP,
};

/* What upstream shows of the host, each only where it exists. */
const char *const capability_bases[CAPABILITY_BASES] = {
	"/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc",
};

const char *const capability_secrets[] = {
	"/etc/shadow",  "/etc/shadow-",   "/etc/gshadow",     "/etc/gshadow-",
	"/etc/sudoers", "/etc/sudoers.d", "/etc/ssl/private", NULL,
};

uint64_t capability_clone_flag(enum capability capability)
{
	return clone_flags[capability];
}

void capabilities_rule_out(struct capabilities *caps, enum capability capability,
			   const char *format, ...)
{
	va_list arguments;

	if (!caps->is[capability].here)
		return;
	caps->is[capability].here = false;
	va_start(arguments, format);
	(void)vsnprintf(caps->is[capability].why, sizeof(caps->is[capability].why),
			format, arguments);
	va_end(arguments);
}

static void read_groups(struct capabilities *caps)
{
	gid_t groups[1024]; /* more than that: getgroups fails, and none is named */
	int count = getgroups((int)ARRAY_SIZE(groups), groups);

	for (int i = 0; i < count; i++)
		if (groups[i] != caps->gid &&
		    caps->group_count < ARRAY_SIZE(caps->groups))
			caps->groups[caps->group_count++] = groups[i];
}

static void read_bases(struct capabilities *caps)
{
	for (size_t i = 0; i < CAPABILITY_BASES; i++) {
		struct stat status;
		ssize_t length;

		caps->bases[i].path = capability_bases[i];
		if (lstat(capability_bases[i], &status) < 0)
			continue;
		caps->bases[i].here = S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode);
		if (!S_ISLNK(status.st_mode))
			continue;
		length = readlink(capability_bases[i], caps->bases[i].link,
				  sizeof(caps->bases[i].link) - 1);
		if (length < 0)
			caps->bases[i].here = false;
	}
}

static void judge_home(struct capabilities *caps, enum run_group group,
		       enum capability capability)
{
	const struct cgroup_home *home = &caps->homes[group];

	if (!home->version)
		capabilities_rule_out(caps, capability, "%s", home->why);
	else if (faccessat(AT_FDCWD, home->path, W_OK, AT_EACCESS) < 0)
		capabilities_rule_out(caps, capability,
				      "the caller's own group %s is not writable: %s",
				      home->path, err_name(errno));
}

static void read_cgroups(struct capabilities *caps)
{
	static const char *const controllers[] = { "pids", "memory" };
	size_t found = 0;

	static_assert(GROUP_PIDS == 0 && GROUP_MEMORY == 1, "in the order of homes");
	cgroup_find(controllers, ARRAY_SIZE(controllers), caps->homes);
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++)
		found += caps->homes[i].version != 0;
	if (found < ARRAY_SIZE(controllers))
		cgroup_place(CGROUP_PREFIX, controllers, ARRAY_SIZE(controllers),
			     caps->homes);
	judge_home(caps, GROUP_PIDS, CAPABILITY_CGROUP_PIDS);
	judge_home(caps, GROUP_MEMORY, CAPABILITY_CGROUP_MEMORY);
}

/* Every version 2 group counts time, whatever it is passed: where there is one anyway it is that,
 * else the account of version 1, else a version 2 group for nothing but this. */
void capabilities_find_cpu(struct capabilities *caps)
{
	static const char *const accounts[] = { "cpuacct", "" };
	struct cgroup_home *home = &caps->homes[GROUP_CPU];
	bool pids = caps->homes[GROUP_PIDS].version == 2;

	*home = caps->homes[pids ? GROUP_PIDS : GROUP_MEMORY];
	for (size_t i = 0; i < ARRAY_SIZE(accounts) && home->version != 2; i++) {
		cgroup_find(&accounts[i], 1, home);
		if (home->version &&
		    faccessat(AT_FDCWD, home->path, W_OK, AT_EACCESS) == 0)
			break;
	}
	judge_home(caps, GROUP_CPU, CAPABILITY_CGROUP_CPU);
}

/* Of root it says nothing: its script is somebody else. */
static void read_secrets(struct capabilities *caps)
{
	for (size_t i = 0; caps->uid && capability_secrets[i]; i++)
		if (faccessat(AT_FDCWD, capability_secrets[i], R_OK, AT_EACCESS) == 0)
			caps->reads_secrets = true;
}

static void read_landlock(struct capabilities *caps)
{
	int abi = kernel_landlock_create(NULL, 0, KERNEL_LANDLOCK_CREATE_VERSION);

	if (abi > 0)
		caps->landlock_abi = (unsigned int)abi;
	else
		capabilities_rule_out(caps, CAPABILITY_LANDLOCK,
				      "landlock_create_ruleset: %s", err_name(errno));
}

/* Limits that a plan may set, and so has to know. */
static const unsigned int set_by_us[] = { RLIMIT_CPU,   RLIMIT_NOFILE, RLIMIT_FSIZE,
					  RLIMIT_NPROC, RLIMIT_DATA,   RLIMIT_CORE };

void capabilities_presume(struct capabilities *caps)
{
	memset(caps, 0, sizeof(*caps));
	for (unsigned int i = 0; i < CAPABILITY_COUNT; i++)
		caps->is[i].here = true;
	caps->uid = geteuid();
	caps->gid = getegid();
	read_groups(caps);
	read_bases(caps);
	read_cgroups(caps);
	read_landlock(caps);
	read_secrets(caps);
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		caps->limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	for (size_t k = 0; k < ARRAY_SIZE(set_by_us); k++) {
		unsigned int i = set_by_us[k];

		if (syscall(SYS_prlimit64, 0, i, NULL, &caps->limits[i]) < 0)
			caps->limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	}
}

bool capability_is_told_by(int sys)
{
	static const int passing[] = { EMFILE, ENFILE, ENOMEM, ENOBUFS, EAGAIN, EINTR };

	for (size_t i = 0; i < ARRAY_SIZE(passing); i++)
		if (sys == passing[i])
			return false;
	return true;
}

/* 0, or the errno of a clone with these flags. */
static int try_clone(uint64_t flags)
{
	struct kernel_clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	pid_t pid = kernel_clone3(&args);

	if (pid < 0 && errno == ENOSYS)
		pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		return errno;
	if (pid == 0)
		_exit(0);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

void capabilities_try_namespaces(struct capabilities *caps, bool with_user)
{
	uint64_t user = with_user ? CLONE_NEWUSER : 0;
	int sys = user ? try_clone(user) : 0;

	if (sys && !capability_is_told_by(sys))
		return;
	if (sys) {
		capabilities_rule_out(caps, CAPABILITY_USER_NAMESPACE,
				      "a user namespace is refused: %s", err_name(sys));
		user = 0;
		if (caps->uid != 0) /* then there is no other kind either */
			return;
	}
	for (unsigned int i = CAPABILITY_MOUNT_NAMESPACE;
	     i <= CAPABILITY_CGROUP_NAMESPACE; i++) {
		if (!caps->is[i].here)
			continue;
		sys = try_clone(user | clone_flags[i]);
		if (sys && !capability_is_told_by(sys))
			return;
		if (sys)
			capabilities_rule_out(caps, i, "%s are refused: %s",
					      capability_names[i], err_name(sys));
	}
}
