/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setup words that are kernel objects without a place on disk: descriptors, sockets, a terminal,
 * another process, IPC. Everything lives in the shield's namespaces and ends with them.
 */
#include "conformance/broker.h"
#include "conformance/launch.h"
#include "conformance/setup.h"
#include "runner/base/own.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <pty.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <termios.h>

enum {
	LEAK_FD = 9,
	SHM_BYTES = 4096,
	/* Possessor: everything. User: view, read, search. Source: keyctl_setperm(3) */
	KEY_PERMISSIONS = 0x3f0b0000,
};

static int missing(struct err *err, const char *what)
{
	(void)err_sys(err, "setup", "no %s here", what);
	err->code = ERR_UNSUPPORTED;
	return -1;
}

static int leak(struct arm *arm, int fd, const char *what, struct err *err)
{
	if (fd < 0)
		return missing(err, what);
	arm->objects.leak = fd;
	arm_variable(arm, "LEAK_FD", "9");
	return 0;
}

static int arrange_fd_dir(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return leak(arm, open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "root directory",
		    err);
}

static int arrange_fd_file(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	if (!arm->canary)
		return err_set(err, ERR_INTERNAL, "setup", "fd-file without a canary");
	return leak(arm, open(arm->canary, O_RDWR | O_APPEND | O_CLOEXEC), "canary", err);
}

/* Never without the lab: nothing of the host's own network may learn of this address. */
static int arrange_fd_socket(struct arm *arm, const char *value, struct err *err)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7) };
	owned_fd int fd = -1;

	(void)value;
	if (!arm->lab)
		return err_set(err, ERR_INTERNAL, "setup", "fd-socket without a lab");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || inet_pton(AF_INET, "169.254.169.254", &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return missing(err, "socket into the lab");
	return leak(arm, take_fd(&fd), "socket", err);
}

static int arrange_tty(struct arm *arm, const char *value, struct err *err)
{
	struct termios raw = { 0 };

	(void)value;
	cfmakeraw(&raw);
	if (openpty(&arm->objects.tty_master, &arm->objects.tty_slave, NULL, &raw, NULL) <
		    0 ||
	    fcntl(arm->objects.tty_master, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(arm->objects.tty_slave, F_SETFD, FD_CLOEXEC) < 0)
		return missing(err, "terminal");
	return 0;
}

static int listen_on(struct arm *arm, int family, int type,
		     const struct sockaddr *address, socklen_t length, struct err *err)
{
	owned_fd int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, address, length) < 0 ||
	    (type == SOCK_STREAM && listen(fd, 16) < 0))
		return missing(err, "listener");
	arm->objects.listener = take_fd(&fd);
	arm->objects.listener_is_datagram = type == SOCK_DGRAM;
	return 0;
}

static int listen_loopback(struct arm *arm, int type, struct err *err)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(at);

	if (listen_on(arm, AF_INET, type, (struct sockaddr *)&at, length, err) < 0)
		return -1;
	if (getsockname(arm->objects.listener, (struct sockaddr *)&at, &length) < 0)
		return missing(err, "listener");
	arm_variable(arm, "LISTEN_PORT",
		     arena_printf(arm->arena, "%u", ntohs(at.sin_port)));
	return 0;
}

static int arrange_listener_tcp(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return listen_loopback(arm, SOCK_STREAM, err);
}

static int arrange_listener_udp(struct arm *arm, const char *value, struct err *err)
{
	(void)value;
	return listen_loopback(arm, SOCK_DGRAM, err);
}

static int arrange_listener_abstract(struct arm *arm, const char *value, struct err *err)
{
	const char *name = arena_printf(arm->arena, "confine-%s", arm->nonce);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t length = strlen(name);

	(void)value;
	memcpy(at.sun_path + 1, name, length);
	arm_variable(arm, "LISTEN_NAME", name);
	return listen_on(arm, AF_UNIX, SOCK_STREAM, (struct sockaddr *)&at,
			 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length),
			 err);
}

static int arrange_listener_path(struct arm *arm, const char *value, struct err *err)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	(void)value;
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "/run/confine-%s", arm->nonce);
	arm_variable(arm, "LISTEN_PATH", at.sun_path);
	if (listen_on(arm, AF_UNIX, SOCK_STREAM, (struct sockaddr *)&at, sizeof(at),
		      err) < 0)
		return -1;
	if (chmod(at.sun_path, 0666) < 0)
		return missing(err, "socket for all");
	return 0;
}

