/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection without socket(2) or connect(2): both are done by io_uring, where no filter on
 * system calls sees them.
 */
#include "probes/attack/attack.h"
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	struct io_uring_params parameters;
	unsigned char
		*queue; /* both rings: one mapping since 5.4 (IORING_FEAT_SINGLE_MMAP) */
	struct io_uring_sqe *entries;
};

static int ring_open(struct ring *ring)
{
	size_t bytes;

	memset(ring, 0, sizeof(*ring));
	ring->fd = (int)syscall(SYS_io_uring_setup, 4, &ring->parameters);
	if (ring->fd < 0)
		return -1;
	bytes = ring->parameters.cq_off.cqes +
		ring->parameters.cq_entries * sizeof(struct io_uring_cqe);
	ring->queue = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
			   IORING_OFF_SQ_RING);
	ring->entries =
		mmap(NULL, ring->parameters.sq_entries * sizeof(struct io_uring_sqe),
		     PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQES);
	return ring->queue == MAP_FAILED || (void *)ring->entries == MAP_FAILED ? -1 : 0;
}

static uint32_t *ring_word(const struct ring *ring, uint32_t offset)
{
	return (uint32_t *)(void *)(ring->queue + offset);
}

/* Submits one entry and waits for its completion; the result, or -1 and errno. */
static int ring_do(const struct ring *ring, const struct io_uring_sqe *entry)
{
	const struct io_sqring_offsets *sq = &ring->parameters.sq_off;
	const struct io_cqring_offsets *cq = &ring->parameters.cq_off;
	uint32_t tail = *ring_word(ring, sq->tail),
		 slot = tail & *ring_word(ring, sq->ring_mask);
	uint32_t head = *ring_word(ring, cq->head);
	const struct io_uring_cqe *completions =
		(const struct io_uring_cqe *)(const void *)(ring->queue + cq->cqes);
	int result;

	ring->entries[slot] = *entry;
	ring_word(ring, sq->array)[slot] = slot;
	__atomic_store_n(ring_word(ring, sq->tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) <
	    0)
		return -1;
	if (__atomic_load_n(ring_word(ring, cq->tail), __ATOMIC_ACQUIRE) == head) {
		errno = EINTR;
		return -1;
	}
	result = completions[head & *ring_word(ring, cq->ring_mask)].res;
	__atomic_store_n(ring_word(ring, cq->head), head + 1, __ATOMIC_RELEASE);
	errno = result < 0 ? -result : 0;
	return result < 0 ? -1 : result;
}

static int run_uring_tcp(char **arguments)
{
	struct sockaddr_storage to;
	size_t length = address_of(arguments[0], arguments[1], &to);
	struct io_uring_sqe entry = { .opcode = IORING_OP_SOCKET,
				      .fd = to.ss_family,
				      .off = SOCK_STREAM };
	struct ring ring;
	int fd;

	alarm(3); /* a connection that nobody answers */
	if (ring_open(&ring) < 0)
		return say_denied(errno);
	fd = ring_do(&ring, &entry);
	if (fd < 0)
		return errno == EINVAL ? say_cannot_tell("no-socket-operation")
				       : say_denied(errno);
	memset(&entry, 0, sizeof(entry));
	entry.opcode = IORING_OP_CONNECT;
	entry.fd = fd;
	entry.addr = (uint64_t)(uintptr_t)&to;
	entry.off = length;
	return say_result(ring_do(&ring, &entry));
}

const struct verb uring_verbs[] = {
	{ "uring-tcp", 2, 2, "ADDRESS PORT", run_uring_tcp },
	{ .name = NULL },
};
