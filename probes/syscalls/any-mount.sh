#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.any-mount
# title: Get any call of the mount and namespace families through to the kernel
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Makes ten calls one after the other, with addresses, flags and descriptors that lead
#   nowhere: chroot, fsconfig, mount, mount_setattr, open_tree, umount2, setns, clone3, and
#   unshare and clone with a flag that asks for a namespace. The kernel's own answer is the same
#   for everybody (EFAULT, EINVAL, EBADF) and changes nothing; the result names the call that
#   got it.
# why: Each of them is a way to another root, or to capabilities over one: CVE-2022-0185 began with
#   fsconfig in a user namespace. A filter that lists mount and forgets its six successors has a
#   hole as wide as before.
# remedy: Install a seccomp filter before the script starts that refuses the whole family, clone3
#   with ENOSYS so that libraries fall back to clone. Impact: no mounts and no namespaces by the
#   script.
. "${0%/*}/../lib.sh"
begin "$1"
act let-through mount
