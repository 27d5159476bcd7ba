import Consensus
import Cryptography
import Gossip
package import Peer
package import Primitives

/// The keys of one member of a simulated committee.
struct MemberKeys {
    let identity: Identity
    let account: Address
    let encryptionPoint: CompressedPoint
    /// The secrets, where keys are the product's.
    let secrets: (identity: IdentityKey, account: AccountKey, encryption: EncryptionKey)?

    init(seed: UInt64, hasCurveKeys: Bool) {
        if hasCurveKeys {
            var random = SeededRandom(seed: seed)
            let keys = (
                identity: IdentityKey(random: &random), account: AccountKey(random: &random),
                encryption: EncryptionKey(random: &random)
            )
            identity = keys.identity.identity
            account = keys.account.address
            encryptionPoint = keys.encryption.publicKey
            secrets = keys
        } else {
            let digest = CountingHash.digest("member", seed)
            identity = Identity(digest.storage)
            account = Address(digest.array.prefix(20)) ?? Address()
            encryptionPoint = CountingHash.point(digest)
            secrets = nil
        }
    }

    func record(number: Int) -> Member {
        Member(
            account: account,
            identity: identity,
            encryptionKey: encryptionPoint,
            endpoint: ByteList(Array("127.0.0.1:\(9_000 + number)".utf8)) ?? ByteList()
        )
    }
}

/// All that one process of a member starts with.
package struct Seat {
    /// Which member it is.
    package let member: MemberIndex
    /// The committee it serves.
    package let committee: Committee
    /// What signatures are for.
    package let deployment: Deployment
    /// Its boot counter.
    package let incarnation: UInt64
    /// The randomness of this process.
    package let seed: UInt64
    let keys: MemberKeys
    let wallTimeAtStart: UnixMilliseconds
    let ceremony: CeremonyPace
    let storedShares: [KeptShare]
    let hasEncryptionKey: Bool
    /// Whether objects are signed as in the product.
    let signsObjects: Bool

    /// Signs as the member.
    package var authenticator: any Authenticator {
        if signsObjects, let secrets = keys.secrets {
            Ed25519Authenticator(key: secrets.identity)
        } else {
            CountingAuthenticator(identity: keys.identity)
        }
    }

    /// What checks keys and ceremonies.
    var cryptography: any PeerCryptography {
        if keys.secrets != nil {
            CurveCryptography(deployment: deployment)
        } else {
            CountingCryptography(domain: StatementDomain(deployment))
        }
    }

    /// The same seat with other randomness.
    func drawing(from seed: UInt64) -> Seat {
        Seat(
            member: member,
            committee: committee,
            deployment: deployment,
            incarnation: incarnation,
            seed: seed,
            keys: keys,
            wallTimeAtStart: wallTimeAtStart,
            ceremony: ceremony,
            storedShares: storedShares,
            hasEncryptionKey: hasEncryptionKey,
            signsObjects: signsObjects
        )
    }

    /// The member's machine, before its epoch.
    package func machine() -> PeerMachine {
        PeerMachine(
            PeerMachine.Setting(
                identity: keys.identity,
                incarnation: incarnation,
                deployment: deployment,
                ceremony: ceremony.timing,
                stagger: ceremony.stagger,
                attestationInterval: ceremony.attestationInterval,
                software: SoftwareVersion(1, 0, 0),
                wallTimeAtStart: wallTimeAtStart,
                seed: seed
            ),
            authenticator: authenticator,
            cryptography: cryptography
        )
    }

    /// The member's secrets.
    package func keeper() -> any SecretKeeper {
        guard let secrets = keys.secrets else { return CountingKeeper(self) }
        var shares: [Digest: SecretShare] = [:]
        for kept in storedShares { shares[kept.transcript] = kept.share }
        return Custodian(
            committee: committee,
            member: member,
            deployment: deployment,
            account: secrets.account,
            encryptionKey: hasEncryptionKey ? secrets.encryption : nil,
            storedShares: shares,
            random: SeededRandom(seed: seed &+ 1)
        )
    }
}

/// How patient members are outside the view change.
struct CeremonyPace {
    var timing = CeremonyTiming()
    var stagger = Duration.seconds(15)
    var attestationInterval = Duration.seconds(600)
}
