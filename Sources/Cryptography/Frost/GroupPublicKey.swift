package import Primitives

/// A committee's public key, fit for verification by the contract.
package struct GroupPublicKey: Hashable, Sendable {
    /// The key.
    package let point: Point
    /// The key in the form peers exchange.
    package let compressed: CompressedPoint

    /// Takes a point whose x coordinate is below the group order.
    ///
    /// The contract verifies by `ecrecover`, which cannot express the others; they are one in 2^127.
    ///
    /// - Throws: ``GroupKeyError/coordinateAboveOrder`` for those.
    package init(_ point: Point) throws(GroupKeyError) {
        let compressed = point.compressed
        guard compressed.coordinateAsScalar != nil else { throw .coordinateAboveOrder }
        self.point = point
        self.compressed = compressed
    }

    /// Decodes a key.
    ///
    /// - Throws: ``GroupKeyError`` when the bytes are no point, or not one the contract can work with.
    package init(_ compressed: CompressedPoint) throws(GroupKeyError) {
        guard let point = Point(compressed) else { throw .notAPoint }
        try self.init(point)
    }

    /// x and y, the form in which the contract stores the key.
    package var coordinates: (x: Coordinate, y: Coordinate) { point.coordinates }

    /// Whether a signature is the group's over a statement: `z * G == R + e * P` with e = H2(R || P || message).
    ///
    /// Refuses besides what the contract refuses: an R that is no point, z = 0, and z not below the order.
    package func isValid(_ signature: GroupSignature, of statement: StatementDigest) -> Bool {
        isValid(signature, message: statement.digest.array)
    }

    func isValid(_ signature: GroupSignature, message: [UInt8]) -> Bool {
        guard let parts = signature.parts else { return false }
        let challenge = challenge(commitment: signature.commitment, message: message)
        guard !challenge.isZero else { return false }
        let commitment = GroupElement.difference(parts.response, minus: challenge, times: point)
        return commitment == .point(parts.commitment)
    }

    /// e = H2(R || P || message).
    func challenge(commitment: CompressedPoint, message: [UInt8]) -> Scalar {
        FrostSuite.challenge(commitment.array + compressed.array + message)
    }
}

extension GroupPublicKey: CustomStringConvertible {
    package var description: String { compressed.description }
}

/// Why a key cannot be a group's.
package enum GroupKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are not a compressed point of the curve.
    case notAPoint
    /// The x coordinate is not below the group order.
    case coordinateAboveOrder
    /// The threshold is 0 or greater than the number of members.
    case threshold(Int, members: Int)
    /// The coefficients are as many as the threshold, but this one is the identity or no point.
    case coefficient(Int)

    package var description: String {
        switch self {
        case .notAPoint:
            "the group key is not a compressed point of secp256k1"
        case .coordinateAboveOrder:
            "the group key's x coordinate is not below the group order; generate another key"
        case .threshold(let threshold, let members):
            "no group key has threshold \(threshold) among \(members) members"
        case .coefficient(let index):
            "coefficient \(index) of the group's polynomial is not a point other than the identity"
        }
    }
}
