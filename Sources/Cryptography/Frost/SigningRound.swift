package import Primitives

/// One signing by a fixed set of signers over one message: everything that follows from the commitment list.
///
/// Signers and coordinator each compute it for themselves from the list, the key and the statement they hold;
/// nothing of it is taken from anybody's word.
package struct SigningRound: Sendable {
    /// A signer with what the round makes of its commitment.
    struct Signer: Sendable {
        let member: MemberIndex
        let commitment: NonceCommitment
        let hiding: Point
        let bindingFactor: Scalar
        /// The binding commitment times the binding factor.
        let bound: GroupElement
        let lagrange: Scalar
    }

    /// The key that signs.
    package let key: GroupKey
    let signers: [Signer]
    /// R, the sum of all commitments.
    let commitment: CompressedPoint
    let challenge: Scalar
    private let message: [UInt8]

    /// Checks a list and computes binding factors, group commitment and challenge (RFC 9591, sections 4.3 to 4.6).
    ///
    /// The list names exactly ``GroupKey/threshold`` signers in rising order.
    ///
    /// - Throws: ``FrostError``, naming the first signer at fault.
    /// - Complexity: for t signers 2t point decodings and t multiplications; about 3 ms for 67.
    package init(
        commitments: [SignerCommitment],
        key: GroupKey,
        statement: StatementDigest
    ) throws(FrostError) {
        try self.init(commitments: commitments, key: key, message: statement.digest.array)
    }

    init(commitments: [SignerCommitment], key: GroupKey, message: [UInt8]) throws(FrostError) {
        let points = try Self.check(commitments, key)
        let factors = Self.bindingFactors(commitments, key.publicKey, message)
        let lagrange = Lagrange.coefficients(for: commitments.map(\.signer))
        signers = commitments.indices.map { index in
            Signer(
                member: commitments[index].signer,
                commitment: commitments[index].nonces,
                hiding: points[index].hiding,
                bindingFactor: factors[index],
                bound: points[index].binding * factors[index],
                lagrange: lagrange[index]
            )
        }
        let sum = GroupElement.sum(signers.map(\.hiding) + signers.compactMap(\.bound.point))
        guard let commitment = sum.point?.compressed else { throw .degenerate }
        self.commitment = commitment
        challenge = key.publicKey.challenge(commitment: commitment, message: message)
        guard !challenge.isZero else { throw .degenerate }
        self.key = key
        self.message = message
    }

    /// The signers in rising order.
    package var members: [MemberIndex] { signers.map(\.member) }

    func signer(_ member: MemberIndex) -> Signer? {
        signers.first { $0.member == member }
    }

    private static func check(
        _ commitments: [SignerCommitment],
        _ key: GroupKey
    ) throws(FrostError) -> [(hiding: Point, binding: Point)] {
        guard commitments.count == key.threshold else {
            throw .signerCount(commitments.count, threshold: key.threshold)
        }
        var points: [(hiding: Point, binding: Point)] = []
        var previous = MemberIndex(0)
        for entry in commitments {
            guard entry.signer.rawValue >= 1, Int(entry.signer.rawValue) <= key.size else {
                throw .unknownSigner(entry.signer)
            }
            guard entry.signer > previous else { throw .unorderedSigner(entry.signer) }
            guard let hiding = Point(entry.nonces.hiding), let binding = Point(entry.nonces.binding) else {
                throw .invalidCommitment(entry.signer)
            }
            points.append((hiding, binding))
            previous = entry.signer
        }
        return points
    }

    /// rho_i = H1(P || H4(message) || H5(list) || i), positions as 32-byte big-endian scalars.
    private static func bindingFactors(
        _ commitments: [SignerCommitment],
        _ key: GroupPublicKey,
        _ message: [UInt8]
    ) -> [Scalar] {
        var list: [UInt8] = []
        for entry in commitments {
            list += Scalar(entry.signer).bytes.array
            list += entry.nonces.hiding.array
            list += entry.nonces.binding.array
        }
        var prefix = key.compressed.array
        prefix += FrostSuite.messageHash(message).array
        prefix += FrostSuite.commitmentHash(list).array
        return commitments.map { FrostSuite.bindingFactor(prefix + Scalar($0.signer).bytes.array) }
    }

    /// Whether z verifies as the group's signature over the round's message.
    func isValid(_ signature: GroupSignature) -> Bool {
        key.publicKey.isValid(signature, message: message)
    }
}
