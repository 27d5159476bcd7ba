import Cryptography
import Primitives

/// A list that a member has proposed.
struct ProposedList: Hashable, Sendable {
    /// What has come of comparing it.
    enum Standing: Hashable, Sendable {
        /// It was not looked at since something has changed.
        case open
        /// It names more of this log than the own copy has.
        case waiting(MemberIndex, size: UInt64)
        /// It is held to be true, or was.
        case endorsed
        /// It will never be held to be true.
        case refused
    }

    let list: AttestedLogs
    var standing = Standing.open
}

/// A list that is held to be true.
struct EndorsedList: Hashable, Sendable {
    let author: MemberIndex
    let list: AttestedLogs
    let statement: ProofAnchorStatement
    let since: Instant
}

/// A list whose root is on the chain; the list itself as far as it is known here.
struct AnchoredList: Hashable, Sendable {
    let number: UInt64
    let root: Digest
    var list: AttestedLogs?
}

// MARK: - What is known

extension AttestationMachine {
    mutating func stands(_ checkpoint: Checkpoint) {
        let committee = setting.committee
        guard checkpoint.epoch == committee.epoch, committee.contains(checkpoint.author) else { return }
        copies[checkpoint.author.offset].note(checkpoint)
        for (author, proposal) in proposals {
            if case .waiting(checkpoint.author, let size) = proposal.standing, size <= checkpoint.size {
                proposals[author]?.standing = .open
            }
        }
    }

    mutating func anchored(
        _ number: UInt64,
        _ root: Digest,
        at now: Instant,
        into actions: inout [Action]
    ) {
        // No contract that counts by one comes to the last number; an endpoint that lies may name it.
        guard number < .max else { return }
        if let newest = anchors.last, number <= newest.number {
            guard number == newest.number, root != newest.root else { return }
            anchors.removeLast()
        }
        anchors.append(AnchoredList(number: number, root: root, list: list(number, root)))
        if anchors.count > Self.anchorLimit { anchors.removeFirst() }
        lastRound = now
        signed = signed.filter { $0.key > number }
        retract(into: &actions) { $0.list.number <= number }
        lookAgain()
    }

    mutating func unanchored(_ number: UInt64) {
        guard let newest = anchors.last, newest.number >= number else { return }
        let oldest = anchors.first { $0.number >= number }
        anchors.removeAll { $0.number >= number }
        // What was before is known from the list that named it.
        if anchors.isEmpty, let list = oldest?.list, oldest?.number == number {
            anchors = [AnchoredList(number: number - 1, root: list.previous)]
        }
        lookAgain()
    }

    mutating func signed(
        _ number: UInt64,
        _ root: Digest,
        at now: Instant,
        into actions: inout [Action]
    ) {
        retract(into: &actions) { $0.statement.number == number && $0.statement.root == root }
        guard number > anchors.last?.number ?? 0, signed.count < Self.anchorLimit else { return }
        if signed[number] == nil { signed[number] = now }
    }

    mutating func convict(_ member: MemberIndex, into actions: inout [Action]) {
        guard convicted.insert(member).inserted else { return }
        retract(into: &actions) { $0.list[member] != nil }
        lookAgain()
    }

    /// The list of a number and root, if it was proposed here.
    private func list(_ number: UInt64, _ root: Digest) -> AttestedLogs? {
        if let known = endorsed.first(where: { $0.statement.number == number && $0.statement.root == root }) {
            return known.list
        }
        return proposals.values.first { $0.list.number == number && $0.list.hashTreeRoot() == root }?.list
    }

    /// Lists that waited for something else than entries are looked at once more.
    private mutating func lookAgain() {
        for author in proposals.keys where proposals[author]?.standing != .refused {
            if proposals[author]?.standing != .endorsed { proposals[author]?.standing = .open }
        }
    }

    private mutating func retract(into actions: inout [Action], where isOver: (EndorsedList) -> Bool) {
        for list in endorsed where isOver(list) { actions.append(.retract(list.statement)) }
        endorsed.removeAll(where: isOver)
    }
}

// MARK: - What members hold to be true

