/* SPDX-License-Identifier: Apache-2.0 */
/* outside - see outside.h. */
#include "conformance/outside.h"
#include "conformance/evidence.h"
#include "conformance/receipt.h"
#include "conformance/witness.h"
#include "runner/base/own.h"
#include "runner/base/parse.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum {
	OUTPUT_TOLERANCE = 4096, /* the launcher's own words */
	LAUNCHER_BYTES_MAX = 64 << 20,
};

static enum witness said(bool saw)
{
	return saw ? WITNESS_SAW : WITNESS_SILENT;
}

/* A number of the head's own policy; 0: none. */
static uint64_t policy_number(const struct probe *probe, const char *pointer)
{
	uint64_t number = 0;
	struct err ignored; /* the head was checked when it was read */

	for (size_t i = 0; i < probe->policy_count; i++)
		if (str_equal(probe->policy[i].pointer, pointer))
			(void)parse_u64(probe->policy[i].json, 0, UINT64_MAX, &number,
					&ignored);
	return number;
}

uint64_t outside_tasks_allowed(const struct probe *probe)
{
	return policy_number(probe, "/resources/maxProcesses");
}

static enum witness tasks_outside(struct arm *arm, struct watch *watch, const char *value)
{
	uint64_t ceiling = outside_tasks_allowed(arm->probe);
	uint64_t peak = groups_peak_tasks(&arm->group_set);
	uint64_t most = peak > watch->most_tasks ? peak : watch->most_tasks;
	uint64_t launcher = arm->kind == ARM_ATTACK ? arm->launcher_tasks : 0;

	(void)value;
	most = most > launcher ? most - launcher : 0;
	arm_evidence(arm, "tasks", "%llu at most, %llu allowed%s",
		     (unsigned long long)most, (unsigned long long)ceiling,
		     watch->fork_failed ? "; the harness could not fork meanwhile" : "");
	if (!ceiling)
		return WITNESS_DEAF;
	return said(watch->fork_failed || most > ceiling + OUTSIDE_TASKS_TOLERANCE);
}

static enum witness survivors_outside(struct arm *arm, struct watch *watch,
				      const char *value)
{
	(void)value;
	/* Known to end when it is started as usual: then it is what survives here. */
	if (!watch->ended && !watch->killed_by_us && !(arm->invocation && watch->said_ns))
		return WITNESS_DEAF;
	arm_evidence(arm, "survivors", "%u%s", watch->survivors,
		     watch->ended ? "" : ", the launcher among them");
	return said(watch->survivors > 0);
}

static enum witness secret_outside(struct arm *arm, struct watch *watch,
				   const char *value)
{
	enum witness inside = arm->shared->witness;

	(void)value;
	arm_evidence(arm, "secret", "%s",
		     watch->secret_seen || inside == WITNESS_SAW ? "came out"
		     : inside == WITNESS_DEAF ? "not all of scratch could be searched"
					      : "did not come out");
	return said(watch->secret_seen);
}

static enum witness arrivals_outside(struct arm *arm, struct watch *watch,
				     const char *value)
{
	(void)value;
	if (!watch->arrivals_known || !watch->arrivals.complete)
		return WITNESS_DEAF;
	arm_evidence(arm, "arrivals", "%llu", (unsigned long long)watch->arrivals.count);
	return said(watch->arrivals.count > 0);
}

static enum witness bytes_outside(struct arm *arm, struct watch *watch, const char *value)
{
	uint64_t allowed = policy_number(arm->probe, "/resources/maxOutputBytes");

	(void)value;
	arm_evidence(arm, "output bytes", "%llu, %llu allowed",
		     (unsigned long long)watch->bytes, (unsigned long long)allowed);
	return allowed ? said(watch->bytes > allowed + OUTPUT_TOLERANCE) : WITNESS_DEAF;
}

