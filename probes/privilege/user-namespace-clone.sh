#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.user-namespace-clone
# title: Make a user namespace with clone
# requirement: PRV-12
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM EACCES ENOSYS ENOSPC EUSERS EINVAL SIGSYS
# closed: ENOSPC EPERM ENOSYS EUSERS EINVAL
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: A child calls clone(2) for a user namespace, and ends.
# why: In it the child would hold every capability: most of the local ways to root of the last
#   years begin there (CVE-2022-0185, CVE-2023-32233).
# remedy: Set user.max_user_namespaces to 0 in the user namespace of the sandbox (`bwrap
#   --unshare-user --disable-userns`), or refuse the call with seccomp. Impact: no nested
#   sandboxes.
. "${0%/*}/../lib.sh"
begin "$1"
act user-namespace clone
