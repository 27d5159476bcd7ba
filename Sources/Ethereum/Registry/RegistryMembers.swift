internal import Cryptography
package import Primitives

/// The contract's lists of members.
package enum RegistryMembers {
    /// How many members there are at most.
    package static let maxCount = 128

    static let type = ABIType.list(.tuple([.address, .word, .bytes, .string]))
    /// As ``type``, but with any bytes for the endpoint: the contract does not look whether they are UTF-8, and
    /// a governor's slip must not make the log unreadable.
    static let lenientType = ABIType.list(.tuple([.address, .word, .bytes, .bytes]))

    /// `keccak256(abi.encode(Member[]))`: what the contract keeps of a list.
    package static func hash(_ members: SSZList<Member, 128>) -> Digest {
        Keccak256.hash(ABIValue.tuple([value(members)]).encoded)
    }

    /// How many shares make a signature: n - f, where f is the greatest number with n >= 3f + 1.
    package static func threshold(of size: Int) -> Int {
        size - (size - 1) / 3
    }

    /// The contract's `Member[]`.
    package static func value(_ members: SSZList<Member, 128>) -> ABIValue {
        .list(
            members.map { member in
                .tuple([
                    .address(member.account),
                    .word(Digest(member.identity.storage)),
                    .bytes(member.encryptionKey.array),
                    .bytes(member.endpoint.bytes),
                ])
            }
        )
    }

    static func members(_ value: ABIValue) throws(ABIError) -> SSZList<Member, 128> {
        var members: [Member] = []
        for element in try value.asElements("members") {
            let parts = try element.asElements("member", count: 4)
            guard let encryptionKey = CompressedPoint(try parts[2].asBytes("encryptionKey")) else {
                throw .unexpected(
                    "member \(members.count + 1) has an encryption key that is not 33 bytes long"
                )
            }
            guard let endpoint = ByteList<64>(try parts[3].asBytes("endpoint")) else {
                throw .unexpected("member \(members.count + 1) has an endpoint of more than 64 bytes")
            }
            members.append(
                Member(
                    account: try parts[0].asAddress("account"),
                    identity: Identity(try parts[1].asWord("identity").storage),
                    encryptionKey: encryptionKey,
                    endpoint: endpoint
                )
            )
        }
        guard let list = SSZList<Member, 128>(members) else {
            throw .unexpected("a list of \(members.count) members; at most \(maxCount) are possible")
        }
        return list
    }
}
