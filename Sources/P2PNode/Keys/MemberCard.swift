internal import Cryptography
internal import Ethereum
internal import FoundationEssentials
package import Primitives

/// What a member tells the DAO about itself, to be entered in the registry contract.
///
/// Nothing in it is secret.
package struct MemberCard: Hashable, Sendable {
    /// The account that will pay for the member's transactions.
    package let account: Address
    /// The Ed25519 key that will sign its words.
    package let identity: Identity
    /// The secp256k1 key to which the next epoch's shares will be encrypted.
    package let encryptionKey: CompressedPoint
    /// Where it will listen for its peers.
    package let endpoint: Endpoint

    /// Joins the four.
    package init(account: Address, identity: Identity, encryptionKey: CompressedPoint, endpoint: Endpoint) {
        self.account = account
        self.identity = identity
        self.encryptionKey = encryptionKey
        self.endpoint = endpoint
    }

    /// The card on one line of JSON, the account with the capitals of EIP-55, without a line break.
    package var json: String {
        // None of the four can hold a character that JSON escapes.
        """
        {"account":"\(account.checksummed)","identity":"\(identity)",\
        "encryptionKey":"\(encryptionKey)","endpoint":"\(endpoint)"}
        """
    }

    /// Reads a card and checks that its keys can be keys; `nil` when something is amiss.
    package init?(json: [UInt8]) {
        guard json.count <= 4_096,
            let form = try? JSONDecoder().decode(Form.self, from: Data(json)),
            let account = Address(checked: form.account),
            let identity = Identity(hex: form.identity), identity.isValidPoint,
            let encryptionKey = CompressedPoint(hex: form.encryptionKey), Point(encryptionKey) != nil,
            let endpoint = Endpoint(form.endpoint)
        else {
            return nil
        }
        self.init(account: account, identity: identity, encryptionKey: encryptionKey, endpoint: endpoint)
    }

    private struct Form: Decodable {
        var account: String
        var identity: String
        var encryptionKey: String
        var endpoint: String
    }
}