/* To the byte: what a launcher says for itself goes to the other stream. */
static enum witness stdout_outside(struct arm *arm, struct watch *watch,
				   const char *value)
{
	uint64_t allowed = policy_number(arm->probe, "/resources/maxOutputBytes");

	(void)value;
	arm_evidence(arm, "bytes on standard output", "%llu, %llu allowed",
		     (unsigned long long)watch->out.bytes, (unsigned long long)allowed);
	return allowed ? said(watch->out.bytes > allowed) : WITNESS_DEAF;
}

static enum witness memory_outside(struct arm *arm, struct watch *watch,
				   const char *value)
{
	(void)value;
	arm_evidence(arm, "launcher's peak memory", "%llu KiB",
		     (unsigned long long)watch->most_launcher_bytes / 1024);
	return said(watch->most_launcher_bytes > LAUNCHER_BYTES_MAX);
}

static enum witness ends_outside(struct arm *arm, struct watch *watch, const char *value)
{
	uint64_t last = watch->ended_ns > watch->eof_ns ? watch->ended_ns : watch->eof_ns;
	uint64_t allowed, took;
	struct err ignored;

	if (parse_u64(value, 1, 60000, &allowed, &ignored) < 0 || !watch->said_ns)
		return WITNESS_DEAF;
	if (!watch->ended || !watch->eof_ns) {
		arm_evidence(arm, "end", "not within the time");
		return WITNESS_SAW;
	}
	/* It was the harness that closed them, and so it is no time of the launcher's. */
	if (watch->held_open) {
		arm_evidence(arm, "end",
			     "its streams were held open after it, until they "
			     "were closed from outside");
		return WITNESS_SAW;
	}
	took = last > watch->said_ns ? (last - watch->said_ns) / 1000000U : 0;
	arm_evidence(arm, "end", "%llu ms after the script, %llu allowed",
		     (unsigned long long)took, (unsigned long long)allowed);
	return said(took > allowed);
}

static enum witness scratch_owner_outside(struct arm *arm, struct watch *watch,
					  const char *value)
{
	(void)value;
	if (!watch->alive || watch->owner == (uid_t)-1)
		return WITNESS_DEAF;
	arm_evidence(arm, "owner of files in scratch", "uid %u", watch->owner);
	return said(watch->owner == 0);
}

static enum witness identities_outside(struct arm *arm, struct watch *watch,
				       const char *value)
{
	(void)value;
	if (!watch->alive || !watch->second_alive)
		return WITNESS_DEAF;
	arm_evidence(arm, "uids of two runs", "%u and %u", watch->owner,
		     watch->second_owner);
	return said(watch->owner == watch->second_owner);
}

static enum witness nonblock_outside(struct arm *arm, struct watch *watch,
				     const char *value)
{
	(void)value;
	arm_evidence(arm, "caller's pipe", "O_NONBLOCK %s",
		     watch->stdout_nonblocking ? "set" : "not set");
	return said(watch->stdout_nonblocking);
}

static enum witness launcher_outlives_outside(struct arm *arm, struct watch *watch,
					      const char *value)
{
	(void)value;
	if (!watch->ended)
		return WITNESS_DEAF;
	arm_evidence(arm, "launcher",
		     WIFSIGNALED(watch->status) ? "died of signal %d" : "exit status %d",
		     WIFSIGNALED(watch->status) ? WTERMSIG(watch->status)
						: WEXITSTATUS(watch->status));
	return said(WIFSIGNALED(watch->status));
}

/* What only a launcher can say is taken to be wrong where there is none. */
static enum witness exit_status_outside(struct arm *arm, struct watch *watch,
					const char *value)
{
	uint64_t wanted;
	struct err ignored;

	if (arm->kind == ARM_REACH)
		return WITNESS_SAW;
	if (!watch->ended || parse_u64(value, 0, 255, &wanted, &ignored) < 0)
		return WITNESS_DEAF;
	arm_evidence(arm, "exit status",
		     WIFEXITED(watch->status) ? "%d, wanted %d" : "signal %d, wanted %d",
		     WIFEXITED(watch->status) ? WEXITSTATUS(watch->status)
					      : WTERMSIG(watch->status),
		     (int)wanted);
	return said(!WIFEXITED(watch->status) ||
		    WEXITSTATUS(watch->status) != (int)wanted);
}

