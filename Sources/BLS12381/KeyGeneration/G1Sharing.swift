package import Cryptography
package import Primitives

/// G1 as a group for sharing: that of validators' keys.
package enum G1Sharing: SharingGroup {
    package static let name = "G1"
    package static let containerPrefix = "G1"
    package static let tags = SharingTags(
        possession: "oracle/dkg/pop/bls12381-g1/v1",
        pad: "oracle/share-pad/bls12381-g1/v1",
        equality: "oracle/dleq/bls12381-g1/v1",
        equalityNonce: "oracle/dleq-nonce/bls12381-g1/v1"
    )

    package static func bytes(of index: ShareIndex) -> [UInt8] {
        var bytes: [UInt8] = []
        index.rawValue.encodeBigEndian(to: &bytes)
        return bytes
    }

    package static func weights(of indices: [ShareIndex]) -> [Fr] {
        guard let weights = Interpolation.weights(of: indices) else {
            preconditionFailure("no index, or one twice")
        }
        return weights
    }

    package static func scalar(_ bytes: FrBytes) -> Fr? { Fr(bytes) }

    package static func bytes(of scalar: Fr) -> FrBytes { scalar.bytes }

    package static func difference(_ left: Fr, _ right: Fr) -> Fr { left - right }

    package static func hash(_ message: [UInt8], tag: [UInt8]) -> Fr { Fr(hashing: message, tag: tag) }

    package static func element(_ bytes: G1Bytes) -> G1? { G1(bytes).flatMap(nonzero) }

    package static func bytes(of element: G1) -> G1Bytes { element.compressed }

    package static func generator(times scalar: Fr) -> G1? { nonzero(G1.generator * scalar) }

    package static func sum(_ elements: [G1]) -> G1? { nonzero(elements.reduce(.identity, +)) }

    package static func sum(_ terms: [(element: G1, factor: Fr)]) -> G1? {
        nonzero(G1.sum(terms.map { (element: $0.element, scalar: $0.factor) }))
    }

    package static func difference(_ z: Fr, minus c: Fr, times element: G1) -> G1? {
        difference(z, of: .generator, minus: c, times: element)
    }

    package static func difference(_ z: Fr, of base: G1, minus c: Fr, times element: G1) -> G1? {
        nonzero(G1.sum([(element: base, scalar: z), (element: element, scalar: -c)]))
    }

    package static func value(of coefficients: [G1], at index: ShareIndex) -> G1? {
        nonzero(SharingCommitment(coefficients).publicShare(at: index))
    }

    private static func nonzero(_ element: G1) -> G1? { element.isIdentity ? nil : element }
}

extension G1Sharing {
    package static func secret(random: inout some SecureRandom) -> SecretFr {
        SecretKey(random: &random).scalar
    }

    package static func encoding(of secret: SecretFr) -> SecretBytes { secret.bytes }

    package static func published(_ secret: SecretFr) -> Fr { secret.published() }

    package static func sum(_ secrets: [SecretFr], weights: [Fr]?) -> SecretFr {
        let weights = weights ?? secrets.map { _ in .one }
        return SecretFr { zip(secrets, weights).reduce(.zero) { $0 + $1.0.value * $1.1 } }
    }

    package static func sum(_ left: SecretFr, _ right: SecretFr, times factor: Fr) -> SecretFr {
        SecretFr { left.value + right.value * factor }
    }

    package static func difference(_ number: Fr, _ secret: SecretFr) -> SecretFr {
        SecretFr { number - secret.value }
    }

    package static func hash(_ message: SecretBytes, tag: [UInt8]) -> SecretFr {
        SecretFr(hashing: message, tag: tag)
    }

    package static func value(of coefficients: [SecretFr], at index: ShareIndex) -> SecretFr {
        SharingPolynomial(coefficients: coefficients).share(at: index)
    }

    package static func publicElement(of secret: SecretFr) -> G1? { nonzero(secret.publicElement) }

    package static func shared(_ secret: SecretFr, _ element: G1) -> SecretBytes {
        secret.shared(with: element)
    }

    package static func published(_ secret: SecretFr, times element: G1) -> G1 {
        G1(secret.published(times: element.point))
    }
}

extension G1Sharing {
    package static func proof(
        of secret: SecretFr,
        message: Digest,
        random: inout some SecureRandom
    ) -> G1PossessionProof {
        G1PossessionProof(of: secret, message: message, random: &random)
    }

    package static func isValid(_ proof: G1PossessionProof, for element: G1, message: Digest) -> Bool {
        proof.isValid(for: element, message: message)
    }

    package static func secret(of key: G1EncryptionKey) -> SecretFr { key.secret }

    package static func sharedKey(_ coefficients: [G1], size: Int) -> SharedPublicKey {
        guard let key = SharedPublicKey(coefficients: coefficients) else {
            preconditionFailure("a session sums up to elements other than the identity")
        }
        return key
    }

    package static func share(of index: ShareIndex, _ secret: SecretFr) -> KeyShare {
        guard let key = SecretKey(secret) else {
            preconditionFailure("a share of zero has no public share to compare it with")
        }
        return KeyShare(index: index, secretKey: key)
    }
}

/// One session of sharing a validator's key.
package typealias G1SharingSession = SharingSession<G1Sharing>
/// What is agreed on before a session.
package typealias G1SharingTerms = SharingTerms<G1Sharing>
/// Who receives a share of a validator's key.
package typealias G1Recipient = SharingRecipient<G1Sharing>
/// The sharing of a validator's key that is dealt on.
package typealias G1PreviousSharing = PreviousSharing<G1Sharing>
/// Why a session gives no key.
package typealias G1SharingError = SharingError<G1Sharing>
/// A deal of a validator's key.
package typealias G1Deal = SharingDeal<G1Sharing>
/// A checked deal of a validator's key.
package typealias CheckedG1Deal = CheckedSharingDeal<G1Sharing>
/// What is wrong with a deal of a validator's key.
package typealias G1DealFault = SharingDealFault<G1Sharing>
/// A complaint about a deal of a validator's key.
package typealias G1Complaint = SharingComplaint<G1Sharing>
/// Who a complaint about a deal of a validator's key convicts.
package typealias G1ComplaintVerdict = SharingVerdict<G1Sharing>
/// An equality proof in a complaint about a deal of a validator's key.
package typealias G1EqualityProof = SharingEqualityProof<G1Sharing>
/// What the deals of a validator's key add up to.
package typealias G1SharingTranscript = SharingTranscript<G1Sharing>
/// Some dealers have given a recipient bad shares of a validator's key.
package typealias G1ShareFault = SharingFault<G1Sharing>
