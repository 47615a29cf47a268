#!/usr/bin/env python3
"""hostile.py [CASE]... - makes CASE.in, all by default: small recordings of perf, each with one claim that is
not true, and `attrs-behind`, which is unusual only. Samples that are whole stay: `main` calls `work`."""
import gzip
import struct
import sys

IP, TID, TIME, READ, CALLCHAIN, PERIOD, RAW, BRANCHES, REGS, STACK, IDENTIFIER = (
    1 << n for n in (0, 1, 2, 4, 5, 8, 10, 11, 12, 13, 16))
SAMPLE_ID_ALL = 1 << 18
USER = 2
HEADER, ATTR, BASE = 104, 128, 0x400000
MOST = 2**64


def record(kind, misc, body):
    body += bytes(-len(body) % 8)
    return struct.pack('<IHH', kind, misc, 8 + len(body)) + body


def text(s):
    s = s.encode() + b'\0'
    return s + bytes(-len(s) % 8)


def tail(time):
    return struct.pack('<iiQQ', 7, 7, time, 1)


def comm(name='prog'):
    return record(3, 0, struct.pack('<ii', 7, 7) + text(name) + tail(1))


def mmap2(start=BASE, size=0x1000, file=None):
    body = struct.pack('<iiQQQIIQQII', 7, 7, start, size, 0, 0, 0, 0, 0, 5, 2)
    return record(10, USER, body + (text('/bin/prog') if file is None else file) + tail(2))


def fork(pid, ppid, time):
    return record(7, 0, struct.pack('<iiiiQ', pid, ppid, pid, ppid, time) + tail(time))


def head(time, pid=7):
    return struct.pack('<QQiiQQ', 1, BASE + 0x20, pid, pid, time, 1000)


def chain(addresses=(BASE + 0x20, BASE + 0x111), count=None):
    words = (MOST - 512,) + tuple(addresses)
    return struct.pack('<Q', len(words) if count is None else count) + struct.pack('<%dQ' % len(words), *words)


def sample(time, rest=None, pid=7):
    return record(9, USER, head(time, pid) + (chain() if rest is None else rest))


def attr(kind=0, read_format=0, regs=0):
    kind |= IDENTIFIER | IP | TID | TIME | PERIOD | CALLCHAIN
    body = struct.pack('<IIQQQQQ', 1, ATTR, 0, 1000, kind, read_format, SAMPLE_ID_ALL) + bytes(32)
    body += struct.pack('<QI', regs, 64 if kind & STACK else 0)
    return body + bytes(ATTR - len(body))


def recording(records, attributes=None, header_size=HEADER, attr_size=ATTR + 16, attrs_at=None, attrs_size=None,
              data_at=None, ids=(HEADER, 8), features=0, behind=b''):
    entry = (attr() if attributes is None else attributes) + struct.pack('<QQ', *ids)
    begins = HEADER + 8 + len(entry)
    at = HEADER + 8 if attrs_at is None else attrs_at
    return struct.pack('<8sQQQQQQQQQQQQ', b'PERFILE2', header_size, attr_size, at,
                       len(entry) if attrs_size is None else attrs_size, begins if data_at is None else data_at,
                       len(records), 0, 0, features, 0, 0, 0) + struct.pack('<Q', 1) + entry + records + behind


GOOD = comm() + mmap2() + sample(10) + sample(20)


def attrs_behind():
    plain = recording(GOOD)
    entry = attr() + struct.pack('<QQ', HEADER, 8)
    return recording(GOOD, attrs_at=len(plain), behind=entry)


def packed(bytes_):
    return gzip.compress(bytes_, mtime=0)


def too_many_attrs():
    entry = attr()[:64] + struct.pack('<QQ', 0, 0)
    entry = struct.pack('<II', 1, 64) + entry[8:]
    entries = entry * 4097
    begins = HEADER + len(entries)
    return packed(struct.pack('<8sQQQQQQQQQQQQ', b'PERFILE2', HEADER, 80, HEADER, len(entries), begins, 0, 0, 0, 0, 0,
                              0, 0) + entries)


def one_bad(kind, part, **how):  # a sample with such a part between two whole ones, which have it empty
    empty = {RAW: struct.pack('<II', 4, 0), BRANCHES: bytes(8), REGS: bytes(8), STACK: bytes(8)}[kind]
    return recording(comm() + mmap2() + sample(10, chain() + empty) + sample(15, chain() + part)
                     + sample(20, chain() + empty), attr(kind, **how))


def group(count):
    return struct.pack('<QQQ', count, 5, 1)


CASES = {
    'attr-too-small': lambda: recording(GOOD, attr_size=79),
    'attrs-behind': attrs_behind,
    'attrs-outside': lambda: recording(GOOD, attrs_at=1 << 40),
    'attrs-overflow': lambda: recording(GOOD, attrs_at=MOST - 8, attrs_size=16),
    'attrs-too-many': too_many_attrs,
    'branches-too-long': lambda: one_bad(BRANCHES, struct.pack('<QQ', MOST // 24 + 2, 0)),
    'chain-overflow': lambda: recording(comm() + mmap2() + sample(10) + sample(15, chain(count=2**61)) + sample(20)),
    'comm-without-tail': lambda: recording(record(3, 0, b'abcdefgh') + GOOD),
    'data-outside': lambda: recording(GOOD, data_at=1 << 20),
    'features-missing': lambda: recording(GOOD, features=1 << 2 | 1 << 11),
    'forks-in-circle': lambda: recording(comm() + mmap2() + fork(8, 7, 3) + fork(7, 8, 4) + fork(8, 7, 5)
                                         + fork(8, 8, 6) + sample(10) + sample(20, pid=8)),
    'group-too-long': lambda: recording(comm() + mmap2() + sample(10, group(1) + chain())
                                        + sample(15, group(2**60) + chain()) + sample(20, group(1) + chain()),
                                        attr(READ, 12)),
    'header-size': lambda: recording(GOOD, header_size=103),
    'ids-outside': lambda: recording(GOOD, ids=(1 << 40, 8)),
    'mapping-wraps': lambda: recording(mmap2(MOST - 0x1000, 0x2000) + mmap2(BASE, 0) + GOOD),
    'names-without-end': lambda: packed(recording(record(3, 0, struct.pack('<ii', 7, 7) + b'n' * 65496) + mmap2(
        file=b'/' * 4096) + sample(10))),
    'raw-too-long': lambda: one_bad(RAW, struct.pack('<II', 2**32 - 8, 0)),
    'record-beyond-end': lambda: recording(GOOD + struct.pack('<IHH', 9, USER, 65528)),
    'regs-too-long': lambda: one_bad(REGS, struct.pack('<QQ', 2, 0), regs=0xffffff),
    'stack-too-long': lambda: one_bad(STACK, struct.pack('<QQ', MOST - 8, 0)),
    'times-apart': lambda: recording(comm() + mmap2() + sample(MOST - 2) + sample(1) + sample(2**63)),
    # A frame of zstd that says 131072 times "0".
    'zstd-too-large': lambda: recording(record(81, 0, b'\x28\xb5\x2f\xfd\x00\x38\x03\x00\x10\x00')),
    # A frame of zstd whose window has 2^41 bytes, then an empty block.
    'zstd-window': lambda: recording(record(81, 0, b'\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00')),
}

for name in sys.argv[1:] or CASES:
    with open(name + '.in', 'wb') as out:
        out.write(CASES[name]())
