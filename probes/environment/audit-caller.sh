#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.audit-caller
# title: Be loaded into a program through the caller's LD_AUDIT
# requirement: ENV-01
# class: C
# needs: program:/bin/true
# setup: caller-env-set=LD_AUDIT:{probes}/audit.so
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started with LD_AUDIT naming a shared object that leaves a mark; the
#   script starts /bin/true.
# why: The dynamic loader runs what LD_AUDIT names before the program's own first instruction,
#   as it does for LD_PRELOAD; lists of forbidden variables that have the one often lack the
#   other.
# remedy: The variable is handed on. Start the script with an empty environment and add what is
#   needed by name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable no
#   longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_AUDIT "$PROBES/audit.so" /bin/true
