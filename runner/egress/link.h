/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* link - an IPv6 address and a route on an interface, and what addresses there are */
#ifndef EGRESS_LINK_H
#define EGRESS_LINK_H

#include "runner/base/err.h"
#include "runner/base/str.h"

/* Usable at once: nobody else is on this wire, so no duplicate is looked for. */
int link_add_address(const char *interface, const char *address, unsigned int prefix,
		     struct err *err);
/* The default route of IPv6. */
int link_add_gateway(const char *interface, const char *gateway, struct err *err);

/* "address INTERFACE ADDRESS/PREFIX" a line, for every address but link-local ones. */
int link_list(struct str *ret, struct err *err);

#endif
