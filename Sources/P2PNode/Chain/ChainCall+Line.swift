internal import Cryptography
internal import Ethereum
internal import KeyOperations
internal import Logging
internal import Primitives

extension ChainCall {
    /// What the call is for, as it stands in a sentence.
    var sentenceName: String {
        switch self {
        case .registry(.elect(let election, _)): "the election of view \(election.view)"
        case .registry(.registerGroupKey(let key, _)): "the group key of epoch \(key.epoch)"
        case .registry(.rotate(let key, _)): "the rotation to epoch \(key.epoch)"
        case .registry(.anchorProof(let anchor, _)): "anchor \(anchor.number) of the members' logs"
        case .report(let call):
            switch call.deed {
            case .creation(let index): "validator \(index) of request \(call.request)"
            case .fulfilment: "what was done for request \(call.request)"
            case .failure: "the failure of request \(call.request)"
            }
        }
    }

    /// The same for programs.
    var metadata: Logger.Metadata {
        switch self {
        case .registry(.elect(let election, _)):
            [
                "call": "elect", "epoch": "\(election.epoch)", "view": "\(election.view)",
                "leader": "\(election.leader.checksummed)",
            ]
        case .registry(.registerGroupKey(let key, _)): ["call": "registerGroupKey", "epoch": "\(key.epoch)"]
        case .registry(.rotate(let key, _)): ["call": "rotate", "epoch": "\(key.epoch)"]
        case .registry(.anchorProof(let anchor, _)):
            [
                "call": "anchorProof", "epoch": "\(anchor.epoch)", "number": "\(anchor.number)",
                "root": "\(anchor.root)",
            ]
        case .report(let call):
            [
                "call": "report", "epoch": "\(call.epoch)", "request": "\(call.request)",
                "deed": "\(call.deed)",
            ]
        }
    }
}
