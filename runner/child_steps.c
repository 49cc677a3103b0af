/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child_steps - one small function for each step, and the table of them all. Raw system calls where
 * libc would do more than the call (setresuid takes locks): see child.symbols.
 */
#include "runner/base/kernel.h"
#include "runner/child.h"
#include "runner/netns.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t written;
	int saved;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	saved = errno;
	(void)close(fd);
	errno = saved;
	return written < 0 ? -1 : 0;
}

static int nothing(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return 0;
}

/* An unprivileged caller may map its own id onto itself, once setgroups is given up:
 * user_namespaces(7). For a root caller the supervisor writes the maps. */
static int id_map(struct child *child, const struct step *step)
{
	(void)child;
	if (step->number)
		return 0;
	if (write_text("/proc/self/setgroups", "deny") < 0 ||
	    write_text("/proc/self/uid_map", step->path) < 0)
		return -1;
	return write_text("/proc/self/gid_map", step->source);
}

/* A host that runs out of memory should take this tree first; no promise rests on it. */
static int oom_score(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	(void)write_text("/proc/self/oom_score_adj", "500");
	return 0;
}

/* A task that moves only itself is spared the grace period that moving another one costs. */
static int cgroup_enter(struct child *child, const struct step *step)
{
	(void)step;
	for (unsigned int i = 0; i < GROUP_COUNT; i++)
		if (child->groups[i] >= 0 && write(child->groups[i], "0", 1) < 0)
			return -1;
	return 0;
}

static int network_namespace(struct child *child, const struct step *step)
{
	(void)step;
	return netns_enter(child->control, &child->loopback_error);
}

static int cgroup_namespace(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return unshare(CLONE_NEWCGROUP);
}

static int hostname(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return sethostname("confine", strlen("confine"));
}

static int loopback(struct child *child, const struct step *step)
{
	(void)step;
	errno = child->loopback_error;
	return errno ? -1 : 0;
}

/* Of our own user namespace: the kernel looks at who opens the file, and who holds CAP_SYS_RESOURCE
 * in his own may write it (kernel/ucount.c). Nobody can raise it again once capabilities are gone. */
static int none_below(struct child *child, const struct step *step)
{
	(void)step;
	child->below_file =
		open("/proc/sys/user/max_user_namespaces", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (child->below_file < 0)
		return -1;
	return write(child->below_file, "0", 1) == 1 ? 0 : -1;
}

static int subreaper(struct child *child, const struct step *step)
{
	(void)step;
	child->children = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static int keep_capabilities(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
}

static int drop_groups(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return (int)syscall(SYS_setgroups, 0, NULL);
}

static int identity(struct child *child, const struct step *step)
{
	(void)child;
	if (syscall(SYS_setresgid, step->flags, step->flags, step->flags) < 0)
		return -1;
	return (int)syscall(SYS_setresuid, step->number, step->number, step->number);
}

static int keyring(struct child *child, const struct step *step)
{
	long serial = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0);

	(void)step;
	if (serial < 0)
		return -1;
	child->keyring = (int32_t)serial;
	return 0;
}

static int set_umask(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	(void)umask(022);
	return 0;
}

static int drop_bounding(struct child *child, const struct step *step)
{
	(void)child;
	for (unsigned long capability = 0; capability < 64; capability++) {
		int there;

		if (!(step->flags >> capability & 1))
			continue;
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			return 0; /* past the kernel's last */
		/* Without CAP_SETPCAP even what is gone already cannot be dropped. */
		there = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
		if (there < 0)
			return errno == EINVAL ? 0 : -1;
		if (there) {
			errno = EPERM;
			return -1;
		}
	}
	return 0;
}

static int drop_capabilities(struct child *child, const struct step *step)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2];

	(void)child;
	(void)step;
	memset(none, 0, sizeof(none));
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_capset, &header, none);
}

