internal import BLS12381
package import Ethereum
internal import KeyOperations
internal import Primitives

/// What a node says of a request that it has understood and does not do.
package struct BeaconRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The HTTP status.
    package var code: Int
    /// The node's words, at most 300 characters.
    package var message: String

    /// A refusal.
    package init(code: Int, message: String) {
        self.code = code
        self.message = String(message.prefix(300))
    }

    package var description: String { "\(code): \(message)" }
}

extension BeaconQuery {
    /// Reads a reply and holds it against the question.
    ///
    /// - Returns: the value, or the node's refusal of an exit: a 400 with the reason.
    /// - Throws: ``Ethereum/RPCFault`` for any other status, and for a body of another form.
    package func value(of reply: BeaconReply) throws(RPCFault) -> Result<BeaconValue, BeaconRefusal> {
        if case .submit = self {
            if reply.status == 200 { return .success(.accepted) }
            if reply.status == 400, let refusal = Self.refusal(reply) { return .failure(refusal) }
        }
        guard reply.status == 200 else { throw .status(reply.status, retryAfter: reply.retryAfter) }
        do throws(ShapeError) {
            if reply.isSSZ {
                guard case .pendingDeposits(let key) = self else {
                    throw ShapeError("reply", expected: "JSON", found: nil)
                }
                return .success(.deposits(try Self.queue(reply.body, key)))
            }
            return .success(try read(try Self.json(reply).member("data", of: "reply")))
        } catch {
            throw .badReply("is not what was asked for: \(error)")
        }
    }

    private static func json(_ reply: BeaconReply) throws(ShapeError) -> JSON {
        guard reply.body.count <= replyLimit else {
            throw ShapeError("reply", expected: "at most \(replyLimit) bytes of JSON", found: nil)
        }
        do {
            return try JSONParser.parse(reply.body)
        } catch {
            throw ShapeError("reply", expected: "JSON (\(error))", found: nil)
        }
    }

    private static func refusal(_ reply: BeaconReply) -> BeaconRefusal? {
        guard let json = try? json(reply), case .string(let message)? = json["message"] else { return nil }
        return BeaconRefusal(code: reply.status, message: message)
    }

    private func read(_ data: JSON) throws(ShapeError) -> BeaconValue {
        switch self {
        case .genesis: .genesis(try BeaconGenesis(json: data))
        case .rules: .rules(try BeaconRules(json: data))
        case .sync: .sync(try BeaconSync(json: data))
        case .validator(let key): .validator(try Self.validator(data, key))
        case .pendingDeposits(let key): .deposits(try Self.queue(data, key))
        case .submit: throw ShapeError("data", expected: "nothing", found: data)
        }
    }

    private static func validator(_ data: JSON, _ key: G1Bytes) throws(ShapeError) -> ValidatorRecord? {
        let list = try data.elements("data", atMost: 1)
        guard let first = list.first else { return nil }
        let record = try ValidatorRecord(json: first)
        guard record.publicKey == key else {
            throw ShapeError(
                "validator.pubkey",
                expected: "0x" + key.hex,
                found: .string(record.publicKey.hex)
            )
        }
        return record
    }

    private static func queue(_ data: JSON, _ key: G1Bytes) throws(ShapeError) -> [PendingDeposit] {
        var found: [PendingDeposit] = []
        for entry in try data.elements("data", atMost: replyLimit) {
            let deposit = try PendingDeposit(json: entry)
            if deposit.deposit.message.publicKey == key { found.append(deposit) }
        }
        return found
    }

    /// A list of fixed-size containers: one after the other, nothing between.
    private static func queue(_ bytes: [UInt8], _ key: G1Bytes) throws(ShapeError) -> [PendingDeposit] {
        guard bytes.count.isMultiple(of: PendingDeposit.size), bytes.count <= queueLimit else {
            throw ShapeError("reply", expected: "a list of pending deposits as SSZ", found: nil)
        }
        let wanted = key.array
        return stride(from: 0, to: bytes.count, by: PendingDeposit.size).compactMap { start in
            guard bytes[start..<start + wanted.count].elementsEqual(wanted) else { return nil }
            return PendingDeposit(ssz: bytes[start..<start + PendingDeposit.size])
        }
    }
}

extension BeaconGenesis {
    fileprivate init(json: JSON) throws(ShapeError) {
        time = try json.decimal(at: "genesis_time", of: "genesis")
        validatorsRoot = try json.fixed(at: "genesis_validators_root", of: "genesis")
        forkVersion = try json.fixed(at: "genesis_fork_version", of: "genesis")
    }
}

