/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start - where the kernel enters the static image, before libc's start
 *
 * A page that is written to for the first time is a fault; in a virtual machine that is some ten
 * microseconds, and a run would take sixty of them. So what it will write to, and what it reads of the
 * file, is asked for at once (MADV_POPULATE_WRITE and _READ, Linux 5.14; where they are refused, each page
 * comes when it is needed). The image is not relocated yet and has no thread pointer: nothing here may use
 * a table of addresses, libc or a canary.
 */
#include "runner/image/heap.h"
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#define PAGE           4096U
#define POPULATE_READ  22 /* MADV_POPULATE_READ and _WRITE, not in every libc's headers */
#define POPULATE_WRITE 23
#define STACK_AHEAD    (40U << 10) /* of the stack: what a run of the default policy takes */

extern const char __executable_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

/* Entered by image_start with the stack pointer that the kernel set. */
void image_populate(const char *stack);

#if defined(__x86_64__)
__asm__(".text\n"
	".globl image_start\n"
	".type image_start, @function\n"
	"image_start:\n"
	"	endbr64\n"
	"	xor %ebp, %ebp\n"
	"	mov %rdx, %r12\n"
	"	mov %rsp, %rdi\n"
	"	call image_populate\n"
	"	mov %r12, %rdx\n"
	"	jmp _start\n");

static long populate(uintptr_t from, uintptr_t bytes, long how)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_madvise), "D"(from), "S"(bytes), "d"(how)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
__asm__(".text\n"
	".globl image_start\n"
	".type image_start, %function\n"
	"image_start:\n"
	"	mov x29, #0\n"
	"	mov x19, x0\n"
	"	mov x0, sp\n"
	"	bl image_populate\n"
	"	mov x0, x19\n"
	"	b _start\n");

static long populate(uintptr_t from, uintptr_t bytes, long how)
{
	register long x0 __asm__("x0") = (long)from;
	register long x1 __asm__("x1") = (long)bytes;
	register long x2 __asm__("x2") = how;
	register long x8 __asm__("x8") = SYS_madvise;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x8) : "memory");
	return x0;
}
#endif

/* Whole pages around it; refused, it is no loss. */
static void ahead(uintptr_t from, uintptr_t to, long how)
{
	from &= ~(uintptr_t)(PAGE - 1);
	to = (to + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	(void)populate(from, to - from, how);
}

__attribute__((used, no_stack_protector)) void image_populate(const char *stack)
{
	const uintptr_t base = (uintptr_t)__executable_start;
	const ElfW(Ehdr) *image = (const ElfW(Ehdr) *)(const void *)__executable_start;
	const ElfW(Phdr) *header =
		(const ElfW(Phdr) *)(const void *)(base + image->e_phoff);
	const uintptr_t heap = (uintptr_t)heap_first;

	for (unsigned int i = 0; i < image->e_phnum; i++) {
		const uintptr_t from = base + header[i].p_vaddr;

		if (header[i].p_type != PT_LOAD)
			continue;
		/* The writable segment up to .bss, and in .bss the heap comes first. */
		if (header[i].p_flags & PF_W)
			ahead(from, heap + HEAP_AHEAD, POPULATE_WRITE);
		else
			ahead(from, from + header[i].p_memsz, POPULATE_READ);
	}
	ahead(heap + HEAP_BYTES, (uintptr_t)_end, POPULATE_WRITE);
	ahead((uintptr_t)stack - STACK_AHEAD, (uintptr_t)stack, POPULATE_WRITE);
}
