/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack - what a probe needs and a shell cannot do, one verb at a time
 *
 * A verb attempts one act and says one line on stdout: "reached -", "denied WORD" or
 * "cannot-tell WORD", with WORD an errno name, a signal name or a short token. It judges nothing
 * and exits 0 whenever it could say its line. After `--say NONCE FILE` it is the line of the protocol,
 * and in FILE as well: a shell that would put it together has to fork for that. No base library and no shared object: it must run in
 * whatever view of the system a sandbox leaves.
 *
 * Every verb is bounded by itself: counts stop, waits have deadlines, children carry an alarm.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct verb {
	const char *name;
	int least, most; /* number of arguments */
	const char *usage;
	int (*run)(char **arguments); /* NULL-terminated; returns the exit status */
};

/* One table for each subject, ended by a row without a name. */
extern const struct verb alive_verbs[], memory_verbs[], task_verbs[], file_verbs[],
	quota_verbs[];
extern const struct verb mount_verbs[], net_verbs[], web_verbs[], raw_verbs[],
	uring_verbs[], way_verbs[], rule_verbs[];
extern const struct verb privilege_verbs[], ipc_verbs[], descriptor_verbs[],
	output_verbs[];
extern const struct verb process_verbs[], selfcheck_verbs[], call_verbs[];
extern const struct verb launcher_verbs[], leaving_verbs[], host_verbs[];
extern const struct verb exact_verbs[], refused_verbs[], right_verbs[];

/* From here on an answer is the whole line of the protocol, and goes to that file as well. */
void say_to(const char *nonce, const char *path);

/* The answer, said once; each returns 0, the exit status of a verb. */
int say_reached(void);
int say_reached_word(const char *word); /* token: what went through */
int say_denied(int error);              /* errno value */
int say_denied_word(const char *word);  /* token */
int say_cannot_tell(const char *word);  /* token */
int say_cannot_tell_errno(int error);   /* errno value */
int say_result(int result);             /* reached if >= 0, else denied by errno */

/* A number from an argument, with an optional K or M; ends the program with 2 when it is none. */
uint64_t number(const char *text);

/* What a counting act got to. The floor tells a ceiling from a refusal of everything: stopped
 * below it, the act says nothing about the number under test. */
struct progress {
	uint64_t done;
	int error; /* errno that stopped it, 0 = nothing did */
};
/* status: of waitpid, 0 when there was no child. Says reached, denied or cannot-tell early-…. */
int say_progress(const struct progress *progress, uint64_t floor, int status);

/* Runs work(progress, argument) in a child that dies after `seconds`, and says how it went. */
int say_from_child(void (*work)(struct progress *, void *), void *argument,
		   uint64_t floor, unsigned int seconds);

/* First bytes of source_fd into a new file: what was got at, for the witness to find. */
int keep_loot(int source_fd, const char *path);
int keep_loot_bytes(const void *bytes, size_t count, const char *path);

/* Calls visit(pid, argument) for each process that /proc shows, until it returns true. */
bool each_process(bool (*visit)(pid_t pid, void *argument), void *argument);
/* Whole small file into buffer, NUL-terminated; -1 and errno. */
ssize_t read_small(const char *path, char *buffer, size_t size);

void pause_milliseconds(uint64_t milliseconds);

/* Where to: a numeric address (v4 or v6) and port as the kernel wants it; ends the program with 2
 * when it is none. Never a name: nothing is looked up. */
struct sockaddr_storage;
size_t address_of(const char *address, const char *port, struct sockaddr_storage *ret);
/* Stream or datagram socket to there, connected within the deadline; -1 and errno. */
int connect_within(int family, int type, const struct sockaddr_storage *to, size_t length,
		   int milliseconds);
/* Index of the first interface that is not the loopback; 0 when there is none. */
unsigned int first_interface(void);
/* Waits for the events; 0, or -1 with ETIMEDOUT. */
int wait_for(int fd, short events, int milliseconds);

#endif
