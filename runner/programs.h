/* SPDX-License-Identifier: Apache-2.0 */
/* programs - the subcommands that live in the image of `confine` itself */
#ifndef RUNNER_PROGRAMS_H
#define RUNNER_PROGRAMS_H

/* argv[0] is the subcommand; argv and environ lie where the kernel put them. */
int run_main(int argc, char **argv);
int host_main(int argc, char **argv);
int policy_main(int argc, char **argv);

#endif
