#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the validator with Python's json on a corpus and on mutations of it.

    validate_vs_python.py PROGRAM FILE...

PROGRAM is the corpus runner of fuzz_validate.c.  What passes must be JSON for Python too; what is
refused as bad syntax must not be, but for numbers longer than the validator takes.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

MUTATIONS = 4000
PIECES = [b'"', b'\\', b'{', b'}', b'[', b']', b':', b',', b'-', b'0', b'.', b'e', b'+', b' ', b'\t',
          b'true', b'null', b'\\ud83d', b'\\ude00', b'\\u00fc', b'\xc3\xbc', b'\x80', b'\x01']


def refuse(name):
    raise ValueError(name)


def python_accepts(text):
    try:
        value = json.loads(text, parse_constant=refuse, parse_int=float, object_pairs_hook=list)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair fails here
        return True
    except ValueError:
        return False


def disagrees(verdict, raw):
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return verdict != 'utf8'
    if verdict in ('utf8', 'valid'):
        return verdict == 'utf8' or not python_accepts(text)
    return verdict == 'syntax' and python_accepts(text) and not re.search(r'[-+.\deE]{64}', text)


def mutate(rng, texts):
    raw = bytearray(rng.choice(texts)[:400])
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(raw))
        raw[at:at + rng.randint(0, 2)] = rng.choice(PIECES) if rng.random() < 0.7 else b''
    return bytes(raw)


def judge(program, texts):
    """The validator's verdict on each text, in order."""
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, '%05d' % i) for i in range(len(texts))]
        for name, raw in zip(names, texts):
            with open(name, 'wb') as f:
                f.write(raw)
        run = subprocess.run([program] + names, env=dict(os.environ, VALIDATE_PRINT='1'),
                             stdout=subprocess.PIPE, check=True, text=True)
    return [line.split()[1] for line in run.stdout.splitlines() if line.startswith('verdict ')]


def main(program, files):
    texts = []
    for name in files:
        with open(name, 'rb') as f:
            texts.append(f.read())
    rng = random.Random(1)
    texts += [mutate(rng, texts) for _ in range(MUTATIONS)]
    verdicts = judge(program, texts)
    assert len(verdicts) == len(texts)
    bad = [(v, raw) for v, raw in zip(verdicts, texts) if disagrees(v, raw)]
    for verdict, raw in bad:
        print('validate_vs_python: %s: %r' % (verdict, raw))
    print('validate_vs_python: %d texts, %d of them valid, %d disagreements'
          % (len(texts), verdicts.count('valid'), len(bad)))
    return 1 if bad else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
