/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child - the child side of clone: runs the steps, becomes init, forks the script, execs
 *
 * Between clone and exec nothing allocates, formats, logs or locks: every string is already in the
 * plan. The child may say one thing, which step and which errno; the supervisor has the plan and
 * writes the sentence. child.symbols lists every function that child*.o may call.
 */
#ifndef RUNNER_CHILD_H
#define RUNNER_CHILD_H

#include "runner/domain.h"
#include "runner/plan.h"
#include <stdnoreturn.h>
#include <sys/types.h>

enum child_says {
	CHILD_STEP_FAILED, /* step, error */
	CHILD_MOUNTED,     /* its namespaces and mounts stand as they will; it goes on */
	CHILD_READY,       /* everything is set up; the rest of this struct is filled */
	CHILD_GUARDED,     /* nobody can look into init any more; waiting for CHILD_GO.
			    * Of a child that is seen anyway it is true once it is READY. */
	CHILD_EXEC_FAILED, /* error */
};

/* What the script's process found when it tried its own Landlock domain, before and after. */
enum child_tried {
	CHILD_TRIED_READ = 1, /* a read went through, and is refused now */
	CHILD_TRIED_WRITE =
		2, /* a write, likewise; also where the plan has none to try */
	CHILD_TRIED_SHOWN = 4, /* scratch answers as before */
	CHILD_TRIED_ALL = 7,
};

/* child -> supervisor, one datagram each. */
struct child_report {
	uint32_t says;
	uint32_t step;
	int32_t error;
	int32_t keyring;      /* serial of the session keyring, 0 = none */
	int32_t death_signal; /* what init gets when the supervisor dies */
	int32_t below;        /* user namespaces that may be made below, -1 = not known */
	uint32_t tried;       /* enum child_tried */
	uint64_t told;        /* what the kernel was asked for: domain_tell() */
};

/* supervisor -> child */
enum child_order {
	CHILD_MAPPED = 'm', /* id maps written */
	CHILD_GUARD = 'u',  /* everything about it has been read: close the book */
	CHILD_GO = 'g',     /* verified: exec; a struct child_go */
};

struct child_go {
	uint64_t signals; /* bit n - 1: the supervisor handles or ignores signal n */
	char order;
};

/* Everything that the child needs besides the plan; made before clone. */
struct child {
	const struct plan *plan;
	int report;    /* its end of the socket to the supervisor */
	int control;   /* init's end of the lifeline */
	int theirs[2]; /* the supervisor's ends of both, which clone copied */
	int stdio[3];  /* what becomes 0, 1, 2 */
	int result;    /* what becomes CHILD_RESULT_SLOT, or -1 */
	/* Membership files of the cgroups to enter, or -1. */
	int groups[GROUP_COUNT];
	int *trees;       /* plan->slots descriptors, filled by the child */
	bool waits;       /* for maps that the supervisor writes */
	bool seen_anyway; /* the supervisor can look into what is not dumpable */
	char *arguments,
		*arguments_end; /* our own argv and environ, as the kernel shows them */
	/* set by the steps as they run */
	unsigned long bind_attributes;
	bool bind_recursive, scratch_inert, guard_init;
	const char *scratch_size,
		*scratch_inodes; /* tmpfs options as text; NULL = unbounded */
	int root,
		children; /* descriptors: new root; list of our children (no pid namespace) */
	int below_file; /* where the kernel says how many user namespaces may be made below */
	int signals; /* init's signalfd */
	char *stack; /* of the script's process until its exec */
	size_t stack_bytes;
	int32_t keyring, death_signal, loopback_error;
	struct domain domain; /* what the Landlock ruleset handles */
	int ruleset;          /* its descriptor */
	uint32_t tried;       /* enum child_tried */
	uint64_t told;        /* domain_tell() of it and of its rules */
};

noreturn void child_run(struct child *child);

/* Where the script's process keeps its one extra descriptor. */
#define CHILD_REPORT_SLOT 3

/* child_steps.c: what each step does, 0 or -1 and errno. */
extern int (*const child_steps[OP_COUNT])(struct child *, const struct step *);

/* mounts: child_mounts.c. Each returns 0, or -1 and errno. */
int child_bind_attributes(struct child *child, const struct step *step);
int child_propagation(struct child *child, const struct step *step);
int child_open(struct child *child, const struct step *step);
int child_proc_open(struct child *child, const struct step *step);
int child_root(struct child *child, const struct step *step);
int child_pivot(struct child *child, const struct step *step);
int child_directory(struct child *child, const struct step *step);
int child_link(struct child *child, const struct step *step);
int child_scratch_size(struct child *child, const struct step *step);
int child_scratch(struct child *child, const struct step *step);
int child_attach(struct child *child, const struct step *step);
int child_names(struct child *child, const struct step *step);
int child_hide(struct child *child, const struct step *step);
int child_script(struct child *child, const struct step *step);
int child_root_read_only(struct child *child, const struct step *step);

/* Landlock: child_domain.c, likewise. */
int child_landlock_outside(struct child *child, const struct step *step);
int child_landlock_handle(struct child *child, const struct step *step);
int child_landlock_allow(struct child *child, const struct step *step);
int child_landlock_enter(struct child *child, const struct step *step);

#endif
