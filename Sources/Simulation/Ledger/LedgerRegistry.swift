import Consensus
import Cryptography
import Ethereum
import Peer
import Primitives

/// The registry contract as endpoints show it: what it returns and the logs it writes.
struct LedgerRegistry {
    var model = ContractModel()
    /// The block of the proposal, and of the key.
    var proposed: UInt64?
    var installed: UInt64?

    /// Executes a call, or says why not.
    mutating func execute(_ call: RegistryCall, in block: UInt64, _ terms: ContractModel.Terms)
        -> RegistryRevert?
    {
        guard let submission = Submission(call) else { return .other("") }
        if let revert = model.revert(of: submission, terms) { return revert }
        model.execute(submission)
        if case .registerGroupKey = call { installed = block }
        return nil
    }

    /// What a call of a view returns.
    func result(_ view: RegistryView, _ terms: ContractModel.Terms) -> [UInt8] {
        let size = UInt64(terms.committee.size)
        let threshold = UInt64(terms.committee.quorum)
        switch view {
        case .currentView: return ABIValue.tuple([.number(model.view.rawValue)]).encoded
        case .currentLeader: return ABIValue.tuple([.address(model.leader)]).encoded
        case .committee:
            guard let key = model.key, let installed else { return [UInt8](repeating: 0, count: 32 * 8) }
            return ABIValue.tuple([
                .number(key.epoch.rawValue), .word(key.groupKeyX), .number(UInt64(key.parity)),
                .number(threshold), .number(size), .word(key.membersHash), .word(key.transcript),
                .number(installed),
            ]).encoded
        case .pending:
            guard model.key == nil, let proposed else { return [UInt8](repeating: 0, count: 32 * 7) }
            return ABIValue.tuple([
                .number(terms.committee.epoch.rawValue), .number(threshold), .number(size),
                .word(RegistryMembers.hash(terms.committee.roster.members)), .number(proposed), .bool(false),
                .number(0 as UInt64),
            ]).encoded
        case .latestProof:
            return ABIValue.tuple([.number(model.proof.number), .word(model.proof.root)]).encoded
        }
    }
}

extension LedgerLog {
    /// The governor names a committee.
    static func proposal(of roster: Roster, by registry: Address) -> LedgerLog {
        LedgerLog(
            address: registry,
            topics: [RegistryEvent.proposedTopic, Digest(roster.epoch)],
            data: ABIValue.tuple([
                .word(RegistryMembers.hash(roster.members)),
                .number(UInt64(RegistryMembers.threshold(of: roster.members.count))),
                RegistryMembers.value(roster.members),
            ]).encoded,
            transaction: CountingHash.digest("proposal")
        )
    }

    /// What the contract writes when it takes a call.
    static func record(of call: RegistryCall, by registry: Address, in transaction: Digest) -> LedgerLog {
        switch call {
        case .elect(let election, let signature):
            LedgerLog(
                address: registry,
                topics: [
                    RegistryEvent.electedTopic, Digest(election.epoch),
                    UInt256(election.view.rawValue).bigEndian,
                    UInt256(bigEndian: election.leader.array)?.bigEndian ?? Digest(),
                ],
                data: ABIValue.tuple([.number(signature.rx), .number(signature.ry), .number(signature.s)])
                    .encoded,
                transaction: transaction
            )
        case .anchorProof(let anchor, let signature):
            LedgerLog(
                address: registry,
                topics: [
                    RegistryEvent.anchoredTopic, Digest(anchor.epoch), UInt256(anchor.number).bigEndian,
                ],
                data: ABIValue.tuple([
                    .word(anchor.root), .number(signature.rx), .number(signature.ry), .number(signature.s),
                ]).encoded,
                transaction: transaction
            )
        case .registerGroupKey(let key, let approvals):
            rotation(to: key, .none, approvals, by: registry, in: transaction)
        case .rotate(let key, let approval):
            rotation(to: key, approval, [], by: registry, in: transaction)
        }
    }

    private static func rotation(
        to key: GroupKeyRegistration,
        _ approval: RegistrySignature,
        _ approvals: [RegistryApproval],
        by registry: Address,
        in transaction: Digest
    ) -> LedgerLog {
        let statement = key.statement
        return LedgerLog(
            address: registry,
            topics: [RegistryEvent.rotatedTopic, Digest(key.epoch), statement.groupKeyX],
            data: ABIValue.tuple([
                .number(UInt64(statement.parity)), .number(UInt64(statement.threshold)),
                .word(statement.membersHash), .word(statement.transcript), key.possession.value,
                approval.value, .list(approvals.map(\.value)), RegistryMembers.value(key.members),
            ]).encoded,
            transaction: transaction
        )
    }
}

extension Digest {
    /// An epoch as a topic.
    fileprivate init(_ epoch: Epoch) { self = UInt256(epoch.rawValue).bigEndian }
}

extension Submission {
    /// What a call brings to the contract; `nil` for a rotation, which no member makes yet.
    init?(_ call: RegistryCall) {
        switch call {
        case .elect(let election, let signature):
            self = .election(
                election.epoch,
                election.view,
                leader: election.leader,
                signature.compressed
            )
        case .registerGroupKey(let key, let approvals):
            let approvals = approvals.compactMap { approval in
                approval.signature.map { Approval(member: approval.member, signature: $0.eip2098) }
            }
            self = .registration(
                Registration(
                    statement: key.statement,
                    members: key.members.elements,
                    possession: key.possession.compressed,
                    approvals: approvals
                )
            )
        case .anchorProof(let anchor, let signature):
            self = .proofAnchor(
                ProofAnchor(
                    epoch: anchor.epoch,
                    number: anchor.number,
                    root: anchor.root,
                    signature: signature.compressed
                )
            )
        case .rotate: return nil
        }
    }
}
