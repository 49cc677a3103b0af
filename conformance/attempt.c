/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack first: the reach arm is to run as who was seen in it. What each arm showed is copied to
 * the flat result; nothing here decides what it means.
 */
#include "conformance/attempt.h"
#include "conformance/outside.h"
#include "conformance/prepare.h"
#include "conformance/setup.h"
#include "conformance/witness.h"
#include "runner/base/fd.h"
#include "runner/base/own.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static bool say(char text[RUN_TEXT_MAX], const char *words)
{
	arm_text(text, "%s", words);
	return true;
}

/* --- before the arms ------------------------------------------------------------- */

static bool is_never(const struct session *session, const struct probe *probe,
		     struct run_result *result)
{
	const char *never = setup_never(probe, session->host_root);

	if (probe_word(probe->needs, "root-caller") && !session->host_root)
		return say(result->never, "only the host's root can do it");
	if (never)
		return say(result->never, never);
	if (probe_word(probe->needs, "helpers") && !session->wants->target->helpers)
		return say(result->never,
			   "the target names no program that it starts for its own work");
	if (probe_word(probe->needs, "receipt") &&
	    session->wants->target->stated_by != STATED_BY_RECEIPT)
		return say(result->never, "the target makes no statement about a run");
	return false;
}

static bool lacks_program(const struct probe *probe, struct run_result *result)
{
	for (const char *const *word = probe->needs; *word; word++) {
		const char *path = *word + strlen("program:");

		if (!str_has_prefix(*word, "program:") || access(path, X_OK) == 0)
			continue;
		arm_text(result->prerequisite, "%s is not there", path);
		return true;
	}
	return false;
}

/* An act without a bound of its own runs only inside one that was seen to be in force. */
static bool is_unbounded(const struct session *session, const struct probe *probe,
			 struct run_result *result)
{
	if (probe->class != CLASS_X || session->bounded)
		return false;
	if (session->found.ran)
		return say(result->prerequisite,
			   "unbounded act: the script was not seen inside limits on "
			   "tasks and memory");
	arm_text(result->prerequisite,
		 "unbounded act, and no script was seen inside limits: %s",
		 session->found.detail[0] ? session->found.detail : "none was started");
	return true;
}

static bool is_untestable(const struct session *session, const struct probe *probe,
			  struct run_result *result)
{
	bool lab = probe_word(probe->needs, "lab") || probe_word(probe->setup, "lab");

	if (session->distrust)
		return say(result->prerequisite, session->distrust);
	if (lab && !session->lab_is_open)
		return say(result->prerequisite, session->lab_reason);
	return lacks_program(probe, result) || is_unbounded(session, probe, result);
}

/* --- one arm --------------------------------------------------------------------- */

static void fill_report(const struct watch *watch, struct arm_report *report)
{
	*report = (struct arm_report){
		.ran = watch->started,
		.said = watch->transcript.said,
		.seconds = watch->seconds,
		.exit = watch->ended && WIFEXITED(watch->status)
				? WEXITSTATUS(watch->status)
				: -1,
		.timed_out = watch->timed_out,
	};
	(void)snprintf(report->word, sizeof(report->word), "%s", watch->transcript.word);
	if (watch->ended && WIFSIGNALED(watch->status))
		(void)snprintf(report->signal, sizeof(report->signal), "SIG%s",
			       sigabbrev_np(WTERMSIG(watch->status)));
}

static void copy_evidence(const struct arm *arm, struct run_result *result)
{
	const struct arm_shared *shared = arm->shared;

	for (size_t i = 0; i < shared->evidence_count; i++) {
		struct evidence *row;

		if (result->evidence_count == RUN_EVIDENCE_MAX)
			return;
		row = &result->evidence[result->evidence_count++];
		*row = shared->evidence[i];
		if (arm->kind == ARM_REACH)
			(void)snprintf(row->name, sizeof(row->name), "outside: %.20s",
				       shared->evidence[i].name);
	}
}

static void add_evidence(struct run_result *result, const char *name, const char *value)
{
	struct evidence *row = &result->evidence[result->evidence_count];

	if (result->evidence_count == RUN_EVIDENCE_MAX)
		return;
	(void)snprintf(row->name, sizeof(row->name), "%s", name);
	(void)snprintf(row->value, sizeof(row->value), "%s", value);
	result->evidence_count++;
}

