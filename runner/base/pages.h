/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* pages - for speed alone, and only where malloc is our own (runner/image): elsewhere it does nothing */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

/* After clone, in the parent: what is allocated from here on shares no page with what was before. To write
 * to a page that the child has too costs several times a new one. */
void pages_part(void);

#endif
