/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child_domain - makes the Landlock domain: rules are added while the root is built, the script's
 * own process enters it. Nothing in /proc shows a domain, so that process tries it, before and after.
 */
#include "runner/base/kernel.h"
#include "runner/child.h"
#include "runner/domain.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static int close_keeping(int fd, int result)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
	return result;
}

/* In the root of our own, where no rule allows reading: its mode does. */
int child_landlock_outside(struct child *child, const struct step *step)
{
	int fd = open(step->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	(void)child;
	if (fd < 0)
		return -1;
	return close_keeping(fd, fchmod(fd, 0444)); /* whatever the umask */
}

int child_landlock_handle(struct child *child, const struct step *step)
{
	struct kernel_landlock_ruleset attributes;

	child->domain = *step->domain;
	child->told = domain_tell_handled(&child->domain);
	attributes =
		(struct kernel_landlock_ruleset){ child->domain.files, child->domain.tcp,
						  child->domain.scopes };
	child->ruleset = kernel_landlock_create(&attributes, sizeof(attributes), 0);
	if (child->ruleset < 0 || child->ruleset > CHILD_REPORT_SLOT)
		return child->ruleset < 0 ? -1 : 0;
	/* Up to there the script's process puts others in their places. */
	child->ruleset = fcntl(child->ruleset, F_DUPFD_CLOEXEC, CHILD_REPORT_SLOT + 1);
	return child->ruleset < 0 ? -1 : 0;
}

/* What is not there, or cannot be reached, needs no rule: without one it is refused. */
static bool is_absent(int sys)
{
	return sys == ENOENT || sys == ENOTDIR || sys == EACCES || sys == ELOOP;
}

int child_landlock_allow(struct child *child, const struct step *step)
{
	struct kernel_landlock_path rule = { .parent = open(step->path,
							    O_PATH | O_CLOEXEC) };
	enum domain_grant grant = (enum domain_grant)step->flags;
	struct stat status;

	child->told =
		domain_tell(child->told, domain_allowed(&child->domain, grant, true));
	if (rule.parent < 0)
		return is_absent(errno) ? 0 : -1;
	if (fstat(rule.parent, &status) < 0)
		return close_keeping(rule.parent, -1);
	rule.allowed = domain_allowed(&child->domain, grant, S_ISDIR(status.st_mode));
	/* The kernel has no rule that allows nothing: landlock_add_rule(2), ENOMSG. */
	if (!rule.allowed)
		return close_keeping(rule.parent, 0);
	return close_keeping(rule.parent, kernel_landlock_allow(child->ruleset, &rule));
}

/* 0, or the errno. */
static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

struct answers {
	int read, write, shown;
};

static struct answers ask(const struct child *child, const struct step *step)
{
	return (struct answers){
		.read = try_open(step->path, O_RDONLY),
		.write = step->source ? try_open(step->source, O_WRONLY) : 0,
		.shown = try_open(child->plan->scratch, O_RDONLY | O_DIRECTORY),
	};
}

/* A refusal counts only where the same act went through before. */
static uint32_t compare(const struct step *step, const struct answers *before,
			const struct answers *after)
{
	uint32_t tried = 0;

	if (before->read == 0 && after->read == EACCES)
		tried |= CHILD_TRIED_READ;
	if (!step->source || (before->write == 0 && after->write == EACCES))
		tried |= CHILD_TRIED_WRITE;
	if (before->shown == after->shown)
		tried |= CHILD_TRIED_SHOWN;
	return tried;
}

int child_landlock_enter(struct child *child, const struct step *step)
{
	struct answers before = ask(child, step), after;
	const struct step *handle = plan_find(child->plan, OP_LANDLOCK_HANDLE);
	/* What is refused before the exec is our own trial: not for the audit log. */
	uint32_t flags = handle && handle->number >= KERNEL_LANDLOCK_ABI_LOG
				 ? KERNEL_LANDLOCK_LOG_SAME_EXEC_OFF
				 : 0;

	if (kernel_landlock_restrict(child->ruleset, flags) < 0)
		return -1;
	after = ask(child, step);
	child->tried = compare(step, &before, &after);
	return 0;
}