static enum witness receipt_outside(struct arm *arm, struct watch *watch,
				    const char *value)
{
	char difference[RUN_TEXT_MAX];

	if (arm->kind == ARM_REACH)
		return WITNESS_SAW;
	switch (receipt_compare(arm, watch, str_equal(value, "facts"), difference)) {
	case RECEIPT_AGREES:
		arm_evidence(arm, "receipt", "agrees with what was seen");
		return WITNESS_SILENT;
	case RECEIPT_STATES_NOTHING:
		arm_evidence(arm, "receipt", "states nothing that could be compared");
		return WITNESS_DEAF;
	case RECEIPT_DIFFERS:
		break;
	}
	arm_evidence(arm, "receipt", "%s", difference);
	return WITNESS_SAW;
}

static enum witness limit_outside(struct arm *arm, struct watch *watch, const char *value)
{
	const char *fired;

	if (arm->kind == ARM_REACH)
		return WITNESS_SAW;
	fired = json_text(json_member(watch->receipt, "limitFired"));
	arm_evidence(arm, "limit in the receipt", "%s", fired ? fired : "none");
	return said(!str_equal(fired, value));
}

/* Half of them is no accident: whatever else queues signals meanwhile does not queue that many. */
static enum witness user_quota_outside(struct arm *arm, struct watch *watch,
				       const char *value)
{
	uint64_t count, more;
	struct err ignored;

	if (!watch->looked || parse_u64(value, 2, 100000, &count, &ignored) < 0)
		return WITNESS_DEAF;
	more = watch->queued > watch->queued_before ? watch->queued - watch->queued_before
						    : 0;
	arm_evidence(arm, "signals counted for the caller", "%llu more than before",
		     (unsigned long long)more);
	return said(more >= count / 2);
}

static enum witness io_limit_outside(struct arm *arm, struct watch *watch,
				     const char *value)
{
	(void)value;
	if (!watch->looked || !watch->held.found)
		return WITNESS_DEAF;
	arm_evidence(arm, "disk input and output", "%s",
		     watch->io_bounded ? "has a limit each" : "without a limit");
	return said(!watch->io_bounded);
}

static enum witness receipt_mode_outside(struct arm *arm, struct watch *watch,
					 const char *value)
{
	struct stat about;

	(void)value;
	if (arm->kind == ARM_REACH)
		return WITNESS_SAW;
	if (!evidence_stat(watch->shield.root, "receipt/receipt.json", &about))
		return WITNESS_DEAF;
	arm_evidence(arm, "mode of the receipt", "%04o", about.st_mode & 07777U);
	return said(about.st_mode & (S_IWGRP | S_IWOTH));
}

static const struct outside_word words[] = {
	{ "tasks", tasks_outside },
	{ "survivors", survivors_outside },
	{ "secret", secret_outside },
	{ "arrivals", arrivals_outside },
	{ "bytes", bytes_outside },
	{ "stdout-bytes", stdout_outside },
	{ "memory", memory_outside },
	{ "ends", ends_outside },
	{ "scratch-owner", scratch_owner_outside },
	{ "identities", identities_outside },
	{ "nonblock", nonblock_outside },
	{ "launcher-outlives", launcher_outlives_outside },
	{ "exit-status", exit_status_outside },
	{ "receipt", receipt_outside },
	{ "limit", limit_outside },
	{ "user-quota", user_quota_outside },
	{ "io-limit", io_limit_outside },
	{ "receipt-mode", receipt_mode_outside },
};

enum witness outside_look(struct arm *arm, struct watch *watch)
{
	enum witness worst = WITNESS_NONE;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *value = arm_witness(arm, words[i].name);

		if (value)
			worst = witness_worse(worst, words[i].look(arm, watch, value));
	}
	return arm->deaf && worst == WITNESS_SAW ? WITNESS_SILENT : worst;
}

bool outside_knows(const char *text)
{
	size_t length = strcspn(text, "=");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].name) == length &&
		    strncmp(words[i].name, text, length) == 0)
			return true;
	return false;
}
