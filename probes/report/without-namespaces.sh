#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.without-namespaces
# title: Run although no namespace can be made
# requirement: RPT-02
# class: C
# needs: nothing
# policy: /onUnavailable="fail"
# setup: canary-file handicap=namespaces
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started where no namespace can be made (a seccomp filter answers EPERM);
#   the script, if it is run at all, appends a line to a file outside scratch.
# why: A launcher that goes on without a layer, with a warning or without, has turned a missing
#   kernel feature into an open door. firejail inside a container runs the program unconfined
#   and exits with 0.
# remedy: Refuse when a layer cannot be had, unless the policy allows the loss by name. Impact:
#   hosts without the feature have to be seen to.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
