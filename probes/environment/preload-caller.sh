#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.preload-caller
# title: Be preloaded through the caller's environment
# requirement: ENV-01
# class: C
# needs: program:/bin/true
# setup: caller-env-set=LD_PRELOAD:{probes}/mark.so
# witness: mark
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started with LD_PRELOAD naming a real shared object whose constructor
#   leaves a mark; the script starts /bin/true.
# why: What the variable names runs inside every dynamic program from its first instruction on,
#   in the launcher's helpers too when it reaches them.
# remedy: The variable is handed on. Start the script with an empty environment and add what is
#   needed by name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable no
#   longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
leave_mark LD_PRELOAD "$PROBES/mark.so" /bin/true
