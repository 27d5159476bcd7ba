import Peer
import Primitives

/// A kept trace as a picture: a lane for each member, over time.
///
/// A lane's colour is that of the leader whose view the member is in, strong where it leads itself, and grey where
/// it suspects; it has a gap where the process does not run.
package struct Timeline {
    private let report: Report
    private let scale: Double
    private var shapes: [String] = []

    private static let left = 84.0
    private static let top = 64.0
    private static let lane = 30.0
    private static let width = 1_200.0

    /// Draws a report whose trace was kept.
    package init(_ report: Report) {
        self.report = report
        scale = (Self.width - Self.left - 20) / max(report.span.seconds, 0.001)
        drawLanes()
        drawWorld()
    }

    /// The picture as a file of its own, in SVG 1.1.
    package var svg: String {
        let height = Self.top + Self.lane * Double(report.scenario.size) + 84
        let frame = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width.short) \(height.short)" \
            font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            <text x="12" y="22" font-size="15">\(title)</text>
            """
        return ([frame] + axis + shapes + [legend(at: height - 16)] + ["</svg>", ""]).joined(separator: "\n")
    }

    private var title: String {
        let verdict = report.isGood ? "all promises kept" : "\(report.violations.count) promises broken"
        return
            "seed \(report.seed): \(report.scenario.size) members, \(report.strategies.count) break the rules, "
            + "\(report.viewChanges) view changes, \(verdict)"
    }

    // MARK: Lanes

    /// What a lane shows from a moment on.
    private struct Stretch {
        var since = WorldTime.start
        var isUp = false
        var leader: MemberIndex?
        var view = View(0)
        var isLeading = false
        var isSuspicious = false
    }

    private mutating func drawLanes() {
        var stretches = [Stretch](repeating: Stretch(), count: report.scenario.size)
        for record in report.trace {
            guard let member = record.member, let mark = record.mark else { continue }
            let before = stretches[member.offset]
            var after = before
            switch mark {
            case .up: after = Stretch(isUp: true)
            case .down: after = Stretch()
            case .view(let view, let leader):
                (after.view, after.leader, after.isSuspicious) = (view, leader, false)
            case .leads(let isLeading): after.isLeading = isLeading
            case .suspects(let isSuspicious): after.isSuspicious = isSuspicious
            case .certified, .anchored: draw(record, of: member)
            case .fault, .kindness, .agreement: break
            }
            draw(before, of: member, until: record.at)
            after.since = record.at
            stretches[member.offset] = after
        }
        let end = WorldTime.start + report.span
        for (offset, stretch) in stretches.enumerated() {
            draw(stretch, of: MemberIndex(offset + 1), until: end)
        }
    }

    private mutating func draw(_ stretch: Stretch, of member: MemberIndex, until end: WorldTime) {
        guard stretch.isUp, end > stretch.since else { return }
        let height = stretch.isLeading ? Self.lane - 8 : Self.lane - 16
        let y = middle(of: member) - height / 2
        let colour = stretch.leader.map { stretch.isSuspicious ? "#b8b8b8" : $0.colour } ?? "#e6e6e6"
        let leader = stretch.leader.map { ", led by \($0)" } ?? ""
        let title = "\(member): view \(stretch.view)\(leader), \(stretch.since) to \(end)"
        // Below the dots, whenever it is drawn.
        shapes.insert(
            """
            <rect x="\(x(stretch.since).short)" y="\(y.short)" width="\((x(end) - x(stretch.since)).short)" \
            height="\(height.short)" fill="\(colour)"><title>\(title)</title></rect>
            """,
            at: 0
        )
    }

    /// A dot for a certificate, a ring for a confirmed record on chain.
    private mutating func draw(_ record: TraceRecord, of member: MemberIndex) {
        let style: String
        switch record.mark {
        case .certified: style = ""
        case .anchored(_, .confirmed): style = "fill=\"white\" stroke=\"black\""
        default: return
        }
        shapes.append(
            """
            <circle cx="\(x(record.at).short)" cy="\(middle(of: member).short)" r="3" \(style)>\
            <title>\(record.at) \(record.text.escaped)</title></circle>
            """
        )
    }

    // MARK: The world

    private mutating func drawWorld() {
        for record in report.trace {
            switch record.mark {
            case .fault:
                shapes.append(
                    """
                    <path d="M\(x(record.at).short) \((Self.top - 4).short) l-4 -8 h8 z" fill="#d08000">\
                    <title>\(record.at) \(record.text.escaped)</title></path>
                    """
                )
            case .kindness: drawLine(record.at, "stroke=\"green\" stroke-dasharray=\"5 3\"", record.text)
            case .agreement: drawLine(record.at, "stroke=\"green\"", record.text)
            default: break
            }
        }
        for violation in report.violations {
            drawLine(violation.at, "stroke=\"red\" stroke-width=\"2\"", "\(violation.property.rawValue)")
        }
    }

    private mutating func drawLine(_ at: WorldTime, _ style: String, _ words: String) {
        shapes.append(
            """
            <line x1="\(x(at).short)" x2="\(x(at).short)" y1="\((Self.top - 14).short)" y2="\(bottom.short)" \
            \(style)><title>\(at) \(words.escaped)</title></line>
            """
        )
    }

    // MARK: Around it

    private var axis: [String] {
        let step = Self.step(for: report.span.seconds)
        let ticks = stride(from: 0.0, through: report.span.seconds, by: step).map { seconds in
            """
            <text x="\((Self.left + seconds * scale).short)" y="\((bottom + 18).short)" fill="#555" \
            text-anchor="middle">\(seconds.short) s</text>
            """
        }
        let names = (1...report.scenario.size).map { number in
            let member = MemberIndex(number)
            let star = report.strategies[member].map { kinds in
                " *<title>\(kinds.map(\.rawValue).joined(separator: ", "))</title>"
            }
            return
                "<text x=\"12\" y=\"\((middle(of: member) + 4).short)\">oracle \(number)\(star ?? "")</text>"
        }
        return ticks + names
    }

    private func legend(at y: Double) -> String {
        let words = [
            "colour: who leads the view · thick: leads itself · grey: suspects, or no view yet · gap: not running · "
                + "*: breaks the rules",
            "dot: certificate · ring: confirmed on chain · triangle: fault · dashed: the world becomes kind · "
                + "green: all agree · red: a promise broken",
        ]
        return zip([y - 18, y], words).map { y, words in
            "<text x=\"12\" y=\"\(y.short)\" fill=\"#555\">\(words)</text>"
        }.joined(separator: "\n")
    }

    private var bottom: Double { Self.top + Self.lane * Double(report.scenario.size) }

    private func middle(of member: MemberIndex) -> Double {
        Self.top + (Double(member.offset) + 0.5) * Self.lane
    }

    private func x(_ time: WorldTime) -> Double { Self.left + (time - .start).seconds * scale }

    /// A round number that gives some ten ticks.
    private static func step(for seconds: Double) -> Double {
        [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600].first { seconds / $0 <= 12 } ?? 1_800
    }
}

extension MemberIndex {
    /// Told apart by most eyes (Paul Tol's qualitative schemes, bright and muted), neighbours most.
    private static let palette = [
        "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#882255", "#44aa99", "#999933",
        "#cc6677",
    ]

    fileprivate var colour: String { Self.palette[offset % Self.palette.count] }
}

extension String {
    fileprivate var escaped: String {
        map { character in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            default: String(character)
            }
        }.joined()
    }
}

extension Double {
    /// With at most one decimal.
    fileprivate var short: String {
        let tenths = (self * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }
}
