/* SPDX-License-Identifier: Apache-2.0 */
/* One row a word; `{}` in a sentence stands for the value behind the `=` (`needs`: the `:`). A word with one
 * of its values may have a row of its own, before that of all. */
#include "conformance/glossary.h"
#include "runner/base/err.h"
#include "runner/base/own.h"
#include <signal.h>
#include <string.h>

enum {
	ERRNO_LAST = 133, /* EHWPOISON, include/uapi/asm-generic/errno.h */
};

enum value {
	VALUE_NONE,
	VALUE_MAYBE,
	VALUE_NEEDED
};

struct row {
	const char *word;
	const char *sentence;
	enum value value;
};

static const struct row needs[] = {
	{ "root-caller",
	  "confine check has to run as the host's root; anybody else's identity can "
	  "never do "
	  "the act, and the probe is then not applicable",
	  VALUE_NONE },
	{ "receipt",
	  "the target has to write a receipt; one that states nothing has nothing to be "
	  "untrue, and the probe is then not applicable",
	  VALUE_NONE },
	{ "lab",
	  "the lab: a private little internet in network namespaces, with metadata "
	  "services "
	  "of its own. No packet leaves this host",
	  VALUE_NONE },
	{ "tty", "a pseudo terminal of the suite's own", VALUE_NONE },
	{ "helpers",
	  "a target whose file names the programs that it starts for its own work; where "
	  "it "
	  "names none, the probe is not applicable",
	  VALUE_NONE },
	{ "launcher",
	  "a launcher that stays beside the script; one that is replaced by it has "
	  "nothing "
	  "to be reached, and the probe is then not applicable",
	  VALUE_NONE },
	{ "program", "the program {}", VALUE_NEEDED },
	{ NULL, NULL, VALUE_NONE },
};

/* Of the kernel's facilities, as the launcher alone finds them. */
#define INSISTS " for the launcher, and the policy insists on every layer", VALUE_NONE
#define INSISTS_VALUE                                                                    \
	" for the launcher, and the policy insists on every layer", VALUE_NEEDED
#define OF_SECRET                                                                        \
	" with a fresh secret that this identity may read; the script learns it only "   \
	"by the act",                                                                    \
		VALUE_NONE
#define ODD_START "; the script outside is not", VALUE_NONE

