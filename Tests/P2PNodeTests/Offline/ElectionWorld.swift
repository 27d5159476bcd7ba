import Consensus
import Ethereum
import Primitives

@testable import Cryptography
@testable import P2PNode

/// A committee of four with a group key, all of it made from one seed.
struct ElectionWorld {
    let record: CommitteeRecord
    let committee: Committee
    let identities: [IdentityKey]
    let encryptionKeys: [EncryptionKey]
    private let key: GroupKey
    private let shares: [SecretShare]

    init(seed: UInt64 = 7) throws {
        var random = SeededRandom(seed: seed)
        var members: [Member] = []
        var identities: [IdentityKey] = []
        var encryptionKeys: [EncryptionKey] = []
        for number in 1...4 {
            let account = AccountKey(random: &random)
            identities.append(IdentityKey(random: &random))
            encryptionKeys.append(EncryptionKey(random: &random))
            members.append(
                Member(
                    account: account.address,
                    identity: identities[number - 1].identity,
                    encryptionKey: encryptionKeys[number - 1].publicKey,
                    endpoint: ByteList(Array("oracle\(number).example.org:9100".utf8))!
                )
            )
        }
        self.identities = identities
        self.encryptionKeys = encryptionKeys
        let list = SSZList<Member, 128>(members)!
        let polynomial = SecretPolynomial<Secp256k1>(coefficientCount: 3, random: &random)
        key = try GroupKey(coefficients: polynomial.commitments, size: 4)
        shares = (1...4).map {
            SecretShare(member: MemberIndex($0), secret: polynomial.evaluated(at: MemberIndex($0)))
        }
        record = CommitteeRecord(
            deployment: Deployment(
                chainId: 31_337,
                genesis: Digest([UInt8](repeating: 0x9e, count: 32))!,
                registry: Address(hex: "0x5FbDB2315678afecb367f032d93F642f64180aa3")!
            ),
            roster: Roster(epoch: Epoch(1), members: list),
            groupKey: key.publicKey.compressed,
            membersHash: RegistryMembers.hash(list),
            transcript: Digest([UInt8](repeating: 0x77, count: 32))!
        )
        committee = try Committee(record.roster)
    }

    /// The certificate of a view's leader, or of another member where one is named.
    func certificate(view: UInt64, leader: MemberIndex? = nil) throws -> ElectionCertificate {
        let leader = leader ?? committee.leader(of: View(view))
        return ElectionCertificate(
            epoch: Epoch(1),
            view: View(view),
            leader: leader,
            signature: try sign(view: view, leader: committee[leader]!.account)
        )
    }

    /// The log that the registry emits for a certificate, as an Ethereum node gives it.
    func log(
        _ certificate: ElectionCertificate,
        account: Address? = nil,
        contract: Address? = nil
    ) -> String {
        func word(_ number: UInt64) -> String {
            let digits = String(number, radix: 16)
            return "0x" + String(repeating: "0", count: 64 - digits.count) + digits
        }
        let signature = RegistrySignature(certificate.signature)!
        let data = signature.rx.bigEndian.hex + signature.ry.bigEndian.hex + signature.s.bigEndian.hex
        let leader = account ?? committee[certificate.leader]!.account
        return """
            {"address":"\(contract ?? record.deployment.registry)","topics":["\(RegistryEvent.electedTopic)",\
            "\(word(certificate.epoch.rawValue))","\(word(certificate.view.rawValue))",\
            "0x\(String(repeating: "0", count: 24))\(leader.hex)"],"data":"0x\(data)","blockNumber":"0x2a",\
            "blockHash":"\(word(1))","transactionHash":"\(word(2))","transactionIndex":"0x0","logIndex":"0x3",\
            "removed":false}
            """
    }

    /// A certificate as a node's status has it.
    static func json(_ certificate: ElectionCertificate) -> String {
        """
        {"epoch":\(certificate.epoch),"view":\(certificate.view),"leader":\(certificate.leader),\
        "signature":"\(certificate.signature)"}
        """
    }

    private func sign(view: UInt64, leader: Address) throws -> GroupSignature {
        try sign(ElectionStatement(epoch: Epoch(1), view: View(view), leader: leader), view: view)
    }

    /// The group's signature over a statement, made under the leader of a view.
    func sign(_ statement: some Statement, view: UInt64) throws -> GroupSignature {
        var random = SeededRandom(seed: view)
        let statement = StatementDomain(record.deployment).digest(of: statement)
        let context = NonceContext(
            epoch: Epoch(1),
            view: View(view),
            coordinator: MemberIndex(1),
            statement: statement
        )
        let signers = shares.prefix(3)
        let vaults = signers.map { _ in NonceVault() }
        var commitments: [SignerCommitment] = []
        for (share, vault) in zip(signers, vaults) {
            let nonces = try vault.promise(in: context, share: share, key: key, random: &random)
            commitments.append(SignerCommitment(signer: share.member, nonces: nonces))
        }
        let round = try SigningRound(commitments: commitments, key: key, statement: statement)
        var responses: [MemberIndex: Scalar] = [:]
        for (share, vault) in zip(signers, vaults) {
            responses[share.member] = try vault.share(for: commitments, in: context, share: share, key: key)
        }
        return try round.aggregate(responses)
    }
}

/// A generator whose output depends on its seed alone.
struct SeededRandom: SecureRandom {
    private var words: SplitMix64

    init(seed: UInt64) {
        words = SplitMix64(seed: seed)
    }

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<buffer.count {
            unsafe buffer[index] = UInt8(truncatingIfNeeded: words.next() >> 56)
        }
    }
}
