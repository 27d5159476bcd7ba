import FuzzDriver

/// What a node reads from its operator's files and its own.
@main struct FuzzNode {
    static func main() {
        FuzzProgram.run([
            FuzzTarget(name: "configuration", run: fuzzConfiguration),
            FuzzTarget(name: "files", run: fuzzFiles),
            FuzzTarget(name: "database", run: fuzzDatabase),
        ])
    }
}
