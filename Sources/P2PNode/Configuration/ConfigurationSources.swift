internal import Configuration
package import SystemPackage

/// The places that settings are read from: the command line before the environment before the file.
package struct ConfigurationSources: Sendable {
    /// Settings of the command line by name.
    package var flags: [String: String]
    /// The environment of the process.
    package var environment: [String: String]
    /// The file, if there is one.
    package var file: FilePath?

    /// Joins the three.
    package init(flags: [String: String] = [:], environment: [String: String] = [:], file: FilePath? = nil) {
        self.flags = flags
        self.environment = environment
        self.file = file
    }
}

/// Everything that was set, by key, before anything is made of it.
struct RawConfiguration {
    struct Value {
        var items: [String]
        var origin: ConfigurationOrigin
        var text: String { items.joined(separator: ", ") }
    }

    /// How many names of a file that are no settings are told one by one.
    private static let unknownLimit = 20

    private(set) var values: [ConfigurationKey: Value] = [:]
    private(set) var problems: [ConfigurationProblem] = []

    init(_ sources: ConfigurationSources) {
        for name in sources.flags.keys.sorted() where ConfigurationKey(rawValue: name) == nil {
            note(unknown: name, .flag)
        }
        noteUnknownVariables(sources.environment)
        let flags = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: sources.flags.map { name, value in
                    (
                        AbsoluteConfigKey(name.split(separator: ".").map(String.init)),
                        ConfigValue(stringLiteral: value)
                    )
                }
            )
        ).snapshot()
        let environment = EnvironmentVariablesProvider(environmentVariables: sources.environment).snapshot()
        let file = sources.file.flatMap { open($0) }
        for key in ConfigurationKey.allCases {
            let own = AbsoluteConfigKey(key.components)
            let prefixed = AbsoluteConfigKey(["oracle"] + key.components)
            values[key] =
                Self.value(key, own, in: flags) { _ in .flag }
                ?? Self.value(key, prefixed, in: environment) { .environment($0) }
                ?? file.flatMap { file in Self.value(key, own, in: file.values) { _ in .file(file.path) } }
        }
    }

    private static func value(
        _ key: ConfigurationKey,
        _ name: AbsoluteConfigKey,
        in snapshot: any ConfigSnapshot,
        origin: (String) -> ConfigurationOrigin
    ) -> Value? {
        // A provider throws when it has the value in another form; a list is tried as a list first.
        if key.isList, let list = try? snapshot.value(forKey: name, type: .stringArray),
            case .stringArray(let items)? = list.value?.content
        {
            return Value(items: items, origin: origin(list.encodedKey))
        }
        do {
            let found = try snapshot.value(forKey: name, type: .string)
            guard case .string(let text)? = found.value?.content else { return nil }
            let items = key.isList ? text.split(separator: ",").map(trimmed) : [text]
            return Value(items: items, origin: origin(found.encodedKey))
        } catch {
            // Only a list where one value belongs.
            guard let list = try? snapshot.value(forKey: name, type: .stringArray),
                case .stringArray(let items)? = list.value?.content
            else {
                return nil
            }
            return Value(items: items, origin: origin(list.encodedKey))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    // MARK: The file

    private mutating func open(_ path: FilePath) -> (values: YAMLSnapshot, path: String)? {
        let bytes: [UInt8]
        do throws(ConfigurationFileError) {
            bytes = try ConfigurationFile.read(path)
        } catch {
            problems.append(.unreadable(file: path.string, reason: error.reason))
            return nil
        }
        if let alias = ConfigurationFile.alias(in: bytes) {
            problems.append(
                .malformed(
                    file: path.string,
                    reason: "it has the alias *\(alias); write the value out instead"
                )
            )
            return nil
        }
        let names = NamesSeen()
        do {
            let options = YAMLSnapshot.ParsingOptions(
                secretsSpecifier: .dynamic { name, _ in
                    names.add(name)
                    return false
                }
            )
            let values = try unsafe YAMLSnapshot(
                data: bytes.span.bytes,
                providerName: "file",
                parsingOptions: options
            )
            let unknown = names.sorted.filter {
                ConfigurationKey(rawValue: $0) == nil && !Self.isEmptyGroup($0, values)
            }
            for name in unknown.prefix(Self.unknownLimit) { note(unknown: name, .file(path.string)) }
            if unknown.count > Self.unknownLimit {
                let rest = unknown.count - Self.unknownLimit
                problems.append(.unknownToo(count: rest, origin: .file(path.string)))
            }
            return (values, path.string)
        } catch {
            problems.append(.malformed(file: path.string, reason: Self.reason(error)))
            return nil
        }
    }

    /// What a parser's error says, without the lines or the whole file that it quotes behind.
    private static func reason(_ error: any Error) -> String {
        let lines = "\(error)".split(separator: "\n").prefix(2)
        // Of two lines the first says where the second happens; a sentence that has ended needs no second one.
        let isWhole = lines.first.map { $0.hasSuffix(":") || $0.hasSuffix(".") } ?? true
        let text = lines.prefix(isWhole ? 1 : 2).joined(separator: ": ")
        return text.hasSuffix(":") ? String(text.dropLast()) : text
    }

    /// A group of which nothing is set.
    private static func isEmptyGroup(_ name: String, _ values: YAMLSnapshot) -> Bool {
        guard ConfigurationKey.allCases.contains(where: { $0.components[0] == name }) else { return false }
        let found = try? values.value(forKey: AbsoluteConfigKey([name]), type: .string)
        return found?.value?.content == .string("")
    }

    // MARK: What nobody knows

    private mutating func note(unknown name: String, _ origin: ConfigurationOrigin) {
        problems.append(.unknown(name: name, origin: origin, nearest: .nearest(to: name)))
    }

    /// Only in our groups: other programs have variables that begin with `ORACLE_` too.
    private mutating func noteUnknownVariables(_ environment: [String: String]) {
        let known = Dictionary(uniqueKeysWithValues: ConfigurationKey.allCases.map { ($0.variable, $0) })
        let groups = Set(ConfigurationKey.allCases.map { "ORACLE_\($0.components[0].uppercased())_" })
        for name in environment.keys.sorted() where known[name] == nil {
            guard groups.contains(where: name.hasPrefix) else { continue }
            let guess = name.dropFirst("ORACLE_".count).lowercased().replacing(
                "_",
                with: ".",
                maxReplacements: 1
            )
            problems.append(
                .unknown(
                    name: name,
                    origin: .environment(name),
                    nearest: .nearest(to: guess.replacing("_", with: ""))
                )
            )
        }
    }
}

extension ConfigurationKey {
    /// The environment variable of the setting.
    package var variable: String {
        var name = "ORACLE_"
        for letter in rawValue {
            if letter == "." {
                name += "_"
            } else if letter.isUppercase {
                name += "_\(letter)"
            } else {
                name += letter.uppercased()
            }
        }
        return name
    }
}
