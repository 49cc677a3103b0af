/* SPDX-License-Identifier: Apache-2.0 */
/* outline - what goes into a plan and what is in it: data only, for plan, layers and child alike */
#ifndef RUNNER_OUTLINE_H
#define RUNNER_OUTLINE_H

#include "runner/environment.h"
#include "runner/policy_source.h"
#include "runner/runtime.h"
#include "runner/steps.h"

enum run_kind {
	RUN_TEXT,    /* -c: shell text */
	RUN_SCRIPT,  /* --script: a file's content, by its #! line */
	RUN_COMMAND, /* -- COMMAND ARG… */
};

/* What the command line asks for, besides the policy; everything is read, nothing resolved. */
struct request {
	enum run_kind kind;
	const char *script; /* bytes of RUN_TEXT and RUN_SCRIPT */
	size_t script_length;
	const char *suffix; /* ".mjs": kept, interpreters look at it; "" = none */
	char *const *
		command; /* RUN_COMMAND, or the arguments behind -c/--script; NULL-terminated */
	const char *const *env; /* --env NAME=VALUE, in order */
	size_t env_count;
	char *const *inherited; /* the caller's environ */
	const char *cwd;        /* inside; NULL = scratch */
	const char *caller_cwd; /* where the caller is: used when nothing is confined */
	const char *
		scratch; /* the caller's directory, absolute, normalised; NULL = our own */
	bool scratch_is_roots; /* as seen from the host */
	const char *
		command_bind; /* a command outside what is shown: bound by itself, or NULL */
	const char *
		host_scratch; /* where a directory of ours would be made, for want of mounts */
	const struct hostnames *names; /* of the policy, resolved; NULL = none */
	const struct policy_source *policy_source; /* where the policy came from */
	uint64_t timeout_ms;                       /* 0 = none */
	bool stdin_wanted;
	uid_t uid; /* identity that was picked for a root caller whose policy names none */
	gid_t gid;
	const struct filter_program
		*filter; /* of a policy that changes single calls; NULL = none was made */
	/* --runtime: */
	const struct runtime *runtime; /* NULL = none */
	const char *runtime_file;      /* given as a path, resolved; NULL = by name */
	const char *context;           /* JSON text for the script, or NULL */
	size_t context_length;
	const char *modules; /* a node_modules directory to be shown, or NULL */
	/* paths.h: what links in readOnly and hide lead to, by index, or NULL where there is none; and
	 * directories in scratch, NULL-terminated. NULL as a whole: nobody looked. */
	const char *const *read_only_leads, *const *hide_leads, *const *held;
	bool result_wanted; /* beside what the runtime does anyway */
	bool uid_exclusive; /* nobody else on this host has that uid during the run */
};

enum limit_scope {
	SCOPE_TREE,
	SCOPE_PROCESS,
	SCOPE_PARTIAL
};
extern const char *const scope_words[];

struct plan_limit {
	const char *name;
	uint64_t value;
	enum limit_scope scope;
	const char *mechanism;
};

struct plan_remark {
	enum layer_id layer;
	const char *text;
};

#define PLAN_LIMITS 12
#define PLAN_FILES  3

/* A file of ours that the script finds inside. */
struct plan_file {
	const char *path, *bytes;
	size_t length;
	unsigned int mode; /* the script's identity owns it */
};

struct plan {
	struct step *steps;
	size_t count;
	unsigned int slots; /* detached trees in use */

	bool asked[LAYER_COUNT], enforced[LAYER_COUNT];
	const char *mechanism[LAYER_COUNT];
	struct plan_remark *downgrades, *notes;
	size_t downgrade_count, note_count;
	enum promise promises[REQ_COUNT];
	struct plan_limit limits[PLAN_LIMITS];
	size_t limit_count;

	uid_t uid; /* host-side identity of the script */
	gid_t gid;
	bool own_root, own_pids, own_user;
	struct environment environment;
	const char *scratch;                /* path inside */
	struct plan_file files[PLAN_FILES]; /* the script's text first */
	unsigned int file_count;
	const char *script_path; /* where the text is found inside; NULL for a command */
	const char *const *exec_paths; /* candidates in order, NULL-terminated */
	char *const *exec_argv;
	const struct request *request;
	const struct policy *policy;
	const struct capabilities *caps;
};

#endif
