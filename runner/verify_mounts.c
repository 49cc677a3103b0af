/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_mounts - the mount table of the script, line by line, against what the plan attached:
 * nothing may be missing, nothing may be left over, and every option must be there
 */
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/verify.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Undoes the octal escapes of mountinfo in place: proc(5). */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] &&
		    from[3]) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 +
				     (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* "36 35 98:0 /root /point options optional… - type source super" */
static bool read_line(char *line, struct seen_mount *mount)
{
	char *save = NULL, *field = strtok_r(line, " ", &save);
	unsigned int index = 0;

	*mount = (struct seen_mount){ 0 };
	for (; field && !(index > 5 && str_equal(field, "-")); index++) {
		if (index == 2 &&
		    sscanf(field, "%u:%u", &mount->major, &mount->minor) != 2)
			return false;
		if (index == 3)
			mount->root = field;
		if (index == 4) {
			unescape(field);
			mount->point = field;
		}
		if (index == 5)
			mount->options = field;
		field = strtok_r(NULL, " ", &save);
	}
	mount->type = strtok_r(NULL, " ", &save);
	(void)strtok_r(NULL, " ", &save);
	mount->super = strtok_r(NULL, " ", &save);
	return mount->options && mount->type && mount->super;
}

void verify_read_mounts(struct view *view, int proc)
{
	owned_str struct str text = { 0 };
	owned_fd int fd = proc < 0 ? -1 : openat(proc, "mountinfo", O_RDONLY | O_CLOEXEC);
	size_t lines = 0;
	char *save = NULL;
	struct err err;
	char *copy;

	if (fd < 0 || fd_read_all(fd, 4U << 20, &text, &err) < 0)
		return;
	copy = arena_strdup(view->arena, str_text(&text));
	for (const char *at = copy; *at; at++)
		lines += *at == '\n';
	view->mounts = arena_array(view->arena, lines + 1, sizeof(*view->mounts));
	for (char *line = strtok_r(copy, "\n", &save); line && view->mount_count <= lines;
	     line = strtok_r(NULL, "\n", &save))
		if (read_line(line, &view->mounts[view->mount_count]))
			view->mount_count++;
}

static bool has_option(const char *options, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = options; at; at = strchr(at, ',')) {
		if (*at == ',')
			at++;
		if (!strncmp(at, word, length) && (at[length] == ',' || !at[length]))
			return true;
	}
	return false;
}

static bool is_at_or_below(const char *path, const char *dir)
{
	size_t length = strlen(dir);

	return !strncmp(path, dir, length) && (path[length] == '/' || !path[length]);
}

/* The step that put a mount there: of all that its point lies in, the deepest and then the last. */
static const struct step *origin(const struct plan *plan, const char *point)
{
	const struct step *best = NULL;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];

		if (step->op != OP_ATTACH && step->op != OP_SCRATCH &&
		    step->op != OP_HIDE && step->op != OP_NAMES)
			continue;
		if (is_at_or_below(point, step->path) &&
		    (!best || strlen(step->path) >= strlen(best->path)))
			best = step;
	}
	return best;
}

static const struct seen_mount *mount_at(const struct view *view, const char *point)
{
	const struct seen_mount *found = NULL;

	for (size_t i = 0; i < view->mount_count; i++)
		if (str_equal(view->mounts[i].point, point))
			found = &view->mounts[i]; /* the last one covers the others */
	return found;
}

/* Which mounts must carry the option that this step stands for? */
static bool is_meant(const struct step *from, enum op op, bool below)
{
	if (!from)
		return false;
	if (op == OP_SCRATCH_INERT)
		return from->op == OP_SCRATCH ||
		       (from->op == OP_ATTACH && from->flags == BIND_WRITABLE);
	if (from->op != OP_ATTACH || from->flags != BIND_READ_ONLY ||
	    str_equal(from->path, "/proc"))
		return false;
	return (op == OP_RECURSIVE) == below;
}

bool verify_bind_attribute(const struct view *view, const struct plan *claims, enum op op,
			   const char **why)
{
	bool read_only = op == OP_READ_ONLY || op == OP_RECURSIVE;
	bool nosuid = op != OP_READ_ONLY && op != OP_NODEV;
	bool nodev = op != OP_READ_ONLY && op != OP_NOSUID;

	for (size_t i = 0; i < view->mount_count; i++) {
		const struct seen_mount *mount = &view->mounts[i];
		const struct step *from = origin(claims, mount->point);

		if (!is_meant(from, op, from && !str_equal(mount->point, from->path)))
			continue;
		if ((!read_only || has_option(mount->options, "ro")) &&
		    (!nosuid || has_option(mount->options, "nosuid")) &&
		    (!nodev || has_option(mount->options, "nodev")))
			continue;
		*why = arena_printf(view->arena, "%s is mounted %s", mount->point,
				    mount->options);
		return false;
	}
	return view->mount_count > 0;
}

static const struct {
	uint64_t attribute;
	const char *option;
} option_words[] = {
	{ MOUNT_ATTR_RDONLY, "ro" },
	{ MOUNT_ATTR_NOSUID, "nosuid" },
	{ MOUNT_ATTR_NODEV, "nodev" },
	{ MOUNT_ATTR_NOEXEC, "noexec" },
};

static bool has_attributes(const struct seen_mount *mount, uint64_t attributes)
{
	for (size_t i = 0; i < ARRAY_SIZE(option_words); i++)
		if (attributes & option_words[i].attribute &&
		    !has_option(mount->options, option_words[i].option))
			return false;
	return true;
}

/* Where a step puts something that no step of its own stands for: the root, /proc, what covers, and
 * devices, which are bound from and to one path; NULL for all others. */
