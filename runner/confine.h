/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine.h - run untrusted scripts confined, from a program: see libconfine(3)
 *
 * The library reads and merges policies in the calling process, and nothing else of weight: each run
 * has a supervisor of its own, the program `confine`, so that umask, signals, environment, threads and
 * memory of the caller are neither changed nor copied.
 *
 * Functions that can fail return 0, or -1 and fill *error (which may be NULL). None of them ends the
 * process, writes to its standard streams, installs a handler or changes a signal mask for longer than
 * the call. Handles are independent of each other and may be used by several threads at the same time,
 * each by one at a time; where a call allows more it says so. Texts that are handed in are copied.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* --- errors ------------------------------------------------------------------------------------ */

enum confine_code {
	CONFINE_OK = 0,
	CONFINE_ERROR_POLICY = 1,      /* the request is wrong: policy, path, option */
	CONFINE_ERROR_UNSUPPORTED = 2, /* this host cannot do it; the run was refused */
	CONFINE_ERROR_SYSTEM = 3,      /* a call failed that should have worked */
	CONFINE_ERROR_INTERNAL = 4,    /* a mistake of confine's */
	CONFINE_ERROR_MEMORY =
		5, /* out of memory; the handle is as it was before the call */
	CONFINE_ERROR_USAGE = 6, /* a mistake of the calling program */
};

/* Filled where a function returns -1. One size for ever: 512 bytes. */
struct confine_error {
	int32_t code; /* enum confine_code */
	int32_t sys;  /* errno, or 0 */
	char layer
		[24]; /* "filesystem", "network", "policy" …: what it belongs to, or "" */
	char message[480]; /* one line; cut where it is longer */
};

/* --- the library --------------------------------------------------------------------------------- */

struct confine;        /* where things are: one for the whole program is enough */
struct confine_policy; /* what is wanted */
struct confine_run;    /* one run, from its options to its receipt */

/* "0.1.0" */
const char *confine_version(void);

/* Shared by any number of threads once it is set up; to be freed after what was made with it. */
int confine_new(struct confine **ret, struct confine_error *error);
void confine_free(struct confine *confine);
/* The program `confine`, an absolute path; without a word it is the one that was installed with this
 * library. */
int confine_set_program(struct confine *confine, const char *path,
			struct confine_error *error);

/* Frees a text that a function of this library has returned in a char **. Accepts NULL. */
void confine_release(char *text);

/**
 * confine_host() - What this host can enforce, by trying: the document confine-host/1 as text
 * @policy:	judged against it; NULL = the host's default policy
 * @ready:	is all of the policy enforced here? May be NULL
 * @ret:	JSON, the caller's: confine_release()
 */
int confine_host(const struct confine *confine, const struct confine_policy *policy,
		 bool *ready, char **ret, struct confine_error *error);

/* --- policies -------------------------------------------------------------------------------------- */

/* @profile: "default", "permissive" or "fail-closed" */
int confine_policy_new(const char *profile, struct confine_policy **ret,
		       struct confine_error *error);
/* The host's default: /etc/confine/policy.json, else the shipped one; where it cannot be used, the
 * fail-closed profile. Starts the program. */
int confine_policy_new_host(const struct confine *confine, struct confine_policy **ret,
			    struct confine_error *error);
int confine_policy_copy(const struct confine_policy *policy, struct confine_policy **ret,
			struct confine_error *error);
void confine_policy_free(struct confine_policy *policy);

/* Lays a JSON document over it: sections key by key, lists as a whole. @name stands for the document
 * in errors, NULL = "policy". A document that is refused changes nothing. */
int confine_policy_merge(struct confine_policy *policy, const char *name,
			 const char *json, size_t length, struct confine_error *error);
/* One field: "/resources/cpuSeconds", "5". */
int confine_policy_set(struct confine_policy *policy, const char *pointer,
		       const char *json, struct confine_error *error);
/* The whole of it as JSON, the caller's. */
int confine_policy_json(const struct confine_policy *policy, char **ret,
			struct confine_error *error);

/* --- a run: what is wanted ---------------------------------------------------------------------------
 * Each before confine_run_start(). */

