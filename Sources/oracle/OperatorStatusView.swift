import FoundationEssentials
import P2PNode

/// An operator's status as people like to read it.
struct OperatorStatusView {
    let text: String

    init(_ status: OperatorStatus, isTerminal: Bool) {
        func paint(_ text: String, _ colour: Terminal.Colour) -> String {
            Terminal.paint(text, colour, isTerminal)
        }
        let chain = "block \(status.chain.head)\(status.chain.isStale ? " (stale)" : "")"
        let endpoints = status.chain.endpoints.map { "\($0.name) \($0.state)".printable }
        var lines = [
            "\(paint("operator \(status.id)", .bold))   \(status.version), up \(StatusView.span(status.uptimeSeconds)), "
                + "process \(status.processId)",
            paint("identity \(status.identity)", .dim), "",
        ]
        let facts = [
            ("epoch", status.epoch.map(String.init) ?? "none yet"),
            ("shares key", status.sharesKeyHash ?? "none"),
            ("chain", "\(chain), id \(status.chainId), registry \(status.registry)"),
            ("endpoints", endpoints.joined(separator: ", ")),
        ]
        lines += facts.map { paint($0.padding(to: 11), .dim) + $1 }
        if !status.oracles.isEmpty {
            lines += ["", paint("oracle   link      endpoint", .dim)]
            lines += status.oracles.map { oracle in
                let colour: Terminal.Colour = oracle.state == "up" ? .green : .red
                return "\(String(oracle.member).padding(to: 9))\(paint(oracle.state.padding(to: 10), colour))"
                    + oracle.endpoint.printable
            }
        }
        lines.append("")
        lines += status.explanation.map(\.printable)
        text = lines.joined(separator: "\n")
    }
}