/* Runs one arm. False: it could not be run, and the result says why. */
static bool run_arm(struct arm *arm, struct watch *watch, const char *script_text,
		    struct run_result *result)
{
	struct err err = { .code = ERR_NONE };

	arm->script_text = script_text;
	if (prepare_arm(arm, &err) < 0) {
		(void)say(err.code == ERR_UNSUPPORTED ? result->never
						      : result->harness_fault,
			  err.msg);
		return false;
	}
	if (watch_arm(arm, watch, &err) < 0) {
		(void)say(err.code == ERR_UNSUPPORTED ? result->prerequisite
						      : result->harness_fault,
			  err.msg);
		return false;
	}
	copy_evidence(arm, result);
	return true;
}

static bool has_witness(const struct probe *probe)
{
	return probe->witness[0] != NULL;
}

/* --- attack ---------------------------------------------------------------------- */

static bool states_wrong_exit(const struct watch *watch)
{
	const struct json *stated = json_member(watch->receipt, "confineExit");

	return json_is(stated, JSON_NUMBER) && watch->ended && WIFEXITED(watch->status) &&
	       stated->number != WEXITSTATUS(watch->status);
}

/* A target that names no statuses of its own refuses with any but zero, where the probe asks
 * for a refusal; elsewhere such an end stays unexplained. */
static bool is_refusal(const struct target *target, const struct probe *probe, int exit)
{
	if (target->refused_exit_count == 0 && probe_word(probe->refusals, "refused"))
		return exit != 0;
	return target_is_refusal(target, exit);
}

static enum launcher launcher_of(const struct session *session, const struct probe *probe,
				 const struct watch *watch)
{
	const struct target *target = session->wants->target;
	bool ran = watch->alive || watch->script_opened;

	if (!watch->ended)
		return LAUNCHER_TIMED_OUT;
	if (!ran && WIFEXITED(watch->status) &&
	    is_refusal(target, probe, WEXITSTATUS(watch->status)))
		return LAUNCHER_REFUSED;
	if (watch->killed_by_us)
		return LAUNCHER_RAN;
	if (WIFSIGNALED(watch->status))
		return LAUNCHER_DIED;
	if (target->stated_by == STATED_BY_RECEIPT &&
	    !json_is(watch->receipt, JSON_OBJECT))
		return LAUNCHER_NO_RECEIPT;
	return states_wrong_exit(watch) ? LAUNCHER_WRONG_CAUSE : LAUNCHER_RAN;
}

/* The limit that the probe goes past comes first among the numbers of its head; one that is only there
 * for the promise's sake comes later, and processor time is never met by accident. */
static bool is_limit_of(const struct probe *probe, const char *name)
{
	for (size_t i = 0; i < probe->policy_count; i++) {
		const char *slash = strrchr(probe->policy[i].pointer, '/');

		if (slash && str_equal(slash + 1, name) &&
		    (i == 0 || !str_equal(name, "treeCpuSeconds")))
			return true;
	}
	return false;
}

/* Milliseconds; 0: the probe goes past no limit on processor time. */
static uint64_t cpu_allowed(const struct probe *probe)
{
	if (!is_limit_of(probe, "cpuSeconds") && !is_limit_of(probe, "treeCpuSeconds"))
		return 0;
	return strtoull(probe->policy[0].json, NULL, 10) * 1000U;
}

/* A death shows nothing of a limit that had no part in it. True, with the reason. */
static bool is_other_end(const struct probe *probe, const struct watch *watch,
			 char text[RUN_TEXT_MAX])
{
	const char *limit = json_text(json_member(watch->receipt, "limitFired"));
	bool timed_out = json_is_true(json_member(watch->receipt, "timedOut"));
	uint64_t allowed = cpu_allowed(probe);

	if (probe->policy_count == 0 || probe_word(probe->setup, "deadline"))
		return false;
	if (limit && !is_limit_of(probe, limit)) {
		arm_text(text, "by another limit, as the receipt has it");
		return true;
	}
	if (timed_out) {
		arm_text(text, "by the deadline, as the receipt has it");
		return true;
	}
	if (!allowed || watch->spent_ms >= allowed / 2)
		return false;
	arm_text(text, "after %llu ms of processor time, %llu ms are allowed",
		 (unsigned long long)watch->spent_ms, (unsigned long long)allowed);
	return true;
}

