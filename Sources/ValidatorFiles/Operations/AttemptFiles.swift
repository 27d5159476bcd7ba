internal import BLS12381
internal import Cryptography
package import KeyOperations
internal import Primitives

extension DepositFile {
    /// The deposits of the keys that an attempt has made.
    ///
    /// - Throws: ``FileFault`` when it has made none, or the chain would not take one of them.
    package init(of attempt: OperationAttempt) throws(FileFault) {
        guard case .keygen(let task) = attempt.plan.task, case .keys(_, let keys)? = attempt.result else {
            throw FileFault(
                "deposit_data.json",
                "no keys were made",
                remedy: "wait for a keygen to be complete"
            )
        }
        var entries: [Entry] = []
        for key in keys {
            guard let signature = key.depositSignature else { continue }
            let data = DepositData(message: task.deposit(of: key.sharing.publicKey), signature: signature)
            if let fault = data.fault(on: attempt.plan.network) {
                throw FileFault(
                    "deposit_data.json",
                    "the deposit of \(key.sharing.publicKey) is wrong: \(fault)",
                    remedy: "ask for another keygen, with an amount that its withdrawal credentials let count"
                )
            }
            entries.append(Entry(data: data, network: attempt.plan.network))
        }
        self.init(entries)
    }
}

extension KeysharesFile {
    /// What registers the keys that an attempt has made with SSV, each with its own owner's nonce.
    ///
    /// - Throws: ``FileFault`` when it has made none, or operators whom SSV does not know or as many as it does not take.
    package init(of attempt: OperationAttempt, createdAt: String) throws(FileFault) {
        let plan = attempt.plan
        guard case .keygen(let task) = plan.task, case .keys(_, let keys)? = attempt.result else {
            throw Self.none("no keys were made", remedy: "wait for a keygen to be complete")
        }
        guard OperatorSet.sizes.contains(plan.group.count) else {
            throw Self.none(
                "\(plan.group.count) operators hold the keys",
                remedy: "ask for groups of 4, 7, 10 or 13 operators to have them registered with SSV"
            )
        }
        var validators: [Validator] = []
        for (index, key) in keys.enumerated() {
            guard let signature = key.ownershipSignature else { continue }
            var operators: [Operator] = []
            for id in plan.group.ids { operators.append(try Self.share(of: id, index, key, attempt)) }
            validators.append(
                Validator(
                    ownerNonce: OwnerNonce(owner: task.owner, nonce: task.nonce(of: key.place)),
                    publicKey: key.sharing.publicKey.bytes,
                    operators: operators,
                    signature: signature
                )
            )
        }
        self.init(createdAt: createdAt, validators: validators)
    }

    private static func share(
        of id: OperatorID,
        _ index: Int,
        _ key: MadeKey,
        _ attempt: OperationAttempt
    ) throws(FileFault) -> Operator {
        guard let message = attempt.said[id]?[.confirm]?.message,
            case .confirm(let word)? = try? OperatorWord(message),
            word.shares.elements.indices.contains(index),
            let share = id.shareIndex.flatMap({ key.sharing.publicShare(at: $0) })
        else { throw none("operator \(id) has not confirmed", remedy: "get the transcript again") }
        guard !word.sharesKey.bytes.isEmpty else {
            throw none(
                "operator \(id) has no RSA key for SSV",
                remedy: "ask for a keygen among operators that have registered one"
            )
        }
        guard
            let rsaKey = try? RSAPublicKey(operatorKey: String(decoding: word.sharesKey.bytes, as: UTF8.self))
        else {
            throw none(
                "operator \(id) has registered an RSA key that is none",
                remedy: "have it register the key that SSV's contract has for it"
            )
        }
        guard let encrypted = EncryptedShare(word.shares.elements[index].encryptedShare.bytes) else {
            throw none(
                "operator \(id) has not encrypted its share to its RSA key",
                remedy: "ask for a keygen without this operator, which runs a broken program"
            )
        }
        return Operator(id: id.rawValue, key: rsaKey, sharePublicKey: share.bytes, encryptedShare: encrypted)
    }

    private static func none(_ problem: String, remedy: String) -> FileFault {
        FileFault("keyshares.json", problem, remedy: remedy)
    }
}
