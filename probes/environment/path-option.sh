#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.path-option
# title: Put scratch in front of the search path
# requirement: ENV-01
# class: P
# needs: nothing
# setup: env=PATH:{scratch}
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is asked, through its option for variables, to set PATH to the scratch
#   directory; the script looks whether its own PATH is that.
# why: Whoever chooses where commands are looked for chooses what is run: every `ls` that a
#   wrapper calls is then a file that the script put into scratch.
# remedy: Let PATH come from the launcher, and take it from no request. Impact: none; a script
#   can still set PATH for its own children.
. "${0%/*}/../lib.sh"
begin "$1"
case ${PATH:-} in
"$SCRATCH" | "$SCRATCH":*) say reached - ;;
*) say denied absent ;;
esac
