#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: ipc.session-keyring
# title: Read a key in the caller's session keyring
# requirement: IPC-11
# class: P
# needs: nothing
# setup: keyring
# witness: secret
# refusals: ENOKEY EACCES EPERM ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Searches the session keyring that it was started with for a key of the caller's, and
#   reads it.
# why: Keyrings go along with fork and exec through every namespace. They hold Kerberos tickets,
#   disk and mail passwords.
# remedy: Join a new session keyring before exec (keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL),
#   `keyctl session -`), or refuse keyctl with seccomp. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act key-read "$KEY_NAME" "$SCRATCH/loot"
