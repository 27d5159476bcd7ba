package import Primitives

/// secp256k1 as a group for sharing: that of the committee's key.
package enum Secp256k1: SharingGroup {
    package static let name = "secp256k1"
    package static let containerPrefix = ""
    package static let tags = SharingTags(
        possession: "oracle/dkg/pop/v1",
        pad: "oracle/share-pad/v1",
        equality: "oracle/dleq/v1",
        equalityNonce: "oracle/dleq-nonce/v1"
    )

    package static func bytes(of index: MemberIndex) -> [UInt8] {
        var bytes: [UInt8] = []
        index.rawValue.encodeBigEndian(to: &bytes)
        return bytes
    }

    package static func weights(of indices: [MemberIndex]) -> [Scalar] {
        Lagrange.coefficients(for: indices)
    }

    package static func scalar(_ bytes: Cryptography.ScalarBytes) -> Scalar? { Scalar(bytes) }

    package static func bytes(of scalar: Scalar) -> Cryptography.ScalarBytes { scalar.bytes }

    package static func difference(_ left: Scalar, _ right: Scalar) -> Scalar { left - right }

    package static func hash(_ message: [UInt8], tag: [UInt8]) -> Scalar {
        Scalar(hashing: message, tag: tag)
    }

    package static func element(_ bytes: CompressedPoint) -> Point? { Point(bytes) }

    package static func bytes(of element: Point) -> CompressedPoint { element.compressed }

    package static func generator(times scalar: Scalar) -> Point? {
        GroupElement.generator(times: scalar).point
    }

    package static func sum(_ elements: [Point]) -> Point? { GroupElement.sum(elements).point }

    package static func sum(_ terms: [(element: Point, factor: Scalar)]) -> Point? {
        GroupElement.sum(terms.map { $0.element * $0.factor }).point
    }

    package static func difference(_ z: Scalar, minus c: Scalar, times element: Point) -> Point? {
        GroupElement.difference(z, minus: c, times: element).point
    }

    package static func difference(_ z: Scalar, of base: Point, minus c: Scalar, times element: Point)
        -> Point?
    {
        (base * z + element * -c).point
    }

    package static func value(of coefficients: [Point], at index: MemberIndex) -> Point? {
        PublicPolynomial(coefficients: coefficients).evaluated(at: index).point
    }
}

extension Secp256k1 {
    package static func secret(random: inout some SecureRandom) -> SecretScalar {
        SecretScalar(random: &random)
    }

    package static func encoding(of secret: SecretScalar) -> SecretBytes { secret.bytes }

    package static func published(_ secret: SecretScalar) -> Scalar { secret.published() }

    package static func sum(_ secrets: [SecretScalar], weights: [Scalar]?) -> SecretScalar {
        let terms = weights.map { zip(secrets, $0).map { $0 * $1 } } ?? secrets
        return unsafe SecretScalar { sum in
            for term in terms { unsafe term.withBytes { unsafe ScalarArithmetic.add($0, to: sum) } }
        }
    }

    package static func sum(_ left: SecretScalar, _ right: SecretScalar, times factor: Scalar) -> SecretScalar
    {
        left + right * factor
    }

    package static func difference(_ number: Scalar, _ secret: SecretScalar) -> SecretScalar {
        unsafe SecretScalar { difference in
            unsafe secret.withBytes { unsafe difference.update(from: $0, count: ScalarArithmetic.byteCount) }
            unsafe ScalarArithmetic.negate(difference)
            unsafe number.withBytes { unsafe ScalarArithmetic.add($0, to: difference) }
        }
    }

    package static func hash(_ message: SecretBytes, tag: [UInt8]) -> SecretScalar {
        SecretScalar(hashing: message, tag: tag)
    }

    /// By Horner's rule.
    package static func value(of coefficients: [SecretScalar], at index: MemberIndex) -> SecretScalar {
        let position = Scalar(index)
        return unsafe SecretScalar { value in
            for coefficient in coefficients.reversed() {
                unsafe position.withBytes { unsafe ScalarArithmetic.multiply(value, by: $0) }
                unsafe coefficient.withBytes { unsafe ScalarArithmetic.add($0, to: value) }
            }
        }
    }

    package static func publicElement(of secret: SecretScalar) -> Point? { secret.publicElement.point }

    package static func shared(_ secret: SecretScalar, _ element: Point) -> SecretBytes {
        DiffieHellman.shared(secret, element)
    }

    package static func published(_ secret: SecretScalar, times element: Point) -> Point {
        DiffieHellman.published(secret, element)
    }
}

extension Secp256k1 {
    package static func proof(
        of secret: SecretScalar,
        message: Digest,
        random: inout some SecureRandom
    ) -> Cryptography.PossessionProof {
        Cryptography.PossessionProof(of: secret, message: message, random: &random)
    }

    package static func isValid(
        _ proof: Cryptography.PossessionProof,
        for element: Point,
        message: Digest
    ) -> Bool {
        proof.isValid(for: element, message: message)
    }

    package static func secret(of key: Cryptography.EncryptionKey) -> SecretScalar { key.secret }

    package static func sharedKey(_ coefficients: [Point], size: Int) throws(GroupKeyError) -> GroupKey {
        try GroupKey(coefficients: coefficients, size: size)
    }

    package static func share(of index: MemberIndex, _ secret: SecretScalar) -> SecretShare {
        SecretShare(member: index, secret: secret)
    }
}

/// A deal of the committee's key.
package typealias Deal = SharingDeal<Secp256k1>
/// A checked deal of the committee's key.
package typealias CheckedDeal = CheckedSharingDeal<Secp256k1>
/// What is wrong with a deal of the committee's key.
package typealias DealFault = SharingDealFault<Secp256k1>
/// A complaint about a deal of the committee's key.
package typealias Complaint = SharingComplaint<Secp256k1>
/// Who a complaint about a deal of the committee's key convicts.
package typealias ComplaintVerdict = SharingVerdict<Secp256k1>
/// An equality proof in a complaint about a deal of the committee's key.
package typealias EqualityProof = SharingEqualityProof<Secp256k1>
/// One attempt to generate the committee's key.
package typealias KeyGenerationSession = SharingSession<Secp256k1>
/// Why an attempt at the committee's key fails.
package typealias KeyGenerationError = SharingError<Secp256k1>
/// What the deals of an attempt at the committee's key add up to.
package typealias KeyGenerationTranscript = SharingTranscript<Secp256k1>
/// Some dealers have given a member bad shares of the committee's key.
package typealias ShareFault = SharingFault<Secp256k1>
