/* SPDX-License-Identifier: Apache-2.0 */
/* audit - linked with mark.c, an audit object of the dynamic loader (LD_AUDIT): rtld-audit(7) */
#include <link.h>

/* The loader drops an audit object that does not answer with a version it knows. */
unsigned int la_version(unsigned int version)
{
	return version < LAV_CURRENT ? version : LAV_CURRENT;
}
