/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transcript - pure: what a script says on its way, line by line, and what of it counts
 *
 * A line counts only with the nonce of its arm; probes/README.md is the protocol. Whoever can
 * read the arm file can say any line: what a line proves is for others to decide.
 */
#ifndef CONFORMANCE_TRANSCRIPT_H
#define CONFORMANCE_TRANSCRIPT_H

#include "conformance/verdict.h"
#include "runner/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum fact_ns {
	FACT_NS_USER,
	FACT_NS_PID,
	FACT_NS_MNT,
	FACT_NS_NET,
	FACT_NS_IPC,
	FACT_NS_UTS,
	FACT_NS_CGROUP,
	FACT_NS_COUNT,
};

enum fact_limit {
	FACT_CPU,
	FACT_DATA,
	FACT_FSIZE,
	FACT_NOFILE,
	FACT_NPROC,
	FACT_CORE,
	FACT_AS,
	FACT_STACK,
	FACT_LIMIT_COUNT,
};

enum fact_caps {
	CAPS_EFFECTIVE,
	CAPS_PERMITTED,
	CAPS_INHERITABLE,
	CAPS_BOUNDING,
	CAPS_AMBIENT,
	CAPS_COUNT,
};

enum {
	FACT_GROUPS_MAX = 256,
	FACT_TEXT_MAX = 16384, /* longest facts line that is read */
	FACT_RLIM_UNLIMITED = -1,
};

/* The facts line of `confine-attack alive`, numbers as seen inside. */
struct facts {
	uint64_t pid, uid, euid, gid, egid;
	size_t group_count;
	gid_t groups[FACT_GROUPS_MAX];
	uint64_t caps[CAPS_COUNT];
	int64_t no_new_privs, seccomp;       /* -1: the kernel does not say */
	uint64_t ns[FACT_NS_COUNT];          /* inode, 0: cannot be read */
	int64_t limits[FACT_LIMIT_COUNT][2]; /* soft, hard */
	bool forked, wrote;
};

/* Names as in the facts line, in the order of their enums; NULL-terminated. */
extern const char *const fact_ns_names[FACT_NS_COUNT + 1];
extern const char *const fact_limit_names[FACT_LIMIT_COUNT + 1];
extern const char *const fact_caps_names[CAPS_COUNT + 1];

/* 64-bit FNV-1a of the nonce followed by "confine". Source: probes/README.md */
uint64_t transcript_answer(const char *nonce);

/* A facts line; POLICY when it is not one, or has another nonce or a wrong answer. */
int transcript_facts(const char *nonce, const char *text, size_t length,
		     struct facts *ret, struct err *err);

struct transcript {
	enum said said; /* of the first line that says something */
	char word[VERDICT_WORD_MAX + 1];
	bool attempted;
	bool has_facts; /* a confine-alive line with the right answer */
	struct facts facts;
};

/* One line without its newline. True when it was one of the protocol, with this nonce. */
bool transcript_line(const char *nonce, const char *line, size_t length,
		     struct transcript *transcript);

#endif
