/// One thing that takes bytes from outside, and what must hold whatever they are.
package struct FuzzTarget: Sendable {
    /// The name on the command line, and of the corpus.
    let name: String
    /// Takes one input; traps when something does not hold.
    let run: @Sendable ([UInt8]) -> Void

    /// A target of that name.
    package init(name: String, run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.run = run
    }
}

/// The first byte, which says how the rest is to be taken; `nil` when there is none.
package func selected(_ bytes: [UInt8]) -> (selector: Int, rest: [UInt8])? {
    guard let first = bytes.first else { return nil }
    return (Int(first), Array(bytes.dropFirst()))
}