int confine_run_new(const struct confine *confine, struct confine_run **ret,
		    struct confine_error *error);
/* Ends a run that is not over, with all that belongs to it, and waits for that. Accepts NULL. */
void confine_run_free(struct confine_run *run);

/* Copied; without one the host's default applies. */
int confine_run_set_policy(struct confine_run *run, const struct confine_policy *policy,
			   struct confine_error *error);

/* One of the three, the last one counts. A command and its arguments, NULL-terminated: */
int confine_run_set_command(struct confine_run *run, const char *const *argv,
			    struct confine_error *error);
/* shell text, and its arguments (NULL, or NULL-terminated; the first is $1): */
int confine_run_set_text(struct confine_run *run, const char *text,
			 const char *const *arguments, struct confine_error *error);
/* the bytes of a script, run by its #! line, else by /bin/sh: */
int confine_run_set_script(struct confine_run *run, const void *bytes, size_t length,
			   const char *const *arguments, struct confine_error *error);

/* Another interpreter for a text or a script: "sh", "bash", "python3", "node" (an ES module), or the
 * absolute path of one; see confine-run(1), RUNTIMES. With one, and not without, there may be: */
int confine_run_set_runtime(struct confine_run *run, const char *name,
			    struct confine_error *error);
/* a context, JSON that the script finds as a file, the last one counts; */
int confine_run_set_context(struct confine_run *run, const void *json, size_t length,
			    struct confine_error *error);
/* the directory, an absolute path, whose node_modules is shown to imports; */
int confine_run_set_resolution_root(struct confine_run *run, const char *path,
				    struct confine_error *error);
/* a result, one JSON value over a descriptor of its own: confine_run_result(). A script that ends with
 * 0 without one, where it is wanted, comes to CONFINE_NO_RESULT. */
int confine_run_set_result(struct confine_run *run, bool wanted,
			   struct confine_error *error);

/* A variable for the script; repeatable. */
int confine_run_set_variable(struct confine_run *run, const char *name, const char *value,
			     struct confine_error *error);
/* What the script inherits through the policy's guard: "NAME=VALUE", NULL-terminated, as environ(7).
 * Without a word it inherits nothing. Names that begin with CONFINE_ are left out. */
int confine_run_set_environment(struct confine_run *run, const char *const *environment,
				struct confine_error *error);
/* Absolute paths: the working directory as seen inside; a directory of the caller's as scratch. */
int confine_run_set_directory(struct confine_run *run, const char *path,
			      struct confine_error *error);
int confine_run_set_scratch(struct confine_run *run, const char *path,
			    struct confine_error *error);
/* The whole tree ends then: from 1 to 604800000. */
int confine_run_set_timeout(struct confine_run *run, uint64_t milliseconds,
			    struct confine_error *error);
/* Another option of confine-run(1) that takes one value or (NULL) none, such as "--events". Those by
 * which the library itself speaks with the program are refused. */
int confine_run_set_option(struct confine_run *run, const char *name, const char *value,
			   struct confine_error *error);

/* Standard input: bytes, or a descriptor of the caller's, which stays the caller's. Without a word it is
 * at its end. */
int confine_run_set_input(struct confine_run *run, const void *bytes, size_t length,
			  struct confine_error *error);
int confine_run_set_input_fd(struct confine_run *run, int fd,
			     struct confine_error *error);

enum confine_stream {
	CONFINE_STDOUT = 1,
	CONFINE_STDERR = 2,
};

/* Where output goes. Without a word it is captured: see confine_run_output(). To a descriptor of the
 * caller's, which stays the caller's and may be closed after the start: */
int confine_run_set_output_fd(struct confine_run *run, enum confine_stream stream, int fd,
			      struct confine_error *error);
/* piece by piece to a function, called by confine_run_step() and what calls that; other than 0 cancels
 * the run: */
typedef int confine_output_function(void *data, enum confine_stream stream,
				    const char *bytes, size_t count);
int confine_run_set_output_function(struct confine_run *run,
				    confine_output_function *function, void *data,
				    struct confine_error *error);
