import ArgumentParser
import FoundationEssentials
import P2PNode
import SystemPackage

/// `oracle proof publish`.
struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract:
            "Says something in the node's own log, for all members to keep and the committee to anchor.",
        discussion: """
            All can read it: nothing secret belongs here. The node signs it as its own word; it goes to all members, and the \
            next list of what the logs come to, under the group's signature, has it anchored on the chain. What was said \
            cannot be taken back.

            Without a title the first line of the text is one, or the file's name. A publication has at most 16,384 bytes, a \
            title 128; a node takes one each 32 seconds, and 32 at once.

            Ends with 0 when the node has it on its disk, with --wait when the chain has its anchor, and with 1 when it is \
            refused or what has become of it is not known.

            Examples:
              oracle proof publish "Validator 5 leaves on 1 March" --data /var/lib/oracle
              oracle proof publish --file minutes.txt --title "Minutes of 12 May" --wait
              date | oracle proof publish --file - --title heartbeat --json | jq -r .id
            """
    )

    @OptionGroup var target: NodeTarget

    @Argument(help: "What to say.")
    var text: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("What to say; - reads standard input.", valueName: "file")
    )
    var file: String?

    @Option(name: .shortAndLong, help: "What it is about, in one line.")
    var title: String?

    @Flag(help: "Wait until the chain has its anchor, and show how far it has come.")
    var wait = false

    @Flag(help: "Print what has become of it as JSON.")
    var json = false

    func validate() throws {
        guard (text == nil) != (file == nil) else {
            throw ValidationError("give either a text or a file")
        }
    }

    func run() async throws {
        let order = try order()
        let answer = try await target.client.reached { client throws(StatusClientError) in
            try await client.publish(order)
        }
        let report: PublicationReport
        switch answer {
        case .success(let taken): report = taken
        case .failure(let refusal): throw refused(refusal.reason)
        }
        if report.state == .refused { throw refused(report.reason ?? "the node does not say why") }
        try await follow(report)
    }

    private func order() throws -> PublicationOrder {
        let content: [UInt8]
        if let file {
            do {
                content = try InputFile.read(file, limit: PublicationOrder.contentLimit)
            } catch {
                Terminal.complain("\(file) cannot be read: \(error)")
                throw ExitCode(Exit.failed)
            }
        } else {
            content = Array((text ?? "").utf8)
        }
        guard (1...PublicationOrder.contentLimit).contains(content.count) else {
            Terminal.complain("a publication has 1 to \(PublicationOrder.contentLimit) bytes")
            throw ExitCode(Exit.failed)
        }
        return PublicationOrder(title: title ?? ownTitle, content: content)
    }

    /// The first line of the text, or the file's name, cut to what a title holds.
    private var ownTitle: String {
        let name = file.flatMap { $0 == "-" ? "standard input" : FilePath($0).lastComponent?.string }
        let line = name ?? text.flatMap { $0.unicodeScalars.split(separator: "\n").first.map { String($0) } }
        var title = ""
        for scalar in (line ?? "untitled").unicodeScalars {
            guard title.utf8.count + UTF8.width(scalar) <= PublicationOrder.titleLimit else { break }
            title.unicodeScalars.append(scalar)
        }
        return title
    }

    private func refused(_ reason: String) -> ExitCode {
        Terminal.complain("the node does not publish it: \(reason)")
        return ExitCode(Exit.negative)
    }

    /// Tells how far it has come until it has come as far as wanted.
    private func follow(_ first: PublicationReport) async throws {
        var report = first
        var told = ""
        let began = ContinuousClock.now
        while !isEnough(report) {
            try await Task.sleep(for: report.state == .waiting ? .milliseconds(50) : .seconds(1))
            report = try await newer(report)
            if report.state == .refused { throw refused(report.reason ?? "the node does not say why") }
            // What is over at once needs no telling.
            guard began.duration(to: .now) > .seconds(1), report.progress != told else { continue }
            told = report.progress
            Terminal.mention(told)
        }
        print(json ? try ProofView.json(report) : report.result)
    }

    private func isEnough(_ report: PublicationReport) -> Bool {
        report.id != nil && (!wait || report.anchor != nil)
    }

    /// Asks again; a node that is away for a moment is waited for, one that has been started again has forgotten.
    private func newer(_ report: PublicationReport) async throws -> PublicationReport {
        do throws(StatusClientError) {
            if let newer = try await target.client.publication(report.ticket) { return newer }
        } catch {
            if case .unreachable = error, wait { return report }
            Terminal.complain("\(error)")
            throw ExitCode(Exit.unreachable)
        }
        let id = report.id.map { ", where it is \($0)" } ?? ""
        Terminal.complain(
            "the node was started again and has forgotten what it was asked; look with 'oracle proof list --published'\(id)"
        )
        throw ExitCode(Exit.negative)
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { encode(scalar)?.count ?? 0 }
}

extension PublicationReport {
    /// How far it has come, on one line.
    fileprivate var progress: String {
        guard let id else { return "waits for its place in the log" }
        return "\(id) is held by \(holders) of \(committeeSize) members, as far as the node knows; "
            + (holders >= quorum ? "a quorum" : "\(quorum) are a quorum")
            + (anchor == nil ? "; not anchored yet" : "")
    }

    /// What came of it.
    fileprivate var result: String {
        var lines = ["entry       \(id ?? "none")", "digest      \(digest ?? "none")"]
        if let anchor { lines.append("anchored    by list \(anchor)") }
        if let block { lines.append("on chain    block \(block), transaction \(transaction ?? "unknown")") }
        return lines.joined(separator: "\n")
    }
}
