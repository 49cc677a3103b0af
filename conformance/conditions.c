/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and tries; what changes by itself from day to day (load, process ids, sessions) is left
 * out, or no record would be valid for long. */
#include "conformance/conditions.h"
#include "conformance/digest.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define HOST_POLICY "/etc/confine/policy.json"

enum {
	SMALL_BYTES = 4096,
};

/* Knobs that open or close what the probes try; docs.kernel.org/admin-guide/sysctl. */
static const char *const sysctls[] = {
	"dev.tty.legacy_tiocsti",
	"fs.protected_fifos",
	"fs.protected_hardlinks",
	"fs.protected_regular",
	"fs.protected_symlinks",
	"fs.suid_dumpable",
	"kernel.apparmor_restrict_unprivileged_userns",
	"kernel.core_pattern",
	"kernel.dmesg_restrict",
	"kernel.io_uring_disabled",
	"kernel.kptr_restrict",
	"kernel.modules_disabled",
	"kernel.perf_event_paranoid",
	"kernel.seccomp.actions_avail",
	"kernel.unprivileged_bpf_disabled",
	"kernel.unprivileged_userns_clone",
	"kernel.yama.ptrace_scope",
	"net.ipv4.ping_group_range",
	"net.ipv6.conf.all.disable_ipv6",
	"user.max_cgroup_namespaces",
	"user.max_ipc_namespaces",
	"user.max_mnt_namespaces",
	"user.max_net_namespaces",
	"user.max_pid_namespaces",
	"user.max_user_namespaces",
	"user.max_uts_namespaces",
	"vm.unprivileged_userfaultfd",
	NULL,
};

/* Lines of /proc/self/status that say who calls. */
static const char *const status_keys[] = { "Uid",        "Gid",     "Groups", "CapInh",
					   "CapPrm",     "CapEff",  "CapBnd", "CapAmb",
					   "NoNewPrivs", "Seccomp", NULL };

static void add(struct conditions *conditions, const char *section, const char *name,
		const char *value)
{
	if (conditions->count < CONDITIONS_MAX)
		conditions->rows[conditions->count++] = (struct condition){
			.section = section, .name = name, .value = value
		};
}

static const char *read_line(struct arena *arena, const char *path)
{
	char text[SMALL_BYTES];
	ssize_t count = fd_read_small_at(AT_FDCWD, path, text, sizeof(text));

	if (count < 0)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return arena_strdup(arena, text);
}

/* --- host and knobs ---------------------------------------------------------------------- */

/* Tells hosts apart without telling which: machine-id(5) asks for a keyed digest. */
static const char *host_identity(struct arena *arena)
{
	const char *id = read_line(arena, "/etc/machine-id");
	const char *keyed = id && id[0] ? arena_printf(arena, "confine:%s", id) : NULL;

	return keyed ? digest_bytes(keyed, strlen(keyed), arena) : NULL;
}

static void add_host(struct conditions *conditions, const struct host_facts *host,
		     struct arena *arena)
{
	struct utsname name;

	add(conditions, "host", "identity", host_identity(arena));
	add(conditions, "host", "kernel", host->kernel);
	add(conditions, "host", "kernelBuild",
	    uname(&name) == 0 ? arena_strdup(arena, name.version) : NULL);
	add(conditions, "host", "machine", host->machine);
	add(conditions, "host", "lsm", host->lsm);
	add(conditions, "host", "landlockAbi",
	    arena_printf(arena, "%d", host->landlock_abi));
	add(conditions, "host", "userNamespaces", host->user_namespaces ? "yes" : "no");
	add(conditions, "host", "cgroup", host->cgroup);
}

static void add_sysctls(struct conditions *conditions, struct arena *arena)
{
	for (const char *const *name = sysctls; *name; name++) {
		char *path = arena_printf(arena, "/proc/sys/%s", *name);

		for (char *at = path + strlen("/proc/sys/"); *at; at++)
			if (*at == '.')
				*at = '/';
		add(conditions, "sysctls", *name, read_line(arena, path));
	}
}

/* --- who calls --------------------------------------------------------------------------- */

static void add_invoker(struct conditions *conditions, struct arena *arena)
{
	char text[SMALL_BYTES * 2];
	ssize_t count =
		fd_read_small_at(AT_FDCWD, "/proc/self/status", text, sizeof(text));

	for (const char *const *key = status_keys; *key; key++) {
		const char *label = arena_printf(arena, "\n%s:", *key);
		char *at = count > 0 ? strstr(text, label) : NULL, *value = NULL;

		if (at) {
			at += strlen(label);
			at += strspn(at, " \t");
			value = arena_strndup(arena, at, strcspn(at, "\n"));
			for (char *c = value; *c; c++)
				if (*c == '\t')
					*c = ' ';
			for (size_t end = strlen(value); end && value[end - 1] == ' ';)
				value[--end] = '\0';
		}
		add(conditions, "invoker", *key, value);
	}
}

/* --- files ------------------------------------------------------------------------------- */

/* As the launcher is found: a path, or a name along PATH. */
static const char *find_program(const char *name, struct arena *arena)
{
	const char *path = getenv("PATH");
	char *rest, *directory;

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? name : NULL;
	rest = arena_strdup(arena, path ? path : "/usr/bin:/bin");
	while ((directory = strsep(&rest, ":")) != NULL) {
		const char *candidate = arena_printf(
			arena, "%s/%s", directory[0] ? directory : ".", name);

		if (access(candidate, X_OK) == 0)
			return candidate;
	}
	return NULL;
}

