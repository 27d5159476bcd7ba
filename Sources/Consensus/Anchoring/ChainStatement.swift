package import Primitives

/// Something signed by a group key that the registry contract is to be told.
package enum ChainStatement: Hashable, Sendable {
    /// That a committee elected the leader of a view.
    case election(ElectionCertificate)
    /// That a committee generated its group key; the transaction's parts are found by the transcript.
    case groupKey(epoch: Epoch, transcript: Digest)
    /// That a committee stands behind what its members' logs come to.
    case proofAnchor(ProofAnchor)
    /// What has come of an operation on validators' keys; the statement and its signature are found by its hash.
    case operation(Epoch, structHash: Digest)

    /// What the chain knows the statement by.
    package enum Key: Hashable, Sendable {
        /// The election of a view's leader.
        case election(Epoch, View)
        /// The group key of this transcript.
        case groupKey(Epoch, transcript: Digest)
        /// The anchor of this number and root, which itself commits to the epoch.
        case proofAnchor(number: UInt64, root: Digest)
        /// The report whose statement has this hash.
        case operation(Epoch, structHash: Digest)
    }

    /// What the chain knows it by.
    package var key: Key {
        switch self {
        case .election(let certificate): .election(certificate.epoch, certificate.view)
        case .groupKey(let epoch, let transcript): .groupKey(epoch, transcript: transcript)
        case .proofAnchor(let anchor): .proofAnchor(number: anchor.number, root: anchor.root)
        case .operation(let epoch, let structHash): .operation(epoch, structHash: structHash)
        }
    }

    /// The view it elects a leader for.
    var electedView: View? {
        if case .election(let certificate) = self { certificate.view } else { nil }
    }

    /// The place that it claims among the anchors of the logs.
    var claimedPlace: LatestProof? {
        if case .proofAnchor(let anchor) = self { anchor.place } else { nil }
    }
}
