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
	SCRATCH_DEPTH = 4,
	PLACES_DEPTH = 6,
	FILES_MAX = 20000, /* a script may have filled its scratch with names */
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
	bool (*visit)(const struct walk *walk, int directory, const char *name);
	const void *argument;
	unsigned int depth_max;
	unsigned int left; /* entries that are still looked at */
};

/* True as soon as one visit is. Links are not followed. */
static bool walk_from(struct walk *walk, int parent, const char *name, unsigned int depth)
{
	int fd = openat(parent, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	owned_dir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry;
	     entry = readdir(dir)) {
		if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
			continue;
		if (walk->left == 0)
			return false;
		walk->left--;
		if (walk->visit(walk, fd, entry->d_name))
			return true;
		if (depth < walk->depth_max &&
		    walk_from(walk, fd, entry->d_name, depth + 1))
			return true;
	}
	return false;
}

/* --- canary ---------------------------------------------------------------------- */

static bool add_name(const struct walk *walk, int directory, const char *name)
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

static bool is_anything(const struct walk *walk, int directory, const char *name)
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
	return said(saw);
}

static bool holds_secret(const struct walk *walk, int directory, const char *name)
{
	const char *secret = *(const char *const *)walk->argument;
	owned_fd int file =
		openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat about;
	owned_mem char *bytes = NULL;
	ssize_t count;

	if (file < 0 || fstat(file, &about) < 0 || !S_ISREG(about.st_mode))
		return false;
	bytes = malloc(SEARCH_BYTES_MAX);
	count = bytes ? read(file, bytes, SEARCH_BYTES_MAX) : -1;
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
	return said(walk_from(&walk, AT_FDCWD, arm->scratch, 0));
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

static bool is_residue(const struct walk *walk, int directory, const char *name)
{
	const char *suffix = *(const char *const *)walk->argument;

	(void)directory;
	return str_has_suffix(name, suffix);
}

static enum witness look_at_gone(struct arm *arm, const char *value)
{
	const char *suffix = arena_printf(arm->arena, "residue-%s", arm->nonce);
	const char *found = NULL;

	(void)value;
	/* Our own directory lies in one of them, and in it HOME and TMPDIR. */
	for (const char *const *place = view_covered; *place && !found; place++) {
		struct walk walk = { .visit = is_residue,
				     .argument = &suffix,
				     .depth_max = PLACES_DEPTH,
				     .left = FILES_MAX };

		if (walk_from(&walk, AT_FDCWD, *place, 0))
			found = *place;
	}
	arm_evidence(arm, "residue", "%s%s", found ? "left below " : "none",
		     found ? found : "");
	return said(found != NULL);
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
