import ArgumentParser
import Cryptography
import P2PNode
import SystemPackage

/// `oracle keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes and shows a node's keys.",
        subcommands: [NewKeysCommand.self, ShowKeysCommand.self, RenewKeysCommand.self]
    )
}

/// What protects the keys of a data directory.
struct KeyProtection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A file with the passphrase.", valueName: "file"))
    var passphraseFile: String?

    @Option(name: .long, help: ArgumentHelp("A file with 32 random bytes, mode 0600.", valueName: "file"))
    var keyFile: String?

    func validate() throws {
        guard (passphraseFile == nil) != (keyFile == nil) else {
            throw ValidationError(
                "give one of --passphrase-file and --key-file: it is what opens the keys later"
            )
        }
    }

    func sealingKey() throws(KeyError) -> SealingKey {
        if let keyFile { return .keyFile(try SecretFile.key(FilePath(keyFile))) }
        return .passphrase(try SecretFile.passphrase(FilePath(passphraseFile ?? "")))
    }
}

/// `oracle keys new`.
struct NewKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes the keys of a new member and prints its public card.",
        discussion: """
            The card is what the registry's governor needs to propose the member; nothing in it is secret. It is written \
            to member.json in the data directory, too.

            Examples:
              oracle keys new --data /var/lib/oracle --passphrase-file pass.txt --endpoint oracle.example.org:9100
              oracle keys new --data node-1 --key-file seal.key --endpoint 127.0.0.1:9101
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory; made if it is missing.", valueName: "dir"))
    var data: String

    @Option(
        name: .long,
        help: ArgumentHelp("Where the other members will find this node.", valueName: "host:port")
    )
    var endpoint: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with an account's secret key in hexadecimal, to use that.",
            valueName: "file"
        )
    )
    var accountFile: String?

    @OptionGroup var protection: KeyProtection

    func run() throws {
        guard let endpoint = Endpoint(endpoint) else {
            throw ValidationError(
                "--endpoint takes host:port, such as oracle.example.org:9100, not '\(endpoint)'"
            )
        }
        do {
            // Before there is a secret: no core dump, no debugger of the same user.
            _ = ProcessHardening.apply()
            var random = SystemRandom()
            let card = try NodeKeys.create(
                in: try DataDirectory(creating: FilePath(data)),
                protection: try protection.sealingKey(),
                account: try accountFile.map { path throws(KeyError) in try SecretFile.account(FilePath(path))
                },
                endpoint: endpoint,
                random: &random
            )
            print(card.json)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }
}

/// `oracle keys show`.
struct ShowKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints the public card of a data directory's member.",
        discussion: """
            Example:
              oracle keys show --data /var/lib/oracle
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data: String = "."

    func run() throws {
        do {
            let directory = try DataDirectory(opening: FilePath(data))
            print(try MemberCard(reading: directory.memberCard).json)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }
}