static bool is_confine(const struct target *target)
{
	return strcmp(target->argv[0], "{confine}") == 0;
}

static const char *launcher_of(const struct conditions_of *of, struct arena *arena)
{
	if (is_confine(of->target))
		return of->paths->confine;
	if (of->target->argv[0][0] == '{')
		return NULL;
	return find_program(of->target->argv[0], arena);
}

/* The file that the reference runner takes where none is named; NULL: its built-in default. */
static const char *host_policy(const struct target *target)
{
	const char *named = getenv("CONFINE_POLICY");

	if (!is_confine(target))
		return NULL;
	if (named && named[0])
		return named;
	return access(HOST_POLICY, F_OK) == 0 ? HOST_POLICY : NULL;
}

const char *conditions_policy_source(const struct target *target, const char *policy,
				     struct arena *arena)
{
	const char *host = host_policy(target);

	if (policy)
		return policy;
	if (!target_has_part(target, PART_POLICY))
		return "the target's own";
	return host ? arena_printf(arena, "the host's default, %s", host)
		    : "built-in default";
}

/* The words of its command line and what it promises: a target of the same name may be another. */
static const char *target_digest(const struct target *target, struct arena *arena)
{
	owned_str struct str text = { 0 };

	for (const char *const *word = target->argv; *word; word++)
		str_addf(&text, "%zu:%s\n", strlen(*word), *word);
	for (unsigned int i = 0; i < PART_COUNT; i++)
		for (const char *const *word = target->parts[i]; word && *word; word++)
			str_addf(&text, "%s %zu:%s\n", target_part_names[i],
				 strlen(*word), *word);
	for (size_t i = 0; target->promises && i < requirement_count; i++)
		str_addf(&text, "%s %d\n", requirements[i].id, (int)target->promises[i]);
	return digest_bytes(str_text(&text), text.length, arena);
}

static const char *catalogue_digest(const struct catalogue *catalogue,
				    struct arena *arena)
{
	static const char *const shared[] = { "lib.sh", "mark.sh", "gconv-modules" };
	owned_str struct str list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		digest_add_line(
			&list,
			arena_printf(arena, "%s/%s", catalogue->directory, shared[i]),
			shared[i], arena);
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct probe *probe = &catalogue->probes[i];

		digest_add_line(
			&list,
			arena_printf(arena, "%s/%s", probe->directory, probe->file),
			probe->file, arena);
	}
	return digest_bytes(str_text(&list), list.length, arena);
}

static void add_digests(struct conditions *conditions, const struct conditions_of *of,
			struct arena *arena)
{
	const char *host = host_policy(of->target);

	conditions->launcher = launcher_of(of, arena);
	conditions->policy = of->policy ? of->policy : host;
	add(conditions, "digests", "launcher",
	    conditions->launcher ? digest_file(conditions->launcher, arena) : NULL);
	add(conditions, "digests", "target", target_digest(of->target, arena));
	add(conditions, "digests", "policy",
	    conditions->policy ? digest_file(conditions->policy, arena) : NULL);
	add(conditions, "digests", "catalogue", catalogue_digest(of->catalogue, arena));
	add(conditions, "digests", "attack", digest_file(of->paths->attack, arena));
	add(conditions, "digests", "suite", digest_file("/proc/self/exe", arena));
	add(conditions, "digests", "text",
	    of->paths->text ? digest_file(of->paths->text, arena) : NULL);
}

void conditions_measure(const struct conditions_of *of, struct arena *arena,
			struct conditions *ret)
{
	*ret = (struct conditions){ .count = 0 };
	add_host(ret, of->host, arena);
	add_sysctls(ret, arena);
	add_invoker(ret, arena);
	add_digests(ret, of, arena);
}

const char *conditions_digest(const struct conditions *conditions, const char *name)
{
	for (size_t i = 0; i < conditions->count; i++)
		if (strcmp(conditions->rows[i].section, "digests") == 0 &&
		    strcmp(conditions->rows[i].name, name) == 0)
			return conditions->rows[i].value;
	return NULL;
}

/* --- record and comparison ---------------------------------------------------------------- */

void conditions_add(struct json *root, const struct conditions *conditions)
{
	struct json *object = json_add_object(root, "conditions"), *section = NULL;
	const char *name = "";

	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *row = &conditions->rows[i];

		if (strcmp(row->section, name) != 0)
			section = json_add_object(object, row->section);
		name = row->section;
		if (row->value)
			json_add_text(section, row->name, row->value);
		else
			json_add_null(section, row->name);
	}
}

size_t conditions_compare(const struct json *recorded, const struct conditions *now,
			  struct condition_change *changes)
{
	size_t count = 0;

	for (size_t i = 0; i < now->count; i++) {
		const struct condition *row = &now->rows[i];
		const struct json *section = json_member(recorded, row->section);
		const char *was = json_text(json_member(section, row->name));

		if (!str_equal(was, row->value))
			changes[count++] = (struct condition_change){
				.section = row->section,
				.name = row->name,
				.was = was,
				.is = row->value,
			};
	}
	return count;
}
