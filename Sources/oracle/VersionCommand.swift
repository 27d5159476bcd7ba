import ArgumentParser
import Gossip
import Primitives

/// The program's version.
enum Version {
    /// As peers see it.
    static let number = SoftwareVersion(0, 1, 0)
    /// As people see it.
    static let text = "oracle \(number)"
}

/// `oracle version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the versions of the program and of the protocol it speaks."
    )

    func run() {
        print("\(Version.text), protocol \(Deployment.currentProtocolVersion)")
    }
}
