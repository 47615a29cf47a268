#!/usr/bin/env python3
"""branches.py OUT.in [lbr] - a small perf.data with branch stacks, of which the machines that pp was
written on can record none. With "lbr": branches as a call stack (perf record --call-graph lbr)."""
import struct
import sys

IP, TID, TIME, CALLCHAIN, PERIOD, BRANCHES, IDENTIFIER = (1 << n for n in (0, 1, 2, 5, 8, 11, 16))
USER, ANY, CALL_STACK, HW_INDEX = (1 << n for n in (0, 3, 11, 17))
SAMPLE_ID_ALL, FREQ, MMAP, COMM, MMAP2 = (1 << n for n in (18, 10, 8, 9, 23))
KERNEL_MARK, USER_MARK = 2**64 - 128, 2**64 - 512
KERNEL, USERLAND = 1, 2
BASE = 0x400000


def record(kind, misc, body):
    body += bytes(-len(body) % 8)
    return struct.pack('<IHH', kind, misc, 8 + len(body)) + body


def text(s):
    s = s.encode() + b'\0'
    return s + bytes(-len(s) % 8)


def tail(identifier):  # of records that are no samples: TID, TIME, IDENTIFIER
    return struct.pack('<iiQQ', 7, 7, 1000, identifier)


def mmap2(address, size, offset, file, misc=USERLAND):
    body = struct.pack('<iiQQQIIQQII', 7, 7, address, size, offset, 0xfe, 1, 12, 34, 5, 2)
    return record(10, misc, body + text(file) + tail(1))


def branch_stack(records, hw_index):
    index = struct.pack('<Q', 2**64 - 1) if hw_index else b''
    body = b''.join(struct.pack('<QQQ', from_, to, 2 if i == 0 else 1) for i, (from_, to) in enumerate(records))
    return struct.pack('<Q', len(records)) + index + body


class Event:
    def __init__(self, config, branches, identifier, chains=False):
        self.kind = IDENTIFIER | IP | TID | TIME | PERIOD | BRANCHES | (CALLCHAIN if chains else 0)
        self.config, self.branches, self.identifier = config, branches, identifier

    def attr(self):
        flags = SAMPLE_ID_ALL | FREQ | MMAP | COMM | MMAP2 | 1 << 5
        return struct.pack('<IIQQQQQIIQQQQQIiQIHHII', 0, 128, self.config, 4000, self.kind, 0, flags, 1, 0, 0, 0,
                           self.branches, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def sample(self, time, ip, records, chain=(), misc=USERLAND):
        body = struct.pack('<QQiiQQ', self.identifier, ip, 7, 7, time, 5)
        if self.kind & CALLCHAIN:
            body += struct.pack(f'<{len(chain) + 1}Q', len(chain), *chain)
        return record(9, misc, body + branch_stack(records, self.branches & HW_INDEX))


def file(events, records):
    attrs_at, ids_at = 104, 104 + len(events) * 144
    data_at = ids_at + 8 * len(events)
    attrs = b''.join(e.attr() + struct.pack('<QQ', ids_at + 8 * i, 8) for i, e in enumerate(events))
    ids = b''.join(struct.pack('<Q', e.identifier) for e in events)
    data = b''.join(records)
    header = b'PERFILE2' + struct.pack('<QQQQQQQQ', 104, 144, attrs_at, len(attrs), data_at, len(data), 0, 0)
    return header + bytes(32) + attrs + ids + data


def begin():
    return [record(3, USERLAND, struct.pack('<ii', 7, 7) + text('app') + tail(1)),
            mmap2(BASE, 0x2000, 0x1000, '/srv/app'), mmap2(0x7f0000000000, 0x1000, 0, '/srv/lib.so')]


def branches():
    cycles, instructions = Event(0, USER | ANY, 1), Event(1, USER | ANY | HW_INDEX, 2)
    loop = [(BASE + 0x130, BASE + 0x200), (BASE + 0x210, BASE + 0x120), (BASE + 0x118, BASE + 0x208)]
    return file([cycles, instructions], begin() + [
        cycles.sample(2000, BASE + 0x200, loop),
        cycles.sample(3000, BASE + 0x200, loop[:2]),
        # From the library back: its range ends where the library's call has left.
        instructions.sample(4000, BASE + 0x20, [(0x7f0000000040, BASE + 0x20), (BASE + 0x10, 0x7f0000000020)]),
        cycles.sample(5000, BASE + 0x300, []),
        cycles.sample(6000, BASE + 0x300, [(BASE + 0x100, BASE + 0x300), (0, 0)]),
    ])


def call_stack():
    cycles = Event(0, USER | CALL_STACK, 1, chains=True)
    calls = [(BASE + 0x40, BASE + 0x100), (BASE + 0x20, BASE + 0x30)]
    return file([cycles], begin() + [
        cycles.sample(2000, BASE + 0x108, [(BASE + 0x40, BASE + 0x108), calls[1]], [USER_MARK, BASE + 0x108]),
        cycles.sample(3000, 0xffffffff81000010, calls,
                      [KERNEL_MARK, 0xffffffff81000010, 0xffffffff81000020, USER_MARK, BASE + 0x100], KERNEL),
        cycles.sample(4000, BASE + 0x50, [], [USER_MARK, BASE + 0x50]),
    ])


open(sys.argv[1], 'wb').write(call_stack() if sys.argv[2:] == ['lbr'] else branches())
