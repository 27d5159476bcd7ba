package import BLS12381
package import Cryptography
package import KeyOperations
package import Primitives

/// Plays operators with real cryptography: makes the chain's facts, plans, and all that operators say, from a seed.
///
/// ```
/// var stage = try CeremonyStage(operators: [1, 2, 3, 4])
/// let plan = try stage.planKeygen(2, by: [1, 2, 3, 4])
/// let attempt = try stage.play(plan)      // attempt.result is there
/// try stage.register(attempt)             // now the keys can be shared anew, or leave
/// ```
///
/// The stage holds the secrets of all operators, so a test can make any of them say anything:
/// ``play(_:_:)`` asks before each word, and ``sign(_:by:in:)`` signs whatever a test comes up with.
package struct CeremonyStage: Sendable {
    /// An operator in an attempt.
    private struct Part: Hashable, Sendable {
        let attempt: Digest
        let author: OperatorID
    }

    /// The deployment for which everything is signed.
    package let domains: SigningDomains
    /// The beacon chain.
    package let network: BeaconNetwork
    /// What the chain has said so far.
    package private(set) var facts = OperationFacts()
    /// Makes all secrets.
    package var random: SeededSecrets
    /// The operators' keys.
    package private(set) var identities: [OperatorID: IdentityKey] = [:]
    /// The shares of registered keys.
    package private(set) var shares: [G1Bytes: [OperatorID: KeyShare]] = [:]
    /// How registered keys are shared.
    package private(set) var sharings: [G1Bytes: SharedPublicKey] = [:]
    private var encryptionKeys: [Part: G1EncryptionKey] = [:]
    private var lastRequest: UInt64 = 0

    /// A stage with these operators, registered in this order.
    ///
    /// Those with even numbers have an RSA key for SSV.
    package init(
        operators: [UInt64],
        seed: UInt64 = 1,
        network: BeaconNetwork = .hoodi,
        deployment: Deployment = Deployment(chainId: 560_048, genesis: Digest(), registry: Address())
    ) throws {
        domains = SigningDomains(deployment)
        self.network = network
        random = SeededSecrets(seed: seed)
        for (position, number) in operators.enumerated() {
            let id = OperatorID(number)
            let key = IdentityKey(random: &random)
            identities[id] = key
            let text = Self.sharesKey(of: id)
            let record = OperatorRecord(
                id: id,
                account: random.bytes(),
                identity: key.identity,
                sharesKeyHash: text.isEmpty ? Digest() : Keccak256.hash(text),
                endpoint: ByteList(),
                isActive: true,
                isCollateralised: true,
                registration: UInt64(position) + 1
            )
            facts.take(.operatorKnown(record))
        }
    }

    /// The text by which SSV calls an operator's RSA key; nothing if it has none.
    package static func sharesKey(of id: OperatorID) -> [UInt8] {
        id.rawValue.isMultiple(of: 2) ? Array("the RSA key of operator \(id.rawValue)".utf8) : []
    }

    /// The chain says something more.
    package mutating func take(_ fact: OperationFact) { facts.take(fact) }

    // MARK: Requests

    /// The governor asks for something.
    package mutating func request(_ content: (UInt64) throws -> OperationRequest) rethrows -> RequestID {
        lastRequest += 1
        let content = try content(lastRequest)
        let id = content.id(chainId: domains.deployment.chainId, contract: domains.deployment.registry)
        facts.take(.requested(content, id))
        return id
    }

    /// The governor asks for keys: of these operators, or of as many as are to be chosen.
    package mutating func requestKeygen(
        _ count: Int,
        by operators: [UInt64]? = nil,
        size: Int = 4
    ) throws -> RequestID {
        let group = try operators.map { try Self.group($0) }
        return request { number in
            .keygen(
                KeygenRequest(
                    number: number,
                    operators: group,
                    size: group?.count ?? size,
                    count: count,
                    credentials: WithdrawalCredentials(Address()),
                    amount: .ether(32),
                    owner: Address(),
                    ownerNonce: 7
                )
            )
        }
    }

    /// The governor asks to share a registered key among others.
    package mutating func requestReshare(of key: G1Bytes, to operators: [UInt64]) throws -> RequestID {
        let old = try known(facts.validators[key], "a validator").operators
        let new = try Self.group(operators)
        return request { number in
            .reshare(ReshareRequest(number: number, publicKey: key, oldOperators: old, newOperators: new))
        }
    }

    /// The governor asks for a signed exit of a registered key.
    package mutating func requestExit(of key: G1Bytes) throws -> RequestID {
        let group = try known(facts.validators[key], "a validator").operators
        return request { number in
            .exit(
                ExitRequest(number: number, publicKey: key, operators: group, way: .signedExit, feeCap: 0)
            )
        }
    }

    /// The plan of an attempt, checked.
    package func plan(
        _ request: RequestID,
        attempt: UInt64 = 1,
        excluding excluded: Set<OperatorID> = [],
        exit: VoluntaryExit = VoluntaryExit(epoch: 256, validatorIndex: 1_234_567)
    ) throws -> CheckedPlan {
        let key: G1Bytes? =
            switch facts.requests[request]?.content {
            case .reshare(let reshare): reshare.publicKey
            case .exit(let leaving): leaving.publicKey
            default: nil
            }
        return try CheckedPlan(
            try facts.plan(
                of: request,
                attempt: attempt,
                excluding: excluded,
                sharing: key.flatMap { sharings[$0] },
                exit: exit,
                on: network
            )
        )
    }

    /// Asks for keys of a group, and plans the first attempt.
    package mutating func planKeygen(_ count: Int, by operators: [UInt64]) throws -> CheckedPlan {
        let request = try requestKeygen(count, by: operators)
        return try plan(request)
    }

    /// Asks to share a key among others, and plans the first attempt.
    package mutating func planReshare(of key: G1Bytes, to operators: [UInt64]) throws -> CheckedPlan {
        let request = try requestReshare(of: key, to: operators)
        return try plan(request)
    }

    /// Asks for an exit, and plans the first attempt.
    package mutating func planExit(of key: G1Bytes) throws -> CheckedPlan {
        let request = try requestExit(of: key)
        return try plan(request)
    }

    /// The keys of a complete attempt come on chain, and the operators keep their shares.
    package mutating func register(_ attempt: OperationAttempt) throws {
        guard case .keys(let transcript, let keys)? = attempt.result else {
            throw StageError("the attempt has made no keys")
        }
        var kept: [G1Bytes: [OperatorID: KeyShare]] = [:]
        for id in attempt.plan.group.ids {
            for (key, share) in zip(keys, try self.shares(of: id, in: attempt)) {
                kept[key.sharing.publicKey.bytes, default: [:]][id] = share
            }
        }
        for key in keys {
            let bytes = key.sharing.publicKey.bytes
            shares[bytes] = kept[bytes]
        }
        announce(transcript, keys, of: attempt.plan)
    }

    /// The keys of a complete attempt come on chain; whoever has made them keeps the shares elsewhere.
    package mutating func announce(_ attempt: OperationAttempt) throws {
        guard case .keys(let transcript, let keys)? = attempt.result else {
            throw StageError("the attempt has made no keys")
        }
        announce(transcript, keys, of: attempt.plan)
    }

    private mutating func announce(_ transcript: Digest, _ keys: [MadeKey], of plan: CheckedPlan) {
        for key in keys {
            let bytes = key.sharing.publicKey.bytes
            sharings[bytes] = key.sharing
            let record = ValidatorRecord(publicKey: bytes, operators: plan.group, transcript: transcript)
            if case .keygen = plan.task {
                facts.take(.created(plan.plan.request, place: key.place, record))
            } else {
                facts.take(.reshared(plan.plan.request, record))
            }
        }
    }

    /// A group, or an error if these make none.
    package static func group(_ numbers: [UInt64]) throws -> OperatorGroup {
        try known(OperatorGroup(numbers.map { OperatorID($0) }), "a group")
    }

    // MARK: Secrets

    /// An operator's encryption key in an attempt.
    package mutating func encryptionKey(of id: OperatorID, in plan: CheckedPlan) -> G1EncryptionKey {
        let part = Part(attempt: plan.id, author: id)
        if let key = encryptionKeys[part] { return key }
        let key = G1EncryptionKey(random: &random)
        encryptionKeys[part] = key
        return key
    }

    /// What an operator opens of the deals, once all are there.
    ///
    /// - Throws: ``BLS12381/G1ShareFault`` at the first key of which it got a bad share.
    package func shares(of id: OperatorID, in attempt: OperationAttempt) throws -> [KeyShare] {
        let plan = attempt.plan
        let key = try known(encryptionKeys[Part(attempt: plan.id, author: id)], "an encryption key")
        let index = try known(id.shareIndex, "an index")
        return try zip(attempt.sessions, attempt.transcripts).enumerated().map { place, sum in
            let deals = try plan.dealers.map { try known(attempt.deals[$0]?[place], "a deal") }
            return try sum.0.share(from: deals, transcript: sum.1, with: key, as: index)
        }
    }

    /// Signs whatever an operator says.
    package func sign(
        _ message: OperatorMessage,
        as author: OperatorID? = nil
    ) throws -> SignedOperatorMessage {
        let key = try known(identities[author ?? OperatorID(message.author)], "an operator")
        return SignedOperatorMessage(
            message: message,
            signature: key.sign(SigningRoot(of: message, in: domains))
        )
    }

    /// Signs a word of an operator.
    package func sign(
        _ word: OperatorWord,
        by id: OperatorID,
        in plan: CheckedPlan
    ) throws -> SignedOperatorMessage {
        try sign(known(word.message(in: plan.id, by: id), "a word that fits"))
    }
}

/// What is there, or an error that says what is missing.
package func known<Value>(_ value: Value?, _ name: String) throws(StageError) -> Value {
    guard let value else { throw StageError("there is not \(name)") }
    return value
}
