#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-nameless
# title: Write outside when the launcher was started without a name
# requirement: LIF-22
# class: C
# needs: nothing
# setup: canary-file invocation=nameless
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: The launcher is started with an empty argv[0]; the script, if it is run at all,
#   appends a line to a file outside scratch.
# why: Whoever starts a program chooses all of its arguments, the first included. CVE-2021-4034
#   (pkexec, 2022): started with no argument at all, it took its environment for a path, and any
#   user was root.
# remedy: Take no decision by argv[0], and refuse to start where the list of arguments is empty.
#   Where the launcher needs the path of its own program, take it from /proc/self/exe. Impact:
#   none.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
