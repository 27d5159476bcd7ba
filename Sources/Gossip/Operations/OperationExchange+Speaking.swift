import Primitives

/// Sending: questions and wishes first, then offers, then what others want, each at its pace.
extension OperationExchange {
    /// Says what waits to be said, as far as the pace allows.
    mutating func speak(at now: Instant) {
        speakAt = nil
        for peer in pending.sorted() {
            guard var link = links[peer] else {
                pending.remove(peer)
                continue
            }
            var messages: [LinkMessage] = []
            while link.hasNews, link.sending.holds(at: now) {
                guard let message = next(&link) else { break }
                _ = link.sending.take(at: now)
                messages.append(message)
            }
            if link.hasNews {
                let next = link.sending.next(at: now)
                speakAt = min(speakAt ?? next, next)
            } else {
                pending.remove(peer)
            }
            links[peer] = link
            if !messages.isEmpty { act(.send(messages, to: peer)) }
        }
    }

    /// The next message for a link; `nil` if what waited is void by now.
    private func next(_ link: inout ExchangeLink) -> LinkMessage? {
        if !link.toAsk.isEmpty || !link.toWant.isEmpty {
            let operations = Array(link.toAsk.prefix(16))
            let digests = Array(link.toWant.prefix(32))
            link.toAsk.removeFirst(operations.count)
            link.toWant.removeFirst(digests.count)
            guard let questions = SSZList<Digest, 16>(operations), let wishes = SSZList<Digest, 32>(digests)
            else { return nil }
            let want = OperationWant(operations: questions, digests: wishes)
            return LinkMessage(.operationWant, body: want.sszBytes)
        }
        var names: [ItemName] = []
        while names.count < 128, let name = link.toOffer.popFirst() {
            link.isToOffer.remove(name)
            if held[name.digest]?.name == name { names.append(name) }
        }
        guard let list = SSZList<ItemName, 128>(names), !names.isEmpty else { return nil }
        return LinkMessage(.operationOffer, body: OperationOffer(list).sszBytes)
    }

    /// Sends what is wanted, to each link in turn.
    mutating func serve(at now: Instant) {
        serveAt = nil
        // So many links in a row whose own pace lets nothing be sent.
        var idle = 0
        while serving.holds(at: now), idle < hungry.count, let peer = hungry.popFirst() {
            guard var link = links[peer], !link.serving.isEmpty else {
                isHungry.remove(peer)
                continue
            }
            if link.servingBudget.holds(at: now) {
                idle = 0
                send(batch(&link), to: peer, &link, at: now)
            } else {
                idle += 1
            }
            links[peer] = link
            if link.serving.isEmpty {
                isHungry.remove(peer)
            } else {
                hungry.append(peer)
            }
        }
        guard !hungry.isEmpty else { return }
        let first = isHungry.compactMap { links[$0]?.servingBudget.next(at: now) }.min() ?? now
        serveAt = max(first, serving.next(at: now))
    }

    /// The items that go into one message; none if those that were wanted are held no more.
    private func batch(_ link: inout ExchangeLink) -> [[UInt8]] {
        var items: [[UInt8]] = []
        // The offset of the list, and one for each item.
        var size = 4
        while items.count < 16, let digest = link.serving.first {
            if let item = held[digest] {
                size += 4 + item.bytes.count
                guard size <= MessageType.operationItems.bodyLimit else { break }
                items.append(item.bytes)
            }
            _ = link.serving.popFirst()
            link.isServing.remove(digest)
        }
        return items
    }

    private mutating func send(
        _ items: [[UInt8]],
        to peer: Identity,
        _ link: inout ExchangeLink,
        at now: Instant
    ) {
        guard !items.isEmpty,
            let list = SSZList<ByteList<65_536>, 16>(items.compactMap { ByteList<65_536>($0) })
        else { return }
        let message = LinkMessage(.operationItems, body: OperationItems(list).sszBytes)
        link.servingBudget.overdraw(message.body.count, at: now)
        serving.overdraw(message.body.count, at: now)
        act(.count(.served, items.count))
        act(.send([message], to: peer))
    }
}
