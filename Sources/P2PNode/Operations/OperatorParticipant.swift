internal import BLS12381
internal import Cryptography
internal import Gossip
internal import KeyOperations
package import Primitives
internal import ValidatorFiles

/// An operator's side of ceremonies: its machine, its secrets and its disk, as a desk of operations drives them.
///
/// What the custodian does is on the disk before the machine hears of it, and so before anybody else does.
package struct OperatorParticipant: OperationParticipant {
    private var machine: OperatorMachine
    private var custodian: OperatorCustodian<SystemRandom>
    private let files: OperatorFiles
    private var isHalted = false

    /// An operator that goes on with what its disk has.
    init(
        _ setting: OperatorMachine.Setting,
        identity: IdentityKey,
        encryption: (any ShareEncryption)?,
        files: OperatorFiles
    ) {
        machine = OperatorMachine(
            setting,
            records: files.records,
            verifier: Ed25519Authenticator(key: identity)
        )
        custodian = OperatorCustodian(
            id: setting.id,
            identity: identity,
            domains: SigningDomains(setting.deployment),
            encryption: encryption,
            records: files.records,
            random: SystemRandom()
        )
        self.files = files
    }

    package var nextDeadline: Instant? { isHalted ? nil : machine.nextDeadline }

    package mutating func handle(_ news: OperationNews, at now: Instant) -> [OperationOrder] {
        switch news {
        case .came(let item, let peer):
            let kind = OperatorItem.Kind(rawValue: item.name.kind.rawValue) ?? .message
            let item = OperatorItem(operation: item.name.operation, kind: kind, bytes: item.bytes)
            return take(.came(item, from: peer), at: now)
        case .vouched(let name, let peer):
            guard name.kind == .order else { return [] }
            return take(.vouched(operation: name.operation, digest: name.digest, by: peer), at: now)
        case .tooManyOperations(let operation): return take(.notOpened(operation), at: now)
        // What this operator offers is within the limits, and who is there asks by itself.
        case .refused, .present: return []
        }
    }

    package mutating func expired(at now: Instant) -> [OperationOrder] {
        guard !isHalted else { return [] }
        return carryOut(machine.expired(at: now), at: now)
    }

    /// Brings the machine what does not come over the links of oracles.
    mutating func take(_ event: OperatorMachine.Event, at now: Instant) -> [OperationOrder] {
        guard !isHalted else { return [] }
        return carryOut(machine.handle(event, at: now), at: now)
    }

    private mutating func carryOut(_ actions: [OperatorMachine.Action], at now: Instant) -> [OperationOrder] {
        var orders: [OperationOrder] = []
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            switch action {
            case .open(let operation, let peers): orders.append(.open(operation, with: peers))
            case .close(let operation): orders.append(.close(operation))
            case .offer(let item):
                if let item = Self.item(item) { orders.append(.offer([item])) }
            case .convict(let item):
                if let item = Self.item(item) { orders.append(.convict(item.name)) }
            case .notice(let notice): orders.append(.operatorNotice(notice))
            case .order(let order):
                let outcome = custodian.perform(order)
                do {
                    for change in outcome.safekeeping { try files.perform(change) }
                } catch {
                    // The custodian holds what the disk does not: nothing that it says counts any more.
                    isHalted = true
                    return orders + [
                        .halt("\(error). The operator has stopped: what it would say now it could not keep")
                    ]
                }
                if let answer = outcome.answer { waiting += machine.handle(.answered(answer), at: now) }
            }
        }
        return orders
    }

    private static func item(_ item: OperatorItem) -> OperationItem? {
        OperationItem(of: item.operation, item.kind == .order ? .order : .message, item.bytes)
    }
}

/// An operator's RSA key, as SSV's network has it.
struct SharesKey: ShareEncryption {
    private let key: RSAPublicKey
    let sharesKey: [UInt8]

    init(_ key: RSAPublicKey) {
        self.key = key
        sharesKey = Array(key.operatorKey.utf8)
    }

    func encrypt(_ share: SecretFr) throws(ShareEncryptionFault) -> [UInt8] {
        do {
            return try key.encrypt(share).array
        } catch {
            throw ShareEncryptionFault("\(error)")
        }
    }
}
