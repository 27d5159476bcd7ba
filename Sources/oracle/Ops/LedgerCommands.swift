import ArgumentParser
import Ethereum
import P2PNode

/// `oracle ops list`.
struct ListRequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists all requests and what has become of them.",
        discussion: """
            By the contract's logs up to the newest block, in the endpoint's word; what stands in a block that may still be \
            undone is marked.

            Examples:
              oracle ops list
              oracle ops list --open
              oracle ops list --json | jq -r '.[] | select(.state == "done") | .results[].publicKey'
            """
    )

    @OptionGroup var target: ContractTarget

    @Flag(help: "Only requests of which something is to be done.")
    var open = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let reading = try await target.opened { try await target.read($0) }
        let requests = reading.ledger.requests.filter { !open || $0.standing == .open }
        if json {
            print(try LedgerView.json(requests.map { RequestReport($0, reading) }))
        } else {
            print(LedgerView.table(requests, reading))
        }
    }
}

/// `oracle ops show`.
struct ShowRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one request: what is asked, by whom it is done, keys, transcripts, deposits.",
        discussion: """
            Examples:
              oracle ops show 3
              oracle ops show 0x4f6a1b2c --json
            """
    )

    @Argument(help: "The request's number, its id, or the beginning of that.")
    var request: String

    @OptionGroup var target: ContractTarget

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let reading = try await target.opened { try await target.read($0) }
        let entry = try reading.ledger.one(named: request)
        print(json ? try LedgerView.json(RequestReport(entry, reading)) : LedgerView.text(entry, reading))
    }
}

/// `oracle ops watch`.
struct WatchRequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows live what is asked and done about validators' keys.",
        discussion: """
            Begins with the newest events. One that is in a block which was undone is told of as gone.

            Examples:
              oracle ops watch
              oracle ops watch --json | jq 'select(.event == "ValidatorCreated") | .publicKey'
            """
    )

    @OptionGroup var target: ContractTarget

    @Option(name: .long, help: ArgumentHelp("With how many events to begin.", valueName: "count"))
    var last = 10

    @Option(name: .long, help: ArgumentHelp("How often to look.", valueName: "seconds"))
    var every = 4

    @Flag(help: "Print each event as a line of JSON.")
    var json = false

    func validate() throws {
        guard last >= 0, (1...3_600).contains(every) else {
            throw ValidationError("--last is not negative, and --every is 1 to 3600")
        }
    }

    func run() async throws {
        try await target.opened { contract in
            let reading = try await target.read(contract)
            for entry in reading.entries.suffix(last) { try show(entry, reading) }
            try await follow(contract, reading)
        }
    }

    /// Reads anew, each time, what may have been undone meanwhile.
    private func follow(_ contract: OperationsContract, _ reading: LedgerReading) async throws {
        let progress = Waiting()
        var settled = reading.final ?? reading.head
        var shown = reading.entries.filter { $0.block.number > settled }
        while true {
            try await ContinuousClock().sleep(for: .seconds(every))
            do {
                let head = try await contract.head().number
                let final = try await contract.finalNumber()
                let entries = head > settled ? try await contract.entries(in: settled + 1...head) : []
                let next = LedgerReading(entries: entries, head: head, final: final)
                for entry in shown where !entries.contains(entry) { try show(entry, next, isGone: true) }
                for entry in entries where !shown.contains(entry) { try show(entry, next) }
                settled = max(settled, min(final ?? (head > 64 ? head - 64 : 0), head))
                shown = entries.filter { $0.block.number > settled }
            } catch ContractError.endpoint(let name, let fault) {
                progress.tell("the endpoint \(name) gives no answer: \(fault); tries again")
            }
        }
    }

    private func show(_ entry: LedgerEntry, _ reading: LedgerReading, isGone: Bool = false) throws {
        let report = EventReport(entry, isFinal: reading.isFinal(entry), isGone: isGone)
        LedgerView.emit(json ? try LedgerView.line(report) : report.line(isTerminal: Terminal.isOutput))
    }
}
