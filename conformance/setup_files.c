/* SPDX-License-Identifier: Apache-2.0 */
/* Setup words that are files, directories and mounts, all in the shield's own tmpfs. */
#include "conformance/setup.h"
#include "conformance/stage.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>

#define NEEDS_ROOT "only root can make a file of root's"

static int fault(struct err *err, const char *path)
{
	return err_sys(err, "setup", "cannot make %s", path);
}

/* Exactly this mode, whatever the umask; owned by the script's identity. */
static int make_file(struct arm *arm, const char *path, const char *text, mode_t mode,
		     struct err *err)
{
	owned_fd int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (file < 0 || fd_write_all(file, text, strlen(text)) < 0 ||
	    stage_give(arm, path) < 0 || fchmod(file, mode) < 0)
		return fault(err, path);
	return 0;
}

static int make_directory(struct arm *arm, const char *path, mode_t mode, struct err *err)
{
	if (mkdir(path, mode) < 0 || stage_give(arm, path) < 0 || chmod(path, mode) < 0)
		return fault(err, path);
	return 0;
}

static int make_canary(struct arm *arm, const char *directory, struct err *err)
{
	const char *text = arena_printf(arm->arena, "canary %s\n", arm->nonce);

	arm->canary = arena_printf(arm->arena, "%s/canary", directory);
	if (make_directory(arm, directory, 0777, err) < 0 ||
	    make_file(arm, arm->canary, text, 0666, err) < 0)
		return -1;
	arm_variable(arm, "CANARY", arm->canary);
	return 0;
}

static int arrange_canary_file(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return make_canary(arm, arm_path(arm, "outside"), err);
}

static int arrange_canary_visible(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return make_canary(arm, arm_path(arm, "probes/visible"), err);
}

static int arrange_submount(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "probes/sub");

	(void)value;
	if (mkdir(path, 0755) < 0)
		return fault(err, path);
	if (kernel_mount("tmpfs", path, "tmpfs", 0, "mode=777,size=4m") < 0)
		return err_sys(err, "setup", "cannot mount a tmpfs on %s", path);
	arm_variable(arm, "SUBMOUNT", path);
	return 0;
}

static int plan_secret_file(struct arm *arm, const char *value, struct err *err)
{
	(void)err;
	if (str_equal(value, "home"))
		arm_set_environment(arm, "HOME", arm->home);
	return 0;
}

static int arrange_secret_file(struct arm *arm, const char *value, struct err *err)
{
	const struct {
		const char *place, *path;
	} places[] = {
		{ "beside", arm_path(arm, "credentials") },
		{ "home", arm_path(arm, "home/.netrc") },
		{ "tmp", arena_printf(arm->arena, "/tmp/credentials-%s", arm->nonce) },
		{ "run", arena_printf(arm->arena, "/run/credentials-%s", arm->nonce) },
		{ "shm",
		  arena_printf(arm->arena, "/dev/shm/credentials-%s", arm->nonce) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (!str_equal(value, places[i].place))
			continue;
		arm_variable(arm, "SECRET_FILE", places[i].path);
		return make_file(arm, places[i].path, arm->secret, 0644, err);
	}
	return err_set(err, ERR_INTERNAL, "setup", "%s: no such place", value);
}

static int arrange_root_file(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "probes/root-file");
	owned_fd int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	(void)value;
	if (file < 0 || fd_write_all(file, arm->secret, strlen(arm->secret)) < 0)
		return fault(err, path);
	arm_variable(arm, "SECRET_FILE", path);
	return 0;
}

static int arrange_other_scratch(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "other");

	(void)value;
	if (mkdir(path, 0777) < 0 || chmod(path, 0777) < 0)
		return fault(err, path);
	arm_variable(arm, "OTHER_SCRATCH", path);
	return make_file(arm, arm_path(arm, "other/loot-source"), arm->secret, 0644, err);
}