static const struct row setup[] = {
	{ "canary-file",
	  "a file beside the scratch directory that this identity may write, in a "
	  "directory "
	  "that it may write too: permission bits alone stop nothing",
	  VALUE_NONE },
	{ "canary-visible",
	  "a file inside the tree that the target is asked to show read-only; outside, "
	  "this "
	  "identity may write it",
	  VALUE_NONE },
	{ "cwd-outside",
	  "the launcher's working directory is that of the file outside scratch",
	  VALUE_NONE },
	{ "submount",
	  "another file system, writable, mounted inside the tree that the target is "
	  "asked to "
	  "show read-only",
	  VALUE_NONE },
	{ "secret-file=beside", "a file beside the scratch directory" OF_SECRET },
	{ "secret-file=home", "a file in the caller's home directory" OF_SECRET },
	{ "secret-file=tmp", "a file in the host's /tmp" OF_SECRET },
	{ "secret-file=run", "a file in the host's /run" OF_SECRET },
	{ "secret-file=shm", "a file in the host's /dev/shm" OF_SECRET },
	{ "secret-file", "a file ({}) with a fresh secret", VALUE_NEEDED },
	{ "root-file", "a file of root's, mode 0600, that holds a fresh secret",
	  VALUE_NONE },
	{ "planted-links",
	  "scratch holds symbolic links to the directory of the file outside, as an "
	  "earlier "
	  "run may have left them there: by-path, and by-oldroot, which leads there from "
	  "where bubblewrap keeps the host's root",
	  VALUE_NONE },
	{ "other-scratch",
	  "a second scratch directory, made as the script's own is, with a secret in it",
	  VALUE_NONE },
	{ "own-scratch",
	  "no scratch directory is named: the target is to make one of its own",
	  VALUE_MAYBE },
	{ "caller-env",
	  "the launcher is started with the variable {}, whose value is a secret",
	  VALUE_NEEDED },
	{ "caller-env-set", "the launcher is started with {} in its environment",
	  VALUE_NEEDED },
	{ "env", "the target is asked to pass {} to the script", VALUE_NEEDED },
	{ "fd-dir", "the launcher inherits descriptor 9, the root directory, open",
	  VALUE_NONE },
	{ "fd-file",
	  "the launcher inherits descriptor 9, the file above, open for writing",
	  VALUE_NONE },
	{ "fd-socket",
	  "the launcher inherits descriptor 9, a socket that is connected to the lab's "
	  "metadata service",
	  VALUE_NONE },
	{ "tty",
	  "the launcher's standard input is a terminal of the suite's own, and its "
	  "controlling terminal",
	  VALUE_NONE },
	{ "lab",
	  "everything happens in the network namespace of the lab's host under test",
	  VALUE_NONE },
	{ "listener-tcp", "a service outside listens on TCP, on the loopback",
	  VALUE_NONE },
	{ "listener-udp", "a service outside waits on UDP, on the loopback", VALUE_NONE },
	{ "listener-abstract", "a service outside listens on an abstract unix socket",
	  VALUE_NONE },
	{ "listener-path",
	  "a service outside listens on a unix socket in /run that everybody may use",
	  VALUE_NONE },
	{ "broker",
	  "a service outside listens on a unix socket in scratch, and hands a descriptor "
	  "of the root directory to whoever connects",
	  VALUE_NONE },
	{ "neighbour",
	  "a process outside, of the same identity, that any signal ends and that allows "
	  "itself to be traced",
	  VALUE_NONE },
	{ "sysv",
	  "a System V shared memory segment outside that everybody may read, with a "
	  "secret in it",
	  VALUE_NONE },
	{ "mqueue",
	  "a POSIX message queue outside that everybody may read, with a secret in it",
	  VALUE_NONE },
	{ "keyring",
	  "the launcher is started in a session keyring that holds a secret its owner "
	  "may read",
	  VALUE_NONE },
	{ "setuid-helper", "a set-user-ID root program in the tree that the target shows",
	  VALUE_NONE },
	{ "setuid-in-scratch", "a set-user-ID root program in scratch", VALUE_NONE },
	{ "dangerous-env",
	  "the launcher is started with some seventy variables that programs take code "
	  "or "
	  "options from, each with a secret as its value",
	  VALUE_NONE },
	{ "second-run", "the same target runs another script at the same time",
	  VALUE_NONE },
	{ "core-limit",
	  "the launcher may dump 4 MiB of core, where every other probe may dump none",
	  VALUE_NONE },
	{ "deadline",
	  "the target is given a deadline of {} s; where it takes none, the suite ends "
	  "the "
	  "launcher then, as a plain supervisor would",
	  VALUE_NEEDED },
	{ "kill-launcher", "the launcher gets SIG{} in the middle of the run",
	  VALUE_NEEDED },
	{ "stderr-file",
	  "the launcher's standard error is a log file whose first line is a secret",
	  VALUE_NONE },
	{ "launcher-copy",
	  "the launcher is started from a copy of its program that this identity may "
	  "write, "
	  "in a directory that it may write; outside, a program of the suite's stands in "
	  "for it",
	  VALUE_NONE },
	{ "receipt-open",
	  "the receipt is written to a directory that this identity may write; outside, "
	  "there "
	  "is a receipt already, and descriptor 9 is open on it",
	  VALUE_NONE },
	{ "helper-traps",
	  "the launcher's PATH begins with a directory of programs that leave a mark, "
	  "under "
	  "the names of its helpers; and only these names leave one when an object is "
	  "loaded "
	  "into them",
	  VALUE_NONE },
	{ "mount-outside", "a file system outside is mounted under a name of this run's",
	  VALUE_NONE },
	{ "device-visible",
	  "a device file (urandom's) in the tree that the target is asked to show "
	  "read-only",
	  VALUE_NONE },
	{ "stream-dir",
	  "outside, standard input is the root directory, as a careless launcher leaves "
	  "it",
	  VALUE_NONE },
	{ "handicap=namespaces", "whatever makes or enters a namespace fails" INSISTS },
	{ "handicap=mounts", "whatever mounts, moves or unmounts fails" INSISTS },
	{ "handicap=identity", "whatever changes ids or groups fails" INSISTS },
	{ "handicap=no-new-privs", "setting no_new_privs fails" INSISTS },
	{ "handicap=capabilities", "whatever gives up capabilities fails" INSISTS },
	{ "handicap=filters", "installing a system call filter fails" INSISTS },
	{ "handicap=limits", "setting a limit (setrlimit, prlimit) fails" INSISTS },
	{ "handicap=descriptors", "close_range is not there (ENOSYS)" INSISTS },
	{ "handicap=pivot", "pivot_root and chroot fail" INSISTS },
	{ "handicap=remount", "making a mount read-only fails" INSISTS },
	{ "handicap", "a facility of the kernel ({}) is missing" INSISTS_VALUE },
	{ "invocation=closed-streams",
	  "the launcher is started with its three standard streams closed" ODD_START },
	{ "invocation=deaf-to-signals",
	  "the launcher is started with signals ignored and blocked" ODD_START },
	{ "invocation=few-descriptors",
	  "the launcher is started with a low limit on open descriptors" ODD_START },
	{ "invocation=deleted-directory",
	  "the launcher is started in a working directory that was removed" ODD_START },
	{ "invocation=open-umask", "the launcher is started with umask 0" ODD_START },
	{ "invocation=environment-twice",
	  "the launcher is started with a variable twice in its environment" ODD_START },
	{ "invocation=nameless",
	  "the launcher is started with an empty name for itself (argv[0])" ODD_START },
	{ "invocation",
	  "the launcher is started in an odd way ({}); the script outside is not",
	  VALUE_NEEDED },
	{ NULL, NULL, VALUE_NONE },
};

