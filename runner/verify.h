/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - what the supervisor sees from outside once the child is set up: the evidence behind
 * every claim, read before exec. A claim without evidence is withdrawn.
 */
#ifndef RUNNER_VERIFY_H
#define RUNNER_VERIFY_H

#include "runner/base/json.h"
#include "runner/base/str.h"
#include "runner/outcome.h"
#include "runner/spawn.h"
#include <sys/resource.h>

/* One line of the script's mountinfo. */
struct seen_mount {
	const char *root, *point, *options, *type, *super;
	unsigned int major, minor;
};

#define SEEN_NAMESPACES 7
#define SEEN_USER       0
#define SEEN_MOUNTS     1
#define SEEN_LIMITS     6
extern const char *const seen_namespace_names[SEEN_NAMESPACES];

struct seen_limit {
	const char *name, *line; /* in the receipt, in /proc/PID/limits */
	int resource;            /* RLIMIT_… */
	enum op op;
};
extern const struct seen_limit seen_limits[SEEN_LIMITS];

/* Everything that was read about the script's process while it waited. */
struct view {
	const struct spawn *spawn;
	struct arena *arena;
	int proc; /* /proc/PID of it, or -1 */
	uint64_t inside[SEEN_NAMESPACES], outside[SEEN_NAMESPACES];
	unsigned long own_filters; /* of the supervisor; ULONG_MAX = not known */
	long own_keyring;          /* session keyring of the supervisor */
	uint64_t own_signals; /* that it handles or ignores; all, where it is not known */
	int init;             /* /proc/PID of init, or -1 */
	uint64_t init_user, init_mounts; /* inodes of its namespaces */
	const char *status, *uid_map, *gid_map, *cgroup;
	struct rlimit limits[SEEN_LIMITS];
	bool limit_seen[SEEN_LIMITS];
	uint64_t group_limits[GROUP_COUNT]; /* read back, 0 = nothing was read */
	pid_t session;
	struct seen_mount *mounts;
	size_t mount_count;
	unsigned int descriptors[64];
	size_t descriptor_count;
	bool descriptor_open[64]; /* stays open across exec */
	bool account;             /* somebody will read the usage */
	int writable; /* everything writable, for what is in it at the end; or -1 */
	bool descriptors_unsure; /* one of these could not be asked */
};

/* The looks: what the supervisor itself is in, and once they stand the mounts and id maps that init is
 * in, while the child is busy; then everything about the script's process, which stands before its exec,
 * and whether it is in the same namespaces as init. Texts that cannot be read are "". view->spawn and
 * view->arena are set before. */
void verify_look_outside(struct view *view);
void verify_look_at_init(struct view *view);
void verify_look(struct view *view);
void verify_done(struct view *view);

/* What lies in the writable places now, where that can be known. */
void verify_read_usage(const struct view *view, struct usage *usage);

/* The number that the kernel was seen to hold for the limit of a step; 0: none was seen. */
uint64_t verify_limit(const struct view *view, enum op op);

/**
 * verify_claims() - Compare a plan's claims with what was seen
 * @claims:	its steps are checked; what does not hold is withdrawn from it: the step's
 *		requirements become degraded, its layer gets a downgrade with what was seen instead
 * @done:	what was really carried out (the same plan, but in test builds)
 * @trusted:	steps not to check (test builds only), NULL = none
 * verify_guard() does so for what holds only after spawn_guard(): nobody can look into init.
 */
void verify_claims(const struct view *view, const struct plan *done, const bool *trusted,
		   struct plan *claims);
void verify_guard(const struct view *view, const struct plan *done, const bool *trusted,
		  struct plan *claims);

/* The evidence for the receipt; the caller's. */
struct json *verify_evidence(const struct view *view);

/* Value of "Name:\t…" in /proc/PID/status, in the arena; "" when absent. */
const char *view_status(const struct view *view, const char *name);

/* verify_mounts.c: one check each; `why` gets what was seen instead. */
bool verify_bind_attribute(const struct view *view, const struct plan *claims, enum op op,
			   const char **why);
bool verify_root(const struct view *view, const struct plan *claims, const char **why);
bool verify_root_read_only(const struct view *view, const char **why);
bool verify_proc(const struct view *view, const struct plan *claims, const char **why);
/* Is /proc the only one that the script can reach? */
bool verify_one_proc(const struct view *view, const struct plan *claims,
		     const char **why);
bool verify_scratch_size(const struct view *view, const struct step *step,
			 const char **why);
bool verify_names(const struct view *view, const struct step *step, const char **why);
bool verify_hidden(const struct view *view, const struct step *step, const char **why);
void verify_read_mounts(struct view *view, int proc);

#endif
