/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that others left in System V memory, message queues and keyrings: their secret as loot. */
#include "probes/attack/attack.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static int say_loot(const void *bytes, size_t count, const char *path)
{
	if (keep_loot_bytes(bytes, count, path) < 0)
		return say_cannot_tell_errno(errno);
	return say_reached();
}

static int run_shm_read(char **arguments)
{
	int id = shmget((key_t)number(arguments[0]), 0, 0);
	const void *memory;

	if (id < 0)
		return say_denied(errno);
	memory = shmat(id, NULL, SHM_RDONLY);
	if ((intptr_t)memory == -1)
		return say_denied(errno);
	return say_loot(memory, 64, arguments[1]);
}

static int run_mq_read(char **arguments)
{
	mqd_t queue = mq_open(arguments[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct mq_attr attributes;
	char message[8192];
	ssize_t count;

	if (queue < 0)
		return say_denied(errno);
	if (mq_getattr(queue, &attributes) < 0 ||
	    attributes.mq_msgsize > (long)sizeof(message))
		return say_cannot_tell("message-size");
	count = mq_receive(queue, message, sizeof(message), NULL);
	if (count < 0)
		return say_denied(errno);
	return say_loot(message, (size_t)count, arguments[1]);
}

/* The possessor of a session keyring may search it; who got it by inheritance possesses it. */
static int run_key_read(char **arguments)
{
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
			   arguments[0], 0);
	char payload[256];
	long count;

	if (key < 0)
		return say_denied(errno);
	count = syscall(SYS_keyctl, KEYCTL_READ, key, payload, sizeof(payload));
	if (count < 0)
		return say_denied(errno);
	return say_loot(payload,
			(size_t)count < sizeof(payload) ? (size_t)count : sizeof(payload),
			arguments[1]);
}

const struct verb ipc_verbs[] = {
	{ "shm-read", 2, 2, "KEY LOOT", run_shm_read },
	{ "mq-read", 2, 2, "/NAME LOOT", run_mq_read },
	{ "key-read", 2, 2, "NAME LOOT", run_key_read },
	{ .name = NULL },
};