static const struct row witness[] = {
	{ "canary-file",
	  "the file and its directory: content, size, mode, owner, time, links, "
	  "attributes, "
	  "entries",
	  VALUE_NONE },
	{ "submount", "the inner file system: has it an entry now?", VALUE_NONE },
	{ "secret", "all output and everything in scratch: are the secret's bytes in it?",
	  VALUE_NONE },
	{ "mark", "a mark in scratch that only code loaded by force leaves", VALUE_NONE },
	{ "tasks",
	  "the largest number of tasks at one moment, and whether the host can still "
	  "fork",
	  VALUE_NONE },
	{ "survivors", "tasks of the run that are alive one second after its end",
	  VALUE_NONE },
	{ "arrivals", "the lab's log: did anything arrive?", VALUE_NONE },
	{ "accept", "the service outside: did it get a connection or a datagram?",
	  VALUE_NONE },
	{ "neighbour", "the process outside: did it end?", VALUE_NONE },
	{ "bytes", "the bytes that came out of the launcher", VALUE_NONE },
	{ "stdout-bytes", "the bytes that came out of the launcher's standard output",
	  VALUE_NONE },
	{ "memory", "the launcher's own memory, at most 64 MiB", VALUE_NONE },
	{ "ends", "the time until the launcher has ended, at most {} ms", VALUE_NEEDED },
	{ "scratch-owner", "the owner, seen from outside, of what the script wrote",
	  VALUE_NONE },
	{ "gone", "whether a file that the script left is still on the host",
	  VALUE_NONE },
	{ "identities", "the uids of both runs, seen from outside: are they the same?",
	  VALUE_NONE },
	{ "mounts", "the mounts outside: is there a new one?", VALUE_NONE },
	{ "tty", "the terminal: did a byte appear that nobody typed?", VALUE_NONE },
	{ "log", "the log file: is its first line still there?", VALUE_NONE },
	{ "nonblock", "the flags of the caller's own standard output", VALUE_NONE },
	{ "launcher-outlives", "how the launcher itself ended: not by a signal",
	  VALUE_NONE },
	{ "exit-status", "the launcher's exit status, which has to be {}", VALUE_NEEDED },
	{ "receipt=facts",
	  "the receipt, against what was seen of the run from outside: whose the script "
	  "was "
	  "and what it was allowed, at the least",
	  VALUE_NONE },
	{ "receipt", "the receipt, against what was seen of the run from outside",
	  VALUE_NONE },
	{ "launcher-file",
	  "the launcher's program: is it the same file, with the same size, mode, owner "
	  "and time?",
	  VALUE_NONE },
	{ "receipt-forged", "the receipt: are the script's own words in it?",
	  VALUE_NONE },
	{ "receipt-mode", "the receipt: may group or others write it?", VALUE_NONE },
	{ "user-quota",
	  "the signals that the kernel counts for whoever called, while the script has "
	  "{} "
	  "queued",
	  VALUE_NEEDED },
	{ "io-limit",
	  "the cgroups of the script while it runs: is there a number for reading and "
	  "one "
	  "for "
	  "writing?",
	  VALUE_NONE },
	{ "limit", "the receipt: it has to name {} as what ended the run", VALUE_NEEDED },
	{ NULL, NULL, VALUE_NONE },
};

