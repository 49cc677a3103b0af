/* SPDX-License-Identifier: Apache-2.0 */
/* numbers - see numbers.h; the only file that knows libseccomp */
#include "runner/filter/numbers.h"
#include "runner/base/own.h"
#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

/* libseccomp's token is the kernel's, but for x32, which has a token of its own there. */
static const struct family {
	uint32_t native, foreign;
	const char *name, *foreign_name;
} families[] = {
	{ SCMP_ARCH_X86_64, SCMP_ARCH_X86, "x86_64", "i386" },
	{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, "aarch64", "arm" },
	{ SCMP_ARCH_X86, 0, "i386", NULL },
	{ SCMP_ARCH_ARM, 0, "arm", NULL },
	{ SCMP_ARCH_RISCV64, 0, "riscv64", NULL },
};

#define X32_BIT   0x40000000U
#define X32_FIRST 512U

static const char *name_of(struct arena *arena, uint32_t arch, uint32_t number)
{
	char *name = seccomp_syscall_resolve_num_arch(arch, (int)number);
	const char *kept = name ? arena_strdup(arena, name) : NULL;

	free(name);
	return kept;
}

static void read_names(struct arena *arena, uint32_t arch, struct abi *abi)
{
	for (uint32_t i = 0; i < NUMBER_LIMIT; i++)
		abi->names[i] = name_of(arena, arch, i);
}

/* x32 shares the table of x86_64 up to 511: the same number is the same call, or none. */
static bool add_x32(struct arena *arena, struct abi *abi)
{
	abi->twin_name = "x32";
	abi->twin_bit = X32_BIT;
	abi->twin_first = X32_FIRST;
	for (uint32_t i = 0; i < NUMBER_LIMIT; i++) {
		const char *twin = name_of(arena, SCMP_ARCH_X32, i | X32_BIT);

		if (twin && abi->names[i] && strcmp(twin, abi->names[i]) != 0)
			return false;
		if (i >= X32_FIRST && abi->names[i])
			return false;
		if (twin && i >= X32_FIRST)
			abi->names[i] = twin;
	}
	return true;
}

size_t numbers_read(struct arena *arena, struct abi *abis)
{
	uint32_t native = seccomp_arch_native();

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *family = &families[i];

		if (family->native != native)
			continue;
		abis[0] = (struct abi){ .name = family->name, .arch = family->native };
		read_names(arena, family->native, &abis[0]);
		if (native == SCMP_ARCH_X86_64 && !add_x32(arena, &abis[0]))
			return 0;
		if (!family->foreign)
			return 1;
		abis[1] = (struct abi){ .name = family->foreign_name,
					.arch = family->foreign };
		read_names(arena, family->foreign, &abis[1]);
		return 2;
	}
	return 0;
}
