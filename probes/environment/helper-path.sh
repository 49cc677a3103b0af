#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.helper-path
# title: Have the launcher start another program as its helper
# requirement: ENV-21
# class: C
# needs: helpers lab
# policy: /network/allow=["203.0.113.10 tcp 80"]
# setup: lab helper-traps
# witness: mark
# refusals: witness
# reach: caller
# budget: seconds=5 tasks=64 memory=256M output=64K
# what: The PATH of the launcher begins with a directory of programs that leave a mark, under
#   the names of the helpers that it says it starts; the policy asks for a network that needs
#   them. Outside, where there is no launcher, the script starts the first of these programs by
#   its name.
# why: Whoever chooses where a privileged program finds its helpers chooses what it runs.
#   CVE-2019-14271 (docker cp, 2019) was a helper of the engine that took its libraries from
#   the container.
# remedy: Start helpers by absolute paths and with an environment of constants (execve with a
#   list of your own; never execvp, popen or system). Impact: a helper in another place has to
#   be named in a configuration of root's.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
if [ "$ARM" = reach ]; then "$HELPER"; fi
say reached -