/* or captured, each stream at most so many bytes (from 1 to 2^30, 64 MiB without a word). The policy's
 * maxOutputBytes is what a script should meet: it cuts as the policy says, this ends the run. */
int confine_run_set_capture(struct confine_run *run, uint64_t bytes,
			    struct confine_error *error);

/* --- a run: doing it ------------------------------------------------------------------------------------- */

/* What would be done here, and nothing of it: steps, promises, limits, downgrades, readable; the
 * caller's. The run can be started afterwards. */
int confine_run_explain(const struct confine_run *run, char **ret,
			struct confine_error *error);

/* From start to end. Return: 0, the script was run, or could not be executed: see
 * confine_run_outcome(); -1, it was refused or could not be set up, and nothing of it was run, or (only
 * CONFINE_FAILED) its output or its supervisor was lost on the way. */
int confine_run(struct confine_run *run, struct confine_error *error);

/* The same in parts. confine_run_fd() is readable whenever confine_run_step() has something to do; it
 * stays open until confine_run_free(). A step never waits: 0 = not over yet; 1 = over; -1 = over, as
 * above. confine_run_wait() makes steps until then, or until so many milliseconds have passed (-1 = as
 * long as it takes). */
int confine_run_start(struct confine_run *run, struct confine_error *error);
int confine_run_fd(const struct confine_run *run);
int confine_run_step(struct confine_run *run, struct confine_error *error);
int confine_run_wait(struct confine_run *run, int milliseconds,
		     struct confine_error *error);

/* Asks a started run to end: TERM, a second later KILL, to its whole tree. By any thread, also while
 * another one waits, at any time between start and free. One that is over takes no notice. */
int confine_run_cancel(const struct confine_run *run, struct confine_error *error);

/* --- a run: what became of it --------------------------------------------------------------------------------
 * After its end; what is returned belongs to the run. */

enum confine_outcome {
	CONFINE_NOT_OVER = 0,
	CONFINE_EXITED = 1,         /* see confine_run_exit_code() */
	CONFINE_SIGNALED = 2,       /* a signal ended the script */
	CONFINE_TIMEOUT = 3,        /* the deadline passed */
	CONFINE_LIMIT = 4,          /* a limit of the policy: see confine_run_limit() */
	CONFINE_REFUSED = 5,        /* the policy asks for more than this host has */
	CONFINE_CANNOT_EXECUTE = 6, /* found, but cannot be executed */
	CONFINE_NOT_FOUND = 7,
	CONFINE_INTERRUPTED = 8, /* it was cancelled */
	CONFINE_FAILED = 9,     /* it could not be set up, or its supervisor was killed */
	CONFINE_NO_RESULT = 10, /* it exited with 0, and the result that was wanted is
				   missing: see confine_run_result_state() */
};

enum confine_outcome confine_run_outcome(const struct confine_run *run);
/* What `confine run` would exit with: 0 to 255; -1 before the end. */
int confine_run_status(const struct confine_run *run);
/* The script's own exit code; -1 where it has none. */
int confine_run_exit_code(const struct confine_run *run);
/* The field of the policy whose limit ended it, "memoryBytes"; NULL = none. */
const char *confine_run_limit(const struct confine_run *run);
/* Was this layer in force, with evidence: "filesystem", "network" …? */
bool confine_run_is_enforced(const struct confine_run *run, const char *layer);
/* The receipt as JSON (confine-receipt/1); NULL where a request was too wrong to have one. */
const char *confine_run_receipt(const struct confine_run *run);
/* What was captured, with a NUL behind it; NULL where nothing was. */
const char *confine_run_output(const struct confine_run *run, enum confine_stream stream,
			       size_t *length);
/* The value that a script returned, JSON as the script wrote it, with a NUL behind it. NULL = there is
 * none that counts: it was not wanted, is missing or is none, or the script did not end by itself. */
const char *confine_run_result(const struct confine_run *run, size_t *length);
/* What came over the descriptor of the result: "returned", "none", "incomplete", "invalid",
 * "too-large"; NULL = there was no such descriptor. */
const char *confine_run_result_state(const struct confine_run *run);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
