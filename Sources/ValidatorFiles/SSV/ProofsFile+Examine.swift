internal import BLS12381
internal import Cryptography
internal import Primitives

extension ProofsFile {
    /// Checks what can be checked without knowing the operators.
    ///
    /// The polynomial cannot: the ids are its positions.
    func examine(_ report: inout FileReport) {
        let owners = Set(ceremonies.joined().map { $0.proof.owner })
        report.check(
            "one owner for all proofs",
            at: "",
            owners.count == 1,
            "there are \(owners.count) owners in one batch",
            remedy: "do not reshare or resign with it: it would move another owner's validator"
        )
        var seen: Set<G1Bytes> = []
        for (index, proofs) in ceremonies.enumerated() {
            let place = ceremonies.count == 1 ? "" : "[\(index)]"
            let validator = proofs[0].proof.validator
            report.check(
                "\(proofs.count) proofs for validator \(validator)",
                at: place,
                proofs.allSatisfy { $0.proof.validator == validator },
                "the proofs are for several validators"
            )
            report.check(
                "validators differ",
                at: place,
                seen.insert(validator).inserted,
                "the validator comes twice"
            )
            let keys = Set(proofs.map { $0.proof.sharePublicKey })
            report.check(
                "shares differ",
                at: place,
                keys.count == proofs.count && keys.allSatisfy { PublicKey($0) != nil }
                    && PublicKey(validator) != nil,
                "two operators have one share, or a key is none"
            )
        }
    }

    /// Checks each proof against the keyshares of the same ceremonies: that the operators named there have signed
    /// exactly these shares, for that owner.
    ///
    /// Together with what the keyshares themselves are checked for, this is more than `ssv-dkg verify` asks, which
    /// neither looks at the polynomial's degree nor at who owns the other proofs of a batch.
    func examine(_ report: inout FileReport, against keyshares: KeysharesFile) {
        report.check(
            "as many validators as in the keyshares",
            at: "",
            ceremonies.count == keyshares.validators.count,
            "there are \(ceremonies.count) ceremonies and keyshares of \(keyshares.validators.count) validators",
            remedy: "give the keyshares of the same ceremonies"
        )
        for (index, proofs) in ceremonies.enumerated() {
            let place = ceremonies.count == 1 ? "" : "[\(index)]"
            guard let key = proofs.first?.proof.validator,
                let validator = keyshares.validators.first(where: { $0.publicKey == key })
            else {
                report.check(
                    "keyshares of the validator",
                    at: place,
                    false,
                    "the keyshares are not of this validator",
                    remedy: "give the keyshares of the same ceremonies"
                )
                continue
            }
            Self.examine(proofs, against: validator, at: place, &report)
        }
    }

    private static func examine(
        _ proofs: [SignedProof],
        against validator: KeysharesFile.Validator,
        at place: String,
        _ report: inout FileReport
    ) {
        guard proofs.count == validator.operators.count else {
            report.check(
                "a proof of each operator",
                at: place,
                false,
                "there are \(proofs.count) proofs of \(validator.operators.count) operators"
            )
            return
        }
        for (index, (signed, one)) in zip(proofs, validator.operators).enumerated() {
            let proof = signed.proof
            let problem: String? =
                if proof.validator != validator.publicKey {
                    "the proof is for another validator"
                } else if proof.owner != validator.ownerNonce.owner {
                    "the proof is for another owner"
                } else if proof.sharePublicKey != one.sharePublicKey {
                    "the public key of the share is not the one in the keyshares"
                } else if proof.encryptedShare.bytes != one.encryptedShare.array {
                    "the encrypted share is not the one in the keyshares"
                } else if !one.key.isValid(signed.signature.array, of: proof.hashTreeRoot().array) {
                    "the operator has not signed it"
                } else {
                    nil
                }
            report.check(
                "proof of operator \(one.id)",
                at: place + "[\(index)]",
                problem == nil,
                problem ?? ""
            )
        }
    }
}
