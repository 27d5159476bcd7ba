import Cryptography
import Glibc
import TestSupport
import Testing

@testable import BLS12381

/// Secret numbers in the forms that computations give them, to be looked for in memory.
private struct Traces {
    private(set) var all: [Trace] = []

    mutating func note(_ number: SecretFr) {
        let trace = unsafe number.bytes.withUnsafeBytes { unsafe Trace($0) }
        all += [trace, trace.reversed]
        SecretWork.run {
            note(number.value.words)
            note(CurveParameter.digits(of: number.value.number))
        }
    }

    private mutating func note(_ words: Words<4>) {
        unsafe withUnsafeBytes(of: words) { unsafe all.append(Trace($0)) }
    }
}

/// Looks for secrets in the memory of a process that has used them.
@Suite(.enabled(if: SecretMemory.isLocked)) struct SecretTraceTests {
    private static func expectLocked(_ traces: Traces) {
        let hits = MemoryScan().hits(of: traces.all)
        if hits.isEmpty { exit(10) }
        for hit in hits where !hit.part.isLocked {
            print("a copy at \(String(hit.address, radix: 16)) in \(hit.part.name)")
            exit(11)
        }
    }

    @Test func `keys, shares and signatures leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            var random = SystemRandom()
            var traces = Traces()
            do {
                let key = SecretKey(random: &random)
                let polynomial = SharingPolynomial(threshold: 3, constant: key.scalar, random: &random)
                guard let index = ShareIndex(5),
                    let derived = SecretKey(derivingFrom: SecretBytes(count: 32, random: &random))
                else { exit(2) }
                let share = polynomial.share(at: index)
                let secrets = polynomial.coefficients + [share, derived.scalar]
                for secret in secrets { traces.note(secret) }
                Self.expectLocked(traces)
                _ = key.sign([1, 2, 3])
                _ = key.provePossession(of: key.publicKey)
                _ = polynomial.commitment.opens(to: share, at: index)
                _ = (share + derived.scalar) * Fr(7) == -key.scalar
                _ = SecretFr.interpolate([(index, share)])
                Self.expectLocked(traces)
                withExtendedLifetime((key, derived, secrets)) {}
            }
            if !MemoryScan().hits(of: traces.all).isEmpty { exit(12) }
        }
    }

    @Test func `the search finds what a computation outside the wiped stack leaves`() async {
        await #expect(processExitsWith: .success) {
            var random = SystemRandom()
            var traces = Traces()
            let key = SecretKey(random: &random)
            traces.note(key.scalar)
            let copy = [key.scalar.value]
            let hits = MemoryScan().hits(of: traces.all)
            if !hits.contains(where: { !$0.part.isLocked }) { exit(2) }
            withExtendedLifetime((key, copy)) {}
        }
    }
}
