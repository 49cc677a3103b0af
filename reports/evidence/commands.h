/* SPDX-License-Identifier: Apache-2.0 */
/* commands - sign, verify and sample as sub-commands: from options to an exit status */
#ifndef EVIDENCE_COMMANDS_H
#define EVIDENCE_COMMANDS_H

#include "reports/options.h"

/* 0, 2, 70 or 74; a fault of a bundle, a chain or a signature is 6. Errors are said on stderr. */
int command_sign(const struct options *options);
int command_verify(const struct options *options);
int command_sample(const struct options *options);

#endif
