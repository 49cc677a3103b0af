/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - reads /proc of the process that waits before its exec. Every step that claims something
 * has a row: what to look at, and what it must say.
 */
#include "runner/verify.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/namespace.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

const char *const seen_namespace_names[SEEN_NAMESPACES] = { "user", "mnt", "pid",   "net",
							    "ipc",  "uts", "cgroup" };

static const struct {
	const char *name, *line; /* of /proc/PID/limits */
	__rlimit_resource_t resource;
	enum op op;
} limit_rows[SEEN_LIMITS] = {
	{ "cpu", "Max cpu time", RLIMIT_CPU, OP_RLIMIT_CPU },
	{ "nofile", "Max open files", RLIMIT_NOFILE, OP_RLIMIT_FILES },
	{ "fsize", "Max file size", RLIMIT_FSIZE, OP_RLIMIT_FILE_SIZE },
	{ "nproc", "Max processes", RLIMIT_NPROC, OP_RLIMIT_TASKS },
	{ "data", "Max data size", RLIMIT_DATA, OP_RLIMIT_DATA },
	{ "core", "Max core file size", RLIMIT_CORE, OP_RLIMIT_CORE },
};

static const char *read_text(const struct view *view, int proc, const char *path)
{
	char text[8192];

	if (proc < 0 || fd_read_small_at(proc, path, text, sizeof(text)) < 0)
		return "";
	return arena_strdup(view->arena, text);
}

static rlim_t limit_number(const char *word)
{
	return str_has_prefix(word, "unlimited") ? RLIM_INFINITY
						 : strtoull(word, NULL, 10);
}

/* By prlimit, which is cheap and needs CAP_SYS_RESOURCE for another uid; else from the text. */
static void read_limits(struct view *view)
{
	const char *text = NULL;

	for (size_t i = 0; i < SEEN_LIMITS; i++) {
		char soft[32], hard[32];
		const char *line;

		view->limit_seen[i] = prlimit(view->spawn->script, limit_rows[i].resource,
					      NULL, &view->limits[i]) == 0;
		if (view->limit_seen[i])
			continue;
		text = text ? text : read_text(view, view->proc, "limits");
		line = strstr(text, limit_rows[i].line);
		if (!line || sscanf(line + strlen(limit_rows[i].line), " %31s %31s", soft,
				    hard) != 2)
			continue;
		view->limit_seen[i] = true;
		view->limits[i] =
			(struct rlimit){ limit_number(soft), limit_number(hard) };
	}
}

static void read_descriptors(struct view *view)
{
	int fd = view->proc < 0
			 ? -1
			 : openat(view->proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	owned_dir DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	for (struct dirent *entry = list ? readdir(list) : NULL; entry;
	     entry = readdir(list)) {
		size_t at = view->descriptor_count;
		char path[NAME_MAX + 16], text[512];
		const char *flags;

		if (entry->d_name[0] == '.' || at == ARRAY_SIZE(view->descriptors))
			continue;
		(void)snprintf(path, sizeof(path), "fdinfo/%s", entry->d_name);
		view->descriptors[at] = (unsigned int)strtoul(entry->d_name, NULL, 10);
		view->descriptor_open[at] = true;
		/* 0, 1 and 2 are meant to stay; of every other one it has to be seen. */
		if (view->descriptors[at] > 2 &&
		    fd_read_small_at(view->proc, path, text, sizeof(text)) > 0 &&
		    (flags = strstr(text, "flags:")) != NULL)
			view->descriptor_open[at] =
				!(strtoul(flags + 6, NULL, 8) & O_CLOEXEC);
		view->descriptor_count++;
	}
}

static int open_process(pid_t pid)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void read_namespaces(int proc, uint64_t *inodes)
{
	for (unsigned int i = 0; i < SEEN_NAMESPACES; i++)
		inodes[i] = namespace_inode_at(proc, seen_namespace_names[i]);
}

static void read_maps(struct view *view)
{
	view->uid_map = read_text(view, view->proc, "uid_map");
	view->gid_map = read_text(view, view->proc, "gid_map");
}

void verify_look_outside(struct view *view)
{
	owned_fd int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);

	read_namespaces(self, view->outside);
	view->own_keyring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				    KEY_SPEC_SESSION_KEYRING, 0, 0, 0);
}

static void read_groups(struct view *view)
{
	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct cgroup_home *home = view->spawn->groups[i].home;
		const char *file = i == GROUP_PIDS              ? "pids.max"
				   : home && home->version == 2 ? "memory.max"
								: "memory.limit_in_bytes";

		view->group_limits[i] =
			cgroup_number(view->spawn->groups[i].fd, file, NULL);
	}
}

uint64_t verify_limit(const struct view *view, enum op op)
{
	if (!plan_find(view->spawn->plan, op))
		return 0;
	if (op == OP_CGROUP_PIDS)
		return view->group_limits[GROUP_PIDS];
	if (op == OP_CGROUP_MEMORY)
		return view->group_limits[GROUP_MEMORY];
	for (size_t i = 0; i < SEEN_LIMITS; i++)
		if (limit_rows[i].op == op && view->limit_seen[i])
			return view->limits[i].rlim_cur;
	return 0;
}

