package import Primitives

/// A proof as it stands in a log entry of topic ``LogTopic/evidence``.
///
/// ``Evidence/encoded`` numbers the kinds.
package struct EvidenceRecord: SSZContainer {
    /// Which container ``proof`` encodes.
    package var kind: UInt8
    /// The SSZ encoding of the proof.
    package var proof: ByteList<32_640>

    /// The record of a proof, or `nil` when it is too large for an entry.
    ///
    /// Only entries of the accused that are far larger than any honest one make a proof so large.
    package init?(_ evidence: Evidence) {
        let (kind, bytes) = evidence.encoded
        guard let proof = ByteList<32_640>(bytes) else { return nil }
        self.kind = kind
        self.proof = proof
    }

    /// Decodes the proof.
    ///
    /// - Throws: ``SSZError`` for an unknown kind and for bytes that are not the kind's encoding.
    package func evidence() throws(SSZError) -> Evidence {
        try Evidence(kind: kind, ssz: proof.bytes)
    }

    package static let fields = [
        SSZField("kind", UInt8.self),
        SSZField("proof", ByteList<32_640>.self),
    ]

    package func visit(_ visitor: inout SSZFieldVisitor) {
        visitor.field(kind)
        visitor.field(proof)
    }

    package init(fields reader: inout SSZFieldReader) throws(SSZError) {
        kind = try reader.field()
        proof = try reader.field()
    }
}

extension Evidence {
    /// The proof's kind, numbered as the cases stand, from 1, and its SSZ encoding.
    package var encoded: (kind: UInt8, bytes: [UInt8]) {
        switch self {
        case .twoObjects(let proof): (1, proof.sszBytes)
        case .brokenLog(let proof): (2, proof.sszBytes)
        case .twoVotes(let proof): (3, proof.sszBytes)
        case .badShare(let proof): (4, proof.sszBytes)
        case .badDeal(let proof): (5, proof.sszBytes)
        case .twoDeals(let proof): (6, proof.sszBytes)
        case .dispute(let proof): (7, proof.sszBytes)
        case .twoConfirms(let proof): (8, proof.sszBytes)
        }
    }

    /// Decodes a proof of a kind.
    ///
    /// - Throws: ``SSZError`` for an unknown kind and for bytes that are not the kind's encoding.
    package init(kind: UInt8, ssz bytes: [UInt8]) throws(SSZError) {
        self =
            switch kind {
            case 1: .twoObjects(try TwoObjects(ssz: bytes))
            case 2: .brokenLog(try BrokenLog(ssz: bytes))
            case 3: .twoVotes(try TwoVotes(ssz: bytes))
            case 4: .badShare(try BadShare(ssz: bytes))
            case 5: .badDeal(try BadDeal(ssz: bytes))
            case 6: .twoDeals(try TwoEntries(ssz: bytes))
            case 7: .dispute(try Dispute(ssz: bytes))
            case 8: .twoConfirms(try TwoEntries(ssz: bytes))
            default: throw SSZError.value(of: "Evidence")
            }
    }

    /// What tells the proof from all others: SHA-256 of its kind and its encoding.
    package var digest: Digest {
        let (kind, bytes) = encoded
        return SHA256.hash([kind] + bytes)
    }
}
