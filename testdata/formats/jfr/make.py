#!/usr/bin/env python3
"""Makes the small recordings in this folder: python3 make.py

Each is written from the description of the format, with only the classes that it needs.
"""
import struct

START = 1_700_000_000_000_000_000


class Chunk:
    def __init__(self, compressed=True):
        self.compressed, self.events, self.pools, self.places = compressed, [], {}, {}

    def number(self, v, size=8):
        if not self.compressed:
            return v.to_bytes(size, 'big')
        out = b''
        for _ in range(8):
            if v < 0x80:
                return out + bytes([v])
            out += bytes([v & 0x7f | 0x80])
            v >>= 7
        return out + bytes([v])

    def text(self, s, kind=3):
        if s is None:
            return b'\0'
        if s == '':
            return b'\1'
        if isinstance(s, int):
            return b'\2' + self.number(s)
        if kind == 4:
            units = struct.unpack('>%dH' % (len(s.encode('utf-16-be')) // 2), s.encode('utf-16-be'))
            return b'\4' + self.number(len(units), 4) + b''.join(self.number(u, 2) for u in units)
        data = s.encode('latin-1' if kind == 5 else 'utf-8')
        return bytes([kind]) + self.number(len(data), 4) + data

    def event(self, kind, fields):
        body = self.number(kind) + fields
        for extra in range(1, 5):
            size = self.number(len(body) + (extra if self.compressed else 4), 4)
            if len(size) == (extra if self.compressed else 4):
                return size + body
        raise ValueError

    def metadata(self, classes):
        texts, index = [], {}

        def t(s):
            if s not in index:
                index[s] = len(texts)
                texts.append(s)
            return self.number(index[s], 4)

        def element(name, attributes, children=()):
            out = t(name) + self.number(len(attributes), 4)
            for k, v in attributes:
                out += t(k) + t(v)
            return out + self.number(len(children), 4) + b''.join(children)

        all_ = []
        for number, name, fields in classes:
            fs = []
            for f, cls, *more in fields:
                attributes = [('name', f), ('class', str(cls))]
                attributes += [('constantPool', 'true')] if 'pool' in more else []
                attributes += [('dimension', '1')] if 'array' in more else []
                fs.append(element('field', attributes))
            all_.append(element('class', [('id', str(number)), ('name', name)], fs))
        tree = element('root', [], [element('metadata', [], all_), element('region', [('locale', 'en')])])
        head = self.number(0) + self.number(0) + self.number(1) + self.number(len(texts), 4)
        return self.event(0, head + b''.join(self.text(s) for s in texts) + tree)

    def checkpoint(self, pools):
        out = self.number(0) + self.number(0) + self.number(0) + b'\1' + self.number(len(pools), 4)
        for cls, values in pools:
            out += self.number(cls) + self.number(len(values), 4)
            out += b''.join(self.number(k) + v for k, v in values)
        return self.event(1, out)

    def whole(self, classes, pools, events, finished=True, start=START):
        body = b''.join(events)
        cp, meta = self.checkpoint(pools), self.metadata(classes)
        size = 68 + len(body) + len(cp) + len(meta)
        head = b'FLR\0' + struct.pack('>HHQQQQQQQI', 2, 1, size if finished else 0, 68 + len(body),
                                      68 + len(body) + len(cp), start, 2_000_000_000, 1000, 1_000_000,
                                      1 if self.compressed else 0)
        return head + body + cp + meta


LONG, INT, BOOL, TEXT, FLOAT = 1, 2, 3, 4, 5
THREAD, CLASS, SYMBOL, METHOD, FRAME_TYPE, FRAME, STACK = 20, 21, 22, 23, 24, 25, 26
EXEC, NATIVE, ALLOC, ENTER, THROW, TLAB, PARK, SLEEP, WAIT, OLD, OLD_OBJECT = range(101, 112)
CLASSES = [
    (LONG, 'long', []), (INT, 'int', []), (BOOL, 'boolean', []), (TEXT, 'java.lang.String', []), (FLOAT, 'float', []),
    (THREAD, 'java.lang.Thread', [('osName', TEXT), ('javaName', TEXT), ('load', FLOAT)]),
    (CLASS, 'java.lang.Class', [('name', SYMBOL, 'pool'), ('modifiers', INT)]),
    (SYMBOL, 'jdk.types.Symbol', [('string', TEXT)]),
    (METHOD, 'jdk.types.Method', [('type', CLASS, 'pool'), ('name', SYMBOL, 'pool'), ('hidden', BOOL)]),
    (FRAME_TYPE, 'jdk.types.FrameType', [('description', TEXT)]),
    (FRAME, 'jdk.types.StackFrame', [('method', METHOD, 'pool'), ('lineNumber', INT), ('type', FRAME_TYPE, 'pool')]),
    (STACK, 'jdk.types.StackTrace', [('truncated', BOOL), ('frames', FRAME, 'array')]),
    (EXEC, 'jdk.ExecutionSample', [('startTime', LONG), ('sampledThread', THREAD, 'pool'), ('stackTrace', STACK, 'pool')]),
    (NATIVE, 'jdk.NativeMethodSample', [('startTime', LONG), ('sampledThread', THREAD, 'pool'), ('stackTrace', STACK, 'pool')]),
    (ALLOC, 'jdk.ObjectAllocationSample', [('startTime', LONG), ('eventThread', THREAD, 'pool'), ('stackTrace', STACK, 'pool'),
                                           ('objectClass', CLASS, 'pool'), ('weight', LONG)]),
    (ENTER, 'jdk.JavaMonitorEnter', [('startTime', LONG), ('duration', LONG), ('eventThread', THREAD, 'pool'),
                                     ('stackTrace', STACK, 'pool'), ('monitorClass', CLASS, 'pool')]),
    (THROW, 'jdk.JavaExceptionThrow', [('startTime', LONG), ('stackTrace', STACK, 'pool'), ('message', TEXT),
                                       ('thrownClass', CLASS, 'pool')]),
    (TLAB, 'jdk.ObjectAllocationInNewTLAB', [('startTime', LONG), ('stackTrace', STACK, 'pool'), ('tlabSize', LONG)]),
    (PARK, 'jdk.ThreadPark', [('startTime', LONG), ('duration', LONG), ('stackTrace', STACK, 'pool')]),
    (SLEEP, 'jdk.ThreadSleep', [('startTime', LONG), ('stackTrace', STACK, 'pool')]),
]
LATER = [
    (WAIT, 'jdk.JavaMonitorWait', [('startTime', LONG), ('duration', LONG), ('eventThread', THREAD, 'pool'),
                                   ('stackTrace', STACK, 'pool'), ('monitorClass', CLASS, 'pool'), ('timedOut', BOOL)]),
    (OLD_OBJECT, 'jdk.types.OldObject', [('address', LONG), ('type', CLASS, 'pool'), ('description', TEXT)]),
    (OLD, 'jdk.OldObjectSample', [('startTime', LONG), ('eventThread', THREAD, 'pool'), ('stackTrace', STACK, 'pool'),
                                  ('objectSize', LONG), ('object', OLD_OBJECT, 'pool'), ('arrayElements', INT)]),
]


def recording(compressed=True, only=None, kinds=(3, 3, 3), finished=True, start=START, classes=CLASSES):
    c = Chunk(compressed)
    n, i = c.number, lambda v: c.number(v, 4)
    frame = lambda method, line, kind: n(method) + i(line) + n(kind)
    pools = [
        (THREAD, [(7, c.text('os') + c.text('main') + struct.pack('>f', 1)), (8, c.text('GC') + c.text(None) + struct.pack('>f', 2))]),
        (CLASS, [(1, n(1) + i(1)), (2, n(4) + i(0)), (3, n(6) + i(0))]),
        (SYMBOL, [(1, c.text('a/App', kinds[0])), (2, c.text('main', kinds[1])), (3, c.text('rechne \u00e9', kinds[2])),
                  (4, c.text('java/lang/String')), (5, c.text(50)), (6, c.text('\U0001f600/X', 4))]),
        (TEXT, [(50, c.text('native'))]),
        (METHOD, [(1, n(1) + n(2) + b'\0'), (2, n(1) + n(3) + b'\0'), (3, n(2) + n(5) + b'\0')]),
        (FRAME_TYPE, [(1, c.text('Interpreted')), (2, c.text('JIT compiled')), (3, c.text('Inlined')), (4, c.text('Native'))]),
        (STACK, [(10, b'\0' + i(2) + frame(2, 20, 2) + frame(1, 10, 1)),
                 (11, b'\1' + i(3) + frame(3, 0xffffffff, 4) + frame(2, 21, 3) + frame(1, 11, 2)),
                 (12, b'\0' + i(0))]),
    ]
    if any(name == 'jdk.types.OldObject' for _, name, _ in classes):
        pools.append((OLD_OBJECT, [(70, n(4096) + n(2) + c.text('a field')), (71, n(8192) + n(1) + c.text(None))]))
    events = {
        'exec': [c.event(EXEC, n(2000) + n(7) + n(10)), c.event(EXEC, n(3000) + n(7) + n(10)), c.event(EXEC, n(3500) + n(8) + n(12)),
                 c.event(NATIVE, n(4000) + n(8) + n(11))],
        'alloc': [c.event(ALLOC, n(5000) + n(7) + n(10) + n(2) + n(4096)), c.event(ALLOC, n(5000) + n(7) + n(10) + n(3) + n(1 << 40))],
        'lock': [c.event(ENTER, n(6000) + n(2500) + n(8) + n(10) + n(1)), c.event(PARK, n(6000) + n(10) + n(11))],
        'throw': [c.event(THROW, n(7000) + n(10) + c.text('why \u20ac', 4) + n(2)), c.event(THROW, n(7001) + n(0) + c.text('') + n(2))],
        'tlab': [c.event(TLAB, n(8000) + n(10) + n(1000))],
        'sleep': [c.event(SLEEP, n(9000) + n(10))],
    }
    later = {
        'wait': [c.event(WAIT, n(6000) + n(1500) + n(7) + n(10) + n(1) + b'\0'), c.event(WAIT, n(6100) + n(500) + n(8) + n(11) + n(0) + b'\1')],
        'old': [c.event(OLD, n(8500) + n(7) + n(10) + n(48) + n(70) + i(0)), c.event(OLD, n(8500) + n(7) + n(10) + n(32) + n(71) + i(2)),
                c.event(OLD, n(8500) + n(7) + n(11) + n(16) + n(99) + i(0))],
    }
    chosen = [e for k, v in events.items() if not only or k in only for e in v]
    chosen += [e for k, v in later.items() if only and k in only for e in v]
    return c.whole(classes, pools, chosen, finished, start)


def write(name, data):
    with open(name + '.in', 'wb') as f:
        f.write(data)


everything = recording()
write('everything', everything)
write('plain-numbers', recording(compressed=False))
write('texts', recording(only=['exec'], kinds=(4, 5, 5)))
write('tlab', recording(only=['tlab', 'exec']))
write('wait-old', recording(only=['wait', 'old'], classes=CLASSES + LATER))
unsized = [(n, name, [f for f in fields if f[0] != 'objectSize' or n != OLD]) for n, name, fields in CLASSES + LATER]
c = Chunk()
write('old-unsized', c.whole(unsized, [], [c.event(OLD, c.number(8500) + c.number(7) + c.number(0) + c.number(70) + c.number(0, 4))]))
write('two-chunks', recording(only=['exec']) + recording(only=['alloc', 'exec'], compressed=False, start=START + 2_000_000_000))
write('unfinished', recording(only=['exec'], finished=False))
write('sleep-only', recording(only=['sleep']))
write('cut', everything[:len(everything) // 2])
write('cut-second', recording(only=['exec']) + everything[:200])
write('garbage-after', recording(only=['exec']) + b'what is this')
write('version', b'FLR\0\0\1' + everything[6:])
# A class that holds itself, one without bytes that is held a hundred million times, and keys that lead nowhere.
nested = [(n, name, fields + ([('self', STACK)] if n == STACK else [])) for n, name, fields in CLASSES]
write('endless', recording(only=['exec'], classes=nested))
empty = [(n, name, fields) for n, name, fields in CLASSES] + \
    [(200 + k, f'x.C{k}', [(f'f{j}', 201 + k) for j in range(30)]) for k in range(12)] + [(212, 'x.Empty', [])]
c = Chunk()
bomb = [(STACK, [(10, b'\0' + c.number(1) + b'\x09\x05\x09')]), (200, [(1, b'')] * 50)]
write('bomb', c.whole(empty, bomb, [c.event(EXEC, c.number(2000) + c.number(99) + c.number(10)), c.event(EXEC, c.number(2000) + c.number(7) + c.number(77))]))
write('short-event', c.whole(CLASSES, [], [c.event(EXEC, c.number(2000)), c.event(ALLOC, b'\x80')]))
