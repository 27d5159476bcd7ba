package import Cryptography
internal import Ethereum
internal import FoundationEssentials
package import Primitives
package import SystemPackage

/// What an operator tells the governor about itself, to be entered in the contract for validators' keys.
///
/// Nothing in it is secret.
package struct OperatorCard: Hashable, Sendable {
    /// The account that may change the entry.
    package let account: Address
    /// The Ed25519 key that will sign its words.
    package let identity: Identity
    /// The RSA key under which its shares are encrypted.
    package let sharesKey: RSAPublicKey
    /// Where it says that it is.
    package let endpoint: Endpoint

    /// How long an endpoint's text may be in the contract, in bytes.
    package static let endpointLimit = 64

    /// Joins the four.
    package init(account: Address, identity: Identity, sharesKey: RSAPublicKey, endpoint: Endpoint) {
        self.account = account
        self.identity = identity
        self.sharesKey = sharesKey
        self.endpoint = endpoint
    }

    /// The card on one line of JSON, the account with the capitals of EIP-55, without a line break.
    ///
    /// The hash is what the contract keeps of the key.
    package var json: String {
        // None of the five can hold a character that JSON escapes.
        """
        {"account":"\(account.checksummed)","identity":"\(identity)",\
        "sharesKeyHash":"\(sharesKey.operatorKeyHash)","endpoint":"\(endpoint)",\
        "sharesKey":"\(sharesKey.operatorKey)"}
        """
    }

    /// Reads a card and checks that its keys can be keys; `nil` when something is amiss.
    package init?(json: [UInt8]) {
        guard json.count <= 4_096,
            let form = try? JSONDecoder().decode(Form.self, from: Data(json)),
            let account = Address(checked: form.account), !account.isZero,
            let identity = Identity(hex: form.identity), identity.isValidPoint,
            let key = try? RSAPublicKey(operatorKey: form.sharesKey),
            Digest(hex: form.sharesKeyHash) == key.operatorKeyHash,
            form.endpoint.utf8.count <= Self.endpointLimit, let endpoint = Endpoint(form.endpoint)
        else {
            return nil
        }
        self.init(account: account, identity: identity, sharesKey: key, endpoint: endpoint)
    }

    private struct Form: Decodable {
        var account: String
        var identity: String
        var sharesKey: String
        var sharesKeyHash: String
        var endpoint: String
    }
}

extension OperatorCard {
    /// Writes the card and a line break, in place of an older one.
    package func write(to file: FilePath) throws(KeyError) {
        do {
            try AtomicFile.write(unsafe Array((json + "\n").utf8).span.bytes, to: file, replacing: true)
        } catch {
            throw .file(file.string, "\(error)")
        }
    }

    /// The card in a file.
    package init(reading file: FilePath) throws(KeyError) {
        guard let content = FileManager.default.contents(atPath: file.string) else {
            throw .missing(file.string)
        }
        guard let card = OperatorCard(json: Array(content)) else {
            throw .mismatch(
                file.string,
                detail:
                    "no operator's card: {\"account\", \"identity\", \"sharesKeyHash\", \"endpoint\", \"sharesKey\"}"
            )
        }
        self = card
    }
}
