#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.keyctl
# title: Get keyctl through to the kernel
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks keyctl(2) for the number of the session keyring.
# why: Keyrings go along with a process through every namespace, and their code runs for
#   anybody: a count of references that could be made to overflow gave any user root
#   (CVE-2016-0728).
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses keyctl, add_key and request_key. Impact: no
#   Kerberos caches in the kernel.
. "${0%/*}/../lib.sh"
begin "$1"
act call keyctl
