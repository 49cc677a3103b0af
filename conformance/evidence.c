/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file in scratch is the script's to shape: no link is followed, nothing but a regular file
 * is read, and no more of it than it may hold. Proof of life needs two things that no output can
 * give: the answer in a file of scratch, and that the script and its helper were really opened.
 */
#include "conformance/evidence.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

enum {
	SAID_MAX = 256,
	SPENT_MAX = 1024,
	SPENT_EACH_MAX = 100000000,
};

bool evidence_stat(int root, const char *path, struct stat *about)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	owned_fd int file = kernel_openat2(root, path, &how);

	return file >= 0 && fstat(file, about) == 0;
}

/* -1 when it is not there or not a regular file of at most `max` bytes. */
static int open_left(int root, const char *path, size_t max, struct stat *about)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	owned_fd int file = kernel_openat2(root, path, &how);

	if (file < 0 || fstat(file, about) < 0 || !S_ISREG(about->st_mode) ||
	    about->st_size < 0 || (size_t)about->st_size > max)
		return -1;
	return take_fd(&file);
}

/* Without a trailing newline; false when there is nothing to be read. */
static bool read_left(int root, const char *path, size_t max, struct str *ret,
		      struct stat *about)
{
	owned_fd int file = open_left(root, path, max, about);
	struct err ignored; /* not readable is not there */

	if (file < 0 || fd_read_all(file, max, ret, &ignored) < 0)
		return false;
	if (ret->length && ret->text[ret->length - 1] == '\n')
		ret->text[--ret->length] = '\0';
	return true;
}

static const char *scratch_of(const struct arm *arm)
{
	return arm->own_scratch ? "home" : "scratch";
}

void evidence_begin(const struct arm *arm, struct watch *watch)
{
	const char *const below = arm->script + strlen(arm->root) + 1;
	char path[PATH_MAX];

	watch->opened = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->opened < 0)
		return; /* then nothing is believed to have run */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", watch->shield.root,
		       below);
	(void)inotify_add_watch(watch->opened, path, IN_OPEN);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/probes/attack",
		       watch->shield.root);
	(void)inotify_add_watch(watch->opened, path, IN_OPEN);
}

/* Watch descriptors count from 1 in the order in which they were added: inotify(7). */
static void collect_opened(struct watch *watch)
{
	union {
		char bytes[4096];
		struct inotify_event align;
	} room;
	ssize_t count;

	while ((count = read(watch->opened, room.bytes, sizeof(room.bytes))) > 0)
		for (ssize_t at = 0; at < count;) {
			struct inotify_event event;

			memcpy(&event, room.bytes + at, sizeof(event));
			watch->script_opened = watch->script_opened || event.wd == 1;
			watch->helper_opened = watch->helper_opened || event.wd == 2;
			at += (ssize_t)(sizeof(event) + event.len);
		}
}

/* Seen from here a file's owner is the host's number; where no user namespace is in between the
 * script must have stated the same. */
static bool is_owner_plausible(const struct arm *arm, const struct facts *facts,
			       const struct stat *about)
{
	struct stat own;

	if (!arm->privileged || stat("/proc/self/ns/user", &own) < 0 ||
	    facts->ns[FACT_NS_USER] != own.st_ino)
		return true;
	return facts->euid == about->st_uid;
}

static void collect_life(struct arm *arm, struct watch *watch)
{
	owned_str struct str text = { 0 };
	char path[32];
	struct stat about;
	struct err ignored; /* a wrong answer is no answer */
	bool answered;

	(void)snprintf(path, sizeof(path), "%s/alive", scratch_of(arm));
	answered = read_left(watch->shield.root, path, FACT_TEXT_MAX, &text, &about) &&
		   transcript_facts(arm->nonce, str_text(&text), text.length,
				    &watch->facts, &ignored) == 0 &&
		   is_owner_plausible(arm, &watch->facts, &about);
	if (answered) {
		watch->owner = about.st_uid;
		watch->owner_group = about.st_gid;
	} else if (arm->own_scratch && watch->transcript.has_facts) {
		/* A scratch that only the target can see: the weaker proof. */
		watch->facts = watch->transcript.facts;
		watch->owner = (uid_t)-1;
		answered = true;
	}
	watch->alive = answered && watch->facts.forked && watch->facts.wrote &&
		       watch->script_opened && watch->helper_opened;
}

