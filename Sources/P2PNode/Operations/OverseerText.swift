internal import KeyOperations
internal import Logging
internal import Peer
internal import Primitives

/// What an overseer tells, as a line of the log.
struct OverseerText {
    var level = Logger.Level.info
    var message: String
    var metadata: Logger.Metadata = [:]

    init(_ notice: OverseerNotice) {
        switch notice {
        case .requested(let request, let number):
            self.init("request", "request \(number) came: \(Self.short(request))", ["request": "\(request)"])
        case .ordered(let request, let attempt, let id, let operators):
            let names = operators.map { "\($0)" }.joined(separator: ", ")
            self.init(
                "ordered",
                "attempt \(attempt) at request \(Self.short(request)) is ordered; operators \(names) serve",
                ["request": "\(request)", "attempt": "\(id)"]
            )
        case .refused(let request, let attempt, let author, let refusal):
            self.init(
                "refused",
                "an order of attempt \(attempt) at request \(Self.short(request)) counts for nothing: \(refusal)",
                ["request": "\(request)", "author": "\(author)"]
            )
            level = .warning
        case .said(let attempt, let one, let step):
            self.init("said", "operator \(one): \(step)", ["attempt": "\(attempt)"])
        case .guilty(let attempt, let one, let fault):
            self.init("guilty", "operator \(one) \(fault)", ["attempt": "\(attempt)"])
            level = .warning
        case .absent(let attempt, let operators):
            let names = operators.map { "\($0)" }.joined(separator: ", ")
            self.init("absent", "operators \(names) are silent for too long", ["attempt": "\(attempt)"])
            level = .warning
        case .complete(let request, let attempt):
            self.init(
                "complete",
                "request \(Self.short(request)): all is signed and checked",
                ["request": "\(request)", "attempt": "\(attempt)"]
            )
        case .signed(let request):
            self.init(
                "signed",
                "request \(Self.short(request)): the group has signed a report",
                ["request": "\(request)"]
            )
        case .stuck(let request, let obstacle):
            self.init(
                "stuck",
                "request \(Self.short(request)) waits: \(Self.words(obstacle))",
                ["request": "\(request)", "reason": "\(obstacle)"]
            )
        case .failed(let request, let reason):
            self.init(
                "failed",
                "request \(Self.short(request)) came to nothing (reason \(reason.rawValue))",
                ["request": "\(request)"]
            )
            level = .warning
        case .settled(let request, let state):
            self.init(
                "settled",
                "request \(Self.short(request)): \(state) for good",
                ["request": "\(request)"]
            )
        }
    }

    private init(_ event: String, _ message: String, _ metadata: Logger.Metadata) {
        self.message = message
        self.metadata = metadata
        self.metadata["event"] = "operation.\(event)"
    }

    private static func short(_ request: RequestID) -> String { String(request.hex.prefix(8)) }

    private static func words(_ obstacle: PlanObstacle) -> String {
        switch obstacle {
        case .notOpen: "it is not open"
        case .noCeremony: "it needs no ceremony"
        case .tooFewOperators: "too few operators are left"
        case .unknown: "the chain does not know an operator or the validator that it names"
        case .sharingUnknown:
            "how the key is shared now is not known here; the transcript of its ceremony is missing"
        case .exitUnknown:
            "the beacon chain does not say that the validator may leave; see the setting beacon.url and the validator's age"
        }
    }
}
