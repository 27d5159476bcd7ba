import Primitives

/// Appending to the node's own log.
extension LogMachine {
    /// Appends an entry, or lets it wait while neighbours hold more of this node's own log than the node does.
    ///
    /// That happens when the node has lost its last writes: to append at once would be to sign a second history.
    mutating func append(_ topic: LogTopic, _ body: [UInt8], at now: Instant, _ out: inout Outbox) {
        guard ByteList<32_704>(body) != nil else { return refuse(topic, body, .tooLong, &out) }
        guard book[own].fork == nil else { return refuse(topic, body, .forked, &out) }
        guard book[own].epoch <= committee.epoch else { return refuse(topic, body, .laterEpoch, &out) }
        guard waitingEntries.count < Self.waitingEntriesLimit else {
            return refuse(topic, body, .tooMany, &out)
        }
        waitingEntries.append(WaitingEntry(topic: topic, body: body))
        appendWaiting(at: now, &out)
    }

    private func refuse(_ topic: LogTopic, _ body: [UInt8], _ refusal: EntryRefusal, _ out: inout Outbox) {
        out.count(.entryRefused(refusal))
        out.deliver(.entryRefused(topic, body: body, refusal))
    }

    /// Appends the entries that wait, unless they have to wait on.
    mutating func appendWaiting(at now: Instant, _ out: inout Outbox) {
        guard !waitingEntries.isEmpty else { return }
        guard book[own].fork == nil else {
            for entry in waitingEntries { refuse(entry.topic, entry.body, .forked, &out) }
            waitingEntries = []
            return
        }
        // To append below what it has been would be to sign a second history.
        guard book[own].accepted.sequence >= max(ownFloor, book[own].attestedSize) else { return }
        guard !pulls.isBehind(own, held: book[own].accepted.sequence, links: links, at: now) else { return }
        while book[own].hasRoomToStore, !waitingEntries.isEmpty {
            store(waitingEntries.removeFirst(), &out)
        }
    }

    private mutating func store(_ waiting: WaitingEntry, _ out: inout Outbox) {
        guard
            let body = ByteList<32_704>(waiting.body),
            let payload = ByteList<32_768>(
                LogEntry(previous: book[own].accepted.digest, topic: waiting.topic.rawValue, body: body)
                    .sszBytes
            )
        else { return refuse(waiting.topic, waiting.body, .tooLong, &out) }
        let object = Object(
            epoch: committee.epoch,
            author: own,
            kind: .logEntry,
            order: Order(incarnation: 0, sequence: book[own].next),
            payload: payload
        )
        let entry = signatures.sign(object, in: domains)
        book[own].append(entry)
        persist([entry], of: own, &out)
    }
}
