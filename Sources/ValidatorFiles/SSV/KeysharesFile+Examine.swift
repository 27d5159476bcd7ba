internal import BLS12381
internal import Primitives

extension KeysharesFile {
    /// Checks that keys, shares and signature of each validator belong together; about 5 ms each.
    ///
    /// What no one but an operator can check is that its encrypted share is the one that its public key belongs to
    /// (``RSAPrivateKey/decrypt(_:of:)``).
    func examine(_ report: inout FileReport) {
        var seen: Set<G1Bytes> = []
        for (index, validator) in validators.enumerated() {
            let place = "shares[\(index)]"
            let isFirst = seen.insert(validator.publicKey).inserted
            report.check(
                "validator \(validator.publicKey) of \(validator.operators.count) operators",
                at: place + ".payload.publicKey",
                isFirst,
                "the validator stands in the file twice"
            )
            validator.examine(&report, at: place)
        }
    }
}

extension KeysharesFile.Validator {
    fileprivate func examine(_ report: inout FileReport, at place: String) {
        let keys = Set(operators.map(\.key))
        report.check(
            "operators' keys differ",
            at: place + ".data.operators",
            keys.count == operators.count,
            "two operators have one key, so that they are one"
        )
        guard let key = PublicKey(publicKey) else {
            report.check(
                "key",
                at: place + ".payload.publicKey",
                false,
                "is no key: no element of G1, or the identity"
            )
            return
        }
        let fault = sharesFault(key)
        report.check("shares", at: place + ".payload.sharesData", fault == nil, fault ?? "")
        let signature = Signature(signature)
        report.check(
            "validator's signature for its owner with nonce \(ownerNonce.nonce)",
            at: place + ".payload.sharesData",
            signature?.isValid(for: ownerNonce.digest.array, by: key) == true,
            "the signature is not the validator's for this owner and nonce",
            remedy:
                "run the ceremony again with the owner and the nonce that SSV's contract has; it refuses others"
        )
    }

    /// What is wrong with the shares.
    private func sharesFault(_ key: PublicKey) -> String? {
        var shares: [(index: ShareIndex, element: G1)] = []
        for one in operators {
            guard let index = ShareIndex(one.id), let share = PublicKey(one.sharePublicKey) else {
                return "the share key of operator \(one.id) is no key"
            }
            shares.append((index, share.element))
        }
        guard Set(operators.map { $0.sharePublicKey }).count == operators.count else {
            return "two operators have one share"
        }
        let threshold = OperatorSet.threshold(of: operators.count)
        return OperatorSet.fault(in: shares, threshold: threshold, of: key.element)
    }
}