static const char *place_of(const struct step *step)
{
	if (step->op == OP_ROOT)
		return "/";
	if (step->op == OP_PROC_OPEN)
		return "/proc";
	if (step->op == OP_HIDE)
		return step->path;
	if (step->op == OP_OPEN && step->flags == BIND_DEVICE)
		return step->source;
	return NULL;
}

static bool all_attributes(const struct view *view, const struct plan *claims,
			   const char **why)
{
	for (size_t i = 0; i < claims->count; i++) {
		const char *place = place_of(&claims->steps[i]);
		const struct seen_mount *mount = place ? mount_at(view, place) : NULL;

		if (!mount || has_attributes(mount, claims->steps[i].attributes))
			continue;
		*why = arena_printf(view->arena, "%s is mounted %s", place,
				    mount->options);
		return false;
	}
	return true;
}

bool verify_root(const struct view *view, const struct plan *claims, const char **why)
{
	const struct seen_mount *root = mount_at(view, "/");

	if (!root || !str_equal(root->type, "tmpfs")) {
		*why = root ? "the root is not ours" : "the mount table cannot be read";
		return false;
	}
	for (size_t i = 0; i < view->mount_count; i++)
		if (!str_equal(view->mounts[i].point, "/") &&
		    !origin(claims, view->mounts[i].point)) {
			*why = arena_printf(view->arena,
					    "%s is mounted, by nobody's plan",
					    view->mounts[i].point);
			return false;
		}
	for (size_t i = 0; i < claims->count; i++)
		if (claims->steps[i].op == OP_ATTACH &&
		    !mount_at(view, claims->steps[i].path)) {
			*why = arena_printf(view->arena, "%s is not mounted",
					    claims->steps[i].path);
			return false;
		}
	return all_attributes(view, claims, why);
}

bool verify_root_read_only(const struct view *view, const char **why)
{
	const struct seen_mount *root = mount_at(view, "/");

	*why = "the root can be written";
	return root && has_option(root->options, "ro");
}

static bool is_covered(const struct plan *claims, const char *point)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->steps[i].op == OP_HIDE &&
		    is_at_or_below(point, claims->steps[i].path))
			return true;
	return false;
}

bool verify_one_proc(const struct view *view, const struct plan *claims, const char **why)
{
	for (size_t i = 0; i < view->mount_count; i++) {
		const char *point = view->mounts[i].point;

		if (!str_equal(view->mounts[i].type, "proc") ||
		    is_at_or_below(point, "/proc") || is_covered(claims, point))
			continue;
		*why = arena_printf(view->arena,
				    "%s is another /proc: hide it, or unmount it", point);
		return false;
	}
	return true;
}

/* A /proc of another pid namespace is another file system than ours. */
bool verify_proc(const struct view *view, const struct plan *claims, const char **why)
{
	const struct seen_mount *proc = mount_at(view, "/proc");
	struct stat ours;

	(void)claims;
	*why = "/proc is not one of its own";
	if (!proc || !str_equal(proc->type, "proc") || stat("/proc", &ours) < 0)
		return false;
	return makedev(proc->major, proc->minor) != ours.st_dev;
}

bool verify_scratch_size(const struct view *view, const struct step *step,
			 const char **why)
{
	const struct step *scratch = plan_find(view->spawn->plan, OP_SCRATCH);
	const struct seen_mount *mount = scratch ? mount_at(view, scratch->path) : NULL;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char size[48], inodes[48];

	(void)snprintf(
		size, sizeof(size), "size=%lluk",
		(unsigned long long)((step->number + page - 1) / page * page / 1024));
	(void)snprintf(inodes, sizeof(inodes), "nr_inodes=%llu",
		       (unsigned long long)step->flags);
	*why = mount ? mount->super : "it is not mounted";
	return mount && has_option(mount->super, size) &&
	       has_option(mount->super, inodes);
}

static bool holds_text(int fd, const char *text, uint64_t length)
{
	char bytes[4096];

	while (length) {
		ssize_t count =
			read(fd, bytes, length < sizeof(bytes) ? length : sizeof(bytes));

		if (count <= 0 || memcmp(bytes, text, (size_t)count) != 0)
			return false;
		text += count;
		length -= (uint64_t)count;
	}
	return read(fd, bytes, 1) == 0;
}

/* What lies there must be a file of our own root that holds the text and nothing else. */
bool verify_names(const struct view *view, const struct step *step, const char **why)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS
	};
	owned_fd int root = openat(view->proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	owned_fd int path = root < 0 ? -1 : kernel_openat2(root, step->path, &how);
	struct stat at, top;

	*why = arena_printf(view->arena, "%s is not the file with the names", step->path);
	return root >= 0 && path >= 0 && fstat(root, &top) == 0 &&
	       fstat(path, &at) == 0 && at.st_dev == top.st_dev &&
	       holds_text(path, step->source, step->number);
}

/* What lies at a hidden path must be the empty thing of our own root. In scratch the path itself, and
 * it must have been looked at: a script may open there what it could not reach. */
bool verify_hidden(const struct view *view, const struct step *step, const char **why)
{
	const struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				      .resolve =
					      RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
					      (step->flags ? RESOLVE_NO_SYMLINKS : 0) };
	owned_fd int root = openat(view->proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	owned_fd int path = root < 0 ? -1 : kernel_openat2(root, step->path, &how);
	int error = errno;
	struct stat at, top;

	*why = arena_printf(view->arena, "%s is not hidden", step->path);
	if (root < 0 || fstat(root, &top) < 0)
		return false;
	if (path < 0) /* not there, or not to be reached by this identity */
		return error == ENOENT || error == ENOTDIR ||
		       (error == EACCES && !step->flags);
	return fstat(path, &at) == 0 && at.st_dev == top.st_dev;
}
