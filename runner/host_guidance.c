/* SPDX-License-Identifier: Apache-2.0 */
/* host_guidance - see host_guidance.h; tables of switches and packages */
#include "runner/host_guidance.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A sysctl that forbids a capability while it has this value. */
static const struct {
	const char *file, *wrong, *command;
	enum capability capability;
	bool for_root_too;
} switches[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", "0",
	  "sysctl -w kernel.unprivileged_userns_clone=1", CAPABILITY_USER_NAMESPACE,
	  false },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
	  "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
	  CAPABILITY_USER_NAMESPACE, false },
	{ "/proc/sys/user/max_user_namespaces", "0",
	  "sysctl -w user.max_user_namespaces=16384", CAPABILITY_USER_NAMESPACE, true },
	{ "/proc/sys/user/max_mnt_namespaces", "0",
	  "sysctl -w user.max_mnt_namespaces=16384", CAPABILITY_MOUNT_NAMESPACE, true },
	{ "/proc/sys/user/max_pid_namespaces", "0",
	  "sysctl -w user.max_pid_namespaces=16384", CAPABILITY_PID_NAMESPACE, true },
	{ "/proc/sys/user/max_net_namespaces", "0",
	  "sysctl -w user.max_net_namespaces=16384", CAPABILITY_NETWORK_NAMESPACE, true },
	{ "/proc/sys/user/max_ipc_namespaces", "0",
	  "sysctl -w user.max_ipc_namespaces=16384", CAPABILITY_IPC_NAMESPACE, true },
	{ "/proc/sys/user/max_uts_namespaces", "0",
	  "sysctl -w user.max_uts_namespaces=16384", CAPABILITY_UTS_NAMESPACE, true },
	{ "/proc/sys/user/max_cgroup_namespaces", "0",
	  "sysctl -w user.max_cgroup_namespaces=16384", CAPABILITY_CGROUP_NAMESPACE,
	  true },
};

/* What a place on this host tells: a file that is there, and the command it makes possible. */
static const struct {
	enum capability capability;
	const char *there;
	const char *command, *text;
} means[] = {
	{ CAPABILITY_CGROUP_PIDS, "/run/systemd/system",
	  "systemd-run --scope -p Delegate=yes -- confine run …",
	  "as a user, with --user: a group that systemd delegates" },
	{ CAPABILITY_CGROUP_MEMORY, "/run/systemd/system",
	  "systemd-run --scope -p Delegate=yes -- confine run …",
	  "as a user, with --user: a group that systemd delegates" },
	{ CAPABILITY_CGROUP_SWAP, "/etc/default/grub",
	  "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&swapaccount=1 /' /etc/default/grub && "
	  "update-grub && reboot",
	  "swap is counted only when the kernel was started so" },
};

/* Distributions by ID and ID_LIKE of os-release(5), and how they install. */
static const struct {
	const char *id, *install;
} families[] = {
	{ "debian", "apt-get install -y" },  { "ubuntu", "apt-get install -y" },
	{ "fedora", "dnf install -y" },      { "rhel", "dnf install -y" },
	{ "suse", "zypper install -y" },     { "alpine", "apk add" },
	{ "arch", "pacman -S --noconfirm" },
};

/* A capability that any one of these programs gives; the package has the same name everywhere. */
static const struct {
	enum capability capability;
	const char *programs[3], *package;
} packages[] = {
	{ CAPABILITY_UPLINK, { "pasta", "slirp4netns" }, "passt" },
};

/* A device that has to be openable. */
static const struct {
	enum capability capability;
	const char *path, *command, *text;
} devices[] = {
	{ CAPABILITY_UPLINK, "/dev/net/tun", "chmod 666 /dev/net/tun",
	  "this caller cannot open it (in a container: --device /dev/net/tun)" },
};

/* The value of one KEY=VALUE or KEY="VALUE" line. */
static const char *value_of(const char *text, const char *key, struct arena *arena)
{
	size_t length = strlen(key);

	while (text && strncmp(text, key, length) != 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	if (!text)
		return NULL;
	text += length;
	if (*text == '"')
		text++;
	return arena_strndup(arena, text, strcspn(text, "\"\n"));
}

static const char *os_release(const char *key, struct arena *arena)
{
	static const char *const files[] = { "/etc/os-release", "/usr/lib/os-release" };
	char text[4096];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *value = NULL;

		if (fd_read_small_at(AT_FDCWD, files[i], text, sizeof(text)) > 0)
			value = value_of(text, key, arena);
		if (value)
			return value;
	}
	return NULL;
}

