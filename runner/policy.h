/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - what is wanted: one plain struct, read from JSON, validated, merged with a profile
 *
 * A policy that is valid upstream is valid here and means the same (field names, bounds, schema
 * defaults, three profiles, merge rules), but for three differences that CONFORMANCE.md states: the
 * fail-closed profile refuses, network.allow holds addresses only, numbers end at 2^53 (ids at
 * 2^32-2). Everything else is refused with its JSON pointer.
 */
#ifndef RUNNER_POLICY_H
#define RUNNER_POLICY_H

#include "runner/base/arena.h"
#include "runner/base/err.h"
#include "runner/base/json.h"
#include "runner/base/parse.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum on_unavailable {
	ON_UNAVAILABLE_DEGRADE,
	ON_UNAVAILABLE_FAIL
};
enum filesystem_mode {
	FILESYSTEM_OFF,
	FILESYSTEM_SCRATCH_ONLY,
	FILESYSTEM_SCRATCH_PLUS_RO
};
enum network_mode {
	NETWORK_UNRESTRICTED,
	NETWORK_DENY,
	NETWORK_ALLOWLIST
};
enum privilege_mode {
	PRIVILEGE_INHERIT,
	PRIVILEGE_DROP_TO_UID
};
/* For layers that upstream does not know: absent = AUTO = add what the host has, a note if missing;
 * OFF = leave it out and promise nothing; ON = asked for by name, so a downgrade if missing. */
enum tri_mode {
	MODE_AUTO,
	MODE_OFF,
	MODE_ON
};
/* What is kept of more output than maxOutputBytes. */
enum output_keep {
	KEEP_HEAD,
	KEEP_TAIL,
	KEEP_BOTH
};
enum syscalls_mode {
	SYSCALLS_AUTO,
	SYSCALLS_OFF,
	SYSCALLS_DEFAULT,
	SYSCALLS_STRICT
};

/* A number that may be unset: upstream leaves a limit out, it never writes 0. */
struct limit {
	bool set;
	uint64_t value;
};

#define POLICY_NAMES_MAX 64

/* Greatest maxOutputBytes of which the end can be kept. */
#define POLICY_KEPT_MAX (1ULL << 30)

struct path_list {
	const char **items; /* absolute, normalised (no "//", ".", "..", trailing "/") */
	size_t count;
};

/* Host names, as RFC 1123 has them, each once. */
struct name_list {
	const char **items;
	size_t count;
};

/* Names of system calls that this machine has: filter_call_find() knows each. */
struct call_list {
	const char **items; /* NULL-terminated, or NULL */
	size_t count;
};

struct policy {
	bool enabled;
	enum on_unavailable on_unavailable;
	struct {
		struct limit cpu_seconds, memory_bytes, max_open_files, max_processes;
		struct limit max_output_bytes, max_file_size_bytes;
		struct limit disk_bytes, tree_cpu_seconds; /* ours */
		struct limit max_result_bytes;             /* ours */
		enum output_keep output_keep;              /* ours */
	} resources;
	struct {
		enum filesystem_mode mode;
		struct limit scratch_bytes;
		struct path_list read_only, hide; /* ours */
		enum tri_mode landlock;           /* ours */
	} filesystem;
	struct {
		enum network_mode mode;
		const char **allow_text; /* as written */
		struct net_rule *allow;
		size_t allow_count;
		bool deny_link_local_and_metadata;
		bool allow_overrides_block; /* ours */
		struct name_list
			names; /* ours: resolved before the run, shown in its hosts file */
	} network;
	struct {
		enum privilege_mode mode;
		struct limit uid, gid;
	} privilege;
	struct {
		enum syscalls_mode mode;
		struct call_list allow,
			refuse; /* single calls, over the profile's table */
	} syscalls;             /* ours */
	struct {
		enum tri_mode mode;
	} ipc, lifecycle, environment; /* ours */
};

enum profile {
	PROFILE_DEFAULT,
	PROFILE_PERMISSIVE,
	PROFILE_FAIL_CLOSED,
	PROFILE_COUNT
};
/* "default", "permissive", "fail-closed"; NULL-terminated, indexed by enum profile. */
extern const char *const profile_names[PROFILE_COUNT + 1];

/* One --set POINTER=JSON. */
struct policy_set {
	const char *pointer; /* "/resources/cpuSeconds" */
	const char *json;
};

/**
 * policy_load() - The policy of a run: profile, then file, then --set, each strictly checked
 * @profile:	base that the file is merged over (upstream's merge rules: sections overlaid key by key, arrays replaced)
 * @what:	name of the document for errors; NULL when there is none
 * @text:	its bytes, or NULL
 * @sets:	overrides in order, each merged like a file of that one member, so that its faults name it
 * @uid_seed:	CONFINE_SANDBOX_UID as found in the environment, or NULL; blank, non-integer or negative = unset
 * @gid_seed:	CONFINE_SANDBOX_GID, likewise; ignored without a uid
 * @arena:	owns everything that *policy points to
 * Return: 0; or -1 with POLICY, "<what>: /pointer: …" naming the allowed range and the nearest known
 *	name; "policy: …" where only the merged whole contradicts itself: readOnly or hide without a
 *	mode that confines, a readOnly path that is hidden, the host's /proc or /dev in readOnly, a
 *	system call that is allowed and refused, or refused and needed to start a script
 *
 * Not judged here: uid 0 is valid upstream, so the planner must refuse to run as it; entries of
 * network.allow are checked in every mode but count in NETWORK_ALLOWLIST only.
 */
int policy_load(enum profile profile, const char *what, const char *text, size_t length,
		const struct policy_set *sets, size_t set_count, const char *uid_seed,
		const char *gid_seed, struct arena *arena, struct policy *policy,
		struct err *err);

/* The resolved policy with upstream's field names; the caller's (json_delete()). policy_load() of its
 * text gives the same policy again under PROFILE_PERMISSIVE, and under the profile that it came from
 * (a merge cannot unset a limit). Members of ours appear only where they say more than "auto", but for
 * syscalls.mode, of which a profile says more. */
struct json *policy_to_json(const struct policy *policy);

#endif
