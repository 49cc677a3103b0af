/* SPDX-License-Identifier: Apache-2.0 */
/* verify_claims - every step that claims something has a row: what must have been seen for it */
#include "runner/base/fd.h"
#include "runner/domain.h"
#include "runner/egress.h"
#include "runner/verify.h"
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a check looks at: the claim, the plan it stands in, what was really done. */
struct claim {
	const struct view *view;
	const struct step *step;
	const struct plan *claims, *done;
	const char *why;
};

static bool check_namespace(struct claim *claim)
{
	static const unsigned int which[OP_COUNT] = {
		[OP_NS_USER] = 0,    [OP_NS_MOUNT] = 1, [OP_NS_PID] = 2,
		[OP_NS_NETWORK] = 3, [OP_NS_IPC] = 4,   [OP_NS_UTS] = 5,
		[OP_NS_CGROUP] = 6,
	};
	unsigned int i = which[claim->step->op];
	const struct view *view = claim->view;

	claim->why =
		view->inside[i] ? "it is the namespace of the host" : "it cannot be read";
	return view->inside[i] && view->outside[i] && view->inside[i] != view->outside[i];
}

static bool same_map(const char *seen, const char *wanted)
{
	unsigned int a[4], b[3];

	/* a fourth number would be a second line */
	return sscanf(seen, "%u %u %u %u", &a[0], &a[1], &a[2], &a[3]) == 3 &&
	       sscanf(wanted, "%u %u %u", &b[0], &b[1], &b[2]) == 3 &&
	       !memcmp(a, b, sizeof(b));
}

static bool check_maps(struct claim *claim)
{
	claim->why = "the id maps are others";
	return same_map(claim->view->uid_map, claim->step->path) &&
	       same_map(claim->view->gid_map, claim->step->source);
}

static bool check_groups(struct claim *claim)
{
	claim->why = arena_printf(claim->view->arena, "groups %s",
				  view_status(claim->view, "Groups"));
	return claim->view->status[0] && !view_status(claim->view, "Groups")[0];
}

static bool four_ids(const char *text, uint64_t wanted)
{
	unsigned int id[4];

	if (sscanf(text, "%u %u %u %u", &id[0], &id[1], &id[2], &id[3]) != 4)
		return false;
	for (unsigned int i = 0; i < 4; i++)
		if (id[i] != wanted)
			return false;
	return true;
}

static bool check_identity(struct claim *claim)
{
	claim->why = arena_printf(claim->view->arena, "uid %s, gid %s",
				  view_status(claim->view, "Uid"),
				  view_status(claim->view, "Gid"));
	return four_ids(view_status(claim->view, "Uid"), claim->step->number) &&
	       four_ids(view_status(claim->view, "Gid"), claim->step->flags);
}

static bool no_bits(struct claim *claim, const char *name)
{
	const char *text = view_status(claim->view, name);

	if (*text && strspn(text, "0") == strlen(text))
		return true;
	claim->why = arena_printf(claim->view->arena, "%s is %s", name, text);
	return false;
}

static bool check_bounding(struct claim *claim)
{
	return no_bits(claim, "CapBnd");
}

static bool check_capabilities(struct claim *claim)
{
	return no_bits(claim, "CapEff") && no_bits(claim, "CapPrm") &&
	       no_bits(claim, "CapInh") && no_bits(claim, "CapAmb");
}

static bool check_no_new_privileges(struct claim *claim)
{
	claim->why = "NoNewPrivs is not 1";
	return str_equal(view_status(claim->view, "NoNewPrivs"), "1");
}

static bool check_umask(struct claim *claim)
{
	claim->why = "another umask";
	return str_equal(view_status(claim->view, "Umask"), "0022");
}

static bool check_keyring(struct claim *claim)
{
	claim->why = "it is the caller's";
	return claim->view->spawn->keyring > 0 &&
	       claim->view->spawn->keyring != claim->view->own_keyring;
}

/* A new session has no controlling terminal, and only its leader could take one: setsid(2). */
static bool check_session(struct claim *claim)
{
	claim->why = "it shares a session, and with it a terminal";
	return claim->view->session == claim->view->spawn->script;
}

/* Is what the child was given what the receipt names? */
static bool is_own_program(const struct claim *claim)
{
	const struct step *done = plan_find(claim->done, claim->step->op);

	return done && filter_digest(done->filter->code, done->filter->count) ==
			       claim->step->filter->digest;
}