void verify_look(struct view *view)
{
	view->init = open_process(view->spawn->init);
	view->proc = open_process(view->spawn->script);
	read_namespaces(view->proc, view->inside);
	read_maps(view);
	verify_read_mounts(view, view->proc);
	view->cgroup = read_text(view, view->proc, "cgroup");
	read_groups(view);
	view->status = read_text(view, view->proc, "status");
	read_limits(view);
	view->session = getsid(view->spawn->script);
	read_descriptors(view);
}

void verify_done(struct view *view)
{
	own_close_fd(&view->proc);
	own_close_fd(&view->init);
}

const char *view_status(const struct view *view, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = view->status; line && *line;) {
		const char *end = strchrnul(line, '\n');

		if (!strncmp(line, name, length) && line[length] == ':') {
			const char *value = line + length + 1;

			value += strspn(value, " \t");
			while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
				end--;
			return arena_strndup(view->arena, value, (size_t)(end - value));
		}
		line = *end ? end + 1 : NULL;
	}
	return "";
}

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
	unsigned int a[3], b[3];

	return sscanf(seen, "%u %u %u", &a[0], &a[1], &a[2]) == 3 &&
	       sscanf(wanted, "%u %u %u", &b[0], &b[1], &b[2]) == 3 &&
	       !memcmp(a, b, sizeof(a));
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

static bool check_descriptors(struct claim *claim)
{
	size_t kept = 0;

	for (size_t i = 0; i < claim->view->descriptor_count; i++) {
		if (!claim->view->descriptor_open[i])
			continue;
		kept++;
		if (claim->view->descriptors[i] > 2) {
			claim->why =
				arena_printf(claim->view->arena, "descriptor %u is open",
					     claim->view->descriptors[i]);
			return false;
		}
	}
	claim->why = "they cannot be read";
	return kept == 3;
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
		if (limit_rows[i].op == claim->step->op)
			return view->limit_seen[i] &&
			       view->limits[i].rlim_cur == claim->step->number &&
			       view->limits[i].rlim_max == claim->step->number;
	return false;
}

static bool holds_swap(int group, int version, uint64_t bytes)
{
	char text[32];

	if (version != 2)
		return cgroup_number(group, "memory.memsw.limit_in_bytes", NULL) == bytes;
	return fd_read_small_at(group, "memory.swap.max", text, sizeof(text)) > 0 &&
	       str_equal(text, "0\n");
}

/* Is the process in the group, and does the group hold the number? */
static bool check_group(struct claim *claim)
{
	bool pids = claim->step->op == OP_CGROUP_PIDS;
	const struct spawn *spawn = claim->view->spawn;
	unsigned int which = pids ? GROUP_PIDS : GROUP_MEMORY;
	const char *name =
		spawn->groups[spawn->groups[which].name[0] ? which : GROUP_PIDS].name;
	uint64_t wanted = claim->step->number, page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t seen = claim->view->group_limits[which];
	const char *at = name[0] ? strstr(claim->view->cgroup, name) : NULL;

	claim->why =
		at ? "the group holds another number" : "the script is not in its group";
	if (!pids)
		wanted -= wanted % page;
	if (!at || at[strlen(name)] != '\n' || seen != wanted)
		return false;
	if (pids || !claim->step->flags)
		return true;
	claim->why = "the group does not bound swap";
	return holds_swap(spawn->groups[which].fd, spawn->groups[which].home->version,
			  wanted);
}