static int no_new_privileges(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* After the last change of identity, which clears it: prctl(2). */
static int lifeline(struct child *child, const struct step *step)
{
	(void)step;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -1;
	child->death_signal = SIGKILL;
	return 0;
}

static int init_guard(struct child *child, const struct step *step)
{
	(void)step;
	child->guard_init = true; /* done once the script's process has its own memory */
	return 0;
}

static int session(struct child *child, const struct step *step)
{
	(void)child;
	(void)step;
	return setsid() < 0 ? -1 : 0;
}

static int limit(struct child *child, const struct step *step)
{
	static const int resources[OP_COUNT] = {
		[OP_RLIMIT_CPU] = RLIMIT_CPU,         [OP_RLIMIT_FILES] = RLIMIT_NOFILE,
		[OP_RLIMIT_FILE_SIZE] = RLIMIT_FSIZE, [OP_RLIMIT_TASKS] = RLIMIT_NPROC,
		[OP_RLIMIT_DATA] = RLIMIT_DATA,       [OP_RLIMIT_CORE] = RLIMIT_CORE,
	};
	struct rlimit value = { step->number, step->number };

	(void)child;
	return (int)syscall(SYS_prlimit64, 0, resources[step->op], &value, NULL);
}

static int working_directory(struct child *child, const struct step *step)
{
	(void)child;
	/* Tried by the very process that will need it, with every privilege gone. */
	if (step->source && access(step->source, W_OK | X_OK) < 0)
		return -1;
	return chdir(step->path);
}

static int close_descriptors(struct child *child, const struct step *step)
{
	(void)child;
	return (int)syscall(SYS_close_range, CHILD_REPORT_SLOT + 1 + step->number, ~0U,
			    0);
}

/* Not close-on-exec there, unlike where it comes from. */
static int result(struct child *child, const struct step *step)
{
	return dup2(child->result, (int)step->number) < 0 ? -1 : 0;
}

/* From here on it holds for this process too: what is still to come is in rule_needed of
 * runner/filter/rules.c. */
static int filter(struct child *child, const struct step *step)
{
	const struct { /* struct sock_fprog, which does not know const */
		unsigned short count;
		const struct sock_filter *code;
	} program = { step->filter->count, step->filter->code };

	(void)child;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

int (*const child_steps[OP_COUNT])(struct child *, const struct step *) = {
	[OP_CGROUP_PIDS] = nothing,
	[OP_CGROUP_MEMORY] = nothing,
	[OP_CGROUP_CPU] = nothing,
	[OP_HOST_SCRATCH] = nothing,
	[OP_ENV_GUARD] = nothing,
	[OP_ENV_WIPE] = nothing,
	[OP_STDIO] = nothing,
	[OP_OUTPUT_CAP] = nothing,
	[OP_DEADLINE] = nothing,
	[OP_KILL_TREE] = nothing,
	[OP_EGRESS] = nothing,
	[OP_UPLINK] = nothing,
	[OP_ID_MAP] = id_map,
	[OP_NS_USER] = nothing,
	[OP_NS_MOUNT] = nothing,
	[OP_NS_PID] = nothing,
	[OP_NS_NETWORK] = network_namespace,
	[OP_NS_IPC] = nothing,
	[OP_NS_UTS] = nothing,
	[OP_OOM_SCORE] = oom_score,
	[OP_CGROUP_ENTER] = cgroup_enter,
	[OP_NS_CGROUP] = cgroup_namespace,
	[OP_HOSTNAME] = hostname,
	[OP_LOOPBACK] = loopback,
	[OP_NONE_BELOW] = none_below,
	[OP_SUBREAPER] = subreaper,
	[OP_PROPAGATION] = child_propagation,
	[OP_READ_ONLY] = child_bind_attributes,
	[OP_NOSUID] = child_bind_attributes,
	[OP_NODEV] = child_bind_attributes,
	[OP_RECURSIVE] = child_bind_attributes,
	[OP_SCRATCH_INERT] = child_bind_attributes,
	[OP_OPEN] = child_open,
	[OP_PROC_OPEN] = child_proc_open,
	[OP_KEEP_CAPABILITIES] = keep_capabilities,
	[OP_GROUPS] = drop_groups,
	[OP_IDENTITY] = identity,
	[OP_KEYRING] = keyring,
	[OP_ROOT] = child_root,
	[OP_PIVOT] = child_pivot,
	[OP_DIRECTORY] = child_directory,
	[OP_LINK] = child_link,
	[OP_SCRATCH_SIZE] = child_scratch_size,
	[OP_SCRATCH] = child_scratch,
	[OP_ATTACH] = child_attach,
	[OP_HIDE] = child_hide,
	[OP_NAMES] = child_names,
	[OP_SCRIPT] = child_script,
	[OP_LANDLOCK_OUTSIDE] = child_landlock_outside,
	[OP_ROOT_READ_ONLY] = child_root_read_only,
	[OP_LANDLOCK_HANDLE] = child_landlock_handle,
	[OP_LANDLOCK_ALLOW] = child_landlock_allow,
	[OP_UMASK] = set_umask,
	[OP_BOUNDING] = drop_bounding,
	[OP_CAPABILITIES] = drop_capabilities,
	[OP_NO_NEW_PRIVILEGES] = no_new_privileges,
	[OP_LIFELINE] = lifeline,
	[OP_INIT_GUARD] = init_guard,
	[OP_SESSION] = session,
	[OP_LANDLOCK_WALL] = child_landlock_enter,
	[OP_LANDLOCK_ALONE] = child_landlock_enter,
	[OP_RESULT] = result,
	[OP_RLIMIT_CPU] = limit,
	[OP_RLIMIT_FILES] = limit,
	[OP_RLIMIT_FILE_SIZE] = limit,
	[OP_RLIMIT_TASKS] = limit,
	[OP_RLIMIT_DATA] = limit,
	[OP_RLIMIT_CORE] = limit,
	[OP_WORKING_DIRECTORY] = working_directory,
	[OP_DESCRIPTORS] = close_descriptors,
	[OP_FILTER_NETWORK] = filter,
	[OP_FILTER] = filter,
};
