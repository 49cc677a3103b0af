/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uplink - see uplink.h
 *
 * pasta is tried first: it gives the namespace the host's own addresses and routes, for both
 * families, and knows nothing of a network of its own that could collide with the host's.
 */
#include "runner/uplink.h"
#include "runner/base/deadline.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include "runner/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define END_MS 1000 /* for an uplink that gave up to be gone */

struct program {
	const char *name;
	const char *address, *gateway;
	int ready; /* descriptor by which it says that everything is configured */
	/* "@" stands for the target's pid, "=" for the name of the interface; as_root: where the
	 * caller is root, in front of them. */
	const char *const *arguments, *const *as_root;
};

static const struct program programs[] = {
	{
		.name = "pasta",
		.ready =
			1, /* later versions close every descriptor above 2 at their start */
		.as_root = (const char *const[]){ "--runas", "0", NULL },
		.arguments =
			(const char *const[]){
				/* Its pid goes into a file when everything is configured: the
				 * file is our pipe. */
				"--foreground", "--quiet", "--pid", "/proc/self/fd/1",
				/* addresses and routes of the host */
				"--config-net", "--ns-ifname", "=",
				/* nothing inwards, nothing from inside to the host's loopback */
				"-t", "none", "-u", "none", "-T", "none", "-U", "none",
				"--no-map-gw",
				/* nothing that the rules refuse anyway */
				"--no-dhcp", "--no-dhcpv6", "--no-ra", "@", NULL },
	},
	{
		.name = "slirp4netns",
		.ready = 3, /* it chats on its standard output */
		/* Its network for IPv6 is fixed, and it announces a router only, which takes its
		 * time and which our rules do not hear. */
		.address = "fd00::100/64",
		.gateway = "fd00::2",
		/* For a user it would have to be root in the namespace of the run, where nobody is. */
		.as_root = (const char *const[]){ "--enable-sandbox", NULL },
		.arguments =
			(const char *const[]){
				"--configure", "--mtu=65520", "--ready-fd=3",
				"--disable-host-loopback", "--disable-dns",
				"--enable-ipv6", "--enable-seccomp",
				/* nobody's any more (RFC 7526): no host has its peers there */
				"--cidr=192.88.99.0/24", "@", "=", NULL },
	},
};

#define ARGUMENTS_MAX 40

struct launch {
	int ready;
	char pid[16];
	const char *argv[ARGUMENTS_MAX];
	struct helper helper;
};

static void add_arguments(struct launch *launch, size_t *count, const char *const *from,
			  const char *interface)
{
	for (; *from && *count < ARGUMENTS_MAX - 1; from++)
		launch->argv[(*count)++] = str_equal(*from, "@")   ? launch->pid
					   : str_equal(*from, "=") ? interface
								   : *from;
}

static void launch_init(struct launch *launch, const struct program *program,
			pid_t target, const char *interface)
{
	size_t count = 0;

	memset(launch, 0, sizeof(*launch));
	(void)snprintf(launch->pid, sizeof(launch->pid), "%d", (int)target);
	launch->ready = program->ready;
	launch->argv[count++] = program->name;
	if (geteuid() == 0)
		add_arguments(launch, &count, program->as_root, interface);
	add_arguments(launch, &count, program->arguments, interface);
	helper_init_system(&launch->helper, launch->argv);
}

/* Child side of fork. */
_Noreturn static void become(const struct launch *launch, int ready, int words)
{
	struct helper_streams streams = { -1, -1, words, ready, launch->ready };

	if (launch->ready == STDOUT_FILENO) {
		streams.out = ready;
		streams.extra = -1;
	}
	helper_become(&launch->helper, &streams);
}

/* Both ends above the slots that helper_become() fills, so that none is overwritten before it is copied. */
static int make_pipe(int *from, int *into, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "network", "cannot make a pipe");
	*from = fcntl(ends[0], F_DUPFD_CLOEXEC, 10);
	*into = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
	if (*from < 0 || *into < 0)
		err_sys(err, "network", "cannot make a pipe");
	own_close_fd(&ends[0]);
	own_close_fd(&ends[1]);
	return *from < 0 || *into < 0 ? -1 : 0;
}

/* Complaints of some builds that say nothing about why they end. */
static bool is_noise(const char *line)
{
	return str_has_prefix(line, "Failed to send ") ||
	       str_has_prefix(line, "WARNING: Support for ");
}

/* What it said before it gave up, made fit to be shown in one line. */
static void add_words(int fd, struct str *ret)
{
	char bytes[4096];
	ssize_t count = read(fd, bytes, sizeof(bytes) - 1);
	const char *separator = ": ";
	char *rest = bytes;

	bytes[count < 0 ? 0 : count] = '\0';
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (!*line || is_noise(line))
			continue;
		str_add(ret, separator);
		str_add_visible(ret, line, strlen(line), 90);
		separator = ", ";
	}
}

