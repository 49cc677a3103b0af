/* SPDX-License-Identifier: Apache-2.0 */
/* context - where the program is that supervises runs */
#ifndef LIBRARY_CONTEXT_H
#define LIBRARY_CONTEXT_H

#include "runner/confine.h"

struct confine {
	char *program; /* absolute */
};

#endif
