import FuzzDriver

/// What is parsed without a socket, a disk or a library of others.
@main struct Fuzz {
    static func main() {
        FuzzProgram.run([
            FuzzTarget(name: "ssz", run: fuzzSSZ),
            FuzzTarget(name: "frames", run: fuzzFrames),
            FuzzTarget(name: "records", run: fuzzRecords),
            FuzzTarget(name: "handshake", run: fuzzHandshake),
            FuzzTarget(name: "rlp", run: fuzzRLP),
            FuzzTarget(name: "abi", run: fuzzABI),
            FuzzTarget(name: "json", run: fuzzJSON),
            FuzzTarget(name: "rpc", run: fuzzRPC),
            FuzzTarget(name: "bls", run: fuzzBLS),
        ])
    }
}
