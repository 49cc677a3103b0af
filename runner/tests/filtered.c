/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filtered - what filter.test.sh needs beside the runner
 *
 *   filtered sweep COLUMN <filter.tsv   makes every call that the table says is refused, on x86_64
 *                                       and i386, and compares the errno; COLUMN: default, strict,
 *                                       no-network. Run as somebody without capabilities.
 *   filtered none|no-filters|no-network COMMAND…
 *                                       runs it under a filter of its own: one that lets all
 *                                       through, one without seccomp(2), one without network
 *                                       namespaces
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOAD(what)         BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, what))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define SET(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, yes, no)
#define RETURN(action)     BPF_STMT(BPF_RET | BPF_K, action)
#define REFUSE(error)      RETURN(SECCOMP_RET_ERRNO | (error))

static struct sock_filter none[] = { RETURN(SECCOMP_RET_ALLOW) };
static struct sock_filter no_filters[] = {
	LOAD(nr),
	IF(SYS_seccomp, 0, 1),
	REFUSE(ENOSYS),
	RETURN(SECCOMP_RET_ALLOW),
};
static struct sock_filter no_network[] = {
	LOAD(nr),
	IF(SYS_clone3, 5, 0),
	IF(SYS_clone, 1, 0),
	IF(SYS_unshare, 0, 2),
	LOAD(args[0]),
	SET(CLONE_NEWNET, 2, 0),
	RETURN(SECCOMP_RET_ALLOW),
	REFUSE(ENOSYS),
	REFUSE(EPERM),
};

static const struct {
	const char *name;
	struct sock_fprog program;
} filters[] = {
	{ "none", { sizeof(none) / sizeof(none[0]), none } },
	{ "no-filters", { sizeof(no_filters) / sizeof(no_filters[0]), no_filters } },
	{ "no-network", { sizeof(no_network) / sizeof(no_network[0]), no_network } },
};

static long call_x64(long number)
{
	return syscall(number, -1L, -1L, -1L, -1L, -1L, -1L) < 0 ? errno : 0;
}

static long call_i386(long number)
{
	long result = number;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(-1L), "c"(-1L), "d"(-1L), "S"(-1L), "D"(-1L)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result < 0 ? -(int)result : 0;
}

/* A kernel that was started without 32-bit emulation ends who asks it with SIGSEGV. */
static int has_i386(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)call_i386(20); /* getpid */
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status);
}

static int errno_of(const char *word)
{
	return strcmp(word, "EPERM") == 0    ? EPERM
	       : strcmp(word, "ENOSYS") == 0 ? ENOSYS
					     : 0;
}

/* Not made: it would end this program instead of being refused. */
static int is_left_out(const char *name)
{
	return strcmp(name, "restart_syscall") == 0;
}

static int sweep(const char *column)
{
	int at = strcmp(column, "default") == 0  ? 4
		 : strcmp(column, "strict") == 0 ? 5
						 : 6;
	int strict = at == 5, i386 = has_i386();
	unsigned int made = 0, wrong = 0;
	char line[256], words[7][64];

	while (fgets(line, sizeof(line), stdin)) {
		int wanted;

		if (sscanf(line, "%63s %63s %63s %63s %63s %63s %63s", words[0], words[1],
			   words[2], words[3], words[4], words[5], words[6]) != 7 ||
		    line[0] == '#' || is_left_out(words[0]))
			continue;
		wanted = errno_of(words[at]);
		if (words[1][0] != '-' && wanted) {
			made++;
			wrong += call_x64(atol(words[1])) != wanted;
		}
		if (i386 && words[2][0] != '-' && (wanted || strict)) {
			made++;
			wrong += call_i386(atol(words[2])) != (strict ? ENOSYS : wanted);
		}
	}
	printf("%s %u\n", made > 30 ? "made" : "few", wrong);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "has-i386") == 0)
		return !has_i386();
	if (argc == 3 && strcmp(argv[1], "sweep") == 0)
		return sweep(argv[2]);
	for (size_t i = 0; argc > 2 && i < sizeof(filters) / sizeof(filters[0]); i++) {
		if (strcmp(filters[i].name, argv[1]) != 0)
			continue;
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filters[i].program) < 0)
			return 99;
		execvp(argv[2], argv + 2);
		return 127;
	}
	return 2;
}
