import FoundationEssentials
import Glibc
import P2PNode
import SystemPackage

/// Events of nodes as lines.
struct WatchView {
    let isTerminal: Bool
    let isJSON: Bool
    let isMany: Bool

    /// Shows an item of the node with this number on the command line.
    func show(_ item: WatchItem) {
        switch item.content {
        case .event(let event): show(event, node: item.node)
        case .lost:
            guard !isJSON else { return }
            emit("\(clock(item.time))  \(name(item.node))\(paint("does not answer any more", .red))")
        }
    }

    private func show(_ event: NodeEvent, node: Int) {
        if isJSON {
            guard let line = try? JSONEncoder().encode(event) else { return }
            emit(String(decoding: line, as: UTF8.self))
        } else {
            emit(
                "\(clock(event.time))  \(name(event.node ?? node))\(paint(event.text.printable, colour(of: event.event)))"
            )
        }
    }

    private func emit(_ line: String) {
        // Unbuffered, so that lines of a pipe arrive as they happen. Who reads no more ends the command.
        guard (try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)) != nil else { exit(0) }
    }

    private func name(_ node: Int) -> String {
        isMany ? paint("oracle \(node)".padding(to: 11), .dim) : ""
    }

    private func paint(_ text: String, _ colour: Terminal.Colour?) -> String {
        colour.map { Terminal.paint(text, $0, isTerminal) } ?? text
    }

    private func colour(of event: NodeEvent.Kind) -> Terminal.Colour? {
        switch event {
        case .started, .epochBegan, .linkUp, .electionFinal, .proofFinal: .dim
        case .linkDown, .leaderSuspected, .electionGone, .proofGone: .yellow
        case .leaderTrusted: nil
        case .viewEntered: .cyan
        case .leadershipTaken, .leadershipLeft: .blue
        case .electionCertified: .magenta
        case .electionIncluded, .electionConfirmed, .proofIncluded, .proofAnchored: .green
        case .ceremony: nil
        case .published: .bold
        case .convicted, .halted: .red
        }
    }

    /// The time of day in local time, to the millisecond.
    private func clock(_ milliseconds: Double) -> String {
        var seconds = time_t(milliseconds / 1_000)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        let rest = Int(milliseconds) % 1_000
        let fraction = String(repeating: "0", count: 3 - String(rest).count) + String(rest)
        let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map(two).joined(separator: ":")
        return "\(time).\(fraction)"
    }
}
