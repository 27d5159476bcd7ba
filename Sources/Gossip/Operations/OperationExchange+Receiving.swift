import Primitives

/// Taking what peers send.
extension OperationExchange {
    mutating func receive(_ message: LinkMessage, from peer: Identity, at now: Instant) {
        guard links[peer] != nil else { return act(.count(.endedLink, 1)) }
        if let offence = dispatch(message, from: peer, at: now) { offend(peer, offence, at: now) }
    }

    private mutating func dispatch(
        _ message: LinkMessage,
        from peer: Identity,
        at now: Instant
    ) -> OperationOffence? {
        // Items are limited by the wishes that are open.
        let isSolicited = message.type == .operationItems
        guard isSolicited || links[peer]?.receiving.take(at: now) ?? false else { return .flood }
        do throws(SSZError) {
            switch message.type {
            case .operationOffer:
                return take(try OperationOffer(ssz: message.body), from: peer, at: now)
            case .operationWant:
                return take(try OperationWant(ssz: message.body), from: peer, at: now)
            case .operationItems:
                return take(try OperationItems(ssz: message.body), from: peer, at: now)
            default:
                return .misplaced(message.type)
            }
        } catch {
            return .malformed(message.type)
        }
    }

    // MARK: Offers

    private mutating func take(
        _ offer: OperationOffer,
        from peer: Identity,
        at now: Instant
    ) -> OperationOffence? {
        guard !offer.items.isEmpty, offer.items.allSatisfy(\.isPossible) else {
            return .malformed(.operationOffer)
        }
        var unknown = 0
        for name in offer.items {
            guard operations[name.operation]?.peers.contains(peer) ?? false else {
                unknown += 1
                // Nothing is held for it, but that is how somebody who takes part learns that there is something to open.
                if name.kind == .order, operations[name.operation] == nil { act(.vouched(name, by: peer)) }
                continue
            }
            if let offence = note(name, of: peer, at: now) { return offence }
            // Trouble with another of its names may have ended the link.
            guard links[peer] != nil else { return nil }
        }
        if unknown > 0 { act(.count(.unknownOperation, unknown)) }
        return nil
    }

    private mutating func note(_ name: ItemName, of peer: Identity, at now: Instant) -> OperationOffence? {
        var item = operations[name.operation]?.offered[name] ?? LiveOperation.Offered()
        guard item.standing != .isFalse else { return .falseItem }
        if !item.offerers.contains(peer) {
            let count = operations[name.operation]?.counts[peer] ?? 0
            guard count < limits.itemsPerOperation else { return .tooManyItems }
            if held[name.digest]?.name == name { item.standing = .held }
            item.offerers.append(peer)
            operations[name.operation]?.offered[name] = item
            operations[name.operation]?.counts[peer] = count + 1
            act(.vouched(name, by: peer))
        }
        seek(name, at: now)
        return nil
    }

    // MARK: Wishes

    private mutating func take(
        _ want: OperationWant,
        from peer: Identity,
        at now: Instant
    ) -> OperationOffence? {
        guard !want.operations.isEmpty || !want.digests.isEmpty else { return .malformed(.operationWant) }
        for operation in want.operations {
            guard links[peer]?.repeating.take(at: now) ?? false else { return .flood }
            guard let live = operations[operation], live.peers.contains(peer) else { continue }
            for item in live.own { links[peer]?.offer(item.name) }
            pending.insert(peer)
        }
        var unheld = 0
        for digest in want.digests {
            guard let name = held[digest]?.name, operations[name.operation]?.peers.contains(peer) ?? false,
                links[peer].map({ $0.serving.count < limits.unansweredWants }) ?? false
            else {
                unheld += 1
                continue
            }
            if links[peer]?.isServing.insert(digest).inserted ?? false { links[peer]?.serving.append(digest) }
            if isHungry.insert(peer).inserted { hungry.append(peer) }
        }
        if unheld > 0 { act(.count(.unheldWant, unheld)) }
        return nil
    }

    // MARK: Items

    private mutating func take(
        _ message: OperationItems,
        from peer: Identity,
        at now: Instant
    ) -> OperationOffence? {
        guard !message.items.isEmpty else { return .malformed(.operationItems) }
        for item in message.items {
            if let offence = take(item.bytes, from: peer, at: now) { return offence }
            guard links[peer] != nil else { return nil }
        }
        return nil
    }

    private mutating func take(
        _ bytes: [UInt8],
        from peer: Identity,
        at now: Instant
    ) -> OperationOffence? {
        let digest = SHA256.hash(bytes)
        guard let name = links[peer]?.asked[digest] ?? links[peer]?.late[digest]?.name else {
            guard links[peer]?.forgiven[digest] != nil else { return .notWanted }
            links[peer]?.forgiven.remove(digest)
            act(.count(.lateItem, 1))
            return nil
        }
        guard bytes.count == Int(name.bytes) else { return .wrongLength }
        links[peer]?.asked[digest] = nil
        links[peer]?.late[digest] = nil
        links[peer]?.lateness = 0
        if let item = operations[name.operation]?.offered[name], item.standing == .lacking {
            settle(name, at: now)
            act(.deliver(OperationItem(proven: name, bytes), from: peer))
        } else {
            act(.count(.lateItem, 1))
        }
        refill(peer, at: now)
        return nil
    }
}
