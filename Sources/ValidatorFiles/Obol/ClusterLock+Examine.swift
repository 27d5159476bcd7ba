internal import BLS12381
internal import Cryptography
internal import KeyOperations
internal import Primitives

extension ClusterLock {
    /// Checks hashes, shares and all signatures but those of accounts over the definition; some milliseconds a
    /// validator.
    ///
    /// The aggregate shows that every share signed only as far as the shares' holders are known not to have chosen
    /// their keys to cancel out others; Obol's ceremony has no proof of that in the lock.
    func examine(_ report: inout FileReport) {
        let hashes = [
            (
                "configuration", "cluster_definition.config_hash", definition.configHash,
                definition.computedConfigHash
            ),
            (
                "definition", "cluster_definition.definition_hash", definition.definitionHash,
                definition.computedHash
            ),
            ("lock", "lock_hash", lockHash, computedHash),
        ]
        for (name, place, stated, computed) in hashes {
            report.check(
                "hash of the \(name)",
                at: place,
                stated == computed,
                "is not the hash of the \(name)"
            )
        }
        var shares: [PublicKey] = []
        var seen: Set<G1Bytes> = []
        for (index, validator) in validators.enumerated() {
            let place = "distributed_validators[\(index)]"
            if !seen.insert(validator.publicKey).inserted {
                report.check("validators differ", at: place, false, "the validator comes twice")
            }
            shares += validator.examine(definition, definition.addresses[index], &report, at: place)
        }
        let isComplete = shares.count == validators.count * definition.operators.count
        report.check(
            "signature by all \(validators.count * definition.operators.count) shares",
            at: "signature_aggregate",
            isComplete
                && Signature(signatureAggregate)?.isValid(for: computedHash.array, byAll: shares) == true,
            "is not the sum of all shares' signatures of the lock"
        )
        examineNodes(&report)
    }

    private func examineNodes(_ report: inout FileReport) {
        guard nodeSignatures.count == definition.operators.count else {
            report.check(
                "nodes' signatures",
                at: "node_signatures",
                false,
                "there are \(nodeSignatures.count) for \(definition.operators.count) operators",
                remedy: "get the lock that the nodes have made together; without them nobody vouches for it"
            )
            return
        }
        let digest = ClusterLockDigest(digest: computedHash)
        for (index, (one, signature)) in zip(definition.operators, nodeSignatures).enumerated() {
            let key = NodeRecord.key(one.record)
            report.check(
                "signature of node \(index + 1)",
                at: "node_signatures[\(index)]",
                key != nil && Self.signer(of: digest, by: signature) == key,
                key == nil ? "the operator's node record has no key" : "is not the node's"
            )
        }
    }

    /// Whose key made a signature R ‖ S ‖ V, V being 0 or 1, or 27 more.
    private static func signer(of digest: ClusterLockDigest, by bytes: [UInt8]) -> Point? {
        let parity = bytes[64] >= 27 ? bytes[64] - 27 : bytes[64]
        guard parity <= 1, let r = ScalarBytes(bytes[..<32]).flatMap({ Scalar($0) }),
            let s = ScalarBytes(bytes[32..<64]).flatMap({ Scalar($0) })
        else { return nil }
        return AccountSignature(r: r, s: s, isOdd: parity == 1)?.signer(of: digest)
    }
}

/// A lock's hash as nodes sign it.
private struct ClusterLockDigest: EthereumDigest {
    let digest: Digest
}

extension ClusterLock.Validator {
    /// Notes what was found, and answers the keys of the shares, as far as they are keys.
    fileprivate func examine(
        _ definition: ClusterDefinition,
        _ addresses: ClusterDefinition.Addresses,
        _ report: inout FileReport,
        at place: String
    ) -> [PublicKey] {
        let shares = publicShares.compactMap { PublicKey($0) }
        guard let key = PublicKey(publicKey), shares.count == publicShares.count else {
            report.check("keys of \(publicKey)", at: place, false, "the validator's key or a share's is none")
            return shares
        }
        let points = shares.enumerated().compactMap { index, share in
            ShareIndex(UInt64(index + 1)).map { ($0, share.element) }
        }
        let fault =
            Set(publicShares).count < publicShares.count
            ? "two operators have one share"
            : OperatorSet.fault(in: points, threshold: Int(definition.threshold), of: key.element)
        report.check("shares of \(publicKey)", at: place + ".public_shares", fault == nil, fault ?? "")
        let network = BeaconNetwork(
            name: "of the cluster",
            genesisForkVersion: definition.forkVersion,
            capellaForkVersion: definition.forkVersion,
            genesisValidatorsRoot: Digest()
        )
        for (index, deposit) in deposits.enumerated() where deposit.isThere {
            let fault = depositFault(deposit, definition, addresses, network, key)
            report.check(
                "deposit of \(deposit.amount) Gwei",
                at: place + ".deposits[\(index)]",
                fault == nil,
                fault ?? "",
                remedy: "do not send it: the ether would be lost or another's"
            )
        }
        let builder = registrationFault(addresses, network, key)
        report.check(
            "registration with builders",
            at: place + ".builder_registration",
            builder == nil,
            builder ?? ""
        )
        return shares
    }

    private func depositFault(
        _ deposit: ClusterLock.Deposit,
        _ definition: ClusterDefinition,
        _ addresses: ClusterDefinition.Addresses,
        _ network: BeaconNetwork,
        _ key: PublicKey
    ) -> String? {
        guard deposit.publicKey == publicKey else { return "the deposit is for another validator" }
        let kind: WithdrawalCredentials.Kind = definition.isCompounding ? .compounding : .regular
        let credentials = WithdrawalCredentials(addresses.withdrawal, kind: kind)
        guard deposit.withdrawalCredentials.array == credentials.bytes.array else {
            return "the deposit's credentials are not those of the definition"
        }
        let amount = Gwei(rawValue: deposit.amount)
        let message = DepositMessage(publicKey: key, withdrawalCredentials: credentials, amount: amount)
        let isValid = Signature(deposit.signature)?.isValid(for: .deposit(message), on: network, by: key)
        return isValid == true ? nil : "the signature is not the validator's for this network"
    }

    private func registrationFault(
        _ addresses: ClusterDefinition.Addresses,
        _ network: BeaconNetwork,
        _ key: PublicKey
    ) -> String? {
        guard registration.publicKey == publicKey else { return "it is for another validator" }
        guard registration.feeRecipient == addresses.feeRecipient else {
            return "its fees go to another address than the definition says"
        }
        // DOMAIN_APPLICATION_BUILDER differs from deposits' domain in its type alone.
        let domain = [0, 0, 0, 1] + BeaconDomain.deposit(on: network).bytes.array.dropFirst(4)
        let root = SHA256.hash(registration.messageRoot.array + domain)
        let isValid = Signature(registration.signature)?.isValid(for: root.array, by: key)
        return isValid == true ? nil : "the signature is not the validator's for this network"
    }
}
