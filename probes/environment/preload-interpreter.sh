#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.preload-interpreter
# title: Be preloaded into the script's own interpreter
# requirement: ENV-01
# class: P
# needs: nothing
# setup: caller-env-set=LD_PRELOAD:{probes}/mark.so
# witness: nothing
# refusals: absent
# closed: static
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started with LD_PRELOAD naming a real shared object; the script looks
#   for it in the memory map of its own shell.
# why: What is loaded into the interpreter sees the script before its first line. Where a
#   program in between clears the variable, that program itself has still obeyed it.
# remedy: The variable is handed on. Start the script with an empty environment and add what is
#   needed by name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable no
#   longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
# A shell that no loader ever loads has nothing loaded into it either: a static busybox, say.
if [ "$("$ATTACK" maps-have "$$" /ld-)" = 'denied absent' ]; then
	if [ "$ARM" = reach ]; then say denied static; else say cannot-tell static; fi
	exit 0
fi
act maps-have "$$" mark.so