/* One filter more on it than on us for every step that claims one. */
static bool check_filter(struct claim *claim)
{
	const char *mode = view_status(claim->view, "Seccomp");
	const char *count = view_status(claim->view, "Seccomp_filters");
	unsigned long wanted = claim->view->own_filters, seen;

	for (size_t i = 0; i < claim->claims->count; i++)
		wanted += claim->claims->steps[i].filter != NULL;
	claim->why = "another program than the one that is named";
	if (!is_own_program(claim))
		return false;
	claim->why = "how many filters the caller had cannot be read";
	if (claim->view->own_filters == ULONG_MAX)
		return false;
	claim->why = arena_printf(claim->view->arena,
				  "Seccomp %s with %s filters, not 2 with %lu", mode,
				  count, wanted);
	return str_equal(mode, "2") && sscanf(count, "%lu", &seen) == 1 && seen == wanted;
}

/* The script's end of our pipe, to write to and no more. */
static bool is_result_pipe(struct claim *claim, unsigned int descriptor)
{
	const struct step *step = plan_find(claim->claims, OP_RESULT);
	struct stat ours, theirs;
	char path[32], text[512];
	const char *flags;

	if (!step || descriptor != step->number)
		return false;
	(void)snprintf(path, sizeof(path), "fd/%u", descriptor);
	if (fstat(claim->view->spawn->result.from, &ours) < 0 ||
	    fstatat(claim->view->proc, path, &theirs, 0) < 0 ||
	    ours.st_ino != theirs.st_ino || ours.st_dev != theirs.st_dev)
		return false;
	(void)snprintf(path, sizeof(path), "fdinfo/%u", descriptor);
	if (fd_read_small_at(claim->view->proc, path, text, sizeof(text)) <= 0)
		return false;
	flags = strstr(text, "flags:");
	return flags &&
	       (strtoul(flags + strlen("flags:"), NULL, 8) & O_ACCMODE) == O_WRONLY;
}

static bool check_result(struct claim *claim)
{
	claim->why = "its descriptor is not our pipe";
	return is_result_pipe(claim, (unsigned int)claim->step->number);
}

static bool check_descriptors(struct claim *claim)
{
	size_t kept = 0, wanted = 3 + claim->step->number;

	for (size_t i = 0; i < claim->view->descriptor_count; i++) {
		if (!claim->view->descriptor_open[i])
			continue;
		kept++;
		if (claim->view->descriptors[i] > 2 &&
		    !is_result_pipe(claim, claim->view->descriptors[i])) {
			claim->why =
				arena_printf(claim->view->arena, "descriptor %u is open",
					     claim->view->descriptors[i]);
			return false;
		}
	}
	claim->why = "they cannot be read";
	return kept == wanted;
}

static bool check_pipes(struct claim *claim)
{
	struct stat ours, theirs;

	claim->why = "its output does not go to our pipes";
	for (unsigned int i = 0; i < 2; i++) {
		char path[16];

		(void)snprintf(path, sizeof(path), "fd/%u", i + 1);
		if (fstat(claim->view->spawn->output[i], &ours) < 0 ||
		    fstatat(claim->view->proc, path, &theirs, 0) < 0 ||
		    ours.st_ino != theirs.st_ino || ours.st_dev != theirs.st_dev)
			return false;
	}
	return true;
}

static bool check_rlimit(struct claim *claim)
{
	const struct view *view = claim->view;

	claim->why = "the kernel has another number";
	for (size_t i = 0; i < SEEN_LIMITS; i++)
		if (seen_limits[i].op == claim->step->op)
			return view->limit_seen[i] &&
			       view->limits[i].rlim_cur == claim->step->number &&
			       view->limits[i].rlim_max == claim->step->number;
	return false;
}

/* As the last part of a path of /proc/PID/cgroup. */
static bool is_in_group(struct claim *claim, enum run_group group)
{
	const char *name = groups_name(&claim->view->spawn->groups, group);
	char last[NAME_MAX + 3];

	claim->why = "the script is not in its group";
	/* Whole: one group's name may begin as another's. */
	(void)snprintf(last, sizeof(last), "/%s\n", name);
	return name[0] && strstr(claim->view->cgroup, last);
}

static bool check_tasks(struct claim *claim)
{
	if (!is_in_group(claim, GROUP_PIDS))
		return false;
	claim->why = "the group holds another number";
	return claim->view->group_limits[GROUP_PIDS] == claim->step->number;
}

static bool check_memory(struct claim *claim)
{
	uint64_t wanted = claim->step->number, page = (uint64_t)sysconf(_SC_PAGESIZE);

	wanted -= wanted % page;
	if (!is_in_group(claim, GROUP_MEMORY))
		return false;
	claim->why = "the group holds another number";
	if (claim->view->group_limits[GROUP_MEMORY] != wanted)
		return false;
	claim->why = "the group does not bound swap";
	return !claim->step->flags ||
	       groups_bound_swap(&claim->view->spawn->groups, wanted);
}

