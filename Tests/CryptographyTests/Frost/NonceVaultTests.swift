import Primitives
import Testing

@testable import Cryptography

/// Each rule of the vault; all but one member sign from vaults of their own.
@Suite struct NonceVaultTests {
    private let dealt: DealtKey
    private let vault = NonceVault()
    private let statement = StatementDigest(test: 1)
    private var share: SecretShare { dealt.shares[0] }

    init() throws {
        var random = SeededRandom(1)
        dealt = try DealtKey(threshold: 3, size: 5, random: &random)
    }

    private func promise(_ context: NonceContext, seed: UInt64) throws(NonceVaultError) -> NonceCommitment {
        var random = SeededRandom(seed)
        return try vault.promise(in: context, share: share, key: dealt.key, random: &random)
    }

    /// A request to member 1 with the given commitment, and members 2 and 3 beside it.
    private func request(_ commitment: NonceCommitment, othersSeed: UInt64 = 1_000) -> [SignerCommitment] {
        var random = SeededRandom(othersSeed)
        let others = [1, 2].map { offset in
            let nonces = SigningNonces(share: dealt.shares[offset], random: &random)
            return SignerCommitment(signer: MemberIndex(offset + 1), nonces: nonces.commitment)
        }
        return [SignerCommitment(signer: MemberIndex(1), nonces: commitment)] + others
    }

    private func respond(
        _ request: [SignerCommitment],
        _ context: NonceContext
    ) throws(NonceVaultError) -> Scalar {
        try vault.share(for: request, in: context, share: share, key: dealt.key)
    }

    @Test func `answers with a valid share`() throws {
        let context = NonceContext(test: statement)
        let request = request(try promise(context, seed: 2))
        let response = try respond(request, context)
        let round = try SigningRound(commitments: request, key: dealt.key, statement: statement)
        #expect(round.isValid(response, of: MemberIndex(1)))
    }

    @Test func `hedges nonces with the share`() throws {
        // A generator that repeats itself still gives different nonces to different shares.
        var (first, second) = (SeededRandom(7), SeededRandom(7))
        let a = SigningNonces(share: dealt.shares[0], random: &first)
        let b = SigningNonces(share: dealt.shares[1], random: &second)
        #expect(a.commitment != b.commitment)
        #expect(a.commitment.hiding != a.commitment.binding)
    }

    @Test func `a repeated request gets the same share`() throws {
        let context = NonceContext(test: statement)
        let request = request(try promise(context, seed: 2))
        let response = try respond(request, context)
        #expect(vault.pairs == 0)
        #expect(try respond(request, context) == response)
    }

    @Test func `a different request for spent nonces is refused`() throws {
        let context = NonceContext(test: statement)
        let commitment = try promise(context, seed: 2)
        let response = try respond(request(commitment), context)
        #expect(throws: NonceVaultError.spent) { try respond(request(commitment, othersSeed: 5), context) }
        #expect(try respond(request(commitment), context) == response)
    }

    @Test func `nonces sign for no other statement, coordinator, view or epoch`() throws {
        let context = NonceContext(test: statement)
        let request = request(try promise(context, seed: 2))
        let others = [
            NonceContext(test: StatementDigest(test: 2)),
            NonceContext(test: statement, view: 1),
            NonceContext(test: statement, coordinator: 2),
            NonceContext(
                epoch: Epoch(2),
                view: context.view,
                coordinator: context.coordinator,
                statement: statement
            ),
        ]
        for other in others {
            #expect(throws: NonceVaultError.unknownCommitment) { try respond(request, other) }
        }
        #expect(throws: Never.self) { try respond(request, context) }
    }

    @Test func `an invalid request spends the nonces`() throws {
        let context = NonceContext(test: statement)
        let commitment = try promise(context, seed: 2)
        var invalid = request(commitment)
        invalid[2].nonces.hiding = CompressedPoint()
        let fault = NonceVaultError.round(.invalidCommitment(MemberIndex(3)))
        #expect(throws: fault) { try respond(invalid, context) }
        #expect(vault.pairs == 0)
        #expect(throws: fault) { try respond(invalid, context) }
        #expect(throws: NonceVaultError.spent) { try respond(request(commitment), context) }
    }

