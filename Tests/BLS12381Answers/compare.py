"""Asks a program (the first argument) questions about BLS12-381 and compares its answers with arkworks'.

Usage: compare.py PROGRAM COUNT SEED. Exits 1 at the first difference, with the question that replays it.
"""

import random
import subprocess
import sys
import threading

from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar

R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X = 0xD201000000010000
TAG = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"
EDGES = [0, 1, 2, R - 1, R - 2, X - 1, X, X + 1, X**2 - 1, X**2, X**2 + 1, X**3, R // 2, 2**64 - 1, 2**128, 2**192, 2**254]


def hexed(data):
    return data.hex() or "-"


class Questions:
    def __init__(self, seed):
        self.random = random.Random(seed)
        # Points to go on from; what sums and multiples result in takes their places.
        self.g1s = [G1Point(), G1Point.identity(), -G1Point()] + [G1Point() * self.scalar() for _ in range(20)]
        self.g2s = [G2Point(), G2Point.identity(), -G2Point()] + [G2Point() * self.scalar() for _ in range(20)]

    def number(self):
        return self.random.choice(EDGES) if self.random.random() < 0.2 else self.random.randrange(R)

    def scalar(self):
        return Scalar.from_be_bytes(self.number().to_bytes(32, "big"))

    def message(self):
        return self.random.randbytes(self.random.choice([0, 1, 31, 32, 33, 64, 100, 300]))

    def encoded(self, point):
        """A point's encoding, now and then with a bit changed or replaced by noise; and what arkworks reads in it."""
        data = bytes(point.to_compressed_bytes())
        chance = self.random.random()
        if chance < 0.05:
            at = self.random.randrange(len(data) * 8)
            data = (int.from_bytes(data, "big") ^ 1 << at).to_bytes(len(data), "big")
        elif chance < 0.1:
            # Below p in each coordinate, so that about half of it is on the curve.
            noise = bytearray(self.random.randbytes(len(data)))
            for start in range(0, len(data), 48):
                noise[start] %= 0x1A
            noise[0] |= self.random.choice([0x80, 0xA0])
            data = bytes(noise)
        return data, self.decoded(type(point), data)

    @staticmethod
    def decoded(kind, data):
        # arkworks looks at no other bit of an encoding that says it is the identity's.
        if data[0] & 0x40 and data != bytes([0xC0]) + bytes(len(data) - 1):
            return None
        try:
            return kind.from_compressed_bytes(data)
        except ValueError:
            return None

    def fr(self):
        a, b = self.scalar(), self.scalar()
        inverse = a if a.is_zero() else a.inverse()
        answers = [a + b, a - b, a * b, -a, inverse]
        yield f"fr {bytes(a.to_be_bytes()).hex()} {bytes(b.to_be_bytes()).hex()}"
        yield "".join(bytes(answer.to_be_bytes()).hex() for answer in answers)

    def group(self, name, points):
        (first, a), (second, b) = self.encoded(self.random.choice(points)), self.encoded(self.random.choice(points))
        scalar = self.scalar()
        yield f"{name} {first.hex()} {second.hex()} {bytes(scalar.to_be_bytes()).hex()}"
        if a is None or b is None:
            yield "-"
            return
        answers = [a + b, a - b, a * scalar]
        points[self.random.randrange(3, len(points))] = self.random.choice(answers)
        yield "".join(bytes(answer.to_compressed_bytes()).hex() for answer in answers)

    def sum(self, name, points, kind):
        terms = [(self.random.choice(points), self.scalar()) for _ in range(self.random.randrange(12))]
        words = [f"{bytes(p.to_compressed_bytes()).hex()} {bytes(k.to_be_bytes()).hex()}" for p, k in terms]
        yield " ".join([name, *words])
        total = kind.identity()
        for point, scalar in terms:
            total += point * scalar
        yield bytes(total.to_compressed_bytes()).hex()

    def sign(self):
        scalar, message = self.scalar(), self.message()
        yield f"sign {bytes(scalar.to_be_bytes()).hex()} {hexed(message)}"
        if scalar.is_zero():
            yield "-"
            return
        point = G2Point.hash_to_curve(message, TAG) * scalar
        yield bytes((G1Point() * scalar).to_compressed_bytes()).hex() + bytes(point.to_compressed_bytes()).hex()

    def verify(self):
        scalar, message = self.scalar(), self.message()
        first, key = self.encoded(G1Point() * scalar)
        signed = message if self.random.random() < 0.7 else self.message()
        second, signature = self.encoded(G2Point.hash_to_curve(signed, TAG) * scalar)
        yield f"verify {first.hex()} {second.hex()} {hexed(message)}"
        if key is None or signature is None or key == G1Point.identity():
            yield "-"
            return
        point = G2Point.hash_to_curve(message, TAG)
        yield "1" if GT.pairing_check([key, -G1Point()], [point, signature]) else "0"

    def next(self):
        kinds = [
            (25, self.fr),
            (25, lambda: self.group("g1", self.g1s)),
            (20, lambda: self.group("g2", self.g2s)),
            (5, lambda: self.sum("sum1", self.g1s, G1Point)),
            (5, lambda: self.sum("sum2", self.g2s, G2Point)),
            (10, self.sign),
            (10, self.verify),
        ]
        kind = self.random.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        return tuple(kind())


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    questions, asked = Questions(seed), []

    def ask():
        for _ in range(count):
            question, expected = questions.next()
            asked.append((question, expected))
            process.stdin.write(question + "\n")
        process.stdin.close()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    kinds = {}
    for number in range(count):
        answer = process.stdout.readline().strip()
        question, expected = asked[number]
        if answer != expected:
            print(f"seed {seed}, question {number}: {question}\n  answered {answer}\n  arkworks {expected}")
            sys.exit(1)
        asked[number] = None
        kind = question.split(" ")[0] + (" refused" if answer == "-" else "")
        kinds[kind] = kinds.get(kind, 0) + 1
    print(f"    seed {seed}: {count} answers agree ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))})")


if __name__ == "__main__":
    main()
