/* SPDX-License-Identifier: Apache-2.0 */
/* lab - see lab.h. The lab ends with its stdin, so it cannot outlive us however we end. */
#include "conformance/lab.h"
#include "runner/base/fd.h"
#include "runner/base/json.h"
#include "runner/base/own.h"
#include "runner/base/str.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum {
	ANSWER_MS = 15000,
	LINE_BYTES_MAX = 8192,
};

/* One line, without its newline. */
static int read_line(int fd, struct str *ret, struct err *err)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char byte;

	while (ret->length < LINE_BYTES_MAX) {
		if (poll(&wait, 1, ANSWER_MS) <= 0)
			return err_set(err, ERR_SYSTEM, "lab", "the lab does not answer");
		if (read(fd, &byte, 1) != 1)
			return err_set(err, ERR_UNSUPPORTED, "lab",
				       "the lab did not start or ended");
		if (byte == '\n')
			return 0;
		str_add_bytes(ret, &byte, 1);
	}
	return err_set(err, ERR_SYSTEM, "lab", "the lab's answer is too long");
}

static int read_answer(int fd, struct json **ret, struct err *err)
{
	owned_str struct str line = { 0 };

	if (read_line(fd, &line, err) < 0)
		return -1;
	return json_parse("lab", str_text(&line), line.length, &json_small, ret, err);
}

/* Child side of fork. */
static void start(const char *program, int in, int out, int errors)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && dup2(in, 0) == 0 &&
	    dup2(out, 1) == 1 && dup2(errors, 2) == 2)
		(void)execl(program, program, "serve", (char *)NULL);
	_exit(127);
}

static void copy_address(const struct json *ready, const char *name, const char *version,
			 char text[LAB_ADDRESS_MAX])
{
	const struct json *group = json_member(ready, name);
	const char *value = json_text(json_member(group, version));

	(void)snprintf(text, LAB_ADDRESS_MAX, "%s", value ? value : "");
}

static int open_namespaces(const struct json *ready, struct lab *lab, struct err *err)
{
	const struct json *pid = json_member(ready, "pid");
	bool user = json_is_true(json_member(ready, "userNamespace"));
	char path[64];

	if (!json_is(pid, JSON_NUMBER) || pid->number < 1 || pid->number > INT_MAX)
		return err_set(err, ERR_SYSTEM, "lab", "the lab does not say its pid");
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid->number);
	lab->net_ns = open(path, O_RDONLY | O_CLOEXEC);
	if (lab->net_ns < 0)
		return err_sys(err, "lab", "cannot open the lab's network namespace");
	if (!user)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid->number);
	lab->user_ns = open(path, O_RDONLY | O_CLOEXEC);
	if (lab->user_ns < 0)
		return err_sys(err, "lab", "cannot open the lab's user namespace");
	return 0;
}

/* What the lab said before it gave up, for the reader. */
static int failed(struct err *err, int errors)
{
	char words[200] = "";
	owned_str struct str text = { 0 };
	ssize_t count = pread(errors, words, sizeof(words) - 1, 0);

	for (ssize_t i = 0; i < count; i++)
		if (words[i] == '\n')
			words[i] = '\0';
	if (count > 0)
		str_add_visible(&text, words, strlen(words), sizeof(words));
	return text.length ? err_set(err, ERR_UNSUPPORTED, "lab", "%s", str_text(&text))
			   : -1;
}

int lab_open(const char *program, struct lab *lab, struct err *err)
{
	owned_fd int errors = memfd_create("lab", MFD_CLOEXEC);
	owned_json struct json *ready = NULL;
	int in[2], out[2];

	*lab = (struct lab){ .to = -1, .from = -1, .user_ns = -1, .net_ns = -1 };
	if (!program || access(program, X_OK) < 0)
		return err_set(err, ERR_UNSUPPORTED, "lab",
			       "confine-lab is not installed");
	if (pipe2(in, O_CLOEXEC) < 0)
		return err_sys(err, "lab", "no pipe");
	lab->to = in[1];
	if (pipe2(out, O_CLOEXEC) < 0) {
		own_close_fd(&in[0]);
		return err_sys(err, "lab", "no pipe");
	}
	lab->from = out[0];
	lab->pid = fork();
	if (lab->pid == 0)
		start(program, in[0], out[1], errors);
	own_close_fd(&in[0]);
	own_close_fd(&out[1]);
	if (lab->pid < 0)
		return err_sys(err, "lab", "cannot fork");
	if (read_answer(lab->from, &ready, err) < 0)
		return failed(err, errors);
	copy_address(ready, "peerAllowed", "v4", lab->peer_v4);
	copy_address(ready, "peerAllowed", "v6", lab->peer_v6);
	copy_address(ready, "resolver", "v4", lab->resolver_v4);
	return open_namespaces(ready, lab, err);
}

int lab_mark(const struct lab *lab, const char *text, struct lab_arrivals *ret,
	     struct err *err)
{
	owned_json struct json *answer = NULL;
	const struct json *arrivals, *lost;
	char line[96];

	(void)snprintf(line, sizeof(line), "mark %s\n", text);
	if (fd_write_all(lab->to, line, strlen(line)) < 0)
		return err_sys(err, "lab", "the lab has ended");
	if (read_answer(lab->from, &answer, err) < 0)
		return -1;
	arrivals = json_member(answer, "arrivals");
	lost = json_member(answer, "lost");
	if (!json_is(arrivals, JSON_NUMBER) || !json_is(lost, JSON_NUMBER))
		return err_set(err, ERR_SYSTEM, "lab", "the lab does not count");
	/* A packet that the witness had no room for arrived all the same. */
	ret->count = (uint64_t)arrivals->number + (uint64_t)lost->number;
	ret->complete = json_is_true(json_member(answer, "complete"));
	return 0;
}

void lab_close(struct lab *lab)
{
	own_close_fd(&lab->to);
	own_close_fd(&lab->from);
	own_close_fd(&lab->user_ns);
	own_close_fd(&lab->net_ns);
	if (lab->pid > 0)
		(void)waitpid(lab->pid, NULL, 0);
	lab->pid = 0;
}
