/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* names - errnos and signals by the name that manual pages use; not every libc has these */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

/* "EPERM" for EPERM; NULL where unknown. Of two names for one number the older. */
const char *name_of_errno(int number);
/* "SIGTERM" for SIGTERM; NULL where unknown, and for real-time signals. */
const char *name_of_signal(int number);

#endif