/* Read by the script's own process, when it could not have changed it any more. */
static bool check_none_below(struct claim *claim)
{
	claim->why = "the script may make user namespaces of its own";
	return claim->view->spawn->below == 0;
}

/* What the child should have asked the kernel for. */
static uint64_t told_by(const struct plan *plan)
{
	const struct step *handle = plan_find(plan, OP_LANDLOCK_HANDLE);
	uint64_t told = handle ? domain_tell_handled(handle->domain) : 0;

	for (size_t i = 0; handle && i < plan->count; i++)
		if (plan->steps[i].op == OP_LANDLOCK_ALLOW)
			told = domain_tell(
				told,
				domain_allowed(handle->domain,
					       (enum domain_grant)plan->steps[i].flags,
					       true));
	return told;
}

/* Nothing in /proc shows a Landlock domain: the process tried it, before and after it went in, and
 * says which rights it gave to the kernel. */
static bool check_landlock(struct claim *claim)
{
	uint32_t tried = claim->view->spawn->tried;

	claim->why = "the rights that it handles or allows are others";
	if (claim->view->spawn->told != told_by(claim->claims))
		return false;
	claim->why = !(tried & CHILD_TRIED_READ) ? "a read outside its rules goes through"
		     : !(tried & CHILD_TRIED_WRITE)
			     ? "a write outside its rules goes through"
			     : "scratch is closed too";
	return tried == CHILD_TRIED_ALL;
}

static bool check_lifeline(struct claim *claim)
{
	claim->why = "init would outlive the supervisor";
	return claim->view->spawn->death_signal == SIGKILL;
}

/* A process that is not dumpable belongs to root in /proc. Its arguments anybody could read. */
static bool check_init(struct claim *claim)
{
	int init = claim->view->init;
	struct stat status;
	char text[256];
	ssize_t length;

	claim->why = "init can be read by the script";
	if (init < 0 || fstatat(init, "environ", &status, 0) < 0 ||
	    (status.st_uid == claim->claims->uid && claim->claims->uid != 0))
		return false;
	length = fd_read_small_at(init, "cmdline", text, sizeof(text));
	for (ssize_t i = 0; i < length; i++)
		if (text[i])
			return false;
	return length >= 0;
}

static bool check_environment(struct claim *claim)
{
	const struct environment *environment = &claim->done->environment;

	for (size_t i = 0; i < environment->count; i++) {
		const char *name = arena_strndup(claim->view->arena, environment->vars[i],
						 strcspn(environment->vars[i], "="));

		if (str_equal(name, "PATH") || !environment_is_forbidden(name))
			continue;
		claim->why = arena_printf(claim->view->arena, "it holds %s", name);
		return false;
	}
	return true;
}

/* A duty of the supervisor itself: it is done when the plan that it follows says so. */
static bool check_duty(struct claim *claim)
{
	const struct step *duty = plan_find(claim->done, claim->step->op);

	claim->why = "the supervisor does not do it";
	return duty && duty->number == claim->step->number;
}

/* The kernel counts, the supervisor holds the number. */
static bool check_cpu(struct claim *claim)
{
	uint64_t spent_us;

	if (!is_in_group(claim, GROUP_CPU))
		return false;
	claim->why = "the group counts no time";
	return groups_read_cpu(&claim->view->spawn->groups, &spent_us) &&
	       check_duty(claim);
}

static bool check_bind(struct claim *claim)
{
	return verify_bind_attribute(claim->view, claim->claims, claim->step->op,
				     &claim->why);
}

static bool check_root(struct claim *claim)
{
	return verify_root(claim->view, claim->claims, &claim->why);
}

static bool check_root_read_only(struct claim *claim)
{
	return verify_root_read_only(claim->view, &claim->why);
}

static bool check_proc(struct claim *claim)
{
	return verify_proc(claim->view, claim->claims, &claim->why);
}

static bool check_scratch_size(struct claim *claim)
{
	return verify_scratch_size(claim->view, claim->step, &claim->why);
}

static bool check_hidden(struct claim *claim)
{
	return verify_hidden(claim->view, claim->step, &claim->why);
}

static bool check_names(struct claim *claim)
{
	return verify_names(claim->view, claim->step, &claim->why);
}

/* What the kernel listed when everything stood, against what the policy asks for. */
static bool check_rules(struct claim *claim)
{
	const struct outlet *outlet = &claim->view->spawn->outlet;
	owned_str struct str asked = { 0 };

	egress_rules(claim->claims->policy, &asked);
	claim->why = egress_compare(str_text(&asked), str_text(&outlet->rules),
				    claim->view->arena);
	return !claim->why;
}

static bool check_uplink(struct claim *claim)
{
	claim->why = "it has ended";
	return uplink_lives(&claim->view->spawn->outlet.uplink);
}