/* Which layer answers so: a hint, and no proof. */
static const struct row refusals[] = {
	{ "absent", "what the act looks for is not there inside", VALUE_NONE },
	{ "ceiling", "the number that was claimed was not passed, counted outside",
	  VALUE_NONE },
	{ "witness",
	  "the act looks successful to the script either way: what the witness says "
	  "decides "
	  "alone",
	  VALUE_NONE },
	{ "killed",
	  "the launcher ended the whole run during the act, itself in good order",
	  VALUE_NONE },
	{ "refused",
	  "the launcher refused to start anything; that it starts the same script when "
	  "nothing is in its way was seen before",
	  VALUE_NONE },
	{ "EROFS", "a read-only mount", VALUE_NONE },
	{ "EACCES", "permission bits, Landlock, or a filter that answers so",
	  VALUE_NONE },
	{ "EPERM", "a capability that is not there, or a system call filter",
	  VALUE_NONE },
	{ "ENOENT", "it is not in view", VALUE_NONE },
	{ "ENOSYS", "a system call filter, or a kernel without the call", VALUE_NONE },
	{ "EAFNOSUPPORT", "an address family that is filtered, or that the kernel lacks",
	  VALUE_NONE },
	{ "ENETUNREACH", "a network namespace without a route", VALUE_NONE },
	{ "ENETDOWN", "a network namespace whose interfaces are down", VALUE_NONE },
	{ "EADDRNOTAVAIL", "a network namespace without the address", VALUE_NONE },
	{ "ECONNREFUSED",
	  "a loopback of the sandbox's own, where nobody listens, or a packet filter "
	  "that refuses",
	  VALUE_NONE },
	{ "EHOSTUNREACH", "a network without a way there", VALUE_NONE },
	{ "EPROTONOSUPPORT", "a protocol that is filtered, or that the kernel lacks",
	  VALUE_NONE },
	{ "ESRCH", "a process table of the sandbox's own", VALUE_NONE },
	{ "EAGAIN", "a ceiling on tasks, or on what may be queued", VALUE_NONE },
	{ "ENOSPC", "a ceiling on bytes or objects, or on namespaces", VALUE_NONE },
	{ "EDQUOT", "a quota", VALUE_NONE },
	{ "ENOMEM", "a limit on memory", VALUE_NONE },
	{ "EMFILE", "a limit on descriptors", VALUE_NONE },
	{ "EFBIG", "a limit on the size of files", VALUE_NONE },
	{ "SIGXFSZ", "a limit on the size of files", VALUE_NONE },
	{ "SIGXCPU", "a limit on processor time", VALUE_NONE },
	{ "SIGBUS", "a limit on memory, met in the middle of a page", VALUE_NONE },
	{ "EBADF", "the descriptor is not open inside", VALUE_NONE },
	{ "EPIPE", "nobody reads at the other end any more", VALUE_NONE },
	{ "SIGPIPE", "nobody reads at the other end any more", VALUE_NONE },
	{ "ENXIO", "the device, or the other end, is not there inside", VALUE_NONE },
	{ "ENODEV", "the device is not there inside", VALUE_NONE },
	{ "EXDEV", "another mount", VALUE_NONE },
	{ "ENOKEY", "a keyring of the sandbox's own", VALUE_NONE },
	{ "SIGSYS", "a system call filter that kills", VALUE_NONE },
	{ "SIGKILL", "killed by a limit of the sandbox's", VALUE_NONE },
	{ NULL, NULL, VALUE_NONE },
};

