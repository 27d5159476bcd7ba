import Gossip
import KeyOperations
import Primitives

/// What operators say, and what logs carry of it.
extension OverseerMachine {
    /// Takes an item that an operator has brought.
    mutating func take(_ item: OperationItem, from _: Identity, at now: Instant) {
        guard item.name.kind == .message, let signed = try? SignedOperatorMessage(ssz: item.bytes),
            signed.message.attempt == item.name.operation
        else { return act(.convict(item.name)) }
        switch fold(signed, item.bytes, at: now) {
        case .foreign?: act(.convict(item.name))
        case .fresh?:
            guard let committee, let view, let own = committee.index(of: setting.identity) else { break }
            let rank = committee.rank(of: own, in: view)
            carriage.add(item.name.digest, item.bytes, due: now.advanced(by: setting.carryDelay * rank))
        case .known?, nil: break
        }
    }

    /// Reads what a member's log says about operations.
    mutating func heed(_ author: Identity, _ topic: LogTopic, _ body: [UInt8], at now: Instant) {
        switch topic {
        case .operationOrder:
            guard let order = try? OrderedPlan(ssz: body) else { return }
            hear(order, from: author, at: now)
        case .carriedMessage:
            guard let signed = try? SignedOperatorMessage(ssz: body) else { return }
            _ = carriage.isCarried(SHA256.hash(body))
            if fold(signed, body, at: now) == nil { _ = strays.add(signed, from: author) }
        default: break
        }
    }

    /// Counts a message in its attempt; `nil` when there is none.
    private mutating func fold(
        _ signed: SignedOperatorMessage,
        _ bytes: [UInt8],
        at now: Instant
    ) -> OperatorMessageReception? {
        let id = signed.message.attempt
        if var recalled = recalls[id] {
            let reception = recalled.take(signed, with: verifier)
            recalls[id] = recalled
            if let result = recalled.result { note(result, id) }
            return reception
        }
        guard let (request, number) = places[id], var attempt = works[request]?.attempts[number] else {
            return nil
        }
        let guiltyBefore = attempt.fold.guilty
        let reception = attempt.fold.take(signed, with: verifier)
        guard reception == .fresh else { return reception }
        if attempt.fold.awaited != attempt.awaited || attempt.fold.result != nil && !attempt.isComplete {
            attempt.awaited = attempt.fold.awaited
            attempt.progress = now
        }
        works[request]?.attempts[number] = attempt
        if let step = OperatorStep(rawValue: signed.message.step) {
            tell(.said(id, OperatorID(signed.message.author), step))
        }
        for (one, fault) in attempt.fold.guilty.sorted(by: { $0.key < $1.key }) where guiltyBefore[one] == nil
        {
            works[request]?.guilty.insert(one)
            works[request]?.suspects.insert(one)
            tell(.guilty(id, one, fault))
        }
        // The others learn of it from here: operators have no links to one another.
        if let item = OperationItem(of: id, .message, bytes) { act(.offer([item])) }
        return reception
    }

    /// Counts what logs had carried of an attempt before its order came.
    mutating func foldStrays(of id: Digest, at now: Instant) {
        for signed in strays.remove(id) { _ = fold(signed, signed.sszBytes, at: now) }
    }

    /// Says in the own log what nobody else has said in time.
    mutating func carry(at now: Instant) {
        for message in carriage.due(at: now) { act(.append(.carriedMessage, message)) }
    }
}
