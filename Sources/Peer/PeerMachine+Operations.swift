import Consensus
import Cryptography
import Gossip
package import Primitives

/// What the overseer of operations on validators' keys wants of its member.
package enum OperationsWish: Hashable, Sendable {
    /// Say this in the member's log; an order or what an operator has said.
    case append(LogTopic, [UInt8])
    /// The statement of this hash is true: have the group sign it, and bring it to the contract.
    case endorse(Digest)
    /// It is not to be signed any more.
    case retract(Digest)
    /// The chain has it, or something in its place, for good.
    case settled(Digest)
    /// The contract will never take it.
    case refused(Digest)
}

/// What a member tells the overseer of operations.
package enum OperationsNews: Sendable {
    /// An epoch has begun.
    case epoch(Committee)
    /// This view is current.
    case view(View)
    /// A member's log has this, on disk.
    case entry(author: Identity, LogTopic, body: [UInt8])
    /// The own log does not take it.
    case refused(LogTopic, [UInt8])
    /// The group has signed the statement of this hash.
    case signed(Digest)
    /// It is this member's turn to bring it to the contract.
    case submit(Digest, GroupSignature)
    /// It is not to be pushed any more.
    case withdraw(Digest)
}

/// Reports about operations: signed by the group, told in the logs, brought to the chain.
extension PeerMachine {
    mutating func take(_ wish: OperationsWish) {
        guard operations != nil, let epoch else { return }
        let number = epoch.committee.epoch
        switch wish {
        case .append(let topic, let body):
            guard [.operationOrder, .carriedMessage].contains(topic) else { return }
            steps.append(.gossip(.entryComposed(topic, body: body)))
        case .endorse(let structHash):
            guard self.epoch?.reports.endorse(structHash) == true else { return }
            endorse(structHash)
            for signature in epoch.reports.early(structHash) { judge(signature, of: structHash) }
        case .retract(let structHash), .settled(let structHash):
            cease(structHash)
            self.epoch?.reports.forget(structHash)
            steps.append(.anchor(.finalized(.operation(number, structHash: structHash))))
        case .refused(let structHash):
            steps.append(.anchor(.refused(.operation(number, structHash: structHash))))
        }
    }

    /// Tells the overseer what stands in a log of the epoch.
    mutating func tellOverseer(_ entry: LogEntry, of author: MemberIndex) {
        guard operations != nil, let topic = LogTopic(rawValue: entry.topic),
            let identity = identity(of: author)
        else { return }
        out.append(.operations(.entry(author: identity, topic, body: entry.body.bytes)))
    }

    /// Endorses with the key in force what was endorsed before there was one, or under another.
    mutating func endorseReports() {
        for structHash in epoch?.reports.unsigned ?? [] {
            endorse(structHash)
            for signature in epoch?.reports.early(structHash) ?? [] { judge(signature, of: structHash) }
        }
    }

    private mutating func endorse(_ structHash: Digest) {
        guard let operations, let key = epoch?.key else { return }
        let endorsement = Endorsement(operation: structHash, key: key.statement.transcript, in: operations)
        steps.append(.coordination(.endorsed(endorsement, key: key.key)))
        if key.hasShare { steps.append(.signer(.endorsed(endorsement))) }
    }

    /// No share is needed for it any more.
    private mutating func cease(_ structHash: Digest) {
        guard let operations else { return }
        let digest = StatementDigest(domainSeparator: operations.separator, structHash: structHash).digest
        steps.append(.signer(.retracted(digest)))
        steps.append(.coordination(.retracted(digest)))
    }

    /// The group has signed a report under this member's coordination: all learn of it by its log.
    mutating func reported(_ structHash: Digest, _ signature: GroupSignature) {
        guard let epoch, epoch.reports.wants(structHash) else { return }
        let report = SignedReport(
            epoch: epoch.committee.epoch,
            structHash: structHash,
            signature: signature
        )
        steps.append(.gossip(.entryComposed(.signedReport, body: report.sszBytes)))
        note(structHash, signature)
    }

    /// Takes a signature from a log.
    ///
    /// One that the key in force has not made is nobody's offence: another may have been in force. What this member does
    /// not endorse waits unchecked, so that nobody's log makes the node verify much.
    mutating func take(_ report: SignedReport, of author: MemberIndex) {
        guard operations != nil, report.epoch == committee?.epoch else { return }
        if epoch?.reports.wants(report.structHash) == true, epoch?.verifier != nil {
            judge(report.signature, of: report.structHash)
        } else {
            epoch?.reports.wait(report.structHash, report.signature, of: author)
        }
    }

    private mutating func judge(_ signature: GroupSignature, of structHash: Digest) {
        guard let operations, let epoch, epoch.reports.wants(structHash), let verifier = epoch.verifier else {
            return
        }
        let digest = StatementDigest(domainSeparator: operations.separator, structHash: structHash)
        if verifier.isValid(signature, of: digest) { note(structHash, signature) }
    }

    private mutating func note(_ structHash: Digest, _ signature: GroupSignature) {
        guard let number = committee?.epoch else { return }
        epoch?.reports.signed(structHash, signature)
        cease(structHash)
        out.append(.operations(.signed(structHash)))
        steps.append(.anchor(.proven(.operation(number, structHash: structHash))))
    }

    /// Hands a report to who knows what it says.
    mutating func submitReport(_ structHash: Digest) {
        guard let signature = epoch?.reports.endorsed[structHash] ?? nil else { return }
        out.append(.operations(.submit(structHash, signature)))
    }
}
