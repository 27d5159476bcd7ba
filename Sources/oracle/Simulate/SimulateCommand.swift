import ArgumentParser
import Simulation
import SystemPackage

/// `oracle simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Plays whole committees through bad times in virtual time, and holds them to every promise.",
        discussion: """
            Each seed decides a world of its own: partitions, loss, pauses, clocks, crashes between any two actions, \
            disks that fail, a chain that reorganises, and members that break the rules. In every tenth the chain is read through endpoints that fail and lie. The members run the machines of \
            this program. After every step all promises of docs/PROTOCOL.md are checked; when the bad times are over, a \
            certified leader must be there in bounded time, and stay.

            A seed that breaks a promise is cut down to the few faults that it takes, shown as a chart, and given as one \
            command that plays it again.

            Examples:
              oracle simulate                                            100 seeds of four oracles, one a liar
              oracle simulate --nodes 10 --byzantine 3 --seeds 1000 --minutes 30
              oracle simulate --nodes 7 --strategy saboteur --strategy twin
              oracle simulate --seed 17 --trace                          what happened in one seed
              oracle simulate --seed 17 --plot timeline.svg              the same as a picture

            Ends with 0 when every promise was kept, with 1 when one was broken.
            """
    )

    @Option(help: "How many oracles, 4 to 100.")
    var nodes = 4

    @Option(help: "How many of them break the rules; as many as the protocol bears unless given.")
    var byzantine: Int?

    @Option(help: "How many seeds to play.")
    var seeds = 100

    @Option(help: ArgumentHelp("The first seed.", valueName: "seed"))
    var first: UInt64 = 0

    @Option(help: ArgumentHelp("Play this seed alone, and tell what came of it.", valueName: "seed"))
    var seed: UInt64?

    @Option(help: "How long the bad times of each seed last, in simulated minutes.")
    var minutes = 1.0

    @Option(
        help: ArgumentHelp(
            "What rule-breakers may do, everything unless given: \(StrategyKind.allCases.map(\.rawValue).joined(separator: ", ")). May be given again.",
            valueName: "name"
        )
    )
    var strategy: [StrategyKind] = []

    @Option(
        help: """
            counted: hashes in the place of signatures, fast. real: the product's cryptography. mixed: every fiftieth seed \
            with the product's.
            """
    )
    var signatures = SignatureChoice.mixed

    @Option(
        help: """
            told: members are told of the chain's events. client: they run the product's chain client, over endpoints that \
            fail and lie. mixed: every tenth seed with the client.
            """
    )
    var chain = ChainChoice.mixed

    @Option(
        help: ArgumentHelp(
            "Of the seed's faults only these, by their places, as a shrunk run names them.",
            valueName: "i,j,..."
        )
    )
    var faults: String?

    @Flag(help: "Print everything that happened; with --seed.")
    var trace = false

    @Option(help: ArgumentHelp("Draw the seed's timeline as SVG; with --seed.", valueName: "file"))
    var plot: String?

    @Option(help: "How many seeds to play at a time; one for each core unless given.")
    var workers: Int?

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard (4...100).contains(nodes) else { throw ValidationError("--nodes takes 4 to 100") }
        let limit = (nodes - 1) / 3
        guard (0...limit).contains(byzantine ?? 0) else {
            throw ValidationError(
                "of \(nodes) oracles at most \(limit) may break the rules: --byzantine 0 to \(limit)"
            )
        }
        guard seeds > 0 else { throw ValidationError("--seeds takes 1 or more") }
        guard minutes > 0, minutes <= 1_440 else {
            throw ValidationError("--minutes takes more than 0, at most 1440")
        }
        guard workers ?? 1 > 0 else { throw ValidationError("--workers takes 1 or more") }
        guard seed != nil || !(trace || plot != nil || faults != nil) else {
            throw ValidationError("--trace, --plot and --faults are about one seed: add --seed")
        }
        _ = try places()
    }

    func run() async throws {
        let isGood = if let seed { try play(seed) } else { try await campaign() }
        if !isGood { throw ExitCode(Exit.negative) }
    }

    // MARK: One seed

    private func play(_ seed: UInt64) throws -> Bool {
        let plan = try places().map { Simulation.plan(scenario(of: seed), seed: seed).keeping($0) }
        let report = Simulation.run(
            scenario(of: seed),
            seed: seed,
            plan: plan,
            keepsTrace: trace || plot != nil || !json
        )
        if let plot {
            try write(Timeline(report).svg, to: plot)
        }
        let view = SimulateView(isTerminal: Terminal.isOutput)
        if json {
            print(try view.json(report))
        } else {
            if trace { print(SequenceChart(report)) }
            print(view.text(report))
            if let plot { print("timeline drawn to \(plot)") }
        }
        return report.isGood
    }

    private func write(_ text: String, to path: String) throws {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            _ = try file.closeAfter { try file.writeAll(text.utf8) }
        } catch {
            Terminal.complain(
                "cannot write \(path): \(error). Name a file in a directory that you may write to"
            )
            throw ExitCode(Exit.failed)
        }
    }

    private func places() throws -> [Int]? {
        guard let faults else { return nil }
        return try faults.split(separator: ",", omittingEmptySubsequences: true).map { word in
            guard let place = Int(word), place >= 0 else {
                throw ValidationError("--faults takes numbers with commas between, not '\(word)'")
            }
            return place
        }
    }

    // MARK: Many seeds

    private func campaign() async throws -> Bool {
        let view = SimulateView(isTerminal: Terminal.isOutput)
        let progress = ProgressLine()
        if !json { print(view.heading(scenario(of: 1), seeds: seeds)) }
        let campaign = Campaign(seeds: first..<(first + UInt64(seeds)), workers: workers ?? Campaign.cores)
        let summary = await campaign.run(scenario(of:)) { summary, seconds in
            progress.show(
                summary.seeds,
                of: seeds,
                "\(summary.failures.count) broke a promise, "
                    + "\(Int(summary.nodeMinutes / max(seconds, 0.001))) node-minutes a second"
            )
        }
        progress.clear()
        if json {
            print(try view.json(summary, seconds: campaign.seconds))
        } else {
            print(view.text(summary, seconds: campaign.seconds))
        }
        guard let failure = summary.failures.first else { return true }
        if !json { explain(failure, view, progress) }
        return false
    }

    /// Cuts the first failure down and says how to play it again.
    private func explain(_ failure: Report, _ view: SimulateView, _ progress: ProgressLine) {
        var shrinker = Shrinker(failure)
        let all = failure.plan.faults.count
        shrinker.shrink(budget: 200) { left, run in
            progress.show(run, of: 200, "cutting seed \(failure.seed) down: \(left) of \(all) faults left")
        }
        progress.clear()
        print(
            view.failure(
                shrinker.report,
                kept: shrinker.kept,
                of: all,
                command: command(for: failure, shrinker.kept)
            )
        )
    }

    private func command(for failure: Report, _ kept: [Int]) -> String {
        var words = [
            "oracle simulate --nodes \(nodes) --byzantine \(failure.scenario.byzantine) --seed \(failure.seed)"
        ]
        words.append("--minutes \(minutes)")
        words += strategy.map { "--strategy \($0.rawValue)" }
        words.append("--signatures \(failure.scenario.signatures == .real ? "real" : "counted")")
        words.append("--chain \(failure.scenario.chain == .told ? "told" : "client")")
        words.append("--faults \(kept.map(String.init).joined(separator: ",")) --trace")
        return words.joined(separator: " ")
    }

    // MARK: What is played

    private func scenario(of seed: UInt64) -> Scenario {
        var scenario = Scenario(size: nodes, byzantine: byzantine ?? (nodes - 1) / 3)
        scenario.badTimes = .milliseconds(Int64(minutes * 60_000))
        scenario.strategies = strategy
        scenario.signatures =
            switch signatures {
            case .counted: .counted
            case .real: .real
            case .mixed: seed.isMultiple(of: 50) ? .real : .counted
            }
        let hasClient = chain == .client || chain == .mixed && seed % 10 == 9
        if hasClient { scenario.chain = .client(Scenario.ChainAccess()) }
        return scenario
    }
}

/// Whose arithmetic signs.
enum SignatureChoice: String, CaseIterable, ExpressibleByArgument {
    case counted
    case real
    case mixed
}

/// How oracles come to know the chain.
enum ChainChoice: String, CaseIterable, ExpressibleByArgument {
    case told
    case client
    case mixed
}

extension StrategyKind: ExpressibleByArgument {}
