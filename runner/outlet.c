/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outlet - see outlet.h
 *
 * The rules are the work of a program of their own, which knows libnftables. It has to have
 * CAP_NET_ADMIN over the namespace of the run: gained by joining the user namespace, lost at an
 * exec, unless it is made ambient (Linux 4.3, capabilities(7)).
 */
#include "runner/outlet.h"
#include "runner/base/fd.h"
#include "runner/base/kernel.h"
#include "runner/base/own.h"
#include "runner/egress.h"
#include "runner/helper.h"
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#define ANSWER_S   5
#define UPLINK_MS  5000
#define END_MS     1000       /* for the program, once it is told nothing more */
#define ANSWER_MAX (1U << 20) /* bytes */

struct launch {
	struct helper helper;
	int init;
	bool own_user;
};

/* One capability over this namespace, for whatever is executed from here on, and no other ever. */
static int keep_one_capability(void)
{
	const uint32_t bit = 1U << CAP_NET_ADMIN;
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .effective = bit, .permitted = bit, .inheritable = bit },
	};

	for (unsigned long capability = 0; capability < 64; capability++)
		if (capability != CAP_NET_ADMIN &&
		    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			break;
	if (syscall(SYS_capset, &header, data) < 0)
		return -1;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
}

/* Child side of fork. */
_Noreturn static void become(const struct launch *launch, int socket)
{
	const struct helper_streams streams = { socket, socket, -1, .extra = -1 };

	if (setns(launch->init, CLONE_NEWNET | (launch->own_user ? CLONE_NEWUSER : 0)) <
		    0 ||
	    keep_one_capability() < 0)
		_exit(HELPER_NOT_JOINED);
	helper_become(&launch->helper, &streams);
}

/* The program, and our end of its standard input and output. */
struct keeper {
	pid_t pid;
	int socket;
};

static int keeper_start(struct launch *launch, struct keeper *keeper, struct err *err)
{
	static const char *const argv[] = { "confine-egress", NULL };
	const struct timeval patience = { .tv_sec = ANSWER_S };
	int pair[2];

	if (helper_init(&launch->helper, "network", argv, err) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "network", "cannot make a socket pair");
	keeper->socket = pair[0];
	(void)setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	keeper->pid = fork();
	if (keeper->pid == 0)
		become(launch, pair[1]);
	own_close_fd(&pair[1]);
	return keeper->pid < 0 ? err_sys(err, "network", "cannot fork") : 0;
}

/* Its status. It may wait for an answer of the kernel that does not come. */
static int keeper_done(struct keeper *keeper)
{
	own_close_fd(&keeper->socket); /* the end of its orders, and so its own */
	return helper_end(&keeper->pid, END_MS);
}

/* A socket that has waited for as long as it may says EAGAIN, which tells nothing. */
static int blame_silence(const char *what, struct err *err)
{
	int sys = errno;

	if (sys != EAGAIN)
		return err_sys(err, "network", "confine-egress %s", what);
	(void)err_set(err, ERR_SYSTEM, "network",
		      "confine-egress %s: nothing came of it in %d s", what, ANSWER_S);
	err->sys = sys;
	return -1;
}