/* What the same word means of the act outside. */
static const struct row closed[] = {
	{ "absent", "this host does not have what the act looks for", VALUE_NONE },
	{ "static",
	  "the program that would have to load it is static, and no loader looks at it",
	  VALUE_NONE },
	{ "not-loaded",
	  "the kernel has it as a module that is not loaded, and no probe makes it load "
	  "one",
	  VALUE_NONE },
	{ "EACCES", "a switch of this host forbids it to a caller like this one",
	  VALUE_NONE },
	{ "EPERM", "a switch of this host forbids it to a caller like this one",
	  VALUE_NONE },
	{ "ENOENT", "this kernel has no such thing", VALUE_NONE },
	{ "ENOSYS",
	  "the kernel was built without it, or a filter around the suite itself refuses "
	  "it",
	  VALUE_NONE },
	{ "EAFNOSUPPORT", "the kernel has no such address family", VALUE_NONE },
	{ "EADDRNOTAVAIL", "the address family is switched off on this host",
	  VALUE_NONE },
	{ "ENETUNREACH", "the address family is switched off on this host", VALUE_NONE },
	{ "ENOSPC", "this host has no room for one, by quota", VALUE_NONE },
	{ "EUSERS", "this host has no room for one, by quota", VALUE_NONE },
	{ "SIGSEGV", "the processor has no such way in: the kernel does not offer it",
	  VALUE_NONE },
	{ NULL, NULL, VALUE_NONE },
};

static const struct row *const parts[GLOSSARY_COUNT] = {
	[GLOSSARY_NEEDS] = needs,     [GLOSSARY_SETUP] = setup,
	[GLOSSARY_WITNESS] = witness, [GLOSSARY_REFUSALS] = refusals,
	[GLOSSARY_CLOSED] = closed,
};

/* What stands between a word and its value. */
static char separator(enum glossary_part part)
{
	return part == GLOSSARY_NEEDS ? ':' : '=';
}

static const struct row *find(enum glossary_part part, const char *word)
{
	const char *end = strchr(word, separator(part));
	size_t length = end ? (size_t)(end - word) : strlen(word);

	for (const struct row *row = parts[part]; row->word; row++)
		if (str_equal(row->word, word) || (strlen(row->word) == length &&
						   strncmp(row->word, word, length) == 0))
			return row;
	return NULL;
}

bool glossary_knows(enum glossary_part part, const char *word)
{
	const struct row *row = find(part, word);
	const char *equals = strchr(word, separator(part));

	if (!row)
		return false;
	if (str_equal(row->word, word) && equals)
		return true;
	if (row->value == VALUE_MAYBE)
		return !equals || equals[1];
	return row->value == VALUE_NEEDED ? equals && equals[1] : !equals;
}

/* The sentence of the system for an errno or a signal by name, or NULL. */
static const char *system_sentence(const char *word)
{
	for (int sys = 1; sys <= ERRNO_LAST; sys++)
		if (strcmp(err_name(sys), word) == 0)
			return strerrordesc_np(sys);
	for (int sig = 1; str_has_prefix(word, "SIG") && sig < SIGRTMIN; sig++)
		if (str_equal(sigabbrev_np(sig), word + 3))
			return sigdescr_np(sig);
	return NULL;
}

/* NAME:VALUE of a variable as everybody else writes it. */
static void add_value(struct str *str, const struct row *row, const char *value)
{
	bool is_variable =
		str_equal(row->word, "env") || str_equal(row->word, "caller-env-set");
	size_t name = is_variable ? strcspn(value, ":") : strlen(value);

	str_add_bytes(str, value, name);
	if (value[name])
		str_addf(str, "=%s", value + name + 1);
}

void glossary_add(struct str *str, enum glossary_part part, const char *word)
{
	const struct row *row = find(part, word);
	const char *equals = strchr(word, separator(part));
	const char *sentence = row ? row->sentence : system_sentence(word);
	const char *place = sentence ? strstr(sentence, "{}") : NULL;

	if (!place || !row) {
		str_add(str, sentence ? sentence : word);
		return;
	}
	str_add_bytes(str, sentence, (size_t)(place - sentence));
	add_value(str, row, equals ? equals + 1 : "");
	str_add(str, place + 2);
}

void glossary_add_words(struct str *str, enum glossary_part part)
{
	const char mark = separator(part);

	for (const struct row *row = parts[part]; row->word; row++) {
		if (strchr(row->word, mark)) /* the row of all its values names it */
			continue;
		str_addf(str, "%s%s", row == parts[part] ? "" : ", ", row->word);
		if (row->value == VALUE_NEEDED)
			str_add_bytes(str, &mark, 1);
	}
}