/* A step without a row claims nothing by itself. */
static bool (*const checks[OP_COUNT])(struct claim *) = {
	[OP_CGROUP_PIDS] = check_tasks,
	[OP_CGROUP_MEMORY] = check_memory,
	[OP_CGROUP_CPU] = check_cpu,
	[OP_ENV_GUARD] = check_environment,
	[OP_STDIO] = check_pipes,
	[OP_OUTPUT_CAP] = check_duty,
	[OP_DEADLINE] = check_duty,
	[OP_KILL_TREE] = check_duty,
	[OP_EGRESS] = check_rules,
	[OP_UPLINK] = check_uplink,
	[OP_ID_MAP] = check_maps,
	[OP_NS_USER] = check_namespace,
	[OP_NS_MOUNT] = check_namespace,
	[OP_NS_PID] = check_namespace,
	[OP_NS_NETWORK] = check_namespace,
	[OP_NS_IPC] = check_namespace,
	[OP_NS_UTS] = check_namespace,
	[OP_NS_CGROUP] = check_namespace,
	[OP_NONE_BELOW] = check_none_below,
	[OP_GROUPS] = check_groups,
	[OP_IDENTITY] = check_identity,
	[OP_KEYRING] = check_keyring,
	[OP_READ_ONLY] = check_bind,
	[OP_NOSUID] = check_bind,
	[OP_NODEV] = check_bind,
	[OP_RECURSIVE] = check_bind,
	[OP_SCRATCH_INERT] = check_bind,
	[OP_PROC_OPEN] = check_proc,
	[OP_PIVOT] = check_root,
	[OP_SCRATCH_SIZE] = check_scratch_size,
	[OP_NAMES] = check_names,
	[OP_HIDE] = check_hidden,
	[OP_ROOT_READ_ONLY] = check_root_read_only,
	[OP_UMASK] = check_umask,
	[OP_BOUNDING] = check_bounding,
	[OP_CAPABILITIES] = check_capabilities,
	[OP_NO_NEW_PRIVILEGES] = check_no_new_privileges,
	[OP_LIFELINE] = check_lifeline,
	[OP_SESSION] = check_session,
	[OP_LANDLOCK_WALL] = check_landlock,
	[OP_LANDLOCK_ALONE] = check_landlock,
	[OP_RESULT] = check_result,
	[OP_RLIMIT_CPU] = check_rlimit,
	[OP_RLIMIT_FILES] = check_rlimit,
	[OP_RLIMIT_FILE_SIZE] = check_rlimit,
	[OP_RLIMIT_TASKS] = check_rlimit,
	[OP_RLIMIT_DATA] = check_rlimit,
	[OP_RLIMIT_CORE] = check_rlimit,
	[OP_DESCRIPTORS] = check_descriptors,
	[OP_FILTER_NETWORK] = check_filter,
	[OP_FILTER] = check_filter,
};

static bool (*const guard_checks[OP_COUNT])(struct claim *) = {
	[OP_INIT_GUARD] = check_init,
};

static void compare(const struct view *view, const struct plan *done, const bool *trusted,
		    bool (*const table[OP_COUNT])(struct claim *), struct plan *claims)
{
	for (size_t i = 0; i < claims->count; i++) {
		struct claim claim = { view, &claims->steps[i], claims, done, "" };
		enum op op = claim.step->op;

		if (table[op] && !(trusted && trusted[op]) && !table[op](&claim))
			plan_withdraw(claims, view->arena, claim.step, claim.why);
	}
}

/* One that came with a tree of the host's: no step stands for it, and no promise for what it shows. */
static void compare_procs(const struct view *view, struct plan *claims)
{
	static const enum requirement shaken[] = { REQ_PRC_11, REQ_PRV_13 };
	const struct step *step = plan_find(claims, OP_PROC_OPEN);
	const char *why;

	if (!step)
		step = plan_find(claims, OP_PIVOT);
	if (!step || verify_one_proc(view, claims, &why))
		return;
	plan_withdraw(claims, view->arena, step, why);
	for (size_t i = 0; i < sizeof(shaken) / sizeof(shaken[0]); i++)
		if (claims->promises[shaken[i]] != PROMISE_NOTHING)
			claims->promises[shaken[i]] = PROMISE_DEGRADED;
}

void verify_claims(const struct view *view, const struct plan *done, const bool *trusted,
		   struct plan *claims)
{
	compare(view, done, trusted, checks, claims);
	compare_procs(view, claims);
}

void verify_guard(const struct view *view, const struct plan *done, const bool *trusted,
		  struct plan *claims)
{
	compare(view, done, trusted, guard_checks, claims);
}
