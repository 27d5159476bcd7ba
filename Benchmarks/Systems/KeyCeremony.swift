import Cryptography
import Primitives
import Support

/// How long a group key takes whose members all deal, with all their work on this machine's one core.
///
/// Every member checks every deal, opens its shares and makes its own; nothing is sent.
@Sendable
func ceremony() throws -> [Figure] {
    try [(3, 4), (7, 10), (67, 100)].map { threshold, size in
        let begun = processorTime()
        let ceremony = try Ceremony(threshold: threshold, size: size, allDeal: true)
        let deals = try ceremony.deals()
        let dealt = processorTime() - begun
        for member in ceremony.session.members { _ = try ceremony.outcome(of: deals, for: member) }
        let whole = processorTime() - begun
        return Figure(
            name: "key ceremony (\(threshold), \(size)), all members on one core",
            value: "\(whole.shown), of it dealing \(dealt.shown); \((whole / size).shown) a member"
        )
    }
}