/* What ended a script that said nothing, by a launcher that ended in good order. */
static void find_signal(const struct probe *probe, const struct watch *watch,
			struct run_result *result)
{
	const char *stated = json_text(json_member(watch->receipt, "signal"));
	const char *limit = json_text(json_member(watch->receipt, "limitFired"));
	char *text = result->signal;
	char why[RUN_TEXT_MAX];
	int status;

	if (watch->transcript.said != SAID_NOTHING || !watch->ended ||
	    !WIFEXITED(watch->status))
		return;
	status = WEXITSTATUS(watch->status);
	if ((stated || limit || status > 128) && is_other_end(probe, watch, why)) {
		add_evidence(result, "ended", why);
		return;
	}
	if (stated)
		(void)snprintf(text, 16, "%.15s", stated);
	else if (limit)
		(void)snprintf(text, 16, "SIGKILL");
	else if (status > 128 && sigabbrev_np(status - 128))
		(void)snprintf(text, 16, "SIG%s", sigabbrev_np(status - 128));
}

/* What was started without a word, killed on purpose, or not started at all promises by what the
 * launcher stated when it was let. */
static void recall_receipt(const struct session *session, struct run_result *result)
{
	result->receipt_length = session->receipt_length;
	result->receipt = session->receipt;
}

static void fill_receipt(const struct watch *watch, struct run_result *result)
{
	bool refused = result->input.launcher == LAUNCHER_REFUSED;

	if (watch->receipt && !refused) {
		result->receipt_length = watch->receipt_length;
		result->receipt = watch->receipt_text;
	} else if (!refused && !watch->killed_by_us) {
		result->receipt_length = 0;
	}
}

static bool has_leaked(const struct probe *probe, const struct verdict_input *input)
{
	return input->attack_witness == WITNESS_SAW ||
	       (input->attack_said == SAID_REACHED &&
		!probe_word(probe->refusals, "witness"));
}

static void fill_attack(const struct session *session, const struct probe *probe,
			const struct watch *watch, struct run_result *result)
{
	struct verdict_input *input = &result->input;

	fill_report(watch, &result->attack);
	input->launcher = launcher_of(session, probe, watch);
	session_end_text(watch, input->launcher_detail);
	input->alive = watch->alive;
	input->attempted = watch->transcript.attempted;
	input->nonce = watch->alive || watch->transcript.has_facts || input->attempted ||
		       watch->transcript.said != SAID_NOTHING;
	input->timed_out = watch->timed_out;
	input->attack_said = watch->transcript.said;
	(void)snprintf(input->attack_word, sizeof(input->attack_word), "%s",
		       watch->transcript.word);
	input->attack_witness = has_witness(probe) ? watch->witness : WITNESS_NONE;
	(void)say(result->limit, watch->limit);
	find_signal(probe, watch, result);
	fill_receipt(watch, result);
	if (probe_word(probe->needs, "launcher") && watch->launcher_replaced &&
	    !has_leaked(probe, input))
		(void)say(result->never, "this launcher is replaced by the script, and "
					 "nothing of it runs beside it");
	/* Some programs work in their own place alone: with a set-user-ID bit, or files beside. */
	if (probe_word(probe->setup, "launcher-copy") && session->found.ran &&
	    !watch->alive && !watch->script_opened)
		(void)say(result->prerequisite,
			  "this launcher does not start from a copy of its program");
}

/* --- reach ----------------------------------------------------------------------- */

static void fill_reach(const struct probe *probe, const struct watch *watch,
		       struct run_result *result)
{
	struct verdict_input *input = &result->input;
	/* An act without a bound ends at the shield's: that is how it was seen to work. */
	bool broken = watch->timed_out || (watch->limit[0] && probe->class != CLASS_X);

	fill_report(watch, &result->reach);
	input->reach_ran = watch->started;
	input->reach_said = watch->transcript.said;
	(void)snprintf(input->reach_word, sizeof(input->reach_word), "%s",
		       watch->transcript.said != SAID_NOTHING ? watch->transcript.word
		       : watch->alive                         ? "it said nothing"
							      : "it did not run");
	input->reach_witness = has_witness(probe) ? watch->witness : WITNESS_NONE;
	if (broken && !result->harness_fault[0])
		arm_text(result->harness_fault,
			 "outside the sandbox the act met a limit of the shield: %s",
			 watch->limit[0] ? watch->limit : "time");
}

static bool is_switched(const char *file, const char *value)
{
	char text[16];

	if (!value)
		return access(file, F_OK) < 0;
	return fd_read_small_at(AT_FDCWD, file, text, sizeof(text)) > 0 &&
	       str_equal(text, value);
}

