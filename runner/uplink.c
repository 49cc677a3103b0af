/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uplink - see uplink.h
 *
 * pasta is tried first: it gives the namespace the host's own addresses and routes, for both
 * families, and knows nothing of a network of its own that could collide with the host's.
 */
#include "runner/uplink.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

/* What replaces the child when the program is in none of the places. */
#define NOT_FOUND 111

static const char *const places[] = { "/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin" };

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
	char paths[ARRAY_SIZE(places)][64];
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
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		(void)snprintf(launch->paths[i], sizeof(launch->paths[i]), "%s/%s",
			       places[i], program->name);
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < 32; sig++)
		(void)sigaction(sig, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Child side of fork. */
_Noreturn static void become(const struct launch *launch, pid_t parent, int ready,
			     int words)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || chdir("/") < 0)
		_exit(NOT_FOUND);
	(void)setsid();
	reset_signals();
	if (null < 0 || dup2(null, 0) < 0 || dup2(words, 1) < 0 || dup2(words, 2) < 0 ||
	    dup2(ready, launch->ready) < 0 ||
	    syscall(SYS_close_range, launch->ready < 3 ? 3 : launch->ready + 1, ~0U, 0) <
		    0)
		_exit(NOT_FOUND);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		(void)execve(launch->paths[i], (char *const *)(uintptr_t)launch->argv,
			     environment);
	_exit(NOT_FOUND);
}

/* Everything above the slots that become() fills, so that none is overwritten before it is copied. */
static int make_pipe(int ends[2], struct err *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "network", "cannot make a pipe");
	for (unsigned int i = 0; i < 2; i++) {
		int high = fcntl(ends[i], F_DUPFD_CLOEXEC, 10);

		(void)close(ends[i]);
		ends[i] = high;
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return 0;
	err_sys(err, "network", "cannot make a pipe");
	own_close_fd(&ends[0]);
	own_close_fd(&ends[1]);
	return -1;
}

/* The last line of what it said, made fit to be shown: programs say last why they give up. */
static void add_words(int fd, struct str *ret)
{
	char bytes[4096];
	ssize_t count = read(fd, bytes, sizeof(bytes));
	const char *last = NULL;
	size_t last_length = 0;

	for (ssize_t at = 0; at < count;) {
		const char *end = memchr(bytes + at, '\n', (size_t)(count - at));
		size_t length = end ? (size_t)(end - bytes - at) : (size_t)(count - at);

		/* Some builds complain that there is no syslog to complain to. */
		if (length &&
		    !(length > 14 && !memcmp(bytes + at, "Failed to send", 14))) {
			last = bytes + at;
			last_length = length;
		}
		at += (ssize_t)length + 1;
	}
	if (!last)
		return;
	str_add(ret, ": ");
	str_add_visible(ret, last, last_length, 120);
}

/* Up when it says so; it may say so with any byte. */
static int await_ready(int ready, unsigned int deadline_ms)
{
	struct pollfd watched = { .fd = ready, .events = POLLIN };
	struct timespec now, end;
	char byte;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += deadline_ms / 1000;
	for (;;) {
		int64_t left;

		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		left = (end.tv_sec - now.tv_sec) * 1000 +
		       (end.tv_nsec - now.tv_nsec) / 1000000;
		if (left <= 0 || poll(&watched, 1, (int)left) == 0)
			return ETIMEDOUT;
		if (!watched.revents)
			continue;
		return read(ready, &byte, 1) == 1 && (byte == '\n' || byte >= '0')
			       ? 0
			       : EPIPE;
	}
}

static int end(struct uplink *uplink)
{
	int status = 0;

	if (uplink->pid < 0)
		return 0;
	(void)kill(uplink->pid, SIGKILL);
	while (waitpid(uplink->pid, &status, 0) < 0 && errno == EINTR)
		;
	uplink->pid = -1;
	return status;
}

/* 0; else why not is added to `reasons`. Passing want of ours is told in *sys. */
static int try_one(const struct program *program, pid_t target, const char *interface,
		   unsigned int deadline_ms, struct uplink *uplink, struct str *reasons,
		   struct err *err)
{
	struct launch launch;
	int ready[2] = { -1, -1 }, words[2] = { -1, -1 }, fault, status = 0;
	owned_fd int ready_end = -1, words_end = -1;
	pid_t self = getpid();

	launch_init(&launch, program, target, interface);
	if (make_pipe(ready, err) < 0)
		return -1;
	ready_end = ready[0];
	if (make_pipe(words, err) < 0) {
		own_close_fd(&ready[1]);
		return -1;
	}
	words_end = words[0];
	/* A flood of words must neither stop nor end it. */
	(void)fcntl(words[1], F_SETFL, O_NONBLOCK);
	uplink->pid = fork();
	if (uplink->pid == 0)
		become(&launch, self, ready[1], words[1]);
	fault = uplink->pid < 0 ? errno : 0;
	own_close_fd(&ready[1]);
	own_close_fd(&words[1]);
	if (fault) {
		errno = fault;
		return err_sys(err, "network", "cannot start an uplink");
	}
	fault = await_ready(ready_end, deadline_ms);
	if (!fault) {
		uplink->pidfd = kernel_pidfd_open(uplink->pid);
		uplink->program = program->name;
		uplink->address = program->address;
		uplink->gateway = program->gateway;
		uplink->words = take_fd(&words_end);
		return 0;
	}
	/* Its end of the pipe closes before it has ended: the status is to be its own. */
	if (fault == EPIPE) {
		while (waitpid(uplink->pid, &status, 0) < 0 && errno == EINTR)
			;
		uplink->pid = -1;
	} else {
		(void)end(uplink);
	}
	str_addf(reasons, "%s%s ", reasons->length ? "; " : "", program->name);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		str_add(reasons, "is not installed");
	else if (fault == ETIMEDOUT)
		str_addf(reasons, "was not up in %u ms", deadline_ms);
	else
		str_add(reasons, "failed");
	add_words(words_end, reasons);
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

	return uplink->pid >= 0 && poll(&watched, 1, 0) == 0;
}

void uplink_done(struct uplink *uplink)
{
	(void)end(uplink);
	own_close_fd(&uplink->pidfd);
	own_close_fd(&uplink->words);
	*uplink = UPLINK_NONE;
}
