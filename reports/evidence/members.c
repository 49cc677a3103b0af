/* SPDX-License-Identifier: Apache-2.0 */
/* members - see members.h. Every step of a path is opened by itself, so that no link is followed. */
#include "reports/evidence/members.h"
#include "reports/results.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX      4
#define NAME_MAX_BYTES 200
#define BLOCK_BYTES    8192

void members_done(struct members *members)
{
	arena_done(&members->arena);
	memset(members, 0, sizeof(*members));
}

bool member_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_BYTES &&
	       strspn(name, letters) == length && name[0] != '.' && name[0] != '/' &&
	       name[length - 1] != '/' && !strstr(name, "//") && !strstr(name, "/.");
}

void members_add(struct members *members, const char *name, const char *sha256)
{
	struct member *row;

	if (members->count == members->capacity) {
		struct member *larger;

		members->capacity = members->capacity ? members->capacity * 2 : 256;
		larger = arena_array(&members->arena, members->capacity, sizeof(*larger));
		if (members->count)
			memcpy(larger, members->rows, members->count * sizeof(*larger));
		members->rows = larger;
	}
	row = &members->rows[members->count++];
	row->name = arena_strdup(&members->arena, name);
	memcpy(row->sha256, sha256, DIGEST_HEX);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

void members_sort(struct members *members)
{
	if (members->count)
		qsort(members->rows, members->count, sizeof(*members->rows), compare);
}

const struct member *members_find(const struct members *members, const char *name)
{
	const struct member wanted = { .name = name };

	return members->count ? bsearch(&wanted, members->rows, members->count,
					sizeof(*members->rows), compare)
			      : NULL;
}

/* --- reading --- */

struct walk {
	const char *what;
	struct members *members;
	size_t max;
	struct err *err;
};

static int refuse(const struct walk *walk, const char *name, const char *why)
{
	owned_str struct str shown = { 0 };

	str_add_visible(&shown, name, strlen(name), NAME_MAX_BYTES);
	return err_policy(walk->err, "report", "%s: %s %s", walk->what, str_text(&shown),
			  why);
}

static int digest_stream(int fd, char ret[DIGEST_HEX])
{
	unsigned char block[BLOCK_BYTES], hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned int length = 0;
	ssize_t count;

	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		arena_out_of_memory();
	while ((count = read(fd, block, sizeof(block))) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			break;
		if (EVP_DigestUpdate(context, block, (size_t)count) != 1)
			arena_out_of_memory();
	}
	if (EVP_DigestFinal_ex(context, hash, &length) != 1)
		arena_out_of_memory();
	EVP_MD_CTX_free(context);
	digest_hex(hash, ret);
	return count < 0 ? -1 : 0;
}

static int take_file(const struct walk *walk, int fd, const char *name)
{
	char sha256[DIGEST_HEX];

	if (walk->members->count >= walk->max)
		return err_policy(walk->err, "report", "%s: has more than %zu files",
				  walk->what, walk->max);
	if (digest_stream(fd, sha256) < 0)
		return err_sys(walk->err, "report", "cannot read %s/%s", walk->what,
			       name);
	members_add(walk->members, name, sha256);
	return 0;
}

static int take_directory(const struct walk *walk, int fd, const char *prefix,
			  unsigned int depth);

/* Never waits: what is no file or directory is told from its kind before it is read. */
static int take_entry(const struct walk *walk, int parent, const char *name,
		      const char *path, unsigned int depth)
{
	struct stat about;
	owned_fd int fd = -1;

	if (!member_is_name(path))
		return refuse(walk, path, "is no name of a member");
	if (fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(walk->err, "report", "cannot look at %s/%s", walk->what,
			       path);
	if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
		return refuse(walk, path, "is neither a file nor a directory");
	fd = openat(parent, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &about) < 0)
		return err_sys(walk->err, "report", "cannot open %s/%s", walk->what,
			       path);
	if (S_ISREG(about.st_mode))
		return take_file(walk, fd, path);
	if (!S_ISDIR(about.st_mode) || depth >= DEPTH_MAX)
		return refuse(walk, path, "is deeper than members are");
	return take_directory(walk, take_fd(&fd), path, depth);
}

/* Takes the descriptor. */
static int take_directory(const struct walk *walk, int fd, const char *prefix,
			  unsigned int depth)
{
	owned_dir DIR *stream = fdopendir(fd);
	const struct dirent *entry;
	bool empty = true;

	if (!stream) {
		(void)err_sys(walk->err, "report", "cannot list %s/%s", walk->what,
			      prefix);
		(void)close(fd);
		return -1;
	}
	while ((entry = readdir(stream)) != NULL) {
		owned_str struct str path = { 0 };

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		empty = false;
		str_addf(&path, "%s%s%s", prefix, prefix[0] ? "/" : "", entry->d_name);
		if (take_entry(walk, dirfd(stream), entry->d_name, path.text, depth + 1) <
		    0)
			return -1;
	}
	if (empty && prefix[0])
		return refuse(walk, prefix, "is empty");
	return 0;
}

int members_read(int directory, const char *what, size_t max, struct members *ret,
		 struct err *err)
{
	const struct walk walk = { what, ret, max, err };
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "report", "cannot open %s", what);
	if (take_directory(&walk, fd, "", 0) < 0)
		return -1;
	members_sort(ret);
	return 0;
}

int members_load(int directory, const char *what, const char *name, size_t max_bytes,
		 struct str *ret, struct err *err)
{
	owned_fd int fd =
		openat(directory, name,
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) < 0)
		return err_sys(err, "report", "cannot open %s/%s", what, name);
	if (!S_ISREG(about.st_mode))
		return err_policy(err, "report", "%s/%s: is no file", what, name);
	if (fd_read_all(fd, max_bytes, ret, err) < 0)
		return err_within(err, "%s/%s", what, name);
	return 0;
}

/* --- the probes --- */

static void add_layer(struct str *list, const struct members *members, const char *folder,
		      const char *layer)
{
	owned_str struct str prefix = { 0 };

	str_addf(&prefix, "%s/%s/", folder, layer);
	for (size_t i = 0; i < members->count; i++) {
		const struct member *row = &members->rows[i];

		if (str_has_prefix(row->name, prefix.text) &&
		    str_has_suffix(row->name, ".sh"))
			str_addf(list, "%s  %s\n", row->sha256,
				 row->name + strlen(folder) + 1);
	}
}

void members_catalogue(const struct members *members, char ret[DIGEST_HEX])
{
	static const char *const shared[] = { "probes/lib.sh", "probes/mark.sh",
					      "probes/gconv-modules" };
	owned_str struct str list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(shared); i++) {
		const struct member *row = members_find(members, shared[i]);

		str_addf(&list, "%s  %s\n", row ? row->sha256 : "-",
			 shared[i] + strlen("probes/"));
	}
	for (unsigned int i = 0; i < LAYER_COUNT; i++) {
		add_layer(&list, members, "probes", layer_words[i]);
		add_layer(&list, members, "own", layer_words[i]);
	}
	digest_sha256(str_text(&list), list.length, ret);
}
