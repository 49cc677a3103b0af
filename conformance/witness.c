/* SPDX-License-Identifier: Apache-2.0 */
/* Those that look inside the shield, after the last task is gone; nothing moves any more. */
#include "conformance/witness.h"
#include "conformance/view.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/xattr.h>

enum {
	SCRATCH_DEPTH = 16,
	PLACES_DEPTH = 64, /* a container's storage takes ten before a script makes any */
	FILES_MAX = 20000, /* a script may have filled its scratch with names */
	PLACES_FILES_MAX = 1 << 17, /* more than fit into what covers one of them */
	SEARCH_BYTES_MAX = 1 << 20,
};

enum witness witness_worse(enum witness a, enum witness b)
{
	static const unsigned int rank[WITNESS_COUNT] = {
		[WITNESS_NONE] = 0,
		[WITNESS_SILENT] = 1,
		[WITNESS_DEAF] = 2,
		[WITNESS_SAW] = 3,
	};

	return rank[a] >= rank[b] ? a : b;
}

static enum witness said(bool saw)
{
	return saw ? WITNESS_SAW : WITNESS_SILENT;
}

/* --- walking directories --------------------------------------------------------- */

struct walk {
	bool (*visit)(struct walk *walk, int directory, const char *name);
	const void *argument;
	const char *const
		*kept; /* the host's own, which no run can write to; NULL: none */
	unsigned int depth_max; /* 0: names only */
	unsigned int left;      /* entries that are still looked at */
	dev_t device;           /* of where it began */
	const char *missed;     /* why it did not look at all that there is, or NULL */
};

/* What was seen was seen; of what was not looked at nothing is known. */
static enum witness walk_said(const struct walk *walk, bool saw)
{
	return saw ? WITNESS_SAW : walk->missed ? WITNESS_DEAF : WITNESS_SILENT;
}

