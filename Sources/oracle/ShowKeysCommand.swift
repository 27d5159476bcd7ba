import ArgumentParser
import Cryptography
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle keys show`.
struct ShowKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints the public card of a data directory's member or operator.",
        discussion: """
            Nothing is opened and nothing in it is secret. A member's card is JSON always; an operator's is shown line by \
            line, and how the governor registers it.

            Examples:
              oracle keys show --data /var/lib/oracle
              oracle keys show --data operator-7 --json | jq -r .sharesKeyHash
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data: String = "."

    @Flag(help: "Print an operator's card as JSON.")
    var json = false

    func run() throws {
        do {
            let directory = try DataDirectory(opening: FilePath(data))
            guard FileManager.default.fileExists(atPath: directory.operatorCard.string) else {
                print(try MemberCard(reading: directory.memberCard).json)
                return
            }
            let card = try OperatorCard(reading: directory.operatorCard)
            print(json ? card.json : text(of: card, in: directory.operatorCard.string))
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }

    private func text(of card: OperatorCard, in file: String) -> String {
        """
        account          \(card.account.checksummed)
        identity         \(card.identity)
        shares key hash  \(card.sharesKey.operatorKeyHash)
        endpoint         \(card.endpoint)
        shares key       \(card.sharesKey.operatorKey)

        The governor registers it under a number with:
          oracle ops operators register --id NUMBER --card \(file.printable) --collateralised
        """
    }
}
