package import Primitives

/// Watches the leader for its member, and reports each term.
///
///     entered ──> certified, anchored, doubts, tasks, offences ──> left: the last report
///        ^                        │                                        │
///        │                        └── an interval has passed: a report     │
///        └─────────────────────────────────────────────────────────────────┘
///
/// A leader writes nothing about itself. Nothing is kept over a restart: the term is then watched, and its reports
/// counted, anew.
package struct TermMonitor: Machine {
    /// Something that has been seen.
    package enum Event: Hashable, Sendable {
        /// The member is in this view now.
        case entered(View, leader: MemberIndex)
        /// The view's election certificate is known.
        case certified(View)
        /// The chain has confirmed the view's election.
        case anchored(View)
        /// Whether there is something to do that only the leader can do.
        case owed(Bool)
        /// What the member thinks of the leader has changed; `nil` is trust.
        case doubted(WishReason?)
        /// An entry of this member's log has come.
        case entry(by: MemberIndex)
        /// Something of this member's broke the rules.
        case offence(by: MemberIndex)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Append the report to the member's own log.
        case report(TermReport)
    }

    /// What is seen of the term.
    private struct Term: Sendable {
        var report: TermReport
        let began: Instant
        var isOwed = false
        var isOverdue = false
    }

    private let member: MemberIndex
    private let interval: Duration
    private var term: Term?
    private var dueReport: Instant?

    /// A monitor of a member in no view yet.
    ///
    /// - Parameters:
    ///   - member: The member that watches.
    ///   - interval: How often a term that goes on is reported.
    package init(member: MemberIndex, interval: Duration) {
        self.member = member
        self.interval = interval
    }

    package var nextDeadline: Instant? { dueReport }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let due = dueReport, due <= now else { return [] }
        dueReport = now.advanced(by: interval)
        defer { count(\.number) }
        return report(isOver: false, at: now)
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .entered(let view, let leader): return enter(view, leader, at: now)
        case .certified(let view):
            note(\.certified, of: view, at: now)
        case .anchored(let view):
            note(\.anchored, of: view, at: now)
        case .owed(let isOwed): owe(isOwed)
        case .doubted(let reason):
            guard let reason, reason != .none else { break }
            count(\.doubts)
            term?.report.reason = reason
            if reason == .duty, term?.isOwed == true { term?.isOverdue = true }
        case .entry(let author):
            if author == term?.report.leader { count(\.entries) }
        case .offence(let author):
            if author == term?.report.leader { count(\.offences) }
        }
        return []
    }

    private mutating func enter(_ view: View, _ leader: MemberIndex, at now: Instant) -> [Action] {
        if let term, view <= term.report.view { return [] }
        let isOwed = term?.isOwed ?? false
        if term?.isOwed == true, term?.isOverdue == true { count(\.overdue) }
        let actions = report(isOver: true, at: now)
        term = Term(report: TermReport(view: view, leader: leader), began: now, isOwed: isOwed)
        dueReport = leader == member ? nil : now.advanced(by: interval)
        return actions
    }

    private mutating func note(
        _ moment: WritableKeyPath<TermReport, UInt64>,
        of view: View,
        at now: Instant
    ) {
        guard let term, term.report.view == view, term.report[keyPath: moment] == 0 else { return }
        self.term?.report[keyPath: moment] = term.began.duration(to: now).wholeMilliseconds + 1
    }

    /// A task that ends within the term was done by its leader; one that outlives it may be the next one's merit.
    private mutating func owe(_ isOwed: Bool) {
        guard let term, term.isOwed != isOwed else { return }
        if !isOwed {
            count(term.isOverdue ? \.overdue : \.served)
        }
        self.term?.isOwed = isOwed
        self.term?.isOverdue = false
    }

    /// Counts up to the largest number: how long a leader can go on is nobody's to say.
    private mutating func count(_ what: WritableKeyPath<TermReport, UInt32>) {
        guard let number = term?.report[keyPath: what], number < .max else { return }
        term?.report[keyPath: what] = number + 1
    }

    private func report(isOver: Bool, at now: Instant) -> [Action] {
        guard let term, term.report.leader != member else { return [] }
        var report = term.report
        report.isOver = isOver
        report.lasted = term.began.duration(to: now).wholeMilliseconds
        return [.report(report)]
    }
}
