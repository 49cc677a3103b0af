#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.any-right
# title: Do any of thirteen things to a directory outside scratch
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: nothing
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: In a directory beside scratch that everybody may write, tries thirteen things until one
#   goes through: lists it; opens its file for reading, and for writing; cuts the file to the
#   length that it has; makes a directory, a file, a socket, a fifo, a whiteout (the one device
#   that everybody may make), a block device and a symbolic link; removes the file as if it were
#   a directory; removes the file. Two of them the kernel itself refuses, but only after every
#   rule was asked: the block device, and a file removed as a directory. These two refusals
#   count as gone through. The result names what went through.
# why: A sandbox that keeps a list of what may be done to files may lack a line of it: Landlock
#   had no right over truncation before Linux 6.2.
# remedy: Take the directory out of view with a mount namespace and a root of its own, or let the
#   Landlock domain handle every right that the kernel has. Impact: files outside scratch are
#   not there, or read-only.
. "${0%/*}/../lib.sh"
begin "$1"
act any-right "${CANARY%/*}" "$CANARY"
