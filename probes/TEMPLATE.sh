#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.template
# title: One line: what is attempted, in the words of somebody who does it
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: What exactly is done, with what, and where. A line that goes on
#   is indented by two spaces more.
# why: What somebody gained by it once: the CVE or the incident, with its year, if you are sure.
# remedy: One cause, one command that helps, and what else stops working with it (`Impact:`).
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