const char *host_distribution(struct arena *arena)
{
	const char *name = os_release("PRETTY_NAME=", arena);

	return name ? name : "unknown";
}

/* "ID" or one word of "ID_LIKE"; NULL where nobody knows how to install here. */
static const char *install_command(struct arena *arena)
{
	static const char *const keys[] = { "ID=", "ID_LIKE=" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = os_release(keys[i], arena);
		char *words = value ? arena_strdup(arena, value) : NULL, *save = NULL;

		for (char *word = words ? strtok_r(words, " ", &save) : NULL; word;
		     word = strtok_r(NULL, " ", &save))
			for (size_t j = 0; j < ARRAY_SIZE(families); j++)
				if (str_equal(word, families[j].id))
					return families[j].install;
	}
	return NULL;
}

static bool is_program(const char *name)
{
	static const char *const places[] = { "/usr/local/bin",  "/usr/bin",  "/bin",
					      "/usr/local/sbin", "/usr/sbin", "/sbin" };
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", places[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static bool stands_at(const char *file, const char *wrong)
{
	char text[32];
	ssize_t length = fd_read_small_at(AT_FDCWD, file, text, sizeof(text));

	if (length <= 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return str_equal(text, wrong);
}

struct list {
	struct guidance *items;
	size_t count;
};

static void add(struct list *list, struct guidance item)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i].command, item.command) &&
		    (item.command || str_equal(list->items[i].text, item.text)))
			return;
	if (list->count < GUIDANCE_MAX)
		list->items[list->count++] = item;
}

/* Was anything found that stands wrong? */
static bool add_switches(const struct capabilities *caps, enum capability capability,
			 struct arena *arena, struct list *list)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		if (switches[i].capability != capability ||
		    (caps->uid == 0 && !switches[i].for_root_too) ||
		    !stands_at(switches[i].file, switches[i].wrong))
			continue;
		found = true;
		add(list,
		    (struct guidance){ capability, switches[i].command,
				       arena_printf(arena, "%s is %s", switches[i].file,
						    switches[i].wrong) });
	}
	return found;
}

static bool add_means(enum capability capability, struct list *list)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(means); i++) {
		if (means[i].capability != capability || access(means[i].there, F_OK) < 0)
			continue;
		found = true;
		add(list,
		    (struct guidance){ capability, means[i].command, means[i].text });
	}
	return found;
}

static bool add_packages(enum capability capability, struct arena *arena,
			 struct list *list)
{
	const char *install = install_command(arena);

	for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
		bool there = false;

		for (size_t j = 0; packages[i].programs[j]; j++)
			there = there || is_program(packages[i].programs[j]);
		if (there || packages[i].capability != capability)
			continue;
		add(list,
		    (struct guidance){ capability,
				       install ? arena_printf(arena, "%s %s", install,
							      packages[i].package)
					       : NULL,
				       arena_printf(arena, "package %s is not installed",
						    packages[i].package) });
		return true;
	}
	return false;
}

static bool add_devices(enum capability capability, struct arena *arena,
			struct list *list)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		if (devices[i].capability != capability ||
		    access(devices[i].path, R_OK | W_OK) == 0)
			continue;
		add(list,
		    (struct guidance){ capability, devices[i].command,
				       arena_printf(arena, "%s: %s", devices[i].path,
						    devices[i].text) });
		return true;
	}
	return false;
}

size_t host_guidance(const struct capabilities *caps, struct arena *arena,
		     struct guidance *ret)
{
	struct list list = { ret, 0 };

	for (unsigned int i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++) {
		bool found;

		if (caps->is[i].here)
			continue;
		found = add_switches(caps, i, arena, &list);
		found = add_means(i, &list) || found;
		found = add_packages(i, arena, &list) || found;
		found = add_devices(i, arena, &list) || found;
		if (!found && capability_advice[i])
			add(&list, (struct guidance){ i, NULL, capability_advice[i] });
	}
	return list.count;
}