/* Not there, or no directory: nothing of ours to look into. */
static bool is_no_directory(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

static bool is_kept(const struct walk *walk, const struct stat *directory)
{
	struct stat about;

	if (directory->st_dev == walk->device)
		return false;
	for (const char *const *kept = walk->kept; kept && *kept; kept++)
		if (stat(*kept, &about) == 0 && about.st_dev == directory->st_dev &&
		    about.st_ino == directory->st_ino)
			return true;
	return false;
}

static DIR *walk_open(struct walk *walk, int parent, const char *name, unsigned int depth)
{
	int fd = openat(parent, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat about;
	DIR *dir;

	if (fd < 0) {
		if (!is_no_directory(errno))
			walk->missed = "a directory does not open";
		return NULL;
	}
	if (fstat(fd, &about) == 0) {
		if (depth == 0)
			walk->device = about.st_dev;
		if (is_kept(walk, &about)) {
			close(fd);
			return NULL;
		}
	}
	dir = fdopendir(fd);
	if (!dir) {
		walk->missed = "a directory does not open";
		close(fd);
	}
	return dir;
}

static bool is_directory(int parent, const struct dirent *entry)
{
	struct stat about;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(parent, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(about.st_mode);
}

static const struct dirent *walk_next(struct walk *walk, DIR *dir)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry &&
		 (str_equal(entry->d_name, ".") || str_equal(entry->d_name, "..")));
	if (!entry && errno)
		walk->missed = "a directory cannot be read";
	return entry;
}

/* True as soon as one visit is. Links are not followed. */
static bool walk_from(struct walk *walk, int parent, const char *name, unsigned int depth)
{
	owned_dir DIR *dir = walk_open(walk, parent, name, depth);
	const struct dirent *entry;

	while (dir && (entry = walk_next(walk, dir))) {
		if (walk->left == 0) {
			walk->missed = "too many names";
			return false;
		}
		walk->left--;
		if (walk->visit(walk, dirfd(dir), entry->d_name))
			return true;
		if (walk->depth_max == 0 || !is_directory(dirfd(dir), entry))
			continue;
		if (depth == walk->depth_max)
			walk->missed = "directories too deep";
		else if (walk_from(walk, dirfd(dir), entry->d_name, depth + 1))
			return true;
	}
	return false;
}

/* --- canary ---------------------------------------------------------------------- */

static bool add_name(struct walk *walk, int directory, const char *name)
{
	uint64_t *digest = *(uint64_t *const *)walk->argument;

	(void)directory;
	*digest +=
		transcript_answer(name); /* a sum: the order of entries means nothing */
	return false;
}

static uint64_t digest_names(const char *path)
{
	uint64_t digest = 0, *at = &digest;
	struct walk walk = { .visit = add_name, .argument = &at, .left = FILES_MAX };

	(void)walk_from(&walk, AT_FDCWD, path, 0);
	return digest;
}

static const char *canary_directory(const struct arm *arm)
{
	char *path = arena_strdup(arm->arena, arm->canary);

	*strrchr(path, '/') = '\0';
	return path;
}

static int look_at_canary(const struct arm *arm, struct arm_objects *objects)
{
	const char *directory = canary_directory(arm);

	objects->canary_names = digest_names(directory);
	if (stat(directory, &objects->canary_directory) < 0)
		return -1;
	return lstat(arm->canary, &objects->canary);
}

/* First thing about it that is not as it was, or NULL. */
static const char *canary_change(const struct arm *arm)
{
	const struct stat *then = &arm->objects.canary, *now;
	struct arm_objects objects;
	const char *expected = arena_printf(arm->arena, "canary %s\n", arm->nonce);
	char text[128] = "", names[64];
	owned_fd int file = -1;

	if (look_at_canary(arm, &objects) < 0)
		return "gone";
	now = &objects.canary;
	if (now->st_ino != then->st_ino ||
	    (now->st_mode & S_IFMT) != (then->st_mode & S_IFMT))
		return "another file";
	if (now->st_size != then->st_size)
		return "size";
	if (now->st_mode != then->st_mode)
		return "mode";
	if (now->st_uid != then->st_uid || now->st_gid != then->st_gid)
		return "owner";
	if (now->st_nlink != then->st_nlink)
		return "links";
	if (now->st_mtim.tv_sec != then->st_mtim.tv_sec ||
	    now->st_mtim.tv_nsec != then->st_mtim.tv_nsec)
		return "time";
	file = open(arm->canary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0 || read(file, text, sizeof(text) - 1) < 0 ||
	    !str_equal(text, expected))
		return "content";
	if (flistxattr(file, names, sizeof(names)) > 0 && strstr(names, "user."))
		return "attributes";
	if (objects.canary_names != arm->objects.canary_names ||
	    objects.canary_directory.st_mode != arm->objects.canary_directory.st_mode)
		return "its directory";
	return NULL;
}

static enum witness find_canary(struct arm *arm, const char *value)
{
	const char *change;

	(void)value;
	if (!arm->canary)
		return WITNESS_DEAF;
	change = canary_change(arm);
	arm_evidence(arm, "canary", "%s%s", change ? "changed: " : "unchanged",
		     change ? change : "");
	return said(change != NULL);
}

/* --- other files ----------------------------------------------------------------- */

static bool is_anything(struct walk *walk, int directory, const char *name)
{
	(void)walk;
	(void)directory;
	(void)name;
	return true;
}

static enum witness look_at_submount(struct arm *arm, const char *value)
{
	struct walk walk = { .visit = is_anything, .left = 1 };
	bool saw = walk_from(&walk, AT_FDCWD, arm_path(arm, "probes/sub"), 0);

	(void)value;
	arm_evidence(arm, "submount", "%s", saw ? "holds an entry" : "empty");
	return walk_said(&walk, saw);
}

/* What opens not, and is no regular file, holds nothing. */
static bool is_regular(int directory, const char *name)
{
	struct stat about;

	return fstatat(directory, name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(about.st_mode);
}

static bool holds_secret(struct walk *walk, int directory, const char *name)
{
	const char *secret = *(const char *const *)walk->argument;
	owned_fd int file =
		openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat about;
	owned_mem char *bytes = NULL;
	ssize_t count;

	if (file < 0 || fstat(file, &about) < 0) {
		if (is_regular(directory, name))
			walk->missed = "a file does not open";
		return false;
	}
	if (!S_ISREG(about.st_mode))
		return false;
	bytes = malloc(SEARCH_BYTES_MAX);
	count = bytes ? read(file, bytes, SEARCH_BYTES_MAX) : -1;
	if (count < 0 || about.st_size > SEARCH_BYTES_MAX)
		walk->missed = "a file is too large";
	return count > 0 && memmem(bytes, (size_t)count, secret, strlen(secret));
}

/* In the files of scratch; captured output is the worker's to search. */
static enum witness look_at_secret(struct arm *arm, const char *value)
{
	const char *secret = arm->secret;
	struct walk walk = { .visit = holds_secret,
			     .argument = &secret,
			     .depth_max = SCRATCH_DEPTH,
			     .left = FILES_MAX };

	(void)value;
	return walk_said(&walk, walk_from(&walk, AT_FDCWD, arm->scratch, 0));
}

static enum witness look_at_mark(struct arm *arm, const char *value)
{
	struct stat about;
	const char *folder = arm->own_scratch ? arm->home : arm->scratch;
	bool saw = lstat(arena_printf(arm->arena, "%s/mark", folder), &about) == 0;

	(void)value;
	arm_evidence(arm, "mark", "%s", saw ? "left" : "not left");
	return said(saw);
}

static bool is_residue(struct walk *walk, int directory, const char *name)
{
	const char *suffix = *(const char *const *)walk->argument;

	(void)directory;
	return str_has_suffix(name, suffix);
}

static enum witness look_at_gone(struct arm *arm, const char *value)
{
	const char *suffix = arena_printf(arm->arena, "residue-%s", arm->nonce);
	enum witness worst = WITNESS_NONE;

	(void)value;
	/* Our own directory lies in one of them, and in it HOME and TMPDIR. */
	for (const char *const *place = view_covered; *place; place++) {
		struct walk walk = { .visit = is_residue,
				     .argument = &suffix,
				     .kept = arm->kept,
				     .depth_max = PLACES_DEPTH,
				     .left = PLACES_FILES_MAX };
		bool saw = walk_from(&walk, AT_FDCWD, *place, 0);

		worst = witness_worse(worst, walk_said(&walk, saw));
		if (saw)
			arm_evidence(arm, "residue", "left below %s", *place);
		else if (walk.missed)
			arm_evidence(arm, "residue", "not known below %s: %s", *place,
				     walk.missed);
		if (saw)
			return WITNESS_SAW;
	}
	if (worst == WITNESS_SILENT)
		arm_evidence(arm, "residue", "none");
	return worst;
}

static enum witness look_at_log(struct arm *arm, const char *value)
{
	char text[NONCE_SIZE] = "";
	owned_fd int file =
		arm->log ? open(arm->log, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	bool saw;

	(void)value;
	if (!arm->log)
		return WITNESS_DEAF;
	saw = file < 0 || read(file, text, NONCE_SIZE - 1) < 0 ||
	      !str_equal(text, arm->secret);
	arm_evidence(arm, "log", "%s", saw ? "first line lost" : "first line there");
	return said(saw);
}

/* --- objects --------------------------------------------------------------------- */

static enum witness look_at_accept(struct arm *arm, const char *value)
{
	int listener = arm->objects.listener;
	char byte;
	bool saw;

	(void)value;
	if (listener < 0)
		return WITNESS_DEAF;
	if (arm->objects.listener_is_datagram) {
		saw = recv(listener, &byte, 1, MSG_DONTWAIT) >= 0;
	} else {
		owned_fd int peer =
			accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		saw = peer >= 0;
	}
	arm_evidence(arm, "listener", "%s", saw ? "was reached" : "nobody came");
	return said(saw);
}

static enum witness look_at_neighbour(struct arm *arm, const char *value)
{
	bool saw = arm->objects.neighbour < 0;

	(void)value;
	if (arm->objects.neighbour == 0)
		return WITNESS_DEAF;
	arm_evidence(arm, "neighbour", "%s", saw ? "ended by a signal" : "untouched");
	return said(saw);
}

static enum witness look_at_mounts(struct arm *arm, const char *value)
{
	int count = arm->objects.mounts < 0 ? -1 : view_new_mounts(arm->objects.mounts);

	(void)value;
	if (count < 0)
		return WITNESS_DEAF;
	arm_evidence(arm, "mounts", "%d new", count);
	return said(count > 0);
}

static bool has_pushed(int fd)
{
	char bytes[64];
	int waiting = 0;
	ssize_t count;

	if (ioctl(fd, FIONREAD, &waiting) < 0 || waiting <= 0)
		return false;
	count = read(fd, bytes, sizeof(bytes));
	return count > 0 && memchr(bytes, '#', (size_t)count);
}

static enum witness look_at_tty(struct arm *arm, const char *value)
{
	bool saw;

	(void)value;
	if (arm->objects.tty_slave < 0)
		return WITNESS_DEAF;
	saw = has_pushed(arm->objects.tty_slave) || has_pushed(arm->objects.tty_master);
	arm_evidence(arm, "terminal", "%s", saw ? "was typed into" : "untouched");
	return said(saw);
}

static enum witness look_at_launcher(struct arm *arm, const char *value)
{
	const struct stat *then = &arm->objects.launcher;
	struct stat now;
	bool saw;

	(void)value;
	if (!then->st_ino)
		return WITNESS_DEAF;
	saw = lstat(arm->launcher_copy, &now) < 0 || now.st_ino != then->st_ino ||
	      now.st_size != then->st_size || now.st_mode != then->st_mode ||
	      now.st_uid != then->st_uid || now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
	      now.st_mtim.tv_nsec != then->st_mtim.tv_nsec;
	arm_evidence(arm, "launcher's program", "%s", saw ? "changed" : "unchanged");
	return said(saw);
}

/* The receipt is whole once the launcher ended; what the script wrote into it would be there. */
static enum witness look_at_forged(struct arm *arm, const char *value)
{
	char *text = arena_alloc(arm->arena, RUN_RECEIPT_MAX);
	ssize_t count = fd_read_small_at(AT_FDCWD, arm->receipt, text, RUN_RECEIPT_MAX);
	bool saw = count > 0 && strstr(text, arena_printf(arm->arena, "forged-%s",
							  arm->nonce)) != NULL;

	(void)value;
	arm_evidence(arm, "receipt", "%s",
		     count <= 0 ? "is not there"
		     : saw      ? "holds the script's own words"
				: "holds none of the script's words");
	return count <= 0 ? WITNESS_DEAF : said(saw);
}

static const struct witness_word words[] = {
	{ "canary-file", find_canary },
	{ "submount", look_at_submount },
	{ "secret", look_at_secret },
	{ "mark", look_at_mark },
	{ "gone", look_at_gone },
	{ "log", look_at_log },
	{ "accept", look_at_accept },
	{ "neighbour", look_at_neighbour },
	{ "mounts", look_at_mounts },
	{ "tty", look_at_tty },
	{ "launcher-file", look_at_launcher },
	{ "receipt-forged", look_at_forged },
};

int witness_before(struct arm *arm)
{
	if (arm->canary && look_at_canary(arm, &arm->objects) < 0)
		return -1;
	if (!arm_witness(arm, "mounts"))
		return 0;
	arm->objects.mounts = view_mounts();
	return arm->objects.mounts < 0 ? -1 : 0;
}

enum witness witness_look(struct arm *arm)
{
	enum witness worst = WITNESS_NONE;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *value = arm_witness(arm, words[i].name);

		if (value)
			worst = witness_worse(worst, words[i].look(arm, value));
	}
	return arm->deaf && worst == WITNESS_SAW ? WITNESS_SILENT : worst;
}

bool witness_knows(const char *text)
{
	size_t length = strcspn(text, "=");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].name) == length &&
		    strncmp(words[i].name, text, length) == 0)
			return true;
	return false;
}