    @Test func `refuses lists that are not exactly a threshold of members in order, with itself among them`()
        throws
    {
        let context = NonceContext(test: statement)
        let requests = try (2...4).map { request(try promise(context, seed: UInt64($0))) }
        let short = Array(requests[0].dropLast())
        #expect(throws: NonceVaultError.round(.signerCount(2, threshold: 3))) { try respond(short, context) }
        let twice = [requests[1][0], requests[1][0], requests[1][2]]
        #expect(throws: NonceVaultError.round(.unorderedSigner(MemberIndex(1)))) {
            try respond(twice, context)
        }
        let without = Array(requests[2].dropFirst())
        #expect(throws: NonceVaultError.round(.notASigner(MemberIndex(1)))) { try respond(without, context) }
    }

    @Test func `signs only for commitments of its own`() throws {
        let context = NonceContext(test: statement)
        _ = try promise(context, seed: 2)
        var random = SeededRandom(3)
        let foreign = SigningNonces(share: share, random: &random).commitment
        #expect(throws: NonceVaultError.unknownCommitment) { try respond(request(foreign), context) }
        let half = NonceCommitment(hiding: try promise(context, seed: 4).hiding, binding: foreign.binding)
        #expect(throws: NonceVaultError.unknownCommitment) { try respond(request(half), context) }
    }

    @Test func `gives a context no more pairs than sessions can need`() throws {
        let context = NonceContext(test: statement)
        for session in 0..<3 {
            let request = request(try promise(context, seed: UInt64(2 + session)))
            // Spent pairs count as well.
            if session == 1 { _ = try respond(request, context) }
        }
        #expect(throws: NonceVaultError.exhausted(context)) { try promise(context, seed: 9) }
        #expect(throws: Never.self) { try promise(NonceContext(test: statement, coordinator: 2), seed: 9) }
    }

    @Test func `gives a view no more contexts than it can keep`() throws {
        for number in 0..<NonceVault.contextsPerView {
            _ = try promise(NonceContext(test: StatementDigest(test: UInt8(number))), seed: UInt64(number))
        }
        let next = NonceContext(test: StatementDigest(test: 255))
        #expect(throws: NonceVaultError.tooManyContexts(View(0))) { try promise(next, seed: 255) }
        vault.forget(NonceContext(test: StatementDigest(test: 0)))
        #expect(throws: Never.self) { try promise(next, seed: 255) }
    }

    @Test func `keeps the two newest views`() throws {
        let requests = try (0...2).map { view in
            request(try promise(NonceContext(test: statement, view: UInt64(view)), seed: UInt64(view)))
        }
        #expect(vault.pairs == 2)
        #expect(throws: NonceVaultError.unknownCommitment) {
            try respond(requests[0], NonceContext(test: statement, view: 0))
        }
        #expect(throws: NonceVaultError.viewLeftBehind(View(0))) {
            try promise(NonceContext(test: statement, view: 0), seed: 9)
        }
        for view in 1...2 {
            #expect(throws: Never.self) {
                try respond(requests[view], NonceContext(test: statement, view: UInt64(view)))
            }
        }
    }

    @Test func `refuses a promise that it would wipe at once`() throws {
        _ = try promise(NonceContext(test: statement, view: 6), seed: 1)
        _ = try promise(NonceContext(test: statement, view: 7), seed: 2)
        #expect(throws: NonceVaultError.viewLeftBehind(View(5))) {
            try promise(NonceContext(test: statement, view: 5), seed: 3)
        }
        #expect(vault.pairs == 2)
    }

    @Test func `leaving a view wipes its pairs for good`() throws {
        let context = NonceContext(test: statement, view: 3)
        let request = request(try promise(context, seed: 2))
        vault.leaveViews(before: View(4))
        #expect(vault.pairs == 0)
        #expect(throws: NonceVaultError.unknownCommitment) { try respond(request, context) }
        #expect(throws: NonceVaultError.viewLeftBehind(View(3))) { try promise(context, seed: 2) }
        #expect(throws: Never.self) { try promise(NonceContext(test: statement, view: 4), seed: 2) }
    }

    @Test func `forgets everything when told to`() throws {
        let context = NonceContext(test: statement)
        let request = request(try promise(context, seed: 2))
        vault.forgetAll()
        #expect(vault.pairs == 0)
        #expect(throws: NonceVaultError.unknownCommitment) { try respond(request, context) }
    }

    @Test func `one pair gives one share however many ask at once`() async throws {
        let context = NonceContext(test: statement)
        let commitment = try promise(context, seed: 2)
        let requests = (0..<16).map { request(commitment, othersSeed: UInt64(100 + $0)) }
        let answers = await withTaskGroup(of: Scalar?.self) { group in
            for request in requests { group.addTask { try? respond(request, context) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.compactMap { $0 }.count == 1)
    }
}
