/* SPDX-License-Identifier: Apache-2.0 */
/* bundle - see bundle.h. */
#include "reports/evidence/bundle.h"
#include "reports/evidence/envelope.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (1U << 20) /* of what is copied: scripts, texts, a policy */

void bundle_done(struct bundle *bundle)
{
	for (size_t i = 0; i < bundle->count; i++)
		str_done(&bundle->items[i].bytes);
	members_done(&bundle->members);
	memset(bundle, 0, sizeof(*bundle));
}

void bundle_add(struct bundle *bundle, const char *name, struct str *bytes)
{
	struct arena *arena = &bundle->members.arena;
	char sha256[DIGEST_HEX];

	if (bundle->count == bundle->capacity) {
		struct bundle_item *larger;

		bundle->capacity = bundle->capacity ? bundle->capacity * 2 : 256;
		larger = arena_array(arena, bundle->capacity, sizeof(*larger));
		if (bundle->count)
			memcpy(larger, bundle->items, bundle->count * sizeof(*larger));
		bundle->items = larger;
	}
	digest_sha256(str_text(bytes), bytes->length, sha256);
	members_add(&bundle->members, name, sha256);
	bundle->items[bundle->count++] =
		(struct bundle_item){ arena_strdup(arena, name), *bytes };
	memset(bytes, 0, sizeof(*bytes));
}

int bundle_add_file(struct bundle *bundle, const char *name, const char *path,
		    struct err *err)
{
	owned_str struct str bytes = { 0 };

	if (!member_is_name(name) || bundle->count >= MEMBERS_MAX)
		return err_policy(err, "report", "%s: cannot be a member of a bundle",
				  path);
	if (fd_read_file(path, FILE_BYTES_MAX, &bytes, err) < 0)
		return -1;
	bundle_add(bundle, name, &bytes);
	return 0;
}

int bundle_add_folder(struct bundle *bundle, const char *prefix, const char *path,
		      const char *suffix, struct err *err)
{
	owned_dir DIR *stream = opendir(path);
	const struct dirent *entry;

	if (!stream)
		return errno == ENOENT ? 0
				       : err_sys(err, "report", "cannot list %s", path);
	while ((entry = readdir(stream)) != NULL) {
		owned_str struct str name = { 0 }, from = { 0 };

		if (entry->d_name[0] == '.' || !str_has_suffix(entry->d_name, suffix))
			continue;
		str_addf(&name, "%s/%s", prefix, entry->d_name);
		str_addf(&from, "%s/%s", path, entry->d_name);
		if (bundle_add_file(bundle, name.text, from.text, err) < 0)
			return -1;
	}
	return 0;
}

void bundle_seal(struct bundle *bundle)
{
	members_sort(&bundle->members);
}

/* --- the directory --- */

static int make_parents(const char *name, const char *root)
{
	for (size_t i = 0; name[i]; i++) {
		owned_str struct str path = { 0 };

		str_addf(&path, "%s/%.*s", root, (int)i, name);
		if (name[i] == '/' && mkdir(path.text, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

/* Each goes with the last file below it. */
static void remove_parents(const char *name, const char *root)
{
	for (size_t i = strlen(name); i > 0; i--) {
		owned_str struct str path = { 0 };

		str_addf(&path, "%s/%.*s", root, (int)i, name);
		if (name[i] == '/')
			(void)rmdir(path.text);
	}
}

static void remove_draft(const struct draft *draft)
{
	const char *root = draft->temporary.text;
	owned_str struct str envelope = { 0 };

	for (size_t i = 0; i < draft->bundle->count; i++) {
		owned_str struct str path = { 0 };

		str_addf(&path, "%s/%s", root, draft->bundle->items[i].name);
		(void)unlink(path.text);
		remove_parents(draft->bundle->items[i].name, root);
	}
	str_addf(&envelope, "%s/" ENVELOPE_NAME, root);
	(void)unlink(envelope.text);
	(void)rmdir(root);
}

void draft_done(struct draft *draft)
{
	if (draft->temporary.length)
		remove_draft(draft);
	str_done(&draft->temporary);
	str_done(&draft->path);
}

int draft_add(const struct draft *draft, const char *name, const struct str *bytes,
	      struct err *err)
{
	owned_str struct str path = { 0 };
	owned_fd int fd = -1;

	str_addf(&path, "%s/%s", draft->temporary.text, name);
	if (make_parents(name, draft->temporary.text) == 0)
		fd = open(path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 || fd_write_all(fd, str_text(bytes), bytes->length) < 0)
		return err_sys(err, "report", "cannot write %s", path.text);
	return 0;
}

static int refuse_existing(const char *path, struct err *err)
{
	return err_policy(err, "report", "%s: is there; evidence is never overwritten",
			  path);
}

int draft_write(const struct bundle *bundle, const char *path, struct draft *ret,
		struct err *err)
{
	owned_draft struct draft draft = { .bundle = bundle };
	owned_str struct str name = { 0 };
	size_t length = strlen(path), base;
	const char *slash;
	struct stat about;

	while (length > 1 && path[length - 1] == '/')
		length--;
	str_add_bytes(&draft.path, path, length);
	if (lstat(draft.path.text, &about) == 0)
		return refuse_existing(path, err);
	/* Beside it, so that it can be renamed; hidden from whoever gathers bundles meanwhile. */
	slash = strrchr(draft.path.text, '/');
	base = slash ? (size_t)(slash + 1 - draft.path.text) : 0;
	str_addf(&name, "%.*s.%s.XXXXXX", (int)base, draft.path.text,
		 draft.path.text + base);
	if (!mkdtemp(name.text) || chmod(name.text, 0755) < 0)
		return err_sys(err, "report", "cannot make %s", name.text);
	str_add(&draft.temporary, name.text);
	for (size_t i = 0; i < bundle->count; i++)
		if (draft_add(&draft, bundle->items[i].name, &bundle->items[i].bytes,
			      err) < 0)
			return -1;
	*ret = draft;
	memset(&draft, 0, sizeof(draft));
	return 0;
}

int draft_place(struct draft *draft, struct err *err)
{
	if (renameat2(AT_FDCWD, draft->temporary.text, AT_FDCWD, draft->path.text,
		      RENAME_NOREPLACE) < 0)
		return errno == EEXIST ? refuse_existing(draft->path.text, err)
				       : err_sys(err, "report", "cannot make %s",
						 draft->path.text);
	str_clear(&draft->temporary);
	return 0;
}
