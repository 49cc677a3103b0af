#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.terminal-push
# title: Type into the caller's terminal
# requirement: FD-01
# class: C
# needs: tty
# setup: tty
# witness: tty
# refusals: ENXIO ENOTTY ENOENT EACCES EPERM EIO EBADF
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Puts one byte into the input queue of the controlling terminal with TIOCSTI, as if it
#   had been typed. The terminal is the harness's own.
# why: CVE-2017-5226: what is typed this way is run by the caller's shell as soon as the sandbox
#   is gone.
# remedy: The run shares the caller's session. Start it in one of its own (setsid, `bwrap
#   --new-session`), with stdin not the terminal; or `sysctl -w dev.tty.legacy_tiocsti=0`.
#   Impact: no job control inside.
. "${0%/*}/../lib.sh"
begin "$1"
act push-terminal