static int arrange_broker(struct arm *arm, const char *value, struct err *err)
{
	const char *path = arena_printf(arm->arena, "%s/broker", arm->scratch);

	(void)value;
	arm->objects.broker = broker_listen(path);
	if (arm->objects.broker < 0)
		return missing(err, "socket in scratch");
	arm_variable(arm, "BROKER", path);
	return 0;
}

static int arrange_neighbour(struct arm *arm, const char *value, struct err *err)
{
	const char *name = arena_printf(arm->arena, "confine-neighbour-%s", arm->nonce);

	(void)value;
	if (launch_neighbour(arm, name, &arm->objects.neighbour) < 0)
		return missing(err, "second process");
	arm_variable(arm, "NEIGHBOUR_PID",
		     arena_printf(arm->arena, "%d", arm->objects.neighbour));
	arm_variable(arm, "NEIGHBOUR_NAME", name);
	return 0;
}

static int arrange_sysv(struct arm *arm, const char *value, struct err *err)
{
	struct shmid_ds about;
	key_t key = (key_t)(arm_now() & 0x3fffffff) | 1;
	int id = shmget(key, SHM_BYTES, IPC_CREAT | IPC_EXCL | 0666);
	char *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

	(void)value;
	if (memory == (void *)-1)
		return missing(err, "System V shared memory");
	memcpy(memory, arm->secret, strlen(arm->secret));
	(void)shmdt(memory);
	if (arm->privileged && arm->identity->known) {
		if (shmctl(id, IPC_STAT, &about) < 0)
			return missing(err, "System V shared memory");
		about.shm_perm.uid = arm->identity->uid;
		about.shm_perm.gid = arm->identity->gid;
		if (shmctl(id, IPC_SET, &about) < 0)
			return missing(err, "System V shared memory");
	}
	arm_variable(arm, "SHM_KEY", arena_printf(arm->arena, "%d", key));
	return 0;
}

static int arrange_mqueue(struct arm *arm, const char *value, struct err *err)
{
	const char *name = arena_printf(arm->arena, "/confine-%s", arm->nonce);
	struct mq_attr shape = { .mq_maxmsg = 1, .mq_msgsize = 64 };
	owned_fd int queue =
		mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666, &shape);

	(void)value;
	/* fchmod, because the mode goes through the umask. A queue is a file to Linux. */
	if (queue < 0 || fchmod(queue, 0666) < 0 ||
	    mq_send(queue, arm->secret, strlen(arm->secret), 0) < 0)
		return missing(err, "POSIX message queue");
	if (arm->privileged && arm->identity->known &&
	    fchown(queue, arm->identity->uid, arm->identity->gid) < 0)
		return missing(err, "POSIX message queue");
	arm_variable(arm, "MQ_NAME", name);
	return 0;
}

/* The shield has a session keyring of its own already; the launcher is started with it. */
static int arrange_keyring(struct arm *arm, const char *value, struct err *err)
{
	const char *name = arena_printf(arm->arena, "confine-%s", arm->nonce);
	long key = syscall(SYS_add_key, "user", name, arm->secret, strlen(arm->secret),
			   KEY_SPEC_SESSION_KEYRING);

	(void)value;
	if (key < 0 || syscall(SYS_keyctl, KEYCTL_SETPERM, key, KEY_PERMISSIONS) < 0)
		return missing(err, "keyring");
	arm_variable(arm, "KEY_NAME", name);
	return 0;
}

const struct setup_word setup_object_words[] = {
	{ "fd-dir", NULL, NULL, arrange_fd_dir },
	{ "fd-file", NULL, NULL, arrange_fd_file },
	{ "fd-socket", NULL, NULL, arrange_fd_socket },
	{ "tty", NULL, NULL, arrange_tty },
	{ "listener-tcp", NULL, NULL, arrange_listener_tcp },
	{ "listener-udp", NULL, NULL, arrange_listener_udp },
	{ "listener-abstract", NULL, NULL, arrange_listener_abstract },
	{ "listener-path", NULL, NULL, arrange_listener_path },
	{ "broker", NULL, NULL, arrange_broker },
	{ "neighbour", NULL, NULL, arrange_neighbour },
	{ "sysv", NULL, NULL, arrange_sysv },
	{ "mqueue", NULL, NULL, arrange_mqueue },
	{ "keyring", NULL, NULL, arrange_keyring },
	{ NULL, NULL, NULL, NULL },
};
