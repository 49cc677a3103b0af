/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selfcheck_calls - what of selfcheck is about a system call filter
 *
 * Each call is made with arguments that the kernel refuses too, with another errno than a filter
 * would: nothing happens, and what is said tells how far the call got.
 */
#include "probes/attack/attack.h"
#include "probes/attack/selfcheck.h"
#include <errno.h>
#include <linux/netlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define X32         0x40000000L
#define I386_KEYCTL 288
#define NO_COMMAND  9999

/* By the gate of i386, in whose numbers keyctl is another; where there is none it is a fault. */
static int keyctl_of_i386(void)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(I386_KEYCTL), "b"(NO_COMMAND), "c"(0), "d"(0), "S"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	if (result >= 0)
		return 0;
	errno = (int)-result;
#else
	errno = ENOSYS;
#endif
	return -1;
}

void selfcheck_look_calls(void)
{
	static const struct {
		const char *name;
		long number, arguments[3];
	} calls[] = {
		{ "setns", SYS_setns, { -1, 0, 0 } },
		{ "clone3", SYS_clone3, { 0, 0, 0 } },
		{ "io_uring_setup", SYS_io_uring_setup, { 0, 0, 0 } },
		{ "bpf", SYS_bpf, { NO_COMMAND, 0, 0 } },
		{ "perf_event_open", SYS_perf_event_open, { 0, 0, 0 } },
		{ "userfaultfd", SYS_userfaultfd, { -1, 0, 0 } },
		{ "keyctl", SYS_keyctl, { NO_COMMAND, 0, 0 } },
		{ "x32-keyctl", X32 | SYS_keyctl, { NO_COMMAND, 0, 0 } },
		{ "push", SYS_ioctl, { STDIN_FILENO, TIOCSTI, 0 } },
		{ "netfilter", SYS_socket, { AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER } },
		{ "crypto", SYS_socket, { AF_ALG, SOCK_SEQPACKET, 0 } },
		{ "packet", SYS_socket, { AF_PACKET, SOCK_RAW, 0 } },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const long *arguments = calls[i].arguments;

		fact_opened("call", calls[i].name,
			    (int)syscall(calls[i].number, arguments[0], arguments[1],
					 arguments[2], 0, 0));
	}
	fact_of_child("call:i386-keyctl", keyctl_of_i386);
}
