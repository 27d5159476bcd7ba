import Consensus
import Primitives

/// Signs by joining root and identity: nobody in the simulation forges what it did not sign.
struct SimAuthenticator: Authenticator {
    let identity: Identity

    func sign(_ root: SigningRoot) -> IdentitySignature {
        IdentitySignature(root.digest.array + identity.array)!
    }

    func isValid(_ signature: IdentitySignature, of root: SigningRoot, by identity: Identity) -> Bool {
        signature == IdentitySignature(root.digest.array + identity.array)!
    }
}

/// Accepts the one signature that ``signature(epoch:view:leader:)`` makes.
struct SimGroupVerifier: GroupVerifier {
    static func signature(epoch: Epoch, view: View, leader: Address) -> GroupSignature {
        let numbers = epoch.sszBytes + view.sszBytes
        return GroupSignature(numbers + leader.array + [UInt8](repeating: 7, count: 29))!
    }

    func isValid(_ signature: GroupSignature, epoch: Epoch, view: View, leader: Address) -> Bool {
        signature == Self.signature(epoch: epoch, view: view, leader: leader)
    }
}

/// Committees of members that are told apart by one byte.
enum SimCommittee {
    static let domains = SigningDomains(Deployment(chainId: 1, genesis: Digest(), registry: Address()))

    static func make(size: Int, epoch: UInt64 = 1, salt: UInt8 = 0) -> Committee {
        let members = (1...size).map { number in
            Member(
                account: Address([salt] + [UInt8](repeating: UInt8(number), count: 19))!,
                identity: Identity([UInt8](repeating: UInt8(number), count: 32))!,
                encryptionKey: CompressedPoint([UInt8](repeating: 2, count: 33))!,
                endpoint: ByteList(Array("member\(number):1".utf8))!
            )
        }
        return try! Committee(Roster(epoch: Epoch(epoch), members: SSZList(members)!))
    }

    static func authenticator(of member: MemberIndex, in committee: Committee) -> SimAuthenticator {
        SimAuthenticator(identity: committee[member]!.identity)
    }
}
