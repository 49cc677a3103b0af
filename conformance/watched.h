/* SPDX-License-Identifier: Apache-2.0 */
/* watched - what the worker saw of one arm, and what it works with while it watches */
#ifndef CONFORMANCE_WATCHED_H
#define CONFORMANCE_WATCHED_H

#include "conformance/arm.h"
#include "conformance/capture.h"
#include "conformance/shield.h"
#include "conformance/tasks.h"
#include "runner/base/json_tree.h"

struct watch {
	/* What the script said and showed. */
	struct transcript transcript; /* both of stdout and of $SCRATCH/said */
	bool alive;                   /* answered outside stdout, and seen to have run */
	struct facts facts;           /* valid when alive */
	uid_t owner;                  /* host side, of $SCRATCH/alive */
	gid_t owner_group;
	bool second_alive; /* the same of `second-run` */
	uid_t second_owner;
	/* How the launcher did. */
	bool started, ended;
	bool killed_by_us; /* as the probe wants */
	int status;
	bool timed_out;
	char limit[RUN_TEXT_MAX];         /* of the shield that fired, "" */
	char words[CAPTURE_LAST_MAX + 1]; /* last line it said that is no line of ours */
	double seconds;
	/* What was counted. */
	uint64_t bytes;
	uint64_t
		spent_ms; /* processor time, as the act itself kept it in $SCRATCH/spent */
	bool secret_seen;
	uint64_t most_tasks;          /* of the arm at one moment, without our helpers */
	uint64_t most_launcher_bytes; /* resident, of the launcher itself */
	uint64_t met_ns;              /* when as many were first seen as are allowed */
	bool seen_enough;             /* the witness `tasks` needs nothing more */
	bool fork_failed;             /* the harness could not fork while the act ran */
	uint32_t survivors;
	uint64_t said_ns, ended_ns, eof_ns; /* 0: not seen */
	bool held_open; /* the launcher had ended, and its streams were open when we went on */
	bool stdout_nonblocking;
	/* In the middle of the act, when the script says that it waits to be looked at. */
	bool looked, launcher_replaced, io_bounded;
	uint64_t queued_before,
		queued; /* signals that the kernel counts for the caller's uid */
	struct lab_arrivals arrivals;
	bool arrivals_known;
	struct json *receipt;     /* NULL: none, or not JSON */
	const char *receipt_text; /* in the arm's arena */
	size_t receipt_length;
	/* Of a HOLD arm, while the script was held. */
	struct held held;
	uint64_t launcher_ns[FACT_NS_COUNT]; /* inodes, 0: cannot be read */
	bool held_bounded; /* its process is in what bounds tasks and memory */
	/* Work. */
	struct shield shield;
	struct capture out, errors;
	uint64_t start_ns, killed_ns;
	int opened;      /* inotify: was the script read, the helper started? */
	int stdout_copy; /* of the launcher's, with the witness `nonblock`; or -1 */
	bool script_opened, helper_opened;
	unsigned int deadline_signals; /* how many of the two were sent */
	uint64_t counted_ns;           /* last look at all tasks */
	uint64_t forked_ns;            /* last trial fork */
	enum witness witness;          /* of init and of the worker together */
};

#endif