static int make_setuid(struct arm *arm, const char *name, struct err *err)
{
	const char *path = arm_path(arm, name);
	owned_fd int from = open(arm_path(arm, "probes/attack"), O_RDONLY | O_CLOEXEC);
	owned_fd int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	owned_str struct str bytes = { 0 };

	if (from < 0 || to < 0)
		return fault(err, path);
	if (fd_read_all(from, 64U << 20, &bytes, err) < 0)
		return -1;
	/* The mode last: writing takes the bit away again. */
	if (fd_write_all(to, str_text(&bytes), bytes.length) < 0 || fchmod(to, 04755) < 0)
		return fault(err, path);
	arm_variable(arm, "SETUID_HELPER", path);
	return 0;
}

static int arrange_setuid_helper(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return make_setuid(arm, "probes/setuid-helper", err);
}

static int arrange_setuid_in_scratch(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return make_setuid(arm, "scratch/setuid-helper", err);
}

static int arrange_stderr_file(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "log");

	(void)value;
	if (make_file(arm, path, arena_printf(arm->arena, "%s\n", arm->secret), 0666,
		      err) < 0)
		return -1;
	arm->log = path;
	arm->objects.errors = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (arm->objects.errors < 0)
		return fault(err, path);
	arm_variable(arm, "LOG_FD", "2");
	return 0;
}

/* A copy that this identity may write, in a directory that it may write: permission bits alone stop
 * nothing. prepare.c has put it at the head of the launcher's arguments. */
static int arrange_launcher_copy(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm->launcher_copy;
	owned_fd int from = open(arm->launcher_source, O_RDONLY | O_CLOEXEC), to = -1;
	owned_str struct str bytes = { 0 };

	(void)value;
	if (from < 0)
		return err_sys(err, "setup", "cannot read %s", arm->launcher_source);
	if (make_directory(arm, arm_path(arm, "launcher"), 0777, err) < 0 ||
	    fd_read_all(from, 256U << 20, &bytes, err) < 0)
		return -1;
	to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
	if (to < 0 || fd_write_all(to, str_text(&bytes), bytes.length) < 0 ||
	    stage_give(arm, path) < 0 || fchmod(to, 0777) < 0 ||
	    fstat(to, &arm->objects.launcher) < 0)
		return fault(err, path);
	arm_variable(arm, "LAUNCHER", path);
	arm_variable(arm, "LAUNCHER_ID",
		     arena_printf(arm->arena, "%llu %llu",
				  (unsigned long long)arm->objects.launcher.st_dev,
				  (unsigned long long)arm->objects.launcher.st_ino));
	return 0;
}

/* Where the launcher writes its receipt; outside there is none, so one is put there. */
static int arrange_receipt_open(struct arm *arm, const char *value, struct err *err)
{
	const char *directory = arm_path(arm, "receipt");

	(void)value;
	if (stage_give(arm, directory) < 0 || chmod(directory, 0777) < 0)
		return fault(err, directory);
	arm_variable(arm, "RECEIPT", arm->receipt);
	arm_variable(arm, "FORGED", arena_printf(arm->arena, "forged-%s", arm->nonce));
	if (arm->kind != ARM_REACH)
		return 0;
	if (make_file(arm, arm->receipt, "{}\n", 0666, err) < 0)
		return -1;
	arm->objects.leak = open(arm->receipt, O_RDWR | O_CLOEXEC);
	return arm->objects.leak < 0 ? fault(err, arm->receipt) : 0;
}

/* Names as HELPERS, and the one of the first for the script to start where there is no launcher. */
static int plan_helper_traps(struct arm *arm, const char *value, struct err *err)
{
	const char *const *names = arm->wants->target->helpers;
	const char *path = getenv("PATH");
	owned_str struct str only = { 0 };

	(void)value;
	(void)err;
	arm_set_environment(arm, "PATH",
			    arena_printf(arm->arena, "%s:%s", arm_path(arm, "traps"),
					 path ? path : "/usr/bin:/bin"));
	str_add(&only, ":");
	for (; names && *names; names++)
		str_addf(&only, "%s:", *names);
	arm_set_environment(arm, "CONFINE_PROBE_ONLY",
			    arena_strdup(arm->arena, str_text(&only)));
	arm_set_environment(arm, "CONFINE_PROBE_MARK",
			    arena_printf(arm->arena, "%s/mark", arm->scratch));
	arm_variable(arm, "HELPER",
		     arm->wants->target->helpers ? arm->wants->target->helpers[0] : "");
	return 0;
}

