package import Ethereum

extension RPCEndpoint {
    /// The endpoint of an address, named by its host; `nil` for what is no address.
    package init?(address text: String) {
        guard let address = RPCAddress(text) else { return nil }
        self.init(name: address.authority, url: text)
    }
}

/// The address of a JSON-RPC endpoint, in which path, query and user often hold an access token.
struct RPCAddress {
    /// `http` or `https`.
    let scheme: String
    /// Host and port, without a user.
    let authority: String
    /// Whether there is something that may be secret.
    let hasSecret: Bool

    /// Takes the address apart; `nil` for what is none.
    init?(_ text: String) {
        guard let scheme = ["http", "https"].first(where: { text.hasPrefix("\($0)://") }),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else {
            return nil
        }
        let rest = text.dropFirst(scheme.count + 3)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let parts = rest[..<end].split(separator: "@", omittingEmptySubsequences: false)
        guard let authority = parts.last, parts.count <= 2, Self.isHost(authority) else { return nil }
        self.scheme = scheme
        self.authority = String(authority)
        hasSecret = parts.count == 2 || !["", "/"].contains(rest[end...])
    }

    /// The address without what may be secret.
    var redacted: String { "\(scheme)://\(authority)\(hasSecret ? "/…" : "")" }

    private static func isHost(_ authority: Substring) -> Bool {
        Endpoint(authority) != nil || Endpoint("\(authority):80") != nil
    }

    /// A text in which of all addresses only schemes and hosts are left, wherever they stand.
    ///
    /// Texts that quote a file that is not understood may quote its addresses.
    static func redacting(_ text: String) -> String {
        let parts = text.split(separator: "://", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { shown, part in
            let address = part.prefix { !$0.isWhitespace && !"'\",;()[]{}".contains($0) }
            let place = address.prefix { !"/?#".contains($0) }
            let path = address.dropFirst(place.count)
            let host = place.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            let isWhole = host.count == place.count && ["", "/"].contains(path)
            return shown + "://" + host + (isWhole ? path : "/…") + part.dropFirst(address.count)
        }
    }
}
