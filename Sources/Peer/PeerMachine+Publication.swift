import Consensus
import Cryptography
import Gossip
import Primitives

/// What operators have their members say.
extension PeerMachine {
    /// How many publications of one member people are told of at once, and how long the next one takes to be told;
    /// all of them stand in the log.
    static let heraldPace = TokenBucket(interval: .seconds(8), burst: 16)

    /// Says what the operator wants said, or refuses.
    mutating func publish(_ request: PublicationRequest, at now: Instant) {
        let elapsed = now.sinceStart.wholeMilliseconds
        let wallTime = UnixMilliseconds(rawValue: setting.wallTimeAtStart.rawValue &+ elapsed)
        guard let body = desk.take(request, wallTime: wallTime, at: now) else { return }
        steps.append(.gossip(.entryComposed(.publication, body: body)))
    }

    /// What has become of a request; `nil` when it is not remembered.
    package func publication(_ ticket: UInt64) -> PublicationState? { desk.state(of: ticket) }

    /// How many members have an entry of this member's log on disk, this one among them, as far as it is known.
    package func holders(of sequence: UInt64) -> Int { gossip.holders(ofOwn: sequence) }

    /// Notes the place of what this member has said.
    mutating func noteSaid(_ delivered: DeliveredEntry) {
        guard delivered.entry.topic == LogTopic.publication.rawValue,
            delivered.identity == setting.identity
        else { return }
        desk.said(delivered.entry.body.bytes, delivered.sequence, delivered.object.hashTreeRoot())
    }

    /// Tells people of a member's publication, unless they were told of many of its just now.
    mutating func herald(_ delivered: DeliveredEntry, at now: Instant) {
        guard delivered.entry.topic == LogTopic.publication.rawValue,
            let publication = try? Publication(ssz: delivered.entry.body.bytes),
            epoch?.heralds[delivered.author, default: Self.heraldPace].take(at: now) == true
        else { return }
        out.append(
            .notice(
                .published(
                    by: delivered.author,
                    sequence: delivered.sequence,
                    title: publication.title,
                    size: publication.content.bytes.count
                )
            )
        )
    }
}