/* A switch of the host that closes an act for everybody: then the control act failed truly. A
 * file without a value closes it by not being there. */
static void find_host_switch(const struct probe *probe, struct run_result *result)
{
	static const struct {
		const char *probe, *file, *value, *text;
	} switches[] = {
		{ "privilege.terminal-push", "/proc/sys/dev/tty/legacy_tiocsti", "0\n",
		  "dev.tty.legacy_tiocsti is 0" },
		{ "network.uring", "/proc/sys/kernel/io_uring_disabled", "2\n",
		  "kernel.io_uring_disabled is 2" },
		{ "lifecycle.neighbour-traced", "/proc/sys/kernel/yama/ptrace_scope",
		  "3\n", "kernel.yama.ptrace_scope is 3" },
		{ "privilege.sysrq", "/proc/sysrq-trigger", NULL,
		  "this kernel has no /proc/sysrq-trigger" },
	};

	if (result->input.reach_said == SAID_REACHED)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++)
		if (str_equal(switches[i].probe, probe->id) &&
		    is_switched(switches[i].file, switches[i].value))
			(void)say(result->closed_by_host, switches[i].text);
}

/* The same act, refused outside to the same identity by a word that the probe knows to be the
 * host's own: there is nothing here that a sandbox would have to stop. */
static void find_closed(const struct probe *probe, struct run_result *result)
{
	const struct verdict_input *input = &result->input;

	if (input->reach_said != SAID_DENIED && input->reach_said != SAID_CANNOT_TELL)
		return;
	if (input->reach_witness == WITNESS_SAW || result->closed_by_host[0])
		return;
	for (const char *const *word = probe->closed; *word; word++)
		if (str_equal(*word, input->reach_word))
			arm_text(result->closed_by_host,
				 "outside the sandbox, too, the act ends in %s", *word);
}

static void force_reach(const struct probe *probe, struct run_result *result)
{
	result->input.reach_ran = true;
	result->input.reach_said = SAID_REACHED;
	result->input.reach_witness = has_witness(probe) ? WITNESS_SILENT : WITNESS_NONE;
}

static void force_liveness(struct run_result *result)
{
	result->input.nonce = true;
	result->input.alive = true;
	result->input.attempted = true;
}

/* The script as far as the record of its attempt, and then what the mutant says; NULL = as it is. */
static const char *hollow_script(const struct session *session, const struct probe *probe,
				 struct arena *arena)
{
	const char *word = probe->refusals[0] ? probe->refusals[0] : "EPERM";

	switch (session->mutant) {
	case MUTANT_ACT_REMOVED:
		return session_hold_script;
	case MUTANT_ACT_DENIED:
		return arena_printf(arena, "%ssay denied %s\n", session_hold_script,
				    word);
	case MUTANT_ACT_REACHED:
		return arena_printf(arena, "%ssay reached -\n", session_hold_script);
	case MUTANT_NONE:
	case MUTANT_DEAF:
	case MUTANT_NO_CONTROL:
	case MUTANT_CONTROL_BLIND:
	case MUTANT_CONTROL_DIM:
	case MUTANT_REACH:
	case MUTANT_LIVENESS:
		break;
	}
	return NULL;
}

/* --- both ------------------------------------------------------------------------ */

/* Who the script was in this very run, else who it was in the first. */
static void take_identity(const struct session *session, const struct arm *arm,
			  const struct watch *watch, struct identity *identity)
{
	struct stat about;
	uint64_t user_ns = 0;

	*identity = session->identity;
	if (!watch->alive || watch->owner == (uid_t)-1)
		return;
	if (arm->privileged && stat("/proc/self/ns/user", &about) == 0)
		user_ns = about.st_ino;
	identity_set(identity, &watch->facts, watch->owner, watch->owner_group, user_ns);
}

/* A set-user-ID file of root's gives nothing to whom the host has as root already: neither what
 * ran it nor what stopped it would show anything. */
static bool is_root_already(const struct probe *probe, const struct identity *identity,
			    struct run_result *result)
{
	if (!identity->known || identity->uid != 0 ||
	    (!probe_word(probe->setup, "setuid-helper") &&
	     !probe_word(probe->setup, "setuid-in-scratch")))
		return false;
	return say(result->never, "the script is the host's root already, and a "
				  "set-user-ID file of root's gives it nothing");
}

