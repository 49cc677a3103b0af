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
# what: The run is asked for with PATH set to its scratch directory, and the script looks whether its
#   own PATH is that.
# why: Who chooses where commands are looked for chooses what is run: every `ls` of a wrapper is then
#   a file of the script's.
# remedy: Let PATH come from the launcher, and take it from no request. Impact: a script sets its own
#   for its children.
. "${0%/*}/../lib.sh"
begin "$1"
case ${PATH:-} in
"$SCRATCH" | "$SCRATCH":*) say reached - ;;
*) say denied absent ;;
esac
