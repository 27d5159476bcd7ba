internal import BLS12381
internal import Cryptography
internal import Ethereum
internal import KeyOperations
internal import Primitives

/// What a transcript proves, for people and for programs.
///
/// Field names are part of the interface for programs. Byte strings are in hexadecimal with `0x`.
package struct TranscriptStory: Codable, Hashable, Sendable {
    /// A key that was made or shared anew.
    package struct Key: Codable, Hashable, Sendable {
        /// Its place in the request.
        package var place: Int
        /// The validator's key.
        package var publicKey: String
        /// The public keys of the operators' shares, in the order of ``TranscriptStory/operators``.
        package var shares: [String]
        /// The validator's signature over its deposit; of a keygen only.
        package var depositSignature: String?
        /// The root of the deposit, its signature included; of a keygen only.
        package var depositDataRoot: String?
        /// The validator's signature for its owner in SSV; of a keygen only.
        package var ownershipSignature: String?
    }

    /// An exit that was signed.
    package struct Exit: Codable, Hashable, Sendable {
        /// The validator's key.
        package var publicKey: String
        /// From which epoch of the beacon chain on it counts.
        package var epoch: UInt64
        /// The validator's number there.
        package var validatorIndex: UInt64
        /// The validator's signature.
        package var signature: String
    }

    /// An operator at fault.
    package struct Guilt: Codable, Hashable, Sendable {
        /// Its number.
        package var `operator`: UInt64
        /// Its identity, which has signed what convicts it.
        package var identity: String
        /// What it did.
        package var fault: String
    }

    /// What the committee has reported.
    package struct Report: Codable, Hashable, Sendable {
        /// The committee's epoch.
        package var epoch: UInt64
        /// About which key of a keygen.
        package var place: Int
        /// Why the request has failed; 0 when it has not.
        package var reason: UInt8
        /// Whom that is blamed on.
        package var blamed: [UInt64]
        /// Whether its signature was checked, under the key of the record that was given.
        package var proven: Bool
    }

    /// `keygen`, `reshare` or `exit`.
    package var kind: String
    /// Whether it came to an end; if not, somebody is guilty.
    package var complete: Bool
    /// The request's id in the contract.
    package var request: String
    /// Which attempt at it.
    package var attempt: UInt64
    /// The root of the plan, which all messages name.
    package var plan: String
    /// The beacon chain's name, as the plan has it; in its author's own characters.
    package var network: String
    /// The chain of the contract.
    package var chainId: UInt64
    /// The contract.
    package var contract: String
    /// Who holds shares of the keys at the end, or signs the exit.
    package var operators: [UInt64]
    /// Their identities.
    package var identities: [String]
    /// How many of them sign as the validator.
    package var threshold: Int
    /// The digest of the ceremony, which the chain has to show; of keys only.
    package var transcript: String?
    /// The keys.
    package var keys: [Key] = []
    /// The exit.
    package var exit: Exit?
    /// Who is guilty.
    package var guilty: [Guilt] = []
    /// Who was to take part and has said nothing that counts here.
    package var absent: [UInt64]
    /// Who has failed in attempts before and was left out.
    package var excluded: [UInt64]
    /// What the committee has reported.
    package var reports: [Report]
}

extension TranscriptStory {
    init(_ finding: TranscriptFinding, in transcript: OperationTranscript) {
        let attempt = finding.attempt
        let plan = attempt.plan
        complete = attempt.result != nil
        request = "\(plan.plan.request)"
        self.attempt = plan.plan.attempt
        self.plan = "\(plan.id)"
        network = plan.network.name
        chainId = transcript.deployment.chainId
        contract = transcript.operations.checksummed
        operators = plan.group.numbers
        identities = plan.group.ids.compactMap { plan.operators[$0].map { "\($0.identity)" } }
        threshold =
            plan.sharing.flatMap { sharing in
                if case .exit = plan.task { sharing.threshold } else { nil }
            } ?? plan.threshold
        absent = finding.absent.map { $0.rawValue }
        excluded = plan.plan.excluded.elements.map { $0.rawValue }
        reports = finding.reports.map { report, standing in
            Report(
                epoch: report.epoch.rawValue,
                place: Int(report.place),
                reason: report.reason,
                blamed: report.blamed.elements.map { $0.rawValue },
                proven: standing == .proven
            )
        }
        guilty = attempt.guilty.sorted { $0.key < $1.key }.map { id, fault in
            Guilt(
                operator: id.rawValue,
                identity: plan.operators[id].map { "\($0.identity)" } ?? "",
                fault: "\(fault)"
            )
        }
        switch plan.task {
        case .keygen: kind = "keygen"
        case .reshare: kind = "reshare"
        case .exit: kind = "exit"
        }
        switch (attempt.result, plan.task) {
        case (.keys(let digest, let made), _):
            self.transcript = "\(digest)"
            keys = made.map { Key($0, plan) }
        case (.exit(let signature), .exit(let task)):
            exit = Exit(
                publicKey: plan.sharing.map { "\($0.publicKey.bytes)" } ?? "",
                epoch: task.exit.epoch,
                validatorIndex: task.exit.validatorIndex,
                signature: "\(signature)"
            )
        default: break
        }
    }
}

extension TranscriptStory.Key {
    fileprivate init(_ key: MadeKey, _ plan: CheckedPlan) {
        place = Int(key.place)
        publicKey = "\(key.sharing.publicKey.bytes)"
        shares = plan.group.ids.compactMap { id in
            id.shareIndex.flatMap { key.sharing.publicShare(at: $0) }.map { "\($0.bytes)" }
        }
        depositSignature = key.depositSignature.map { "\($0)" }
        ownershipSignature = key.ownershipSignature.map { "\($0)" }
        if case .keygen(let task) = plan.task, let signature = key.depositSignature {
            let deposit = DepositData(message: task.deposit(of: key.sharing.publicKey), signature: signature)
            depositDataRoot = "\(deposit.hashTreeRoot())"
        }
    }
}
