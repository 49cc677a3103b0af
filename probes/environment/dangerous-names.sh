#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.dangerous-names
# title: Find a variable of the caller's that programs take code from
# requirement: ENV-01
# class: P
# needs: nothing
# setup: dangerous-env
# witness: secret
# refusals: absent witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started with some seventy variables that loaders, libraries, shells,
#   interpreters and common tools take code, files or options from, each with a secret as its
#   value. The probe copies the environment that its shell was started with into scratch; the
#   harness finds the secret there if any of them came through.
# why: LD_PRELOAD is on everybody's list; PERL5OPT, NODE_OPTIONS, GIT_SSH_COMMAND, OPENSSL_CONF or
#   BASH_ENV run code just as well. CVE-2023-4911 came in by GLIBC_TUNABLES, CVE-2014-6271 by any
#   name.
# remedy: Start the script with an empty environment and add what is needed by name (`env -i`,
#   `bwrap --clearenv`). Impact: programs that rely on one of them no longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
act keep-environment $$ "$SCRATCH/loot"
