/* SPDX-License-Identifier: Apache-2.0 */
/* Who the script is, and whether it can become more. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What no_new_privs takes away is the chance to gain something at exec: absent when it is set. */
static int run_may_gain(char **arguments)
{
	(void)arguments;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return say_denied_word("absent");
	return say_reached();
}

static int run_any_capability(char **arguments)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint32_t held = 0;

	(void)arguments;
	if (syscall(SYS_capget, &header, data) < 0)
		return say_cannot_tell_errno(errno);
	for (size_t i = 0; i < 2; i++)
		held |= data[i].effective | data[i].permitted | data[i].inheritable;
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			held = 1;
	return held ? say_reached() : say_denied_word("absent");
}

static int run_any_bounding(char **arguments)
{
	(void)arguments;
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			return say_reached();
	return say_denied_word("absent");
}

static int run_become_uid(char **arguments)
{
	uid_t uid = (uid_t)number(arguments[0]);

	return say_result(setresuid(uid, uid, uid));
}

/* Run as a set-user-id file of root's. Where the real uid is 0, as in a user namespace of one's own,
 * the effective one says nothing of the file. */
static int run_effective_root(char **arguments)
{
	(void)arguments;
	return geteuid() == 0 && getuid() != 0 ? say_reached()
					       : say_denied_word("absent");
}

/* To the name it has already. */
static int run_set_hostname(char **arguments)
{
	char name[256] = "";

	(void)arguments;
	if (gethostname(name, sizeof(name) - 1) < 0)
		return say_cannot_tell_errno(errno);
	return say_result(sethostname(name, strlen(name)));
}

const struct verb privilege_verbs[] = {
	{ "may-gain", 0, 0, "", run_may_gain },
	{ "any-capability", 0, 0, "", run_any_capability },
	{ "any-bounding", 0, 0, "", run_any_bounding },
	{ "become-uid", 1, 1, "UID", run_become_uid },
	{ "effective-root", 0, 0, "", run_effective_root },
	{ "set-hostname", 0, 0, "", run_set_hostname },
	{ .name = NULL },
};