static void run_attack(const struct session *session, const struct probe *probe,
		       const char *script_text, struct arena *arena,
		       struct identity *identity, struct run_result *result)
{
	struct watch *watch = watch_new();
	struct arm *arm = arena_alloc(arena, sizeof(*arm));

	session_arm(session, ARM_ATTACK, probe, arena, arm);
	*identity = session->identity;
	if (run_arm(arm, watch, script_text, result)) {
		fill_attack(session, probe, watch, result);
		if (arm->shared->is_full && !result->limit[0] &&
		    str_equal(result->input.attack_word, "ENOSPC"))
			(void)say(result->limit, "space in a temporary directory");
		take_identity(session, arm, watch, identity);
	}
	watch_done(watch);
	str_done(&arm->variables);
}

/* A target that promises nothing is accused of what the handicap, or the odd start, cost it, and not of
 * a wall that it never had: the act once more, without either. */
static void take_what_was_never_held(const struct session *session,
				     const struct probe *probe, const char *script_text,
				     struct arena *arena, struct run_result *result)
{
	bool odd = probe_word(probe->setup, "handicap") ||
		   probe_word(probe->setup, "invocation");
	struct run_result *plain;
	struct watch *watch;
	struct arm *arm;

	if (!odd || session->wants->target->stated_by != STATED_BY_NOTHING ||
	    !has_leaked(probe, &result->input))
		return;
	plain = arena_alloc(arena, sizeof(*plain));
	watch = watch_new();
	arm = arena_alloc(arena, sizeof(*arm));
	*plain = (struct run_result){ .input = { .launcher = LAUNCHER_NOT_RUN } };
	session_arm(session, ARM_ATTACK, probe, arena, arm);
	arm->plain = true;
	if (run_arm(arm, watch, script_text, plain)) {
		fill_attack(session, probe, watch, plain);
		if (has_leaked(probe, &plain->input)) {
			result->input.attack_witness = WITNESS_NONE;
			result->input.attack_said = SAID_NOTHING;
			(void)say(result->never, "this target does not stop the act when "
						 "nothing is in its way either");
		}
	}
	watch_done(watch);
	str_done(&arm->variables);
}

static void run_reach(const struct session *session, const struct probe *probe,
		      const char *script_text, struct arena *arena,
		      const struct identity *identity, struct run_result *result)
{
	struct watch *watch = watch_new();
	struct arm *arm = arena_alloc(arena, sizeof(*arm));

	session_arm(session, ARM_REACH, probe, arena, arm);
	arm->identity = identity;
	if (run_arm(arm, watch, script_text, result)) {
		fill_reach(probe, watch, result);
		find_host_switch(probe, result);
		find_closed(probe, result);
	}
	watch_done(watch);
	str_done(&arm->variables);
}

void attempt_probe(const struct session *session, const struct probe *probe,
		   const char *script_text, struct arena *arena,
		   struct run_result *result)
{
	struct identity *identity = arena_alloc(arena, sizeof(*identity));
	uint64_t start = arm_now();

	*result = (struct run_result){
		.input = { .launcher = LAUNCHER_NOT_RUN },
		.reach = { .exit = -1 },
		.attack = { .exit = -1 },
		.scope = probe_word(probe->setup, "lab") ? "lab" : "host",
	};
	recall_receipt(session, result);
	for (const char *const *word = probe->witness; *word; word++)
		if (!witness_knows(*word) && !outside_knows(*word)) {
			arm_text(result->harness_fault, "%s: no such witness", *word);
			return;
		}
	if (is_never(session, probe, result) || is_untestable(session, probe, result))
		return;
	if (session->hangs) {
		/* Once was enough to know, and every probe would take its whole budget. */
		result->input.launcher = LAUNCHER_TIMED_OUT;
		(void)say(result->input.launcher_detail, session->found.detail);
		return;
	}
	if (!script_text)
		script_text = hollow_script(session, probe, arena);
	run_attack(session, probe, script_text, arena, identity, result);
	if (session->mutant == MUTANT_LIVENESS)
		force_liveness(result);
	if (is_root_already(probe, identity, result) || result->never[0] ||
	    result->prerequisite[0] || result->harness_fault[0])
		return;
	take_what_was_never_held(session, probe, script_text, arena, result);
	if (session->mutant == MUTANT_REACH)
		force_reach(probe, result);
	else
		run_reach(session, probe, script_text, arena, identity, result);
	result->seconds = (double)(arm_now() - start) / 1e9;
}
