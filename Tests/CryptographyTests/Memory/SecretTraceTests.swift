import Foundation
import Primitives
import TestSupport
import Testing

@testable import Cryptography

/// Random bytes of which those that go into locked memory, and so are secret, are noted.
struct TracedRandom: SecureRandom {
    private var generator = SystemRandomNumberGenerator()
    private(set) var traces: [Trace] = []

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count { unsafe buffer[index] = UInt8.random(in: 0...255, using: &generator) }
        let address = UInt(bitPattern: buffer.baseAddress)
        guard MemoryPart.all().contains(where: { $0.isLocked && $0.range.contains(address) }) else { return }
        unsafe note(UnsafeRawBufferPointer(buffer))
    }

    mutating func note(_ secret: SecretBytes) {
        unsafe secret.withUnsafeBytes { unsafe note($0) }
    }

    private mutating func note(_ bytes: UnsafeRawBufferPointer) {
        let trace = unsafe Trace(bytes)
        // Of 64 bytes any half is too much; numbers are also looked for as a curve's library holds them.
        traces += [trace, trace.reversed]
    }
}

/// Looks for the bytes of secrets in the memory of a process that has used them.
///
/// Each in a process of its own, which ends with the code of what went wrong.
@Suite(.enabled(if: SecretMemory.isLocked)) struct SecretTraceTests {
    /// Ends the process unless all copies of the secrets lie in locked memory, and there is one.
    static func expectLocked(_ traces: [Trace]) {
        let hits = MemoryScan().hits(of: traces)
        if hits.isEmpty { exit(10) }
        for hit in hits where !hit.part.isLocked {
            print("a copy at \(String(hit.address, radix: 16)) in \(hit.part.name)")
            exit(11)
        }
    }

    static func expectNone(_ traces: [Trace]) {
        for hit in MemoryScan().hits(of: traces) {
            print(
                "a rest at \(String(hit.address, radix: 16)) in \(hit.part.name), locked: \(hit.part.isLocked)"
            )
            exit(12)
        }
    }

    @Test func `the search finds a copy in ordinary memory, and one that nobody wiped`() async {
        await #expect(processExitsWith: .success) {
            var random = TracedRandom()
            var copies: [UInt8] = []
            do {
                let secret = SecretBytes(count: 32, random: &random)
                Self.expectLocked(random.traces)
                copies = unsafe secret.withUnsafeBytes { unsafe Array($0) }
                let hits = MemoryScan().hits(of: random.traces)
                guard hits.contains(where: { !$0.part.isLocked }) else { exit(2) }
            }
            guard !MemoryScan().hits(of: random.traces).isEmpty else { exit(3) }
            for index in copies.indices { copies[index] = 0 }
            Self.expectNone(random.traces)
        }
    }

    @Test func `identity and account keys leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            var random = TracedRandom()
            let deployment = Deployment(chainId: 1, genesis: Digest(), registry: Address())
            let domains = SigningDomains(deployment)
            let object = Object(
                epoch: Epoch(1),
                author: MemberIndex(1),
                kind: .wish,
                order: Order(incarnation: 1, sequence: 1),
                payload: ByteList()
            )
            let statement = StatementDigest(domainSeparator: Digest(), structHash: Digest())
            do {
                let identity = IdentityKey(random: &random)
                let account = AccountKey(random: &random)
                for _ in 0..<3 {
                    _ = identity.sign(SigningRoot(of: object, in: domains))
                    _ = account.sign(statement)
                }
                Self.expectLocked(random.traces)
                withExtendedLifetime((identity, account)) {}
            }
            Self.expectNone(random.traces)
        }
    }

    @Test func `a handshake and its link leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            var random = TracedRandom()
            do {
                var left = NoiseHandshake(
                    role: .initiator,
                    prologue: [],
                    staticKey: LinkKeyPair(random: &random)
                )
                var right = NoiseHandshake(
                    role: .responder,
                    prologue: [],
                    staticKey: LinkKeyPair(random: &random)
                )
                guard let first = try? left.write(random: &random),
                    (try? right.read(unsafe first.span.bytes)) != nil,
                    let second = try? right.write(random: &random),
                    (try? left.read(unsafe second.span.bytes)) != nil,
                    let third = try? left.write(random: &random),
                    (try? right.read(unsafe third.span.bytes)) != nil
                else { exit(2) }
                Self.expectLocked(random.traces)
                _ = left.split()
                _ = right.split()
            }
            Self.expectNone(random.traces)
        }
    }

    @Test func `making and using a group key leaves nothing behind`() async {
        await #expect(processExitsWith: .success) {
            var random = TracedRandom()
            do {
                let keys = (0..<4).map { _ in EncryptionKey(random: &random) }
                guard let session = try? KeyGenerationSession(TestGeneration.terms(threshold: 3, keys: keys)),
                    let deals = try? session.terms.dealers.map({ dealer in
                        try session.check(try session.deal(as: dealer, random: &random), from: dealer)
                    }),
                    let transcript = try? session.transcript(of: deals),
                    let share = try? session.share(
                        from: deals,
                        transcript: transcript,
                        with: keys[0],
                        as: MemberIndex(1)
                    )
                else { exit(2) }
                random.note(share.secret.bytes)
                let nonces = SigningNonces(share: share, random: &random)
                random.note(nonces.hiding.bytes)
                random.note(nonces.binding.bytes)
                Self.expectLocked(random.traces)
                Self.sign(with: share, nonces, under: transcript.key)
                Self.expectLocked(random.traces)
                withExtendedLifetime((keys, share)) {}
            }
            Self.expectNone(random.traces)
        }
    }

    /// A signature share in a session with others' commitments.
    private static func sign(
        with share: SecretShare,
        _ nonces: consuming SigningNonces,
        under key: GroupKey
    ) {
        let statement = StatementDigest(domainSeparator: Digest(), structHash: Digest())
        var commitments = [SignerCommitment(signer: MemberIndex(1), nonces: nonces.commitment)]
        for member in 2...3 {
            var others = SystemRandom()
            let point = EncryptionKey(random: &others).publicKey
            commitments.append(
                SignerCommitment(
                    signer: MemberIndex(member),
                    nonces: NonceCommitment(hiding: point, binding: point)
                )
            )
        }
        guard let round = try? SigningRound(commitments: commitments, key: key, statement: statement),
            (try? round.share(of: share, using: nonces)) != nil
        else { exit(3) }
    }

    @Test func `descriptions, dumps and mirrors of keys show no secret`() {
        var random = SystemRandom()
        let scalar = SecretScalar(random: &random)
        let hex = unsafe scalar.bytes.withUnsafeBytes { unsafe Hex.encode(Array($0)) }
        guard let account = AccountKey(scalar.bytes), let encryption = EncryptionKey(scalar.bytes) else {
            Issue.record("a scalar is a key")
            return
        }
        let holders: [Any] = [
            scalar, scalar.bytes, account, encryption, IdentityKey(seed: scalar.bytes),
            LinkKeyPair(secret: scalar.bytes), SecretShare(member: MemberIndex(1), secret: scalar),
        ]
        let numbers = unsafe scalar.bytes.withUnsafeBytes { bytes in
            unsafe bytes.prefix(8).map(String.init).joined(separator: ", ")
        }
        for holder in holders {
            var dumped = ""
            dump(holder, to: &dumped)
            for text in ["\(holder)", String(reflecting: holder), dumped] {
                #expect(!text.lowercased().contains(hex.prefix(16)), "\(type(of: holder))")
                #expect(!text.contains(numbers), "\(type(of: holder))")
            }
        }
    }
}