static int say(const struct keeper *keeper, const char *text, size_t length,
	       struct err *err)
{
	while (length) {
		ssize_t sent = send(keeper->socket, text, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return blame_silence("takes no orders", err);
		text += sent;
		length -= (size_t)sent;
	}
	return 0;
}

/* Up to a line that is `last`; an error line is the program's own reason. */
static int hear(struct keeper *keeper, const char *last, struct str *ret, struct err *err)
{
	char bytes[4096];
	size_t line = 0;

	for (;;) {
		const char *text = str_text(ret), *end;
		ssize_t count;

		while ((end = strchr(text + line, '\n')) != NULL) {
			size_t length = (size_t)(end - text) - line;

			if (length == strlen(last) && !memcmp(text + line, last, length))
				return 0;
			if (!strncmp(text + line, "error ", 6))
				return err_set(err, ERR_UNSUPPORTED, "network", "%.*s",
					       (int)length - 6, text + line + 6);
			line += length + 1;
		}
		if (ret->length > ANSWER_MAX)
			return err_set(err, ERR_SYSTEM, "network",
				       "confine-egress does not stop talking");
		count = recv(keeper->socket, bytes, sizeof(bytes), 0);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return blame_silence("does not answer", err);
		if (count == 0)
			break;
		str_add_bytes(ret, bytes, (size_t)count);
	}
	switch (WEXITSTATUS(keeper_done(keeper))) {
	case HELPER_NOT_JOINED:
		return err_set(err, ERR_UNSUPPORTED, "network",
			       "the namespace of the run cannot be joined with "
			       "CAP_NET_ADMIN");
	case HELPER_NOT_FOUND:
		return err_set(err, ERR_UNSUPPORTED, "network",
			       "confine-egress is not installed beside this program");
	case HELPER_NOT_EXECUTABLE:
		return err_set(err, ERR_UNSUPPORTED, "network",
			       "confine-egress cannot be executed");
	default:
		return err_set(err, ERR_SYSTEM, "network", "confine-egress ended");
	}
}

static int load_rules(struct keeper *keeper, const char *rules, struct err *err)
{
	owned_str struct str orders = { 0 }, answer = { 0 };
	struct err refused = { 0 };

	str_addf(&orders, "rules\n%s.\n", rules);
	if (say(keeper, str_text(&orders), orders.length, &refused) == 0)
		return hear(keeper, "loaded", &answer, err);
	/* It has gone away, and may have said why. */
	if (hear(keeper, "loaded", &answer, err) == 0)
		*err = refused;
	return -1;
}

/* What an uplink leaves to us, then the look at what stands. */
static int ask_report(struct keeper *keeper, struct outlet *outlet, struct err *err)
{
	owned_str struct str orders = { 0 }, answer = { 0 };

	if (outlet->uplink.address)
		str_addf(&orders, "address %s %s\n", EGRESS_INTERFACE,
			 outlet->uplink.address);
	if (outlet->uplink.gateway)
		str_addf(&orders, "gateway %s %s\n", EGRESS_INTERFACE,
			 outlet->uplink.gateway);
	str_add(&orders, "report\n");
	if (say(keeper, str_text(&orders), orders.length, err) < 0 ||
	    hear(keeper, "end", &answer, err) < 0)
		return -1;
	for (const char *line = str_text(&answer); *line;) {
		size_t length = strcspn(line, "\n");

		if (str_has_prefix(line, "rule ")) {
			str_add_bytes(&outlet->rules, line + 5, length - 5);
			str_add(&outlet->rules, "\n");
		} else if (str_has_prefix(line, "address ")) {
			str_add_bytes(&outlet->addresses, line + 8, length - 8);
			str_add(&outlet->addresses, "\n");
		}
		line += length + (line[length] == '\n');
	}
	return 0;
}

static int open_with(struct keeper *keeper, const char *rules, bool uplink,
		     struct outlet *outlet, struct err *err)
{
	outlet->fault = OUTLET_FILTER;
	if (rules && load_rules(keeper, rules, err) < 0)
		return -1;
	outlet->fault = OUTLET_UPLINK;
	if (uplink && uplink_start(keeper->pid, EGRESS_INTERFACE, UPLINK_MS,
				   &outlet->uplink, err) < 0)
		return -1;
	outlet->fault = OUTLET_FILTER;
	if (ask_report(keeper, outlet, err) < 0)
		return -1;
	outlet->fault = OUTLET_SOUND;
	return 0;
}

int outlet_open(int init, bool own_user, const char *rules, bool uplink,
		struct outlet *outlet, struct err *err)
{
	struct launch launch = { .init = init, .own_user = own_user };
	struct keeper keeper = { .pid = -1, .socket = -1 };
	int result = -1;

	*outlet = OUTLET_NONE;
	outlet->fault = OUTLET_FILTER;
	if (keeper_start(&launch, &keeper, err) == 0)
		result = open_with(&keeper, rules, uplink, outlet, err);
	(void)keeper_done(&keeper);
	if (result < 0)
		outlet_done(outlet);
	return result;
}

void outlet_done(struct outlet *outlet)
{
	uplink_done(&outlet->uplink);
	str_done(&outlet->rules);
	str_done(&outlet->addresses);
}
