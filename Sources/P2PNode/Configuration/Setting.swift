internal import Cryptography
internal import Ethereum
internal import Primitives
internal import SystemPackage

/// How a setting is read: from text to a value.
struct Setting<Value> {
    /// What is allowed, after "must be".
    let allowed: String
    /// The value of the texts, or `nil` when they are not allowed.
    let parse: ([String], ConfigurationOrigin) -> Value?
    /// A text as it may be shown.
    var show: (String) -> String = { $0 }

    init(_ allowed: String, one parse: @escaping (String, ConfigurationOrigin) -> Value?) {
        self.allowed = allowed
        self.parse = { texts, origin in texts.first.flatMap { parse($0, origin) } }
    }

    init(
        _ allowed: String,
        all parse: @escaping ([String]) -> Value?,
        show: @escaping (String) -> String
    ) {
        self.allowed = allowed
        self.parse = { texts, _ in parse(texts) }
        self.show = show
    }
}

extension Setting where Value == FilePath {
    /// A path; relative ones of a file count from where that file is, others from the working directory.
    static var path: Setting {
        Setting("a path without a zero byte") { text, origin in
            guard !text.utf8.contains(0) else { return nil }
            let path = FilePath(text)
            guard path.isRelative, case .file(let file) = origin else { return path }
            return FilePath(file).removingLastComponent().pushing(path)
        }
    }
}

extension Setting where Value == Endpoint {
    /// A host and a port.
    static var endpoint: Setting {
        Setting("host:port, such as 0.0.0.0:9100 or [::]:9100") { text, _ in Endpoint(text) }
    }
}

extension Setting where Value == Address {
    /// An account or contract other than zero.
    static var account: Setting {
        Setting("0x and 40 hexadecimal digits, with the capitals of EIP-55 if it has any") { text, _ in
            Address(checked: text).flatMap { $0.isZero ? nil : $0 }
        }
    }
}

extension Setting where Value == Digest {
    /// A hash.
    static var digest: Setting {
        Setting("0x and 64 hexadecimal digits") { text, _ in text.hasPrefix("0x") ? Digest(hex: text) : nil }
    }
}

extension Setting where Value == UInt64 {
    /// A whole number.
    static func number(_ range: ClosedRange<UInt64>) -> Setting {
        Setting("a whole number from \(range.lowerBound) to \(range.upperBound)") { text, _ in
            guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return nil
            }
            return UInt64(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == KeptEpochs {
    /// All, or how many.
    static var keptEpochs: Setting {
        Setting("all, or a whole number from 1 to 1000000") { text, origin in
            if text == "all" { return .all }
            return Setting<UInt64>.number(1...1_000_000).parse([text], origin).map { .newest($0) }
        }
    }
}

extension Setting where Value == Duration {
    /// A number with its unit.
    static func duration(_ range: ClosedRange<Duration>) -> Setting {
        let bounds = "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
        return Setting("a duration from \(bounds), such as 250ms, 4s or 5m") { text, _ in
            DurationText.read(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
    /// One of several words.
    static func choice(_: Value.Type) -> Setting {
        let words = Value.allCases.map(\.rawValue)
        let list = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Setting(list) { text, _ in Value(rawValue: text) }
    }
}

extension Setting where Value == [RPCEndpoint] {
    /// Addresses of JSON-RPC endpoints, of which only scheme and host are ever shown.
    static var endpoints: Setting {
        Setting(
            "1 to 16 different addresses that begin with http:// or https://",
            all: { texts in
                guard texts.count <= 16, Set(texts).count == texts.count else { return nil }
                let endpoints = texts.compactMap { text in
                    RPCAddress(text).map { RPCEndpoint(name: $0.authority, url: text) }
                }
                return endpoints.count == texts.count ? endpoints : nil
            },
            show: { text in RPCAddress(text)?.redacted ?? "(not shown)" }
        )
    }
}
