/// Where a member listens: a host name or address, and a port.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    /// The TCP port.
    package let port: Int

    /// Joins the two.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `1.2.3.4:port` or `[v6]:port`; `nil` for anything else.
    ///
    /// The host's characters are checked, not whether it exists.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits), port > 0 else { return nil }
        let host = text[..<colon]
        if host.hasPrefix("[") {
            guard let address = Self.address(inBrackets: host) else { return nil }
            self.init(host: address, port: Int(port))
        } else {
            guard Self.isName(host) else { return nil }
            self.init(host: String(host), port: Int(port))
        }
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func address(inBrackets host: some StringProtocol) -> String? {
        guard host.hasSuffix("]"), host.contains(":") else { return nil }
        let address = host.dropFirst().dropLast()
        return address.utf8.allSatisfy(\.isPartOfIPv6) ? String(address) : nil
    }

    private static func isName(_ host: some StringProtocol) -> Bool {
        (1...253).contains(host.utf8.count) && host.utf8.allSatisfy(\.isPartOfName)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    private var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    fileprivate var isPartOfName: Bool {
        isDigit || isLetter || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(self)
    }

    fileprivate var isPartOfIPv6: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
            || [UInt8(ascii: ":"), UInt8(ascii: ".")].contains(self)
    }
}