extension AttestationMachine {
    /// Takes a list from its author's log.
    mutating func take(_ list: AttestedLogs, by author: MemberIndex, into actions: inout [Action]) {
        guard setting.committee.contains(author) else { return }
        guard list.isSound(for: setting.committee) else {
            return actions.append(.penalize(author, .unsoundList))
        }
        proposals[author] = ProposedList(list: list)
    }

    /// When the leader's list is taken up, while an earlier one of it is too new to be replaced; `nil` if nothing waits.
    var takingUpDue: Instant? {
        guard let (_, leader) = openList, let earlier = endorsed.first(where: { $0.author == leader }) else {
            return nil
        }
        return earlier.since.advanced(by: setting.interval / 2)
    }

    /// The leader's list, if it is the next and to be compared with the own copies.
    private var openList: (list: AttestedLogs, author: MemberIndex)? {
        guard let leader, hasKey, let newest = anchors.last, let proposal = proposals[leader],
            proposal.standing == .open, proposal.list.number == newest.number + 1
        else { return nil }
        return (proposal.list, leader)
    }

    /// Compares the leader's list with the own copies, if there is something new in one or the other.
    mutating func judge(at now: Instant, into actions: inout [Action]) {
        guard let (list, leader) = openList, let newest = anchors.last else { return }
        if let due = takingUpDue, due > now { return }
        let standing = standing(of: list, after: newest)
        proposals[leader]?.standing = standing
        guard standing == .endorsed else { return }
        retract(into: &actions) { $0.author == leader }
        let statement = ProofAnchorStatement(
            epoch: list.epoch,
            number: list.number,
            root: list.hashTreeRoot()
        )
        endorsed.append(EndorsedList(author: leader, list: list, statement: statement, since: now))
        if endorsed.count > Self.endorsedLimit { actions.append(.retract(endorsed.removeFirst().statement)) }
        lastRound = now
        actions.append(.endorse(statement))
    }

    /// What comes of a list of the next number.
    private mutating func standing(
        of list: AttestedLogs,
        after newest: AnchoredList
    ) -> ProposedList.Standing {
        guard list.previous == newest.root else {
            refusals.otherPrevious += 1
            return .refused
        }
        var waiting: ProposedList.Standing?
        for log in list.logs {
            guard !convicted.contains(log.author) else {
                refusals.convicted += 1
                return .refused
            }
            switch copies[log.author.offset].compare(log) {
            case .same: break
            case .ahead: waiting = waiting ?? .waiting(log.author, size: log.size)
            case .other:
                refusals.otherLog += 1
                return .refused
            case .forgotten:
                refusals.forgotten += 1
                return .refused
            }
        }
        if let waiting { return waiting }
        if let before = newest.list, before.epoch == list.epoch {
            let isShorter = before.logs.contains { log in
                !convicted.contains(log.author) && list[log.author].map { $0.size < log.size } ?? true
            }
            guard !isShorter else {
                refusals.shorter += 1
                return .refused
            }
        }
        return .endorsed
    }
}

// MARK: - What the leader does

extension AttestationMachine {
    /// Whether a log has grown since the last list by something else than attesting.
    var owesList: Bool {
        let covered = anchors.last?.list
        return setting.committee.indices.contains { author in
            guard !convicted.contains(author), let log = copies[author.offset].newest else { return false }
            let size = covered?[author]?.size ?? 0
            return worthy[author.offset] > size && log.size > size
        }
    }

    /// When this node is to propose the next list; `nil` while it has not to.
    var proposalDue: Instant? {
        guard hasKey, leader == setting.member, let newest = anchors.last, owesList else { return nil }
        let round = lastRound.advanced(by: setting.interval)
        guard let since = signed[newest.number + 1] else { return round }
        return max(round, since.advanced(by: setting.interval * Self.patience))
    }

    mutating func propose(at now: Instant, into actions: inout [Action]) {
        guard let newest = anchors.last else { return }
        let committee = setting.committee
        let logs = committee.indices.compactMap { author in
            convicted.contains(author) ? nil : copies[author.offset].newest
        }
        guard let logs = SSZList<Checkpoint, 128>(logs) else { return }
        lastRound = now
        let list = AttestedLogs(
            epoch: committee.epoch,
            number: newest.number + 1,
            previous: newest.root,
            logs: logs
        )
        actions.append(.propose(list))
    }
}