extension BeaconRules {
    fileprivate init(json: JSON) throws(ShapeError) {
        guard case .string(let name)? = json["CONFIG_NAME"], name.utf8.count <= 64 else {
            throw ShapeError(
                "spec.CONFIG_NAME",
                expected: "a text of at most 64 bytes",
                found: json["CONFIG_NAME"]
            )
        }
        self.name = name.lowercased()
        genesisForkVersion = try json.fixed(at: "GENESIS_FORK_VERSION", of: "spec")
        capellaForkVersion = try json.fixed(at: "CAPELLA_FORK_VERSION", of: "spec")
        slotsPerEpoch = try json.decimal(at: "SLOTS_PER_EPOCH", of: "spec")
        leastService = try json.decimal(at: "SHARD_COMMITTEE_PERIOD", of: "spec")
        chainId = try json.decimal(at: "DEPOSIT_CHAIN_ID", of: "spec")
        depositContract = try json.fixed(at: "DEPOSIT_CONTRACT_ADDRESS", of: "spec")
        guard slotsPerEpoch > 0 else {
            throw ShapeError("spec.SLOTS_PER_EPOCH", expected: "not 0", found: json["SLOTS_PER_EPOCH"])
        }
    }
}

extension BeaconSync {
    fileprivate init(json: JSON) throws(ShapeError) {
        headSlot = try json.decimal(at: "head_slot", of: "syncing")
        distance = try json.decimal(at: "sync_distance", of: "syncing")
        isSyncing = try json.flag(at: "is_syncing", of: "syncing")
        // Younger than the call itself; nodes without them would have said nothing.
        isOptimistic = try json.optionalMember("is_optimistic")?.flag("syncing.is_optimistic") ?? false
        isExecutionOffline = try json.optionalMember("el_offline")?.flag("syncing.el_offline") ?? false
    }
}

extension ValidatorRecord {
    fileprivate init(json: JSON) throws(ShapeError) {
        index = try json.decimal(at: "index", of: "validator")
        balance = Gwei(rawValue: try json.decimal(at: "balance", of: "validator"))
        guard case .string(let word)? = json["status"], let status = ValidatorStatus(rawValue: word) else {
            throw ShapeError("validator.status", expected: "one of the nine", found: json["status"])
        }
        self.status = status
        let inner = try json.member("validator", of: "validator")
        publicKey = try inner.fixed(at: "pubkey", of: "validator")
        withdrawalCredentials = try inner.fixed(at: "withdrawal_credentials", of: "validator")
        effectiveBalance = Gwei(
            rawValue: try inner.decimal(at: "effective_balance", of: "validator")
        )
        isSlashed = try inner.flag(at: "slashed", of: "validator")
        activationEpoch = try inner.epoch("activation_epoch")
        exitEpoch = try inner.epoch("exit_epoch")
        withdrawableEpoch = try inner.epoch("withdrawable_epoch")
    }
}

extension PendingDeposit {
    /// Its size as SSZ.
    fileprivate static let size = 48 + 32 + 8 + 96 + 8

    fileprivate init(json: JSON) throws(ShapeError) {
        let message = DepositMessage(
            stated: try json.fixed(at: "pubkey", of: "deposit"),
            try json.fixed(at: "withdrawal_credentials", of: "deposit"),
            Gwei(rawValue: try json.decimal(at: "amount", of: "deposit"))
        )
        deposit = DepositData(
            message: message,
            signature: try json.fixed(at: "signature", of: "deposit")
        )
        slot = try json.decimal(at: "slot", of: "deposit")
    }

    /// `nil` unless there are exactly ``size`` bytes.
    fileprivate init?(ssz bytes: ArraySlice<UInt8>) {
        let end = bytes.endIndex
        guard bytes.count == Self.size, let deposit = try? DepositData(ssz: Array(bytes[..<(end - 8)])) else {
            return nil
        }
        self.deposit = deposit
        slot = bytes[(end - 8)...].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension JSON {
    /// A number of at most 64 bits in decimal digits, as a text and without leading zeros.
    func decimal(_ path: String) throws(ShapeError) -> UInt64 {
        guard case .string(let text) = self, (1...20).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            text == "0" || text.utf8.first != UInt8(ascii: "0"), let number = UInt64(text)
        else { throw ShapeError(path, expected: "a number of 64 bits in decimal", found: self) }
        return number
    }

    fileprivate func decimal(at name: String, of path: String) throws(ShapeError) -> UInt64 {
        try member(name, of: path).decimal("\(path).\(name)")
    }

    fileprivate func flag(at name: String, of path: String) throws(ShapeError) -> Bool {
        try member(name, of: path).flag("\(path).\(name)")
    }

    fileprivate func fixed<Tag, let count: Int>(
        at name: String,
        of path: String
    ) throws(ShapeError) -> FixedBytes<Tag, count> {
        try member(name, of: path).fixed("\(path).\(name)")
    }

    /// An epoch that may still be open, which the chain writes as the greatest number.
    fileprivate func epoch(_ name: String) throws(ShapeError) -> UInt64? {
        let number = try member(name, of: "validator").decimal("validator." + name)
        return number == .max ? nil : number
    }
}
