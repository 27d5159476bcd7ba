internal import BLS12381
internal import Ethereum
internal import Primitives

extension ClusterLock {
    /// Reads a lock; hashes and signatures are for ``examine(_:)``.
    package init(_ bytes: [UInt8]) throws(FileFault) {
        let members = try FileValue.read(bytes, atMost: Self.mostBytes).object(
            ["cluster_definition", "distributed_validators", "signature_aggregate", "lock_hash"],
            optional: ["node_signatures"]
        )
        definition = try ClusterDefinition(members("cluster_definition"))
        let values = members("distributed_validators")
        validators = []
        for value in try values.list(1...Self.mostValidators) {
            validators.append(try Self.validator(value, definition))
        }
        guard UInt64(validators.count) == definition.validatorCount else {
            throw values.fault(
                "has \(validators.count) validators; the definition says \(definition.validatorCount)"
            )
        }
        lockHash = try members("lock_hash").fixed(prefix: .required)
        signatureAggregate = try members("signature_aggregate").fixed(prefix: .required)
        nodeSignatures = []
        for value in try members.optional("node_signatures")?.list(0...Self.mostOperators) ?? [] {
            nodeSignatures.append(try value.bytes(65...65, prefix: .required))
        }
    }

    private static func validator(
        _ value: FileValue,
        _ definition: ClusterDefinition
    ) throws(FileFault) -> Validator {
        let isOld = definition.version < .v1_8
        let deposit = isOld ? "deposit_data" : "partial_deposit_data"
        let members = try value.object([
            "distributed_public_key", "public_shares", "builder_registration", deposit,
        ])
        var shares: [G1Bytes] = []
        for share in try members("public_shares").list(1...mostOperators) {
            shares.append(try share.fixed(prefix: .required))
        }
        guard shares.count == definition.operators.count else {
            throw members("public_shares").fault(
                "has \(shares.count) shares for \(definition.operators.count) operators"
            )
        }
        var deposits: [Deposit] = []
        if isOld {
            deposits = [try Self.deposit(members(deposit))]
        } else {
            for value in try members(deposit).list(0...256) { deposits.append(try Self.deposit(value)) }
        }
        let registration = try members("builder_registration").object(["message", "signature"])
        let message = try registration("message").object([
            "fee_recipient", "gas_limit", "timestamp", "pubkey",
        ])
        return Validator(
            publicKey: try members("distributed_public_key").fixed(prefix: .required),
            publicShares: shares,
            deposits: deposits,
            registration: Registration(
                feeRecipient: try message("fee_recipient").fixed(prefix: .required),
                gasLimit: try message("gas_limit").number(),
                timestamp: try message("timestamp").number(),
                publicKey: try message("pubkey").fixed(prefix: .required),
                signature: try registration("signature").fixed(prefix: .required)
            )
        )
    }

    private static func deposit(_ value: FileValue) throws(FileFault) -> Deposit {
        let members = try value.object(["pubkey", "withdrawal_credentials", "amount", "signature"])
        let amount = try members("amount").decimalText()
        if amount == 0, try members("signature").text(atMost: 200).isEmpty { return Deposit() }
        return Deposit(
            publicKey: try members("pubkey").fixed(prefix: .required),
            withdrawalCredentials: try members("withdrawal_credentials").fixed(prefix: .required),
            amount: amount,
            signature: try members("signature").fixed(prefix: .required)
        )
    }
}

extension ClusterDefinition {
    init(_ value: FileValue) throws(FileFault) {
        let stated = FileValue(json: value.json["version"] ?? .null, place: value.place + ".version")
        guard let version = Version(rawValue: try stated.text(atMost: 16)) else {
            throw stated.fault(
                "is none of \(Version.allCases.map(\.rawValue).joined(separator: ", "))",
                remedy: "verify it with the version of charon that made it"
            )
        }
        var names = [
            "name", "creator", "operators", "uuid", "version", "timestamp", "num_validators", "threshold",
            "validators", "dkg_algorithm", "fork_version", "config_hash", "definition_hash",
        ]
        if version >= .v1_8 { names.append("deposit_amounts") }
        if version >= .v1_9 { names.append("consensus_protocol") }
        if version >= .v1_10 { names += ["target_gas_limit", "compounding"] }
        let members = try value.object(names)
        self.version = version
        uuid = try members("uuid").text(atMost: 64)
        name = try members("name").text(atMost: 256)
        timestamp = try members("timestamp").text(atMost: 32)
        validatorCount = try members("num_validators").number()
        threshold = try members("threshold").number()
        algorithm = try members("dkg_algorithm").text(atMost: 32)
        forkVersion = try members("fork_version").fixed(prefix: .required)
        let creator = try members("creator").object(["address", "config_signature"])
        self.creator = Operator(
            address: try Self.address(creator("address")),
            configSignature: try Self.signature(creator("config_signature"))
        )
        operators = []
        for element in try members("operators").list(1...ClusterLock.mostOperators) {
            let one = try element.object(["address", "enr", "config_signature", "enr_signature"])
            operators.append(
                Operator(
                    address: try Self.address(one("address")),
                    record: try one("enr").text(atMost: 1_024),
                    configSignature: try Self.signature(one("config_signature")),
                    recordSignature: try Self.signature(one("enr_signature"))
                )
            )
        }
        addresses = []
        for element in try members("validators").list(1...ClusterLock.mostValidators) {
            let one = try element.object(["fee_recipient_address", "withdrawal_address"])
            addresses.append(
                Addresses(
                    feeRecipient: try one("fee_recipient_address").address(),
                    withdrawal: try one("withdrawal_address").address()
                )
            )
        }
        guard UInt64(addresses.count) == validatorCount else {
            throw members("validators").fault("are not as many as num_validators says")
        }
        guard (1...UInt64(operators.count)).contains(threshold) else {
            throw members("threshold").fault(
                "is not between 1 and the number of operators, \(operators.count)"
            )
        }
        if version >= .v1_8, let amounts = members.optional("deposit_amounts") {
            for amount in try amounts.list(0...256) { depositAmounts.append(try amount.decimalText()) }
        }
        if version >= .v1_9 { consensusProtocol = try members("consensus_protocol").text(atMost: 256) }
        if version >= .v1_10 {
            targetGasLimit = try members("target_gas_limit").number()
            isCompounding = try members("compounding").flag()
        }
        configHash = try members("config_hash").fixed(prefix: .required)
        definitionHash = try members("definition_hash").fixed(prefix: .required)
    }

    /// An address, or zeros where a cluster has no accounts behind it.
    private static func address(_ value: FileValue) throws(FileFault) -> Address {
        try value.text(atMost: 42).isEmpty ? Address() : try value.address()
    }

    private static func signature(_ value: FileValue) throws(FileFault) -> [UInt8] {
        let text = try value.text(atMost: 132)
        return text.isEmpty || text == "0x" ? [] : try value.bytes(65...65, prefix: .required)
    }
}
