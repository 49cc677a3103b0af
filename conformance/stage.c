/* SPDX-License-Identifier: Apache-2.0 */
/* stage - see stage.h. */
#include "conformance/stage.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>

#define NOBODY 65534U

/* Beside the probes: name here, name in the installation, relative to where. */
static const struct {
	const char *name, *source;
	bool is_data; /* in the probes directory; else beside confine-attack */
	bool may_be_missing;
} files[] = {
	{ "lib.sh", "lib.sh", true, false },
	{ "mark.sh", "mark.sh", true, true },
	{ "gconv-modules", "gconv-modules", true, true },
	{ "mark.so", "probe-mark.so", false, true },
	{ "audit.so", "probe-audit.so", false, true },
	{ "libconfine-probe.so", "libconfine-probe.so", false, true },
	{ "dynamic", "probe-dynamic", false, true },
};

static int fault(struct err *err, const char *path)
{
	return err_sys(err, "run", "cannot make %s", path);
}

static int copy_file(const char *from, const char *to, mode_t mode, struct err *err)
{
	owned_fd int in = open(from, O_RDONLY | O_CLOEXEC);
	owned_fd int out = -1;
	ssize_t count;

	if (in < 0)
		return err_sys(err, "run", "cannot read %s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (out < 0)
		return fault(err, to);
	do
		count = sendfile(out, in, NULL, 1U << 30);
	while (count > 0);
	return count < 0 ? fault(err, to) : 0;
}

static int write_text(const char *path, const char *text, struct err *err)
{
	owned_fd int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || fd_write_all(file, text, strlen(text)) < 0)
		return fault(err, path);
	return 0;
}

/* The target may have put anything there, and this is outside of its shield: no link leads the way, and
 * what is there already, a pipe that nobody reads for one, is not opened. */
void stage_touch(int directory, const char *path)
{
	const struct open_how how = {
		.flags =
			O_WRONLY | O_CREAT | O_EXCL | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC,
		.mode = 0644,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int file = kernel_openat2(directory, path, &how);

	own_close_fd(&file);
}

int stage_give(const struct arm *arm, const char *path)
{
	if (!arm->privileged || !arm->identity->known)
		return 0;
	return lchown(path, arm->identity->uid, arm->identity->gid);
}

static int stage_files(const struct arm *arm, struct err *err)
{
	const char *attack = arm->wants->attack;
	const char *slash = strrchr(attack, '/');
	int folder = slash ? (int)(slash - attack) : 1;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *to =
			arena_printf(arm->arena, "%s/%s", arm->probes, files[i].name);
		const char *from =
			files[i].is_data
				? arena_printf(arm->arena, "%s/%s", arm->wants->probes,
					       files[i].source)
				: arena_printf(arm->arena, "%.*s/%s", folder,
					       slash ? attack : ".", files[i].source);

		if (files[i].may_be_missing && access(from, R_OK) < 0)
			continue;
		if (copy_file(from, to, files[i].is_data ? 0644 : 0755, err) < 0)
			return -1;
	}
	return copy_file(attack, arena_printf(arm->arena, "%s/attack", arm->probes), 0755,
			 err);
}

static int stage_script(const struct arm *arm, struct err *err)
{
	char *folder = arena_strdup(arm->arena, arm->script);

	*strrchr(folder, '/') = '\0';
	if (mkdir(folder, 0755) < 0)
		return fault(err, folder);
	if (arm->script_text)
		return write_text(arm->script, arm->script_text, err);
	return copy_file(arena_printf(arm->arena, "%s/%s", arm->probe->directory,
				      arm->probe->file),
			 arm->script, 0755, err);
}

int stage_make(struct arm *arm, struct err *err)
{
	const struct {
		const char *path;
		mode_t mode;
	} folders[] = {
		{ arm->root, 0711 },
		{ arm->probes, 0755 },
		{ arm->scratch, 0777 },
		{ arm->home, 0777 },
		{ arm_path(arm, "receipt"), 0755 },
		{ arm->second_scratch, 0777 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (!folders[i].path)
			continue;
		/* chmod, because the mode of mkdir goes through the caller's umask. */
		if (mkdir(folders[i].path, folders[i].mode) < 0 ||
		    chmod(folders[i].path, folders[i].mode) < 0)
			return fault(err, folders[i].path);
		/* Anybody's to write, but not root's: FS-02. A user namespace has no such id, and
		 * its root is not the host's. */
		if (folders[i].mode == 0777 && geteuid() == 0 &&
		    chown(folders[i].path, NOBODY, NOBODY) < 0 && errno != EINVAL)
			return fault(err, folders[i].path);
	}
	if (stage_files(arm, err) < 0)
		return -1;
	return stage_script(arm, err);
}

static int write_arm_file(const struct arm *arm, const char *path, const char *scratch,
			  const char *name, struct err *err)
{
	owned_str struct str text = { 0 };

	str_addf(&text,
		 "NONCE='%s'\nSCRATCH='%s'\nATTACK='%s/attack'\nPROBES='%s'\nARM='%s'\n",
		 arm->nonce, scratch, arm->probes, arm->probes, name);
	str_add(&text, str_text(&arm->variables));
	return write_text(path, str_text(&text), err);
}

int stage_arm_file(const struct arm *arm, struct err *err)
{
	static const char *const names[] = {
		[ARM_REACH] = "reach",
		[ARM_ATTACK] = "attack",
		[ARM_HOLD] = "second",
	};

	if (arm->second_scratch && write_arm_file(arm, arm->second_arm_file,
						  arm->second_scratch, "second", err) < 0)
		return -1;
	return write_arm_file(arm, arm->arm_file, arm->own_scratch ? "" : arm->scratch,
			      names[arm->kind], err);
}
