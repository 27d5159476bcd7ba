import FoundationEssentials
import P2PNode

/// A node's status as people like to read it.
struct StatusView {
    let text: String

    init(_ status: NodeStatus, isTerminal: Bool) {
        func paint(_ text: String, _ colour: Terminal.Colour) -> String {
            Terminal.paint(text, colour, isTerminal)
        }
        var lines: [String] = []
        let place = status.member.map { "oracle \($0) of \(status.committeeSize ?? 0)" } ?? "no member yet"
        lines.append(
            "\(paint(place, .bold))   \(status.version), up \(Self.span(status.uptimeSeconds)), process \(status.processId)"
        )
        lines.append(paint("identity \(status.identity)", .dim))
        lines.append("")
        lines += Self.facts(status).map { name, value in
            paint(name.padding(to: 10), .dim) + value
        }
        if !status.links.isEmpty {
            lines.append("")
            lines.append(paint("member   link     round trip  endpoint", .dim))
            lines += status.links.map { Self.row($0, leader: status.leader, paint: paint) }
        }
        lines.append("")
        lines += status.explanation.map(\.printable)
        text = lines.joined(separator: "\n")
    }

    /// The status as JSON with sorted keys.
    static func json(_ status: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(status), as: UTF8.self)
    }

    private static func facts(_ status: NodeStatus) -> [(String, String)] {
        let leader = status.leader.map { $0 == status.member ? "this node" : "oracle \($0)" } ?? "unknown"
        let certificate = status.certificate.map { "view \($0.view), oracle \($0.leader)" } ?? "none yet"
        let key = status.groupKey.map { "\($0.key)\($0.hasShare ? "" : " (no share here)")" } ?? "none yet"
        let chain = "block \(status.chain.head)\(status.chain.isStale ? " (stale)" : "")"
        let endpoints = status.chain.endpoints.map { "\($0.name) \($0.state)".printable }
            .joined(separator: ", ")
        return [
            ("epoch", status.epoch.map(String.init) ?? "none yet"),
            ("view", status.view.map(String.init) ?? "none yet"),
            ("leader", leader),
            ("certified", certificate),
            ("anchored", status.anchoredView.map { "view \($0)" } ?? "none yet"),
            ("proofs", status.proof.map(Self.proof) ?? "none anchored yet"),
            ("group key", key),
            ("chain", "\(chain), id \(status.chainId), registry \(status.registry)"),
            ("endpoints", endpoints),
            ("account", "\(status.account)\(status.chain.balance.map { ", \($0) wei" } ?? "")"),
        ]
    }

    private static func proof(_ proof: NodeStatus.Proof) -> String {
        let age = proof.blocksSince.map { ", \($0) blocks ago" } ?? ""
        return
            "anchor \(proof.number)\(age)\(proof.isConfirmed ? "" : ", not confirmed yet"), root \(proof.root)"
    }

    private static func row(
        _ link: NodeStatus.Neighbour,
        leader: Int?,
        paint: (String, Terminal.Colour) -> String
    ) -> String {
        let mark = link.member == leader ? paint("*", .green) : " "
        let state = link.isConvicted ? "convicted" : link.state
        let colour: Terminal.Colour = state == "up" ? .green : .red
        let trip = link.roundTripMicroseconds.map { "\(Double($0) / 1_000) ms" } ?? "-"
        return "\("\(link.member)".padding(to: 7))\(mark) \(paint(state.padding(to: 9), colour))"
            + "\(trip.padding(to: 12))\(link.endpoint.printable)"
    }

    static func span(_ seconds: Double) -> String {
        let whole = Int(seconds)
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3_600: "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: "\(whole / 3_600) h \(whole / 60 % 60) min"
        default: "\(whole / 86_400) d \(whole / 3_600 % 24) h"
        }
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    func padding(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self + " "
    }
}
