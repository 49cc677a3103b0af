#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.caller-variable
# title: Read a variable of the caller's
# requirement: ENV-01
# class: P
# needs: nothing
# setup: caller-env=CONFINE_PROBE_SECRET
# witness: secret
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Looks in its own environment for a variable that the launcher was started with.
# why: Credentials travel in variables: the environment of a build server is a key ring.
# remedy: The variable is handed on. Start the script with an empty environment and add what is
#   needed by name (`env -i`, `bwrap --clearenv`). Impact: programs that rely on the variable no
#   longer get it.
. "${0%/*}/../lib.sh"
begin "$1"
act variable "$CALLER_ENV" "$SCRATCH/loot"
