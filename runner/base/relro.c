/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* relro - see relro.h. The start code of musl 1.2.3 relocates a static image and leaves
 * PT_GNU_RELRO as it is; dl_iterate_phdr(3) names the program itself first. */
#include "runner/base/relro.h"
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static int protect(struct dl_phdr_info *image, size_t size, void *page_mask)
{
	const uintptr_t *mask = page_mask;

	(void)size;
	for (unsigned int i = 0; i < image->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &image->dlpi_phdr[i];
		uintptr_t start = (uintptr_t)image->dlpi_addr + header->p_vaddr;
		uintptr_t end = (start + header->p_memsz) & *mask;

		start &= *mask;
		if (header->p_type == PT_GNU_RELRO && end > start)
			(void)mprotect((void *)start, end - start,
				       PROT_READ); /* as much as can be had */
	}
	return 1; /* no further objects */
}

void relro_apply(void)
{
	uintptr_t page_mask = ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);

	(void)dl_iterate_phdr(protect, &page_mask);
}
