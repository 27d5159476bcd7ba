internal import BLS12381
internal import KeyOperations
internal import Logging
internal import Primitives

/// What an operator tells of its part, as a line of the log.
struct OperatorText {
    var level = Logger.Level.info
    var message: String
    var metadata: Logger.Metadata = [:]

    init(_ notice: OperatorNotice) {
        switch notice {
        case .taken(let request, let attempt, let id):
            self.init(
                "taken",
                "takes part in attempt \(attempt) at request \(request.hex.prefix(8))",
                ["request": "\(request)", "attempt": "\(id)"]
            )
        case .waits(let id, let obstacle):
            self.init("waits", "an order waits: \(obstacle)", ["attempt": "\(id)"])
        case .given(let id):
            self.init("givenUp", "an order was not what the chain asks for in time", ["attempt": "\(id)"])
            level = .warning
        case .said(let id, let step): self.init("said", "says its word: \(step)", ["attempt": "\(id)"])
        case .unable(let id, let step, let why):
            self.init("unable", "cannot say its word (\(step)): \(why)", ["attempt": "\(id)"])
            level = .error
        case .guilty(let id, let one, let fault):
            self.init("guilty", "operator \(one) \(fault)", ["attempt": "\(id)"])
            level = .warning
        case .complete(let id): self.init("complete", "all is signed and checked", ["attempt": "\(id)"])
        case .failed(let id):
            self.init("failed", "an attempt can come to nothing any more", ["attempt": "\(id)"])
            level = .warning
        case .settled(let request, let state):
            self.init(
                "settled",
                "request \(request.hex.prefix(8)): \(state) for good",
                ["request": "\(request)"]
            )
        case .erased(let key, let transcript):
            self.init(
                "erased",
                "erased a share of \(key.hex.prefix(16)) that is worth nothing any more",
                ["key": "\(key)", "transcript": "\(transcript)"]
            )
        }
    }

    private init(_ event: String, _ message: String, _ metadata: Logger.Metadata) {
        self.message = message
        self.metadata = metadata
        self.metadata["event"] = "operator.\(event)"
    }
}
