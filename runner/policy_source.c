/* SPDX-License-Identifier: Apache-2.0 */
/* policy_source - see policy_source.h */
#include "runner/policy_source.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

const char *const policy_origin_words[POLICY_ORIGIN_COUNT] = {
	[POLICY_SHIPPED] = "shipped",         [POLICY_HOST] = "host",
	[POLICY_OPTION] = "option",           [POLICY_PROFILE] = "profile",
	[POLICY_FAIL_CLOSED] = "fail-closed",
};

const char *policy_host_file(void)
{
	const char *named = getenv(POLICY_HOST_ENV);

	return named && named[strspn(named, " \t")] ? named : POLICY_HOST_FILE;
}

int policy_read_file(const char *path, struct str *ret, struct err *err)
{
	int result = str_equal(path, "-")
			     ? fd_read_all(STDIN_FILENO, json_small.max_bytes, ret, err)
			     : fd_read_file(path, json_small.max_bytes, ret, err);

	if (result < 0)
		err->code = ERR_POLICY; /* whoever named it has to name another */
	return result;
}

static int load(enum profile profile, const char *what, const struct str *text,
		const struct policy_wish *wish, struct arena *arena,
		struct policy *policy, struct err *err)
{
	return policy_load(profile, what, text ? str_text(text) : NULL,
			   text ? text->length : 0, wish ? wish->sets : NULL,
			   wish ? wish->set_count : 0, getenv("CONFINE_SANDBOX_UID"),
			   getenv("CONFINE_SANDBOX_GID"), arena, policy, err);
}

/* No pipe, and nobody else's: what everyone may write, the script of yesterday may have written. */
static int read_host_file(const char *path, struct str *text, struct err *err)
{
	owned_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return err_sys(err, "policy", "cannot open %s", path);
	if (!S_ISREG(status.st_mode))
		return err_policy(err, "policy", "%s: not a file", path);
	if (status.st_mode & S_IWOTH)
		return err_policy(err, "policy",
				  "%s: everyone may write to it (chmod o-w)", path);
	return fd_read_all(fd, json_small.max_bytes, text, err) < 0
		       ? err_within(err, "%s", path)
		       : 0;
}

/* A file that was named has to be there; the usual place may be empty. */
static bool is_absent(const char *path)
{
	return str_equal(path, POLICY_HOST_FILE) && access(path, F_OK) < 0 &&
	       (errno == ENOENT || errno == ENOTDIR);
}

static int find_host(const struct policy_wish *wish, struct arena *arena,
		     struct policy *policy, struct policy_source *source, struct err *err)
{
	/* A copy: the environment is wiped before the receipt is written. */
	const char *path = arena_strdup(arena, policy_host_file());
	owned_str struct str text = { 0 };
	struct err fault;

	if (is_absent(path)) {
		source->reason =
			"no " POLICY_HOST_FILE " on this host: the shipped default";
		return load(PROFILE_DEFAULT, NULL, NULL, wish, arena, policy, err);
	}
	source->file = path;
	if (read_host_file(path, &text, &fault) < 0 ||
	    load(PROFILE_DEFAULT, path, &text, NULL, arena, policy, &fault) < 0) {
		source->origin = POLICY_FAIL_CLOSED;
		source->profile = PROFILE_FAIL_CLOSED;
		source->reason = arena_strdup(arena, fault.msg);
		return load(PROFILE_FAIL_CLOSED, NULL, NULL, wish, arena, policy, err);
	}
	source->origin = POLICY_HOST;
	source->reason = arena_printf(arena, "%s: the host's default", path);
	return wish->set_count
		       ? load(PROFILE_DEFAULT, path, &text, wish, arena, policy, err)
		       : 0;
}

int policy_find(const struct policy_wish *wish, struct arena *arena,
		struct policy *policy, struct policy_source *source, struct err *err)
{
	owned_str struct str text = { 0 };

	*source = (struct policy_source){ .origin = POLICY_SHIPPED,
					  .profile = PROFILE_DEFAULT };
	if (!wish->file && !wish->has_fd && !wish->has_profile)
		return find_host(wish, arena, policy, source, err);
	source->origin = wish->file || wish->has_fd ? POLICY_OPTION : POLICY_PROFILE;
	source->profile = wish->has_profile ? wish->profile : PROFILE_DEFAULT;
	source->file = wish->file;
	if (wish->has_fd) {
		source->reason = "--policy-fd: given by the program that started the run";
		if (fd_read_all(wish->fd, json_small.max_bytes, &text, err) < 0)
			return err_within(err, "--policy-fd");
		return load(source->profile, "--policy-fd", &text, wish, arena, policy,
			    err);
	}
	source->reason = wish->file ? arena_printf(arena, "--policy %s", wish->file)
				    : arena_printf(arena, "--profile %s",
						   profile_names[source->profile]);
	if (wish->file && policy_read_file(wish->file, &text, err) < 0)
		return err_within(err, "--policy");
	return load(source->profile, wish->file, wish->file ? &text : NULL, wish, arena,
		    policy, err);
}

struct json *policy_source_to_json(const struct policy_source *source)
{
	struct json *object = json_object();

	json_add_string(object, "source", policy_origin_words[source->origin]);
	json_add_string(object, "profile", profile_names[source->profile]);
	if (source->file)
		json_add_text(object, "file", source->file);
	else
		json_add_null(object, "file");
	json_add_text(object, "reason", source->reason);
	return object;
}