static void collect_second(const struct arm *arm, struct watch *watch)
{
	struct stat about;
	owned_fd int file = arm->second_scratch
				    ? open_left(watch->shield.root, "second/alive",
						FACT_TEXT_MAX, &about)
				    : -1;

	watch->second_alive = file >= 0;
	if (file >= 0)
		watch->second_owner = about.st_uid;
}

static void collect_attempt(struct arm *arm, struct watch *watch)
{
	owned_str struct str text = { 0 };
	char path[32];
	struct stat about;

	(void)snprintf(path, sizeof(path), "%s/attempt", scratch_of(arm));
	if (read_left(watch->shield.root, path, SAID_MAX, &text, &about) &&
	    str_equal(str_text(&text), arm->nonce))
		watch->transcript.attempted = true;
}

/* Output may be cut, drowned or edited on its way; of two words the one that accuses counts. */
static void collect_said(struct arm *arm, struct watch *watch)
{
	owned_str struct str text = { 0 };
	struct transcript file = { .said = SAID_NOTHING };
	char path[32];
	struct stat about;

	(void)snprintf(path, sizeof(path), "%s/said", scratch_of(arm));
	if (!read_left(watch->shield.root, path, SAID_MAX, &text, &about))
		return;
	(void)transcript_line(arm->nonce, str_text(&text), text.length, &file);
	if (file.said == SAID_NOTHING ||
	    (watch->transcript.said != SAID_NOTHING && file.said != SAID_REACHED))
		return;
	watch->transcript.said = file.said;
	(void)snprintf(watch->transcript.word, sizeof(watch->transcript.word), "%s",
		       file.word);
}

/* A line for each process, of milliseconds: what is there when all were killed at once. */
static void collect_spent(struct arm *arm, struct watch *watch)
{
	owned_str struct str text = { 0 };
	char path[32], *save = NULL;
	struct stat about;

	(void)snprintf(path, sizeof(path), "%s/spent", scratch_of(arm));
	if (!read_left(watch->shield.root, path, SPENT_MAX, &text, &about))
		return;
	for (const char *line = strtok_r(text.text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		watch->spent_ms += strtoull(line, NULL, 10) % SPENT_EACH_MAX;
}

static void collect_receipt(const struct arm *arm, struct watch *watch)
{
	owned_str struct str text = { 0 };
	struct stat about;
	struct err ignored; /* what is not JSON is no receipt */

	if (!read_left(watch->shield.root, "receipt/receipt.json", RUN_RECEIPT_MAX - 1,
		       &text, &about) ||
	    json_parse("receipt", str_text(&text), text.length, &json_small,
		       &watch->receipt, &ignored) < 0)
		return;
	watch->receipt_text = arena_strndup(arm->arena, str_text(&text), text.length);
	watch->receipt_length = text.length;
}

/* The last thing it said that is not of the protocol: a launcher's reason, if it did not run. */
static void collect_words(struct watch *watch)
{
	const struct capture *from =
		watch->errors.last_length ? &watch->errors : &watch->out;

	memcpy(watch->words, from->last, from->last_length);
	watch->words[from->last_length] = '\0';
}

void evidence_collect(struct arm *arm, struct watch *watch)
{
	collect_opened(watch);
	collect_life(arm, watch);
	collect_second(arm, watch);
	collect_attempt(arm, watch);
	collect_said(arm, watch);
	collect_spent(arm, watch);
	collect_receipt(arm, watch);
	collect_words(watch);
	watch->status = arm->shared->status;
	watch->bytes = watch->out.bytes + watch->errors.bytes;
	watch->secret_seen = watch->out.needle_seen || watch->errors.needle_seen;
}
