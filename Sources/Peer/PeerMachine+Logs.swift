import Consensus
import Gossip
import Primitives

/// What the committee's word on its logs is worth to who keeps them.
extension PeerMachine {
    /// Learns of a group key of the epoch, from the chain or from the ceremony.
    ///
    /// Who begins without logs knows it from the chain alone: the ceremony stands in the logs that it is to check with it.
    mutating func know(_ key: CompressedPoint, isInForce: Bool) {
        guard let verifier = cryptography.verifier(of: key) else { return }
        guard epoch?.keyRing.know(key, verifier, isInForce: isInForce) == true, let ring = epoch?.keyRing
        else {
            return
        }
        steps.append(.gossip(.groupKeyActivated(ring)))
    }

    /// Tells the owner of the newest anchored list, once, when the list and the group's signature are both known.
    ///
    /// The signature comes with the record of the chain, or, for who has not seen that come, from the log of who
    /// coordinated it.
    mutating func tellOfAttestation() {
        guard let epoch, let verifier = epoch.verifier, let (place, list) = epoch.attestation.newestAnchored,
            epoch.toldAnchor != place, list.epoch == epoch.committee.epoch
        else { return }
        let seen = [chain.proof.record?.anchor] + epoch.committee.indices.map { epoch.writtenAnchors[$0] }
        let anchors = seen.compactMap(\.self).filter { $0.place == place && $0.epoch == list.epoch }
        guard let anchor = anchors.first(where: { verifier.isValid($0) }) else { return }
        self.epoch?.toldAnchor = place
        out.append(.logsAttested(list, anchor.signature))
    }
}