/* Read by the script's own process, when it could not have changed it any more. */
static bool check_none_below(struct claim *claim)
{
	claim->why = "the script may make user namespaces of its own";
	return claim->view->spawn->below == 0;
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

/* A step without a row claims nothing by itself. */
static bool (*const checks[OP_COUNT])(struct claim *) = {
	[OP_CGROUP_PIDS] = check_group,
	[OP_CGROUP_MEMORY] = check_group,
	[OP_ENV_GUARD] = check_environment,
	[OP_STDIO] = check_pipes,
	[OP_OUTPUT_CAP] = check_duty,
	[OP_DEADLINE] = check_duty,
	[OP_KILL_TREE] = check_duty,
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
	[OP_HIDE] = check_hidden,
	[OP_ROOT_READ_ONLY] = check_root_read_only,
	[OP_UMASK] = check_umask,
	[OP_BOUNDING] = check_bounding,
	[OP_CAPABILITIES] = check_capabilities,
	[OP_NO_NEW_PRIVILEGES] = check_no_new_privileges,
	[OP_LIFELINE] = check_lifeline,
	[OP_SESSION] = check_session,
	[OP_RLIMIT_CPU] = check_rlimit,
	[OP_RLIMIT_FILES] = check_rlimit,
	[OP_RLIMIT_FILE_SIZE] = check_rlimit,
	[OP_RLIMIT_TASKS] = check_rlimit,
	[OP_RLIMIT_DATA] = check_rlimit,
	[OP_RLIMIT_CORE] = check_rlimit,
	[OP_DESCRIPTORS] = check_descriptors,
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

void verify_claims(const struct view *view, const struct plan *done, const bool *trusted,
		   struct plan *claims)
{
	compare(view, done, trusted, checks, claims);
}

void verify_guard(const struct view *view, const struct plan *done, const bool *trusted,
		  struct plan *claims)
{
	compare(view, done, trusted, guard_checks, claims);
}

static struct json *mounts_json(const struct view *view)
{
	struct json *list = json_array();

	for (size_t i = 0; i < view->mount_count; i++) {
		struct json *mount = json_object();

		json_add_text(mount, "at", view->mounts[i].point);
		json_add_text(mount, "type", view->mounts[i].type);
		json_add_text(mount, "options", view->mounts[i].options);
		json_append(list, mount);
	}
	return list;
}

static struct json *cgroups_json(const struct view *view)
{
	static const char *const controllers[GROUP_COUNT] = { "pids", "memory" };
	static const enum op ops[GROUP_COUNT] = { OP_CGROUP_PIDS, OP_CGROUP_MEMORY };
	struct json *list = json_array();

	for (unsigned int i = 0; i < GROUP_COUNT; i++) {
		const struct step *step = plan_find(view->spawn->plan, ops[i]);
		const char *name = view->spawn->groups[i].name;
		struct json *group;
		char number[32];

		if (!step || view->spawn->groups[i].fd < 0)
			continue;
		group = json_object();
		(void)snprintf(number, sizeof(number), "%llu",
			       (unsigned long long)view->group_limits[i]);
		json_add_text(group, "controller", controllers[i]);
		json_add_text(group, "path",
			      arena_printf(view->arena, "%s/%s",
					   view->spawn->groups[i].home->path,
					   name[0] ? name : view->spawn->groups[0].name));
		json_add_text(group, "limit", number);
		json_append(list, group);
	}
	return list;
}

static struct json *limits_json(const struct view *view)
{
	struct json *object = json_object();

	for (size_t i = 0; i < SEEN_LIMITS; i++)
		if (view->limit_seen[i] && view->limits[i].rlim_cur == RLIM_INFINITY)
			json_add_text(object, limit_rows[i].name, "unlimited");
		else if (view->limit_seen[i])
			json_add_text(
				object, limit_rows[i].name,
				arena_printf(
					view->arena, "%llu",
					(unsigned long long)view->limits[i].rlim_cur));
	return object;
}

static void add_status(const struct view *view, struct json *object)
{
	static const char *const rows[][2] = {
		{ "capBnd", "CapBnd" }, { "capEff", "CapEff" }, { "capPrm", "CapPrm" },
		{ "capInh", "CapInh" }, { "capAmb", "CapAmb" }, { "umask", "Umask" },
	};
	static const char *const numbers[][2] = {
		{ "uid", "Uid" },
		{ "gid", "Gid" },
		{ "noNewPrivs", "NoNewPrivs" },
		{ "seccomp", "Seccomp" },
	};
	struct json *groups = json_add_array(object, "groups");
	const char *at = view_status(view, "Groups");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		json_add_text(object, rows[i][0], view_status(view, rows[i][1]));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		json_add_u64(object, numbers[i][0],
			     strtoul(view_status(view, numbers[i][1]), NULL, 10));
	while (*at) {
		char *end;

		json_append(groups, json_number((double)strtoul(at, &end, 10)));
		at = end + strspn(end, " ");
	}
}

/* Ids of a map with single blanks between them. */
static void add_map(struct json *object, const char *key, const char *text)
{
	unsigned int a, b, c;
	char line[48] = "";

	if (sscanf(text, "%u %u %u", &a, &b, &c) == 3)
		(void)snprintf(line, sizeof(line), "%u %u %u", a, b, c);
	json_add_text(object, key, line);
}

struct json *verify_evidence(const struct view *view)
{
	struct json *object = json_object();
	struct json *namespaces = json_add_object(object, "namespaces");
	struct json *descriptors;

	for (unsigned int i = 0; i < SEEN_NAMESPACES; i++)
		json_add_text(namespaces, seen_namespace_names[i],
			      arena_printf(view->arena, "%s:[%llu]",
					   seen_namespace_names[i],
					   (unsigned long long)view->inside[i]));
	add_map(object, "uidMap", view->uid_map);
	add_map(object, "gidMap", view->gid_map);
	add_status(view, object);
	json_add(object, "cgroups", cgroups_json(view));
	json_add(object, "mounts", mounts_json(view));
	json_add(object, "rlimits", limits_json(view));
	descriptors = json_add_array(object, "descriptors");
	for (size_t i = 0; i < view->descriptor_count; i++)
		if (view->descriptor_open[i])
			json_append(descriptors, json_number(view->descriptors[i]));
	json_add_text(object, "session",
		      view->session == view->spawn->script ? "own" : "the caller's");
	return object;
}
