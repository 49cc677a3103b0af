/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requirements themselves. Level 1 stops the careless and the opportunistic without
 * root and without a cgroup; level 2 keeps tenants apart; level 3 is for code that hunts
 * kernel bugs.
 */
#include "conformance/requirements.h"
#include <string.h>

#define MUST   .must = true
#define SHOULD .must = false

const char *const layer_names[LAYER_COUNT + 1] = {
	[LAYER_RESOURCES] = "resources", [LAYER_FILESYSTEM] = "filesystem",
	[LAYER_NETWORK] = "network",     [LAYER_PRIVILEGE] = "privilege",
	[LAYER_SYSCALLS] = "syscalls",   [LAYER_IPC] = "ipc",
	[LAYER_LIFECYCLE] = "lifecycle", [LAYER_ENVIRONMENT] = "environment",
	[LAYER_OUTPUT] = "output",       [LAYER_SCRATCH] = "scratch",
	[LAYER_REPORT] = "report",
};

const struct requirement requirements[] = {
	{ "FS-01", 1, LAYER_FILESYSTEM, MUST, "nothing changes outside scratch",
	  "The script MUST NOT change the content, name, links or existence of any "
	  "file outside its scratch directory, whether by path, through a symbolic or "
	  "hard link of its own, or through its working directory." },
	{ "FS-02", 1, LAYER_SCRATCH, MUST,
	  "scratch is private, not root's, inert, gone afterwards",
	  "The scratch directory MUST be writable for the script's identity, MUST NOT "
	  "belong to root as seen from outside, MUST be out of sight of other runs, "
	  "MUST NOT honour set-user-ID bits or device files, and MUST be gone after "
	  "the run when the launcher made it." },
	{ "FS-03", 1, LAYER_FILESYSTEM, MUST, "planted secrets are unreadable",
	  "The script MUST NOT read a file that its policy does not show to it, even "
	  "when the mode of the file would let its identity read it." },
	{ "NET-01", 1, LAYER_NETWORK, MUST, "deny means deny",
	  "When the policy denies the network, the script MUST NOT reach any address "
	  "outside the sandbox by TCP, UDP, ICMP or raw sockets, over IPv4 or IPv6, by "
	  "way of io_uring or an inherited socket; metadata services included." },
	{ "PRV-01", 1, LAYER_PRIVILEGE, MUST,
	  "no root, no capability, no way to gain them",
	  "The script MUST NOT run as the host's uid 0, MUST hold no capability, MUST "
	  "have no_new_privs set, and MUST NOT gain anything from a set-user-ID file." },
	{ "RES-01", 1, LAYER_RESOURCES, MUST, "tasks stop at a stated ceiling",
	  "The number of tasks of a run MUST stop at the ceiling that the launcher "
	  "stated, whether they are made by fork, by clone or as threads, and the "
	  "launcher MUST still work then." },
	{ "RES-02", 1, LAYER_RESOURCES, MUST, "each process stops at its numbers",
	  "CPU time, private memory, open files and file size of each process MUST "
	  "stop at the numbers of the policy, and the script MUST NOT be able to raise "
	  "them." },
	{ "LIF-01", 1, LAYER_LIFECYCLE, MUST, "nothing survives the end or the deadline",
	  "Every task of a run MUST be gone within one second after the run ended by "
	  "itself or by its deadline, tasks included that left the session or ignore "
	  "signals." },
	{ "OUT-01", 1, LAYER_OUTPUT, MUST, "output has a budget",
	  "Standard output and standard error together MUST stop at the budget, the "
	  "launcher's own memory MUST stay bounded meanwhile, and a pipe that is held "
	  "open MUST NOT delay the end of the run." },
	{ "ENV-01", 1, LAYER_ENVIRONMENT, MUST,
	  "no loader variables, no environment of the caller",
	  "The script MUST NOT be started with a variable that makes a loader or an "
	  "interpreter run other code, and MUST NOT see the environment of the "
	  "launcher, in its own or in that of any process in sight." },
	{ "FD-01", 1, LAYER_PRIVILEGE, MUST, "no inherited descriptor, no terminal",
	  "The script MUST NOT hold a descriptor of the caller beyond its standard "
	  "streams, and MUST NOT have the caller's terminal as its controlling "
	  "terminal." },
	{ "RPT-01", 1, LAYER_REPORT, MUST, "the receipt is true",
	  "The receipt MUST be true: nothing is called enforced that is not in place "
	  "in that very run, and its numbers are those that the kernel enforces.",
	  .rests_on_claims = true },
	{ "RPT-02", 1, LAYER_REPORT, MUST, "fails closed",
	  "When a layer that the policy insists on cannot be put in place, the "
	  "launcher MUST refuse before anything of the script runs, and name every "
	  "such layer; when the policy allows the loss, the launcher MUST state it." },
	{ "RPT-03", 1, LAYER_REPORT, MUST,
	  "the launcher outlives the script and names its end",
	  "The launcher MUST outlive the script whatever the script does, MUST pass on "
	  "its exit status, and MUST name the true cause when something else ended it." },

	{ "FS-11", 2, LAYER_FILESYSTEM, MUST, "a root of its own, others absent",
	  "The script MUST have a root directory of its own, in which no file of the "
	  "host exists that its policy does not name." },
	{ "FS-12", 2, LAYER_FILESYSTEM, MUST, "read-only all the way down",
	  "What is visible and not writable MUST be read-only recursively, in content, "
	  "mode, owner, times and extended attributes; the script MUST NOT remount or "
	  "unmount it, and mounts MUST NOT propagate in or out." },
	{ "FS-13", 2, LAYER_SCRATCH, MUST, "bytes and inodes are bounded everywhere",
	  "The bytes and the inodes that the script can use MUST be bounded over all "
	  "writable places together." },
	{ "NET-11", 2, LAYER_NETWORK, MUST,
	  "the host's loopback, sockets and brokers are closed",
	  "The script MUST NOT connect to the host's loopback, directly or by way of a "
	  "gateway, nor to unix sockets of the host or a broker behind them, and MUST "
	  "NOT be reachable from outside the sandbox." },
	{ "NET-12", 2, LAYER_NETWORK, MUST, "the allowlist is exact",
	  "The script MUST reach the addresses, protocols and ports of the allowlist "
	  "and no others; name resolution MUST NOT be a way out, and the rules MUST be "
	  "out of the script's reach." },
	{ "NET-13", 2, LAYER_NETWORK, MUST, "metadata services of all clouds are closed",
	  "Link-local addresses and the metadata services of all known clouds MUST be "
	  "out of reach, over IPv4 and IPv6 and in every spelling of the address, "
	  "whenever the policy blocks them or denies the network." },
	{ "PRC-11", 2, LAYER_LIFECYCLE, MUST, "no outsider is seen, signalled or traced",
	  "The script MUST NOT see, signal or trace a process outside its sandbox, nor "
	  "read its memory, environment or descriptors." },
	{ "IPC-11", 2, LAYER_IPC, MUST,
	  "no shared System V object, queue, memory or keyring",
	  "System V objects, POSIX message queues, shared memory and keyrings of the "
	  "host and of other runs MUST be out of the script's reach." },
	{ "PRV-11", 2, LAYER_PRIVILEGE, MUST,
	  "an identity for each tenant at the same time",
	  "Runs at the same time MUST have different identities on the host, so that "
	  "neither can touch or starve the other." },
	{ "PRV-12", 2, LAYER_PRIVILEGE, MUST, "no nested user namespace",
	  "The script MUST NOT create a user namespace of its own, in which it would "
	  "hold capabilities again." },
	{ "PRV-13", 2, LAYER_PRIVILEGE, MUST, "no global knob of the kernel",
	  "The script MUST NOT write anything that acts on the whole kernel: "
	  "/proc/sys, /sys, sysrq, core patterns, release agents; and MUST NOT make the "
	  "kernel start a program on the host, as a core dump does." },
	{ "RES-11", 2, LAYER_RESOURCES, MUST, "limits hold for the tree",
	  "Tasks, memory with swap and shared memory, and CPU time MUST be limited for "
	  "all processes of a run together." },
	{ "LIF-11", 2, LAYER_LIFECYCLE, MUST, "the tree dies with its launcher",
	  "When the launcher is killed, every task of the run MUST be gone within one "
	  "second." },
	{ "FD-11", 2, LAYER_OUTPUT, MUST, "standard streams are no capability",
	  "The standard streams MUST give the script nothing but reading or writing "
	  "bytes: they MUST NOT be the caller's own descriptors, nor be reopened with "
	  "other rights, nor share flags, offset or terminal with the caller." },

	{ "SYS-21", 3, LAYER_SYSCALLS, MUST, "a filter on every task and every ABI",
	  "A system call filter MUST be in force on every task of a run and for every "
	  "ABI that the kernel accepts." },
	{ "SYS-22", 3, LAYER_SYSCALLS, MUST, "mount, clone3 and setns are refused",
	  "The filter MUST refuse mount and the calls of the newer mount interface, "
	  "new namespaces by clone, clone3 or unshare, and setns." },
	{ "SYS-23", 3, LAYER_SYSCALLS, MUST,
	  "io_uring, bpf, perf, userfaultfd, keyctl are refused",
	  "The filter MUST refuse io_uring, bpf, perf_event_open, userfaultfd and the "
	  "calls on keyrings." },
	{ "SYS-24", 3, LAYER_SYSCALLS, MUST, "only the policy's address families",
	  "The script MUST get sockets only of the address families that its policy "
	  "needs, none of netfilter's netlink, and MUST NOT make the kernel load a "
	  "module." },
	{ "FS-21", 3, LAYER_FILESYSTEM, MUST, "two walls around the files",
	  "FS-01 and FS-11 MUST hold with either of two independent mechanisms "
	  "switched off." },
	{ "DEV-21", 3, LAYER_FILESYSTEM, MUST, "devices",
	  "The script MUST NOT open a device other than null, zero, full, random and "
	  "urandom, and MUST NOT make device files that work." },
	{ "PRC-21", 3, LAYER_LIFECYCLE, SHOULD, "facts of kernel and host are hidden",
	  "Addresses and log of the kernel, the host's hardware, mounts, users and "
	  "load SHOULD be hidden from the script." },
	{ "RES-21", 3, LAYER_RESOURCES, MUST, "per-user quotas and input/output",
	  "Quotas that the kernel keeps per user MUST NOT be shared with another "
	  "tenant, and disk input and output of a run MUST be limited." },
	{ "LIF-21", 3, LAYER_LIFECYCLE, MUST, "the launcher's binary is safe",
	  "The script MUST NOT be able to change or replace the launcher's binary, "
	  "also not by way of /proc." },
	{ "LIF-22", 3, LAYER_LIFECYCLE, MUST, "hostile invocation",
	  "The launcher MUST keep its promises or refuse when it is started with "
	  "closed streams, blocked or ignored signals, low limits, a deleted working "
	  "directory or an odd environment." },
	{ "LIF-23", 3, LAYER_LIFECYCLE, MUST, "hostile tear-down",
	  "The launcher MUST remove whatever the script left behind, or say that it "
	  "did not, and MUST NOT be led out of scratch by it." },
	{ "ENV-21", 3, LAYER_ENVIRONMENT, MUST, "a constant environment for helpers",
	  "Helper programs of the launcher MUST be started with a constant environment "
	  "and from fixed paths." },
	{ "RPT-21", 3, LAYER_REPORT, MUST, "a fault at any call of the setup",
	  "A fault at any system call of the setup MUST end in a refusal or in a "
	  "stated downgrade, never in a script that runs without a layer that is "
	  "called enforced." },
	{ "RPT-22", 3, LAYER_REPORT, MUST, "the receipt cannot be forged",
	  "The script MUST NOT be able to write, alter or suppress the receipt." },
};

const size_t requirement_count = sizeof(requirements) / sizeof(requirements[0]);

const struct requirement *requirement_find(const char *id)
{
	for (size_t i = 0; i < requirement_count; i++)
		if (strcmp(requirements[i].id, id) == 0)
			return &requirements[i];
	return NULL;
}

size_t requirement_index(const struct requirement *requirement)
{
	return (size_t)(requirement - requirements);
}

enum layer layer_find(const char *name, size_t length)
{
	enum layer layer = LAYER_RESOURCES;

	while (layer < LAYER_COUNT && (strlen(layer_names[layer]) != length ||
				       strncmp(layer_names[layer], name, length) != 0))
		layer++;
	return layer;
}

bool requirement_is_required(const struct requirement *requirement, unsigned int level)
{
	return requirement->must && requirement->level <= level;
}
