import Consensus
import Gossip
import Primitives

/// The group keys that an epoch's committee has made, as far as known: what others show of logs is judged by them.
struct KeyRing: AttestationVerifier {
    /// How many keys besides that in force are known; each comes of a ceremony of its own.
    static let limit = 8

    private(set) var inForce: CompressedPoint?
    private var keys: [(point: CompressedPoint, verifier: any PeerKeyVerifier)] = []

    /// Adds a key; answers whether that changes what is in force.
    mutating func know(_ point: CompressedPoint, _ verifier: any PeerKeyVerifier, isInForce: Bool) -> Bool {
        if !keys.contains(where: { $0.point == point }) {
            keys.append((point, verifier))
            if keys.count > Self.limit, let old = keys.firstIndex(where: { $0.point != inForce }) {
                keys.remove(at: old)
            }
        }
        guard isInForce, inForce != point else { return false }
        inForce = point
        return true
    }

    func judge(_ signature: GroupSignature, of list: AttestedLogs) -> AttestationVerdict {
        let anchor = ProofAnchor(
            epoch: list.epoch,
            number: list.number,
            root: list.hashTreeRoot(),
            signature: signature
        )
        guard let signer = keys.first(where: { $0.verifier.isValid(anchor) }) else { return .invalid }
        return signer.point == inForce ? .valid : .otherKey
    }
}
