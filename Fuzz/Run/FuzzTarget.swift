/// One thing that takes bytes from outside, and what must hold whatever they are.
struct FuzzTarget: Sendable {
    /// The name on the command line, and of the corpus.
    let name: String
    /// Takes one input; traps when something does not hold.
    let run: @Sendable ([UInt8]) -> Void

    /// All of them.
    static let all = [
        FuzzTarget(name: "ssz", run: fuzzSSZ),
        FuzzTarget(name: "frames", run: fuzzFrames),
        FuzzTarget(name: "records", run: fuzzRecords),
        FuzzTarget(name: "handshake", run: fuzzHandshake),
        FuzzTarget(name: "rlp", run: fuzzRLP),
        FuzzTarget(name: "abi", run: fuzzABI),
        FuzzTarget(name: "json", run: fuzzJSON),
        FuzzTarget(name: "rpc", run: fuzzRPC),
        FuzzTarget(name: "bls", run: fuzzBLS),
    ]
}

/// The first byte, which says how the rest is to be taken; `nil` when there is none.
func selected(_ bytes: [UInt8]) -> (selector: Int, rest: [UInt8])? {
    guard let first = bytes.first else { return nil }
    return (Int(first), Array(bytes.dropFirst()))
}