static int arrange_helper_traps(struct arm *arm, const char *value, struct err *err)
{
	const char *text = arena_printf(
		arm->arena, "#!/bin/sh\nprintf started >'%s/mark'\n", arm->scratch);

	(void)value;
	if (make_directory(arm, arm_path(arm, "traps"), 0755, err) < 0)
		return -1;
	for (const char *const *name = arm->wants->target->helpers; name && *name; name++)
		if (make_file(arm,
			      arm_path(arm, arena_printf(arm->arena, "traps/%s", *name)),
			      text, 0755, err) < 0)
			return -1;
	return 0;
}

static int arrange_mount_outside(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "mounted");
	const char *name = arena_printf(arm->arena, "confine-%s", arm->nonce);

	(void)value;
	if (mkdir(path, 0755) < 0)
		return fault(err, path);
	if (kernel_mount(name, path, "tmpfs", 0, "mode=755,size=64k") < 0)
		return err_sys(err, "setup", "cannot mount a tmpfs on %s", path);
	arm_variable(arm, "MOUNT_NAME", name);
	return 0;
}

/* Only of root's making: a user namespace makes none. 1:9 is urandom, which harms nobody. */
static int arrange_device_visible(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arm_path(arm, "probes/device");

	(void)value;
	if (mknod(path, S_IFCHR | 0666, makedev(1, 9)) < 0 || chmod(path, 0666) < 0)
		return fault(err, path);
	arm_variable(arm, "DEVICE", path);
	return 0;
}

/* As a careless launcher would leave it there, and only where there is no launcher. */
static int arrange_stream_dir(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	if (arm->kind != ARM_REACH)
		return 0;
	arm->objects.stream = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return arm->objects.stream < 0 ? fault(err, "/") : 0;
}

/* As an earlier run of the same script may have left them, before this one is set up. Where a launcher
 * keeps the host's root while it mounts, it has a name of its own: /oldroot is bubblewrap's. */
static int arrange_planted_links(struct arm *arm, const char *value, struct err *err)
{
	const char *outside = arm_path(arm, "outside");
	const struct {
		const char *name, *target;
	} links[] = {
		{ arm_path(arm, "scratch/by-path"), outside },
		{ arm_path(arm, "scratch/by-oldroot"),
		  arena_printf(arm->arena, "/oldroot%s", outside) },
	};

	(void)value;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (symlink(links[i].target, links[i].name) < 0)
			return fault(err, links[i].name);
	return 0;
}

const struct setup_word setup_file_words[] = {
	{ "canary-file", NULL, NULL, arrange_canary_file },
	{ "canary-visible", NULL, NULL, arrange_canary_visible },
	{ "submount", NULL, NULL, arrange_submount },
	{ "secret-file", NULL, plan_secret_file, arrange_secret_file },
	{ "root-file", NEEDS_ROOT, NULL, arrange_root_file },
	{ "other-scratch", NULL, NULL, arrange_other_scratch },
	{ "setuid-helper", NEEDS_ROOT, NULL, arrange_setuid_helper },
	{ "setuid-in-scratch", NEEDS_ROOT, NULL, arrange_setuid_in_scratch },
	{ "stderr-file", NULL, NULL, arrange_stderr_file },
	{ "launcher-copy", NULL, NULL, arrange_launcher_copy },
	{ "receipt-open", NULL, NULL, arrange_receipt_open },
	{ "helper-traps", NULL, plan_helper_traps, arrange_helper_traps },
	{ "mount-outside", NULL, NULL, arrange_mount_outside },
	{ "device-visible", NEEDS_ROOT, NULL, arrange_device_visible },
	{ "stream-dir", NULL, NULL, arrange_stream_dir },
	{ "planted-links", NULL, NULL, arrange_planted_links },
	{ NULL, NULL, NULL, NULL },
};