/* Readable, or at its end; 0, ETIMEDOUT, or ECANCELED: nobody wants it any more. */
static int await(int fd, unsigned int deadline_ms)
{
	const int64_t until = deadline_in(deadline_ms);
	struct pollfd watched = { .fd = fd, .events = POLLIN };

	for (;;) {
		int left = deadline_left(until);

		if (left == 0)
			return ETIMEDOUT;
		if (poll(&watched, 1, left < HELPER_LOOK_MS ? left : HELPER_LOOK_MS) > 0)
			return 0;
		if (helper_is_called_off())
			return ECANCELED;
	}
}

/* It is up when it says so, whatever it says; EPIPE: it never will. */
static int await_ready(int ready, unsigned int deadline_ms)
{
	int fault = await(ready, deadline_ms);
	char byte;

	if (fault)
		return fault;
	return read(ready, &byte, 1) == 1 ? 0 : EPIPE;
}

static void explain(const struct program *program, int fault, int status, int words,
		    struct str *reasons)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;

	str_addf(reasons, "%s%s ", reasons->length ? "; " : "", program->name);
	str_add(reasons, code == HELPER_NOT_FOUND        ? "is not installed"
			 : code == HELPER_NOT_EXECUTABLE ? "cannot be executed"
			 : fault == ETIMEDOUT            ? "was not up in time"
							 : "failed");
	add_words(words, reasons);
}

/* The ends that stay with us. */
struct ends {
	int ready, words;
};

static int launch_start(const struct launch *launch, struct ends *ends,
			struct uplink *uplink, struct err *err)
{
	owned_fd int ready_in = -1, ready_out = -1, words_in = -1, words_out = -1;

	if (make_pipe(&ready_out, &ready_in, err) < 0 ||
	    make_pipe(&words_out, &words_in, err) < 0)
		return -1;
	/* A flood of words must neither stop nor end it, and none must not stop us. */
	if (fcntl(words_in, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(words_out, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "network", "fcntl");
	uplink->pid = fork();
	if (uplink->pid == 0)
		become(launch, ready_in, words_in);
	if (uplink->pid < 0)
		return err_sys(err, "network", "cannot start an uplink");
	uplink->pidfd = kernel_pidfd_open(uplink->pid);
	if (uplink->pidfd < 0)
		return err_sys(err, "network", "pidfd_open");
	ends->ready = take_fd(&ready_out);
	ends->words = take_fd(&words_out);
	return 0;
}

/* 0: up; 1: not, and why is added to `reasons`; -1: our own want. */
static int try_one(const struct program *program, pid_t target, const char *interface,
		   unsigned int deadline_ms, struct uplink *uplink, struct str *reasons,
		   struct err *err)
{
	struct launch launch;
	struct ends ends = { -1, -1 };
	int fault;

	launch_init(&launch, program, target, interface);
	if (launch_start(&launch, &ends, uplink, err) < 0) {
		uplink_done(uplink);
		return -1;
	}
	uplink->words = ends.words;
	fault = await_ready(ends.ready, deadline_ms);
	own_close_fd(&ends.ready);
	if (!fault) {
		uplink->program = program->name;
		uplink->address = program->address;
		uplink->gateway = program->gateway;
		return 0;
	}
	if (fault == ECANCELED) {
		uplink_done(uplink);
		errno = fault;
		return err_sys(err, "network", "no uplink");
	}
	/* Its end of the pipe closes a little before it has ended with a status of its own. */
	explain(program, fault, helper_end(&uplink->pid, fault == EPIPE ? END_MS : 0),
		uplink->words, reasons);
	uplink_done(uplink);
	return 1;
}

int uplink_start(pid_t target, const char *interface, unsigned int deadline_ms,
		 struct uplink *uplink, struct err *err)
{
	owned_str struct str reasons = { 0 };

	*uplink = UPLINK_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		int result = try_one(&programs[i], target, interface, deadline_ms, uplink,
				     &reasons, err);

		if (result <= 0)
			return result;
	}
	return err_set(err, ERR_UNSUPPORTED, "network", "no uplink: %s",
		       str_text(&reasons));
}

bool uplink_lives(const struct uplink *uplink)
{
	struct pollfd watched = { .fd = uplink->pidfd, .events = POLLIN };

	return uplink->pidfd >= 0 && poll(&watched, 1, 0) == 0;
}

void uplink_done(struct uplink *uplink)
{
	(void)helper_end(&uplink->pid, 0);
	own_close_fd(&uplink->pidfd);
	own_close_fd(&uplink->words);
	*uplink = UPLINK_NONE;
}
